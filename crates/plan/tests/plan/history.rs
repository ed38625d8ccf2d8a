//! Histories to merge: what young people with several devices, wrong clocks and bad luck could have written.

use crate::rng::Rng;
use plan::edit::{Change, Direction};
use plan::op::{Op, Value};
use plan::set::ERASED;
use plan::{Editor, Entity, OpSet, Part, Record, ReplicaId, Stamp, template};

pub const NOW: u64 = 1_795_305_600_000;
pub const YEAR: u64 = 365 * 86_400_000;

/// A device: what it knows, and what it writes with.
#[derive(Clone)]
pub struct Device {
    pub set: OpSet,
    pub editor: Editor,
}

impl Device {
    pub fn new(replica: u64) -> Self {
        Self { set: OpSet::new(), editor: Editor::new(ReplicaId(replica)) }
    }

    /// Takes in what a command has written.
    pub fn apply(&mut self, records: &[Record]) {
        for record in records {
            self.set.insert(record.clone());
        }
    }

    /// Learns everything that another device knows.
    pub fn learn(&mut self, other: &OpSet) {
        for record in other.iter() {
            self.set.insert(record.clone());
        }
    }
}

/// The lists that histories write in.
pub fn list(rng: &mut Rng) -> (Part, &'static str) {
    let first = |part| template::sections(part).next().map_or("", |section| section.id);
    match rng.below(4) {
        0 => (Part::PlanGreen, first(Part::PlanGreen)),
        1 => (Part::AboutMe, template::STATEMENTS),
        2 => (Part::Meeting, template::AGENDA),
        _ => (Part::Meeting, template::PEOPLE),
    }
}

/// A field that takes text, on something that is there.
pub fn text_field(rng: &mut Rng, set: &OpSet) -> (Entity, &'static str) {
    let entries = entries(rng, set);
    match (rng.below(5), rng.pick(&entries)) {
        (0, _) | (1, None) => (Entity::section(Part::AboutMe, "navn"), "text"),
        (1..3, Some(entry)) => (entry.clone(), "text"),
        (3, _) => (template::first_meeting(), "place"),
        _ => (Entity::section(Part::PlanGreen, "g_tegn"), "title"),
    }
}

fn entries(rng: &mut Rng, set: &OpSet) -> Vec<Entity> {
    let (part, section) = list(rng);
    set.list_entries(part, section).into_iter().map(|entry| entry.on).collect()
}

/// One thing that a young person does. What cannot be done is not done.
pub fn act(rng: &mut Rng, device: &mut Device, word: &str) -> Vec<Record> {
    let set = &device.set;
    let editor = &mut device.editor;
    if !rng.one_in(6) {
        editor.begin_change();
    }
    let (part, section) = list(rng);
    let there = entries(rng, set);
    let own: Vec<Entity> = set.list_sections(part).into_iter().filter(|s| s.added).map(|s| s.on).collect();
    let written = match (rng.below(16), rng.pick(&there)) {
        (0..3, _) => {
            let (on, field) = text_field(rng, set);
            editor.set_text(set, &set.see(&on), field, if rng.one_in(8) { "" } else { word })
        }
        (3..6, _) => {
            editor.add_entry(set, part, section, word, rng.one_in(3).then_some("school")).map(|(_, records)| records)
        }
        (6, _) => editor.set_flag(set, &Entity::section(part, section), "hidden", rng.one_in(2)),
        (7, _) if rng.one_in(3) => editor.add_section(set, part, word),
        (8, Some(entry)) => editor.delete_entry(set, &set.see(entry)),
        (9, Some(entry)) if rng.one_in(3) => editor.erase(set, &set.see(entry)),
        (10, _) => {
            let (part, section) = list(rng);
            let entries = set.list_entries(part, section);
            let direction = if rng.one_in(2) { Direction::Up } else { Direction::Down };
            match rng.pick(&entries) {
                Some(entry) => editor.move_entry(set, part, section, &entry.on, direction),
                None => Ok(Vec::new()),
            }
        }
        (11..13, _) if !set.is_empty() => {
            let all: Vec<Change> =
                set.iter().map(|r| Change { replica: r.op.id.replica, first: r.op.change }).collect();
            let change = all[all.len() - 1 - rng.below(all.len().min(8))];
            editor.undo(set, change)
        }
        (13..15, _) => match rng.pick(&own) {
            Some(on) if rng.one_in(3) => editor.delete_entry(set, &set.see(on)),
            Some(on) if rng.one_in(3) => editor.set_text(set, &set.see(on), "title", word),
            Some(on) => editor.add_entry(set, part, on.name(), word, None).map(|(_, records)| records),
            None => editor.add_section(set, part, word),
        },
        (_, Some(entry)) => editor.set_text(set, &set.see(entry), "text", word),
        _ => Ok(Vec::new()),
    };
    written.unwrap_or_default()
}

