//! What is sent next: decided anew after everything that happens, from what is known in that moment and nothing else.

use super::{Machine, Origin, SENT};
use crate::effect::Effect;
use crate::faults::Fault;
use crate::link::{Contact, Position, Work};
use crate::storage::Batch;
use crate::wire::{Answer, Failure, Request};
use plan::consent::permit;
use plan::op::{ERASED, YOUNG};
use plan::{Entity, Op, OpId, OpSet, Parts, Permit, Record};
use protocol::{
    ConsentView, EraseResponse, ErrorCode, MAX_OPS, MeView, PROTOCOL, SyncRequest, SyncResponse, parse_parts,
};
use std::collections::{BTreeMap, BTreeSet};

/// What may leave now.
struct Selected {
    ops: Vec<String>,
    parts: Parts,
    /// The contacts whose messages are among them.
    threads: BTreeSet<String>,
}

/// Which of the operations that wait may leave the phone, in order, as much as fits one request. The permit is made for this
/// one decision.
fn select(
    permit: &Permit<'_>,
    set: &OpSet,
    outbox: &BTreeSet<OpId>,
    aside: &BTreeMap<OpId, ErrorCode>,
    room: usize,
) -> Selected {
    let mut selected = Selected { ops: Vec::new(), parts: Parts::NONE, threads: BTreeSet::new() };
    let mut bytes = 0;
    let waiting = outbox.iter().filter(|id| !aside.contains_key(id)).filter_map(|id| set.get(*id));
    for record in waiting.filter(|record| permit.allows(&record.op.on)).take(MAX_OPS) {
        bytes += record.raw().len();
        // One that is larger than the room goes alone.
        if bytes > room && !selected.ops.is_empty() {
            break;
        }
        selected.parts = selected.parts.union(record.op.on.part().into_iter().collect());
        selected.threads.extend(record.op.on.thread().map(str::to_owned));
        selected.ops.push(record.raw().to_owned());
    }
    selected
}

/// Whether what arrives on it may have to go: an adult's words to what is erased, or the erasure of what they were said to.
fn may_be_late(op: &Op) -> bool {
    op.on.is_of_staff() || op.field == ERASED
}

impl Machine {
    /// Whether there are words that wait and may leave.
    pub(crate) fn has_words_to_send(&self, now: u64) -> bool {
        permit(&self.sharing.consents, now).is_some_and(|permit| {
            let waiting = self.link.outbox.iter().filter(|id| !self.link.aside.contains_key(id));
            waiting.filter_map(|id| self.set.get(*id)).any(|record| permit.allows(&record.op.on))
        })
    }

    /// How it goes with the server.
    pub fn contact(&self) -> Contact {
        self.link.contact
    }

    /// Speaks to the server at once, however often it has not answered: somebody is back, wants to know, or says no.
    pub fn sync_now(&mut self, now: u64) {
        self.reset_back_off();
        self.pump(now);
    }

    pub(crate) fn reset_back_off(&mut self) {
        self.link.main.reset();
        self.link.noes.reset();
        self.link.due = true;
    }

    pub(crate) fn send_what_is_due(&mut self, now: u64) {
        self.cancel_what_may_not_leave(now);
        self.send_noes();
        if self.link.noes.is_over() {
            self.send_owed(now);
            self.send_noes();
            self.send_open();
        }
        self.send_main(now);
    }

    pub(crate) fn send(&mut self, work: Work, request: Request) {
        let limit_millis = if self.faults.has(Fault::NoWaits) { u64::MAX } else { work.limit() };
        let id = self.link.begin(work);
        self.effects.push(Effect::Send { id, request, limit_millis });
    }

    pub(crate) fn cancel(&mut self, is_it: impl Fn(&Work) -> bool) {
        let ids: Vec<u64> = self.link.flights.iter().filter(|(_, work)| is_it(work)).map(|(id, _)| *id).collect();
        for id in ids {
            self.link.flights.remove(&id);
            self.effects.push(Effect::Abort(id));
            self.link.due = true;
        }
    }

    fn cancel_what_may_not_leave(&mut self, now: u64) {
        if self.faults.has(Fault::StalePermit) || self.faults.has(Fault::NoWaits) {
            return;
        }
        let consents = self.sharing.consents.clone();
        let permit = permit(&consents, now);
        let allowed = permit.as_ref().map_or(Parts::NONE, Permit::parts);
        let reaches = |staff: &String| permit.as_ref().is_some_and(|permit| permit.reaches(staff));
        self.cancel(|work| match work {
            Work::Sync { parts, threads, .. } => !parts.minus(allowed).is_empty() || !threads.iter().all(reaches),
            _ => false,
        });
    }

    /// Every no goes its own way, beside everything else.
    fn send_noes(&mut self) {
        let waits = self.faults.has(Fault::NoWaits) && self.link.is_under_way(Work::is_main);
        if !self.link.noes.is_over() || !self.sharing.connected || waits {
            return;
        }
        let untold: Vec<String> = self.sharing.untold().cloned().collect();
        for id in untold {
            if !self.link.is_under_way(|work| *work == Work::Withdraw(id.clone())) {
                self.send(Work::Withdraw(id.clone()), Request::Withdraw(id));
            }
        }
    }

