//! Who came to a meeting, by kind of person and never by name; and what the young person brings to it. Pure questions to an [`OpSet`].
//!
//! Both are names with a space between them in one field. Of two versions both count: what somebody has ticked on one phone is
//! not lost because something else was ticked on another.

use crate::author::{ATTENDANCE, BROUGHT, CAME};
use crate::document::Entry;
use crate::id::Entity;
use crate::meeting::By;
use crate::part::Part;
use crate::set::OpSet;
use crate::template::{self, ACTORS};
use std::collections::BTreeSet;

/// Who came, as each has said it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Attendance {
    /// As the young person says.
    pub own: Names,
    /// As adults say, the earliest first.
    pub theirs: Vec<Told>,
}

/// What one adult says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    pub on: Entity,
    pub kinds: Names,
    pub by: By,
}

/// What is ticked in a field.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Names(BTreeSet<String>);

impl Names {
    /// As they are stored.
    pub fn read(text: &str) -> Self {
        Self(text.split_whitespace().map(str::to_owned).collect())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With one more, or without it when it was there; as it is stored.
    #[must_use]
    pub fn toggled(&self, name: &str) -> String {
        let mut names = self.clone();
        if !names.0.remove(name) {
            names.0.insert(name.to_owned());
        }
        names.to_string()
    }
}

impl std::fmt::Display for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.0.iter().map(String::as_str).collect();
        f.write_str(&names.join(" "))
    }
}

impl Attendance {
    /// Every kind that somebody says came, in the order of [`ACTORS`]. A newer build's are not told: nobody here knows what they are
    /// called.
    pub fn kinds(&self) -> Vec<&'static str> {
        let came = |kind: &&str| self.own.has(kind) || self.theirs.iter().any(|told| told.kinds.has(kind));
        ACTORS.into_iter().filter(came).collect()
    }
}

/// Whether an adult may write this: kinds that are known, each once.
pub(crate) fn is_kinds(text: &str) -> bool {
    let names = Names::read(text);
    names.to_string() == text && names.0.iter().all(|kind| ACTORS.contains(&kind.as_str()))
}

impl OpSet {
    /// What is ticked in a field, by whichever device.
    pub fn names(&self, on: &Entity, field: &str) -> Names {
        let texts = self.texts(on, field);
        Names(texts.0.iter().flat_map(|version| Names::read(&version.text).0).collect())
    }

    /// Who came to a meeting.
    pub fn attendance(&self, meeting: &Entity) -> Attendance {
        let theirs = self.list_from(ATTENDANCE, CAME, meeting).into_iter();
        let theirs = theirs.map(|(on, by)| Told { kinds: self.names(on, CAME), by, on: on.clone() });
        Attendance { own: self.names(meeting, CAME), theirs: theirs.collect() }
    }

    /// The statements that the young person brings to a meeting. They stand in Vigtigt om mig and are shared with it, so who may not
    /// read that has none of them here.
    pub fn list_brought(&self, meeting: &Entity) -> Vec<Entry> {
        let mut all = self.list_statements();
        all.retain(|entry| self.names(&entry.on, BROUGHT).has(meeting.name()));
        all
    }

    /// What can be brought. A section that is hidden is hidden here, too.
    pub fn list_statements(&self) -> Vec<Entry> {
        if self.flag(&Entity::section(Part::AboutMe, template::STATEMENTS), "hidden") {
            return Vec::new();
        }
        let mut all = self.list_entries(Part::AboutMe, template::STATEMENTS);
        all.retain(|entry| !entry.texts.is_empty());
        all
    }
}
