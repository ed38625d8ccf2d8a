//! The films.

use anyhow::Result;

use super::{App, Look};
use crate::films;
use crate::young::Young;

/// The films, and one of them with everything that can be done with it.
pub fn play(young: &Young, look: &mut Look) -> Result<()> {
    let first = films::first()?;
    young.goto("/film")?;
    young.browser.wait_for_text(&first.title.da)?;
    look("films", App::Young, &young.browser)?;
    young.tap(&format!("/film/{}", first.name))?;
    // The screens are looked at without movement, and so the text is what comes first.
    young.browser.click_text("Vis filmen")?;
    young.browser.find("video")?;
    look("film", App::Young, &young.browser)?;
    // There are five points already.
    young.browser.click_text("Det vil jeg tale om")?;
    young.browser.find(".film-talk ~ .problem")?;
    young.browser.click_text("Gem til brug uden net")?;
    young.browser.wait_for_text("Fjern fra telefonen")?;
    look("film-saved", App::Young, &young.browser)?;
    young.browser.click_text("Fjern fra telefonen")?;
    young.browser.find_text("Gem til brug uden net")?;
    Ok(())
}
