//! What adults suggest beside an entry. It never stands in the entry: taken, it is an entry of the young person's own, in their
//! words from then on. Pure questions to an [`OpSet`].

use crate::author::{OUTCOME, SUGGESTION, TEXT};
use crate::id::Entity;
use crate::meeting::{By, Level};
use crate::part::Part;
use crate::set::OpSet;

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

    /// The suggestions of one member of staff that wait for an answer.
    pub fn list_open_suggestions(&self, staff: &str) -> Vec<Entity> {
        let all = Part::ALL.into_iter().flat_map(|part| self.list_entities(part, SUGGESTION, TEXT));
        all.filter(|on| on.owner() == Some(staff) && self.is_open(on)).cloned().collect()
    }

    pub(crate) fn is_open(&self, on: &Entity) -> bool {
        let is_shown = on.said_to().is_some_and(|entry| self.is_listed(&entry)) && !self.is_deleted(on);
        is_shown && self.value(on, TEXT).is_some() && self.taken(on).is_none()
    }
}
