//! A field as it stands on the screen, and what is typed in it. What arrives while somebody is in it is hidden by it, so
//! every edit goes with what it showed.

use super::Session;
use crate::platform::clock;
use leptos::prelude::*;
use plan::document::Version;
use plan::{Entity, OpSet, Part, Refused, Seen};
use session::NewEntry;
use web_sys::HtmlInputElement;

type Done = Result<(), Refused>;

/// One field of one thing that is shown.
#[derive(Clone, Copy)]
pub struct Shown {
    session: Session,
    field: &'static str,
    /// What it showed when nobody wrote in it here.
    seen: StoredValue<Seen>,
}

impl Shown {
    /// What to show: the words of whoever writes in it here, or else what stands there. Follows both.
    pub fn text(&self) -> String {
        let on = self.seen.with_value(|seen| seen.on().clone());
        if let Some(own) = self.session.own_words(&on, self.field) {
            return own;
        }
        let read = |set: &OpSet| {
            self.seen.set_value(set.see(&on));
            set.texts(&on, self.field).shown().to_owned()
        };
        on.part().map(|part| self.session.look(part, read)).unwrap_or_default()
    }

    /// Whether somebody writes in it here.
    pub fn is_typed(&self) -> bool {
        self.seen.with_value(|seen| self.session.own_words(seen.on(), self.field)).is_some()
    }

    /// All that stands there, when more than one have written.
    pub fn versions(&self) -> Vec<Version> {
        let on = self.seen.with_value(|seen| seen.on().clone());
        on.part().map(|part| self.session.look(part, |set| set.texts(&on, self.field).0)).unwrap_or_default()
    }

    /// A keystroke.
    pub fn type_words(&self, text: &str) {
        self.seen.with_value(|seen| self.session.type_words(seen, self.field, text, None));
    }

    /// Keeps what was typed.
    pub fn flush(&self) -> Done {
        self.seen.with_value(|seen| self.session.flush(seen.on(), self.field))
    }

    /// Nobody is in it any more.
    pub fn leave(&self) {
        self.seen.with_value(|seen| self.session.leave(seen.on(), self.field));
    }

    /// Puts other words there in one go.
    pub fn set(&self, text: &str) -> Done {
        self.seen.with_value(|seen| self.session.act(|machine, now| machine.set_text(now, seen, self.field, text)))
    }

    /// Puts there what one of the browser's own fields was set to, as for a day. What is refused does not stand in it as if it held.
    pub fn set_from(&self, input: &HtmlInputElement) -> Done {
        let done = self.set(&input.value());
        if done.is_err() {
            input.set_value(&untrack(|| self.text()));
        }
        done
    }

    /// Deletes what it belongs to, with what has been typed in it.
    pub fn delete(&self) -> Done {
        // Words that cannot be kept stay where they are, and do not keep this from going.
        let _ = self.flush();
        self.seen.with_value(|seen| self.session.delete_entry(seen))
    }
}

impl Session {
    pub fn shown(&self, on: Entity, field: &'static str) -> Shown {
        Shown { session: *self, field, seen: StoredValue::new(self.see(&on)) }
    }

    /// What stands about something now, for whoever shows it in this moment.
    pub fn see(&self, on: &Entity) -> Seen {
        self.machine().borrow().set().see(on)
    }

    /// A name for what is about to be written.
    pub fn name_entry(&self, part: Part) -> Entity {
        Entity::entry(part, &format!("{:016x}-0", clock::random().unwrap_or_default()))
    }

    /// The words of whoever writes in a field here, if anybody does.
    pub fn own_words(&self, on: &Entity, field: &str) -> Option<String> {
        self.typing.get();
        self.machine().borrow().own_words(on, field).map(str::to_owned)
    }

    /// A keystroke in a field that showed this; `new` where an entry belongs that may not exist yet.
    pub fn type_words(&self, seen: &Seen, field: &str, text: &str, new: Option<&NewEntry>) {
        self.act(|machine, now| machine.type_words(now, seen, field, text, new));
    }

    /// Keeps what was typed in a field.
    ///
    /// # Errors
    /// When it cannot be kept as it is. Then it is in the journal, and on the screen.
    pub fn flush(&self, on: &Entity, field: &str) -> Done {
        self.act(|machine, now| machine.flush(now, on, field))
    }

    pub fn leave(&self, on: &Entity, field: &str) {
        self.act(|machine, _| machine.leave(on, field));
    }

    pub fn delete_entry(&self, seen: &Seen) -> Done {
        self.act(|machine, now| machine.delete_entry(now, seen))
    }

    /// Keeps what was refused as it stands now.
    pub fn keep_unfinished(&self, on: &Entity, field: &str, text: &str) {
        self.act(|machine, now| machine.keep_unfinished(now, on, field, text));
    }

    /// Writes what was refused before where it belongs; somebody has made it shorter, or there is room now.
    ///
    /// # Errors
    /// When it cannot be kept this time either. It stays where it is.
    pub fn finish(&self, on: &Entity, field: &str, text: &str) -> Done {
        self.act(|machine, now| machine.finish(now, on, field, text))
    }

    /// Nothing that stands in a field is to be kept.
    pub fn discard(&self, on: &Entity, field: &str) {
        self.act(|machine, _| machine.discard(on, field));
    }
}
