//! How operations are read. A phone on which nothing has been written needs it for nothing, so an app may bring it a moment later.
//!
//! Until it is there, what comes with operations in it waits, in its order, as if the disk or the other tab were slow.

use super::{KNOWN, Machine, NEW};
use crate::effect::Event;
use crate::storage::Loaded;
use plan::Record;

/// Reads one operation; `None` when it is none that this build can read.
pub type Reader = fn(&str) -> Option<Record>;

/// The reader. This is the only place that names it.
pub fn reader() -> Reader {
    |raw| Record::parse(raw).ok()
}

impl Event {
    fn has_operations(&self) -> bool {
        let has_some = |loaded: &Loaded| !loaded.ops.is_empty();
        match self {
            Self::Loaded(loaded) => has_some(loaded),
            Self::NewsRead(_, news) => news.as_ref().is_some_and(has_some),
            Self::Heard(texts) => texts.first().is_some_and(|kind| kind == NEW || kind == KNOWN),
            Self::LeftBehind { drafts, .. } => drafts.iter().any(|(_, draft)| !draft.ops.is_empty()),
            _ => false,
        }
    }
}

impl Machine {
    /// Brings the reader. What has waited for it happens now, in its order.
    pub fn bring_reader(&mut self, now: u64, reader: Reader) {
        self.reader = Some(reader);
        for event in std::mem::take(&mut self.unread) {
            self.handle(now, event);
        }
    }

    /// Whether an event has to wait until its operations can be read; then it does.
    pub(crate) fn waits_for_reader(&mut self, event: Event) -> Option<Event> {
        if self.reader.is_none() && event.has_operations() {
            self.unread.push(event);
            return None;
        }
        Some(event)
    }

    pub(crate) fn read(&self, raw: &str) -> Option<Record> {
        self.reader.and_then(|read| read(raw))
    }
}
