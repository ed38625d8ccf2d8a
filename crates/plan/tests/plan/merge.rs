//! Any order, any repetition and any partition of the same operations gives the same bytes, and nothing written is lost.
//!
//! `MERGE_CASES` sets the number of histories, 100,000 by default.

use crate::history::{self, Device, History, NOW, YEAR, bytes, records};
use crate::rng::Rng;
use plan::op::{Op, Value};
use plan::set::ERASED;
use plan::{Entity, OpId, OpSet, Part, Record, ReplicaId, Stamp, template};
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

fn union<'a>(records: impl IntoIterator<Item = &'a Record>) -> OpSet {
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
        let records = device.editor.set_text(&device.set, &on, field, text).map_err(|e| format!("{e:?}"))?;
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
    let records = here.editor.set_text(&here.set, &on, field, &chosen).map_err(|e| format!("{e:?}"))?;
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
        here.editor.delete_entry(&here.set, &entry.on)
    } else {
        here.editor.erase(&here.set, &entry.on)
    };
    here.apply(&deleted.map_err(|e| format!("{e:?}"))?);
    if here.set.list_entries(part, section).iter().any(|e| e.on == entry.on) {
        return Err("a deleted entry is still shown".to_owned());
    }
    let edited = there.editor.set_text(&there.set, &entry.on, "text", "rettet imens").map_err(|e| format!("{e:?}"))?;
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
        let mut records = writer.editor.set_text(&writer.set, &on, field, &text).map_err(|e| format!("{e:?}"))?;
        writer.apply(&records);
        written.append(&mut records);
        if rng.one_in(3) {
            let records = writer.editor.undo(&writer.set, change).map_err(|e| format!("{e:?}"))?;
            writer.apply(&records);
            written.extend(records);
        }
    }
    if rng.one_in(3) {
        let records = writer.editor.delete_entry(&writer.set, &on).map_err(|e| format!("{e:?}"))?;
        writer.apply(&records);
        written.extend(records);
    }
    if rng.one_in(2) {
        writer.set.prune(NOW + 20 * YEAR, 0);
    }
    let mut eraser = fork(rng, merged);
    eraser.set = writer.set.clone();
    written.extend(eraser.editor.erase(&eraser.set, &on).map_err(|e| format!("{e:?}"))?);

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

fn record(replica: u64, seq: u64, at: u64, on: &Entity, field: &str, parents: &[OpId], value: Value) -> Record {
    Record::new(Op {
        version: 1,
        id: OpId { replica: ReplicaId(replica), seq },
        at: Stamp { millis: at, count: 0 },
        by: "young".to_owned(),
        on: on.clone(),
        field: field.to_owned(),
        parents: parents.to_vec(),
        change: seq,
        value: Some(value),
    })
}

fn texts(set: &OpSet, on: &Entity, field: &str) -> Vec<String> {
    set.texts(on, field).0.into_iter().map(|version| version.text).collect()
}

#[test]
fn a_circle_of_parents_does_not_make_everything_disappear() {
    let on = Entity::section(Part::AboutMe, "navn");
    let id = |seq| OpId { replica: ReplicaId(7), seq };
    let circle: Vec<Record> = (1..=3)
        .map(|seq| record(7, seq, 10 * seq, &on, "text", &[id(1 + seq % 3)], Value::Text(format!("nr. {seq}"))))
        .collect();
    assert_eq!(texts(&union(&circle), &on, "text"), ["nr. 3", "nr. 2"]);
    assert_eq!(bytes(&union(&circle)), bytes(&union(circle.iter().rev())));
}

#[test]
fn a_clock_that_goes_backwards_does_not_undo_a_choice() {
    let on = Entity::section(Part::AboutMe, "navn");
    let first = record(1, 1, u64::MAX, &on, "text", &[], Value::Text("først".to_owned()));
    let then = record(2, 1, 5, &on, "text", &[first.op.id], Value::Text("så".to_owned()));
    assert_eq!(texts(&union([&first, &then]), &on, "text"), ["så"]);
    assert_eq!(texts(&union([&then, &first]), &on, "text"), ["så"]);
}

#[test]
fn writing_goes_on_at_the_end_of_time() {
    let on = Entity::section(Part::AboutMe, "navn");
    let mut last = record(9, 1, u64::MAX, &on, "text", &[], Value::Text("sidst".to_owned()));
    last = Record::new(Op { at: Stamp { millis: u64::MAX, count: u32::MAX }, ..last.op });
    let mut device = Device::new(1);
    device.apply(&[last]);
    for text in ["a", "b", "c"] {
        let records = device.editor.set_text(&device.set, &on, "text", text).unwrap();
        device.apply(&records);
        assert_eq!(texts(&device.set, &on, "text"), [text]);
    }
}

