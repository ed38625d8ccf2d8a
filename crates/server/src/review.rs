//! What a contact reads: the shared parts, laid out. A pure function of the shared operations.
//!
//! What this module must not do: see an operation of a part that is not shared.

use crate::authorise::contact::ReviewPermission;
use crate::ids::{StaffId, hex};
use crate::store::{StoredOp, Visit};
use plan::document::Entry;
use plan::{Answer, Entity, OpId, OpSet, Part, Parts, Record, template};
use protocol::{AnswerView, ReviewFact, ReviewPart, ReviewSection, ReviewText};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Names everything that the review depends on: equal versions, equal reviews.
pub fn version(permission: &ReviewPermission, visit: &Visit) -> String {
    let consent = permission.consent();
    let Visit { previous, began, last_seq, label } = visit;
    let parts = protocol::part_names(consent.parts).join(",");
    // As far as anything of it can be read here: who else has a yes is nobody's business.
    let readable = permission.voices().iter().map(|(staff, parts)| (staff, parts.common(consent.parts)));
    let voices: BTreeMap<_, _> = readable.filter(|(_, parts)| !parts.is_empty()).collect();
    let all =
        format!("{last_seq}|{}|{parts}|{}|{previous:?}|{began}|{label}|{voices:?}", consent.id, consent.expires_at);
    hex(&Sha256::digest(all.as_bytes())[..8])
}

/// Lays out what is shared. What came after `seen` is new.
pub fn fold(ops: Vec<StoredOp>, parts: Parts, staff: &StaffId, seen: u64) -> Vec<ReviewPart> {
    let mut reading = Reading { set: OpSet::new(), arrived: BTreeMap::new(), staff, seen };
    for op in ops {
        // Everything stored was parsed on its way in, and is of a shared part: the store has asked the permission.
        let Ok(record) = Record::parse(&op.raw) else { continue };
        if record.op.on.part().is_some_and(|part| parts.contains(part)) {
            reading.arrived.insert(record.op.id, op.arrived_at);
            reading.set.insert(record);
        }
    }
    parts.iter().map(|part| reading.part(part)).collect()
}

/// Whether all of these entries stand somewhere now.
pub fn are_there(ops: Vec<StoredOp>, entries: &[Entity]) -> bool {
    let mut set = OpSet::new();
    ops.iter().filter_map(|op| Record::parse(&op.raw).ok()).for_each(|record| {
        set.insert(record);
    });
    entries.iter().all(|entry| set.is_listed(entry))
}

struct Reading<'a> {
    set: OpSet,
    arrived: BTreeMap<OpId, u64>,
    /// Who reads.
    staff: &'a StaffId,
    seen: u64,
}

impl Reading<'_> {
    fn part(&self, part: Part) -> ReviewPart {
        let mut sections: Vec<ReviewSection> = Vec::new();
        for section in self.set.list_sections(part) {
            if section.hidden {
                continue;
            }
            let own = self.text(&section.on, "text").into_iter();
            let texts = own.chain(section.entries.iter().filter_map(|entry| self.entry(entry))).collect();
            sections.push(ReviewSection { id: section.on.name().to_owned(), title: section.title, texts });
        }
        sections.retain(|section| !section.texts.is_empty());
        let facts = if part == Part::Meeting { self.facts() } else { Vec::new() };
        ReviewPart { part: part.name().to_owned(), facts, sections }
    }

    fn facts(&self) -> Vec<ReviewFact> {
        let meeting = template::first_meeting();
        let facts = template::MEETING_FIELDS.into_iter().filter_map(|field| {
            let ReviewText { text, new, .. } = self.text(&meeting, field)?;
            Some(ReviewFact { field: field.to_owned(), text, new })
        });
        facts.collect()
    }

    fn entry(&self, entry: &Entry) -> Option<ReviewText> {
        let text = self.text(&entry.on, "text");
        if text.is_none() && entry.kind.is_empty() {
            return None;
        }
        let text = text.unwrap_or_else(|| ReviewText {
            on: String::new(),
            text: String::new(),
            others: Vec::new(),
            kind: String::new(),
            new: self.is_new(&entry.on, "kind"),
            answers: Vec::new(),
        });
        let answers = self.set.list_answers(&entry.on).into_iter().map(|answer| self.answer(answer)).collect();
        Some(ReviewText { on: entry.on.to_string(), kind: entry.kind.clone(), answers, ..text })
    }

    fn answer(&self, answer: Answer) -> AnswerView {
        AnswerView {
            said: answer.said.name().to_owned(),
            own: answer.on.owner() == Some(self.staff.as_str()),
            reason: answer.reason,
            from: answer.from,
            at: answer.at.millis,
        }
    }

    /// `None` when nothing is written there.
    fn text(&self, on: &Entity, field: &str) -> Option<ReviewText> {
        let versions = self.set.texts(on, field);
        if versions.is_empty() {
            return None;
        }
        let others = versions.others().iter().map(|version| version.text.clone()).collect();
        Some(ReviewText {
            on: String::new(),
            text: versions.shown().to_owned(),
            others,
            kind: String::new(),
            new: self.is_new(on, field),
            answers: Vec::new(),
        })
    }

    fn is_new(&self, on: &Entity, field: &str) -> bool {
        let heads = self.set.heads(on, field);
        heads.iter().any(|head| self.arrived.get(&head.op.id).is_some_and(|arrived| *arrived > self.seen))
    }
}
