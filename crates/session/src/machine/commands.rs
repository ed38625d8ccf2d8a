//! What a person can do with what is written. Each command becomes operations, shows at once, and is put in line for the
//! disk and, as far as a yes covers it, for the server.

use super::{Machine, Origin};
use plan::consent::permit;
use plan::edit::Direction;
use plan::meeting::Form;
use plan::{Editor, Entity, OpSet, Part, Record, Refused, Seen};

type Done = Result<(), Refused>;
type Written = Result<Vec<Record>, Refused>;

impl Machine {
    /// Runs a command on the domain and takes in what it writes.
    pub(crate) fn run(&mut self, now: u64, command: impl FnOnce(&mut Editor, &OpSet) -> Written) -> Written {
        self.editor.set_time(now);
        let written = command(&mut self.editor, &self.set);
        self.apply(now, written)
    }

    /// The same for every command, so that the program holds it once.
    fn apply(&mut self, now: u64, written: Written) -> Written {
        let records = written?;
        if records.is_empty() {
            return Ok(records);
        }
        records.iter().for_each(|record| self.typing.follow(record));
        let change = self.editor.change();
        let mut batch = self.insert(records.clone(), Origin::Here);
        batch.meta.extend(self.opened.take().map(|days| ("opened".into(), Some(days))));
        self.broadcast(Origin::Here, records.iter().map(|record| record.raw().to_owned()).collect());
        if self.undoable.last() != Some(&change) {
            self.undoable.push(change);
        }
        self.enqueue(batch);
        let may_leave = permit(&self.sharing.consents, now)
            .is_some_and(|permit| records.iter().any(|record| permit.allows(&record.op.on)));
        self.link.due |= may_leave;
        Ok(records)
    }

    fn command(&mut self, now: u64, command: impl FnOnce(&mut Editor, &OpSet) -> Written) -> Done {
        self.editor.begin_change();
        let written = self.run(now, command);
        self.end_command(now, written)
    }

    fn end_command(&mut self, now: u64, written: Written) -> Done {
        // A field that is still being written in goes on in a change of its own.
        self.editor.begin_change();
        self.pump(now);
        written.map(drop)
    }

    /// What comes now is undone by itself.
    pub fn begin_change(&mut self) {
        self.editor.begin_change();
    }

    /// Writes a text in one go: a choice between versions that were shown, something brought back, a day. It goes on top of
    /// what has been typed here since they were shown, too.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn set_text(&mut self, now: u64, seen: &Seen, field: &str, text: &str) -> Done {
        let seen = &self.with_own(seen);
        self.typing.show(seen, field);
        self.command(now, |editor, set| editor.set_text(set, seen, field, text))
    }

    /// # Errors
    /// When a newer build has written here.
    pub fn set_flag(&mut self, now: u64, on: &Entity, field: &str, flag: bool) -> Done {
        self.command(now, |editor, set| editor.set_flag(set, on, field, flag))
    }

    /// Makes a meeting more, and says what it is called.
    ///
    /// # Errors
    /// When a newer build has written here.
    pub fn add_meeting(&mut self, now: u64, form: Form) -> Result<Entity, Refused> {
        let mut made = None;
        self.command(now, |editor, set| {
            let (on, records) = editor.add_meeting(set, form)?;
            made = Some(on);
            Ok(records)
        })?;
        made.ok_or(Refused::Gone)
    }

    /// # Errors
    /// When it cannot be deleted, or a newer build has written here.
    pub fn delete_meeting(&mut self, now: u64, on: &Entity) -> Done {
        self.command(now, |editor, set| editor.delete_meeting(set, on))
    }

    /// Takes the day, the time and the place that an adult has proposed.
    ///
    /// # Errors
    /// When it is gone, or a newer build has written here.
    pub fn take_proposal(&mut self, now: u64, meeting: &Entity, proposal: &Entity) -> Done {
        self.command(now, |editor, set| editor.take_proposal(set, meeting, proposal))
    }

    /// Asks somebody to a meeting whom an adult has thought of.
    ///
    /// # Errors
    /// When it is gone or answered, there is no room, or a newer build has written here.
    pub fn take_invitee(&mut self, now: u64, meeting: &Entity, invitee: &Entity) -> Done {
        self.command(now, |editor, set| editor.take_invitee(set, meeting, invitee))
    }

    /// Sends what is being written to a contact.
    ///
    /// # Errors
    /// When a newer build has written here.
    pub fn send_message(&mut self, now: u64, staff: &str) -> Done {
        self.command(now, |editor, set| editor.send_message(set, staff))
    }

    /// Writes a message to a contact in one go, with words of the plan that go with it.
    ///
    /// # Errors
    /// When a newer build has written here.
    pub fn write_message(&mut self, now: u64, staff: &str, text: &str, quote: &str) -> Done {
        self.command(now, |editor, set| editor.write_message(set, staff, text, quote))
    }

    /// Whether something that was written has not reached the server, as far as this phone knows.
    pub fn is_waiting(&self, on: &Entity, field: &str) -> bool {
        self.set.heads(on, field).iter().any(|head| self.link.outbox.contains(&head.op.id))
    }

    /// Adds an entry in one go, such as an example that was tapped.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn add_entry(&mut self, now: u64, part: Part, section: &str, text: &str, kind: Option<&str>) -> Done {
        self.command(now, |editor, set| editor.add_entry(set, part, section, text, kind).map(|(_, records)| records))
    }

    /// # Errors
    /// When the entry is gone.
    pub fn move_entry(&mut self, now: u64, part: Part, section: &str, on: &Entity, direction: Direction) -> Done {
        self.command(now, |editor, set| editor.move_entry(set, part, section, on, direction))
    }

    /// Takes what an adult has suggested, with these words.
    ///
    /// # Errors
    /// When it is gone, or there is no room for it.
    pub fn take_suggestion(&mut self, now: u64, suggestion: &Entity, text: &str) -> Done {
        self.command(now, |editor, set| editor.take_suggestion(set, suggestion, text))
    }

    /// # Errors
    /// When a newer build has written here.
    pub fn decline_suggestion(&mut self, now: u64, suggestion: &Entity) -> Done {
        self.command(now, |editor, set| editor.decline_suggestion(set, suggestion))
    }

    /// # Errors
    /// When a newer build has written here.
    pub fn delete_entry(&mut self, now: u64, seen: &Seen) -> Done {
        let seen = self.with_own(seen);
        self.command(now, |editor, set| editor.delete_entry(set, &seen))
    }

    /// Takes every word away for good. There is nothing to undo afterwards.
    ///
    /// # Errors
    /// When a newer build has written here.
    pub fn erase(&mut self, now: u64, seen: &Seen) -> Done {
        let before = self.undoable.len();
        let done = self.command(now, |editor, set| editor.erase(set, seen));
        self.undoable.truncate(before);
        done
    }

    /// # Errors
    /// When the name is too long.
    pub fn add_section(&mut self, now: u64, part: Part, title: &str) -> Done {
        self.command(now, |editor, set| editor.add_section(set, part, title))
    }

    /// Takes the latest change back.
    ///
    /// # Errors
    /// When a newer build has written here.
    pub fn undo(&mut self, now: u64) -> Done {
        let Some(change) = self.undoable.pop() else { return Ok(()) };
        let before = self.undoable.len();
        let done = self.command(now, |editor, set| editor.undo(set, change));
        // The undo itself is not put in line to be undone: pressing again goes further back.
        self.undoable.truncate(before);
        if done.is_err() {
            self.undoable.push(change);
        }
        self.editor.begin_change();
        self.typing.forget_written();
        done
    }
}
