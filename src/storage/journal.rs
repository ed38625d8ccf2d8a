//! The typing journal: the field that is being typed in, sealed, written at every keystroke and removed when the
//! transaction that holds the same words is on disk. It survives a killed tab and a dead database connection.
//!
//! One slot per tab and field. It is not the store: a browser may lose the last seconds of it when it is killed.

use super::local::is_available;
use super::seal::Sealer;
use gloo_storage::{LocalStorage, Storage as _};
use session::Draft;
use std::cell::RefCell;
use std::rc::Rc;

const PREFIX: &str = "min-plan.journal.";

/// What is kept free for drafts on a phone that is full: it takes room from the start and gives back as much as a draft needs.
/// Firefox counts local storage as part of what a page may keep, so when the database is full, there is no room here either.
const ROOM: &str = "min-plan.room";
/// Characters: the longest text of Danish letters and its operation, sealed and in hexadecimal, and a few short ones.
const ROOM_SIZE: usize = 65_536;
/// Less than this is not worth keeping free.
const LEAST_ROOM: usize = 1_024;
/// A value is kept as JSON.
const QUOTES: usize = 2;

/// The slots of one tab.
#[derive(Clone)]
pub struct Journal {
    sealer: Option<Sealer>,
    tab: String,
    /// What there was no room for yet.
    unfit: Rc<RefCell<Vec<Draft>>>,
}

impl Journal {
    /// Until it is given a key nothing is written: words are never stored in the clear.
    pub fn new(tab: &str) -> Self {
        Self { sealer: None, tab: tab.to_owned(), unfit: Rc::default() }
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

    /// Where there is no room at all, the words are on the screen alone, which says that they are not saved. They are written when
    /// another draft goes.
    pub fn write(&self, draft: &Draft) {
        self.unfit.borrow_mut().retain(|unfit| (&unfit.on, &unfit.field) != (&draft.on, &draft.field));
        let name = self.name(&draft.on, &draft.field);
        let sealed = serde_json::to_string(draft).ok().and_then(|text| self.sealer.as_ref()?.seal(&name, &text));
        if let Some(sealed) = sealed.filter(|_| is_available()) {
            let hex: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
            if !put(&name, &hex) {
                self.unfit.borrow_mut().push(draft.clone());
            }
        }
    }

    pub fn remove(&self, on: &str, field: &str) {
        self.unfit.borrow_mut().retain(|unfit| (unfit.on.as_str(), unfit.field.as_str()) != (on, field));
        self.forget(&self.name(on, field));
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

    /// Removes a draft by the name it was found under, once its words are on disk or in a slot of this tab.
    pub fn forget(&self, name: &str) {
        if is_available() {
            let given_back = size_of(name);
            LocalStorage::delete(name);
            let unfit = self.unfit.take();
            unfit.iter().for_each(|draft| self.write(draft));
            keep_free(given_back);
        }
    }

    fn open(&self, name: &str, hex: &str) -> Option<Draft> {
        let sealed: Option<Vec<u8>> =
            hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
        serde_json::from_str(&self.sealer.as_ref()?.open(name, sealed?)?).ok()
    }
}

/// Writes over what is there, which stays when there is no room for the new. Answers whether there was.
fn put(name: &str, hex: &str) -> bool {
    let before = size_of(name);
    let size = name.len() + hex.len() + QUOTES;
    if LocalStorage::set(name, hex).is_ok() {
        keep_free(before.saturating_sub(size));
        return true;
    }
    // No more than what is missing: the database would take the rest, and the next draft would find nothing.
    let room = size_of(ROOM);
    let is_free = set_free(room.saturating_sub(size.saturating_sub(before)));
    let fits = is_free && LocalStorage::set(name, hex).is_ok();
    if !fits {
        set_free(room);
    }
    fits
}

/// In characters, as browsers count: the name, and what lies under it.
fn size_of(name: &str) -> usize {
    LocalStorage::raw().get_item(name).ok().flatten().map_or(0, |item| name.len() + item.len())
}

/// Keeps as many characters more free as there are, or what is to be had of them.
fn keep_free(mut more: usize) {
    let now = size_of(ROOM);
    more = more.min(ROOM_SIZE.saturating_sub(now));
    while more >= LEAST_ROOM && !set_free(now + more) {
        more /= 2;
    }
}

fn set_free(size: usize) -> bool {
    LocalStorage::raw().set_item(ROOM, &" ".repeat(size.saturating_sub(ROOM.len()))).is_ok()
}
