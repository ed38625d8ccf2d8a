//! The app without a finger or a mouse: everything can be reached by Tab and pressed, and where one is can be seen.

use anyhow::{Result, bail, ensure};
use serde_json::{Value, json};

use super::both::sharing;
use crate::browser::{Browser, TIMEOUT};
use crate::driver::Engine;
use crate::process;
use crate::staff::Staff;
use crate::world::World;
use crate::young::Young;

pub(super) const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
pub(super) const SPACE: &str = " ";
pub(super) const DOWN: &str = "\u{e015}";
/// No page has more to tab through than this before what is wanted.
const FAR: usize = 80;

pub fn walk(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/")?;
    press(&young.browser, "Kom i gang", ENTER)?;
    at_question(&young.browser, 1)?;
    go_to(&young.browser, "Hvad er vigtigt for dig?", "Skriv her")?;
    young.browser.keys("min hund")?;
    press(&young.browser, "Videre", ENTER)?;
    at_question(&young.browser, 2)?;
    press(&young.browser, "Spring over", SPACE)?;
    at_question(&young.browser, 3)?;
    press(&young.browser, "Spring over", ENTER)?;
    young.browser.wait_for_text("Når det går godt")?;

    // The first stop on a page leads past the title to what is on it.
    young.goto("/plan")?;
    young.browser.tab()?;
    ensure!(focused(&young.browser)?["name"] == "Gå til indholdet", "the first stop is {}", focused(&young.browser)?);
    young.browser.keys(ENTER)?;
    press(&young.browser, "Sådan er jeg, når jeg har det godt", ENTER)?;
    young.wait_for_sheet()?;
    let inside = "return document.activeElement?.closest('dialog[open]')";
    young.browser.wait_until("the focus in the sheet", inside)?;
    go_to(&young.browser, "Sådan er jeg, når jeg har det godt", "Skriv her")?;
    young.browser.keys("Jeg synger")?;
    young.browser.tab()?;
    young.wait_for_entries(&["Jeg synger"])?;
    go(&young.browser, "Skriv her", "Skriv her", Browser::back_tab)?;
    young.browser.keys("Jeg griner")?;
    young.browser.tab()?;
    young.wait_for_entries(&["Jeg synger", "Jeg griner"])?;
    young.wait_for_saved()?;

    // Moved up, the focus is still on the button that was pressed, although there is nothing more for it to do.
    go(&young.browser, "Flyt op", "Flyt op", Browser::back_tab)?;
    young.browser.keys(ENTER)?;
    young.wait_for_entries(&["Jeg griner", "Jeg synger"])?;
    let still = "return document.activeElement?.getAttribute('aria-label') === 'Flyt op'";
    young.browser.wait_until("the focus on the button that was pressed", still)?;
    press(&young.browser, "Slet", ENTER)?;
    young.wait_for_entries(&["Jeg synger"])?;
    young.browser.wait_until("the focus in the sheet", inside)?;
    young.browser.keys(ESCAPE)?;
    young.browser.wait_until("the sheet to close", "return !document.querySelector('dialog')")?;
    let kept = "return document.activeElement?.getAttribute('href') === '/plan/g_tegn'";
    young.browser.wait_until("the focus on what led to the sheet", kept)?;

    go(&young.browser, "Svært nu", "Svært nu", Browser::back_tab)?;
    young.browser.keys(ENTER)?;
    young.browser.wait_until("the hard-times page", "return location.pathname === '/svaert'")?;
    go(&young.browser, "Skjul", "Skjul", Browser::back_tab)?;
    young.browser.keys(ENTER)?;
    young.browser.wait_until("the plan", "return location.pathname === '/plan'")?;
    for (tab, path) in [("Om mig", "/om-mig"), ("Mit Møde", "/moede"), ("Beskeder", "/beskeder"), ("Mere", "/mere")] {
        press(&young.browser, tab, ENTER)?;
        young.browser.wait_until(path, &format!("return location.pathname === {}", json!(path)))?;
    }
    press(&young.browser, "Mit Møde", ENTER)?;
    young.browser.wait_for_text("Godt at vide")?;
    press(&young.browser, "Godt at vide", ENTER)?;
    young.browser.wait_for_text("Der er plads til fem punkter.")?;
    press(&young.browser, "Hvem begynder?", ENTER)?;
    press(&young.browser, "Jeg begynder selv", ENTER)?;
    young.browser.wait_for_text("Fortryd")?;
    // The first page of all takes the focus from nobody, also when it comes in a chunk.
    young.goto("/moede/efter")?;
    young.browser.wait_for_text("Hvem kom?")?;
    young.browser.tab()?;
    ensure!(focused(&young.browser)?["name"] == "Gå til indholdet", "the first stop is {}", focused(&young.browser)?);
    go_where(&young.browser, "input[name=came]")?;
    young.browser.keys(SPACE)?;
    young.browser.wait_until("the tick", "return document.querySelector('input[name=came]').checked")?;
    young.browser.close()
}

