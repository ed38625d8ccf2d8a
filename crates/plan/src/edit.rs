//! What a young person can do, as operations. Every command answers with the operations to store, or says in one word why
//! it cannot be done; nothing is changed here.
//!
//! What this module must not do: cut a text to fit, or write what the writer has not seen.

mod meeting;
mod suggestion;
mod undo;

use crate::author::{MADE, QUOTE, TEXT};
use crate::document::Entry;
use crate::id::{Entity, OpId, ReplicaId};
use crate::limits::{MAX_AGENDA, MAX_ENTRIES, MAX_TEXT, MAX_TITLE, MAX_WRITTEN_PARENTS};
use crate::links::by_age;
use crate::op::{Op, Record, VERSION, Value, YOUNG};
use crate::order;
use crate::part::Part;
use crate::seen::Seen;
use crate::set::{DELETED, ERASED, OpSet, holds_words};
use crate::stamp::Stamp;
use crate::template;

/// Why a command is not carried out. Each has a friendly message on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// The text has this many characters; there is room for [`MAX_TEXT`].
    TextTooLong(usize),
    /// A section's name has this many characters; there is room for [`MAX_TITLE`].
    TitleTooLong(usize),
    /// The section has [`MAX_ENTRIES`] entries.
    SectionFull,
    /// The agenda has [`MAX_AGENDA`] points.
    AgendaFull,
    /// A newer build of the app has written here; this one shows and keeps it.
    WrittenByNewerApp,
    /// The entry is not there any more.
    Gone,
}

/// Which way an entry moves in its list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    Up,
    Down,
}

/// Everything that was done in one go, and is undone in one go.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Change {
    pub replica: ReplicaId,
    pub first: u64,
}

/// Writes operations for one replica.
#[derive(Clone, Debug)]
pub struct Editor {
    replica: ReplicaId,
    seq: u64,
    stamp: Stamp,
    change: u64,
    now: u64,
}

type Written = Result<Vec<Record>, Refused>;

impl Editor {
    /// `replica` must never have written before: it is drawn at random each time the app starts.
    pub fn new(replica: ReplicaId) -> Self {
        Self { replica, seq: 0, stamp: Stamp::default(), change: 1, now: 0 }
    }

    /// Tells the time, in milliseconds since 1970. A clock that goes backwards does no harm.
    pub fn set_time(&mut self, now_millis: u64) {
        self.now = now_millis;
    }

    /// Ends what was being done; what comes is undone by itself.
    pub fn begin_change(&mut self) -> Change {
        self.change = self.seq + 1;
        Change { replica: self.replica, first: self.change }
    }

    /// What is being done.
    pub fn change(&self) -> Change {
        Change { replica: self.replica, first: self.change }
    }

    /// Writes a text field, on top of what the writer has seen in it and of nothing else. The same text again writes
    /// nothing; choosing between versions that were both shown writes one that replaces both.
    ///
    /// # Errors
    /// When the text is too long, or a newer build has written here.
    pub fn set_text(&mut self, set: &OpSet, seen: &Seen, field: &str, text: &str) -> Written {
        let line = (field == "title").then(|| one_line(text));
        let text = line.as_deref().unwrap_or(text);
        let length = text.chars().count();
        match field {
            "title" if length > MAX_TITLE => return Err(Refused::TitleTooLong(length)),
            _ if length > MAX_TEXT => return Err(Refused::TextTooLong(length)),
            _ => {}
        }
        let shown = set.texts_of(seen.heads(field));
        if shown.shown() == text && shown.others().is_empty() && (!shown.0.is_empty() || text.is_empty()) {
            return Ok(Vec::new());
        }
        let value = Value::Text(text.to_owned());
        self.write(set, seen.on(), field, seen.heads(field).to_vec(), value).map(|record| vec![record])
    }

    /// Turns a setting on or off. Turning `deleted` off brings an entry back with the words that are left of it.
    ///
    /// # Errors
    /// When a newer build has written here.
    pub fn set_flag(&mut self, set: &OpSet, on: &Entity, field: &str, flag: bool) -> Written {
        if set.flag(on, field) == flag && set.heads(on, field).len() < 2 {
            return Ok(Vec::new());
        }
        let mut records = vec![self.set(set, on, field, Value::Flag(flag))?];
        if field == DELETED && !flag && set.is_deleted(on) {
            records.extend(self.write_words_again(set, on, |_| true)?);
        }
        Ok(records)
    }

