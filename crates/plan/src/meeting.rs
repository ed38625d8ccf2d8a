//! Meetings: which there are, and what was proposed, agreed and said about them. Pure questions to an [`OpSet`].
//!
//! What the young person writes about a meeting stands in its lists, as everything else does; what adults write stands on
//! entities of their own, which are named after the meeting.

use crate::author::{
    AGREEMENT, DATE, DUE, FROM, HEARD, INFORMED, OUTCOME, PLACE, PROPOSAL, REFLECTION, SAFE, TIME, WHAT, WHO, WORDS,
};
use crate::id::Entity;
use crate::op::Value;
use crate::part::Part;
use crate::set::OpSet;
use crate::sorted::sorted;
use crate::stamp::Stamp;
use crate::template;

/// How much of it there was: to each of the three questions after a meeting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    Yes,
    Partly,
    No,
}

impl Level {
    pub const ALL: [Self; 3] = [Self::Yes, Self::Partly, Self::No];

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// The name on the wire and in storage. Never changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
        }
    }
}

/// The three questions after a meeting, as they are stored: was I heard, was it safe, do I know what happens now.
pub const QUESTIONS: [&str; 3] = [HEARD, SAFE, INFORMED];

/// What kind of meeting it is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Form {
    /// Mit Møde.
    #[default]
    Network,
    /// Hurtigt møde: 15 minutes, a few days after an admission.
    Quick,
    /// Over til voksenpsykiatrien: moving to adult psychiatry.
    Adult,
}

impl Form {
    pub const ALL: [Self; 3] = [Self::Network, Self::Quick, Self::Adult];

    /// A newer build's is shown as an ordinary one.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|form| form.name() == name).unwrap_or_default()
    }

    /// The name in storage. Never changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Quick => "quick",
            Self::Adult => "adult",
        }
    }
}

/// A meeting of the young person's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Meeting {
    pub on: Entity,
    pub form: Form,
    /// `2026-11-22`, or empty.
    pub date: String,
}

/// Who has written something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct By {
    /// The name and the home of an adult, as they were when it was written first; empty for the young person.
    pub from: String,
    pub at: Stamp,
}

/// What was agreed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agreement {
    pub on: Entity,
    pub what: String,
    /// Who does it; may be empty.
    pub who: String,
    /// By which day; may be empty.
    pub due: String,
    /// Whether it came to something; `None` while the young person has not said.
    pub outcome: Option<Level>,
    pub by: By,
}

/// When and where an adult thinks that a meeting can be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    pub on: Entity,
    pub date: String,
    pub time: String,
    pub place: String,
    /// Whether the young person took it; `None` while they have not said.
    pub taken: Option<bool>,
    pub by: By,
}

/// What an adult says of how a meeting was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reflection {
    pub on: Entity,
    /// To each of [`QUESTIONS`].
    pub levels: [Option<Level>; QUESTIONS.len()],
    pub words: String,
    pub by: By,
}

impl OpSet {
    /// The meetings, the first one first and then in the order in which they were made.
    pub fn list_meetings(&self) -> Vec<Meeting> {
        let first = template::first_meeting();
        let made = self.list_entities(Part::Meeting, "meeting", "made");
        let made = made.filter(|on| **on != first && !self.is_deleted(on)).filter_map(|on| {
            let at = self.heads(on, "made").first()?.op.at;
            Some((at, on.clone()))
        });
        let later = sorted(made.collect(), |a: &(Stamp, Entity), b| a.cmp(b)).into_iter().map(|(_, on)| on);
        std::iter::once(first).chain(later).map(|on| self.meeting(on)).collect()
    }

    fn meeting(&self, on: Entity) -> Meeting {
        Meeting { form: Form::from_name(&self.said(&on, "form")), date: self.said(&on, DATE), on }
    }

    /// Whether something can be said to: an entry that stands in a list, a meeting that there is.
    pub fn is_there(&self, on: &Entity) -> bool {
        self.is_listed(on) || self.list_meetings().iter().any(|meeting| meeting.on == *on)
    }

    /// What was agreed at a meeting: by the young person in their order, then by adults, the earliest first.
    pub fn list_agreements(&self, meeting: &Entity) -> Vec<Agreement> {
        let list = template::list_of(meeting.name(), template::AGREEMENTS);
        let own = self.list_entries(Part::Meeting, &list).into_iter().map(|entry| {
            let at = entry.texts.0.first().map(|version| version.at).unwrap_or_default();
            let by = By { from: String::new(), at };
            self.agreement(entry.on, entry.texts.shown().to_owned(), by)
        });
        let theirs = self.list_from(AGREEMENT, WHAT, meeting);
        own.chain(theirs.into_iter().map(|(on, by)| self.agreement(on.clone(), self.said(on, WHAT), by))).collect()
    }

    fn agreement(&self, on: Entity, what: String, by: By) -> Agreement {
        let outcome = Level::from_name(&self.said(&on, OUTCOME));
        Agreement { what, who: self.said(&on, WHO), due: self.said(&on, DUE), outcome, by, on }
    }

    /// What adults have proposed: the latest of each who has, the earliest of these first.
    pub fn list_proposals(&self, meeting: &Entity) -> Vec<Proposal> {
        let all = self.list_from(PROPOSAL, DATE, meeting);
        let is_latest = |on: &Entity, by: &By| {
            let mut of_owner = all.iter().filter(|(other, _)| other.owner() == on.owner());
            of_owner.all(|(other, its)| (its.at, *other) <= (by.at, on))
        };
        let latest = all.iter().filter(|(on, by)| is_latest(on, by));
        latest.map(|(on, by)| self.proposal(on, by.clone())).collect()
    }

    fn proposal(&self, on: &Entity, by: By) -> Proposal {
        let [date, time, place] = [DATE, TIME, PLACE].map(|field| self.said(on, field));
        Proposal { date, time, place, taken: self.taken(on), by, on: on.clone() }
    }

    /// How it was for the adults who took part, the earliest first.
    pub fn list_reflections(&self, meeting: &Entity) -> Vec<Reflection> {
        let all = self.list_from(REFLECTION, HEARD, meeting).into_iter().map(|(on, by)| {
            let levels = QUESTIONS.map(|field| Level::from_name(&self.said(on, field)));
            Reflection { levels, words: self.said(on, WORDS), by, on: on.clone() }
        });
        all.collect()
    }

    /// What adults have said of one kind, the earliest first; without what the young person has taken away, and without what is
    /// not all here yet. `field` is one that each has.
    pub(crate) fn list_from(&self, kind: &str, field: &str, to: &Entity) -> Vec<(&Entity, By)> {
        let all = self.list_said(kind, to).filter(|on| !self.is_deleted(on)).filter_map(|on| {
            let head = *self.heads(on, field).first()?;
            head.op.value.as_ref()?;
            Some((on, By { from: self.said(on, FROM), at: head.op.at }))
        });
        sorted(all.collect(), |a: &(&Entity, By), b| (a.1.at, a.0).cmp(&(b.1.at, b.0)))
    }

    pub(crate) fn said(&self, on: &Entity, field: &str) -> String {
        self.value(on, field).map(Value::text).unwrap_or_default().to_owned()
    }
}
