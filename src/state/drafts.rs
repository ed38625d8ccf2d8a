//! What is being typed: kept at every key press, and never lost, also when it cannot be kept as it is.
//!
//! A [`Draft`] has a slot in the journal, by what it is about and its field. For an entry that does not exist yet that is
//! `part/new/section` and a name that nothing else being written there has. What is refused stays in its slot and in
//! [`Session::unfinished`] until the same words, made shorter, have been kept, or are let go of.

use super::{Saving, Session};
use crate::platform::clock;
use crate::storage::journal::{Draft, Journal};
use leptos::prelude::*;
use plan::{Entity, Part, Refused};

/// A draft younger than this may belong to a tab that is open now.
const QUIET_MILLIS: u64 = 5_000;

/// Where the words of an entry that does not exist yet are kept: apart from all else that is written in its section.
pub fn new_slot(part: Part, section: &str) -> (String, String) {
    (format!("{}/new/{section}", part.name()), format!("text-{:x}", clock::random().unwrap_or_default()))
}

impl Session {
    /// Keeps every keystroke until its transaction is on disk.
    pub fn keep_draft(&self, on: &str, field: &str, text: &str) {
        self.write_to_journal(&draft(on, field, text));
        self.inner.update_value(|inner| inner.typing = true);
        if self.saving.get_untracked() != Saving::Working {
            self.saving.set(Saving::Working);
        }
    }

    /// Keeps what was typed in a field of something that is there.
    ///
    /// # Errors
    /// When it cannot be kept as it is. Then it is in the journal, and on the screen.
    pub fn type_text(&self, on: &Entity, field: &str, text: &str) -> Result<(), Refused> {
        let done = self.set_text(on, field, text);
        self.end_draft(on.as_str(), field, text, done.is_ok());
        done
    }

    /// Keeps what was typed as a new entry, and says what that is called, so that typing can go on in it.
    ///
    /// # Errors
    /// As above.
    pub fn type_entry(
        &self,
        slot: &(String, String),
        part: Part,
        section: &str,
        text: &str,
        kind: Option<&str>,
    ) -> Result<Entity, Refused> {
        let made = self.add_entry(part, section, text, kind);
        self.end_draft(&slot.0, &slot.1, text, made.is_ok());
        made
    }

    /// What was typed has been handed on: kept, or refused. The journal has it until it is on disk, and for as long as it
    /// is refused.
    fn end_draft(&self, on: &str, field: &str, text: &str, kept: bool) {
        self.inner.update_value(|inner| {
            inner.typing = false;
            if kept {
                inner.handed_on.push((on.to_owned(), field.to_owned()));
            }
        });
        if kept {
            self.drop_unfinished(on, field);
            self.settle();
        } else {
            self.keep_unfinished(on, field, text);
            self.saving.set(Saving::Refused);
        }
    }

    /// Keeps what was refused as it stands now, in the journal and on the screen.
    pub fn keep_unfinished(&self, on: &str, field: &str, text: &str) {
        let refused = draft(on, field, text);
        self.write_to_journal(&refused);
        self.unfinished.update(|all| match all.iter_mut().find(|known| known.on == on && known.field == field) {
            Some(known) => *known = refused,
            None => all.push(refused),
        });
    }

    /// The words of this field that could not be kept, if there are any.
    pub fn find_unfinished(&self, on: &str, field: &str) -> Option<String> {
        let is_it = |draft: &&Draft| draft.on == on && draft.field == field;
        self.unfinished.with(|all| all.iter().find(is_it).map(|draft| draft.text.clone()))
    }

    /// A field was left with nothing in it to keep.
    pub fn nothing_typed(&self, on: &str, field: &str) {
        self.inner.update_value(|inner| {
            inner.journal.remove(on, field);
            inner.typing = false;
        });
        self.drop_unfinished(on, field);
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
                    self.type_entry(&(on.to_owned(), field.to_owned()), part, section, text, None).map(|_| ())
                }
            }
            _ => match on.parse::<Entity>() {
                Ok(on) => self.type_text(&on, field, text),
                Err(_) => Ok(()),
            },
        };
        self.begin_change();
        done
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
        let found = self.inner.try_update_value(|inner| {
            let (found, young) = inner.journal.take_left_behind(clock::now(), QUIET_MILLIS);
            inner.young_drafts = young;
            found
        });
        for (name, mut draft) in found.unwrap_or_default() {
            if draft.on.contains("/new/") {
                draft.field = format!("text-{:x}", clock::random().unwrap_or_default());
            } else if self.unfinished.with_untracked(|all| all.iter().any(|known| known.on == draft.on)) {
                // Two tabs have left something in one field: one after the other, at the next start.
                continue;
            }
            // In a slot of this tab first, which is let go of when the words are on disk or somebody says so.
            self.write_to_journal(&draft);
            let _ = self.finish(&draft.on, &draft.field, &draft.text);
            Journal::forget(&name);
        }
    }

    /// Drafts may have been too young to be taken up at the start. Nobody is disturbed who is writing.
    pub(super) fn take_up_young_drafts(&self) {
        if self.inner.with_value(|inner| inner.young_drafts && !inner.typing) {
            self.take_up_drafts();
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