    /// Adds an entry at the end of a section, and says what it is called.
    ///
    /// # Errors
    /// When the text is too long, the section or the agenda is full, or a newer build has written here.
    pub fn add_entry(
        &mut self,
        set: &OpSet,
        part: Part,
        section: &str,
        text: &str,
        kind: Option<&str>,
    ) -> Result<(Entity, Vec<Record>), Refused> {
        let on = self.name_entry(part);
        let records = self.add_entry_as(set, &Seen::nothing(on.clone()), part, section, text, kind)?;
        Ok((on, records))
    }

    /// Adds an entry that has a name already: the one under which its words were kept while they were typed. They go on top
    /// of what was seen of it, since it may be known elsewhere.
    ///
    /// # Errors
    /// As above.
    pub fn add_entry_as(
        &mut self,
        set: &OpSet,
        seen: &Seen,
        part: Part,
        section: &str,
        text: &str,
        kind: Option<&str>,
    ) -> Written {
        let on = seen.on();
        let entries = set.list_entries(part, section);
        check_room(part, section, &entries, text)?;
        let last = entries.last().map(|entry| entry.order.as_str());
        // After something that is no key of ours: any text sorts before itself with more behind it.
        let key = order::between(last, None).unwrap_or_else(|| format!("{}V", last.unwrap_or_default()));
        let mut records = vec![self.set(set, on, "list", Value::Text(template::list_name(part, section)))?];
        records.push(self.set(set, on, "order", Value::Text(key))?);
        if let Some(kind) = kind {
            records.push(self.set(set, on, "kind", Value::Text(kind.to_owned()))?);
        }
        records.push(self.write(set, on, "text", seen.heads("text").to_vec(), Value::Text(text.to_owned()))?);
        Ok(records)
    }

    /// Moves an entry one place. At the end of the list there is nothing to do.
    ///
    /// # Errors
    /// When the entry is gone, or a newer build has written here.
    pub fn move_entry(&mut self, set: &OpSet, part: Part, section: &str, on: &Entity, direction: Direction) -> Written {
        let entries = set.list_entries(part, section);
        let at = entries.iter().position(|entry| entry.on == *on).ok_or(Refused::Gone)?;
        let rest: Vec<&Entry> = entries.iter().filter(|entry| entry.on != *on).collect();
        let to = match direction {
            Direction::Up => at.checked_sub(1),
            Direction::Down => Some(at + 1).filter(|to| *to <= rest.len()),
        };
        let Some(to) = to else { return Ok(Vec::new()) };
        self.put(set, &rest, to, on)
    }

    /// Gives an entry its place among the others of its list.
    fn put(&mut self, set: &OpSet, rest: &[&Entry], to: usize, on: &Entity) -> Written {
        let key = |place: Option<usize>| place.and_then(|place| rest.get(place)).map(|entry| entry.order.as_str());
        if let Some(key) = order::between(key(to.checked_sub(1)), key(Some(to))) {
            return self.set(set, on, "order", Value::Text(key)).map(|record| vec![record]);
        }
        // Two devices chose the same place, so there is no room between: give the whole list new places.
        let mut order: Vec<&Entity> = rest.iter().map(|entry| &entry.on).collect();
        order.insert(to, on);
        let mut records = Vec::new();
        let mut last: Option<String> = None;
        for entity in order {
            let next = order::between(last.as_deref(), None).unwrap_or_default();
            records.push(self.set(set, entity, "order", Value::Text(next.clone()))?);
            last = Some(next);
        }
        Ok(records)
    }

    /// Deletes an entry, as far as the writer has seen it: what somebody writes in it at the same time is kept.
    ///
    /// # Errors
    /// When a newer build has written here.
    pub fn delete_entry(&mut self, set: &OpSet, seen: &Seen) -> Written {
        let on = seen.on();
        let words = seen.fields().filter(|(field, _)| holds_words(field)).flat_map(|(_, heads)| heads.iter().copied());
        let parents = set.heads(on, DELETED).into_iter().map(|record| record.op.id).chain(words).collect();
        self.write(set, on, DELETED, parents, Value::Flag(true)).map(|record| vec![record])
    }

