//! Screens of the contact's that need nobody else.

use anyhow::Result;

use super::{App, Look};
use crate::staff::Staff;

/// The meeting on the contact's side, part by part.
pub fn held(staff: &Staff, look: &mut Look) -> Result<()> {
    staff.browser.click_text("Under mødet")?;
    for (name, title, text) in [
        ("staff-during", "Vi starter", "Del 1 af 5"),
        ("staff-during-points", "Den unges punkter", "Del 3 af 5"),
        ("staff-during-end", "Vi slutter", "Del 5 af 5"),
    ] {
        staff.browser.click_text(title)?;
        staff.browser.wait_for_text(text)?;
        look(name, App::Staff, &staff.browser)?;
    }
    staff.browser.click_text("Læs sammen")?;
    staff.browser.find_text("Ret dine svar").map(drop)
}

/// A copy of what is read, as text.
pub fn copies(staff: &Staff, look: &mut Look) -> Result<()> {
    staff.browser.click_text("Print eller gem en kopi")?;
    staff.browser.wait_for_text("Hvad skal med?")?;
    look("staff-copies", App::Staff, &staff.browser)?;
    staff.browser.click_text("Vis som tekst")?;
    staff.browser.wait_for_text("Kopiér teksten")?;
    look("staff-copies-text", App::Staff, &staff.browser)?;
    staff.browser.click_text("Luk")?;
    staff.browser.wait_for_no_sheet()
}

/// The guides, which are there for whoever is signed in.
pub fn guides(staff: &Staff, look: &mut Look) -> Result<()> {
    staff.browser.click_text("Vejledning")?;
    staff.browser.wait_for_text("Fire korte tekster.")?;
    look("staff-guides", App::Staff, &staff.browser)?;
    for (name, title, text) in [
        ("staff-guide-talk", "Min Plan i en samtale", "Slut roligt"),
        ("staff-guide-questions", "Spørgsmål til hvert felt", "Hvad skal jeg kalde dig?"),
        ("staff-guide-meeting", "Mit Møde: før, under og efter", "Du, som er kontakt"),
        ("staff-guide-handout", "Mit Møde: godt at vide", "Det er dine ord"),
    ] {
        staff.browser.click_text(title)?;
        staff.browser.wait_for_text(text)?;
        look(name, App::Staff, &staff.browser)?;
        staff.browser.click_text("Alle vejledninger")?;
        staff.browser.wait_for_text("Fire korte tekster.")?;
    }
    staff.go_to_list()
}