/// A contact reads and answers: from signing in to the answer without a finger.
pub fn answer(engine: Engine) -> Result<()> {
    const POINT: &str = "Jeg vil hjem i weekenden";
    const REASON: &str = "Vi ser på det sammen.";
    let world = World::new(engine)?;
    let (staff, young) = sharing(&world, &world.server.origin(), &world.proxy.origin(), &[POINT])?;
    let browser = &staff.browser;
    young.browser.close()?;

    staff.goto("/personale/")?;
    browser.wait_for_text("Deler med dig")?;
    press(browser, "Læs", ENTER)?;
    staff.wait_for_words(POINT)?;
    press(browser, &format!("Svar: {POINT}"), ENTER)?;
    browser.wait_until("the focus in the sheet", "return document.activeElement?.closest('dialog[open]')")?;
    go_where(browser, "input[name=said]")?;
    browser.keys(SPACE)?;
    // As in every group of choices, the arrows go from one to the next.
    browser.keys(&format!("{DOWN}{DOWN}"))?;
    browser.wait_until("the last choice", "return document.querySelector('input[value=later]').checked")?;
    go_where(browser, "dialog textarea")?;
    browser.keys(REASON)?;
    press(browser, "Send svaret", ENTER)?;
    browser.wait_until("the sheet to close", "return !document.querySelector('dialog')")?;
    browser.wait_for_text(REASON)?;
    let kept = format!(
        "return document.activeElement?.getAttribute('aria-label') === {}",
        json!(format!("Ret svaret: {POINT}"))
    );
    browser.wait_until("the focus on what led to the sheet", &kept)?;

    press(browser, &format!("Ret svaret: {POINT}"), ENTER)?;
    browser.wait_until("the focus in the sheet", "return document.activeElement?.closest('dialog[open]')")?;
    browser.keys(ESCAPE)?;
    browser.wait_until("the sheet to close", "return !document.querySelector('dialog')")?;
    browser.wait_until("the focus on what led to the sheet", &kept)?;
    staff.browser.close()
}

