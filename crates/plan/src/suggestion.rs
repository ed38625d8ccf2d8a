//! What adults suggest beside an entry. It never stands in the entry: taken, it is an entry of the young person's own, in their
//! words from then on. Pure questions to an [`OpSet`].

use crate::author::{ACTOR, DATE, INVITEE, OUTCOME, PROPOSAL, SUGGESTION, TEXT};
use crate::id::Entity;
use crate::meeting::{By, Level};
use crate::part::Part;
use crate::set::OpSet;

/// What an adult offers for the young person to take or not: kinds, each with the field that says what it is.
const OFFERS: [(&str, &str); 3] = [(SUGGESTION, TEXT), (INVITEE, ACTOR), (PROPOSAL, DATE)];

/// The field that says what is offered; `None` for what is no offer.
pub fn offered_in(kind: &str) -> Option<&'static str> {
    OFFERS.into_iter().find(|(name, _)| *name == kind).map(|(_, field)| field)
}

/// What one adult has suggested.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    pub on: Entity,
    pub text: String,
    /// Whether the young person took it; `None` while they have not said.
    pub taken: Option<bool>,
    pub by: By,
}

impl OpSet {
    /// What adults have suggested beside an entry, the earliest first: without what the young person has taken away, and nothing
    /// where the entry is gone.
    pub fn list_suggestions(&self, entry: &Entity) -> Vec<Suggestion> {
        if !self.is_listed(entry) {
            return Vec::new();
        }
        let all = self.list_from(SUGGESTION, TEXT, entry).into_iter();
        all.map(|(on, by)| Suggestion { text: self.said(on, TEXT), taken: self.taken(on), by, on: on.clone() })
            .collect()
    }

    /// Whether the young person took what an adult offers; `None` while they have not said.
    pub(crate) fn taken(&self, on: &Entity) -> Option<bool> {
        Level::from_name(&self.said(on, OUTCOME)).map(|outcome| outcome == Level::Yes)
    }

    /// What one member of staff offers that waits for an answer.
    pub fn list_open_offers(&self, staff: &str) -> Vec<Entity> {
        let each = OFFERS.into_iter().flat_map(|offer| Part::ALL.map(|part| (part, offer)));
        let all = each.flat_map(|(part, (kind, field))| self.list_entities(part, kind, field));
        all.filter(|on| on.owner() == Some(staff) && self.is_open(on)).cloned().collect()
    }

    pub(crate) fn is_open(&self, on: &Entity) -> bool {
        let is_shown = on.said_to().is_some_and(|to| self.is_there(&to)) && !self.is_deleted(on);
        let says_something = |field| self.value(on, field).is_some();
        is_shown && offered_in(on.kind_name()).is_some_and(says_something) && self.taken(on).is_none()
    }
}