/// A clock that may be years off, go backwards, or be no clock at all.
pub fn clock(rng: &mut Rng) -> u64 {
    match rng.below(20) {
        0 => 0,
        1 => u64::MAX,
        2 => u64::MAX - 1,
        _ => NOW - 10 * YEAR + rng.next() % (20 * YEAR),
    }
}

/// What several devices have written, and how far each has come to know it.
pub struct History {
    pub all: Vec<Record>,
    pub devices: Vec<Device>,
    pub hostile: bool,
}

pub fn history(rng: &mut Rng) -> History {
    let mut devices: Vec<Device> = (0..2 + rng.below(3)).map(|_| Device::new(rng.next())).collect();
    let mut all: Vec<Record> = Vec::new();
    for step in 0..6 + rng.below(14) {
        let at = rng.below(devices.len());
        if rng.one_in(4) {
            let from = rng.below(devices.len());
            let (whole, known) = (rng.one_in(2), devices[from].set.clone());
            // Part of what another has, in any order, is what a broken connection leaves behind.
            for record in known.iter() {
                if whole || rng.one_in(2) {
                    devices[at].set.insert(record.clone());
                }
            }
            continue;
        }
        let now = clock(rng);
        devices[at].editor.set_time(now);
        let records = act(rng, &mut devices[at], &format!("ord{step}"));
        devices[at].apply(&records);
        all.extend(records);
    }
    let hostile = rng.one_in(3) && !all.is_empty();
    if hostile {
        for step in 0..1 + rng.below(4) {
            let made = hostile_record(rng, &all, step);
            // Two different erasures under one identity are the one thing that cannot be put right afterwards: whoever
            // meets both obeys both, and keeps one.
            let twice = all.iter().any(|r| r.op.id == made.op.id && r.op.field == ERASED && made.op.field == ERASED);
            if !twice {
                let at = rng.below(devices.len());
                devices[at].set.insert(made.clone());
                all.push(made);
            }
        }
    }
    History { all, devices, hostile }
}

/// What no honest writer makes: identities used twice, circles of parents, clocks at the end of time, values taken away with
/// words left behind.
fn hostile_record(rng: &mut Rng, all: &[Record], step: usize) -> Record {
    let pick = |rng: &mut Rng| all[rng.below(all.len())].op.clone();
    let mut op = pick(rng);
    for _ in 0..1 + rng.below(3) {
        match rng.below(8) {
            0 => op.parents = vec![op.id, pick(rng).id],
            1 => op.parents.extend([pick(rng).id, pick(rng).id]),
            2 => op.value = Some(Value::Text(format!("fremmed{step}"))),
            3 => op.value = None,
            4 => op.on = pick(rng).on,
            5 => op.field = pick(rng).field,
            6 => op.at = [Stamp::default(), Stamp { millis: u64::MAX, count: u32::MAX }][rng.below(2)],
            _ => op = Op { id: op.id, ..pick(rng) },
        }
    }
    if rng.one_in(8) {
        op.field = ERASED.to_owned();
    }
    if rng.one_in(10) {
        op.version = 2;
    }
    let record = Record::new(op);
    if rng.one_in(3) {
        let raw = record.raw().replacen('{', "{ \"x\": \"fremmed ord\", ", 1);
        return Record::parse(&raw).expect("only a field more");
    }
    record
}

/// The bytes of a set: equal sets give equal bytes.
pub fn bytes(set: &OpSet) -> String {
    let mut out = records(set);
    out.push_str(&set.canonical());
    out
}

/// The bytes of a set without what is made of them.
pub fn records(set: &OpSet) -> String {
    let mut out = String::with_capacity(16 * 1024);
    for record in set.iter() {
        out.push_str(record.raw());
        out.push('\n');
    }
    out.push_str(if set.is_read_only() { "read-only\n" } else { "writable\n" });
    out
}