    /// Takes every word of an entity away for good, here and in every copy, as far as the writer has seen it; and what adults
    /// have said to it, which is shown nowhere without it. It cannot be undone.
    ///
    /// # Errors
    /// When a newer build has written here.
    pub fn erase(&mut self, set: &OpSet, seen: &Seen) -> Written {
        let mut records = self.erase_words(set, seen)?;
        for said in set.list_all_said(seen.on()) {
            records.extend(self.erase_words(set, &set.see(said))?);
        }
        Ok(records)
    }

    /// What adults have said to something that was erased for good is erased as well; to anything else it stays. `on` is what they
    /// have said, or what it was said to.
    ///
    /// # Errors
    /// When a newer build has written here.
    pub fn erase_late_words(&mut self, set: &OpSet, on: &Entity) -> Written {
        let mut records = Vec::new();
        match on.said_to() {
            Some(to) if set.is_erased(&to) => records.extend(self.erase_words(set, &set.see(on))?),
            None if set.is_erased(on) => {
                for said in set.list_all_said(on) {
                    records.extend(self.erase_words(set, &set.see(said))?);
                }
            }
            _ => {}
        }
        Ok(records)
    }

    fn erase_words(&mut self, set: &OpSet, seen: &Seen) -> Written {
        let on = seen.on();
        let mut records = if set.is_deleted(on) { Vec::new() } else { self.delete_entry(set, seen)? };
        // What only this copy has dropped is named too: others may still have it.
        let words = set.list_word_fields(on).flat_map(|field| {
            let unseen = set.unseen(on, field, seen.heads(field));
            set.list_on(on, field).filter(move |record| !unseen.contains(&record.op.id))
        });
        let names: Vec<OpId> = words.filter(|record| !set.has_tombstone(record)).map(|record| record.op.id).collect();
        for names in names.chunks(MAX_WRITTEN_PARENTS) {
            records.push(self.write(set, on, ERASED, names.to_vec(), Value::Flag(true))?);
        }
        Ok(records)
    }

    /// Adds a section of the young person's own to a part.
    ///
    /// # Errors
    /// When the name is too long, or a newer build has written here.
    pub fn add_section(&mut self, set: &OpSet, part: Part, title: &str) -> Written {
        let length = title.chars().count();
        if length > MAX_TITLE {
            return Err(Refused::TitleTooLong(length));
        }
        let on = Entity::section(part, &format!("{:016x}-{}", self.replica.0, self.seq + 1));
        Ok(vec![
            self.set(set, &on, "made", Value::Flag(true))?,
            self.set(set, &on, "title", Value::Text(title.to_owned()))?,
        ])
    }

    /// Writes a message to a contact in one go, with words of the plan that go with it if there are any.
    ///
    /// # Errors
    /// When a newer build has written here.
    pub fn write_message(&mut self, set: &OpSet, staff: &str, text: &str, quote: &str) -> Written {
        let on = Entity::of_message(&format!("{:016x}-{}", self.replica.0, self.seq + 1), staff);
        let mut records = vec![self.set(set, &on, MADE, Value::Flag(true))?];
        for (field, words) in [(TEXT, text), (QUOTE, quote)] {
            if field == TEXT || !words.is_empty() {
                records.push(self.set(set, &on, field, Value::Text(words.to_owned()))?);
            }
        }
        Ok(records)
    }

    /// Sends what is being written to a contact: it becomes a message, and the place where it was written is empty again. Nothing
    /// when nothing is written there.
    ///
    /// # Errors
    /// When a newer build has written here.
    pub fn send_message(&mut self, set: &OpSet, staff: &str) -> Written {
        let draft = set.see(&Entity::of_draft(staff));
        let versions = [TEXT, QUOTE].map(|field| set.texts(draft.on(), field));
        let [text, quote] = versions.each_ref().map(|it| it.shown().to_owned());
        if text.trim().is_empty() && quote.is_empty() {
            return Ok(Vec::new());
        }
        let mut records = self.write_message(set, staff, text.trim(), &quote)?;
        for (field, it) in [TEXT, QUOTE].into_iter().zip(&versions) {
            // What another tab has written there meanwhile is not sent: it is what is being written now.
            let left = it.others().iter().map(|other| other.text.as_str()).find(|other| !other.is_empty());
            records.extend(self.set_text(set, &draft, field, left.unwrap_or_default())?);
        }
        Ok(records)
    }

