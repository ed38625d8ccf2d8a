//! Several devices and a server in one thread, on one seed: crashes, drops, repeats, reordering, clocks a year apart.
//!
//! `SIM_SEEDS` sets the number of seeds, 400 by default; every seed is run twice, with everybody writing at once and with one
//! person who goes from device to device.

use crate::history::{self, Device, NOW, YEAR};
use crate::rng::Rng;
use plan::template;
use plan::{Entity, OpId, OpSet, Part, Record};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

/// Operations in one answer, so that catching up takes several.
const BATCH: usize = 5;
const MONTH: u64 = 30 * 86_400_000;

/// One device: what a crash takes (`memory`), and what it does not (everything else).
struct Phone {
    memory: Device,
    disk: BTreeMap<OpId, String>,
    /// Written here, and not known to be on the server.
    outbox: BTreeSet<OpId>,
    acknowledged: BTreeSet<OpId>,
    cursor: usize,
    clock: u64,
}

/// The server: `log` survives a crash, `unsynced` does not, and nobody is told about it before it is in `log`.
#[derive(Default)]
struct Server {
    log: Vec<(OpId, String)>,
    known: OpSet,
    unsynced: Vec<(OpId, String)>,
    waiting: Vec<(usize, usize, Vec<OpId>)>,
}

enum Message {
    Request { phone: usize, cursor: usize, ops: Vec<String> },
    Answer { phone: usize, from: usize, cursor: usize, ops: Vec<String>, stored: Vec<OpId> },
}

struct World {
    rng: Rng,
    phones: Vec<Phone>,
    server: Server,
    network: Vec<Message>,
    words: u64,
    faults: u64,
}

impl Phone {
    fn new(rng: &mut Rng) -> Self {
        Self {
            memory: Device::new(rng.next()),
            disk: BTreeMap::new(),
            outbox: BTreeSet::new(),
            acknowledged: BTreeSet::new(),
            cursor: 0,
            clock: NOW - YEAR / 2 + rng.next() % YEAR,
        }
    }

    /// One transaction: what came in or was written, with what it changes.
    fn store(&mut self, records: Vec<Record>) {
        for record in records {
            let id = record.op.id;
            let effect = self.memory.set.insert(record);
            for id in effect.changed.then_some(id).into_iter().chain(effect.erased) {
                let record = self.memory.set.get(id).expect("what was touched is there");
                self.disk.insert(id, record.raw().to_owned());
            }
        }
    }

    fn crash(&mut self, rng: &mut Rng) {
        self.memory = Device::new(rng.next());
        for raw in self.disk.values() {
            self.memory.set.insert(Record::parse(raw).expect("what was stored can be read"));
        }
    }
}

impl Server {
    fn receive(&mut self, phone: usize, cursor: usize, ops: &[String]) {
        let mut ids = Vec::new();
        for raw in ops {
            let record = Record::parse(raw).expect("a phone sends operations");
            ids.push(record.op.id);
            let new = self.known.get(record.op.id).is_none();
            self.known.insert(record);
            if new {
                self.unsynced.push((ids[ids.len() - 1], raw.clone()));
            }
        }
        self.waiting.push((phone, cursor, ids));
    }

    /// The disk has it: now, and not before, everybody is answered.
    fn sync(&mut self) -> Vec<Message> {
        self.log.append(&mut self.unsynced);
        let answers = std::mem::take(&mut self.waiting).into_iter();
        answers
            .map(|(phone, from, stored)| {
                let ops: Vec<String> = self.log[from..].iter().take(BATCH).map(|(_, raw)| raw.clone()).collect();
                Message::Answer { phone, from, cursor: from + ops.len(), ops, stored }
            })
            .collect()
    }

    fn crash(&mut self) {
        self.unsynced.clear();
        self.waiting.clear();
        self.known = OpSet::new();
        for (_, raw) in &self.log {
            self.known.insert(Record::parse(raw).expect("what was stored can be read"));
        }
    }
}

