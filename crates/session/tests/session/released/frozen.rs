//! A server of which only a recording is left. It answers as it did; to what it was never asked, by the rules that the recording
//! shows.

use super::conversation::{Answered, Ask, Conversation, Exchange};
use super::phone::Answers;
use super::story::START;
use plan::op::YOUNG;
use plan::{Part, Record};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub struct Frozen {
    told: Conversation,
    /// How often each has asked for each thing.
    asked: BTreeMap<String, usize>,
    /// Up to where in the recording each has come.
    places: BTreeMap<&'static str, usize>,
    now: u64,
    /// Everything that it was asked to take.
    pub heard: Vec<Ask>,
    /// Requests that it did not know.
    pub unknown: BTreeSet<String>,
    /// Answers that were given as they were recorded, and those that were made up after the rules.
    pub as_recorded: usize,
    pub made_up: usize,
}

impl Answers for Frozen {
    fn ask(&mut self, who: &'static str, ask: Ask) -> Answered {
        self.pass(1_000);
        match ask.route().as_str() {
            "POST sync" => {
                self.heard.push(ask.clone());
                self.sync(who, &ask)
            }
            route => self.find(who, route, &ask).unwrap_or_else(|| self.refuse(&ask)),
        }
    }

    fn now(&self) -> u64 {
        self.now
    }

    fn pass(&mut self, millis: u64) {
        self.now += millis;
    }
}

impl Frozen {
    pub fn new(told: Conversation) -> Self {
        let (asked, places) = Default::default();
        let (heard, unknown) = Default::default();
        Self { told, asked, places, now: START, heard, unknown, as_recorded: 0, made_up: 0 }
    }

    /// It has heard all of what was recorded.
    pub fn at_the_end(told: Conversation, who: &'static str) -> Self {
        let (end, now) = (told.exchanges.len(), told.exchanges.last().map_or(START, |one| one.at));
        Self { places: [(who, end)].into(), now, ..Self::new(told) }
    }

    /// Answers as it was recorded in this place.
    fn give(&mut self, who: &'static str, at: usize) -> Answered {
        let place = self.places.entry(who).or_default();
        *place = (*place).max(at + 1);
        self.as_recorded += 1;
        self.told.exchanges[at].answer.clone()
    }

    /// The parts that it knew.
    fn knows(&self, part: &Value) -> bool {
        let mut yeses = self.told.exchanges.iter().filter(|one| one.ask.path == "consents" && !one.later);
        yeses.any(|one| one.ask.body["parts"].as_array().is_some_and(|parts| parts.contains(part)))
    }

    /// What it answered to the same when it was asked next; and after the last time as it did then.
    fn find(&mut self, who: &'static str, route: &str, ask: &Ask) -> Option<Answered> {
        let parts = ask.body["parts"].as_array().cloned().unwrap_or_default();
        let is_later = !parts.iter().all(|part| self.knows(part));
        let all = self.told.exchanges.iter().enumerate();
        let fits = all.filter(|(_, one)| one.who == who && one.ask.route() == route && one.later == is_later);
        let fits: Vec<usize> = fits.map(|(at, _)| at).collect();
        let asked = self.asked.entry(format!("{who} {route} {is_later}")).or_default();
        let at = *fits.get(*asked).or(fits.last())?;
        *asked += 1;
        Some(self.give(who, at))
    }

    /// It knew the address but not what to do with it, or neither.
    fn refuse(&mut self, ask: &Ask) -> Answered {
        self.unknown.insert(ask.route());
        let mut all = self.told.exchanges.iter().filter(|one| one.later);
        let is_address = self.told.exchanges.iter().any(|one| !one.later && one.ask.path == ask.path);
        let status = if is_address { 405 } else { 404 };
        all.find(|one| one.answer.status == status).unwrap().answer.clone()
    }

    fn sync(&mut self, who: &'static str, ask: &Ask) -> Answered {
        let ids = |ask: &Ask| -> BTreeSet<String> {
            ask.ops().iter().map(|raw| Record::parse(raw).map_or(String::new(), |one| one.op.id.to_string())).collect()
        };
        let place = self.places.get(who).copied().unwrap_or_default();
        let all: Vec<_> =
            self.told.exchanges.iter().enumerate().filter(|(_, one)| one.who == who && !one.later).collect();
        let is_sync = |one: &Exchange| one.ask.path == "sync";
        let is_it = |(_, one): &&(usize, &Exchange)| {
            is_sync(one) && ids(&one.ask) == ids(ask) && one.ask.body["protocol"] == ask.body["protocol"]
        };
        // One without words is answered as recorded only where it comes next, or others would be passed over.
        let ahead = all.iter().filter(|(at, _)| *at >= place);
        let found = ahead.clone().take(if ask.ops().is_empty() { 1 } else { all.len() }).find(is_it);
        if let Some((at, _)) = found {
            return self.give(who, *at);
        }
        // What has just happened shows in what comes next.
        let before = all.iter().filter(|(at, one)| *at < place && is_sync(one) && one.ask.body["protocol"] == 1);
        let near = ahead.take(1).filter(|(_, one)| is_sync(one)).chain(before.rev());
        let Some(mut answer) = near.map(|(_, one)| one.answer.clone()).next() else { return self.refuse(ask) };
        self.made_up += 1;
        if answer.is_success() {
            let (stored, refused) = sort(&answer.body["consents"], ask, self.now);
            answer.body["ops"] = json!([]);
            answer.body["stored"] = stored.into();
            answer.body["refused"] = refused.into();
        }
        answer
    }
}

/// What a server of the first build takes: the young person's, of a part that is shared. Everything else stays on the phone.
fn sort(consents: &Value, ask: &Ask, now: u64) -> (Vec<Value>, Vec<Value>) {
    let is_over = |one: &Value| !one["withdrawn_at"].is_null() || one["expires_at"].as_u64().unwrap() < now;
    let active = consents.as_array().into_iter().flatten().filter(|one| !is_over(one));
    let parts: Vec<&Value> = active.flat_map(|one| one["parts"].as_array().unwrap()).collect();
    let (mut stored, mut refused) = (Vec::new(), Vec::new());
    for raw in ask.ops() {
        let Ok(Record { op, .. }) = Record::parse(raw) else { continue };
        let is_shared = op.on.part().map(Part::name).is_some_and(|part| parts.iter().any(|one| *one == part));
        match (op.by == YOUNG, is_shared) {
            (true, true) => stored.push(op.id.to_string().into()),
            (true, false) => refused.push(json!({"id": op.id.to_string(), "reason": "no_consent"})),
            (false, _) => refused.push(json!({"id": op.id.to_string(), "reason": "forbidden"})),
        }
    }
    (stored, refused)
}
