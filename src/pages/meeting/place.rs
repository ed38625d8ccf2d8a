//! Where one is in Mit Møde: at which meeting, before or after it, and what is open over that.

use crate::routes::Place;
use plan::{Entity, template};

/// What stands in the address: the meeting (but for the first one), the view, the section, with a colon between them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MeetingPlace {
    meeting: String,
    pub view: View,
    section: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum View {
    Before,
    /// One of its [`STEPS`] parts, counted from 0.
    During(usize),
    After,
    /// The agenda as it is printed.
    Agenda,
    /// The minutes as they are printed.
    Minutes,
}

/// The parts of a meeting that is held.
pub const STEPS: usize = 5;
/// How each of them is called in the address.
const DURING: [&str; STEPS] = ["under", "under-2", "under-3", "under-4", "under-5"];
const AFTER: &str = "efter";
const AGENDA: &str = "dagsorden";
const MINUTES: &str = "referat";

impl View {
    fn from_name(name: &str) -> Option<Self> {
        let step = DURING.iter().position(|step| *step == name).map(Self::During);
        step.or(match name {
            AFTER => Some(Self::After),
            AGENDA => Some(Self::Agenda),
            MINUTES => Some(Self::Minutes),
            _ => None,
        })
    }

    fn name(self) -> Option<&'static str> {
        match self {
            Self::Before => None,
            Self::During(step) => DURING.get(step).copied(),
            Self::After => Some(AFTER),
            Self::Agenda => Some(AGENDA),
            Self::Minutes => Some(MINUTES),
        }
    }
}

impl MeetingPlace {
    /// Reads an address. What is neither a view nor one of the meetings there are is a section.
    pub fn read(rest: Option<&str>, is_meeting: impl Fn(&str) -> bool) -> Self {
        let mut place = Self::before(template::FIRST_MEETING);
        for piece in rest.unwrap_or_default().split(':').filter(|piece| !piece.is_empty()) {
            match View::from_name(piece) {
                Some(view) => place.view = view,
                None if is_meeting(piece) => piece.clone_into(&mut place.meeting),
                None => place.section = Some(piece.to_owned()),
            }
        }
        place
    }

    /// A meeting that is prepared.
    pub fn before(meeting: &str) -> Self {
        Self { meeting: meeting.to_owned(), view: View::Before, section: None }
    }

    #[must_use]
    pub fn with_view(&self, view: View) -> Self {
        Self { view, section: None, meeting: self.meeting.clone() }
    }

    #[must_use]
    pub fn with_section(&self, section: Option<String>) -> Self {
        Self { section, ..self.clone() }
    }

    pub fn entity(&self) -> Entity {
        Entity::meeting(&self.meeting)
    }

    pub fn is_first(&self) -> bool {
        self.meeting == template::FIRST_MEETING
    }

    /// The list of one of its sections.
    pub fn list(&self, section: &str) -> String {
        if self.is_first() { section.to_owned() } else { template::list_of(&self.meeting, section) }
    }

    /// The list that is open.
    pub fn open(&self) -> Option<String> {
        self.section.as_ref().map(|section| self.list(section))
    }

    pub fn place(&self) -> Place {
        let meeting = (!self.is_first()).then_some(self.meeting.as_str());
        let pieces: Vec<&str> = [meeting, self.view.name(), self.section.as_deref()].into_iter().flatten().collect();
        Place::Meeting(Some(pieces.join(":")).filter(|rest| !rest.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_read_as_it_is_written() {
        let quick = "00c0ffee00c0ffee-1";
        for (rest, list) in [
            (None, None),
            (Some("m_hvem"), Some("m_hvem".to_owned())),
            (Some("efter"), None),
            (Some("dagsorden"), None),
            (Some("referat"), None),
            (Some("under"), None),
            (Some("under-4:m_aftaler"), Some("m_aftaler".to_owned())),
            (Some("efter:m_aftaler"), Some("m_aftaler".to_owned())),
            (Some(quick), None),
            (Some("00c0ffee00c0ffee-1:referat"), None),
            (Some("00c0ffee00c0ffee-1:efter:m_aftaler"), Some(format!("{quick}.m_aftaler"))),
            (Some("findes-ikke"), Some("findes-ikke".to_owned())),
        ] {
            let place = MeetingPlace::read(rest, |name| name == quick);
            assert_eq!((place.open(), place.place()), (list, Place::Meeting(rest.map(str::to_owned))), "{rest:?}");
        }
    }
}
