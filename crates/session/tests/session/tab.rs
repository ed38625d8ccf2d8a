//! A tab whose disk writes at once and whose network is in the test's hands.

use plan::consent::{Birthdays, Consent, Custody};
use plan::{Day, Entity, Part, Parts, Profile, ReplicaId, Seen};
use protocol::{ConsentView, EraseResponse, MeView, SyncResponse, part_names};
use session::{Answer, Batch, Effect, Event, Failure, Loaded, Machine, NewEntry, Request, StoreError, Wish};
use std::collections::{BTreeMap, BTreeSet};

pub const NOW: u64 = 1_795_305_600_000;

/// A tab whose disk writes at once and whose network is in the test's hands.
pub struct Tab {
    pub machine: Machine,
    pub now: u64,
    pub stored: Vec<Batch>,
    pub sent: Vec<(u64, Request)>,
    pub aborted: Vec<u64>,
    pub told: Vec<Vec<String>>,
    pub outcomes: Vec<Result<String, Failure>>,
    pub disk: Result<(), StoreError>,
    /// What there is to read on the disk when a tab wakes; `None`: it cannot be read.
    pub news: Option<Loaded>,
}

pub fn born() -> Birthdays {
    Birthdays { turns_15: Day::new(2024, 6, 1).unwrap(), turns_18: Day::new(2027, 6, 1).unwrap() }
}

pub fn view(id: &str, parts: &[Part]) -> ConsentView {
    ConsentView::from(&Consent {
        id: id.into(),
        recipient: id.split('-').next().unwrap_or_default().into(),
        staff: id.split('-').next().unwrap_or_default().into(),
        unit: String::new(),
        parts: parts.iter().copied().collect(),
        given_at: NOW,
        expires_at: NOW + 1_000_000_000,
        custody: Custody::NotNeeded,
        withdrawn_at: None,
        turns_15: born().turns_15,
        profile: Profile::default(),
    })
}

pub fn list(part: Part) -> NewEntry {
    NewEntry { section: plan::template::sections(part).next().unwrap().id.into(), kind: None }
}

/// A machine that can read operations.
pub fn reading(replica: u64) -> Machine {
    let mut machine = Machine::new(ReplicaId(replica));
    machine.bring_reader(NOW, session::reader());
    machine
}

impl Tab {
    pub fn new(replica: u64) -> Self {
        let mut machine = reading(replica);
        machine.attach(NOW, session::remote());
        let mut tab = Self {
            machine,
            now: NOW,
            stored: Vec::new(),
            sent: Vec::new(),
            aborted: Vec::new(),
            told: Vec::new(),
            outcomes: Vec::new(),
            disk: Ok(()),
            news: Some(Loaded::default()),
        };
        tab.handle(Event::Loaded(Loaded::default()));
        tab
    }

    /// One that shares these parts with a contact each.
    pub fn sharing(replica: u64, consents: &[(&str, &[Part])]) -> Self {
        let mut tab = Self::new(replica);
        let consents = consents.iter().map(|(id, parts)| view(id, parts)).collect();
        tab.machine.join(NOW, &MeView { consents, devices: Vec::new() });
        tab.run_until_idle();
        tab.answer_all();
        tab
    }

    pub fn handle(&mut self, event: Event) {
        self.machine.handle(self.now, event);
        self.run_until_idle();
    }

    pub fn run_until_idle(&mut self) {
        loop {
            let effects = self.machine.take_effects();
            if effects.is_empty() {
                return;
            }
            for effect in effects {
                match effect {
                    Effect::Store(batch) => {
                        let event = match self.disk {
                            Ok(()) => {
                                self.stored.push(batch);
                                Event::Stored
                            }
                            Err(error) => Event::StoreFailed(error),
                        };
                        self.machine.handle(self.now, event);
                    }
                    Effect::Send { id, request, .. } => self.sent.push((id, request)),
                    Effect::Abort(id) => {
                        self.aborted.push(id);
                        self.sent.retain(|(sent, _)| *sent != id);
                    }
                    Effect::Broadcast(texts) => self.told.push(texts),
                    Effect::Greet(texts) => {
                        self.told.push(texts);
                        self.machine.handle(self.now, Event::Listened);
                    }
                    Effect::ReadNews(nap) => self.machine.handle(self.now, Event::NewsRead(nap, self.news.clone())),
                    Effect::YesAnswered { outcome, .. } => self.outcomes.push(outcome),
                    _ => {}
                }
            }
        }
    }

