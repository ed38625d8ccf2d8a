//! The set of operations: union, erasure, and the questions everything else is built from.
//!
//! What this module must not do: look at a clock, refuse an operation for its time, or depend on the order of arrival.

use crate::author::{READ, is_rightful};
use crate::id::{Entity, OpId};
use crate::links::{by_age, replaced, visit};
pub use crate::op::{DELETED, ERASED};
use crate::op::{Record, VERSION, Value};
use crate::part::Part;
use crate::sorted::set_of;
use crate::stamp::Stamp;
use std::collections::{BTreeMap, BTreeSet};

/// The fields that hold no words. Everything else is something that somebody wrote: a delete must have seen it, and an
/// erasure takes it away, also when only a newer build knows what it is for.
const WORDLESS: [&str; 7] = [DELETED, ERASED, READ, "hidden", "list", "made", "order"];

/// The operations on each field of an entity.
pub(crate) type Fields = BTreeMap<String, Vec<OpId>>;

/// Every operation of one young person that this copy knows.
#[derive(Clone, Default, Debug)]
pub struct OpSet {
    records: BTreeMap<OpId, Record>,
    targets: BTreeMap<Entity, Fields>,
    /// What the erasures name, whether it has arrived or not; and the entity they may erase in.
    tombstones: BTreeMap<OpId, BTreeSet<Entity>>,
    latest: Stamp,
    /// The operations of a newer version.
    newer: BTreeSet<OpId>,
    /// How often each part has changed here. Not part of the state: two copies that agree may have counted differently.
    revisions: [u64; Part::ALL.len()],
}

/// What taking one operation in did.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Effect {
    /// Whether the set is different from before.
    pub changed: bool,
    /// The operations that lost their value; what is stored of them must be replaced.
    pub erased: Vec<OpId>,
}

impl OpSet {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one operation in. Idempotent and commutative: the set after a number of insertions does not depend on their
    /// order or repetition.
    ///
    /// What somebody has written who may not is not taken in.
    pub fn insert(&mut self, record: Record) -> Effect {
        if !is_rightful(&record.op) {
            return Effect::default();
        }
        let part = record.op.on.part();
        let effect = self.merge_record(record);
        if effect.changed {
            self.touch(part);
        }
        effect
    }

    fn merge_record(&mut self, record: Record) -> Effect {
        let id = record.op.id;
        self.latest = self.latest.max(record.op.at);
        let mut effect = Effect::default();
        if record.op.field == ERASED {
            effect.erased = self.add_tombstones(&record);
            effect.changed = !effect.erased.is_empty();
        }
        let doomed = self.has_tombstone(&record);
        let record = if doomed { record.erased() } else { record };
        if let Some(known) = self.records.get(&id) {
            if !supersedes(&record, known) {
                return effect;
            }
            // Only a broken or hostile writer uses an identity twice; still every copy must end at the same set.
            self.forget(id);
        }
        effect.changed = true;
        if doomed {
            effect.erased.push(id);
        }
        if record.op.version > VERSION {
            self.newer.insert(id);
        }
        let fields = self.targets.entry(record.op.on.clone()).or_default();
        fields.entry(record.op.field.clone()).or_default().push(id);
        self.records.insert(id, record);
        effect
    }

    /// Takes the value from everything that an erasure names, now and when it arrives later.
    fn add_tombstones(&mut self, erasure: &Record) -> Vec<OpId> {
        let mut erased = Vec::new();
        for target in &erasure.op.parents {
            // What was named before has lost its value already, or will when it arrives.
            if !self.tombstones.entry(*target).or_default().insert(erasure.op.on.clone()) {
                continue;
            }
            let Some(victim) = self.records.get_mut(target).filter(|victim| victim.op.on == erasure.op.on) else {
                continue;
            };
            let bare = victim.erased();
            if *victim != bare {
                *victim = bare;
                erased.push(*target);
            }
        }
        erased
    }

    /// Whether anything here has been erased, or will be when it arrives.
    pub fn has_erasures(&self) -> bool {
        !self.tombstones.is_empty()
    }

    /// Whether an erasure names this operation.
    pub(crate) fn has_tombstone(&self, record: &Record) -> bool {
        self.tombstones.get(&record.op.id).is_some_and(|entities| entities.contains(&record.op.on))
    }

