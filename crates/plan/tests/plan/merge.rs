//! Any order, any repetition and any partition of the same operations gives the same bytes, and nothing written is lost.
//!
//! `MERGE_CASES` sets the number of histories, 100,000 by default.

use crate::history::{self, Device, History, NOW, YEAR, bytes, records};
use crate::rng::Rng;
use plan::op::Value;
use plan::set::ERASED;
use plan::{Entity, OpSet, Part, Record, ReplicaId, template};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

const MONTH: u64 = 30 * 86_400_000;

#[test]
fn any_order_repetition_and_partition_gives_the_same_bytes() {
    let cases = crate::figure_from_env("MERGE_CASES", 100_000);
    let operations = AtomicU64::new(0);
    let hostile = AtomicU64::new(0);
    crate::for_each_seed(cases, |seed| {
        let mut rng = Rng::new(seed);
        let history = history::history(&mut rng);
        operations.fetch_add(history.all.len() as u64, Ordering::Relaxed);
        hostile.fetch_add(history.hostile.into(), Ordering::Relaxed);
        let merged = check_convergence(&mut rng, &history)?;
        check_erased(&merged, &history.all)?;
        check_pruning(&mut rng, &merged)?;
        check_heads(&merged, &history.all)?;
        if !history.hostile {
            check_nothing_lost(&merged, &history.all)?;
        }
        if !merged.is_read_only() {
            check_two_versions(&mut rng, &merged)?;
            check_delete_meets_edit(&mut rng, &merged)?;
            check_planted_word(&mut rng, &merged, &history)?;
        }
        Ok(())
    });
    crate::report(&format!(
        "merge: {cases} cases, {} operations, {} cases with hostile operations, 0 that do not converge",
        operations.into_inner(),
        hostile.into_inner()
    ));
}

pub fn union<'a>(records: impl IntoIterator<Item = &'a Record>) -> OpSet {
    let mut set = OpSet::new();
    for record in records {
        set.insert(record.clone());
    }
    set
}

fn same(set: &OpSet, expected: &str, what: &str) -> Result<(), String> {
    let found = bytes(set);
    if found == expected { Ok(()) } else { Err(format!("{what} differs:\n{found}\n--- expected\n{expected}")) }
}

fn same_records(set: &OpSet, expected: &OpSet, what: &str) -> Result<(), String> {
    let (found, expected) = (records(set), records(expected));
    if found == expected { Ok(()) } else { Err(format!("{what} differs:\n{found}\n--- expected\n{expected}")) }
}

fn check_convergence(rng: &mut Rng, history: &History) -> Result<OpSet, String> {
    let merged = union(&history.all);
    let expected = bytes(&merged);

    let mut order: Vec<&Record> = history.all.iter().collect();
    for _ in 0..rng.below(1 + order.len()) {
        order.push(&history.all[rng.below(history.all.len())]);
    }
    rng.shuffle(&mut order);
    let mut shuffled = union(order.iter().copied());
    same(&shuffled, &expected, "another order with repetitions")?;

    let again: Vec<Record> = shuffled.iter().cloned().collect();
    if again.into_iter().any(|record| shuffled.insert(record).changed) {
        return Err("a repetition changed the set".to_owned());
    }

    let mut heaps: Vec<OpSet> = vec![OpSet::new(); 2 + rng.below(3)];
    for record in &order {
        let heap = rng.below(heaps.len());
        heaps[heap].insert((*record).clone());
    }
    rng.shuffle(&mut heaps);
    let joined = union(heaps.iter().flat_map(OpSet::iter));
    same_records(&joined, &merged, "a partition put together again")?;

    let mut devices = history.devices.clone();
    rng.shuffle(&mut devices);
    let everything = union(devices.iter().flat_map(|device| device.set.iter()));
    same_records(&everything, &merged, "the union of the devices")?;
    for device in &mut devices {
        device.learn(&everything);
        same_records(&device.set, &merged, "a device that has learnt everything")?;
    }
    // A device's own way to the end counts too, not only its records.
    same(&devices[0].set, &expected, "a device that has learnt everything")?;
    Ok(merged)
}

/// What an erasure names has no value, in whichever order they came.
fn check_erased(merged: &OpSet, all: &[Record]) -> Result<(), String> {
    for erasure in merged.iter().filter(|record| record.op.field == ERASED) {
        let named = erasure.op.parents.iter().filter_map(|id| merged.get(*id));
        for victim in named.filter(|victim| victim.op.on == erasure.op.on) {
            if victim.raw().contains("\"val\"") || victim.raw().contains("fremmed ord") {
                return Err(format!("erased, and still there: {}", victim.raw()));
            }
        }
    }
    if merged.len() == all.iter().map(|record| record.op.id).collect::<BTreeSet<_>>().len() {
        Ok(())
    } else {
        Err("an identity is gone".to_owned())
    }
}

