//! Reactive state and commands: the only bridge between the domain and the screen.
//!
//! A page asks [`Session`] for what to show and gives it commands; it never sees storage, network or clock.

mod backup;
mod commands;
mod drafts;
mod saving;
mod sharing;
pub mod staff;
mod start;
mod syncing;

pub use backup::Restored;
pub use drafts::new_slot;
pub use saving::Saving;
pub use sharing::{ShareError, Sharing};
pub use syncing::Contact;

/// What is wrong with storage, for the screen.
pub use crate::storage::StoreError as Trouble;
/// Words that were typed and could not be kept, for the screen.
pub use crate::storage::journal::Draft as Unfinished;

use crate::platform::clock;
use crate::platform::tabs::Tabs;
use crate::storage::journal::Journal;
use crate::storage::{Batch, IndexedDb, StoreError};
use crate::sync::driver::Patience;
use leptos::prelude::*;
use plan::edit::Change;
use plan::{Editor, OpId, OpSet, Part, Refused, ReplicaId, Section};
use std::collections::BTreeSet;

/// What the app holds while it is open. Copied freely; everything in it is a handle.
#[derive(Clone, Copy)]
pub struct Session {
    /// Everything that has been written.
    pub set: RwSignal<OpSet>,
    pub saving: RwSignal<Saving>,
    /// Storage that could not be had, with the reason; the app works on and says so.
    pub trouble: RwSignal<Option<StoreError>>,
    /// What can be taken back, latest last.
    undoable: RwSignal<Vec<Change>>,
    pub sharing: Sharing,
    /// How it goes with the server.
    pub contact: RwSignal<Contact>,
    /// A newer build waits to be used.
    pub update: RwSignal<bool>,
    /// Whether the first questions have been answered or skipped.
    pub welcomed: RwSignal<bool>,
    /// The latest command that could not be carried out, where there is no field to say it under.
    pub refused: RwSignal<Option<Refused>>,
    /// What was typed and could not be kept as it is; it stays in the journal and on the screen until it can.
    pub unfinished: RwSignal<Vec<Unfinished>>,
    /// How often each part has changed: a screen that shows one part need not look when another changes.
    revisions: [Memo<u64>; Part::ALL.len()],
    sections: [Memo<Vec<Section>>; Part::ALL.len()],
    inner: StoredValue<Inner, LocalStorage>,
}

/// What no screen looks at.
struct Inner {
    editor: Editor,
    db: Option<IndexedDb>,
    opening: bool,
    journal: Journal,
    tabs: Tabs,
    /// Written but not on disk yet.
    pending: Batch,
    writing: bool,
    /// There are drafts that another tab may still be writing.
    young_drafts: bool,
    /// Whether the browser has been asked not to throw the storage away.
    asked_to_persist: bool,
    /// Something stands in a field that has not been handed on.
    typing: bool,
    /// Fields whose words are on their way to the disk; the journal lets go of them when they are there.
    handed_on: Vec<(String, String)>,
    /// Not confirmed by a server.
    outbox: BTreeSet<OpId>,
    cursor: u64,
    /// Which copy of the server's the cursor counts in.
    generation: String,
    syncing: bool,
    sync_again: bool,
    patience: Patience,
}

impl Session {
    /// A session that has read nothing yet; [`Session::start`] does.
    pub fn new() -> Self {
        let replica = ReplicaId(clock::random().unwrap_or_default());
        let set = RwSignal::new(OpSet::new());
        let revisions = Part::ALL.map(|part| Memo::new(move |_| set.with(|set| set.revision(part))));
        let sections = Part::ALL.map(|part| {
            Memo::new(move |_| {
                revisions[part as usize].get();
                set.with_untracked(|set| set.list_sections(part))
            })
        });
        Self {
            set,
            revisions,
            sections,
            saving: RwSignal::new(Saving::Idle),
            trouble: RwSignal::new(None),
            undoable: RwSignal::new(Vec::new()),
            sharing: Sharing::new(),
            contact: RwSignal::new(Contact::Quiet),
            update: RwSignal::new(false),
            welcomed: RwSignal::new(false),
            refused: RwSignal::new(None),
            unfinished: RwSignal::new(Vec::new()),
            inner: StoredValue::new_local(Inner {
                editor: Editor::new(replica),
                db: None,
                opening: false,
                journal: Journal::new(None, &format!("{:016x}", replica.0)),
                tabs: Tabs::open(|_| ()),
                pending: Batch::default(),
                writing: false,
                young_drafts: false,
                asked_to_persist: false,
                typing: false,
                handed_on: Vec::new(),
                outbox: BTreeSet::new(),
                cursor: 0,
                generation: String::new(),
                syncing: false,
                sync_again: false,
                patience: Patience::default(),
            }),
        }
    }

    /// The sections of a part with everything in them, as they stand.
    pub fn sections(&self, part: Part) -> Memo<Vec<Section>> {
        self.sections[part as usize]
    }

    /// Reads something of one part, and again when that part has changed.
    pub fn look<T>(&self, part: Part, read: impl FnOnce(&OpSet) -> T) -> T {
        self.revisions[part as usize].get();
        self.set.with_untracked(read)
    }

    /// Says why a command was not carried out; a command that was takes the message away.
    pub fn tell(&self, done: Result<(), Refused>) {
        self.refused.set(done.err());
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

/// A day as it is said: `fredag 4. december`. `None` when it is not a day.
pub fn describe_day(day: &str) -> Option<String> {
    day.parse::<plan::Day>().ok().and_then(|_| clock::describe_day(day))
}

/// A moment as it is said: `4. december kl. 14.05`.
pub fn describe(millis: u64) -> String {
    clock::describe(millis)
}

/// A day far away, with its year: `4. december 2027`.
pub fn describe_date(millis: u64) -> String {
    clock::describe_date(millis)
}

/// This moment.
pub fn now() -> u64 {
    clock::now()
}

/// What stands in the address after `#`: the code of an invitation, which no server sees there.
pub fn code_in_link() -> String {
    crate::platform::events::fragment()
}
