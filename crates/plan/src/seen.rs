//! What a writer had before their eyes. An edit is made with it, and replaces nothing that came after it.

use crate::id::{Entity, OpId};
use crate::op::Record;
use crate::set::OpSet;
use std::collections::BTreeMap;

/// The heads of every field of one entity at the moment in which they were shown. What arrives later is not in it, so an
/// edit that is made with it leaves that standing beside itself: "to udgaver".
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    on: Entity,
    heads: BTreeMap<String, Vec<OpId>>,
}

impl Seen {
    /// For something that nobody has written about yet.
    pub fn nothing(on: Entity) -> Self {
        Self { on, heads: BTreeMap::new() }
    }

    /// As it was kept in a journal: the heads of one field.
    pub fn of_field(on: Entity, field: &str, heads: Vec<OpId>) -> Self {
        let mut seen = Self::nothing(on);
        seen.heads.insert(field.to_owned(), heads);
        seen
    }

    pub fn on(&self) -> &Entity {
        &self.on
    }

    /// What was shown in a field.
    pub fn heads(&self, field: &str) -> &[OpId] {
        self.heads.get(field).map_or(&[], Vec::as_slice)
    }

    /// Everything that was shown, field by field.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &[OpId])> {
        self.heads.iter().map(|(field, heads)| (field.as_str(), heads.as_slice()))
    }

    /// The writer has seen these in a field as well.
    pub fn add(&mut self, field: &str, heads: &[OpId]) {
        let known = self.heads.entry(field.to_owned()).or_default();
        known.extend(heads.iter().filter(|id| !known.contains(id)).copied().collect::<Vec<_>>());
    }

    /// The writer has written this on top of what they saw. What they have not seen is not in it still.
    pub fn follow(&mut self, record: &Record) {
        if record.op.on == self.on {
            self.heads.insert(record.op.field.clone(), vec![record.op.id]);
        }
    }
}

impl OpSet {
    /// Lets go of what something else that was seen in the same field replaces. What is not known here stays: it may be
    /// elsewhere.
    pub fn trim_seen(&self, seen: &mut Seen, field: &str) {
        let latest: Vec<OpId> = self.latest_seen(seen, field).into_iter().map(|record| record.op.id).collect();
        if let Some(heads) = seen.heads.get_mut(field) {
            heads.retain(|id| latest.contains(id) || self.get(*id).is_none());
        }
    }

    /// What was seen in a field and is replaced by nothing else that was seen in it.
    pub fn latest_seen(&self, seen: &Seen, field: &str) -> Vec<&Record> {
        self.maximal(seen.heads(field).iter().filter_map(|id| self.get(*id)).collect())
    }

    /// What stands about an entity now. For whoever shows it, in the moment in which it is shown.
    pub fn see(&self, on: &Entity) -> Seen {
        let ids = |field: &str| self.heads(on, field).into_iter().map(|record| record.op.id).collect();
        let mut seen = Seen::nothing(on.clone());
        seen.heads.extend(self.list_fields(on).map(|field| (field.to_owned(), ids(field))));
        seen
    }
}
