//! The rule against its plainest form, and how much work it is when somebody means to make it much.

use super::*;
use crate::edit::{Change, Editor};
use crate::op::{Op, Value};
use crate::set::{DELETED, OpSet};
use crate::{Entity, Part, ReplicaId};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

thread_local!(static VISITED: Cell<usize> = const { Cell::new(0) });

pub(crate) fn visit(count: usize) {
    VISITED.with(|visited| visited.set(visited.get() + count));
}

fn id(seq: u64) -> OpId {
    OpId { replica: ReplicaId(1), seq }
}

fn record(seq: u64, at: u64, on: &Entity, field: &str, parents: Vec<OpId>, value: Value) -> Record {
    let at = Stamp { millis: at, count: 0 };
    let (by, field) = ("young".to_owned(), field.to_owned());
    let (on, value) = (on.clone(), Some(value));
    Record::new(Op { version: 1, id: id(seq), at, by, on, field, parents, change: seq, value })
}

/// The rule as it is said: a link counts to what is earlier, or from where one cannot come back.
fn replaced_plainly(all: &[&Record], counts: impl Fn(&Record) -> bool) -> Vec<bool> {
    let known: BTreeMap<OpId, &Record> = all.iter().map(|record| (record.op.id, *record)).collect();
    let mut before = BTreeSet::new();
    for record in all.iter().filter(|record| counts(record)) {
        for parent in record.op.parents.iter().filter_map(|parent| known.get(parent)) {
            if age(parent) < age(record) || !reaches(&known, parent.op.id, record.op.id) {
                before.insert(parent.op.id);
            }
        }
    }
    all.iter().map(|record| before.contains(&record.op.id)).collect()
}

fn reaches(known: &BTreeMap<OpId, &Record>, from: OpId, to: OpId) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(id) = next.pop() {
        if id == to {
            return true;
        }
        if let Some(record) = known.get(&id).filter(|_| seen.insert(id)) {
            next.extend(&record.op.parents);
        }
    }
    false
}

/// splitmix64.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[test]
fn circles_are_told_as_the_plain_rule_tells_them() {
    let on = Entity::section(Part::PlanRed, "r_nu");
    let (mut circles, mut links) = (0, 0);
    for seed in 0..20_000_u64 {
        let state = &mut seed.wrapping_mul(0x2545_F491_4F6C_DD1D);
        let count = 1 + random(state) % 14;
        let density = 1 + random(state) % 4;
        // Few stamps, so that many are the same; and some parents that are not there, or the operation itself.
        let all: Vec<Record> = (1..=count)
            .map(|seq| {
                let parents = (0..random(state) % (density + 1)).map(|_| id(1 + random(state) % (count + 2)));
                let parents = parents.collect();
                record(seq, random(state) % 5, &on, "text", parents, Value::Nothing)
            })
            .collect();
        let all: Vec<&Record> = all.iter().collect();
        assert_eq!(replaced(&all, |_| true), replaced_plainly(&all, |_| true), "seed {seed}");
        let some = |record: &Record| record.op.at.millis < 3;
        assert_eq!(replaced(&all, some), replaced_plainly(&all, some), "seed {seed}");
        let found = Links::between(&all);
        links += found.parents.len();
        circles += usize::from(found.circles().iter().collect::<BTreeSet<_>>().len() < all.len());
    }
    assert!(circles > 3_000 && links > 100_000, "{circles} with circles, {links} links");
}

/// What a hostile device could send: `count` operations of one shape, and the links between them.
type Shape = fn(u64) -> Vec<Record>;

