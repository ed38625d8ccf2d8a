//! What a contact tells about themselves: to who is asked for a yes, and to who has given one.
//!
//! And who stands in for them, which the server knows.

use crate::date::{DAY_MILLIS, Day};
use crate::limits::{MAX_ABOUT, MAX_HOURS, MAX_STAND_IN_DAYS};

/// In the contact's own words. Each may be empty.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Profile {
    /// Vigtigt om mig, as the contact has one, too.
    pub about: String,
    /// When they usually read what is written to them.
    pub hours: String,
    /// Who reads it when they are away.
    pub away: String,
    /// Who stands in for them now, as far as that is told.
    pub stand_in: Option<StandIn>,
}

/// Who reads and answers what is written to a contact while they are away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StandIn {
    /// The identity that their words carry.
    pub staff: String,
    pub name: String,
    /// The last day.
    pub until: Day,
}

impl StandIn {
    /// Whether somebody may stand in until this day, when it is said now.
    pub fn may_end_on(until: Day, now_millis: u64) -> bool {
        let last = now_millis.saturating_add(MAX_STAND_IN_DAYS * DAY_MILLIS);
        (Day::at(now_millis)..=Day::at(last)).contains(&until)
    }

    pub fn is_here(&self, now_millis: u64) -> bool {
        Day::at(now_millis) <= self.until
    }
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
