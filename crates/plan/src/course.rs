//! How far it has come with a young person, as a contact may see it: derived from what happened, and ticked by nobody.
//!
//! Facts are days, moments and forms, part by part. What this module must not do: keep a word, or tell of a part without a permit.

use crate::consent::Permit;
use crate::date::{DAY_MILLIS, Day};
use crate::id::Entity;
use crate::meeting::Form;
use crate::op::Value;
use crate::part::{Part, Parts};
use crate::set::{DELETED, OpSet};
use crate::sorted::set_of;
use crate::template;
use std::fmt::Write as _;

/// Who has not looked for this long is reminded to.
pub const REVIEW_DAYS: u64 = 90;
/// The yearly review may be this much before the year is over.
pub const EARLY_DAYS: u64 = 30;
const YEAR_DAYS: u64 = 365;
/// Days on which a zone was changed that are known, the latest ones. Whoever writes every day reaches it after years.
const MOST_DAYS: usize = 1_000;
/// The first line of facts as text: those of another build are made anew.
const FORM: &str = "1";

/// What has happened in each part. Of what is hidden or erased there is nothing in it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Facts {
    zones: [Zone; Part::ZONES.len()],
    /// When the first of the statements that are there was written.
    statement: Option<u64>,
    meetings: Vec<Prepared>,
}

#[derive(Clone, PartialEq, Eq, Default, Debug)]
struct Zone {
    /// When the first of the entries that are there was written.
    begun: Option<u64>,
    /// The days on which an entry was written, changed or deleted, counted from 1970.
    changed: Vec<u64>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Prepared {
    day: Option<Day>,
    form: Form,
    /// When the first of the points that are on its agenda was written.
    first_point: Option<u64>,
}

/// The steps from a yes to the yearly review, in their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Step {
    Consent,
    /// Something stands in a zone of the plan.
    Begun,
    Statement,
    /// A point is on the agenda of a meeting.
    Prepared,
    FirstMeeting,
    /// The plan was changed on a later day than that of the first meeting.
    Revised,
    SecondMeeting,
    Yearly,
}

impl Step {
    pub const ALL: [Self; 8] = [
        Self::Consent,
        Self::Begun,
        Self::Statement,
        Self::Prepared,
        Self::FirstMeeting,
        Self::Revised,
        Self::SecondMeeting,
        Self::Yearly,
    ];
}

/// Whether a step has been taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    On(Day),
    NotYet,
    /// It is time for it.
    Due,
    /// What it would be seen by is not shared with who asks.
    NotShared,
}

impl Facts {
    pub fn of(set: &OpSet) -> Self {
        Self {
            zones: Part::ZONES.map(|part| Zone::of(set, part)),
            statement: entries(set, Part::AboutMe, template::STATEMENTS).filter_map(|on| first(set, &on)).min(),
            meetings: set
                .list_meetings()
                .into_iter()
                .map(|meeting| {
                    let agenda = template::list_of(meeting.on.name(), template::AGENDA);
                    let points = entries(set, Part::Meeting, &agenda);
                    let first_point = points.filter_map(|on| first(set, &on)).min();
                    Prepared { day: meeting.date.parse().ok(), form: meeting.form, first_point }
                })
                .collect(),
        }
    }

    /// Where each step stands, as far as it is seen by what is permitted.
    pub fn course(&self, permit: &Permit<'_>, first_given: u64, now_millis: u64) -> [(Step, Reach); Step::ALL.len()] {
        let seen = Seen { facts: self, parts: permit.parts(), first_given, now_millis };
        Step::ALL.map(|step| (step, seen.reach(step)))
    }

    /// The next meeting: today's or later.
    pub fn next_meeting(&self, permit: &Permit<'_>, now_millis: u64) -> Option<(Day, Form)> {
        let today = Day::at(now_millis);
        let meetings = self.meetings.iter().filter(|_| permit.parts().contains(Part::Meeting));
        let coming = meetings.filter_map(|meeting| Some((meeting.day.filter(|day| *day >= today)?, meeting.form)));
        coming.min_by_key(|(day, _)| *day)
    }

    /// For a place where it is kept, sealed.
    pub fn to_text(&self) -> String {
        let moment = |moment: Option<u64>| moment.map_or_else(|| "-".to_owned(), |moment| moment.to_string());
        let mut text = format!("{FORM}\n{}\n", moment(self.statement));
        for zone in &self.zones {
            // Writing to a string does not fail.
            let _ = write!(text, "{}", moment(zone.begun));
            for day in &zone.changed {
                let _ = write!(text, " {day}");
            }
            text.push('\n');
        }
        for Prepared { day, form, first_point } in &self.meetings {
            let day = day.map_or_else(|| "-".to_owned(), |day| day.to_string());
            let _ = writeln!(text, "{day} {} {}", form.name(), moment(*first_point));
        }
        text
    }

    /// `None` for what another build has written.
    pub fn from_text(text: &str) -> Option<Self> {
        let moment = |text: &str| if text == "-" { Some(None) } else { text.parse().ok().map(Some) };
        let mut lines = text.lines();
        lines.next().filter(|form| *form == FORM)?;
        let mut facts = Self { statement: moment(lines.next()?)?, ..Self::default() };
        for zone in &mut facts.zones {
            let mut pieces = lines.next()?.split(' ');
            zone.begun = moment(pieces.next()?)?;
            zone.changed = pieces.map(|day| day.parse().ok()).collect::<Option<_>>()?;
        }
        let meeting = |line: &str| {
            let mut pieces = line.split(' ');
            let (day, form, first_point) = (pieces.next()?, pieces.next()?, moment(pieces.next()?)?);
            Some(Prepared { day: day.parse().ok(), form: Form::from_name(form), first_point })
        };
        facts.meetings = lines.map(meeting).collect::<Option<_>>()?;
        Some(facts)
    }
}

