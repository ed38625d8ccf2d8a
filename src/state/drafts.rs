//! What is being typed: kept at every key press, and never lost, also when it cannot be kept as it is.

use super::{Saving, Session};
use crate::platform::clock;
use crate::storage::journal::{Draft, Journal};
use leptos::prelude::*;
use plan::{Entity, Part, Refused};

/// A draft younger than this may belong to a tab that is open now.
const QUIET_MILLIS: u64 = 5_000;

impl Session {
    /// Keeps every keystroke until its transaction is on disk.
    pub fn keep_draft(&self, on: &str, field: &str, text: &str) {
        self.write_to_journal(&draft(on, field, text));
        self.inner.update_value(|inner| inner.typing = true);
        if self.saving.get_untracked() != Saving::Working {
            self.saving.set(Saving::Working);
        }
    }

    /// What was typed has been handed on: kept, or refused. The journal has it until it is on disk, and for as long as it
    /// is refused.
    pub(super) fn end_draft(&self, on: &str, field: &str, text: &str, kept: bool) {
        self.inner.update_value(|inner| {
            inner.typing = false;
            if kept {
                inner.handed_on.push((on.to_owned(), field.to_owned()));
            }
        });
        self.drop_unfinished(on, field);
        if kept {
            self.settle();
            return;
        }
        let refused = draft(on, field, text);
        self.write_to_journal(&refused);
        self.unfinished.update(|all| all.push(refused));
        self.saving.set(Saving::Refused);
    }

    /// A field was left with nothing in it to keep.
    pub fn nothing_typed(&self, on: &str, field: &str) {
        self.discard_unfinished(on, field);
        self.inner.update_value(|inner| inner.typing = false);
        self.settle();
    }

    /// Writes what was refused before where it belongs; somebody has made it shorter, or there is room now.
    ///
    /// # Errors
    /// When it cannot be kept this time either. It stays where it is.
    pub fn finish(&self, on: &str, field: &str, text: &str) -> Result<(), Refused> {
        self.begin_change();
        let mut pieces = on.splitn(3, '/');
        let part = pieces.next().and_then(Part::from_name);
        let done = match (part, pieces.next(), pieces.next()) {
            (Some(part), Some("new"), Some(section)) => {
                if text.trim().is_empty() || self.is_written(part, section, text) {
                    self.nothing_typed(on, field);
                    Ok(())
                } else {
                    self.add_entry(part, section, text, None).map(|_| ())
                }
            }
            _ => match on.parse::<Entity>() {
                Ok(on) => self.set_text(&on, field, text),
                Err(_) => Ok(()),
            },
        };
        self.begin_change();
        done
    }

    /// Lets go of what was refused.
    pub fn discard_unfinished(&self, on: &str, field: &str) {
        self.inner.with_value(|inner| inner.journal.remove(on, field));
        self.drop_unfinished(on, field);
    }

    fn drop_unfinished(&self, on: &str, field: &str) {
        let is_it = |draft: &Draft| draft.on == on && draft.field == field;
        if self.unfinished.with_untracked(|all| all.iter().any(is_it)) {
            self.unfinished.update(|all| all.retain(|draft| !is_it(draft)));
        }
    }

    fn write_to_journal(&self, draft: &Draft) {
        self.inner.with_value(|inner| inner.journal.write(draft));
    }

    /// What was being typed when a tab was killed is written now, as an ordinary edit.
    pub(super) fn take_up_drafts(&self) {
        let found = self.inner.with_value(|inner| inner.journal.take_left_behind(clock::now(), QUIET_MILLIS));
        for (name, draft) in found {
            // What is refused is in this tab's own journal afterwards, and on the screen.
            let _ = self.finish(&draft.on, &draft.field, &draft.text);
            Journal::forget(&name);
        }
    }

    /// Whether these words reached the disk before the journal could let go of them.
    fn is_written(&self, part: Part, section: &str, text: &str) -> bool {
        let entries = self.set.with_untracked(|set| set.list_entries(part, section));
        entries.iter().flat_map(|entry| &entry.texts.0).any(|version| version.text == text)
    }
}

fn draft(on: &str, field: &str, text: &str) -> Draft {
    Draft { on: on.to_owned(), field: field.to_owned(), text: text.to_owned(), at: clock::now() }
}
