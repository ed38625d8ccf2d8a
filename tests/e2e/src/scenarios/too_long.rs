//! A text that is too long is refused in plain words, never cut, and stays until it fits or is let go of. For as long as
//! that the app does not say that everything is saved, whatever else is written and reaches the disk.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::driver::Engine;
use crate::world::World;
use crate::young::{SAVED, Young};

/// What a text may have, and one more.
const MOST: usize = 4_000;
const REFUSED: &str = "Den har 4.001 tegn, og der er plads til 4.000.";
const REFUSED_MORE: &str = "Den har 4.002 tegn, og der er plads til 4.000.";
const UNFINISHED: &str = "Det her er ikke gemt endnu.";
const FIELD: &str = ".troubles textarea";
const NOT_SAVED: &str = "Ikke gemt endnu";

pub fn play(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan/g_tegn")?;
    young.wait_for_sheet()?;
    let long = "å".repeat(MOST + 1);
    young.set_field("dialog .composer textarea", &long)?;
    young.browser.wait_for_text(REFUSED)?;
    young.browser.wait_for_text(NOT_SAVED)?;
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
    write_beside(&young, "Noget andet")?;
    check_field(&young, FIELD, &long)?;
    young.browser.reload()?;
    young.browser.wait_for_text(UNFINISHED)?;
    check_field(&young, FIELD, &long)?;
    write_beside(&young, "Noget tredje")?;
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
    young.wait_for_saved().context("nothing is refused any more")?;
    young.wait_for_entries(&["Noget andet", "Noget tredje", short])?;
    young.browser.reload()?;
    young.wait_for_sheet()?;
    young.wait_for_entries(&["Noget andet", "Noget tredje", short])?;

    // Let go of instead of made shorter.
    young.set_field("dialog .composer textarea", &long)?;
    young.browser.wait_for_text(REFUSED_MORE)?;
    young.close_sheet()?;
    write_beside(&young, "Noget fjerde")?;
    young.browser.click_text("Smid det væk")?;
    young.browser.click_text("Ja, smid det væk")?;
    young.browser.wait_until("the notice to go", &format!("return !document.querySelector('{FIELD}')"))?;
    young.open_sheet("/plan/g_tegn")?;
    young.wait_for_saved().context("what was refused has been let go of")?;
    young.wait_for_entries(&["Noget andet", "Noget tredje", short, "Noget fjerde"])?;
    young.browser.close()
}

/// Writes another entry while something is refused. From the first key until after it is on the disk the word on the
/// screen must not be that all is saved: what was refused is not.
fn write_beside(young: &Young, text: &str) -> Result<()> {
    young.open_sheet("/plan/g_tegn")?;
    young.browser.execute(NOTE_WORDS, &[])?;
    young.write(text)?;
    let at_rest = "return document.querySelector('dialog .saved').innerText.trim() !== 'Gemmer'";
    young.browser.wait_until("saving to end", at_rest)?;
    young.close_sheet()?;
    young.open_sheet("/plan/g_tegn")?;
    young.wait_for_entry(text)?;
    let said: Vec<String> = serde_json::from_value(young.browser.execute("return window.said", &[])?)?;
    let is_false = said.iter().any(|word| word == SAVED);
    ensure!(!is_false, "“{SAVED}” was said although a text that was refused is not saved; in order: {said:?}");
    ensure!(!said.is_empty(), "nothing was said about saving");
    young.browser.wait_for_text(NOT_SAVED)?;
    young.close_sheet()
}

/// Notes every word about saving that the page shows from now on, in order.
const NOTE_WORDS: &str = "const said = window.said = [];
  const note = () => {
    for (const line of document.querySelectorAll('.saved')) {
      const word = line.textContent.trim();
      if (word && said.at(-1) !== word) said.push(word);
    }
  };
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  note();";

fn check_field(young: &Young, css: &str, text: &str) -> Result<()> {
    let same = format!("return document.querySelector('{css}')?.value === {}", json!(text));
    young.browser.wait_until("the whole text in the field", &same).map(drop)
}