fn check_pruning(rng: &mut Rng, merged: &OpSet) -> Result<(), String> {
    let mut pruned = merged.clone();
    let now = if rng.one_in(4) { u64::MAX } else { NOW - 5 * YEAR + rng.next() % (15 * YEAR) };
    let dropped = pruned.prune(now, MONTH);
    if !dropped.is_empty() && pruned.canonical() != merged.canonical() {
        return Err(format!("pruning changed the state:\n{}\n--- before\n{}", pruned.canonical(), merged.canonical()));
    }
    if !pruned.prune(now, MONTH).is_empty() {
        return Err("pruning twice dropped something more".to_owned());
    }
    if dropped.iter().any(|id| pruned.get(*id).is_none_or(|record| record.raw().contains("\"val\""))) {
        return Err("something that was dropped is still there".to_owned());
    }
    let both = [union(merged.iter().chain(pruned.iter())), union(pruned.iter().chain(merged.iter()))];
    both.iter().try_for_each(|set| same_records(set, &pruned, "a pruned and an unpruned copy put together"))
}

/// A field that was written in always has something that stands, also when parents run in a circle.
fn check_heads(merged: &OpSet, all: &[Record]) -> Result<(), String> {
    for record in all {
        let (on, field) = (&record.op.on, &record.op.field);
        if merged.list_on(on, field).next().is_some() && merged.heads(on, field).is_empty() {
            return Err(format!("nothing stands in {on} {field}"));
        }
    }
    Ok(())
}

/// What a stretch of typing ended with is shown, or beside what is shown, or in the history; until it is erased.
fn check_nothing_lost(merged: &OpSet, all: &[Record]) -> Result<(), String> {
    let mut ends: BTreeMap<(&Entity, &str, ReplicaId, u64), &Record> = BTreeMap::new();
    for record in all.iter().filter(|record| !record.op.value.as_ref().map_or("", Value::text).is_empty()) {
        let key = (&record.op.on, record.op.field.as_str(), record.op.id.replica, record.op.change);
        let end = ends.entry(key).or_insert(record);
        if record.op.id > end.op.id {
            *end = record;
        }
    }
    for ((on, field, ..), record) in ends {
        let text = record.op.value.as_ref().map_or("", Value::text);
        let gone = merged.get(record.op.id).is_none_or(Record::is_erased);
        let found = merged.texts(on, field).0.iter().any(|version| version.text == text)
            || merged.history(on, field).iter().any(|version| version.text == text);
        if !gone && !found {
            return Err(format!("{text:?} in {on} {field} cannot be reached"));
        }
        let named = merged.list_on(on, ERASED).any(|erasure| erasure.op.parents.contains(&record.op.id));
        if gone && !named {
            return Err(format!("{text:?} in {on} {field} is gone, and nobody erased it"));
        }
    }
    Ok(())
}

fn fork(rng: &mut Rng, merged: &OpSet) -> Device {
    let mut device = Device::new(rng.next());
    device.set = merged.clone();
    device.editor.set_time(history::clock(rng));
    device
}

fn check_two_versions(rng: &mut Rng, merged: &OpSet) -> Result<(), String> {
    let (mut here, mut there) = (fork(rng, merged), fork(rng, merged));
    let (on, field) = history::text_field(rng, merged);
    for (device, text) in [(&mut here, "her"), (&mut there, "der")] {
        let records =
            device.editor.set_text(&device.set, &device.set.see(&on), field, text).map_err(|e| format!("{e:?}"))?;
        device.apply(&records);
    }
    let (known_here, known_there) = (here.set.clone(), there.set.clone());
    here.learn(&known_there);
    there.learn(&known_here);
    same_records(&there.set, &here.set, "the other device")?;
    let texts = here.set.texts(&on, field);
    let mut both: Vec<&str> = texts.0.iter().map(|version| version.text.as_str()).collect();
    both.sort_unstable();
    if both != ["der", "her"] {
        return Err(format!("after two edits at once {on} {field} says {both:?}"));
    }
    let chosen = texts.0[rng.below(2)].text.clone();
    let records = here.editor.set_text(&here.set, &here.set.see(&on), field, &chosen).map_err(|e| format!("{e:?}"))?;
    there.apply(&records);
    let left = there.set.texts(&on, field);
    if left.shown() != chosen || !left.others().is_empty() {
        return Err(format!("{chosen:?} was chosen, and {left:?} is left"));
    }
    let other = if chosen == "her" { "der" } else { "her" };
    if there.set.history(&on, field).iter().all(|version| version.text != other) {
        return Err(format!("{other:?} was not chosen, and is not in the history"));
    }
    Ok(())
}

