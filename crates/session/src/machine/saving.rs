//! "Gemt" means on disk: batches go to storage one after another, and the word is a function of everything that waits.

use super::Machine;
use crate::effect::Effect;
use crate::faults::Fault;
use crate::storage::{Batch, StoreError};

/// How it goes with saving. One word each on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Saving {
    /// Nothing has been written since the app started.
    Idle,
    Working,
    /// Everything that was typed is on disk, or was let go of.
    Saved,
    /// Something that was typed cannot be kept as it is; it stays on the screen, with the reason.
    Refused,
    /// It is not on disk; it is tried again at the next chance.
    Failed(StoreError),
}

/// What is on its way to the disk.
#[derive(Default)]
pub(crate) struct Saver {
    /// Handed over, and not answered yet.
    writing: Option<Batch>,
    /// What comes after it.
    pending: Batch,
    /// Why the last try came to nothing, until one succeeds.
    pub(crate) error: Option<StoreError>,
    has_written: bool,
    has_asked_to_persist: bool,
}

impl Saver {
    pub(crate) fn is_busy(&self) -> bool {
        self.writing.is_some() || !self.pending.is_empty()
    }

    /// Whether an operation is on its way to the disk.
    pub(crate) fn has(&self, id: &str) -> bool {
        let waiting = self.writing.iter().chain([&self.pending]).flat_map(|batch| &batch.ops);
        waiting.into_iter().any(|(waiting, _)| waiting == id)
    }
}

impl Machine {
    /// What may be said of saving, now.
    pub fn saving(&self) -> Saving {
        if self.typing.has_refused() && !self.faults.has(Fault::SavedOverRefused) {
            return Saving::Refused;
        }
        match self.saver.error {
            Some(error) if self.saver.is_busy() => Saving::Failed(error),
            _ if self.saver.is_busy() || self.typing.has_unwritten() => Saving::Working,
            _ if self.saver.has_written => Saving::Saved,
            _ => Saving::Idle,
        }
    }

    /// Puts a batch in line and starts writing.
    pub(crate) fn enqueue(&mut self, batch: Batch) {
        if !batch.is_empty() {
            self.saver.has_written = true;
            self.saver.pending.append(batch);
            self.write_pending();
        }
    }

    fn write_pending(&mut self) {
        if self.saver.writing.is_none() && !self.saver.pending.is_empty() {
            let batch = std::mem::take(&mut self.saver.pending);
            self.saver.writing = Some(batch.clone());
            self.effects.push(Effect::Store(batch));
        }
    }

    /// Tries again what could not be written.
    pub fn retry_saving(&mut self) {
        self.write_pending();
    }

    pub(crate) fn stored(&mut self) {
        let batch = self.saver.writing.take().unwrap_or_default();
        self.saver.error = None;
        if !batch.ops.is_empty() && !std::mem::replace(&mut self.saver.has_asked_to_persist, true) {
            self.effects.push(Effect::AskToPersist);
        }
        self.write_pending();
        self.drop_drafts();
    }

    pub(crate) fn store_failed(&mut self, error: StoreError) {
        // What came meanwhile goes after what could not be written.
        let mut batch = self.saver.writing.take().unwrap_or_default();
        batch.append(std::mem::take(&mut self.saver.pending));
        self.saver.pending = batch;
        self.saver.error = Some(error);
    }
}
