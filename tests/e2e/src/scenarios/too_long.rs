//! A text that is too long is refused in plain words, never cut, and stays until it fits or is let go of.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::driver::Engine;
use crate::world::World;
use crate::young::Young;

/// What a text may have, and one more.
const MOST: usize = 4_000;
const REFUSED: &str = "Den har 4.001 tegn, og der er plads til 4.000.";
const REFUSED_MORE: &str = "Den har 4.002 tegn, og der er plads til 4.000.";
const UNFINISHED: &str = "Det her er ikke gemt endnu.";
const FIELD: &str = ".troubles textarea";

pub fn play(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan/g_tegn")?;
    young.wait_for_sheet()?;
    let long = "å".repeat(MOST + 1);
    young.set_field("dialog .composer textarea", &long)?;
    young.browser.wait_for_text(REFUSED)?;
    young.browser.wait_for_text("Ikke gemt endnu")?;
    check_field(&young, "dialog .composer textarea", &long)?;
    ensure!(young.entries()?.is_empty(), "something was kept of a text that was refused");
    // Somebody goes on writing before they notice.
    let long = long + "b";
    young.set_field("dialog .composer textarea", &long)?;
    young.browser.wait_for_text(REFUSED_MORE)?;

    // The sheet is closed, something else is written in the same place, and the app is closed: the words are still there.
    young.close_sheet()?;
    young.browser.wait_for_text(UNFINISHED)?;
    check_field(&young, FIELD, &long)?;
    young.write_all("/plan/g_tegn", &["Noget andet"])?;
    check_field(&young, FIELD, &long)?;
    young.browser.reload()?;
    young.browser.wait_for_text(UNFINISHED)?;
    check_field(&young, FIELD, &long)?;
    young.browser.click_text("Prøv igen")?;
    young.browser.wait_for_text(REFUSED_MORE)?;
    // What is begun in the notice goes along to the next page.
    let long = long.replace('b', "c");
    young.set_field(FIELD, &long)?;
    young.tap("/om-mig")?;
    check_field(&young, FIELD, &long)?;

    let short = &long[..MOST * "å".len()];
    young.set_field(FIELD, short)?;
    young.browser.click_text("Prøv igen")?;
    young.browser.wait_until("the notice to go", &format!("return !document.querySelector('{FIELD}')"))?;
    young.open_sheet("/plan/g_tegn")?;
    young.wait_for_entries(&["Noget andet", short])?;
    young.browser.reload()?;
    young.wait_for_sheet()?;
    young.wait_for_entries(&["Noget andet", short])?;
    young.browser.close()
}

fn check_field(young: &Young, css: &str, text: &str) -> Result<()> {
    let same = format!("return document.querySelector('{css}')?.value === {}", json!(text));
    young.browser.wait_until("the whole text in the field", &same).map(drop)
}