#[test]
fn an_identity_used_twice_ends_the_same_after_an_erasure() {
    let (mine, other) = (Entity::section(Part::AboutMe, "navn"), Entity::section(Part::AboutMe, "godt"));
    let one = record(1, 1, 5, &other, "text", &[], Value::Text("en".to_owned()));
    let two = record(1, 1, 5, &mine, "text", &[], Value::Text("to".to_owned()));
    let erasure = record(2, 1, 9, &mine, ERASED, &[one.op.id], Value::Flag(true));
    let all = [one, two, erasure];
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let ends: BTreeSet<String> = orders.iter().map(|order| bytes(&union(order.map(|place| &all[place])))).collect();
    assert_eq!(ends.len(), 1, "{ends:?}");
}

#[test]
fn an_erasure_reaches_words_beside_a_value_that_is_gone() {
    let on = Entity::section(Part::AboutMe, "navn");
    let gone = record(1, 1, 5, &on, "text", &[], Value::Text("x".to_owned())).erased();
    let gone = Record::parse(&gone.raw().replacen('{', r#"{"note":"hemmelighed","#, 1)).unwrap();
    let erasure = record(1, 2, 9, &on, ERASED, &[gone.op.id], Value::Flag(true));
    for set in [union([&gone, &erasure]), union([&erasure, &gone])] {
        assert!(set.iter().all(|record| !record.raw().contains("hemmelighed")));
    }
}

#[test]
fn an_erasure_stays_within_its_entity() {
    let (mine, other) = (Entity::section(Part::AboutMe, "navn"), Entity::section(Part::PlanRed, "r_nu"));
    let text = record(1, 1, 5, &other, "text", &[], Value::Text("bliver".to_owned()));
    let erasure = record(1, 2, 9, &mine, ERASED, &[text.op.id], Value::Flag(true));
    for set in [union([&text, &erasure]), union([&erasure, &text])] {
        assert_eq!(texts(&set, &other, "text"), ["bliver"]);
    }
}

#[test]
fn inserting_says_what_changed_and_what_must_be_stored_again() {
    let on = Entity::section(Part::AboutMe, "navn");
    let text = record(1, 1, 5, &on, "text", &[], Value::Text("ord".to_owned()));
    let erasure = record(1, 2, 9, &on, ERASED, &[text.op.id], Value::Flag(true));
    let effect = |set: &mut OpSet, record: &Record| {
        let effect = set.insert(record.clone());
        (effect.changed, effect.erased)
    };
    let mut set = OpSet::new();
    assert_eq!(effect(&mut set, &text), (true, vec![]));
    assert_eq!(effect(&mut set, &text), (false, vec![]));
    assert_eq!(effect(&mut set, &erasure), (true, vec![text.op.id]));
    assert_eq!(effect(&mut set, &erasure), (false, vec![]));
    assert_eq!(effect(&mut set, &text), (false, vec![]));
    let mut set = OpSet::new();
    assert_eq!(effect(&mut set, &erasure), (true, vec![]));
    assert_eq!(effect(&mut set, &text), (true, vec![text.op.id]));
    assert_eq!(effect(&mut set, &text), (false, vec![]));
}

#[test]
fn words_are_dropped_thirty_days_after_they_were_replaced_or_deleted() {
    const KEEP: u64 = MONTH;
    let on = Entity::entry(Part::PlanGreen, "e1");
    let list = record(1, 1, 1, &on, "list", &[], Value::Text("g_tegn".to_owned()));
    let first = record(1, 2, 2, &on, "text", &[], Value::Text("først".to_owned()));
    let then = record(1, 3, 100, &on, "text", &[first.op.id], Value::Text("så".to_owned()));
    let delete = record(1, 4, 200, &on, "deleted", &[then.op.id], Value::Flag(true));
    let back = record(1, 5, 300, &on, "deleted", &[delete.op.id], Value::Nothing);
    let again = record(1, 6, 400, &on, "deleted", &[back.op.id, then.op.id], Value::Flag(true));
    let all = [&list, &first, &then, &delete, &back, &again];
    for (known, now, gone) in [
        (3, 100 + KEEP, vec![]),
        (3, 101 + KEEP, vec![first.op.id]),
        (4, 200 + KEEP, vec![first.op.id]),
        (4, 201 + KEEP, vec![first.op.id, then.op.id]),
        // Taken back: the words are in use.
        (5, 301 + KEEP, vec![first.op.id, delete.op.id]),
        // Done again: counted from then, not from the first time.
        (6, 400 + KEEP, vec![first.op.id, delete.op.id]),
        (6, 401 + KEEP, vec![first.op.id, then.op.id, delete.op.id, back.op.id]),
    ] {
        assert_eq!(union(all[..known].iter().copied()).prune(now, KEEP), gone, "{known} operations at {now}");
    }
}

#[test]
fn a_word_that_names_another_field_as_its_parent_takes_nothing_from_it() {
    let on = Entity::entry(Part::PlanGreen, "e1");
    let order = record(1, 1, 1, &on, "order", &[], Value::Text("V".to_owned()));
    let text = record(1, 2, 2, &on, "text", &[order.op.id], Value::Text("ord".to_owned()));
    let mut set = union([&order, &text]);
    assert_eq!(set.prune(u64::MAX, 0), []);
    assert_eq!(set.value(&on, "order").map(Value::text), Some("V"));
}
