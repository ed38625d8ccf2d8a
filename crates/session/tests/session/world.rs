//! Phones, tabs, disks, a network and a server on one seed. Time is a queue; whatever can take long, break, come twice or come
//! late does.

use crate::oracle::{OnServer, Oracle, trace};
use crate::phone::{Phone, Tab, draft_name};
use crate::rng::Rng;
use crate::server::{Jar, Server, Template};
use plan::ReplicaId;
use session::{Answer, Batch, Effect, Event, Failure, Fault, Loaded, Machine, Request, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

pub const START: u64 = 1_795_305_600_000;
pub const DAY: u64 = 86_400_000;
const TICK: u64 = 5_000;
/// More than this happens in no second, unless tabs tell each other the same without an end.
const MOST_AT_ONCE: u64 = 3_000;
/// What one tab tells is at another one after this many milliseconds.
const MOST_ON_THE_WAY: u64 = 20;

pub type Check<T = ()> = Result<T, String>;

/// Something that is on its way.
pub enum Happening {
    Tick(u64),
    /// A transaction ends.
    Disk {
        phone: usize,
        tab: u64,
        batch: Batch,
        error: Option<StoreError>,
    },
    Loaded(u64),
    /// What speaks with the server has come.
    Attached(u64),
    /// A reading of the disk ends, with what lay there when it began.
    NewsRead(u64, u64, Loaded),
    /// A tab has been told which tabs live, and looks at what others have left behind.
    Looks(u64, BTreeSet<u64>),
    Heard(u64, Vec<String>),
    /// The others have had time to answer.
    Listened(u64),
    /// A request comes to the server. The tab may not live, or not wait for it, any more.
    Arrives {
        phone: usize,
        tab: u64,
        id: u64,
        request: Request,
        answer_in: Option<u64>,
    },
    Answered {
        tab: u64,
        id: u64,
        answer: Result<Answer, Failure>,
        cookies: Jar,
        /// How often the server had been put back when it answered.
        era: u64,
    },
    Limit(u64, u64),
    /// However fast somebody types, the words are handed on this often.
    Rest(u64),
    /// A person does the next thing.
    Act(usize),
    Contact(usize),
    Guest,
    Trouble,
}

/// How much goes wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    Wild,
    Calm,
}

pub struct World {
    pub rng: Rng,
    pub now: u64,
    queue: BTreeMap<(u64, u64), Happening>,
    serial: u64,
    /// What has happened in this second.
    at_once: u64,
    pub server: Server,
    /// With what only the server knew then.
    pub backup: Option<(PathBuf, OnServer)>,
    pub phones: Vec<Phone>,
    pub oracle: Oracle,
    pub fault: Option<Fault>,
    pub weather: Weather,
    pub words: u64,
    pub faults: u64,
    pub noes: u64,
    pub taken: u64,
    pub born: plan::Birthdays,
    /// Nobody has ever written in two places at once.
    pub is_alone: bool,
    /// The browser can tell which tabs live. Where it cannot, the age of a draft is all there is to go by.
    pub has_locks: bool,
    /// The server has been put back to an earlier state.
    pub is_put_back: bool,
    /// It answers somebody that there were too many tries.
    pub is_limited: bool,
    pub era: u64,
}

impl World {
    pub fn new(seed: u64, template: &Template, fault: Option<Fault>) -> Self {
        let mut rng = Rng::new(seed ^ 0x5E55_1011);
        let now = START + rng.next() % DAY;
        let server = Server::new(template);
        server.set_time(now);
        // One in four is under 15 today, and some of them not for long.
        let age = if rng.one_in(4) { 14 } else { 16 };
        let has_locks = !rng.one_in(8);
        let today = plan::Day::at(now);
        let birth = plan::Day::new(today.year() - age, 1 + rng.below(11) as u8, 1 + rng.below(28) as u8).unwrap();
        Self {
            rng,
            now,
            queue: BTreeMap::new(),
            serial: 0,
            at_once: 0,
            server,
            backup: None,
            phones: Vec::new(),
            oracle: Oracle::default(),
            fault,
            weather: Weather::Wild,
            words: 0,
            faults: 0,
            noes: 0,
            taken: 0,
            born: plan::Birthdays::from_birth(birth),
            is_alone: false,
            has_locks,
            is_put_back: false,
            is_limited: false,
            era: 0,
        }
    }

