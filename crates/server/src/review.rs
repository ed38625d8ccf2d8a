//! What a contact reads: the shared parts, laid out. A pure function of the shared operations.
//!
//! What this module must not do: see an operation of a part that is not shared.

use crate::authorise::contact::ReviewPermission;
use crate::ids::{GuestId, StaffId, hex};
use crate::store::{GuestRow, Read, Seen, StoredOp, Thread, Visit};
use plan::attendance::Told;
use plan::document::Entry;
use plan::guest::SLIP_MILLIS;
use plan::meeting::{By, QUESTIONS};
use plan::{
    Agenda, Agreement, Answer, Entity, Invitee, Level, Meeting, Message, OpId, OpSet, Part, Parts, Proposal, Record,
    Reflection, Section, Suggestion, author, template,
};
use protocol::{
    AgreementView, AnswerView, AttendanceView, ByView, InviteeView, MAX_MESSAGES, MessageView, MessagesView,
    ProposalView, ReflectionView, ReviewFact, ReviewMeeting, ReviewPart, ReviewSection, ReviewText, SuggestionView,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Names everything that the review depends on: equal versions, equal reviews.
pub fn version(permission: &ReviewPermission, visit: &Visit) -> String {
    let consent = permission.consent();
    let Visit { previous, began, last_seq, heard, label } = visit;
    let parts = protocol::part_names(consent.parts).join(",");
    let all =
        format!("{last_seq}|{}|{parts}|{}|{previous:?}|{began}|{label}|{heard:?}", consent.id, consent.expires_at);
    hex(&Sha256::digest(all.as_bytes())[..8])
}

/// Lays out what is shared. What came after `seen` is new.
pub fn fold(ops: Vec<StoredOp>, parts: Parts, staff: &StaffId, seen: u64) -> Vec<ReviewPart> {
    let mut reading = Reading {
        set: OpSet::new(),
        arrived: BTreeMap::new(),
        staff,
        by_reader: author::Author::Staff(staff.as_str()).to_string(),
        seen,
    };
    for op in ops {
        // Everything stored was parsed on its way in, and is of a shared part: the store has asked the permission.
        let Ok(record) = Record::parse(&op.raw) else { continue };
        if record.op.on.part().is_some_and(|part| parts.contains(part)) {
            reading.arrived.insert(record.op.id, op.arrived_at);
            reading.set.insert(record);
        }
    }
    parts.iter().flat_map(|part| reading.part(part)).collect()
}

fn set_of(ops: &[StoredOp]) -> OpSet {
    let mut set = OpSet::new();
    ops.iter().filter_map(|op| Record::parse(&op.raw).ok()).for_each(|record| {
        set.insert(record);
    });
    set
}

/// What a guest reads of a meeting; `None` when it is there no more.
pub fn fold_agenda(ops: &[StoredOp], meeting: &Entity) -> Option<Agenda> {
    set_of(ops).agenda(meeting)
}

/// Which links are over by themselves, or for a meeting that is there no more. By a day that has just come none is.
pub fn fold_over(ops: &[StoredOp], guests: Vec<GuestRow>, now: u64) -> Vec<GuestId> {
    let set = set_of(ops);
    let is_new = |op: &&StoredOp| op.arrived_at.saturating_add(SLIP_MILLIS) > now;
    let new: BTreeSet<OpId> =
        ops.iter().filter(is_new).filter_map(|op| Some(Record::parse(&op.raw).ok()?.op.id)).collect();
    let is_over = |guest: &GuestRow| {
        let stood = || set.heads(&guest.meeting, author::DATE).iter().all(|head| !new.contains(&head.op.id));
        let is_over = |agenda: Agenda| agenda.is_over(guest.made_at, now) && stood();
        guest.ended_at.is_none() && set.agenda(&guest.meeting).is_none_or(is_over)
    };
    guests.into_iter().filter(is_over).map(|guest| guest.id).collect()
}

/// Lays out what is written between a young person and a contact, and says what of what is shown the contact had not read.
pub fn fold_thread(thread: Thread, staff: &StaffId) -> (MessagesView, Read) {
    let Thread { label, ops, read_seq } = thread;
    let last_seq = ops.last().map_or(0, |op| op.seq);
    let set = set_of(&ops);
    let all = set.list_messages(staff.as_str());
    let is_unread = |message: &Message| !message.on.is_of_staff() && !message.is_read;
    // What one of the two has read, the contact and who stands in, the other may not have.
    let arrived = ops.iter().filter(|op| op.seq > read_seq).filter_map(|op| Some(Record::parse(&op.raw).ok()?.op));
    let arrived: BTreeSet<Entity> = arrived.filter(|op| op.field == author::TEXT).map(|op| op.on).collect();
    let is_new = |message: &Message| !message.on.is_of_staff() && (!message.is_read || arrived.contains(&message.on));
    let earlier = all.len().saturating_sub(MAX_MESSAGES);
    let shown = all.iter().skip(earlier).filter(|message| is_unread(message));
    let read = Read { messages: shown.map(|message| message.on.clone()).collect(), last_seq };
    let views = all.into_iter().skip(earlier).map(|message| MessageView {
        new: is_new(&message),
        on: message.on.to_string(),
        text: message.text,
        quote: message.quote,
        from: message.from,
        at: message.at.millis,
    });
    let thread = Entity::of_thread(staff.as_str()).to_string();
    (MessagesView { label, thread, messages: views.collect(), more: earlier > 0 }, read)
}

/// What is looked at before this contact says something to what is named. `None` when not all of that is there now: entries that
/// stand somewhere, with something in them that can be read, and meetings. A thread always is.
pub fn see(ops: &[StoredOp], staff: &StaffId, parts: Parts, named: Vec<Entity>) -> Option<Seen> {
    let set = set_of(ops);
    let open = set.list_open_offers(staff.as_str());
    let last_seq = ops.last().map_or(0, |op| op.seq);
    are_there(&set, &named).then_some(Seen { entries: named, last_seq, open, parts })
}

fn are_there(set: &OpSet, named: &[Entity]) -> bool {
    let is_thread = |on: &Entity| on.kind_name() == author::THREAD && on.thread().is_some();
    let has_words = |on: &Entity| !set.texts(on, "text").is_empty() || set.value(on, "kind").is_some();
    let is_read = |on: &Entity| on.kind() != Some(plan::Kind::Entry) || has_words(on);
    named.iter().all(|on| is_thread(on) || set.is_there(on) && is_read(on))
}

struct Reading<'a> {
    set: OpSet,
    arrived: BTreeMap<OpId, u64>,
    /// Who reads.
    staff: &'a StaffId,
    /// How they sign what they write.
    by_reader: String,
    seen: u64,
}

