//! The contact: signs in, invites, records the custody holder's yes, reads.

use anyhow::{Context, Result};
use serde_json::json;

use crate::browser::Browser;
use crate::server::Trial;

pub struct Staff {
    pub browser: Browser,
    origin: String,
}

impl Staff {
    pub fn new(browser: Browser, origin: &str) -> Self {
        Self { browser, origin: origin.to_owned() }
    }

    pub fn goto(&self, path: &str) -> Result<()> {
        self.browser.goto(&format!("{}{path}", self.origin))?;
        self.browser.wait_until("a heading", "return document.querySelector('h1')").map(drop)
    }

    pub fn sign_in(&self, trial: &Trial) -> Result<()> {
        self.sign_in_as(&trial.login, &trial.password)
    }

    pub fn sign_in_as(&self, login: &str, password: &str) -> Result<()> {
        self.goto("/personale/")?;
        let field = self.browser.find("input[name=login]")?;
        self.browser.type_into(&field, login)?;
        let field = self.browser.find("input[name=password]")?;
        self.browser.type_into(&field, password)?;
        self.browser.click_css("form button")?;
        self.browser.wait_for_text("Mine unge")
    }

    pub fn sign_out(&self) -> Result<()> {
        self.browser.click_text("Log ud")?;
        self.browser.find("input[name=login]").map(drop)
    }

    /// Makes an invitation and gives its code; it stays on the screen.
    pub fn invite(&self, label: &str) -> Result<String> {
        self.browser.click_text("Inviter en ung")?;
        let field = self.browser.find("input[name=label]")?;
        self.browser.type_into(&field, label)?;
        self.browser.click_text("Lav invitation")?;
        let code =
            self.browser.wait_until("the code", "return document.querySelector('.big-code')?.innerText.trim()")?;
        Ok(code.as_str().context("no code")?.to_owned())
    }

    pub fn go_to_list(&self) -> Result<()> {
        self.browser.click_css("a.brand")?;
        self.browser.wait_for_text("Mine unge")
    }

    /// Records the custody holder's yes for the one who waits.
    pub fn record_custody(&self, who: &str) -> Result<()> {
        let field = self.browser.find("input[name=given_by]")?;
        self.browser.click(&field)?;
        self.browser.type_into(&field, who)?;
        self.browser.click_text("De siger ja")?;
        self.browser.wait_for_text("Deler med dig")
    }

    /// Opens what the first young person of the list shares.
    pub fn read(&self) -> Result<()> {
        self.browser.click_text("Læs")?;
        self.browser.wait_for_text("Den unge kan se, at du har læst")
    }

    /// Begins to answer the first point that has no answer of theirs, or goes on with it.
    pub fn begin_answer(&self, said: &str, reason: &str) -> Result<()> {
        self.write_answer("Svar", said, reason)
    }

    /// The same by the button of this name.
    pub fn write_answer(&self, button: &str, said: &str, reason: &str) -> Result<()> {
        self.browser.click_text(button)?;
        self.choose(said)?;
        let field = self.browser.find("dialog textarea")?;
        self.browser.type_into(&field, reason)
    }

    /// Sends what is in the open sheet of an answer, which closes when it is there.
    pub fn send_answer(&self) -> Result<()> {
        self.browser.click_text("Send svaret")?;
        self.browser.wait_for_no_sheet()
    }

    /// In the open sheet: `yes`, `no` or `later`.
    pub fn choose(&self, said: &str) -> Result<()> {
        self.browser.click_css(&format!("dialog[open] input[value={said}]"))
    }

    /// Suggests something beside an entry.
    pub fn suggest(&self, entry: &str, text: &str) -> Result<()> {
        self.browser.click_text(&format!("Foreslå: {entry}"))?;
        let field = self.browser.find("dialog textarea")?;
        self.browser.type_into(&field, text)?;
        self.browser.click_text("Send forslaget")?;
        self.wait_for_outcome(text, "Den unge har ikke svaret endnu.")
    }

    /// Waits until the review says this of a suggestion.
    pub fn wait_for_outcome(&self, text: &str, outcome: &str) -> Result<()> {
        let script = format!(
            "return [...document.querySelectorAll('.review .answer')]
               .some((it) => it.innerText.includes({}) && it.innerText.includes({}))",
            json!(text),
            json!(outcome)
        );
        self.browser.wait_until(&format!("“{outcome}” at “{text}”"), &script).map(drop)
    }

    /// Puts a value in a date, time or text field, as a picker does.
    pub fn set_field(&self, css: &str, value: &str) -> Result<()> {
        let field = self.browser.find(css)?;
        self.browser.set_value(&field, value)
    }

    /// What the review shows as the young person's words, in order.
    pub fn words(&self) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll('.review .own')].map((e) => e.innerText.trim())";
        Ok(serde_json::from_value(self.browser.execute(script, &[])?)?)
    }

    /// What the review marks as new.
    pub fn new_words(&self) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll('.review .new')]
            .map((e) => e.querySelector('.own').innerText.trim())";
        Ok(serde_json::from_value(self.browser.execute(script, &[])?)?)
    }

    pub fn wait_for_words(&self, text: &str) -> Result<()> {
        let script = format!(
            "return [...document.querySelectorAll('.review .own')].some((e) => e.innerText.replaceAll('\u{a0}', ' ').trim() === {})",
            json!(text)
        );
        self.browser.wait_until(&format!("“{text}” in the review"), &script).map(drop)
    }
}