/// The contact's pages, one after the other: the list, the hard-times page, what is shared, a message, oneself and the guides.
pub fn staff(engine: Engine) -> Result<()> {
    const ACTION: &str = "Koldt vand på hænderne";
    const REPLY: &str = "Ja, i morgen.";
    let world = World::new(engine)?;
    let staff = Staff::new(world.open_other("staff")?, &world.server.origin());
    staff.goto("/personale/")?;
    go_where(&staff.browser, "input[name=login]")?;
    staff.browser.keys("ingen")?;
    go_where(&staff.browser, "input[name=password]")?;
    staff.browser.keys("forkert")?;
    press(&staff.browser, "Log ind", ENTER)?;
    staff.browser.wait_for_text("Brugernavn eller adgangskode passer ikke.")?;
    stays_at(&staff.browser, "button[type=submit]")?;
    staff.sign_in(&world.server.trial)?;
    let code = staff.invite("Bo, værelse 4")?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan")?;
    young.write_all("/plan/r_nu", &[ACTION])?;
    young.say_yes(&code, &["red", "meeting", "messages"])?;
    young.wait_until_sent()?;
    young.browser.close()?;
    let browser = &staff.browser;
    let in_sheet = "return document.activeElement?.closest('dialog[open]')";
    let no_sheet = "return !document.querySelector('dialog')";

    staff.goto("/personale/")?;
    browser.wait_for_text("Deler med dig")?;
    press(browser, "Når det er svært", ENTER)?;
    browser.wait_for_text(ACTION)?;
    press(browser, "Læs sammen", ENTER)?;
    staff.wait_for_words(ACTION)?;
    press(browser, "Print eller gem en kopi", ENTER)?;
    browser.wait_until("the focus in the sheet", in_sheet)?;
    go_where(browser, "input[name=copy]")?;
    browser.keys(DOWN)?;
    browser.wait_until("the next choice", "return document.querySelector('input[name=copy][value=red]').checked")?;
    press(browser, "Vis som tekst", ENTER)?;
    browser.wait_until("the text", "return document.querySelector('textarea.copy-text')?.value")?;
    browser.keys(ESCAPE)?;
    browser.wait_until("the sheet to close", no_sheet)?;
    stays_at(browser, "#open-copies")?;
    press(browser, "Print eller gem en kopi", ENTER)?;
    browser.wait_until("the focus in the sheet", in_sheet)?;
    press(browser, "Luk", ENTER)?;
    browser.wait_until("the sheet to close", no_sheet)?;
    stays_at(browser, "#open-copies")?;

    // Each part of a meeting is gone on from.
    press(browser, "Under mødet", ENTER)?;
    browser.wait_for_text("Del 1 af 5")?;
    for part in 2..=5 {
        press(browser, "Videre", ENTER)?;
        browser.wait_for_text(&format!("Del {part} af 5"))?;
        browser.wait_until("the focus on what is new", "return document.activeElement?.id === 'main'")?;
    }

    staff.goto("/personale/")?;
    browser.wait_for_text("Deler med dig")?;
    press(browser, "Beskeder", ENTER)?;
    press(browser, "Skriv en besked", ENTER)?;
    browser.wait_until("the focus in the sheet", in_sheet)?;
    go_where(browser, "dialog textarea")?;
    browser.keys(REPLY)?;
    press(browser, "Send", ENTER)?;
    browser.wait_until("the sheet to close", no_sheet)?;
    browser.wait_for_text(REPLY)?;

    staff.goto("/personale/")?;
    browser.wait_for_text("Deler med dig")?;
    press(browser, "Om mig", ENTER)?;
    go_where(browser, "textarea[name=about]")?;
    browser.keys("Jeg laver pandekager.")?;
    press(browser, "Gem", ENTER)?;
    browser.wait_for_text("Det er gemt.")?;

    staff.goto("/personale/")?;
    browser.wait_for_text("Deler med dig")?;
    press(browser, "Vejledning", ENTER)?;
    press(browser, "Min Plan i en samtale", ENTER)?;
    browser.wait_for_text("Før I begynder")?;
    press(browser, "Alle vejledninger", ENTER)?;
    browser.wait_for_text("Spørgsmål til hvert felt")?;

    staff.goto("/personale/inviter")?;
    go_where(browser, "input[name=label]")?;
    browser.keys("Kim")?;
    press(browser, "Lav invitation", ENTER)?;
    browser.wait_for_text("Din kode til Min Plan")?;
    stays_at(browser, "main")?;
    staff.browser.close()
}

/// The focus is before the question, and not on a button that has come to mean something else.
fn at_question(browser: &Browser, number: usize) -> Result<()> {
    browser.wait_for_text(&format!("Spørgsmål {number} af 3"))?;
    browser.wait_until("the focus before the question", "return document.activeElement?.id === 'main'")?;
    Ok(())
}

