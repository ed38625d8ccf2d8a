//! A meeting, as both sides write and read it: a day and a place, what is agreed, how it was, and the minutes.

use anyhow::{Context, Result, ensure};
use plan::meeting::QUESTIONS;
use serde_json::json;

use crate::browser::as_read;
use crate::staff::Staff;
use crate::webdriver::Element;
use crate::young::Young;

/// What is agreed, who does it, and by when; each of the last two may be empty.
pub type Agreement<'a> = [&'a str; 3];

impl Young {
    /// In an open sheet of the plan: takes what stands last, of what is not there yet, to the meeting.
    pub fn take_to_meeting(&self) -> Result<()> {
        const TAKEN: &str = "return document.querySelectorAll('dialog .at-meeting').length";
        let before = self.browser.execute(TAKEN, &[])?;
        self.browser.click_text("Tag med til mødet")?;
        self.browser.wait_until("one more on the agenda", &format!("{TAKEN} > {before}")).map(drop)
    }

    /// From the page of the meeting: takes the day and the place that a contact has proposed.
    pub fn take_proposal(&self) -> Result<()> {
        self.browser.click_text("Ja tak")?;
        self.browser.wait_until("the proposal to go", "return !document.querySelector('.proposal')").map(drop)
    }

    /// Waits until the page has this heading.
    pub fn wait_for_heading(&self, text: &str) -> Result<()> {
        let there = format!("return document.querySelector('h1')?.innerText.trim() === {}", json!(text));
        self.browser.wait_until(text, &there).map(drop)
    }

    /// On to the next part of the meeting, which has this heading.
    pub fn go_on_to(&self, heading: &str) -> Result<()> {
        self.browser.click_text("Videre")?;
        self.wait_for_heading(heading)
    }

    /// From a page about the meeting, such as `/moede/efter`: writes down what was agreed.
    pub fn agree(&self, page: &str, [what, who, due]: Agreement) -> Result<()> {
        self.tap(&format!("{page}:m_aftaler"))?;
        self.wait_for_sheet()?;
        self.write(what)?;
        for (css, value) in [("textarea[aria-label='Hvem gør det?']", who), ("input[type=date]", due)] {
            if !value.is_empty() {
                self.browser.set_value(&self.find_at(what, css)?, value)?;
            }
        }
        self.wait_for_saved()?;
        self.close_sheet()?;
        ensure!(self.browser.path()? == page, "a closed sheet leads to {}", self.browser.path()?);
        self.browser.wait_for_text(what)
    }

    /// After the meeting: says of what was agreed whether it came to something.
    pub fn say_outcome(&self, what: &str, level: &str) -> Result<()> {
        let choice = format!(
            "return [...document.querySelectorAll('li.words')].find((row) => row.innerText.includes({}))
               ?.querySelector('input[value={level}]')?.closest('label')",
            json!(what)
        );
        let found = self.browser.wait_until(&format!("the outcome of “{what}”"), &choice)?;
        self.browser.click(&Element::from_json(&found).context("not a label")?)
    }

    /// After the meeting: says how it was, a level for each of the three questions and words.
    pub fn reflect(&self, levels: [&str; 3], words: &str) -> Result<()> {
        for (question, level) in QUESTIONS.into_iter().zip(levels) {
            self.browser.click_css(&format!("input[name={question}][value={level}]"))?;
        }
        self.set_field("main textarea", words)?;
        self.leave_field()
    }

    pub fn wait_for_paper(&self, text: &str) -> Result<()> {
        let there = format!("return document.querySelector('.paper')?.innerText.includes({})", json!(text));
        self.browser.wait_until(&format!("“{text}” on paper"), &there).map(drop)
    }

    /// What stands on the paper that is shown, and what does not.
    pub fn check_paper(&self, there: &[&str], not_there: &[&str]) -> Result<()> {
        let paper = self.browser.execute("return document.querySelector('.paper').innerText", &[])?;
        let paper = as_read(paper.as_str().unwrap_or_default());
        for text in there {
            ensure!(paper.contains(text), "{text} is not on the paper: {paper}");
        }
        for text in not_there {
            ensure!(!paper.contains(text), "{text} is on the paper: {paper}");
        }
        Ok(())
    }
}

impl Staff {
    /// From the review: proposes when and where the meeting is to be.
    pub fn propose(&self, date: &str, time: &str, place: &str) -> Result<()> {
        self.browser.click_text("Foreslå dag og sted")?;
        for (name, value) in [("date", date), ("time", time), ("place", place)] {
            self.set_field(&format!("dialog input[name={name}]"), value)?;
        }
        self.browser.click_text("Send forslaget")?;
        self.browser.wait_for_text("Den unge har ikke svaret endnu.")
    }

    /// Writes down what was agreed.
    pub fn agree(&self, [what, who, due]: Agreement) -> Result<()> {
        self.browser.click_text("Skriv en aftale")?;
        let field = self.browser.find("dialog textarea")?;
        self.browser.type_into(&field, what)?;
        self.set_field("dialog input[name=who]", who)?;
        self.set_field("dialog input[name=due]", due)?;
        self.browser.click_text("Gem aftalen")?;
        self.browser.wait_for_no_sheet()
    }

    /// Says how the meeting was: a level for each of the three questions.
    pub fn reflect(&self, levels: [&str; 3]) -> Result<()> {
        self.browser.click_text("Svar på tre spørgsmål")?;
        for (question, level) in QUESTIONS.into_iter().zip(levels) {
            self.browser.click_css(&format!("dialog input[name={question}][value={level}]"))?;
        }
        self.browser.click_text("Send")?;
        self.browser.find_text("Ret dine svar").map(drop)
    }
}
