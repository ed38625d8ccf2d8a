//! The network between a phone and the server: it hangs, drops, repeats and answers late.

use crate::oracle::trace;
use crate::phone::Flight;
use crate::server::{Jar, Reply};
use crate::world::{Check, Happening, START, World};
use plan::{Parts, Record};
use protocol::ErrorCode;
use session::{Answer, Call, Event, Failure, Request};

impl World {
    /// A request leaves a tab.
    pub fn depart(&mut self, phone: usize, at: (usize, usize), id: u64, request: Request, limit: u64) -> Check {
        let call = request.call();
        if limit > 60_000 && self.fault.is_none() {
            return Err(format!("{} has no time limit", call.path));
        }
        let mut parts = Parts::NONE;
        if let Request::Sync(sync) = &request {
            for raw in &sync.ops {
                let record = Record::parse(raw).map_err(|_| "no operation".to_owned())?;
                let part = record.op.on.part().ok_or("a part that nobody can be given has left the phone")?;
                parts = parts.union([part].into_iter().collect());
            }
        }
        let secret = match &request {
            Request::Give(request) => request.secret.clone(),
            Request::Settle(request) => Some(request.secret.clone()),
            _ => None,
        };
        let name = self.tab(at).name;
        self.tab(at).flights.insert(id, Flight { call, parts, secret });
        // A hang is a hang: nobody says a word until the limit.
        if limit < u64::MAX / 2 {
            self.later(limit, Happening::Limit(name, id));
        }
        if self.phones[phone].is_offline || self.wild(25) {
            let wait = 1 + self.rng.next() % 300;
            let (answer, era) = (Err(Failure::Offline), self.era);
            self.later(wait, Happening::Answered { tab: name, id, answer, cookies: Jar::new(), era });
            return Ok(());
        }
        if self.wild(15) {
            return Ok(());
        }
        let slow = self.wild(5);
        let wait = if slow { 1 + self.rng.next() % 20_000 } else { 1 + self.rng.next() % 150 };
        if self.wild(20) {
            let again = wait + self.rng.next() % 30_000;
            self.later(again, Happening::Arrives { phone, tab: name, id, request: request.clone(), answer_in: None });
        }
        let lost = self.wild(20);
        let back = if self.wild(8) { 1 + self.rng.next() % 20_000 } else { 1 + self.rng.next() % 150 };
        let answer_in = (!lost).then_some(back);
        self.later(wait, Happening::Arrives { phone, tab: name, id, request, answer_in });
        Ok(())
    }

    pub fn arrive(&mut self, phone: usize, tab: u64, id: u64, request: &Request, answer_in: Option<u64>) -> Check {
        let jar = self.phones[phone].jar.clone();
        let Reply { success, body, cookies } = self.server.ask(&jar, &request.call());
        let answer = request.read(success, &body);
        trace(|| format!("{} {tab:x} #{id} {:?} -> {success} {body}", self.now - START, request.call()));
        if let Ok(Answer::Sync(response)) = &answer {
            self.check_given(&response.ops)?;
            self.check_given_of_guests(&jar, &response.ops)?;
        }
        if let Ok(Answer::Erased(erased)) = &answer {
            self.note_erased(&jar, &erased.kept);
        }
        if let (Request::Give(yes), Ok(Answer::Consent(view))) = (request, &answer) {
            let consent = view.to_consent().ok_or("no consent")?;
            let mut is_again = false;
            if let Some(secret) = &yes.secret {
                if self.oracle.dead_secrets.contains(secret) && consent.withdrawn_at.is_none() {
                    return Err("a yes that was taken back has come true".to_owned());
                }
                let before = self.oracle.by_secret.insert(secret.clone(), consent.id.clone());
                is_again = before.is_some_and(|before| before != consent.id);
            }
            let about = yes.code.as_ref().or(yes.replaces.as_ref()).cloned().unwrap_or_default();
            let came = self.oracle.wishes.len();
            let place = self.oracle.wishes.iter().position(|said| said.about == about).unwrap_or(0);
            // A server that was put back has forgotten what came of it, and what was said since, and a request from before
            // comes late: nobody can tell it from one of another phone.
            let place = if is_again { came } else { place };
            self.oracle.born.entry(consent.id.clone()).or_insert((place, came));
            self.oracle.learn(consent);
        }
        if let Some(wait) = answer_in {
            self.later(wait, Happening::Answered { tab, id, answer, cookies, era: self.era });
        }
        Ok(())
    }

    pub fn answered(&mut self, tab: u64, id: u64, answer: Result<Answer, Failure>, cookies: Jar, era: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        // What was given up is not heard, and its cookie is not kept.
        let Some(flight) = self.tab(at).flights.remove(&id) else { return Ok(()) };
        self.phones[at.0].jar.extend(cookies);
        match &answer {
            Err(Failure::Offline) => {}
            Err(Failure::Refused(ErrorCode::TooManyTries)) => self.is_limited = true,
            answer => {
                let is_unknown = matches!(answer, Err(Failure::Refused(ErrorCode::SignedOut)));
                self.tab(at).is_unknown = is_unknown;
            }
        }
        // A server that has been put back since has forgotten what it answered.
        let is_answer = answer.is_ok() && era == self.era;
        let not_there = matches!(answer, Err(Failure::Refused(ErrorCode::NotFound))) && era == self.era;
        if let Some(id) = flight.call.path.strip_prefix("consents/").and_then(|path| path.strip_suffix("/withdraw"))
            && is_answer
        {
            self.oracle.ended.insert(id.to_owned());
        }
        if flight.call.path == "consents/settle" && flight.call.outlives_page && (is_answer || not_there) {
            let secret = flight.secret.unwrap_or_default();
            self.oracle.ended.extend(self.oracle.by_secret.get(&secret).cloned());
            self.oracle.dead_secrets.insert(secret);
        }
        if flight.call.outlives_page {
            self.check_readers()?;
        }
        self.handle(tab, Event::Answered(id, answer))
    }
}

/// A call that a browser makes without the machine, and waits for.
pub fn call_directly(world: &mut World, phone: usize, call: &Call) -> Reply {
    let jar = world.phones[phone].jar.clone();
    let reply = world.server.ask(&jar, call);
    world.phones[phone].jar.extend(reply.cookies.clone());
    reply
}
