//! What is kept on the phone: operations, what has not been sent, and a little about this device. Everything is sealed.
//!
//! A write is one strict transaction: when [`Store::write`] answers, the words are on disk. This module knows neither
//! what an operation means nor that there is a network.

#[cfg(any(test, target_arch = "wasm32"))]
pub mod contract;
pub mod indexed_db;
pub mod journal;
mod local;
pub mod memory;
mod request;
pub mod seal;

pub use indexed_db::IndexedDb;
pub use memory::Memory;

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

/// A place to keep things. One contract suite ([`contract`]) holds for each.
#[expect(async_fn_in_trait, reason = "there is one thread in a browser tab, so no future has to be Send")]
pub trait Store {
    /// Reads everything.
    ///
    /// # Errors
    /// When the place cannot be had.
    async fn load(&self) -> Result<Loaded, StoreError>;

    /// Writes a batch. When this answers `Ok` the batch is on disk; on an error none of it is.
    ///
    /// # Errors
    /// When the place cannot be had or is full.
    async fn write(&self, batch: &Batch) -> Result<(), StoreError>;
}