pub(super) fn press(browser: &Browser, name: &str, key: &str) -> Result<()> {
    go_to(browser, name, name)?;
    browser.keys(key)
}

pub(super) fn go_to(browser: &Browser, name: &str, or: &str) -> Result<()> {
    go(browser, name, or, Browser::tab)
}

/// Goes from stop to stop until what has the focus is called so, or has this placeholder. At every stop the focus must be
/// seen.
fn go(browser: &Browser, name: &str, or: &str, step: fn(&Browser) -> Result<()>) -> Result<()> {
    let mut seen = Vec::new();
    for _ in 0..FAR {
        let at = focused(browser)?;
        let called = at["name"].as_str().unwrap_or_default();
        let is_field = at["placeholder"] == or;
        if is_field || (called == name && at["is_field"] == false) {
            return Ok(());
        }
        seen.push(called.to_owned());
        step(browser)?;
        seen_focus(browser)?;
    }
    bail!("Tab never came to “{name}”; it came to {seen:?}")
}

/// What has the focus, and whether it can be seen that it has.
fn focused(browser: &Browser) -> Result<Value> {
    browser.execute(FOCUSED, &[])
}

/// The same where Tab has come to, which has to be seen: the browser scrolls there in its own time.
fn seen_focus(browser: &Browser) -> Result<Value> {
    let mut at = Value::Null;
    let is_seen = || {
        at = focused(browser)?;
        Ok(at["wrong"].is_null())
    };
    if !process::wait(TIMEOUT, is_seen)? {
        bail!("{}: {at}", at["wrong"]);
    }
    Ok(at)
}

/// The same for what has no name of its own to be seen.
pub(super) fn go_where(browser: &Browser, css: &str) -> Result<()> {
    for _ in 0..FAR {
        if browser.execute(IS_AT, &[json!(css)])? == true {
            return Ok(());
        }
        browser.tab()?;
        seen_focus(browser)?;
    }
    bail!("Tab never came to {css}")
}

/// Whether the focus is there, also when all that waits for the next frames is done.
pub(super) fn stays_at(browser: &Browser, css: &str) -> Result<()> {
    let frames = "const done = arguments[arguments.length - 1];
        requestAnimationFrame(() => requestAnimationFrame(() => done(true)));";
    browser.wait_until(css, &format!("return document.activeElement.matches({})", json!(css)))?;
    browser.execute_async(frames, &[])?;
    let is_there = browser.execute("return document.activeElement.matches(arguments[0])", &[json!(css)])? == true;
    ensure!(is_there, "the focus left {css}{}", browser.scene());
    Ok(())
}

/// What was once in it keeps being called active when the focus has gone to the browser's own buttons.
const IS_AT: &str = "return document.hasFocus() && document.activeElement.matches(arguments[0])";

const FOCUSED: &str = r#"
  const at = document.activeElement;
  // After the last stop the browser goes on to its own buttons.
  if (!document.hasFocus() || !at || at === document.body || at === document.documentElement) return { name: "", is_field: false };
  const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();
  const name = plain(at.getAttribute("aria-label") ?? at.innerText);
  const box = at.getBoundingClientRect();
  // A film has the focus as a whole, or one of the buttons at its lower edge has it: no script is told which.
  const places = at.matches("video") ? [20, box.height - 20] : [Math.min(box.height / 2, 20)];
  const tops = places.map((from) => document.elementFromPoint(box.x + box.width / 2, box.y + from));
  const style = getComputedStyle(at);
  const whole = at.matches("main, dialog");
  const near = at.closest("label, summary") ?? at;
  let wrong = null;
  if (!whole && !tops.some((top) => top && (near.contains(top) || top.contains(at)))) wrong = "the focus is hidden";
  else if (!whole && style.outlineStyle === "none" && getComputedStyle(near).outlineStyle === "none"
    && !near.querySelector(":focus-visible")) wrong = "the focus is not marked";
  return { name, placeholder: at.placeholder ?? null, is_field: at.matches("textarea, input"), is: at.outerHTML.slice(0, 120), wrong };
"#;