impl Reading<'_> {
    fn part(&self, part: Part) -> Vec<ReviewPart> {
        if part != Part::Meeting {
            let (part, sections) = (part.name().to_owned(), self.sections(self.set.list_sections(part)));
            return vec![ReviewPart { part, facts: Vec::new(), sections, meeting: None }];
        }
        self.set.list_meetings().into_iter().map(|meeting| self.meeting(meeting)).collect()
    }

    fn sections(&self, all: Vec<Section>) -> Vec<ReviewSection> {
        let shown = all.into_iter().filter(|section| !section.hidden).map(|section| {
            let own = self.text(&section.on, "text").into_iter();
            let texts = own.chain(section.entries.iter().filter_map(|entry| self.entry(entry))).collect();
            ReviewSection { id: section.on.name().to_owned(), title: section.title, texts }
        });
        shown.filter(|section| !section.texts.is_empty()).collect()
    }

    fn meeting(&self, meeting: Meeting) -> ReviewPart {
        let Meeting { on, form, .. } = meeting;
        let is_first = on == template::first_meeting();
        let mut sections = match is_first {
            true => self.set.list_sections(Part::Meeting),
            false => self.set.list_sections_of_meeting(&template::DANISH, on.name()),
        };
        // With who does it and by when, they are told below.
        sections.retain(|section| section.on.name() != template::AGREEMENTS);
        let facts = template::MEETING_FIELDS.into_iter().filter_map(|field| {
            let ReviewText { text, new, .. } = self.text(&on, field)?;
            Some(ReviewFact { field: field.to_owned(), text, new })
        });
        let attendance = self.set.attendance(&on);
        let meeting = ReviewMeeting {
            form: form.name().to_owned(),
            agreements: self.set.list_agreements(&on).into_iter().map(|it| self.agreement(it)).collect(),
            proposals: self.set.list_proposals(&on).into_iter().map(|it| self.proposal(it)).collect(),
            invitees: self.set.list_invitees(&on).into_iter().map(|it| self.invitee(it)).collect(),
            own_reflection: self.own_reflection(&on),
            reflections: self.set.list_reflections(&on).into_iter().map(|it| self.reflection(it)).collect(),
            came: attendance.own.to_string(),
            attendance: attendance.theirs.into_iter().map(|it| self.attendance(it)).collect(),
            brought: self.set.list_brought(&on).iter().filter_map(|entry| self.entry(entry)).collect(),
            on: on.to_string(),
        };
        let sections = self.sections(sections);
        ReviewPart { part: Part::Meeting.name().to_owned(), facts: facts.collect(), sections, meeting: Some(meeting) }
    }

    fn agreement(&self, agreement: Agreement) -> AgreementView {
        let Agreement { on, what, who, due, outcome, by } = agreement;
        let text = if by.from.is_empty() { "text" } else { author::WHAT };
        let outcome = outcome.map_or("", Level::name).to_owned();
        AgreementView {
            what,
            who,
            due,
            outcome,
            by: self.by(&on, by, &[text, author::WHO, author::DUE, author::OUTCOME]),
        }
    }

    fn proposal(&self, proposal: Proposal) -> ProposalView {
        let Proposal { on, date, time, place, taken, by } = proposal;
        ProposalView { date, time, place, taken, by: self.by(&on, by, &[author::DATE, author::OUTCOME]) }
    }

    fn invitee(&self, invitee: Invitee) -> InviteeView {
        let Invitee { on, kind: actor, why, taken, by } = invitee;
        InviteeView { actor, why, taken, by: self.by(&on, by, &[author::ACTOR, author::OUTCOME]) }
    }

    fn reflection(&self, reflection: Reflection) -> ReflectionView {
        let Reflection { on, levels, words, by } = reflection;
        let [heard, safe, informed] = levels.map(|level| level.map_or("", Level::name).to_owned());
        ReflectionView { heard, safe, informed, words, by: self.by(&on, by, &QUESTIONS) }
    }

    fn attendance(&self, told: Told) -> AttendanceView {
        let Told { on, kinds, by } = told;
        AttendanceView { kinds: kinds.to_string(), by: self.by(&on, by, &[author::CAME]) }
    }

    fn own_reflection(&self, meeting: &Entity) -> Option<ReflectionView> {
        let said = |field| self.set.texts(meeting, field).shown().to_owned();
        let ([heard, safe, informed], words) = (QUESTIONS.map(said), said(author::WORDS));
        let heads = QUESTIONS.iter().chain([&author::WORDS]).flat_map(|field| self.set.heads(meeting, field));
        let at = heads.map(|head| head.op.at).max()?;
        let by = By { from: String::new(), at };
        let by = self.by(meeting, by, &[author::HEARD, author::SAFE, author::INFORMED, author::WORDS]);
        Some(ReflectionView { heard, safe, informed, words, by })
    }

    /// Who wrote it, and whether something in one of these fields is new.
    fn by(&self, on: &Entity, by: By, fields: &[&str]) -> ByView {
        let has_slots = author::KindRows::find_of_staff(on.kind_name()).is_some_and(|kind| kind.has_slots);
        let slot = || on.name().rsplit('_').nth(1).filter(|_| has_slots).unwrap_or_default().to_owned();
        let own = (!by.from.is_empty() && on.owner() == Some(self.staff.as_str())).then(slot);
        let new = fields.iter().any(|field| self.is_new(on, field));
        ByView { from: by.from, at: by.at.millis, own, new }
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
            suggestions: Vec::new(),
        });
        let answers = self.set.list_answers(&entry.on).into_iter().map(|answer| self.answer(answer)).collect();
        let suggestions = self.set.list_suggestions(&entry.on).into_iter().map(|it| self.suggestion(it)).collect();
        Some(ReviewText { on: entry.on.to_string(), kind: entry.kind.clone(), answers, suggestions, ..text })
    }

    fn suggestion(&self, suggestion: Suggestion) -> SuggestionView {
        let Suggestion { on, text, taken, by } = suggestion;
        SuggestionView { text, taken, by: self.by(&on, by, &[author::TEXT, author::OUTCOME]) }
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
            suggestions: Vec::new(),
        })
    }

    fn is_new(&self, on: &Entity, field: &str) -> bool {
        let heads = self.set.heads(on, field);
        // What the reader has written is no news to them.
        let others = heads.iter().filter(|head| head.op.by != self.by_reader);
        others.into_iter().any(|head| self.arrived.get(&head.op.id).is_some_and(|arrived| *arrived > self.seen))
    }
}
