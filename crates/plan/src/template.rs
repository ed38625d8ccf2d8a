//! The content that every plan starts from: `content/template.*.json`, turned into constants at build time.

use crate::id::Entity;
use crate::part::Part;

/// A section of the template.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Template {
    pub id: &'static str,
    pub part: Part,
    /// Where its words are in [`Content`].
    at: usize,
}

/// What a section says in one language.
#[derive(Debug)]
pub struct Words {
    pub title: &'static str,
    pub help: &'static str,
    /// What others have written: asked cold, nobody knows what to answer.
    pub examples: &'static [&'static str],
}

/// The template in one language: [`DANISH`] or [`ENGLISH`]. What somebody has written is in their own, whichever that is.
///
/// Each is an item of its own, so that an app can bring the one that is not read at first later.
#[derive(Debug)]
pub struct Content {
    /// What a section is called that has no name of its own.
    pub untitled: &'static str,
    sections: [Words; COUNT],
}

impl Content {
    pub fn of(&self, section: &Template) -> &Words {
        &self.sections[section.at]
    }
}

include!(concat!(env!("OUT_DIR"), "/template.rs"));

/// The sections of a part, in order.
pub fn sections(part: Part) -> impl Iterator<Item = &'static Template> {
    SECTIONS.iter().filter(move |section| section.part == part)
}

/// The template's section of this name.
pub fn find(part: Part, id: &str) -> Option<&'static Template> {
    sections(part).find(|section| section.id == id)
}

/// The list of free personal statements in Vigtigt om mig.
pub const STATEMENTS: &str = "udsagn";
/// The agenda of the meeting: at most five points.
pub const AGENDA: &str = "m_dagsorden";
/// The people for the meeting; each entry has a kind of actor.
pub const PEOPLE: &str = "m_hvem";
/// Why the young person holds the meeting.
pub const REASONS: &str = "m_hvorfor";
/// What they do not want to talk about at it.
pub const UNSPOKEN: &str = "m_ikke";
/// What was agreed at the meeting.
pub const AGREEMENTS: &str = "m_aftaler";
/// The first thing to do when it is hard; at most three are shown.
pub const HARD_ACTIONS: &str = "r_nu";
/// The people to talk to when it is hard.
pub const HARD_PEOPLE: &str = "r_tal";
/// What is worth holding on to.
pub const HARD_REASONS: &str = "r_grunde";

/// The fields of a meeting that are one text each.
pub const MEETING_FIELDS: [&str; 4] = ["date", "time", "place", "voice"];

/// The meeting that everybody has. One name, so that two phones that have never met prepare the same meeting.
pub const FIRST_MEETING: &str = "m1";

pub fn first_meeting() -> Entity {
    Entity::meeting(FIRST_MEETING)
}

/// The name that the entries of a section carry. A meeting's lists carry the meeting too, since there are more of them; without it
/// the first one is meant.
pub fn list_name(part: Part, section: &str) -> String {
    match part {
        Part::Meeting if !section.contains('.') => list_of(FIRST_MEETING, section),
        _ => section.to_owned(),
    }
}

/// The list of one meeting.
pub fn list_of(meeting: &str, section: &str) -> String {
    format!("{meeting}.{section}")
}

/// The meeting that a list belongs to.
pub fn meeting_of(list: &str) -> &str {
    list.rsplit_once('.').map_or(FIRST_MEETING, |(meeting, _)| meeting)
}

/// The section that a list belongs to.
pub fn section_of(list: &str) -> &str {
    list.rsplit_once('.').map_or(list, |(_, section)| section)
}

/// The kinds of actor that can be asked to come, as they are stored.
pub const ACTORS: [&str; 10] =
    ["relative", "support", "peer", "contact", "home", "bua", "municipality", "school", "doctor", OTHER_ACTOR];
/// Any other.
pub const OTHER_ACTOR: &str = "other";
