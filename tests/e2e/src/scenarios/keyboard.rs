//! The app without a finger or a mouse: everything can be reached by Tab and pressed, and where one is can be seen.

use anyhow::{Result, bail, ensure};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::driver::Engine;
use crate::world::World;
use crate::young::Young;

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const SPACE: &str = " ";
/// No page has more to tab through than this before what is wanted.
const FAR: usize = 80;

pub fn walk(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/")?;
    press(&young, "Kom i gang", ENTER)?;
    at_question(&young, 1)?;
    go_to(&young, "Hvad er vigtigt for dig?", "Skriv her")?;
    young.browser.keys("min hund")?;
    press(&young, "Videre", ENTER)?;
    at_question(&young, 2)?;
    press(&young, "Spring over", SPACE)?;
    at_question(&young, 3)?;
    press(&young, "Spring over", ENTER)?;
    young.browser.wait_for_text("Når det går godt")?;

    // The first stop on a page leads past the title to what is on it.
    young.goto("/plan")?;
    young.browser.tab()?;
    ensure!(focused(&young)?["name"] == "Gå til indholdet", "the first stop is {}", focused(&young)?);
    young.browser.keys(ENTER)?;
    press(&young, "Sådan er jeg, når jeg har det godt", ENTER)?;
    young.wait_for_sheet()?;
    let inside = "return document.activeElement?.closest('dialog[open]')";
    young.browser.wait_until("the focus in the sheet", inside)?;
    go_to(&young, "Sådan er jeg, når jeg har det godt", "Skriv her")?;
    young.browser.keys("Jeg synger")?;
    young.browser.tab()?;
    young.wait_for_entries(&["Jeg synger"])?;
    go(&young, "Skriv her", "Skriv her", Browser::back_tab)?;
    young.browser.keys("Jeg griner")?;
    young.browser.tab()?;
    young.wait_for_entries(&["Jeg synger", "Jeg griner"])?;
    young.wait_for_saved()?;

    // Moved up, the focus is still on the button that was pressed, although there is nothing more for it to do.
    go(&young, "Flyt op", "Flyt op", Browser::back_tab)?;
    young.browser.keys(ENTER)?;
    young.wait_for_entries(&["Jeg griner", "Jeg synger"])?;
    let still = "return document.activeElement?.getAttribute('aria-label') === 'Flyt op'";
    young.browser.wait_until("the focus on the button that was pressed", still)?;
    press(&young, "Slet", ENTER)?;
    young.wait_for_entries(&["Jeg synger"])?;
    young.browser.wait_until("the focus in the sheet", inside)?;
    young.browser.keys(ESCAPE)?;
    young.browser.wait_until("the sheet to close", "return !document.querySelector('dialog')")?;
    let kept = "return document.activeElement?.getAttribute('href') === '/plan/g_tegn'";
    young.browser.wait_until("the focus on what led to the sheet", kept)?;

    go(&young, "Svært nu", "Svært nu", Browser::back_tab)?;
    young.browser.keys(ENTER)?;
    young.browser.wait_until("the hard-times page", "return location.pathname === '/svaert'")?;
    go(&young, "Skjul", "Skjul", Browser::back_tab)?;
    young.browser.keys(ENTER)?;
    young.browser.wait_until("the plan", "return location.pathname === '/plan'")?;
    for (tab, path) in [("Om mig", "/om-mig"), ("Mit Møde", "/moede"), ("Del", "/del"), ("Mere", "/mere")] {
        press(&young, tab, ENTER)?;
        young.browser.wait_until(path, &format!("return location.pathname === {}", json!(path)))?;
    }
    young.browser.close()
}

/// The focus is before the question, and not on a button that has come to mean something else.
fn at_question(young: &Young, number: usize) -> Result<()> {
    young.browser.wait_for_text(&format!("Spørgsmål {number} af 3"))?;
    young.browser.wait_until("the focus before the question", "return document.activeElement?.id === 'main'")?;
    Ok(())
}

fn press(young: &Young, name: &str, key: &str) -> Result<()> {
    go_to(young, name, name)?;
    young.browser.keys(key)
}

fn go_to(young: &Young, name: &str, or: &str) -> Result<()> {
    go(young, name, or, Browser::tab)
}

/// Goes from stop to stop until what has the focus is called so, or has this placeholder. At every stop the focus must be
/// seen.
fn go(young: &Young, name: &str, or: &str, step: fn(&Browser) -> Result<()>) -> Result<()> {
    let mut seen = Vec::new();
    for _ in 0..FAR {
        let at = focused(young)?;
        let called = at["name"].as_str().unwrap_or_default();
        let is_field = at["placeholder"] == or;
        if is_field || (called == name && at["is_field"] == false) {
            return Ok(());
        }
        seen.push(called.to_owned());
        step(&young.browser)?;
        let at = focused(young)?;
        if let Some(wrong) = at["wrong"].as_str() {
            bail!("{wrong}: {at}");
        }
    }
    bail!("Tab never came to “{name}”; it came to {seen:?}")
}

/// What has the focus, and whether it can be seen that it has.
fn focused(young: &Young) -> Result<Value> {
    young.browser.execute(FOCUSED, &[])
}

const FOCUSED: &str = r#"
  const at = document.activeElement;
  // After the last stop the browser goes on to its own buttons.
  if (!document.hasFocus() || !at || at === document.body || at === document.documentElement) return { name: "", is_field: false };
  const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();
  const name = plain(at.getAttribute("aria-label") ?? at.innerText);
  const box = at.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 20)];
  const top = document.elementFromPoint(x, y);
  const style = getComputedStyle(at);
  const whole = at.matches("main, dialog");
  const near = at.closest("label, summary") ?? at;
  let wrong = null;
  if (!whole && !(top && (near.contains(top) || top.contains(at)))) wrong = "the focus is hidden";
  else if (!whole && style.outlineStyle === "none" && getComputedStyle(near).outlineStyle === "none"
    && !near.querySelector(":focus-visible")) wrong = "the focus is not marked";
  return { name, placeholder: at.placeholder ?? null, is_field: at.matches("textarea, input"), is: at.outerHTML.slice(0, 120), wrong };
"#;
