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
    After,
}

const AFTER: &str = "efter";

impl MeetingPlace {
    /// Reads an address. What is neither a view nor one of the meetings there are is a section.
    pub fn read(rest: Option<&str>, is_meeting: impl Fn(&str) -> bool) -> Self {
        let mut place = Self::before(template::FIRST_MEETING);
        for piece in rest.unwrap_or_default().split(':').filter(|piece| !piece.is_empty()) {
            match piece {
                AFTER => place.view = View::After,
                meeting if is_meeting(meeting) => meeting.clone_into(&mut place.meeting),
                section => place.section = Some(section.to_owned()),
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
        let view = (self.view == View::After).then_some(AFTER);
        let pieces: Vec<&str> = [meeting, view, self.section.as_deref()].into_iter().flatten().collect();
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
            (Some("efter:m_aftaler"), Some("m_aftaler".to_owned())),
            (Some(quick), None),
            (Some("00c0ffee00c0ffee-1:efter:m_aftaler"), Some(format!("{quick}.m_aftaler"))),
            (Some("findes-ikke"), Some("findes-ikke".to_owned())),
        ] {
            let place = MeetingPlace::read(rest, |name| name == quick);
            assert_eq!((place.open(), place.place()), (list, Place::Meeting(rest.map(str::to_owned))), "{rest:?}");
        }
    }
}