    fn send_main(&mut self, now: u64) {
        let link = &self.link;
        let is_free = link.main.is_over() && !link.is_under_way(Work::is_main);
        let is_behind = link.is_reading || link.greetings > 0;
        if !link.due || !is_free || is_behind || !self.sharing.connected {
            return;
        }
        if self.faults.has(Fault::StalePermit) && link.is_under_way(|work| matches!(work, Work::Withdraw(_))) {
            self.link.stale.get_or_insert_with(|| self.sharing.consents.clone());
            return;
        }
        self.link.due = false;
        // What is erased is what nobody may see any more, so the server hears of every no before.
        if self.sharing.erasing && !self.sharing.is_no_waiting() {
            return self.send(Work::Erase(self.sharing.erase), Request::Erase);
        }
        let learned = self.link.learned;
        let stale = self.link.stale.take();
        let permit = permit(stale.as_ref().unwrap_or(&self.sharing.consents), now);
        let link = &self.link;
        let selected = permit.map(|permit| select(&permit, &self.set, &link.outbox, &link.aside, link.room));
        let Some(selected) = selected.filter(|_| !self.link.ask_me) else {
            // Nothing may be sent. A yes that waits for the custody holder, or one given on another phone, is asked for.
            self.link.ask_me = false;
            return self.send(Work::Me { learned }, Request::Me);
        };
        let Selected { ops, parts, threads } = selected;
        let any = !ops.is_empty();
        let sent = self.sharing.sent.union(parts);
        if sent != self.sharing.sent {
            self.sharing.sent = sent;
            self.keep_sharing();
        }
        // Nothing to say and nothing to show: asking every few seconds is not work worth a word.
        if any {
            self.link.contact = Contact::Working;
        }
        let cursor = self.link.position.cursor;
        self.send(
            Work::Sync { parts, threads, any, learned },
            Request::Sync(SyncRequest { protocol: PROTOCOL, cursor, ops }),
        );
    }

    /// What was given up is not heard, whatever comes of it.
    pub(crate) fn take_answer(&mut self, now: u64, id: u64, answer: Result<Answer, Failure>) {
        let Some(work) = self.link.flights.remove(&id) else { return };
        let consent = |answer: Result<Answer, Failure>| match answer {
            Ok(Answer::Consent(view)) => Ok(view),
            Ok(_) => Err(Failure::Refused(ErrorCode::Unknown)),
            Err(failure) => Err(failure),
        };
        match (work, answer) {
            (Work::Sync { any, learned, .. }, Ok(Answer::Sync(response))) => self.synced(now, response, any, learned),
            (Work::Me { learned }, Ok(Answer::Me(me))) => self.merge_me(&me, learned),
            (Work::Erase(count), Ok(Answer::Erased(response))) => self.erased(count, response),
            (Work::Withdraw(id), answer) => self.withdrawn(&id, consent(answer)),
            (Work::Give(secret), answer) => self.given(&secret, consent(answer)),
            (Work::Settle { secret, withdraw }, answer) => self.resolve_secret(now, &secret, withdraw, consent(answer)),
            (work, answer) => self.failed(&work, answer.err().unwrap_or(Failure::Refused(ErrorCode::Unknown))),
        }
    }

    fn failed(&mut self, work: &Work, failure: Failure) {
        match failure {
            // Another phone has taken the yes back, or the clock here is wrong: the server knows.
            Failure::Refused(ErrorCode::NoConsent) if matches!(work, Work::Sync { .. }) => {
                self.link.ask_me = true;
                self.link.due = true;
                return;
            }
            Failure::Refused(ErrorCode::TooLarge) => self.link.fit_room(false),
            _ => {}
        }
        self.link.main.fail();
        self.link.contact = match failure {
            Failure::Offline => Contact::Offline,
            Failure::Refused(code) => Contact::Refused(code),
        };
    }

    fn withdrawn(&mut self, id: &str, answer: Result<ConsentView, Failure>) {
        match answer {
            // A consent that the server does not know cannot be read by anybody either.
            Ok(_) | Err(Failure::Refused(ErrorCode::NotFound)) => {
                self.sharing.told.insert(id.to_owned());
                self.keep_sharing();
                self.link.due = true;
            }
            Err(failure) => {
                self.link.noes.fail();
                if let Failure::Refused(code) = failure {
                    self.link.contact = Contact::Refused(code);
                }
            }
        }
    }

    fn merge_me(&mut self, me: &MeView, learned: u64) {
        self.link.main.reset();
        self.link.contact = Contact::Quiet;
        self.learn(&me.consents, learned == self.link.learned);
    }

    /// Joins the consents that came with an answer.
    fn learn(&mut self, views: &[ConsentView], complete: bool) {
        if self.sharing.merge(views, complete) {
            // What was refused may be taken now.
            self.link.aside.clear();
            self.link.count_correction();
            self.drop_what_was_said_no_to();
            self.keep_sharing();
        }
    }