const SHAPES: [(&str, Shape); 8] = [
    ("a chain with decreasing stamps", |count| {
        chain(count, |seq| (count - seq, (seq > 1).then(|| id(seq - 1)).into_iter().collect()))
    }),
    ("up to 1,000 parents each, stamps decreasing", |count| {
        chain(count, |seq| (count - seq, (seq.saturating_sub(1000).max(1)..seq).map(id).collect()))
    }),
    ("1,000 parents anywhere", |count| {
        chain(count, |seq| {
            let state = &mut seq.wrapping_mul(77);
            (random(state) % count, (0..count.min(1000)).map(|_| id(1 + random(state) % count)).collect())
        })
    }),
    ("one circle", |count| chain(count, |seq| (seq, vec![id(seq % count + 1)]))),
    ("all at once, each another text", |count| chain(count, |seq| (seq, Vec::new()))),
    ("an entry each", |count| (1..=count).flat_map(|seq| entry(seq * 2, &list_of(seq), "r_nu")).collect()),
    ("sections of one's own, deleted, and entries elsewhere", |count| {
        let section = |seq| {
            let on = Entity::section(Part::PlanRed, &format!("s{seq}"));
            let made = record(seq * 2, seq, &on, "made", Vec::new(), Value::Flag(true));
            [made, record(seq * 2 + 1, seq, &on, DELETED, vec![id(seq * 2)], Value::Flag(true))]
        };
        let entries = (count..count + count / 4).flat_map(|seq| entry(seq * 2, &list_of(seq), "r_nu"));
        (1..=count / 4).flat_map(section).chain(entries).collect()
    }),
    ("an entry with many words, and as many deletes that name 1,000 of them", |count| {
        let on = list_of(1);
        let words = (3..count).map(|seq| record(seq, 5, &on, "text", Vec::new(), Value::Text(seq.to_string())));
        let deletes = (count..count * 2).map(|seq| {
            let parents = (0..count.min(1000)).map(|n| id(3 + (seq * 7 + n) % count)).collect();
            record(seq, 6, &on, DELETED, parents, Value::Flag(true))
        });
        entry(1, &on, "r_nu").into_iter().chain(words).chain(deletes).collect()
    }),
];

fn list_of(seq: u64) -> Entity {
    Entity::entry(Part::PlanRed, &format!("{:016x}-{seq}", 1))
}

fn entry(seq: u64, on: &Entity, section: &str) -> [Record; 2] {
    let list = record(seq, seq, on, "list", Vec::new(), Value::Text(section.to_owned()));
    [list, record(seq + 1, seq, on, "text", Vec::new(), Value::Text("Ring til mor".to_owned()))]
}

/// All of them on the text of one entry; for each its stamp and its parents.
fn chain(count: u64, of: impl Fn(u64) -> (u64, Vec<OpId>)) -> Vec<Record> {
    let on = list_of(1);
    let words = (1..=count).map(|seq| {
        let (at, parents) = of(seq);
        record(seq, at, &on, "text", parents, Value::Text(seq.to_string()))
    });
    let list = record(count + 1, 1, &on, "list", Vec::new(), Value::Text("r_nu".to_owned()));
    words.chain([list]).collect()
}

/// Reads, prunes and undoes everything once.
fn use_all_of(records: &[Record]) -> [u128; 3] {
    let begun = Instant::now();
    let mut set = OpSet::new();
    for record in records {
        set.insert(record.clone());
    }
    assert!(Part::ALL.iter().map(|part| set.list_sections(*part).len()).sum::<usize>() > 10);
    let read = begun.elapsed().as_millis();
    let mut editor = Editor::new(ReplicaId(2));
    assert!(editor.undo(&set, Change { replica: ReplicaId(1), first: 3 }).is_ok());
    let undone = begun.elapsed().as_millis();
    set.prune(u64::MAX, 1);
    [read, undone - read, begun.elapsed().as_millis() - undone]
}

#[test]
fn a_fold_takes_work_that_grows_with_its_size() {
    for (name, shape) in SHAPES {
        let work = |count: u64| {
            let records = shape(count);
            let size = records.iter().map(|record| 1 + record.op.parents.len()).sum::<usize>();
            VISITED.set(0);
            use_all_of(&records);
            (VISITED.get(), size)
        };
        for count in [200, 400, 800] {
            let (visited, size) = work(count);
            assert!(visited <= 40 * size, "{name}: {visited} visits for {count} operations of size {size}");
        }
    }
}

/// `cargo test --release -p plan -- fold --nocapture` prints how long ten thousand take.
#[test]
fn a_fold_of_ten_thousand_ends() {
    use std::io::Write as _;
    for (name, shape) in SHAPES {
        let records = shape(if cfg!(debug_assertions) { 2_000 } else { 10_000 });
        let [read, undone, pruned] = use_all_of(&records);
        let count = records.len();
        let _ = writeln!(
            std::io::stderr().lock(),
            "    figure: fold of {count} operations, {name}: read {read} ms, undo {undone} ms, prune {pruned} ms"
        );
    }
}
