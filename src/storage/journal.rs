//! The typing journal: the field that is being typed in, sealed, written at every keystroke and removed when the
//! transaction that holds the same words is on disk. It survives a killed tab and a dead database connection.
//!
//! One slot per tab and field. It is not the store: a browser may lose the last seconds of it when it is killed.

use super::local::is_available;
use super::seal::Sealer;
use gloo_storage::{LocalStorage, Storage as _};
use session::Draft;

const PREFIX: &str = "min-plan.journal.";

/// What is kept free for drafts on a phone that is full: it takes room from the start and gives back as much as a draft needs.
/// Firefox counts local storage as part of what a page may keep, so when the database is full, there is no room here either.
const ROOM: &str = "min-plan.room";
/// Characters: the longest text of Danish letters and its operation, sealed and in hexadecimal, and a few short ones.
const ROOM_SIZE: usize = 65_536;
/// A value is kept as JSON.
const QUOTES: usize = 2;

/// The slots of one tab.
#[derive(Clone)]
pub struct Journal {
    sealer: Option<Sealer>,
    tab: String,
}

impl Journal {
    /// Until it is given a key nothing is written: words are never stored in the clear.
    pub fn new(tab: &str) -> Self {
        Self { sealer: None, tab: tab.to_owned() }
    }

    pub fn unlock(&mut self, sealer: Option<Sealer>) {
        self.sealer = sealer;
        if is_available() {
            keep_free(ROOM_SIZE);
        }
    }

    fn name(&self, on: &str, field: &str) -> String {
        format!("{PREFIX}{}.{on}.{field}", self.tab)
    }

    pub fn write(&self, draft: &Draft) {
        let name = self.name(&draft.on, &draft.field);
        let sealed = serde_json::to_string(draft).ok().and_then(|text| self.sealer.as_ref()?.seal(&name, &text));
        if let Some(sealed) = sealed.filter(|_| is_available()) {
            let hex: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
            if LocalStorage::set(&name, &hex).is_err() {
                // No more than that: the database would take the rest, and the next draft would find nothing.
                let missing = (name.len() + hex.len() + QUOTES).saturating_sub(size_of(&name));
                set_free(size_of(ROOM).saturating_sub(missing));
                // When that was not enough, the words are on the screen alone, which says that they are not saved.
                let _ = LocalStorage::set(&name, &hex);
            }
        }
    }

    pub fn remove(&self, on: &str, field: &str) {
        Self::forget(&self.name(on, field));
    }

    /// The tab that this is the journal of.
    pub fn tab(&self) -> &str {
        &self.tab
    }

    /// What earlier tabs have left behind, and whether there is more that may belong to a tab that lives: one of `living`,
    /// or, where nobody knows which those are, one that has written within `quiet_millis`.
    pub fn list_left_behind(
        &self,
        now_millis: u64,
        quiet_millis: u64,
        living: Option<&[String]>,
    ) -> (Vec<(String, Draft)>, bool) {
        let mut others = false;
        if !is_available() {
            return (Vec::new(), others);
        }
        let raw = LocalStorage::raw();
        let names: Vec<String> = (0..LocalStorage::length()).filter_map(|at| raw.key(at).ok().flatten()).collect();
        let own = format!("{PREFIX}{}.", self.tab);
        let mut drafts = Vec::new();
        for name in names.into_iter().filter(|name| name.starts_with(PREFIX) && !name.starts_with(&own)) {
            let draft = LocalStorage::get::<String>(&name).ok().and_then(|hex| self.open(&name, &hex));
            let Some(draft) = draft else { continue };
            let tab = name.strip_prefix(PREFIX).and_then(|name| name.split('.').next()).unwrap_or_default();
            let lives = match living {
                Some(living) => living.iter().any(|living| living == tab),
                // The clock may have been set back since.
                None => draft.at.abs_diff(now_millis) <= quiet_millis,
            };
            if lives {
                others = true;
            } else {
                drafts.push((name, draft));
            }
        }
        (drafts, others)
    }

    /// Removes a draft by the name it was found under, once its words are on disk.
    pub fn forget(name: &str) {
        if is_available() {
            let given_back = size_of(name);
            LocalStorage::delete(name);
            keep_free(given_back);
        }
    }

    fn open(&self, name: &str, hex: &str) -> Option<Draft> {
        let sealed: Option<Vec<u8>> =
            hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
        serde_json::from_str(&self.sealer.as_ref()?.open(name, sealed?)?).ok()
    }
}

/// In characters, as browsers count: the name, and what lies under it.
fn size_of(name: &str) -> usize {
    LocalStorage::raw().get_item(name).ok().flatten().map_or(0, |item| name.len() + item.len())
}

/// Keeps as many characters more free as there are, if they are to be had.
fn keep_free(more: usize) {
    let now = size_of(ROOM);
    if now < ROOM_SIZE {
        set_free((now + more).min(ROOM_SIZE));
    }
}

fn set_free(size: usize) {
    let _ = LocalStorage::raw().set_item(ROOM, &" ".repeat(size.saturating_sub(ROOM.len())));
}
