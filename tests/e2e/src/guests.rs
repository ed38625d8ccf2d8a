//! A guest: the link that they are given, and the code that they type.

use anyhow::Result;

use crate::browser::Browser;
use crate::young::Young;

/// The link and the code that the young person has just made, in Mit Møde.
pub fn made_link(young: &Young) -> Result<[String; 2]> {
    let made = young.browser.wait_until(
        "a link",
        "const code = document.querySelector('.guest-link .big-code');
         return code && [document.querySelector('.guest-link input').value, code.innerText.trim()]",
    )?;
    Ok(serde_json::from_value(made)?)
}

/// A guest types a code and asks for the agenda.
pub fn show_code(guest: &Browser, code: &str) -> Result<()> {
    let field = guest.find("input[name=code]")?;
    guest.clear(&field)?;
    guest.type_into(&field, code)?;
    guest.click_text("Vis dagsordenen")
}
