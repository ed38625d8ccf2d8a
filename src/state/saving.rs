//! "Gemt" means on disk: batches go to storage one after another, and the word is shown when the last has answered.

use super::Session;
use crate::platform::files;
use crate::storage::{Batch, Store, StoreError};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How it goes with saving. One word each on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Saving {
    /// Nothing has been written since the app started.
    Idle,
    Working,
    /// Everything written is on disk.
    Saved,
    /// What stands in a field cannot be kept as it is; the field says why.
    Refused,
    /// It is not on disk; it is tried again at the next chance.
    Failed(StoreError),
}

impl Session {
    /// Puts a batch in line and starts writing.
    pub(super) fn enqueue(&self, batch: Batch) {
        if batch.is_empty() {
            return;
        }
        self.saving.set(Saving::Working);
        self.inner.update_value(|inner| inner.pending.append(batch));
        self.write_pending();
    }

    /// Tries again what could not be written.
    pub fn retry_saving(&self) {
        if self.inner.with_value(|inner| !inner.writing && !inner.pending.is_empty()) {
            self.saving.set(Saving::Working);
            self.write_pending();
        }
    }

    fn write_pending(&self) {
        let this = *self;
        let begun = self.inner.try_update_value(|inner| !std::mem::replace(&mut inner.writing, true));
        if begun != Some(true) {
            return;
        }
        spawn_local(async move {
            let end = this.write_all().await;
            this.inner.update_value(|inner| inner.writing = false);
            match end {
                Ok(()) => this.settle(),
                Err(error) => this.saving.set(Saving::Failed(error)),
            }
            // What a newer build has written is still there after a save.
            if end.is_err() || this.trouble.get_untracked() != Some(StoreError::Newer) {
                this.trouble.set(end.err());
            }
        });
    }

    /// Says "Gemt" when it is true: nothing waits for the disk, and nothing has been typed that is not on its way there.
    pub fn settle(&self) {
        let done = self.inner.try_update_value(|inner| {
            let done = !inner.typing && !inner.writing && inner.pending.is_empty();
            if done {
                for (on, field) in std::mem::take(&mut inner.handed_on) {
                    inner.journal.remove(&on, &field);
                }
            }
            done
        });
        let may_say = match self.saving.get_untracked() {
            Saving::Working => true,
            // What was refused has been kept after all, or let go of.
            Saving::Refused => self.unfinished.with_untracked(Vec::is_empty),
            Saving::Idle | Saving::Saved | Saving::Failed(_) => false,
        };
        if done == Some(true) && may_say {
            self.saving.set(Saving::Saved);
        }
    }

    async fn write_all(&self) -> Result<(), StoreError> {
        loop {
            let next = self.inner.try_update_value(|inner| (std::mem::take(&mut inner.pending), inner.db.clone()));
            let Some((batch, db)) = next else { return Ok(()) };
            if batch.is_empty() {
                return Ok(());
            }
            let written = match &db {
                Some(db) => db.write(&batch).await,
                None => Err(self.trouble.get_untracked().unwrap_or(StoreError::Blocked)),
            };
            if let Err(error) = written {
                // What came meanwhile goes after what could not be written.
                self.inner.update_value(|inner| {
                    let later = std::mem::replace(&mut inner.pending, batch);
                    inner.pending.append(later);
                });
                return Err(error);
            }
            let asked = batch.ops.is_empty()
                || self.inner.try_update_value(|inner| std::mem::replace(&mut inner.asked_to_persist, true))
                    != Some(false);
            if !asked {
                // Not waited for: Firefox asks the young person, and may never get an answer.
                spawn_local(async {
                    files::ask_to_persist().await;
                });
            }
        }
    }

    /// Whether everything that was written is on disk.
    pub fn is_all_saved(&self) -> bool {
        matches!(self.saving.get(), Saving::Idle | Saving::Saved)
    }
}
