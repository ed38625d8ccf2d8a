//! Meetings: made, and what an adult thinks of for them, taken.

use super::{Editor, Refused, Written};
use crate::author::{DATE, OUTCOME, PLACE, TIME};
use crate::id::Entity;
use crate::meeting::{Form, Level};
use crate::op::{Record, Value};
use crate::part::Part;
use crate::set::OpSet;
use crate::template;

impl Editor {
    /// Makes a meeting, and says what it is called.
    ///
    /// # Errors
    /// When a newer build has written here.
    pub fn add_meeting(&mut self, set: &OpSet, form: Form) -> Result<(Entity, Vec<Record>), Refused> {
        let on = Entity::meeting(&format!("{:016x}-{}", self.replica.0, self.seq + 1));
        let made = self.set(set, &on, "made", Value::Flag(true))?;
        let form = self.set(set, &on, "form", Value::Text(form.name().to_owned()))?;
        Ok((on, vec![made, form]))
    }

    /// Takes the day, the time and the place that an adult has proposed, in the young person's own name.
    ///
    /// # Errors
    /// When it is gone, or a newer build has written here.
    pub fn take_proposal(&mut self, set: &OpSet, meeting: &Entity, proposal: &Entity) -> Written {
        let proposed = set.list_proposals(meeting).into_iter().find(|it| it.on == *proposal).ok_or(Refused::Gone)?;
        let seen = set.see(meeting);
        let mut records = self.set_text(set, &set.see(proposal), OUTCOME, Level::Yes.name())?;
        for (field, text) in [(DATE, proposed.date), (TIME, proposed.time), (PLACE, proposed.place)] {
            // What is not proposed stays as it is.
            if !text.is_empty() {
                records.extend(self.set_text(set, &seen, field, &text)?);
            }
        }
        Ok(records)
    }

    /// Asks somebody to come whom an adult has thought of: by what they are, as every other on the list.
    ///
    /// # Errors
    /// When it is gone or answered, there is no room, or a newer build has written here.
    pub fn take_invitee(&mut self, set: &OpSet, meeting: &Entity, invitee: &Entity) -> Written {
        let all = set.list_invitees(meeting);
        let one = all.into_iter().find(|it| it.on == *invitee && it.taken.is_none()).ok_or(Refused::Gone)?;
        let list = template::list_of(meeting.name(), template::PEOPLE);
        let (_, mut records) = self.add_entry(set, Part::Meeting, &list, "", Some(&one.kind))?;
        records.extend(self.set_text(set, &set.see(invitee), OUTCOME, Level::Yes.name())?);
        Ok(records)
    }
}