impl World {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed ^ 0x5157);
        let phones = (0..2 + rng.below(3)).map(|_| Phone::new(&mut rng)).collect();
        Self { rng, phones, server: Server::default(), network: Vec::new(), words: 0, faults: 0 }
    }

    fn edit(&mut self, at: usize) {
        let phone = &mut self.phones[at];
        phone.clock = match self.rng.below(10) {
            0 => phone.clock.saturating_sub(self.rng.next() % YEAR),
            _ => phone.clock + self.rng.next() % 86_400_000,
        };
        phone.memory.editor.set_time(phone.clock);
        self.words += 1;
        let records = history::act(&mut self.rng, &mut phone.memory, &format!("ord{}", self.words));
        phone.outbox.extend(records.iter().map(|record| record.op.id));
        phone.store(records);
    }

    fn ask(&mut self, at: usize) {
        let phone = &self.phones[at];
        let mut ops: Vec<&Record> = phone.outbox.iter().filter_map(|id| phone.memory.set.get(*id)).collect();
        ops.sort_by_key(|record| (record.op.at, record.op.id));
        let ops = ops.into_iter().map(|record| record.raw().to_owned()).collect();
        self.network.push(Message::Request { phone: at, cursor: phone.cursor, ops });
    }

    fn deliver(&mut self, message: &Message) {
        match message {
            Message::Request { phone, cursor, ops } => self.server.receive(*phone, *cursor, ops),
            Message::Answer { phone, from, cursor, ops, stored } => {
                let phone = &mut self.phones[*phone];
                phone.store(ops.iter().map(|raw| Record::parse(raw).expect("a server sends operations")).collect());
                // An answer that comes late is good for what it brings, not for where to go on from.
                if *from <= phone.cursor {
                    phone.cursor = phone.cursor.max(*cursor);
                }
                for id in stored {
                    phone.outbox.remove(id);
                    phone.acknowledged.insert(*id);
                }
            }
        }
    }

    /// One thing that happens between the devices, good or bad.
    fn happen(&mut self) {
        let at = self.rng.below(self.phones.len());
        match self.rng.below(12) {
            0..4 => self.ask(at),
            4..6 => {
                let answers = self.server.sync();
                self.network.extend(answers);
            }
            6 if self.rng.one_in(2) => {
                self.faults += 1;
                let rng = &mut self.rng;
                self.phones[at].crash(rng);
            }
            7 if self.rng.one_in(2) => {
                self.faults += 1;
                self.server.crash();
            }
            _ if !self.network.is_empty() => {
                // Taken from anywhere: a message can overtake another.
                let place = self.rng.below(self.network.len());
                let message = self.network.swap_remove(place);
                match self.rng.below(6) {
                    0 => self.faults += 1,
                    1 => {
                        self.faults += 1;
                        self.deliver(&message);
                        self.network.push(message);
                    }
                    _ => self.deliver(&message),
                }
            }
            _ => {}
        }
    }

    fn is_idle(&self) -> bool {
        self.phones.iter().all(|phone| phone.outbox.is_empty() && phone.cursor == self.server.log.len())
    }

    /// Goes on, with faults and then without, until everybody knows everything.
    fn run_until_idle(&mut self) -> Result<(), String> {
        for round in 0..400 {
            if self.is_idle() {
                return Ok(());
            }
            if round < 20 {
                self.happen();
                continue;
            }
            for at in 0..self.phones.len() {
                self.ask(at);
            }
            for message in std::mem::take(&mut self.network) {
                self.deliver(&message);
            }
            let answers = self.server.sync();
            self.network.extend(answers);
        }
        Err("the devices do not come to rest".to_owned())
    }

    fn check(&self, pruned: bool) -> Result<(), String> {
        let expected = &self.phones[0].memory.set;
        let on_server: BTreeSet<OpId> = self.server.log.iter().map(|(id, _)| *id).collect();
        if on_server.len() != self.server.log.len() {
            return Err("the server has stored an operation twice".to_owned());
        }
        for (at, phone) in self.phones.iter().enumerate() {
            let set = &phone.memory.set;
            if let Some(lost) =
                phone.acknowledged.iter().find(|id| !on_server.contains(id) || expected.get(**id).is_none())
            {
                return Err(format!("device {at}: {lost} was acknowledged and is lost"));
            }
            if let Some(lost) = phone.disk.keys().find(|id| !on_server.contains(id)) {
                return Err(format!("device {at}: {lost} never came to the server"));
            }
            let same = if pruned {
                set.canonical() == expected.canonical()
            } else {
                history::bytes(set) == history::bytes(expected)
            };
            if !same || set.len() != on_server.len() {
                return Err(format!(
                    "device {at} differs:\n{}\n--- device 0\n{}",
                    set.canonical(),
                    expected.canonical()
                ));
            }
        }
        Ok(())
    }

    fn prune(&mut self, at: usize) {
        let phone = &mut self.phones[at];
        for id in phone.memory.set.prune(phone.clock, MONTH) {
            let raw = phone.memory.set.get(id).map(|record| record.raw().to_owned()).unwrap_or_default();
            phone.disk.insert(id, raw);
        }
    }
}