    pub fn add_phone(&mut self) -> usize {
        let far = self.rng.next() % (365 * DAY);
        let skew = match self.rng.below(10) {
            0 if !self.is_alone => far as i64,
            1 if !self.is_alone => -(far as i64),
            2..6 => (self.rng.next() % 240_000) as i64 - 120_000,
            _ => 0,
        };
        let (jar, disk, journal) = (Jar::new(), Default::default(), BTreeMap::new());
        self.phones.push(Phone { skew, jar, disk, journal, tabs: Vec::new(), is_offline: false, files: Vec::new() });
        self.phones.len() - 1
    }

    pub fn open_tab(&mut self, phone: usize) {
        let name = self.rng.next();
        let mut machine = Machine::new(ReplicaId(name));
        if let Some(fault) = self.fault {
            machine.put_back(fault);
        }
        self.phones[phone].tabs.push(Tab::new(name, machine));
        let wait = 1 + self.rng.next() % 200;
        self.later(wait, Happening::Loaded(name));
        // Mostly it has been kept by the browser; or it has to come from far.
        let wait = if self.rng.one_in(4) { self.rng.next() % 20_000 } else { self.rng.next() % 300 };
        self.later(1 + wait, Happening::Attached(name));
        self.later(TICK, Happening::Tick(name));
    }

    pub fn later(&mut self, wait: u64, what: Happening) {
        self.serial += 1;
        self.queue.insert((self.now + wait, self.serial), what);
    }

    pub fn clock(&self, phone: usize) -> u64 {
        self.now.saturating_add_signed(self.phones[phone].skew)
    }

    pub fn find(&self, tab: u64) -> Option<(usize, usize)> {
        self.phones
            .iter()
            .enumerate()
            .find_map(|(phone, all)| all.tabs.iter().position(|known| known.name == tab).map(|place| (phone, place)))
    }

    pub fn tab(&mut self, (phone, place): (usize, usize)) -> &mut Tab {
        &mut self.phones[phone].tabs[place]
    }

    /// Does something with a tab's machine, does what it wants done, and looks whether everything still holds. `known`: the
    /// words that whoever does it means to write over.
    pub fn with<T>(
        &mut self,
        tab: u64,
        known: &BTreeSet<String>,
        act: impl FnOnce(&mut Machine, u64) -> T,
    ) -> Check<Option<T>> {
        let Some(at) = self.find(tab) else { return Ok(None) };
        let clock = self.clock(at.0);
        let done = act(&mut self.tab(at).machine, clock);
        self.execute(at)?;
        self.check_flights(at)?;
        self.check_tab(at, known)?;
        Ok(Some(done))
    }

