//! What goes to the disk and comes back from it, and what is kept of a field while somebody types in it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Everything that was stored, as it comes back when the app starts.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Loaded {
    /// The operations' own texts.
    pub ops: Vec<String>,
    /// The identities that no server has confirmed.
    pub outbox: Vec<String>,
    pub meta: Vec<(String, String)>,
    /// How many stored things could not be unsealed. They are left where they are.
    pub unreadable: usize,
}

impl Loaded {
    pub fn meta(&self, name: &str) -> Option<&str> {
        self.meta.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What is written together, or not at all.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Batch {
    /// Identity and text of operations; one with a known identity replaces it (that is how words are erased).
    pub ops: Vec<(String, String)>,
    pub outbox_add: Vec<String>,
    pub outbox_remove: Vec<String>,
    /// `None` removes.
    pub meta: Vec<(String, Option<String>)>,
}

impl Batch {
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty() && self.outbox_add.is_empty() && self.outbox_remove.is_empty() && self.meta.is_empty()
    }

    /// Adds what another batch would write after this one.
    pub fn append(&mut self, mut later: Self) {
        self.ops.append(&mut later.ops);
        self.outbox_remove.retain(|id| !later.outbox_add.contains(id));
        self.outbox_add.retain(|id| !later.outbox_remove.contains(id));
        self.outbox_add.append(&mut later.outbox_add);
        self.outbox_remove.append(&mut later.outbox_remove);
        self.meta.append(&mut later.meta);
    }
}

/// Why something could not be stored or read. Never holds what it was about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StoreError {
    /// The browser lets us store nothing here (private window, blocked by a setting).
    Blocked,
    /// The phone is full, or the browser gives us no more room.
    Full,
    /// The connection to the database died and could not be had again.
    Dead,
    /// A newer build of the app has changed the database.
    Newer,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blocked => "storage is blocked",
            Self::Full => "storage is full",
            Self::Dead => "the database does not answer",
            Self::Newer => "the database was written by a newer build",
        })
    }
}

impl std::error::Error for StoreError {}

/// What somebody was writing: kept at every keystroke until its transaction is on disk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// The entity and the field.
    pub on: String,
    pub field: String,
    pub text: String,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// What the writer had before their eyes, and wrote since: the words go on top of that. Absent in what an earlier
    /// build has kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Vec<String>>,
    /// Where the entry belongs, when it may not exist yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<NewEntry>,
    /// What the words have become already, as far as it may not be on disk: whoever takes the draft up takes these in, rather
    /// than writing the same anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ops: Vec<String>,
}

/// Where something new is being written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NewEntry {
    pub section: String,
    /// For a person at the meeting: the kind of actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}
