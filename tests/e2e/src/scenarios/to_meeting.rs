//! What is in the plan is taken to the meeting with one tap, and the meeting to the phone's calendar.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::driver::Engine;
use crate::world::World;
use crate::young::{Young, wait_for_worker};

const WORDS: &str = "At nogen sidder hos mig";
/// As many as there is room for on the agenda, with the first.
const OTHERS: [&str; 5] = ["Koldt vand", "Musik", "Min hund", "En tur", "Te"];

/// What is handed to the phone as a file, instead of being kept by the browser.
const CATCH: &str = "window.files = [];
    URL.createObjectURL = (blob) => { blob.text().then((text) => window.files.push([blob.type, text])); return 'blob:x' };
    HTMLAnchorElement.prototype.click = () => {};";

pub fn play(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan")?;
    wait_for_worker(&young.browser)?;
    world.go_offline()?;
    young.open_sheet("/plan/r_nu")?;
    young.write(WORDS)?;
    young.take_to_meeting()?;
    for words in OTHERS {
        young.write(words)?;
    }
    for _ in 1..OTHERS.len() {
        young.take_to_meeting()?;
    }
    young.browser.click_text("Tag med til mødet")?;
    young.browser.wait_for_text("Der er plads til fem punkter.")?;
    young.wait_for_saved()?;
    young.close_sheet()?;

    young.tap("/moede")?;
    young.browser.wait_for_text(WORDS)?;
    let points = young.browser.execute("return document.querySelectorAll('.point').length", &[])?;
    ensure!(points == 5, "{points} points on the agenda");
    ensure!(
        !young.browser.text()?.contains("Læg mødet i din kalender"),
        "a meeting without a day can be put in a calendar"
    );
    let set = "const field = document.querySelector(`input[name=${arguments[0]}]`); field.value = arguments[1];
        field.dispatchEvent(new Event('change', { bubbles: true }))";
    young.browser.execute(set, &[json!("date"), json!("2030-05-06")])?;
    young.browser.execute(set, &[json!("time"), json!("14:30")])?;
    young.browser.execute(CATCH, &[])?;
    young.browser.click_text("Læg mødet i din kalender")?;
    let file = young.browser.wait_until("the file", "return window.files[0]")?;
    ensure!(file[0].as_str().is_some_and(|kind| kind.starts_with("text/calendar")), "the file is {}", file[0]);
    let text = file[1].as_str().unwrap_or_default();
    ensure!(text.contains("DTSTART:20300506T143000") && text.contains("SUMMARY:Mit Møde"), "the file says {text}");
    ensure!(!text.contains(WORDS), "what the meeting is about is in the calendar");
    young.browser.close()
}