    /// What was over and what was not when the server was asked, by its own clock: a no that was said since is another matter.
    fn erased(&mut self, count: u64, response: EraseResponse) {
        self.link.main.reset();
        self.sharing.erased = self.sharing.erased.max(count);
        self.sharing.erasing = self.sharing.erase > self.sharing.erased;
        self.sharing.sent = self.sharing.sent.common(parse_parts(&response.kept).unwrap_or(Parts::NONE));
        response.over.into_iter().for_each(|id| self.sharing.cleared.insert(id));
        self.send_everything_again();
        self.keep_sharing();
    }

    /// The server holds nothing of what was erased now, so a later yes sends everything again. That is in line for the disk
    /// before the erasure counts as done.
    pub(crate) fn send_everything_again(&mut self) {
        let batch = self.begin_again(Position::default());
        self.enqueue(batch);
        self.link.due = true;
    }

    /// Everything is to be sent and fetched again: the server's copy is not the one this phone knew.
    fn begin_again(&mut self, position: Position) -> Batch {
        self.link.outbox = self.set.iter().map(|record| record.op.id).collect();
        self.link.aside.clear();
        let mut batch = self.move_to(position);
        batch.outbox_add = self.link.outbox.iter().map(ToString::to_string).collect();
        batch
    }

    pub(crate) fn move_to(&mut self, position: Position) -> Batch {
        let text = format!("{} {}", position.generation, position.cursor);
        self.link.position = position;
        Batch { meta: vec![("position".into(), Some(text))], ..Batch::default() }
    }

    /// An adult has said something to what was erased before they knew, or it was erased elsewhere after they had: it goes too, since
    /// it is shown nowhere.
    fn erase_late_words(&mut self, now: u64, on: &Entity) {
        let before = self.undoable.len();
        self.editor.begin_change();
        // What cannot be written now is only in a copy of a newer build, which does it itself.
        let _ = self.run(now, |editor, set| editor.erase_late_words(set, on));
        self.editor.begin_change();
        self.undoable.truncate(before);
    }

    /// Takes an answer in. What it brings and how far it goes are stored together.
    fn synced(&mut self, now: u64, response: SyncResponse, any: bool, learned: u64) {
        self.link.main.reset();
        let SyncResponse { cursor, ops, more, stored, refused, consents, generation } = response;
        let records: Vec<Record> = ops.iter().filter_map(|raw| Record::parse(raw).ok()).collect();
        let late = records.iter().filter(|record| may_be_late(&record.op)).map(|record| record.op.on.clone());
        let mut late: BTreeSet<Entity> = late.collect();
        // An earlier build may have erased something without knowing what had been said to it.
        if !std::mem::replace(&mut self.link.has_looked_back, true) {
            let erased = self.set.iter().filter(|record| record.op.field == ERASED);
            late.extend(erased.map(|record| record.op.on.clone()));
        }
        let mut batch = self.insert(records, Origin::Server);
        self.broadcast(Origin::Server, ops);
        if !stored.is_empty() {
            let ids = [SENT.to_owned(), generation.clone()].into_iter().chain(stored.iter().cloned());
            self.effects.push(Effect::Broadcast(ids.collect()));
        }
        let before = self.link.outbox.len();
        for id in stored.iter().filter_map(|id| id.parse::<OpId>().ok()) {
            self.link.outbox.remove(&id);
        }
        let is_progress = any && self.link.outbox.len() < before;
        batch.outbox_remove = stored;
        for refused in refused {
            self.link.aside.extend(refused.id.parse::<OpId>().ok().map(|id| (id, refused.reason)));
        }
        let before = &self.link.position;
        let is_another = !before.generation.is_empty() && before.generation != generation;
        let position = Position { generation, cursor: if is_another { 0 } else { cursor } };
        let has_moved = *before != position;
        if is_another {
            // Two copies that answer in turn would be sent everything without end.
            if std::mem::replace(&mut self.link.has_begun_again, true) {
                self.link.main.fail();
                self.link.main.fail();
            }
            let again = self.begin_again(position);
            batch.append(again);
        } else if has_moved {
            let moved = self.move_to(position);
            batch.append(moved);
        }
        self.enqueue(batch);
        late.iter().for_each(|on| self.erase_late_words(now, on));
        if any {
            self.link.fit_room(true);
        }
        self.learn(&consents, learned == self.link.learned);
        self.link.due |= (more && has_moved) || is_another || is_progress;
        let aside = permit(&self.sharing.consents, now).and_then(|permit| {
            let mut aside = self.link.aside.iter();
            aside.find(|(id, _)| {
                self.set.get(**id).is_some_and(|record| record.op.by == YOUNG && permit.allows(&record.op.on))
            })
        });
        self.link.contact = aside.map_or(Contact::UpToDate, |(_, reason)| Contact::Refused(*reason));
    }
}
