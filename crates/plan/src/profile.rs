//! What a contact tells about themselves: to who is asked for a yes, and to who has given one.

use crate::limits::{MAX_ABOUT, MAX_HOURS};

/// In the contact's own words. Each may be empty.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Profile {
    /// Vigtigt om mig, as the contact has one, too.
    pub about: String,
    /// When they usually read what is written to them.
    pub hours: String,
    /// Who reads it when they are away.
    pub away: String,
}

impl Profile {
    /// Whether all of it is as long as it may be, and nothing but text.
    pub fn fits(&self) -> bool {
        let fits = |text: &str, most: usize| {
            text.chars().count() <= most && text.chars().all(|c| c == '\n' || !c.is_control())
        };
        fits(&self.about, MAX_ABOUT) && fits(&self.hours, MAX_HOURS) && fits(&self.away, MAX_HOURS)
    }
}