    /// Something that writes earlier words again, so that what they stand on is not known here.
    pub fn with_again(&mut self, tab: u64, known: &BTreeSet<String>, act: impl FnOnce(&mut Machine, u64)) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let clock = self.clock(at.0);
        let before: BTreeSet<plan::OpId> = self.tab(at).machine.set().iter().map(|record| record.op.id).collect();
        act(&mut self.tab(at).machine, clock);
        let new = self.tab(at).machine.set().iter().filter(|record| !before.contains(&record.op.id));
        let texts = new.filter_map(|record| Some(record.op.value.as_ref()?.text().to_owned()));
        let mut again: BTreeSet<String> = texts.collect();
        again.extend(
            crate::check::read(self.tab(at).machine.set()).0.difference(&self.tab(at).visible.clone()).cloned(),
        );
        for word in &again {
            self.oracle.loosen(word);
        }
        self.tab(at).raised.extend(again);
        self.execute(at)?;
        self.check_flights(at)?;
        self.check_tab(at, known)
    }

    /// The same for what takes no time: leaving a field, letting go of what stands in it. Nothing is sent or given up then.
    pub fn touch(&mut self, tab: u64, known: &BTreeSet<String>, act: impl FnOnce(&mut Machine)) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        act(&mut self.tab(at).machine);
        self.execute(at)?;
        self.check_tab(at, known)
    }

    pub fn handle(&mut self, tab: u64, event: Event) -> Check {
        trace(|| format!("{} {tab:x} {event:?}", self.now - START));
        self.with(tab, &BTreeSet::new(), |machine, now| machine.handle(now, event)).map(drop)
    }

    fn execute(&mut self, at: (usize, usize)) -> Check {
        let (phone, _) = at;
        loop {
            let effects = self.tab(at).machine.take_effects();
            if effects.is_empty() {
                return Ok(());
            }
            for effect in effects {
                self.perform(phone, at, effect)?;
            }
        }
    }

    fn perform(&mut self, phone: usize, at: (usize, usize), effect: Effect) -> Check {
        let name = self.tab(at).name;
        match effect {
            Effect::Store(batch) => {
                trace(|| format!("{} {name:x} stores {batch:?}", self.now - START));
                let is_full = self.phones[phone].disk.is_full;
                let breaks = self.wild(40);
                let error = if is_full { Some(StoreError::Full) } else { breaks.then_some(StoreError::Dead) };
                let wait = if self.wild(10) { self.rng.next() % 8_000 } else { 1 + self.rng.next() % 30 };
                self.later(wait, Happening::Disk { phone, tab: name, batch, error });
            }
            Effect::ReadNews(nap) => {
                let wait = if self.wild(10) { self.rng.next() % 8_000 } else { 1 + self.rng.next() % 50 };
                let news = self.phones[phone].disk.load();
                self.later(wait, Happening::NewsRead(name, nap, news));
            }
            Effect::Send { id, request, limit_millis } => self.depart(phone, at, id, request, limit_millis)?,
            Effect::Abort(id) => drop(self.tab(at).flights.remove(&id)),
            Effect::Broadcast(texts) => self.tell(phone, name, &texts),
            Effect::Greet(texts) => {
                self.tell(phone, name, &texts);
                self.later(2 * MOST_ON_THE_WAY + 1, Happening::Listened(name));
            }
            Effect::KeepDraft(draft) => {
                trace(|| format!("   {name:x} keeps {draft:?}"));
                let slot = (name, draft.on.clone(), draft.field.clone());
                self.phones[phone].journal.insert(slot, draft);
            }
            Effect::DropDraft { on, field } => drop(self.phones[phone].journal.remove(&(name, on, field))),
            Effect::ForgetDraft(found) => {
                let slot = self.phones[phone].journal.keys().find(|slot| draft_name(slot) == found).cloned();
                let draft = slot.and_then(|slot| self.phones[phone].journal.remove(&slot));
                // It is in this tab's hands now.
                if let Some(word) = draft.and_then(|draft| self.oracle.words.get_mut(&draft.text)) {
                    word.tab = name;
                }
            }
            Effect::FindLeftBehind => {
                let living = self.phones[phone].tabs.iter().map(|tab| tab.name).collect();
                let wait = 1 + self.rng.next() % 30;
                self.later(wait, Happening::Looks(name, living));
            }
            Effect::AskToPersist | Effect::YesAnswered { .. } => {}
        }
        Ok(())
    }

    fn tell(&mut self, phone: usize, from: u64, texts: &[String]) {
        let others: Vec<u64> = self.phones[phone].tabs.iter().map(|tab| tab.name).collect();
        for other in others.into_iter().filter(|other| *other != from) {
            let wait = 1 + self.rng.next() % MOST_ON_THE_WAY;
            self.later(wait, Happening::Heard(other, texts.to_vec()));
        }
    }

    /// Whether something goes wrong that does so once in `count` times.
    pub fn wild(&mut self, count: usize) -> bool {
        let wild = self.weather == Weather::Wild && self.rng.one_in(count);
        self.faults += u64::from(wild);
        wild
    }

    /// The next thing that is on its way. `false` when nothing is.
    pub fn step(&mut self) -> Check<bool> {
        let Some(((at, _), what)) = self.queue.pop_first() else { return Ok(false) };
        let second = self.now / 1_000;
        self.now = self.now.max(at);
        self.at_once = if self.now / 1_000 == second { self.at_once + 1 } else { 0 };
        if self.at_once > MOST_AT_ONCE {
            return Err("it never comes to rest".into());
        }
        self.server.set_time(self.now);
        match what {
            Happening::Tick(tab) => {
                let Some(at) = self.find(tab) else { return Ok(true) };
                self.later(TICK, Happening::Tick(tab));
                if !self.tab(at).is_frozen {
                    self.handle(tab, Event::Tick)?;
                    self.hear_line(tab)?;
                }
            }
            Happening::Disk { phone, tab, batch, error } => self.end_transaction(phone, tab, &batch, error)?,
            Happening::Loaded(tab) => {
                if let Some(at) = self.find(tab) {
                    let loaded = self.phones[at.0].disk.load();
                    let told = loaded.meta.iter().filter_map(|(name, _)| name.strip_prefix("no/"));
                    let told: Vec<String> = told.map(str::to_owned).collect();
                    self.tab(at).noes.extend(told);
                    self.tab(at).is_loaded = true;
                    // An app waits for it when there is something to read.
                    if !loaded.ops.is_empty() {
                        self.with(tab, &BTreeSet::new(), |machine, now| machine.bring_reader(now, session::reader()))?;
                    }
                    self.handle(tab, Event::Loaded(loaded))?;
                }
            }
            Happening::Attached(tab) => {
                self.with(tab, &BTreeSet::new(), |machine, now| {
                    machine.bring_reader(now, session::reader());
                    machine.attach(now, session::remote());
                })?;
            }
            Happening::NewsRead(tab, nap, mut news) => {
                if let Some(at) = self.find(tab) {
                    let known = &self.phones[at.0].tabs[at.1].machine;
                    news.ops
                        .retain(|raw| plan::Record::parse(raw).is_ok_and(|one| !known.knows(&one.op.id.to_string())));
                    let told: Vec<String> =
                        news.meta.iter().filter_map(|(name, _)| name.strip_prefix("no/")).map(str::to_owned).collect();
                    // What cannot be read tells of no no either.
                    let news = if self.wild(20) { None } else { Some(news) };
                    if news.is_some() {
                        self.tab(at).noes.extend(told);
                    }
                    self.handle(tab, Event::NewsRead(nap, news))?;
                }
            }
            Happening::Looks(tab, living) => self.look(tab, &living)?,
            Happening::Heard(tab, texts) => {
                if let Some(at) = self.find(tab)
                    && !self.tab(at).is_frozen
                {
                    let told = texts.iter().filter_map(|text| text.strip_prefix("no/")).map(str::to_owned);
                    let told: Vec<String> = told.collect();
                    self.tab(at).noes.extend(told);
                    self.hear_of_wishes(at, &texts);
                    self.handle(tab, Event::Heard(texts))?;
                }
            }
            Happening::Listened(tab) => match self.find(tab) {
                Some(at) if self.tab(at).is_frozen => self.later(TICK, Happening::Listened(tab)),
                _ => self.handle(tab, Event::Listened)?,
            },
            Happening::Arrives { phone, tab, id, request, answer_in } => {
                self.arrive(phone, tab, id, &request, answer_in)?;
            }
            Happening::Answered { tab, id, answer, cookies, era } => self.answered(tab, id, answer, cookies, era)?,
            Happening::Limit(tab, id) => {
                if let Some(at) = self.find(tab)
                    && self.tab(at).flights.remove(&id).is_some()
                {
                    self.handle(tab, Event::TimedOut(id))?;
                }
            }
            Happening::Rest(tab) => self.rest(tab)?,
            Happening::Act(phone) => self.act(phone)?,
            Happening::Contact(contact) => self.contact_acts(contact)?,
            Happening::Guest => self.guest_acts()?,
            Happening::Trouble => self.trouble()?,
        }
        Ok(true)
    }

    fn end_transaction(&mut self, phone: usize, tab: u64, batch: &Batch, error: Option<StoreError>) -> Check {
        // A tab that died meanwhile may have got it through all the same; one that fails may have, too.
        let is_there = self.find(tab).is_some();
        let comes_through = if is_there && error.is_none() { true } else { self.rng.one_in(2) && error.is_none() };
        if comes_through || (error == Some(StoreError::Dead) && self.rng.one_in(2)) {
            let gone = self.phones[phone].disk.apply(batch);
            self.check_disk(&gone)?;
        }
        match error {
            None => self.handle(tab, Event::Stored),
            Some(error) => self.handle(tab, Event::StoreFailed(error)),
        }
    }

    /// Forgets everything that is on its way because of a person or of bad luck, so that things can come to rest.
    pub fn stop_acting(&mut self) {
        let is_acting = |what: &Happening| {
            matches!(what, Happening::Act(_) | Happening::Contact(_) | Happening::Guest | Happening::Trouble)
        };
        self.queue.retain(|_, what| !is_acting(what));
    }
}
