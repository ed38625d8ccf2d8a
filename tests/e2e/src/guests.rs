//! A guest: the link that they are given, the code that they type, and how it was.

use anyhow::Result;

use crate::browser::Browser;
use crate::young::Young;

/// A guest beside somebody else, at a window of their own in the same browser.
pub struct Guest<'a> {
    browser: &'a Browser,
    window: String,
    beside: String,
}

impl<'a> Guest<'a> {
    pub fn open(browser: &'a Browser) -> Result<Self> {
        let beside = browser.open_window()?;
        let window = browser.this_tab()?;
        browser.switch_to(&beside)?;
        Ok(Self { browser, window, beside })
    }

    /// Does something at the guest's window. Whoever sits beside goes on at theirs afterwards.
    pub fn act(&self, act: impl FnOnce(&Browser) -> Result<()>) -> Result<()> {
        self.browser.switch_to(&self.window)?;
        act(self.browser)?;
        self.browser.switch_to(&self.beside)
    }
}

/// From the page of the meeting: makes a link for a guest of this kind, and gives it with its code.
pub fn make_link(young: &Young, kind: &str) -> Result<[String; 2]> {
    young.browser.click_text("Lav et link")?;
    young.browser.click_text(kind)?;
    made_link(young)
}

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

/// A guest says how it was: a level for each of the three questions.
pub fn reflect(guest: &Browser, levels: [&str; 3]) -> Result<()> {
    for (question, level) in plan::meeting::QUESTIONS.into_iter().zip(levels) {
        guest.click_css(&format!("input[name={question}][value={level}]"))?;
    }
    guest.click_text("Send svarene")?;
    guest.wait_for_text("Tak. Svarene er sendt.")
}
