//! What a page can ask for. Each command becomes operations, shows at once, and is put in line for the disk.

use super::Session;
use plan::edit::Direction;
use plan::meeting::Form;
use plan::{Entity, Part, Refused, Seen};

type Done = Result<(), Refused>;

impl Session {
    /// What comes now is undone by itself.
    pub fn begin_change(&self) {
        self.act(|machine, _| machine.begin_change());
    }

    pub fn set_flag(&self, on: &Entity, field: &str, flag: bool) -> Done {
        self.act(|machine, now| machine.set_flag(now, on, field, flag))
    }

    /// Sends what is being written to a contact.
    pub fn send_message(&self, staff: &str) -> Done {
        self.act(|machine, now| machine.send_message(now, staff))
    }

    /// Writes a message to a contact in one go, with words of the plan that go with it.
    pub fn write_message(&self, staff: &str, text: &str, quote: &str) -> Done {
        self.act(|machine, now| machine.write_message(now, staff, text, quote))
    }

    /// Whether something that was written has not reached the server, as far as this phone knows.
    pub fn is_waiting(&self, on: &Entity, field: &str) -> bool {
        self.machine().borrow().is_waiting(on, field)
    }

    /// Adds an entry in one go, such as an example that was tapped.
    pub fn add_entry(&self, part: Part, section: &str, text: &str, kind: Option<&str>) -> Done {
        self.act(|machine, now| machine.add_entry(now, part, section, text, kind))
    }

    pub fn move_entry(&self, part: Part, section: &str, on: &Entity, direction: Direction) -> Done {
        self.act(|machine, now| machine.move_entry(now, part, section, on, direction))
    }

    /// Makes a meeting more, and says what it is called.
    pub fn add_meeting(&self, form: Form) -> Result<Entity, Refused> {
        self.act(|machine, now| machine.add_meeting(now, form))
    }

    pub fn delete_meeting(&self, on: &Entity) -> Done {
        self.act(|machine, now| machine.delete_meeting(now, on))
    }

    /// Takes the day, the time and the place that an adult has proposed.
    pub fn take_proposal(&self, meeting: &Entity, proposal: &Entity) -> Done {
        self.act(|machine, now| machine.take_proposal(now, meeting, proposal))
    }

    /// Asks somebody to come whom an adult has thought of.
    pub fn take_invitee(&self, meeting: &Entity, invitee: &Entity) -> Done {
        self.act(|machine, now| machine.take_invitee(now, meeting, invitee))
    }

    /// Takes what an adult has suggested, with these words.
    pub fn take_suggestion(&self, suggestion: &Entity, text: &str) -> Done {
        self.act(|machine, now| machine.take_suggestion(now, suggestion, text))
    }

    pub fn decline_suggestion(&self, suggestion: &Entity) -> Done {
        self.act(|machine, now| machine.decline_suggestion(now, suggestion))
    }

    pub fn restore_entry(&self, on: &Entity) -> Done {
        self.set_flag(on, "deleted", false)
    }

    /// Takes every word that was shown away for good. There is nothing to undo afterwards.
    pub fn erase(&self, seen: &Seen) -> Done {
        self.act(|machine, now| machine.erase(now, seen))
    }

    pub fn add_section(&self, part: Part, title: &str) -> Done {
        self.act(|machine, now| machine.add_section(now, part, title))
    }

    /// Takes the latest change back.
    pub fn undo(&self) -> Done {
        self.act(|machine, now| machine.undo(now))
    }

    /// The first questions are behind us.
    pub fn end_welcome(&self) {
        self.act(|machine, _| machine.end_welcome());
    }
}