    fn forget(&mut self, id: OpId) {
        let Some(old) = self.records.remove(&id) else {
            return;
        };
        self.newer.remove(&id);
        let Some(fields) = self.targets.get_mut(&old.op.on) else {
            return;
        };
        if let Some(ids) = fields.get_mut(&old.op.field) {
            ids.retain(|known| *known != id);
        }
        fields.retain(|_, ids| !ids.is_empty());
        if fields.is_empty() {
            self.targets.remove(&old.op.on);
        }
    }

    pub fn get(&self, id: OpId) -> Option<&Record> {
        self.records.get(&id)
    }

    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Every operation, in the order of identities.
    pub fn iter(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
    }

    /// The latest stamp seen; the next one written must be after it.
    pub fn latest(&self) -> Stamp {
        self.latest
    }

    /// A number that is another one whenever something of this part has changed, so that what shows one part need not look
    /// at the others.
    pub fn revision(&self, part: Part) -> u64 {
        self.revisions[part as usize]
    }

    fn touch(&mut self, part: Option<Part>) {
        if let Some(part) = part {
            self.revisions[part as usize] += 1;
        }
    }

    /// Whether a newer build has written here. This build then shows and keeps everything, and changes nothing.
    pub fn is_read_only(&self) -> bool {
        !self.newer.is_empty()
    }

    /// The entities of a part that have this field, in the order of names.
    pub fn list_entities<'a>(&'a self, part: Part, kind: &str, field: &'a str) -> impl Iterator<Item = &'a Entity> {
        let all = self.list_of_kind(part, kind);
        all.filter(move |(_, fields)| fields.contains_key(field)).map(|(entity, _)| entity)
    }

    /// Everything of one kind in a part, with what has been written on it.
    pub(crate) fn list_of_kind(&self, part: Part, kind: &str) -> impl Iterator<Item = (&Entity, &Fields)> {
        let prefix = format!("{}/{kind}/", part.name());
        let from = self.targets.range(Entity::prefix(&prefix)..);
        from.take_while(move |(entity, _)| entity.as_str().starts_with(&prefix))
    }

    /// Every operation on a field, in no particular order.
    pub fn list_on(&self, entity: &Entity, field: &str) -> impl Iterator<Item = &Record> {
        let ids = self.targets.get(entity).and_then(|fields| fields.get(field));
        ids.into_iter().flatten().filter_map(|id| self.records.get(id))
    }

    /// The operations on a field that no later one replaces, latest first. Two or more: two people wrote at once.
    ///
    /// Erased ones count here, since a delete must be able to say that it has seen them.
    pub fn heads(&self, entity: &Entity, field: &str) -> Vec<&Record> {
        self.maximal(self.list_on(entity, field).collect())
    }

