//! A guest reads the agenda by a link and a code; the young person sees that, and closes the link.

use anyhow::{Result, ensure};
use serde_json::json;

use super::both::sharing;
use crate::driver::Engine;
use crate::guests::{make_link, reflect, show_code};
use crate::world::World;

const POINT: &str = "Jeg vil gerne på en anden skole";

pub fn play(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let (staff, young) = sharing(&world, &world.server.origin(), &world.proxy.origin(), &[POINT])?;
    young.write_all("/moede/m_ikke", &["Skjult emne"])?;
    young.wait_until_sent()?;

    young.goto("/moede")?;
    let [link, code] = make_link(&young, "En fra skolen")?;
    young.browser.wait_for_text("Ikke åbnet endnu")?;

    let guest = world.open_other("guest")?;
    guest.goto(&link)?;
    show_code(&guest, "AAAAA-AAAAA")?;
    guest.wait_for_text("Koden passer ikke til linket")?;
    show_code(&guest, &code.to_lowercase())?;
    guest.wait_for_text(POINT)?;
    ensure!(!guest.text()?.contains("Skjult"), "a guest reads what is not to be talked about");
    let kept = "const done = arguments[arguments.length - 1];
        (async () => done([document.cookie, localStorage.length, sessionStorage.length,
          (await indexedDB.databases?.() ?? []).length, (await navigator.serviceWorker.getRegistrations()).length]))()";
    let kept = guest.execute_async(kept, &[])?;
    ensure!(kept == json!(["", 0, 0, 0, 0]), "something is kept at the guest's: {kept}");

    guest.click_text("Send svarene")?;
    guest.wait_for_text("Svar på alle tre spørgsmål.")?;
    reflect(&guest, ["yes", "partly", "yes"])?;

    young.goto("/moede/efter")?;
    young.browser.wait_for_text("En gæst")?;
    young.goto("/moede")?;
    young.browser.wait_for_text("Åbnet")?;
    young.browser.click_text("Luk linket til: En fra skolen")?;
    young.browser.wait_for_text("Linket er lukket")?;
    ensure!(!young.browser.text()?.contains(&code), "the code is shown again");
    guest.reload()?;
    show_code(&guest, &code)?;
    guest.wait_for_text("linket er lukket")?;
    ensure!(!guest.text()?.contains(POINT), "the agenda is read after the end");
    guest.close()?;
    young.browser.close()?;
    staff.browser.close()
}
