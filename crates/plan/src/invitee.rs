//! Who could be at a meeting beside those whom the young person has asked: a contact says what kind of person, and why. Pure questions to
//! an [`OpSet`].

use crate::author::{ACTOR, INVITEE, WHY};
use crate::id::Entity;
use crate::meeting::By;
use crate::set::OpSet;

/// Somebody whom an adult thinks should be there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invitee {
    pub on: Entity,
    /// One of [`crate::template::ACTORS`], or a newer build's.
    pub kind: String,
    /// May be empty.
    pub why: String,
    /// Whether the young person asks them to come; `None` while they have not said.
    pub taken: Option<bool>,
    pub by: By,
}

impl OpSet {
    /// Whom adults think of for a meeting, the earliest first.
    pub fn list_invitees(&self, meeting: &Entity) -> Vec<Invitee> {
        let all = self.list_from(INVITEE, ACTOR, meeting).into_iter();
        let one = |(on, by): (&Entity, By)| Invitee {
            kind: self.said(on, ACTOR),
            why: self.said(on, WHY),
            taken: self.taken(on),
            by,
            on: on.clone(),
        };
        all.map(one).collect()
    }
}