    pub fn answer(&mut self, is_it: impl Fn(&Request) -> bool, answer: Result<Answer, Failure>) {
        let place = self.sent.iter().position(|(_, request)| is_it(request)).expect("such a request is under way");
        let (id, _) = self.sent.remove(place);
        self.handle(Event::Answered(id, answer));
    }

    pub fn stored_answer(&self, request: &Request, cursor: u64) -> Answer {
        let Request::Sync(sync) = request else { panic!("{request:?} is no synchronisation") };
        let stored = sync.ops.iter().map(|raw| plan::Record::parse(raw).unwrap().op.id.to_string()).collect();
        let consents = self.machine.sharing().consents.iter().map(ConsentView::from).collect();
        Answer::Sync(SyncResponse { cursor, stored, consents, generation: "g".into(), ..SyncResponse::default() })
    }

    /// The server takes every synchronisation in until there is nothing more to say.
    pub fn answer_all(&mut self) {
        while let Some(place) = self.sent.iter().position(|(_, request)| matches!(request, Request::Sync(_))) {
            let (id, request) = self.sent.remove(place);
            let answer = self.stored_answer(&request, 1);
            self.handle(Event::Answered(id, Ok(answer)));
        }
    }

    pub fn write(&mut self, part: Part, text: &str) -> Entity {
        let on = Entity::entry(part, &format!("{:016x}-0", self.stored.len() + text.len() * 1000));
        let seen = Seen::nothing(on.clone());
        self.machine.type_words(self.now, &seen, "text", text, Some(&list(part)));
        self.machine.flush(self.now, &on, "text").unwrap();
        self.machine.leave(&on, "text");
        self.run_until_idle();
        on
    }

    pub fn type_over(&mut self, on: &Entity, text: &str) {
        let seen = self.machine.set().see(on);
        self.machine.type_words(self.now, &seen, "text", text, None);
        self.run_until_idle();
    }

    pub fn flush(&mut self, on: &Entity) {
        self.machine.flush(self.now, on, "text").unwrap();
        self.run_until_idle();
    }

    pub fn say_no(&mut self, consent: &str) {
        self.machine.say_no(self.now, consent);
        self.run_until_idle();
    }

    pub fn tick(&mut self) {
        self.now += 5_000;
        self.handle(Event::Tick);
    }

    pub fn texts(&self, on: &Entity) -> Vec<String> {
        let mut texts: Vec<_> = self.machine.set().texts(on, "text").0.into_iter().map(|v| v.text).collect();
        texts.sort_unstable();
        texts
    }

    pub fn withdrawals(&self) -> Vec<&str> {
        let ids = self.sent.iter().filter_map(|(_, request)| match request {
            Request::Withdraw(id) => Some(id.as_str()),
            _ => None,
        });
        ids.collect()
    }

    /// The parts that are in requests under way.
    pub fn under_way(&self) -> Parts {
        let syncs = self.sent.iter().filter_map(|(_, request)| match request {
            Request::Sync(sync) => Some(&sync.ops),
            _ => None,
        });
        syncs.flatten().filter_map(|raw| plan::Record::parse(raw).unwrap().op.on.part()).collect()
    }

    pub fn on_disk(&self, words: &str) -> bool {
        self.stored.iter().flat_map(|batch| &batch.ops).any(|(_, raw)| raw.contains(words))
    }
    /// Says a yes whose secret is this character over and over.
    pub fn say(&mut self, secret: char, wish: Wish) {
        self.machine.say_yes(self.now, secret.to_string().repeat(64), wish);
        self.run_until_idle();
    }

    pub fn has_main(&self) -> bool {
        self.sent.iter().any(|(_, request)| is_sync(request) || *request == Request::Me)
    }

