//! What the young person does with what an adult suggests.

use super::{Editor, Refused, Written, check_room};
use crate::author::OUTCOME;
use crate::document::Entry;
use crate::id::Entity;
use crate::meeting::Level;
use crate::op::Value;
use crate::set::OpSet;
use crate::template::OTHER_ACTOR;

impl Editor {
    /// Takes what an adult has suggested: it becomes an entry of the young person's own, right after the one that it was suggested
    /// beside, with these words, which may be other ones. Without a word nothing is taken.
    ///
    /// # Errors
    /// When it is gone or has been answered, there is no room, the words are too long, or a newer build has written here.
    pub fn take_suggestion(&mut self, set: &OpSet, suggestion: &Entity, text: &str) -> Written {
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let (beside, part) = suggestion.said_to().zip(suggestion.part()).ok_or(Refused::Gone)?;
        if !set.is_open(suggestion) {
            return Err(Refused::Gone);
        }
        let list = set.value(&beside, "list").map(Value::text).ok_or(Refused::Gone)?;
        let entries = set.list_entries(part, list);
        let at = entries.iter().position(|entry| entry.on == beside).ok_or(Refused::Gone)?;
        check_room(part, list, &entries, text)?;
        let on = self.name_entry(part);
        let mut records = vec![self.set(set, &on, "list", Value::Text(list.to_owned()))?];
        records.extend(self.put(set, &entries.iter().collect::<Vec<&Entry>>(), at + 1, &on)?);
        if !entries[at].kind.is_empty() {
            // Somebody more for the meeting; of what kind is not suggested.
            records.push(self.set(set, &on, "kind", Value::Text(OTHER_ACTOR.to_owned()))?);
        }
        records.push(self.set(set, &on, "text", Value::Text(text.to_owned()))?);
        records.extend(self.set_text(set, &set.see(suggestion), OUTCOME, Level::Yes.name())?);
        Ok(records)
    }

    /// Says no thanks to what an adult has suggested.
    ///
    /// # Errors
    /// When a newer build has written here.
    pub fn decline_suggestion(&mut self, set: &OpSet, suggestion: &Entity) -> Written {
        self.set_text(set, &set.see(suggestion), OUTCOME, Level::No.name())
    }
}