impl Zone {
    fn of(set: &OpSet, part: Part) -> Self {
        let (mut begun, mut changed) = (None, Vec::new());
        let hidden = set.list_sections(part).into_iter().filter(|section| section.hidden);
        let hidden = set_of(hidden.map(|section| template::list_name(part, section.on.name())));
        for on in set.list_entities(part, "entry", "list") {
            let Some(Value::Text(list)) = set.value(on, "list") else { continue };
            if hidden.contains(list) || set.is_erased(on) {
                continue;
            }
            if has_words(set, on) {
                begun = begun.into_iter().chain(first(set, on)).min();
            }
            changed.extend(moments(set, on).map(|moment| moment / DAY_MILLIS));
        }
        changed.sort_unstable();
        changed.dedup();
        changed.drain(..changed.len().saturating_sub(MOST_DAYS));
        Self { begun, changed }
    }
}

/// The entries of one list that say something; of a hidden one there are none.
fn entries(set: &OpSet, part: Part, list: &str) -> impl Iterator<Item = Entity> {
    let is_shown = !set.flag(&Entity::section(part, template::section_of(list)), "hidden");
    let all = if is_shown { set.list_entries(part, list) } else { Vec::new() };
    all.into_iter().filter(|entry| !entry.texts.is_empty()).map(|entry| entry.on)
}

fn has_words(set: &OpSet, on: &Entity) -> bool {
    !set.is_deleted(on) && !set.texts(on, "text").is_empty()
}

/// When something was done about an entry.
fn moments<'a>(set: &'a OpSet, on: &'a Entity) -> impl Iterator<Item = u64> + 'a {
    ["list", "text", DELETED].into_iter().flat_map(|field| set.list_on(on, field)).map(|record| record.op.at.millis)
}

fn first(set: &OpSet, on: &Entity) -> Option<u64> {
    moments(set, on).min()
}

/// What somebody may see of the facts, at one moment.
struct Seen<'a> {
    facts: &'a Facts,
    parts: Parts,
    first_given: u64,
    now_millis: u64,
}

impl Seen<'_> {
    fn reach(&self, step: Step) -> Reach {
        let shares_meeting = self.parts.contains(Part::Meeting);
        let shares_plan = Part::ZONES.into_iter().any(|zone| self.parts.contains(zone));
        let is_seen = match step {
            Step::Consent => true,
            Step::Begun | Step::Yearly => shares_plan,
            Step::Statement => self.parts.contains(Part::AboutMe),
            Step::Prepared | Step::FirstMeeting | Step::SecondMeeting => shares_meeting,
            Step::Revised => shares_plan && shares_meeting,
        };
        if !is_seen {
            return Reach::NotShared;
        }
        let meetings = &self.facts.meetings;
        match step {
            Step::Consent => self.at(Some(self.first_given)),
            Step::Begun => self.at(self.zones().filter_map(|zone| zone.begun).min()),
            Step::Statement => self.at(self.facts.statement),
            Step::Prepared => self.at(meetings.iter().filter_map(|meeting| meeting.first_point).min()),
            Step::FirstMeeting => on(self.held(0)),
            Step::SecondMeeting => on(self.held(1)),
            Step::Revised => on(self.held(0).and_then(|day| self.changed_since(|changed| Day::at(changed) > day))),
            Step::Yearly => self.yearly(),
        }
    }

    /// A phone's clock may be ahead, and nothing has happened tomorrow.
    fn at(&self, moment: Option<u64>) -> Reach {
        on(moment.map(|moment| Day::at(moment.min(self.now_millis))))
    }

    fn zones(&self) -> impl Iterator<Item = &Zone> {
        let all = self.facts.zones.iter().zip(Part::ZONES);
        all.filter(|(_, part)| self.parts.contains(*part)).map(|(zone, _)| zone)
    }

    /// The day of a meeting that is over, by its number. A meeting without a day has not been held.
    fn held(&self, number: usize) -> Option<Day> {
        let today = Day::at(self.now_millis);
        let mut days: Vec<Day> = self.facts.meetings.iter().filter_map(|meeting| meeting.day).collect();
        days.retain(|day| *day < today);
        days.sort_unstable();
        days.get(number).copied()
    }

    /// The first day on which the plan was changed of those that are asked for by their beginning.
    fn changed_since(&self, is_wanted: impl Fn(u64) -> bool) -> Option<Day> {
        let days = self.zones().flat_map(|zone| &zone.changed).map(|day| day.saturating_mul(DAY_MILLIS));
        let days = days.filter(|begins| *begins <= self.now_millis && is_wanted(*begins));
        days.min().map(Day::at)
    }

    /// A year after the first yes, and each year after that: done when the plan was changed in the month before it or since.
    fn yearly(&self) -> Reach {
        let (given, today) = (self.first_given / DAY_MILLIS, self.now_millis / DAY_MILLIS);
        let years = (today + EARLY_DAYS).saturating_sub(given) / YEAR_DAYS;
        if years == 0 {
            return Reach::NotYet;
        }
        let opens = given.saturating_add(years * YEAR_DAYS - EARLY_DAYS);
        self.changed_since(|changed| changed / DAY_MILLIS >= opens).map_or(Reach::Due, Reach::On)
    }
}

fn on(day: Option<Day>) -> Reach {
    day.map_or(Reach::NotYet, Reach::On)
}

/// Whether it is time for a contact to read again: there is something new, or they have not looked for long.
pub fn is_review_due(has_news: bool, last_look: Option<u64>, given_at: u64, now_millis: u64) -> bool {
    has_news || now_millis.saturating_sub(last_look.unwrap_or(given_at)) >= REVIEW_DAYS * DAY_MILLIS
}