    /// The server answers what the tab asks over and over, and knows of these consents.
    pub fn answer_main(&mut self, generation: &str, consents: Vec<ConsentView>) {
        let place = self.sent.iter().position(|(_, request)| is_sync(request) || *request == Request::Me);
        let (id, request) = self.sent.remove(place.expect("it asks"));
        let generation = generation.to_owned();
        let answer = match request {
            Request::Me => Answer::Me(MeView { consents, devices: Vec::new() }),
            _ => Answer::Sync(SyncResponse { consents, generation, cursor: 1, ..SyncResponse::default() }),
        };
        self.handle(Event::Answered(id, Ok(answer)));
    }

    /// What this tab thinks that a consent covers.
    pub fn parts_of(&self, consent: &str) -> Parts {
        let known = self.machine.sharing().consents.iter().find(|known| known.id == consent);
        known.map_or(Parts::NONE, |known| known.parts)
    }
}

pub fn is_sync(request: &Request) -> bool {
    matches!(request, Request::Sync(_))
}

pub fn withdrawn(id: &str, parts: &[Part]) -> Result<Answer, Failure> {
    Ok(Answer::Consent(ConsentView { withdrawn_at: Some(NOW), ..view(id, parts) }))
}

/// What the server says to a wish to erase: these are over, and these parts stay.
pub fn erased(over: &[&str], kept: &[Part]) -> Result<Answer, Failure> {
    let over = over.iter().map(|id| (*id).to_owned()).collect();
    Ok(Answer::Erased(EraseResponse { erased: 1, over, kept: part_names(kept.iter().copied().collect()) }))
}

pub fn is_no(id: &'static str) -> impl Fn(&Request) -> bool {
    move |request| *request == Request::Withdraw(id.into())
}

/// A change of what somebody may see.
pub fn change(of: &str, parts: &[Part]) -> Wish {
    Wish { code: None, replaces: Some(of.into()), parts: parts.iter().copied().collect(), born: born() }
}

/// A yes to somebody who has given a code.
pub fn coded(code: &str, parts: &[Part]) -> Wish {
    Wish { code: Some(code.into()), replaces: None, parts: parts.iter().copied().collect(), born: born() }
}

pub fn is_give(request: &Request) -> bool {
    matches!(request, Request::Give(_))
}

pub fn is_settle(request: &Request) -> bool {
    matches!(request, Request::Settle(_))
}

/// What lies on the disk after all that these tabs have written, each in its turn.
pub fn disk(tabs: &[&Tab]) -> Loaded {
    let (mut meta, mut ops, mut outbox) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    for batch in tabs.iter().flat_map(|tab| &tab.stored) {
        meta.extend(batch.meta.iter().cloned());
        ops.extend(batch.ops.iter().cloned());
        outbox.extend(batch.outbox_add.iter().cloned());
        for id in &batch.outbox_remove {
            outbox.remove(id);
        }
    }
    Loaded {
        ops: ops.into_values().collect(),
        outbox: outbox.into_iter().collect(),
        meta: meta.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
        ..Loaded::default()
    }
}

/// What one tab has told so far comes to another.
pub fn tell(from: &mut Tab, to: &mut Tab) {
    for told in std::mem::take(&mut from.told) {
        to.handle(Event::Heard(told));
    }
}

/// A consent that was given then, and ended then.
pub fn named(id: &str, parts: &[Part], given_at: u64, withdrawn_at: Option<u64>) -> ConsentView {
    ConsentView { given_at, withdrawn_at, ..view(id, parts) }
}

/// A change of this consent.
pub fn is_narrowing_of(id: &str) -> impl Fn(&(u64, Request)) -> bool {
    move |(_, request)| matches!(request, Request::Give(yes) if yes.replaces.as_deref() == Some(id))
}

/// Whether this tab knows of a consent that nobody has ended.
pub fn is_standing(tab: &Tab, id: &str) -> bool {
    tab.machine.sharing().consents.iter().any(|one| one.id == id && one.withdrawn_at.is_none())
}
