//! Guests: what somebody without an account reads of one meeting, and for how long.

use crate::author::{DATE, PLACE, TIME};
use crate::date::{DAY_MILLIS, Day};
use crate::id::Entity;
use crate::meeting::Form;
use crate::part::Part;
use crate::set::OpSet;
use crate::template::{self, AGENDA};

/// What kinds of people a guest can be, as they are stored.
pub const KINDS: [&str; 8] = ["relative", "support", "home", "bua", "municipality", "school", "doctor", "other"];

/// A link to a meeting without a day is good for this long.
pub const WITHOUT_DAY_MILLIS: u64 = 30 * DAY_MILLIS;

/// A day that the meeting has had for less than this closes no link for good: who picks a day passes others on the way.
pub const SLIP_MILLIS: u64 = 60 * 60 * 1000;

/// Links of one young person that are open at once.
pub const MAX_GUESTS: usize = 8;

/// What a guest reads: never what is not to be talked about, and nothing of the plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agenda {
    pub form: Form,
    /// Each may be empty.
    pub date: String,
    pub time: String,
    pub place: String,
    pub points: Vec<String>,
}

impl Agenda {
    /// Whether a link that was made then has come to its end: with the day after the meeting. Days are those of UTC, so that it is
    /// an hour or two after midnight in Denmark.
    pub fn is_over(&self, made_at: u64, now: u64) -> bool {
        is_over(&self.date, made_at, now)
    }
}

/// Whether a meeting has begun, as far as its day tells.
pub fn has_begun(date: &str, now: u64) -> bool {
    date.parse::<Day>().map_or(true, |day| Day::at(now) >= day)
}

/// The same by the meeting's day, which may be empty.
pub fn is_over(date: &str, made_at: u64, now: u64) -> bool {
    match date.parse::<Day>() {
        Ok(day) => Day::at(now.saturating_sub(DAY_MILLIS)) > day,
        Err(_) => now > made_at.saturating_add(WITHOUT_DAY_MILLIS),
    }
}

impl OpSet {
    /// What a guest reads of a meeting; `None` when there is no such meeting any more.
    pub fn agenda(&self, meeting: &Entity) -> Option<Agenda> {
        let found = self.list_meetings().into_iter().find(|known| known.on == *meeting)?;
        let said = |field| self.texts(meeting, field).shown().to_owned();
        let points = self.list_entries(Part::Meeting, &template::list_of(meeting.name(), AGENDA));
        Some(Agenda {
            form: found.form,
            date: said(DATE),
            time: said(TIME),
            place: said(PLACE),
            points: points.into_iter().map(|point| point.texts.shown().to_owned()).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: u64 = DAY_MILLIS / 2;

    #[test]
    fn a_link_ends_with_the_day_after_the_meeting() {
        let at = |day: u64| day * DAY_MILLIS + NOON;
        let date = Day::at(at(100)).to_string();
        for (day, is_over_then) in [(0, false), (100, false), (101, false), (102, true), (400, true)] {
            assert_eq!(is_over(&date, at(0), at(day)), is_over_then, "{day}");
        }
        for date in ["", "snart"] {
            for (day, is_over_then) in [(0, false), (30, false), (31, true)] {
                assert_eq!(is_over(date, at(0), at(day)), is_over_then, "{day}");
            }
        }
    }
}
