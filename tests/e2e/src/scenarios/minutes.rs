//! The agenda and the minutes on paper, without a network: what stands on them, what does not, and that they reach the printer and
//! a file.

use anyhow::{Result, ensure};
use serde_json::json;

use super::both::sharing;
use crate::driver::Engine;
use crate::shots::{SCHEMES, set_language, set_screen};
use crate::world::World;
use crate::young::{Young, wait_for_worker};

const POINT: &str = "Jeg vil hjem i weekenden";
const REASON: &str = "Vi taler med din mor først.";
const AGREED: &str = "Jeg ringer til mor";
const UNSPOKEN: &str = "Det, der skete i sommer";
const OF_THE_PLAN: &str = "Koldt vand på hænderne";
const HOW: &str = "Jeg fik sagt det hele";
const ENTER: &str = "\u{e007}";

pub fn play(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    let (staff, young) = sharing(&world, &world.server.origin(), &world.proxy.origin(), &[POINT])?;
    young.write_all("/plan/r_nu", &[OF_THE_PLAN])?;
    young.write_all("/moede/m_ikke", &[UNSPOKEN])?;
    young.set_field("input[name=date]", "2030-12-06")?;
    young.set_field("input[name=time]", "14:30")?;
    young.browser.click_text("En anden læser det op")?;
    staff.read()?;
    for text in [POINT, "fredag 6. december", "En anden læser det op"] {
        staff.wait_for_words(text)?;
    }
    staff.begin_answer("no", REASON)?;
    staff.send_answer()?;
    young.browser.wait_for_text(REASON)?;
    wait_for_worker(&young.browser)?;
    world.proxy.down();
    agenda(&young)?;
    minutes(&young)?;
    if engine == Engine::Chromium {
        on_paper(&young)?;
    }
    young.browser.close()?;
    staff.browser.close()
}

/// By keyboard; the browser's own dialog would wait for somebody.
fn print(young: &Young) -> Result<()> {
    let stub = "window.printed = 0; window.print = () => { window.printed += 1; };";
    young.browser.execute(stub, &[])?;
    young.browser.find_text("Print")?;
    young.browser.execute("document.querySelector('main > .decide .primary').focus()", &[])?;
    young.browser.keys(ENTER)?;
    young.browser.wait_until("the printer", "return window.printed === 1").map(drop)
}

fn agenda(young: &Young) -> Result<()> {
    young.goto("/moede")?;
    young.browser.click_text("Dagsorden på papir")?;
    young.wait_for_paper("Dagsorden: Mit Møde")?;
    let there = ["fredag 6. december 2030 kl. 14.30", POINT, "En anden læser det op"];
    young.check_paper(&there, &[UNSPOKEN, OF_THE_PLAN, REASON])?;
    print(young)?;
    young.browser.click_css("input[name=unspoken]")?;
    young.wait_for_paper(UNSPOKEN)?;
    young.browser.click_css("input[name=unspoken]")?;
    let gone = format!("return !document.querySelector('.paper').innerText.includes({})", json!(UNSPOKEN));
    young.browser.wait_until("what is not to be talked about to go", &gone)?;
    young.browser.click_text("Tilbage")?;
    young.browser.wait_until("the meeting", "return location.pathname === '/moede'").map(drop)
}

fn minutes(young: &Young) -> Result<()> {
    young.goto("/moede/efter")?;
    young.agree("/moede/efter", [AGREED, "", "2030-12-20"])?;
    young.browser.click_css("input[name=heard][value=partly]")?;
    young.set_field("main textarea", HOW)?;
    young.leave_field()?;
    young.browser.click_text("Referat")?;
    young.wait_for_paper("Referat: Mit Møde")?;
    let said = [POINT, "Nej.", REASON, "Sara Holm, Bostedet Lindely", AGREED, "20. december 2030"];
    young.check_paper(&said, &[UNSPOKEN, OF_THE_PLAN, HOW, "Blev jeg hørt?", "Deltagere"])?;
    print(young)?;

    // Under the headings that adults know it says the same.
    young.browser.click_text("Dem, de voksne bruger i deres planer")?;
    young.wait_for_paper("Deltagere")?;
    let headings = ["Formål", "Aktuel situation", "Ønsker og mål", "Aftaler", "Opfølgning"];
    young.check_paper(&headings, &["Det har vi aftalt"])?;
    young.check_paper(&said, &[UNSPOKEN, OF_THE_PLAN, HOW])?;
    young.check_paper(&["Frist: 20. december 2030"], &[])?;
    young.browser.click_css("input[name=reflections]")?;
    young.wait_for_paper(HOW)?;
    young.check_paper(&["Blev jeg hørt? Lidt"], &[])?;

    // The file says what the paper does, in the language that it has.
    set_language(&young.browser, "en")?;
    young.wait_for_paper("Participants")?;
    young.check_paper(&["Minutes: My meeting", POINT, "Deadline: 20 December 2030"], &["Deltagere"])?;
    set_language(&young.browser, "da")?;
    young.wait_for_paper("Deltagere")?;
    young.browser.click_text("Gem som fil")?;
    let file = young.browser.wait_for_file()?;
    // What is pasted elsewhere is the same. The browser's own clipboard would ask, and what stands in for it is none to Firefox.
    if young.browser.engine == Engine::Chromium {
        let stub = "Object.defineProperty(navigator, 'clipboard', { configurable: true,
            value: { writeText: async (text) => { window.copied = text; } } });";
        young.browser.execute(stub, &[])?;
        young.browser.click_text("Kopiér teksten")?;
        young.browser.wait_for_text("Teksten er kopieret")?;
        let copied = young.browser.execute("return window.copied", &[])?;
        ensure!(copied == file.as_str(), "what is copied is not the file: {copied}");
    }
    for text in said.iter().chain(&headings).chain(&[HOW, "Referat: Mit Møde"]) {
        ensure!(file.contains(text), "{text} is not in the file: {file}");
    }
    for text in [UNSPOKEN, OF_THE_PLAN, "\u{a0}"] {
        ensure!(!file.contains(text), "{text} is in the file: {file}");
    }
    Ok(())
}

/// On paper there is the paper and nothing else, black on white, and on the smallest phones nothing is cut off.
fn on_paper(young: &Young) -> Result<()> {
    const SHOWN: &str = "return ['.top', '.bar', '.skip', 'main > .card', 'main > .decide'].filter((css) =>
        [...document.querySelectorAll(css)].some((it) => it.getClientRects().length > 0)).join()";
    let browser = &young.browser;
    for scheme in SCHEMES {
        set_screen(browser, 320, 568, scheme)?;
        let wide = browser.execute("return document.documentElement.scrollWidth", &[])?;
        ensure!(wide.as_u64().is_some_and(|wide| wide <= 320), "the page is {wide} wide on a screen of 320");
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        browser.devtools("Emulation.setEmulatedMedia", &json!({ "media": "print", "features": features }))?;
        let shown = browser.execute(SHOWN, &[])?;
        ensure!(shown == "", "{shown} is printed");
        young.check_paper(&["Referat: Mit Møde", POINT], &[])?;
        let colours = browser.execute(
            "const [page, paper] = [document.body, document.querySelector('.paper')].map((it) => getComputedStyle(it));
             return [page.backgroundColor, paper.color].join(' on ')",
            &[],
        )?;
        ensure!(colours == "rgb(255, 255, 255) on rgb(0, 0, 0)", "{scheme}: the paper is {colours}");
        browser.devtools("Emulation.setEmulatedMedia", &json!({ "media": "" }))?;
    }
    Ok(())
}
