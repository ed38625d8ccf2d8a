//! Messages: a thread for each contact, in which only the young person and they read and write. Pure questions to an [`OpSet`].
//!
//! What somebody may read is said by the name of the entity alone, so that nothing need be opened to know it.

use crate::author::{DRAFT, FROM, MESSAGE, QUOTE, READ, REPLY, TEXT, THREAD};
use crate::id::Entity;
use crate::op::Value;
use crate::part::Part;
use crate::set::OpSet;
use crate::sorted::sorted;
use crate::stamp::Stamp;
use std::collections::{BTreeMap, BTreeSet};

/// Something that was written to a contact, or by them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    pub on: Entity,
    pub text: String,
    /// Words of the plan that go with it; may be empty.
    pub quote: String,
    /// The name and the home of an adult; empty for the young person.
    pub from: String,
    pub at: Stamp,
    /// Whether the contact has read it, or who stands in for them, of what is the young person's.
    pub is_read: bool,
    /// The name of who stood in for the contact and read it; empty when it was the contact.
    pub read_by: String,
}

impl Entity {
    /// The thread with a contact.
    pub fn of_thread(staff: &str) -> Self {
        Self::of_part(Part::Messages, THREAD, staff)
    }

    /// What is being written to a contact and has not been sent. It is in no thread, so it leaves the phone by no yes.
    pub fn of_draft(staff: &str) -> Self {
        Self::of_part(Part::Messages, DRAFT, staff)
    }

    /// A message to a contact.
    pub(crate) fn of_message(name: &str, staff: &str) -> Self {
        Self::of_part(Part::Messages, MESSAGE, &format!("{name}_{staff}"))
    }

    /// Whose thread something belongs to: a contact's identity. `None` for what belongs to none, and may be read by nobody.
    pub fn thread(&self) -> Option<&str> {
        if self.part() != Some(Part::Messages) {
            return None;
        }
        match self.kind_name() {
            MESSAGE => self.owner(),
            REPLY => self.name().split('_').next(),
            THREAD => Some(self.name()),
            _ => None,
        }
    }
}

impl OpSet {
    /// What was written to a contact and by them, the earliest first; without what the young person has taken away.
    pub fn list_messages(&self, staff: &str) -> Vec<Message> {
        let own = self.list_of_kind(Part::Messages, MESSAGE);
        let theirs = self.list_of_kind(Part::Messages, REPLY);
        let all = own.chain(theirs).map(|(on, _)| on).filter(|on| on.thread() == Some(staff) && !self.is_deleted(on));
        let placed = all.filter_map(|on| self.message(on)).map(|message| (self.place(&message), message)).collect();
        let placed = sorted(placed, |(a, one): &(_, Message), (b, other)| (a, &one.on).cmp(&(b, &other.on)));
        placed.into_iter().map(|(_, message)| message).collect()
    }

    /// Everybody with whom there are messages still, by their identity.
    pub fn list_threads(&self) -> BTreeSet<String> {
        let all = self.list_of_kind(Part::Messages, MESSAGE).chain(self.list_of_kind(Part::Messages, REPLY));
        let there = all.filter(|(on, _)| !self.is_deleted(on) && !self.heads(on, TEXT).is_empty());
        there.filter_map(|(on, _)| on.thread().map(str::to_owned)).collect()
    }

    /// When each contact has last written something that is there still, by their identity.
    pub fn list_latest_replies(&self) -> Vec<(String, Stamp)> {
        let mut latest = BTreeMap::new();
        for (on, _) in self.list_of_kind(Part::Messages, REPLY).filter(|(on, _)| !self.is_deleted(on)) {
            if let (Some(staff), Some(head)) = (on.thread(), self.heads(on, TEXT).first()) {
                let at: &mut Stamp = latest.entry(staff.to_owned()).or_default();
                *at = head.op.at.max(*at);
            }
        }
        latest.into_iter().collect()
    }

    /// Where it stands among the others. What was read was written before that, though its phone's clock is ahead.
    fn place(&self, message: &Message) -> [Stamp; 2] {
        let read = self.heads(&message.on, READ).into_iter().map(|head| head.op.at);
        [read.chain([message.at]).min().unwrap_or_default(), message.at]
    }

    fn message(&self, on: &Entity) -> Option<Message> {
        let head = *self.heads(on, TEXT).first()?;
        let said = |field| self.value(on, field).map(Value::text).unwrap_or_default().to_owned();
        Some(Message {
            text: head.op.value.as_ref().map(Value::text)?.to_owned(),
            quote: said(QUOTE),
            // On what is the young person's own nobody says who it is from.
            from: if on.kind_name() == REPLY { said(FROM) } else { String::new() },
            at: head.op.at,
            is_read: !self.heads(on, READ).is_empty(),
            read_by: self.said(on, READ),
            on: on.clone(),
        })
    }
}
