//! A phone: the disk that its tabs share, their journal, their cookies, and the tabs.

use crate::server::Jar;
use plan::{Entity, Parts, Record, Seen};
use protocol::ErrorCode;
use session::{Batch, Call, Contact, Draft, Loaded, Machine, NewEntry};
use std::collections::{BTreeMap, BTreeSet};

/// What a crash does not take.
#[derive(Clone, Default)]
pub struct Disk {
    pub ops: BTreeMap<String, String>,
    pub outbox: BTreeSet<String>,
    pub meta: BTreeMap<String, String>,
    /// Where each text is on it.
    texts: BTreeMap<String, BTreeSet<String>>,
    /// Nothing fits any more.
    pub is_full: bool,
}

impl Disk {
    /// One transaction. Answers with the texts that are not on the disk any more.
    pub fn apply(&mut self, batch: &Batch) -> Vec<String> {
        let mut gone = Vec::new();
        for (id, raw) in &batch.ops {
            if let Some(old) = self.ops.insert(id.clone(), raw.clone()).as_deref().and_then(text_of) {
                if let Some(ids) = self.texts.get_mut(&old) {
                    ids.remove(id);
                }
                gone.push(old);
            }
            if let Some(text) = text_of(raw) {
                self.texts.entry(text).or_default().insert(id.clone());
            }
        }
        self.outbox.extend(batch.outbox_add.iter().cloned());
        for id in &batch.outbox_remove {
            self.outbox.remove(id);
        }
        for (name, value) in &batch.meta {
            match value {
                Some(value) => self.meta.insert(name.clone(), value.clone()),
                None => self.meta.remove(name),
            };
        }
        gone.retain(|text| !self.has(text));
        gone
    }

    pub fn has(&self, text: &str) -> bool {
        self.texts.get(text).is_some_and(|ids| !ids.is_empty())
    }

    pub fn meta(&self) -> Vec<(String, String)> {
        self.meta.clone().into_iter().collect()
    }

    pub fn load(&self) -> Loaded {
        Loaded {
            ops: self.ops.values().cloned().collect(),
            outbox: self.outbox.iter().cloned().collect(),
            meta: self.meta(),
            unreadable: 0,
        }
    }
}

fn text_of(raw: &str) -> Option<String> {
    let record = Record::parse(raw).ok()?;
    record.op.value.as_ref().map(|value| value.text().to_owned()).filter(|text| !text.is_empty())
}

/// As the app names what lies in the journal.
pub fn draft_name((tab, on, field): &(u64, String, String)) -> String {
    format!("min-plan.journal.{tab:016x}.{on}.{field}")
}

pub struct Phone {
    /// How far its clock is from the true time.
    pub skew: i64,
    pub jar: Jar,
    pub disk: Disk,
    /// By the tab, the entity and the field.
    pub journal: BTreeMap<(u64, String, String), Draft>,
    pub tabs: Vec<Tab>,
    pub is_offline: bool,
    /// Files that were saved, to be put back.
    pub files: Vec<Vec<String>>,
}

/// Somebody is in a field.
pub struct Pen {
    pub on: Entity,
    pub field: &'static str,
    pub new: Option<NewEntry>,
    pub seen: Option<Seen>,
    /// What was shown at the first keystroke, and what has been typed since.
    pub known: BTreeSet<String>,
}

/// A request that this tab waits for.
pub struct Flight {
    pub call: Call,
    /// The parts of the words in it.
    pub parts: Parts,
    pub secret: Option<String>,
}

pub struct Tab {
    /// No two tabs ever have the same.
    pub name: u64,
    pub machine: Machine,
    pub is_loaded: bool,
    /// In the background: nothing happens in it, and it hears nothing.
    pub is_frozen: bool,
    pub pen: Option<Pen>,
    pub flights: BTreeMap<u64, Flight>,
    /// What can be read in it now.
    pub visible: BTreeSet<String>,
    /// What an undo in it has brought back.
    pub raised: BTreeSet<String>,
    pub noes: BTreeSet<String>,
    /// By the recipient, the latest wish that was said or heard here.
    pub wishes: BTreeMap<String, usize>,
    /// Of every yes that was said here to a new contact.
    pub tickets: Vec<String>,
    pub mark: u64,
    /// The server does not know this phone: it was put back to a time before.
    pub is_unknown: bool,
}

impl Tab {
    /// Whether the server has answered as to somebody that it knows.
    pub fn is_known(&self) -> bool {
        !self.is_unknown && self.machine.contact() != Contact::Refused(ErrorCode::SignedOut)
    }

    pub fn new(name: u64, machine: Machine) -> Self {
        Self {
            name,
            machine,
            is_loaded: false,
            is_frozen: false,
            is_unknown: false,
            pen: None,
            flights: BTreeMap::new(),
            visible: BTreeSet::new(),
            raised: BTreeSet::new(),
            noes: BTreeSet::new(),
            wishes: BTreeMap::new(),
            tickets: Vec::new(),
            mark: 0,
        }
    }
}
