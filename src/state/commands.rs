//! What a page can ask for. Each command becomes operations, shows at once, and is put in line for the disk.

use super::Session;
use crate::platform::clock;
use crate::storage::Batch;
use leptos::prelude::*;
use plan::edit::{Change, Direction};
use plan::{Editor, Entity, OpSet, Part, Record, Refused};

impl Session {
    /// Runs a command on the domain and takes in what it writes.
    pub(super) fn run(
        &self,
        command: impl FnOnce(&mut Editor, &OpSet) -> Result<Vec<Record>, Refused>,
    ) -> Result<(), Refused> {
        let done = self.inner.try_update_value(|inner| {
            inner.editor.set_time(clock::now());
            let records = self.set.with_untracked(|set| command(&mut inner.editor, set))?;
            Ok((records, inner.editor.change()))
        });
        let (records, change) = done.unwrap_or(Err(Refused::Gone))?;
        if records.is_empty() {
            return Ok(());
        }
        let batch = self.take_in(records.clone(), true);
        self.inner.with_value(|inner| inner.tabs.tell(records.iter().map(|record| record.raw().to_owned())));
        self.undoable.update(|undoable| {
            if undoable.last() != Some(&change) {
                undoable.push(change);
            }
        });
        self.enqueue(batch);
        self.sync_soon();
        Ok(())
    }

    /// Adds records to the set and answers with what must be stored of them. `mine`: they were written here, so a
    /// server has not seen them.
    pub(super) fn take_in(&self, records: Vec<Record>, mine: bool) -> Batch {
        let mut batch = Batch::default();
        self.set.update(|set| {
            for record in records {
                let id = record.op.id;
                let effect = set.insert(record);
                if effect.changed && mine {
                    batch.outbox_add.push(id.to_string());
                    self.inner.update_value(|inner| {
                        inner.outbox.insert(id);
                    });
                }
                let touched = effect.changed.then_some(id).into_iter().chain(effect.erased);
                batch.ops.extend(
                    touched
                        .filter_map(|id| set.get(id))
                        .map(|record| (record.op.id.to_string(), record.raw().to_owned())),
                );
            }
        });
        batch
    }

    /// What comes now is undone by itself.
    pub fn begin_change(&self) {
        self.inner.update_value(|inner| {
            inner.editor.begin_change();
        });
    }

    pub fn set_text(&self, on: &Entity, field: &str, text: &str) -> Result<(), Refused> {
        self.run(|editor, set| editor.set_text(set, &set.see(on), field, text))
    }

    pub fn set_flag(&self, on: &Entity, field: &str, flag: bool) -> Result<(), Refused> {
        self.begin_change();
        self.run(|editor, set| editor.set_flag(set, on, field, flag))
    }

    /// Adds an entry and says what it is called, so that typing can go on in it.
    pub fn add_entry(&self, part: Part, section: &str, text: &str, kind: Option<&str>) -> Result<Entity, Refused> {
        let mut made = None;
        let done = self.run(|editor, set| {
            let (on, records) = editor.add_entry(set, part, section, text, kind)?;
            made = Some(on);
            Ok(records)
        });
        done?;
        made.ok_or(Refused::Gone)
    }

    pub fn move_entry(&self, part: Part, section: &str, on: &Entity, direction: Direction) -> Result<(), Refused> {
        self.begin_change();
        self.run(|editor, set| editor.move_entry(set, part, section, on, direction))
    }

    pub fn delete_entry(&self, on: &Entity) -> Result<(), Refused> {
        self.begin_change();
        self.run(|editor, set| editor.delete_entry(set, &set.see(on)))
    }

    pub fn restore_entry(&self, on: &Entity) -> Result<(), Refused> {
        self.set_flag(on, "deleted", false)
    }

    /// Takes every word away for good. There is nothing to undo afterwards.
    pub fn erase(&self, on: &Entity) -> Result<(), Refused> {
        self.begin_change();
        let before = self.undoable.with_untracked(Vec::len);
        self.run(|editor, set| editor.erase(set, &set.see(on)))?;
        self.undoable.update(|undoable| undoable.truncate(before));
        Ok(())
    }

    pub fn add_section(&self, part: Part, title: &str) -> Result<(), Refused> {
        self.begin_change();
        self.run(|editor, set| editor.add_section(set, part, title))
    }

    /// Whether there is anything to take back.
    pub fn can_undo(&self) -> bool {
        self.undoable.with(|undoable| !undoable.is_empty())
    }

    /// Takes the latest change back.
    pub fn undo(&self) -> Result<(), Refused> {
        let Some(change) = self.undoable.try_update(|undoable| undoable.pop()).flatten() else { return Ok(()) };
        self.undo_change(change)?;
        // The undo itself is not put in line to be undone: pressing again goes further back.
        self.undoable.update(|undoable| {
            undoable.pop();
        });
        Ok(())
    }

    fn undo_change(&self, change: Change) -> Result<(), Refused> {
        self.begin_change();
        let before = self.undoable.with_untracked(Vec::len);
        self.run(|editor, set| editor.undo(set, change))?;
        // An undo that wrote nothing has put nothing in line either.
        if self.undoable.with_untracked(Vec::len) == before {
            self.undoable.update(|undoable| undoable.push(change));
        }
        self.begin_change();
        Ok(())
    }
}
