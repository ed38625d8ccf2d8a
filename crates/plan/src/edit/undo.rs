//! Undo: what would stand in each field without a change, as far as nobody has written over it since.

use super::{Change, Editor, Written};
use crate::id::{Entity, OpId};
use crate::op::{Record, Value};
use crate::set::{DELETED, ERASED, OpSet};
use crate::sorted::set_of;
use std::collections::{BTreeMap, BTreeSet};

/// The operations of one change, by the field they are on.
type Fields<'a> = BTreeMap<&'a str, Vec<&'a Record>>;

impl Editor {
    /// Puts back what was before a change, as far as nobody has written over it since. Is a change of its own: undoing an
    /// undo does it again.
    ///
    /// # Errors
    /// When a newer build has written here.
    pub fn undo(&mut self, set: &OpSet, change: Change) -> Written {
        self.begin_change();
        let mut done: BTreeMap<&Entity, Fields> = BTreeMap::new();
        for record in set.iter().filter(|r| r.op.id.replica == change.replica && r.op.change == change.first) {
            if record.op.field != ERASED {
                done.entry(&record.op.on).or_default().entry(&record.op.field).or_default().push(record);
            }
        }
        let mut records = Vec::new();
        for (on, fields) in &done {
            if fields.contains_key("list") || fields.contains_key("made") {
                records.extend(self.undo_adding(set, on, fields)?);
            } else if let Some(deletes) = fields.get(DELETED) {
                records.extend(self.undo_deleting(set, on, fields, deletes)?);
            } else if !set.is_deleted(on) {
                for (field, ops) in fields {
                    records.extend(self.undo_field(set, on, field, ops)?);
                }
            }
        }
        Ok(records)
    }

    fn undo_adding(&mut self, set: &OpSet, on: &Entity, fields: &Fields) -> Written {
        let all_left = set.list_word_fields(on).all(|field| {
            let left = left_of(set, on, fields, field);
            set.heads(on, field).into_iter().all(|head| left.contains(&head.op.id))
        });
        if !all_left || set.is_deleted(on) {
            return Ok(Vec::new());
        }
        self.delete_entry(set, &set.see(on))
    }

    fn undo_deleting(&mut self, set: &OpSet, on: &Entity, fields: &Fields, deletes: &[&Record]) -> Written {
        let current: Vec<OpId> = left(set, on, DELETED, deletes);
        if current.is_empty() {
            return Ok(Vec::new());
        }
        let was = before(set, on, DELETED, deletes);
        if let Some(delete) = was.iter().find(|record| record.op.value.as_ref().is_some_and(Value::flag)) {
            // The change took a delete back; now it counts again, for the words that it had seen.
            let words = set.list_word_fields(on).flat_map(|field| {
                let left = left_of(set, on, fields, field);
                let seen = move |id: &OpId| delete.op.parents.contains(id) || left.contains(id);
                set.heads(on, field).into_iter().map(|head| head.op.id).filter(seen)
            });
            let parents = current.into_iter().chain(words).collect();
            return self.write(set, on, DELETED, parents, Value::Flag(true)).map(|record| vec![record]);
        }
        let was_deleted = set.is_deleted(on);
        let mut words = set.list_word_fields(on).flat_map(|field| set.heads(on, field));
        if was_deleted && words.all(Record::is_erased) {
            // Erased for good: an empty entry is not what is asked for.
            return Ok(Vec::new());
        }
        let mut records = vec![self.write(set, on, DELETED, current, Value::Nothing)?];
        for (field, ops) in fields.iter().filter(|(field, _)| **field != DELETED) {
            records.extend(self.undo_field(set, on, field, ops)?);
        }
        if !was_deleted {
            return Ok(records);
        }
        records.extend(self.write_words_again(set, on, |field| !fields.contains_key(field))?);
        Ok(records)
    }

    fn undo_field(&mut self, set: &OpSet, on: &Entity, field: &str, ops: &[&Record]) -> Written {
        let current = left(set, on, field, ops);
        if current.is_empty() {
            return Ok(Vec::new());
        }
        let was = before(set, on, field, ops);
        let (stands, gone): (Vec<_>, Vec<_>) = was.into_iter().partition(|record| !record.is_erased());
        if stands.is_empty() && gone.iter().any(|record| !set.has_tombstone(record)) {
            // Too long ago: what was before has been dropped, and an empty field is not what is asked for.
            return Ok(Vec::new());
        }
        let now = set_of(set.heads(on, field).into_iter().map(|head| head.op.id));
        let (beside, replaced): (Vec<_>, Vec<_>) = stands.into_iter().partition(|record| now.contains(&record.op.id));
        // Somebody else's version that stands beside ours is what is left when ours goes.
        if let Some(other) = beside.first().filter(|_| replaced.is_empty()) {
            let value = other.op.value.clone().unwrap_or(Value::Nothing);
            let parents = current.into_iter().chain([other.op.id]).collect();
            return self.write(set, on, field, parents, value).map(|record| vec![record]);
        }
        let mut values: Vec<Value> = Vec::new();
        for value in replaced.into_iter().filter_map(|record| record.op.value.clone()) {
            if !values.contains(&value) && value != Value::Unknown {
                values.push(value);
            }
        }
        if values.is_empty() {
            values.push(Value::Nothing);
        }
        // Choosing between versions is undone to both of them; what is no text has one value.
        if !matches!(values[0], Value::Text(_)) || field == "order" {
            values.truncate(1);
        }
        // The one that was shown is written last, so that it is shown again.
        values.into_iter().rev().map(|value| self.write(set, on, field, current.clone(), value)).collect()
    }
}

fn left_of(set: &OpSet, on: &Entity, fields: &Fields, field: &str) -> Vec<OpId> {
    fields.get(field).map_or_else(Vec::new, |ops| left(set, on, field, ops))
}

/// What the change has left standing in a field: what it wrote itself, or the same value put back by an undo of something
/// later.
fn left(set: &OpSet, on: &Entity, field: &str, ops: &[&Record]) -> Vec<OpId> {
    let Some(last) = ops.iter().max_by_key(|record| record.op.id) else { return Vec::new() };
    let built = built_on(set, on, field, ops);
    let own = |id: OpId| ops.iter().any(|record| record.op.id == id);
    let is_left = |head: &&Record| own(head.op.id) || (last.op.value == head.op.value && built.contains(&head.op.id));
    set.heads(on, field).into_iter().filter(is_left).map(|head| head.op.id).collect()
}

/// What stood in a field before the change: the latest of what does not build on it.
fn before<'a>(set: &'a OpSet, on: &Entity, field: &str, ops: &[&Record]) -> Vec<&'a Record> {
    let built = built_on(set, on, field, ops);
    set.maximal(set.list_on(on, field).filter(|record| !built.contains(&record.op.id)).collect())
}

/// These operations, and everything that was written on top of them in the same field.
fn built_on(set: &OpSet, on: &Entity, field: &str, ops: &[&Record]) -> BTreeSet<OpId> {
    let mut after: BTreeMap<OpId, Vec<OpId>> = BTreeMap::new();
    for record in set.list_on(on, field) {
        for parent in &record.op.parents {
            after.entry(*parent).or_default().push(record.op.id);
        }
    }
    let mut built = BTreeSet::new();
    let mut next: Vec<OpId> = ops.iter().map(|record| record.op.id).collect();
    while let Some(id) = next.pop() {
        if built.insert(id) {
            next.extend(after.get(&id).into_iter().flatten());
        }
    }
    built
}
