//! A yes on its way: it carries a secret of this phone's, so that asking again finds the same yes, and an answer that gets
//! lost leaves nobody with a yes that they cannot take back.

use plan::Parts;
use plan::consent::Birthdays;
use protocol::{Code, GiveConsentRequest, parse_parts, part_names};
use std::cmp::Ordering;

/// A yes that was said here, and whose outcome is not known yet.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Yes {
    pub(crate) secret: String,
    /// For when the server has been told meanwhile that the first one will never come.
    pub(crate) spare: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) replaces: Option<String>,
    pub(crate) parts: Parts,
    pub(crate) born: Birthdays,
    /// Its place among all that was said about sharing.
    pub(crate) count: u64,
    /// It only takes parts back, which holds at once and is told like a no.
    pub(crate) narrows: bool,
    /// It has left the phone at least once.
    pub(crate) is_asked: bool,
    /// It was said before for other parts or the same, so what comes of it may be what was said then.
    pub(crate) is_again: bool,
    /// It was said in this tab.
    pub(crate) is_from_here: bool,
    /// Ticks for which it is left to the tab that said it, which may live and have it under way.
    pub(crate) wait: u32,
}

/// Longer than a request may take, in ticks of five seconds.
const WAIT: u32 = 4;

impl Yes {
    pub(crate) fn narrows(&self) -> bool {
        self.narrows
    }

    /// What another tab knows of the same yes, which may have been said again there for other parts.
    pub(crate) fn join(&mut self, theirs: Self) {
        match theirs.count.cmp(&self.count) {
            Ordering::Less => {}
            Ordering::Equal => {
                self.parts = self.parts.common(theirs.parts);
                self.is_asked |= theirs.is_asked;
            }
            Ordering::Greater => {
                (self.count, self.parts, self.born) = (theirs.count, theirs.parts, theirs.born);
                (self.narrows, self.is_asked, self.is_again) = (theirs.narrows, theirs.is_asked, true);
                // Somebody has just said it again, and has it under way.
                self.wait = WAIT;
            }
        }
    }

    /// The same, under a secret that nobody has heard yet.
    pub(crate) fn under(self, secret: String) -> Self {
        Self { secret, is_asked: false, is_again: false, wait: 0, ..self }
    }

    /// Whether it answers this code, however it was typed.
    pub(crate) fn answers(&self, code: &str) -> bool {
        self.code.as_deref().is_some_and(|known| is_same_code(known, code))
    }

    pub(crate) fn tick(&mut self) {
        self.wait = self.wait.saturating_sub(1);
    }

    /// What whoever said it knows it by: the secret that they brought.
    pub(crate) fn ticket(&self) -> &str {
        self.spare.as_deref().unwrap_or(&self.secret)
    }

    pub(crate) fn request(&self) -> GiveConsentRequest {
        GiveConsentRequest {
            secret: Some(self.secret.clone()),
            code: self.code.clone(),
            replaces: self.replaces.clone(),
            parts: part_names(self.parts),
            turns_15: self.born.turns_15.to_string(),
            turns_18: self.born.turns_18.to_string(),
        }
    }

    /// What is said again has another name than before, so that no tab with older news writes over it.
    pub(crate) fn name(&self) -> String {
        format!("yes/{}/{}", self.secret, self.count)
    }

    pub(crate) fn to_text(&self) -> String {
        let request = serde_json::to_string(&self.request()).unwrap_or_default();
        let kind = match (self.narrows, self.is_asked) {
            (true, _) => '-',
            (false, true) => '+',
            (false, false) => '=',
        };
        format!("{kind}{request}")
    }

    pub(crate) fn from_text(name: &str, text: &str) -> Option<Self> {
        let (secret, count) = name.split_once('/')?;
        let request: GiveConsentRequest = serde_json::from_str(text.get(1..)?).ok()?;
        let born = Birthdays { turns_15: request.turns_15.parse().ok()?, turns_18: request.turns_18.parse().ok()? };
        Some(Self {
            secret: secret.to_owned(),
            spare: None,
            code: request.code,
            replaces: request.replaces,
            parts: parse_parts(&request.parts)?,
            born,
            count: count.parse().ok()?,
            narrows: text.starts_with('-'),
            is_asked: !text.starts_with('='),
            // Whoever reads of a yes cannot know how often it was said.
            is_again: true,
            is_from_here: false,
            wait: WAIT,
        })
    }
}

/// Whether two texts are one code, however each was typed.
pub(crate) fn is_same_code(one: &str, other: &str) -> bool {
    one == other || one.parse::<Code>().is_ok_and(|code| other.parse() == Ok(code))
}