fn check_delete_meets_edit(rng: &mut Rng, merged: &OpSet) -> Result<(), String> {
    let (part, section) = history::list(rng);
    let entries = merged.list_entries(part, section);
    let Some(entry) = rng.pick(&entries) else {
        return Ok(());
    };
    let (mut here, mut there) = (fork(rng, merged), fork(rng, merged));
    let deleted = if rng.one_in(2) {
        here.editor.delete_entry(&here.set, &here.set.see(&entry.on))
    } else {
        here.editor.erase(&here.set, &here.set.see(&entry.on))
    };
    here.apply(&deleted.map_err(|e| format!("{e:?}"))?);
    if here.set.list_entries(part, section).iter().any(|e| e.on == entry.on) {
        return Err("a deleted entry is still shown".to_owned());
    }
    let edited = there
        .editor
        .set_text(&there.set, &there.set.see(&entry.on), "text", "rettet imens")
        .map_err(|e| format!("{e:?}"))?;
    there.apply(&edited);
    let known = here.set.clone();
    here.learn(&there.set);
    there.learn(&known);
    same_records(&there.set, &here.set, "the other device")?;
    let kept = here.set.list_entries(part, section).into_iter().find(|e| e.on == entry.on);
    match kept {
        Some(kept) if kept.texts.shown() == "rettet imens" && kept.texts.others().is_empty() => Ok(()),
        kept => Err(format!("a delete met an edit, and left {kept:?}")),
    }
}

/// A word that is typed, retyped, undone and deleted on several devices, and then erased by one who has seen it all.
fn check_planted_word(rng: &mut Rng, merged: &OpSet, history: &History) -> Result<(), String> {
    const WORD: &str = "hemmelighed";
    let mut writer = fork(rng, merged);
    let mut written = Vec::new();
    let (part, section) = (Part::PlanRed, template::HARD_ACTIONS);
    let mut on = Entity::section(Part::AboutMe, "navn");
    let mut field = "text";
    match rng.below(3) {
        0 => {
            let added = writer.editor.add_entry(&writer.set, part, section, WORD, Some(WORD));
            let (entry, records) = added.map_err(|e| format!("{e:?}"))?;
            writer.apply(&records);
            written.extend(records);
            on = entry;
        }
        1 => (on, field) = (template::first_meeting(), "voice"),
        _ => {}
    }
    for step in 0..1 + rng.below(4) {
        let change = if rng.one_in(2) { writer.editor.begin_change() } else { writer.editor.change() };
        let text = format!("{WORD}{step}");
        let mut records =
            writer.editor.set_text(&writer.set, &writer.set.see(&on), field, &text).map_err(|e| format!("{e:?}"))?;
        writer.apply(&records);
        written.append(&mut records);
        if rng.one_in(3) {
            let records = writer.editor.undo(&writer.set, change).map_err(|e| format!("{e:?}"))?;
            writer.apply(&records);
            written.extend(records);
        }
    }
    if rng.one_in(3) {
        let records = writer.editor.delete_entry(&writer.set, &writer.set.see(&on)).map_err(|e| format!("{e:?}"))?;
        writer.apply(&records);
        written.extend(records);
    }
    if rng.one_in(2) {
        writer.set.prune(NOW + 20 * YEAR, 0);
    }
    let mut eraser = fork(rng, merged);
    eraser.set = writer.set.clone();
    written.extend(eraser.editor.erase(&eraser.set, &eraser.set.see(&on)).map_err(|e| format!("{e:?}"))?);

    let mut copies = vec![history.devices[0].set.clone(), merged.clone()];
    copies.push(writer.set);
    copies.push(OpSet::new());
    for mut copy in copies {
        rng.shuffle(&mut written);
        for record in written.iter().chain(written.iter()) {
            copy.insert(record.clone());
        }
        if let Some(record) = copy.iter().find(|record| record.raw().contains(WORD)) {
            return Err(format!("the erased word is still in {}", record.raw()));
        }
        if copy.history(&on, field).iter().any(|v| v.text.contains(WORD)) {
            return Err("the erased word is still shown".to_owned());
        }
    }
    Ok(())
}