/// A field with two versions anywhere in a document.
fn two_versions(set: &OpSet) -> Option<String> {
    let versions = |on: &Entity, field: &str| {
        let texts = set.texts(on, field);
        (!texts.others().is_empty()).then(|| format!("{on} {field} {texts:?}"))
    };
    for part in Part::ALL {
        for section in set.list_sections(part) {
            let entries = section.entries.iter().find_map(|entry| versions(&entry.on, "text"));
            let own = entries.or_else(|| versions(&section.on, "text")).or_else(|| versions(&section.on, "title"));
            if own.is_some() {
                return own;
            }
        }
    }
    template::MEETING_FIELDS.iter().find_map(|field| versions(&template::first_meeting(), field))
}

/// Everybody writes at once.
fn together(seed: u64) -> Result<World, String> {
    let mut world = World::new(seed);
    let pruning = world.rng.one_in(2);
    for _ in 0..60 {
        let at = world.rng.below(world.phones.len());
        match world.rng.below(5) {
            0..2 => world.edit(at),
            2 if pruning && world.rng.one_in(8) => world.prune(at),
            _ => world.happen(),
        }
    }
    world.run_until_idle()?;
    world.check(pruning)?;
    // And whatever is still under way comes in the end, or comes twice.
    for message in std::mem::take(&mut world.network) {
        world.deliver(&message);
    }
    let answers = world.server.sync();
    for message in answers {
        world.deliver(&message);
    }
    world.check(pruning)?;
    Ok(world)
}

/// One person goes from device to device, and each knows everything before it is used.
fn alone(seed: u64) -> Result<World, String> {
    let mut world = World::new(seed);
    for _ in 0..6 {
        let at = world.rng.below(world.phones.len());
        for _ in 0..1 + world.rng.below(6) {
            world.edit(at);
            if world.rng.one_in(3) {
                world.happen();
            }
        }
        world.run_until_idle()?;
        world.check(false)?;
        for (at, phone) in world.phones.iter().enumerate() {
            if let Some(versions) = two_versions(&phone.memory.set) {
                return Err(format!("device {at} has two versions, and only one has written: {versions}"));
            }
        }
    }
    Ok(world)
}

#[test]
fn devices_and_a_server_lose_nothing_and_make_no_false_conflicts() {
    let seeds = crate::figure_from_env("SIM_SEEDS", 400);
    let (operations, faults) = (AtomicU64::new(0), AtomicU64::new(0));
    crate::for_each_seed(seeds, |seed| {
        let worlds =
            [together(seed).map_err(|e| format!("together: {e}"))?, alone(seed).map_err(|e| format!("alone: {e}"))?];
        for world in worlds {
            operations.fetch_add(world.server.log.len() as u64, Ordering::Relaxed);
            faults.fetch_add(world.faults, Ordering::Relaxed);
        }
        Ok(())
    });
    crate::report(&format!(
        "simulator: {seeds} seeds, {} operations, {} faults, 0 acknowledged operations lost, 0 false conflicts",
        operations.into_inner(),
        faults.into_inner()
    ));
}
