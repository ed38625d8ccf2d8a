//! A phone in a conversation that is recorded: the app's machine, with a disk that always writes, and what its pages ask beside it.

use super::build::bring;
use super::conversation::{Answered, Ask, Disk};
use plan::consent::Birthdays;
use plan::{Day, Entity, OpId, Part, Parts, ReplicaId};
use serde_json::Value;
use session::{Effect, Event, Loaded, Machine, Wish};
use std::collections::{BTreeMap, BTreeSet};

/// Who answers.
pub trait Answers {
    fn ask(&mut self, who: &'static str, ask: Ask) -> Answered;
    fn now(&self) -> u64;
    fn pass(&mut self, millis: u64);
}

/// The young person's phone, or another one of theirs.
pub struct Phone {
    pub who: &'static str,
    pub replica: ReplicaId,
    pub machine: Machine,
    /// What the server has said that it has.
    pub stored: BTreeSet<OpId>,
    pub outcomes: Vec<Result<String, session::Failure>>,
    /// How often it has asked by itself.
    pub asked: u32,
    pub is_offline: bool,
    pub disk: Disk,
    pub secrets: u64,
}

/// A name of the story's own, of 16 characters.
pub fn ours(number: u64) -> String {
    format!("{:016x}", 0x00c0_ffee_0000_0000 + number)
}

pub fn born(turns_15: u16) -> Birthdays {
    Birthdays { turns_15: Day::new(turns_15, 6, 1).unwrap(), turns_18: Day::new(turns_15 + 3, 6, 1).unwrap() }
}

pub fn body(answer: &Answered, pointer: &str) -> String {
    answer.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

pub fn ask(method: &str, path: &str, body: Value) -> Ask {
    Ask { method: method.into(), path: path.into(), headers: BTreeMap::new(), body }
}

impl Phone {
    pub fn new(who: &'static str, replica: u64, answers: &mut impl Answers) -> Self {
        Self::open(who, replica, Loaded::default(), answers)
    }

    /// One that has this on its disk.
    pub fn open(who: &'static str, replica: u64, loaded: Loaded, answers: &mut impl Answers) -> Self {
        let name = ReplicaId(0x00c0_ffee_00c0_ff00 + replica);
        let mut machine = Machine::new(name);
        bring(&mut machine, answers.now());
        let (stored, outcomes) = (BTreeSet::new(), Vec::new());
        let mut phone = Self {
            who,
            replica: name,
            machine,
            stored,
            outcomes,
            asked: 0,
            is_offline: false,
            disk: Disk::default(),
            secrets: replica * 100,
        };
        phone.happens(answers, Event::Loaded(loaded));
        phone
    }

    pub fn happens(&mut self, answers: &mut impl Answers, event: Event) {
        self.machine.handle(answers.now(), event);
        self.carry_out(answers);
    }

    /// A command of the young person's, and everything that follows from it.
    pub fn does<T>(&mut self, answers: &mut impl Answers, command: impl FnOnce(&mut Machine, u64) -> T) -> T {
        let done = command(&mut self.machine, answers.now());
        self.carry_out(answers);
        done
    }

    fn carry_out(&mut self, answers: &mut impl Answers) {
        loop {
            let effects = self.machine.take_effects();
            if effects.is_empty() {
                return;
            }
            for effect in effects {
                let event = match effect {
                    Effect::Store(batch) => {
                        self.store(batch);
                        Event::Stored
                    }
                    Effect::KeepDraft(draft) => {
                        self.disk.drafts = vec![serde_json::to_value(draft).unwrap()];
                        continue;
                    }
                    Effect::Send { id, .. } if self.is_offline => Event::Answered(id, Err(session::Failure::Offline)),
                    Effect::Greet(_) => Event::Listened,
                    Effect::ReadNews(nap) => Event::NewsRead(nap, Some(Loaded::default())),
                    Effect::Send { id, request, .. } => {
                        self.asked += 1;
                        assert!(self.asked < 1_000, "{} asks without end", self.who);
                        let call = request.call();
                        let sent = call.body.as_deref().map_or(Value::Null, |body| serde_json::from_str(body).unwrap());
                        let answer = answers.ask(self.who, ask(call.method, &call.path, sent));
                        let stored = answer.body["stored"].as_array().into_iter().flatten();
                        self.stored.extend(stored.filter_map(|id| id.as_str()?.parse::<OpId>().ok()));
                        let text = if answer.body.is_null() { String::new() } else { answer.body.to_string() };
                        Event::Answered(id, request.read(answer.is_success(), &text))
                    }
                    Effect::YesAnswered { outcome, .. } => {
                        self.outcomes.push(outcome);
                        continue;
                    }
                    _ => continue,
                };
                self.machine.handle(answers.now(), event);
            }
        }
    }

    fn store(&mut self, batch: session::Batch) {
        let Disk { ops, outbox, meta, .. } = &mut self.disk;
        ops.extend(batch.ops);
        outbox.extend(batch.outbox_add);
        outbox.retain(|id| !batch.outbox_remove.contains(id));
        for (name, value) in batch.meta {
            meta.remove(&name);
            meta.extend(value.map(|value| (name, value)));
        }
    }

    pub fn sync(&mut self, answers: &mut impl Answers) {
        self.does(answers, |machine, now| machine.sync_now(now));
    }

    /// Says yes, and what came of it.
    pub fn says_yes(&mut self, answers: &mut impl Answers, wish: Wish) -> Option<Result<String, session::Failure>> {
        self.secrets += 1;
        let secret = ours(self.secrets).repeat(4);
        self.does(answers, |machine, now| machine.say_yes(now, secret, wish));
        self.outcomes.last().cloned()
    }

    pub fn accepts(&mut self, answers: &mut impl Answers, code: String, parts: Parts, turns_15: u16) -> String {
        let mut wish = Wish { code: Some(code), replaces: None, parts, born: born(turns_15) };
        let mut said = self.says_yes(answers, wish.clone());
        // Somebody who is told that it did not go tries again without what came last, which this server may not know.
        while said == Some(Err(session::Failure::Refused(protocol::ErrorCode::Malformed)))
            && let Some(last) = wish.parts.iter().last()
        {
            wish.parts = wish.parts.without(last);
            said = self.says_yes(answers, wish.clone());
        }
        said.and_then(Result::ok).unwrap_or_default()
    }

    pub fn adds(&mut self, answers: &mut impl Answers, part: Part, section: &str, text: &str, kind: Option<&str>) {
        self.does(answers, |machine, now| machine.add_entry(now, part, section, text, kind)).unwrap();
    }

    pub fn writes(&mut self, answers: &mut impl Answers, on: &Entity, field: &str, text: &str) {
        let seen = self.machine.set().see(on);
        self.does(answers, |machine, now| machine.set_text(now, &seen, field, text)).unwrap();
    }

    /// What holds these words.
    pub fn find(&self, words: &str) -> Entity {
        let holds = |record: &&plan::Record| record.op.value.as_ref().is_some_and(|value| value.text() == words);
        self.machine.set().iter().find(holds).map(|record| record.op.on.clone()).unwrap()
    }
}
