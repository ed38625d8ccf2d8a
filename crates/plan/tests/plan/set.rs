//! The set of operations, case by case: circles, clocks, identities used twice, erasure and dropping.

use crate::history::{Device, bytes};
use crate::merge::union;
use plan::op::{Op, Value};
use plan::set::ERASED;
use plan::{Entity, OpId, OpSet, Part, Record, ReplicaId, Stamp, template};
use std::collections::BTreeSet;

const MONTH: u64 = 30 * 86_400_000;

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
fn what_was_written_on_top_of_a_circle_stands() {
    let on = Entity::section(Part::AboutMe, "navn");
    let id = |seq| OpId { replica: ReplicaId(7), seq };
    let text = |seq, at, parent| record(7, seq, at, &on, "text", &[id(parent)], Value::Text(format!("nr. {seq}")));
    // One and two name each other; three was written on top, with a clock that is behind.
    let all = [text(1, 10, 2), text(2, 20, 1), text(3, 5, 2)];
    assert_eq!(texts(&union(&all), &on, "text"), ["nr. 3"]);
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
        let records = device.editor.set_text(&device.set, &device.set.see(&on), "text", text).unwrap();
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
    let end = |set: &OpSet| {
        format!("{}{:?}", bytes(set), set.list_entities(Part::AboutMe, "section", "text").collect::<Vec<_>>())
    };
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let ends: BTreeSet<String> = orders.iter().map(|order| end(&union(order.map(|place| &all[place])))).collect();
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
fn pruning_keeps_the_words_of_what_is_shown_although_it_was_deleted() {
    let own = Entity::section(Part::PlanGreen, "0123456789abcdef-1");
    for on in [Entity::section(Part::AboutMe, "navn"), template::first_meeting(), own.clone()] {
        let made = record(1, 1, 1, &on, "made", &[], Value::Flag(true));
        let title = record(1, 2, 2, &on, "title", &[], Value::Text("navnet".to_owned()));
        let place = record(1, 3, 3, &on, "place", &[], Value::Text("køkkenet".to_owned()));
        let delete = record(1, 4, 4, &on, "deleted", &[title.op.id, place.op.id], Value::Flag(true));
        // Another device has written in the young person's own section; then taking it back leaves it where it is.
        let entry = Entity::entry(Part::PlanGreen, "e1");
        let list = record(2, 1, 5, &entry, "list", &[], Value::Text(own.name().to_owned()));
        let text = record(2, 2, 6, &entry, "text", &[], Value::Text("ord".to_owned()));
        let mut set = union([&made, &title, &place, &delete, &list, &text]);
        let before = set.canonical();
        assert_eq!(set.prune(u64::MAX, 0), [], "{on}");
        assert_eq!(set.canonical(), before, "{on}");
    }
}

#[test]
fn a_section_whose_name_was_dropped_has_one_when_something_is_written_in_it() {
    let on = Entity::section(Part::PlanGreen, "0123456789abcdef-1");
    let made = record(1, 1, 1, &on, "made", &[], Value::Flag(true));
    let title = record(1, 2, 2, &on, "title", &[], Value::Text("navnet".to_owned()));
    let delete = record(1, 3, 3, &on, "deleted", &[title.op.id], Value::Flag(true));
    let mut set = union([&made, &title, &delete]);
    assert_eq!(set.prune(u64::MAX, 0), [title.op.id]);
    let entry = Entity::entry(Part::PlanGreen, "e1");
    set.insert(record(2, 1, 5, &entry, "list", &[], Value::Text(on.name().to_owned())));
    set.insert(record(2, 2, 6, &entry, "text", &[], Value::Text("ord".to_owned())));
    let shown = set.list_sections(Part::PlanGreen).into_iter().find(|section| section.on == on);
    assert_eq!(shown.map(|section| section.title).as_deref(), Some(template::DANISH.untitled));
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

#[test]
fn a_clock_that_is_behind_writes_after_what_it_has_seen() {
    let on = Entity::section(Part::AboutMe, "navn");
    let other = Entity::section(Part::AboutMe, "godt");
    let seen = record(9, 1, 5_000, &other, "text", &[], Value::Text("set".to_owned()));
    let mut device = Device::new(1);
    device.apply(&[seen]);
    assert_eq!(device.set.latest(), Stamp { millis: 5_000, count: 0 });
    device.editor.set_time(7);
    let records = device.editor.set_text(&device.set, &device.set.see(&on), "text", "ord").unwrap();
    assert_eq!(records[0].op.at, Stamp { millis: 5_000, count: 1 });
}

#[test]
fn two_erasures_under_one_identity_are_both_obeyed() {
    let on = Entity::section(Part::AboutMe, "navn");
    let one = record(1, 1, 5, &on, "text", &[], Value::Text("en".to_owned()));
    let two = record(1, 2, 5, &on, "text", &[], Value::Text("to".to_owned()));
    let erasure = |target: OpId| record(2, 1, 9, &on, ERASED, &[target], Value::Flag(true));
    for order in [[one.op.id, two.op.id], [two.op.id, one.op.id]] {
        let mut set = union([&one, &two]);
        for target in order {
            let effect = set.insert(erasure(target));
            assert_eq!((effect.changed, effect.erased), (true, vec![target]));
        }
        assert_eq!(set.iter().filter(|record| record.op.field == ERASED).count(), 1);
    }
}

#[test]
fn an_entry_is_deleted_when_everything_in_it_was_seen_and_nobody_took_it_back() {
    let on = Entity::entry(Part::PlanGreen, "e1");
    let here = record(1, 1, 1, &on, "text", &[], Value::Text("her".to_owned()));
    let there = record(2, 1, 1, &on, "text", &[], Value::Text("der".to_owned()));
    let sees = |replica, seq, parents: &[&Record], value| {
        let parents: Vec<OpId> = parents.iter().map(|record| record.op.id).collect();
        record(replica, seq, 10 * seq, &on, "deleted", &parents, value)
    };
    let first = sees(1, 2, &[&here], Value::Flag(true));
    let second = sees(2, 2, &[&there], Value::Flag(true));
    let back = sees(1, 3, &[&first], Value::Nothing);
    let again = sees(2, 4, &[&first, &here], Value::Flag(true));
    for (records, deleted) in [
        (vec![&here], false),
        (vec![&here, &first], true),
        (vec![&here, &there, &first], false),
        // Each has deleted what they had: together they have deleted everything.
        (vec![&here, &there, &first, &second], true),
        (vec![&here, &first, &back], false),
        // Taken back on one device and deleted once more on another, at the same time: the words are kept.
        (vec![&here, &first, &back, &again], false),
        (vec![&here, &first, &again], true),
    ] {
        assert_eq!(union(records.iter().copied()).is_deleted(&on), deleted, "{} operations", records.len());
    }
}

#[test]
fn every_build_keeps_the_same_one_of_two_under_one_identity() {
    let on = Entity::section(Part::AboutMe, "navn");
    let text = |text: &str| record(1, 1, 5, &on, "text", &[], Value::Text(text.to_owned()));
    let erasure = record(1, 1, 9, &on, ERASED, &[], Value::Flag(true));
    let (a, b) = (text("a"), text("b"));
    for (one, two, kept) in [(&a, &b, &a), (&a, &b.erased(), &b.erased()), (&a, &erasure, &erasure)] {
        for set in [union([one, two]), union([two, one])] {
            assert_eq!(set.get(kept.op.id), Some(kept));
        }
    }
}