    /// Deletes a meeting with everything that the young person has written for it, as far as it is here. The first one stays: it is
    /// everybody's.
    ///
    /// # Errors
    /// When it is none that can be deleted, or a newer build has written here.
    pub fn delete_meeting(&mut self, set: &OpSet, on: &Entity) -> Written {
        if *on == template::first_meeting() || !set.is_there(on) {
            return Err(Refused::Gone);
        }
        let mut records = self.delete_entry(set, &set.see(on))?;
        for section in template::sections(Part::Meeting) {
            for entry in set.list_entries(Part::Meeting, &template::list_of(on.name(), section.id)) {
                records.extend(self.delete_entry(set, &set.see(&entry.on))?);
            }
        }
        Ok(records)
    }

    fn name_entry(&self, part: Part) -> Entity {
        Entity::entry(part, &format!("{:016x}-{}", self.replica.0, self.seq + 1))
    }

    /// For what is brought back after a delete: another copy may have dropped the words by now.
    fn write_words_again(&mut self, set: &OpSet, on: &Entity, wanted: impl Fn(&str) -> bool) -> Written {
        let words = set.list_word_fields(on).filter(|field| wanted(field)).flat_map(|field| set.heads(on, field));
        // In the order in which they were written, so that the one that was shown is shown again.
        let words = by_age(words.collect());
        let known = |record: &&Record| matches!(record.op.value, Some(Value::Text(_) | Value::Flag(_)));
        let again = words.into_iter().filter(known).map(|record| {
            self.write(set, on, &record.op.field, vec![record.op.id], record.op.value.clone().unwrap_or(Value::Nothing))
        });
        again.collect()
    }

    fn set(&mut self, set: &OpSet, on: &Entity, field: &str, value: Value) -> Result<Record, Refused> {
        let parents = set.heads(on, field).into_iter().map(|record| record.op.id).collect();
        self.write(set, on, field, parents, value)
    }

    fn write(
        &mut self,
        set: &OpSet,
        on: &Entity,
        field: &str,
        mut parents: Vec<OpId>,
        value: Value,
    ) -> Result<Record, Refused> {
        if set.is_read_only() {
            return Err(Refused::WrittenByNewerApp);
        }
        // What is left over stays a version of its own, and is replaced by the next one who writes.
        parents.truncate(MAX_WRITTEN_PARENTS);
        self.seq += 1;
        // Nobody else writes under our name, unless they mean harm.
        while set.get(OpId { replica: self.replica, seq: self.seq }).is_some() {
            self.seq += 1;
        }
        self.stamp = self.stamp.max(set.latest()).next(self.now);
        Ok(Record::new(Op {
            version: VERSION,
            id: OpId { replica: self.replica, seq: self.seq },
            at: self.stamp,
            by: YOUNG.to_owned(),
            on: on.clone(),
            field: field.to_owned(),
            parents,
            change: self.change,
            value: Some(value),
        }))
    }
}

/// Whether there is room in a section for an entry more with these words.
fn check_room(part: Part, section: &str, entries: &[Entry], text: &str) -> Result<(), Refused> {
    let length = text.chars().count();
    if length > MAX_TEXT {
        return Err(Refused::TextTooLong(length));
    }
    if part == Part::Meeting && template::section_of(section) == template::AGENDA && entries.len() >= MAX_AGENDA {
        return Err(Refused::AgendaFull);
    }
    if entries.len() >= MAX_ENTRIES {
        return Err(Refused::SectionFull);
    }
    Ok(())
}

/// The name of a section has no line breaks and no wide gaps, however it was typed or taken in.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for letter in text.trim().chars() {
        if !letter.is_whitespace() {
            line.push(letter);
        } else if !line.ends_with(' ') {
            line.push(' ');
        }
    }
    line
}