    /// Of these operations on one field the ones that no other of them replaces, latest first.
    pub(crate) fn maximal<'a>(&self, all: Vec<&'a Record>) -> Vec<&'a Record> {
        visit(all.len());
        if all.len() < 2 {
            return all;
        }
        let replaced = replaced(&all, |_| true);
        let heads = all.into_iter().zip(replaced).filter(|(_, replaced)| !replaced);
        let mut heads = by_age(heads.map(|(record, _)| record).collect());
        heads.reverse();
        heads
    }

    /// A field's value for everything but text: the latest.
    pub fn value(&self, entity: &Entity, field: &str) -> Option<&Value> {
        self.heads(entity, field).first().and_then(|record| record.op.value.as_ref())
    }

    /// The fields of an entity, in the order of names.
    pub(crate) fn list_fields(&self, entity: &Entity) -> impl Iterator<Item = &str> {
        self.targets.get(entity).into_iter().flatten().map(|(field, _)| field.as_str())
    }

    /// The fields of an entity in which somebody has written words, in the order of names.
    pub(crate) fn list_word_fields(&self, entity: &Entity) -> impl Iterator<Item = &str> {
        self.list_fields(entity).filter(|field| holds_words(field))
    }

    /// Of the operations on a field those that a writer had not seen, nor anything that was written on top of them.
    pub(crate) fn unseen(&self, entity: &Entity, field: &str, seen: &[OpId]) -> BTreeSet<OpId> {
        let known = self.ancestors(seen);
        let heads: Vec<OpId> = self.heads(entity, field).into_iter().map(|record| record.op.id).collect();
        set_of(self.ancestors(&heads).into_iter().filter(|id| !known.contains(id)))
    }

    /// These operations and everything that they replace, as far as it is known here.
    fn ancestors(&self, of: &[OpId]) -> BTreeSet<OpId> {
        let mut found = BTreeSet::new();
        let mut next = of.to_vec();
        while let Some(id) = next.pop() {
            if found.insert(id) {
                next.extend(self.records.get(&id).into_iter().flat_map(|record| &record.op.parents));
            }
        }
        found
    }

    /// Drops the words that were replaced or deleted more than `keep_millis` before `now_millis`. Identities remain, so
    /// the state does not change. Returns what lost its value.
    pub fn prune(&mut self, now_millis: u64, keep_millis: u64) -> Vec<OpId> {
        let old = |record: &Record| record.op.at.millis.saturating_add(keep_millis) < now_millis;
        let mut stale = BTreeSet::new();
        let shown: [BTreeSet<String>; Part::ALL.len()] = Part::ALL.map(|part| self.list_names(part));
        let filled = |part: Part, list: &str| shown[part as usize].contains(list);
        for (entity, fields) in &self.targets {
            for field in fields.keys() {
                let all: Vec<&Record> = self.list_on(entity, field).collect();
                let replaced = all.iter().zip(replaced(&all, old)).filter(|(_, replaced)| *replaced);
                stale.extend(replaced.map(|(record, _)| record.op.id));
            }
            // A delete that was taken back and done again counts from when it was done again.
            if self.is_out_of_sight(entity, filled) {
                let deletes = self.heads(entity, DELETED).into_iter().filter(|record| old(record));
                let seen = set_of(deletes.flat_map(|record| record.op.parents.iter().copied()));
                let words = self.list_word_fields(entity).flat_map(|field| self.heads(entity, field));
                stale.extend(words.map(|record| record.op.id).filter(|id| seen.contains(id)));
            }
            // What is said to something that was deleted goes with it: it is shown nowhere without.
            let is_gone = |entry: &Entity| self.is_deleted(entry) && self.heads(entry, DELETED).into_iter().all(old);
            if entity.said_to().is_some_and(|entry| is_gone(&entry)) {
                let words = self.list_word_fields(entity).flat_map(|field| self.heads(entity, field));
                stale.extend(words.filter(|record| old(record)).map(|record| record.op.id));
            }
        }
        stale.retain(|id| self.get(*id).is_some_and(|record| !record.is_erased()));
        for id in &stale {
            let Some(record) = self.records.get_mut(id) else {
                continue;
            };
            *record = record.erased();
            let part = record.op.on.part();
            self.touch(part);
        }
        stale.into_iter().collect()
    }

    /// Whether a list's entry has been deleted: somebody deleted it, nobody took that back, and everything written in it
    /// had been seen by who deleted it. A delete that meets an edit keeps the edit.
    pub fn is_deleted(&self, entry: &Entity) -> bool {
        let deletes = self.heads(entry, DELETED);
        if deletes.is_empty() || deletes.iter().any(|record| !record.op.value.as_ref().is_some_and(Value::flag)) {
            return false;
        }
        let words = self.list_word_fields(entry).flat_map(|field| self.heads(entry, field));
        let mut unseen = set_of(words.map(|word| word.op.id));
        for delete in deletes {
            visit(delete.op.parents.len());
            for parent in &delete.op.parents {
                unseen.remove(parent);
            }
        }
        unseen.is_empty()
    }

    /// Whether every word of it was taken away for good.
    pub(crate) fn is_erased(&self, entry: &Entity) -> bool {
        self.is_deleted(entry) && self.list_on(entry, ERASED).next().is_some()
    }
}

/// Whether a field holds something that somebody wrote.
pub(crate) fn holds_words(field: &str) -> bool {
    !WORDLESS.contains(&field)
}

/// Which of two payloads with one identity stays. An erasure first, since what it has done cannot be undone. Otherwise what
/// stays must not depend on whether its value is gone already: by the bytes without the value, and only of the same
/// operation the one without.
fn supersedes(new: &Record, known: &Record) -> bool {
    if new.raw() == known.raw() {
        return false;
    }
    let rank = |record: &Record| (record.op.field != ERASED, record.erased().raw().to_owned(), !record.is_erased());
    (rank(new), new.raw()) < (rank(known), known.raw())
}
