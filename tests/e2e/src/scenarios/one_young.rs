//! One young person as a contact has them: what is new, the hard-times page one tap from the list, a copy that the server knows of
//! before it is taken, and nothing that stays on the computer after signing out.

use anyhow::{Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use super::both::sharing_of;
use crate::browser::Browser;
use crate::driver::Engine;
use crate::shots::{LANGUAGES, set_language};
use crate::staff::Staff;
use crate::world::World;
use crate::young::Young;

const PATH: &str = "/plan/r_nu";
const FIRST: &str = "Koldt vand på hænderne";
const SECOND: &str = "Ring til mormor";
const LATER: &str = "Gå ud på trappen";

pub fn play(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    // The contact's network can be taken away, and what they ask for is known.
    let part = (&["red"][..], PATH, &[FIRST, SECOND][..]);
    let (staff, young) = sharing_of(&world, &world.proxy.origin(), &world.server.origin(), part)?;
    hard(&staff)?;
    news(&staff, &young)?;
    print(&mut world, &staff)?;
    text(&world, &staff)?;
    young.goto("/del")?;
    young.browser.wait_for_text("Sara Holm har printet din plan")?;
    young.browser.wait_for_text("Sara Holm har gemt en kopi som tekst")?;
    young.browser.close()?;
    sign_out(&world, &staff)?;
    handout(&staff)?;
    staff.browser.close()
}

fn hard(staff: &Staff) -> Result<()> {
    staff.browser.click_text("Når det er svært")?;
    staff.browser.wait_for_text(FIRST)?;
    let shown =
        "return [...document.querySelectorAll('ol.acts .act')].map((it) => it.innerText.replace(/\\s+/g, ' ').trim())";
    let shown: Vec<String> = serde_json::from_value(staff.browser.execute(shown, &[])?)?;
    ensure!(shown == [format!("1 {FIRST}"), format!("2 {SECOND}")], "the hard-times page shows {shown:?}");
    staff.browser.click_text("Læs sammen")?;
    staff.wait_for_words(FIRST)
}

/// A line of the list leads to where it stands.
fn news(staff: &Staff, young: &Young) -> Result<()> {
    young.goto("/plan")?;
    young.write_all(PATH, &[LATER])?;
    young.wait_until_sent()?;
    staff.browser.wait_until(
        "something new in the list",
        &format!("return document.querySelector('.news-words')?.innerText === {}", json!(LATER)),
    )?;
    staff.browser.click_css(".news .start")?;
    let there = format!(
        "return document.activeElement?.matches('.review li') && document.activeElement.innerText.includes({})",
        json!(LATER)
    );
    staff.browser.wait_until("the focus where it stands", &there).map(drop)
}

/// As the page would be on paper.
fn set_media(browser: &Browser, media: &str) -> Result<()> {
    browser.devtools("Emulation.setEmulatedMedia", &json!({ "media": media, "features": [] })).map(drop)
}

fn count_printed(staff: &Staff) -> Result<Value> {
    staff.browser.execute("return window.printed", &[])
}

/// What would be on paper now.
fn on_paper(staff: &Staff) -> Result<String> {
    set_media(&staff.browser, "print")?;
    let text = staff.browser.text()?;
    set_media(&staff.browser, "")?;
    Ok(text)
}

fn print(world: &mut World, staff: &Staff) -> Result<()> {
    staff.browser.execute("window.printed = 0; window.print = () => { window.printed += 1; };", &[])?;
    ensure!(!on_paper(staff)?.contains(FIRST), "the browser's own way prints what nobody would see");
    staff.browser.click_text("Print eller gem en kopi")?;
    staff.browser.wait_for_text("Den unge kan se, at du tager en kopi")?;
    world.proxy.down();
    staff.browser.click_text("Print")?;
    staff.browser.wait_for_text("der er ikke taget en kopi")?;
    ensure!(count_printed(staff)? == 0, "it is printed before the server knows");
    world.proxy.up()?;
    staff.browser.click_text("Print")?;
    staff.browser.wait_until("the printer", "return window.printed === 1")?;
    staff.browser.wait_until("the sheet to close", "return !document.querySelector('dialog')")?;
    let paper = on_paper(staff)?;
    for words in [FIRST, LATER, "Når det er rigtig svært", "Gør det her nu"] {
        ensure!(paper.contains(words), "{words} is not on paper: {paper}");
    }
    ensure!(!paper.contains("Foreslå"), "a button is on paper: {paper}");
    staff.browser.keys("\u{e00c}")?;
    staff.browser.wait_until("the paper to be put away", "return !document.querySelector('.released')")?;
    ensure!(!on_paper(staff)?.contains(FIRST), "it can be printed again without being seen");
    Ok(())
}

fn text(world: &World, staff: &Staff) -> Result<()> {
    staff.browser.click_text("Print eller gem en kopi")?;
    staff.browser.click_css("input[name=copy][value=red]")?;
    staff.browser.click_text("Vis som tekst")?;
    let written = format!(
        "const text = document.querySelector('textarea.copy-text')?.value ?? '';
         return text.includes({}) && text.includes('Hvad hjælper') && text.includes('Kopieret af: Sara Holm')",
        json!(format!("- {FIRST}"))
    );
    staff.browser.wait_until("the text", &written)?;
    staff.browser.click_text("Kopiér teksten")?;
    staff.browser.wait_until(
        "what came of it",
        "return /Teksten er kopieret|Det gik ikke/.test(document.querySelector('dialog [role=status]')?.innerText)",
    )?;
    staff.browser.click_text("Luk")?;
    let copies = world.proxy.recorded().iter().filter(|request| request.path.ends_with("/copies")).count();
    ensure!(copies == 2, "the server was told of {copies} copies, not of 2");
    Ok(())
}

/// Nothing is left on a computer that others use.
fn sign_out(world: &World, staff: &Staff) -> Result<()> {
    staff.browser.click_text("Log ud")?;
    staff.browser.find("input[name=login]")?;
    let path = staff.browser.path()?;
    ensure!(path == "/personale", "the address is {path}");
    let kept = "const done = arguments[arguments.length - 1];
        Promise.all([indexedDB.databases(), caches.keys()]).then(([databases, caches]) => done([
          ...Object.keys(localStorage).filter((key) => key !== 'min-plan-language'), ...Object.keys(sessionStorage),
          ...databases.map((it) => it.name), ...caches, ...document.cookie.split(';').filter((it) => it.trim())]))";
    let kept = staff.browser.execute_async(kept, &[])?;
    ensure!(kept == json!([]), "the browser keeps {kept}");
    // The way back leads to no words, and whoever signs in begins at the list.
    staff.browser.back()?;
    staff.browser.wait_until("the page before", "return location.pathname.endsWith('/svaert')")?;
    staff.browser.find("input[name=login]")?;
    let page = staff.browser.execute("return document.documentElement.outerHTML", &[])?;
    for words in [FIRST, SECOND, LATER, "Bo, værelse 4"] {
        ensure!(!page.as_str().unwrap_or_default().contains(words), "{words} is in the page after signing out");
    }
    let login = staff.browser.find("input[name=login]")?;
    staff.browser.type_into(&login, &world.server.trial.login)?;
    let password = staff.browser.find("input[name=password]")?;
    staff.browser.type_into(&password, &world.server.trial.password)?;
    staff.browser.click_css("form button")?;
    staff.browser.wait_for_text("Mine unge")?;
    let path = staff.browser.path()?;
    ensure!(path == "/personale", "after signing in the address is {path}");
    Ok(())
}

/// It is one page of paper, in each language.
fn handout(staff: &Staff) -> Result<()> {
    staff.browser.click_text("Vejledning")?;
    staff.browser.click_text("Min Plan i en samtale")?;
    staff.browser.wait_for_text("Før I begynder")?;
    staff.browser.click_text("Alle vejledninger")?;
    staff.browser.click_text("Mit Møde: godt at vide")?;
    staff.browser.wait_for_text("Det er dine ord")?;
    for language in LANGUAGES {
        set_language(&staff.browser, language)?;
        let printed = staff.browser.devtools("Page.printToPDF", &json!({ "preferCSSPageSize": true }))?;
        let printed = BASE64.decode(printed["data"].as_str().unwrap_or_default())?;
        let marks = printed.windows(12).filter(|it| it.starts_with(b"/Type /Page") && it[11] != b's').count();
        ensure!(marks == 1, "the handout ({language}) is {marks} pages");
    }
    set_language(&staff.browser, LANGUAGES[0])
}
