//! The headings of an ordinary coordination plan, and what of the young person's own stands under each: so that an adult can put it
//! where their own sector looks for it.

use crate::part::Part;

/// A heading, in the order in which they are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Heading {
    Background,
    Important,
    Wellbeing,
    EarlySigns,
    OwnHelp,
    OthersHelp,
    Avoid,
    Admission,
    Afterwards,
    Network,
    Meeting,
    Agreements,
    /// What the young person has made a section of their own for.
    Other,
}

use Heading::{
    Admission, Afterwards, Agreements, Avoid, Background, EarlySigns, Important, Meeting, Network, OthersHelp, OwnHelp,
    Wellbeing,
};

const SECTIONS: [(&str, Heading); 38] = [
    ("navn", Background),
    ("godt", Background),
    ("styrker", Background),
    ("vigtigt", Important),
    ("udsagn", Important),
    ("drom", Important),
    ("g_tegn", Wellbeing),
    ("g_hver", Wellbeing),
    ("y_trig", EarlySigns),
    ("y_selv", EarlySigns),
    ("y_andre", EarlySigns),
    ("r_tegn", EarlySigns),
    ("y_gor", OwnHelp),
    ("y_sted", OwnHelp),
    ("r_nu", OwnHelp),
    ("r_grunde", OwnHelp),
    ("hjaelp", OthersHelp),
    ("y_hjaelp", OthersHelp),
    ("r_sikker", OthersHelp),
    ("ikke", Avoid),
    ("krop", Avoid),
    ("y_vaerre", Avoid),
    ("i_vil", Admission),
    ("i_ikke", Admission),
    ("i_besked", Admission),
    ("a_bagefter", Afterwards),
    ("a_hjem", Afterwards),
    ("a_igen", Afterwards),
    ("folk", Network),
    ("r_tal", Network),
    ("r_fag", Network),
    ("m_hvem", Network),
    ("m_hvorfor", Meeting),
    ("m_hvor", Meeting),
    ("m_dagsorden", Meeting),
    ("m_ikke", Meeting),
    ("m_stemme", Meeting),
    ("m_aftaler", Agreements),
];

impl Heading {
    pub const ALL: [Self; 13] = [
        Background,
        Important,
        Wellbeing,
        EarlySigns,
        OwnHelp,
        OthersHelp,
        Avoid,
        Admission,
        Afterwards,
        Network,
        Meeting,
        Agreements,
        Self::Other,
    ];

    /// Where a section stands. One that the template does not have stands with the meeting when it is the meeting's.
    pub fn of(part: Part, section: &str) -> Self {
        let known = SECTIONS.iter().find(|(name, _)| *name == section).map(|(_, heading)| *heading);
        known.unwrap_or(if part == Part::Meeting { Meeting } else { Self::Other })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{self, SECTIONS as ALL};

    #[test]
    fn every_section_has_its_heading_and_every_heading_its_sections() {
        for section in &ALL {
            assert_ne!(Heading::of(section.part, section.id), Heading::Other, "{}", section.id);
        }
        for (name, heading) in SECTIONS {
            assert!(ALL.iter().any(|section| section.id == name), "{name} is in no template");
            assert!(Heading::ALL.contains(&heading));
        }
        for heading in Heading::ALL {
            assert!(heading == Heading::Other || SECTIONS.iter().any(|(_, of)| *of == heading), "{heading:?} is empty");
        }
    }

    #[test]
    fn what_somebody_has_made_themselves_is_among_the_rest() {
        assert_eq!(Heading::of(Part::PlanRed, "00c0ffee00c0ffee-7"), Heading::Other);
        assert_eq!(Heading::of(Part::Meeting, "00c0ffee00c0ffee-7"), Heading::Meeting);
        assert_eq!(Heading::of(Part::AboutMe, template::STATEMENTS), Heading::Important);
    }
}
