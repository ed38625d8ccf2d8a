//! What a stored operation is of, as far as it stands in the clear: the part that a consent speaks of, and for messages the thread
//! with one contact. So nothing need be opened to know who may read it.

use crate::ids::StaffId;
use plan::{Entity, Part, Parts};
use std::collections::BTreeSet;

/// What an operation about this is of. What is in no thread is of none that anybody has a yes to.
pub fn scope_of(on: &Entity) -> String {
    match on.thread() {
        Some(staff) => thread(staff),
        None => on.part().map_or("", Part::name).to_owned(),
    }
}

/// The thread with a contact.
pub fn thread(staff: &str) -> String {
    format!("{}:{staff}", Part::Messages.name())
}

/// Names of what may be read or is new.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Scopes(BTreeSet<String>);

impl Scopes {
    /// What a yes to this member of staff covers: of messages only their own.
    pub fn of(staff: &StaffId, parts: Parts) -> Self {
        let name = |part: Part| if part == Part::Messages { thread(staff.as_str()) } else { part.name().to_owned() };
        Self(parts.iter().map(name).collect())
    }

    /// What all of these cover together.
    pub fn of_all<'a>(grants: impl IntoIterator<Item = &'a (StaffId, Parts)>) -> Self {
        Self(grants.into_iter().flat_map(|(staff, parts)| Self::of(staff, *parts).0).collect())
    }

    pub fn add(&mut self, on: &Entity) {
        self.0.insert(scope_of(on));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn has_common(&self, other: &Self) -> bool {
        !self.0.is_disjoint(&other.0)
    }

    pub fn contains_all(&self, other: &Self) -> bool {
        self.0.is_superset(&other.0)
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// As a question to the store has them: `,red,messages:{staff},`, so that `instr` can ask for one.
    pub fn to_text(&self) -> String {
        self.iter().fold(",".to_owned(), |text, scope| text + scope + ",")
    }
}
