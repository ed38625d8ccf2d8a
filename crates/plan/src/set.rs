//! The set of operations: union, erasure, and the questions everything else is built from.
//!
//! What this module must not do: look at a clock, refuse an operation for its time, or depend on the order of arrival.

use crate::id::{Entity, OpId};
use crate::op::{Record, VERSION, Value};
use crate::part::Part;
use crate::stamp::Stamp;
use std::collections::{BTreeMap, BTreeSet};

/// The field of an operation that takes words away for good: its parents are the operations that lose their value.
pub const ERASED: &str = "erased";

/// Every operation of one young person that this copy knows.
#[derive(Clone, Default, Debug)]
pub struct OpSet {
    records: BTreeMap<OpId, Record>,
    targets: BTreeMap<Entity, BTreeMap<String, Vec<OpId>>>,
    /// Erasures whose operation has not arrived yet, or has; and the entity they may erase in.
    condemned: BTreeMap<OpId, BTreeSet<Entity>>,
    latest: Stamp,
    newest_version: u64,
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
    pub fn insert(&mut self, record: Record) -> Effect {
        let id = record.op.id;
        self.latest = self.latest.max(record.op.at);
        self.newest_version = self.newest_version.max(record.op.version);
        let doomed = self.condemned.get(&id).is_some_and(|entities| entities.contains(&record.op.on));
        let record = if doomed && !record.is_erased() { record.erased() } else { record };
        if let Some(known) = self.records.get(&id) {
            if !supersedes(&record, known) {
                return Effect::default();
            }
            // Only a broken or hostile writer uses an identity twice; still every copy must end at the same set.
            self.forget(id);
        }
        let mut effect = Effect { changed: true, erased: if doomed { vec![id] } else { Vec::new() } };
        if record.op.field == ERASED {
            for target in &record.op.parents {
                self.condemned.entry(*target).or_default().insert(record.op.on.clone());
                let Some(victim) = self.records.get_mut(target) else { continue };
                if victim.op.on == record.op.on && !victim.is_erased() && *target != id {
                    *victim = victim.erased();
                    effect.erased.push(*target);
                }
            }
        }
        let fields = self.targets.entry(record.op.on.clone()).or_default();
        fields.entry(record.op.field.clone()).or_default().push(id);
        self.records.insert(id, record);
        effect
    }

    fn forget(&mut self, id: OpId) {
        let Some(old) = self.records.remove(&id) else { return };
        if let Some(ids) = self.targets.get_mut(&old.op.on).and_then(|fields| fields.get_mut(&old.op.field)) {
            ids.retain(|known| *known != id);
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

    /// Whether a newer build has written here. This build then shows and keeps everything, and changes nothing.
    pub fn is_read_only(&self) -> bool {
        self.newest_version > VERSION
    }

    /// The entities of a part that have this field, in the order of names.
    pub fn list_entities<'a>(&'a self, part: Part, kind: &str, field: &'a str) -> impl Iterator<Item = &'a Entity> {
        let prefix = format!("{}/{kind}/", part.name());
        self.targets
            .range(Entity::prefix(&prefix)..)
            .take_while(move |(entity, _)| entity.as_str().starts_with(&prefix))
            .filter(move |(_, fields)| fields.contains_key(field))
            .map(|(entity, _)| entity)
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
        let all: Vec<&Record> = self.list_on(entity, field).collect();
        let mut replaced = BTreeSet::new();
        for record in &all {
            for parent in &record.op.parents {
                // An operation can only replace what was before it: a circle would make both disappear.
                let earlier = self.records.get(parent).is_some_and(|p| (p.op.at, p.op.id) < (record.op.at, record.op.id));
                if earlier {
                    replaced.insert(*parent);
                }
            }
        }
        let mut heads: Vec<&Record> = all.into_iter().filter(|record| !replaced.contains(&record.op.id)).collect();
        heads.sort_by_key(|record| std::cmp::Reverse((record.op.at, record.op.id)));
        heads
    }

    /// A field's value for everything but text: the latest.
    pub fn value(&self, entity: &Entity, field: &str) -> Option<&Value> {
        self.heads(entity, field).first().and_then(|record| record.op.value.as_ref())
    }

    /// Drops the words that were replaced or deleted more than `keep_millis` before `now_millis`. Identities remain, so
    /// the state does not change. Returns what lost its value.
    pub fn prune(&mut self, now_millis: u64, keep_millis: u64) -> Vec<OpId> {
        let old = |stamp: Stamp| stamp.millis.saturating_add(keep_millis) < now_millis;
        let mut stale = BTreeSet::new();
        for record in self.records.values() {
            if !old(record.op.at) || (record.op.field == "deleted" && !self.is_deleted(&record.op.on)) {
                continue;
            }
            stale.extend(record.op.parents.iter().filter(|parent| {
                self.records.get(parent).is_some_and(|p| {
                    p.op.on == record.op.on && !p.is_erased() && (p.op.at, p.op.id) < (record.op.at, record.op.id)
                })
            }));
        }
        for id in &stale {
            if let Some(record) = self.records.get_mut(id) {
                *record = record.erased();
            }
        }
        stale.into_iter().collect()
    }

    /// Whether a list's entry has been deleted: somebody deleted it, nobody took that back, and everything written in it
    /// had been seen by who deleted it. A delete that meets an edit keeps the edit.
    pub fn is_deleted(&self, entry: &Entity) -> bool {
        let deletes = self.heads(entry, "deleted");
        if deletes.is_empty() || deletes.iter().any(|record| !record.op.value.as_ref().is_some_and(Value::flag)) {
            return false;
        }
        let texts = self.heads(entry, "text");
        texts.iter().all(|text| deletes.iter().any(|delete| delete.op.parents.contains(&text.op.id)))
    }
}

/// Which of two payloads with one identity stays: the erased one, then the smaller bytes.
fn supersedes(new: &Record, known: &Record) -> bool {
    match (new.is_erased(), known.is_erased()) {
        (true, false) => true,
        (false, true) => false,
        _ => new.raw() < known.raw(),
    }
}
