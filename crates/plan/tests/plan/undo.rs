//! Undo: everything can be taken back, in one go, and only what is one's own.

use crate::history::{Device, NOW};
use crate::rng::Rng;
use plan::edit::{Change, Direction};
use plan::{Entity, Part, Record, Refused, template};

const LIST: (Part, &str) = (Part::PlanGreen, "g_tegn");

pub fn navn() -> Entity {
    Entity::section(Part::AboutMe, "navn")
}

pub fn run(device: &mut Device, written: Result<Vec<Record>, Refused>) -> Change {
    device.apply(&written.unwrap());
    device.editor.change()
}

pub fn write(device: &mut Device, on: &Entity, text: &str) -> Change {
    device.editor.begin_change();
    let written = device.editor.set_text(&device.set, &device.set.see(on), "text", text);
    run(device, written)
}

pub fn add(device: &mut Device, text: &str) -> (Entity, Change) {
    device.editor.begin_change();
    let (on, records) = device.editor.add_entry(&device.set, LIST.0, LIST.1, text, Some("school")).unwrap();
    device.apply(&records);
    (on, device.editor.change())
}

pub fn undo(device: &mut Device, change: Change) -> Change {
    let written = device.editor.undo(&device.set, change);
    run(device, written)
}

pub fn texts(device: &Device, on: &Entity) -> Vec<String> {
    device.set.texts(on, "text").0.into_iter().map(|version| version.text).collect()
}

pub fn shown(device: &Device) -> Vec<String> {
    device.set.list_entries(LIST.0, LIST.1).iter().map(|entry| entry.texts.shown().to_owned()).collect()
}

/// What a person sees, without who wrote it and when.
fn seen(device: &Device) -> String {
    let mut out = String::new();
    for part in Part::ALL {
        for section in device.set.list_sections(part) {
            let entries: Vec<(Vec<&str>, &str)> = section
                .entries
                .iter()
                .map(|entry| (entry.texts.0.iter().map(|version| version.text.as_str()).collect(), entry.kind.as_str()))
                .collect();
            let own = texts(device, &section.on).join("|");
            out.push_str(&format!("{} {:?} {} {own} {entries:?}\n", section.on, section.title, section.hidden));
        }
    }
    for field in template::MEETING_FIELDS {
        out.push_str(device.set.texts(&template::first_meeting(), field).shown());
    }
    out
}

/// Does one thing, takes it back, does it again, and takes it back again.
fn check(what: &str, act: impl Fn(&mut Device, &[Entity]) -> Change) {
    let mut device = Device::new(1);
    device.editor.set_time(NOW);
    let entries: Vec<Entity> = ["a", "b", "c"].iter().map(|text| add(&mut device, text).0).collect();
    write(&mut device, &navn(), "Kim");
    let before = seen(&device);
    let change = act(&mut device, &entries);
    let after = seen(&device);
    assert_ne!(before, after, "{what} did nothing");
    let mut change = change;
    for round in 0..3 {
        change = undo(&mut device, change);
        assert_eq!(seen(&device), before, "{what} taken back, round {round}");
        change = undo(&mut device, change);
        assert_eq!(seen(&device), after, "{what} done again, round {round}");
    }
}

#[test]
fn every_command_can_be_undone_and_done_again() {
    check("writing", |device, _| write(device, &navn(), "K"));
    check("writing for the first time", |device, _| write(device, &Entity::section(Part::AboutMe, "godt"), "Kim"));
    check("taking a text away", |device, _| write(device, &navn(), ""));
    check("writing in an entry", |device, entries| write(device, &entries[1], "B"));
    check("adding", |device, _| add(device, "d").1);
    check("deleting", |device, entries| {
        device.editor.begin_change();
        let written = device.editor.delete_entry(&device.set, &device.set.see(&entries[1]));
        run(device, written)
    });
    check("moving", |device, entries| {
        device.editor.begin_change();
        let written = device.editor.move_entry(&device.set, LIST.0, LIST.1, &entries[2], Direction::Up);
        run(device, written)
    });
    check("hiding", |device, _| {
        device.editor.begin_change();
        let written = device.editor.set_flag(&device.set, &navn(), "hidden", true);
        run(device, written)
    });
    check("renaming", |device, _| {
        device.editor.begin_change();
        let written = device.editor.set_text(&device.set, &device.set.see(&navn()), "title", "Mit navn");
        run(device, written)
    });
    check("adding a section", |device, _| {
        device.editor.begin_change();
        let written = device.editor.add_section(&device.set, Part::PlanRed, "Mit eget");
        run(device, written)
    });
    check("writing and deleting in one go", |device, entries| {
        write(device, &entries[1], "B");
        let written = device.editor.delete_entry(&device.set, &device.set.see(&entries[1]));
        run(device, written)
    });
}

#[test]
fn adding_and_typing_in_one_go_is_undone_in_one_go() {
    let mut device = Device::new(1);
    let (on, change) = add(&mut device, "");
    for text in ["r", "ri", "ring"] {
        let written = device.editor.set_text(&device.set, &device.set.see(&on), "text", text);
        run(&mut device, written);
    }
    assert_eq!(shown(&device), ["ring"]);
    undo(&mut device, change);
    assert_eq!(shown(&device), [""; 0]);
}

#[test]
fn a_stretch_of_typing_is_undone_in_one_go() {
    let mut device = Device::new(1);
    write(&mut device, &navn(), "Kim");
    let change = device.editor.begin_change();
    for text in ["Kim ", "Kim E", "Kim Ek"] {
        let written = device.editor.set_text(&device.set, &device.set.see(&navn()), "text", text);
        run(&mut device, written);
    }
    let again = undo(&mut device, change);
    assert_eq!(texts(&device, &navn()), ["Kim"]);
    undo(&mut device, again);
    assert_eq!(texts(&device, &navn()), ["Kim Ek"]);
}

#[test]
fn undoing_once_more_goes_further_back() {
    let mut device = Device::new(1);
    let mut steps = vec![seen(&device)];
    let mut changes = Vec::new();
    let (on, change) = add(&mut device, "a");
    changes.push(change);
    steps.push(seen(&device));
    for text in ["b", "", "c"] {
        changes.push(write(&mut device, &on, text));
        steps.push(seen(&device));
    }
    device.editor.begin_change();
    let written = device.editor.delete_entry(&device.set, &device.set.see(&on));
    changes.push(run(&mut device, written));
    while let Some(change) = changes.pop() {
        let again = undo(&mut device, change);
        assert_eq!(seen(&device), steps[changes.len()]);
        undo(&mut device, again);
        undo(&mut device, change);
        assert_eq!(seen(&device), steps[changes.len()], "back, forth and back again");
    }
}

#[test]
fn any_stack_of_changes_is_undone_step_by_step() {
    let cases = 2_000;
    crate::for_each_seed(cases, |seed| {
        let mut rng = Rng::new(seed);
        let mut device = Device::new(1);
        let mut steps = Vec::new();
        for step in 0..12 {
            device.editor.begin_change();
            device.editor.set_time(crate::history::clock(&mut rng));
            let before = seen(&device);
            let entries = device.set.list_entries(LIST.0, LIST.1);
            let entry = rng.pick(&entries).map(|entry| entry.on.clone());
            let word = format!("ord{step}");
            let (set, editor) = (&device.set, &mut device.editor);
            let written = match (rng.below(6), entry) {
                (0, _) | (_, None) => editor.add_entry(set, LIST.0, LIST.1, &word, None).map(|(_, records)| records),
                (1, Some(on)) => editor.delete_entry(set, &set.see(&on)),
                (2, Some(on)) => editor.move_entry(set, LIST.0, LIST.1, &on, Direction::Up),
                (3, _) => editor.set_flag(set, &navn(), "hidden", rng.one_in(2)),
                (4, _) => editor.set_text(set, &set.see(&navn()), "text", &word),
                (_, Some(on)) => editor.set_text(set, &set.see(&on), "text", &word),
            };
            let change = run(&mut device, written);
            steps.push((change, before));
        }
        for (change, before) in steps.into_iter().rev() {
            undo(&mut device, change);
            let now = seen(&device);
            if now != before {
                return Err(format!("undone to\n{now}\n--- and it was\n{before}"));
            }
        }
        Ok(())
    });
    crate::report(&format!("undo: {cases} stacks of 12 changes undone step by step"));
}

#[test]
fn undo_leaves_what_another_device_wrote_later() {
    let (mut here, mut there) = (Device::new(1), Device::new(2));
    let first = write(&mut here, &navn(), "Kim");
    let (on, added) = add(&mut here, "a");
    there.learn(&here.set);
    write(&mut there, &navn(), "Kim Ek");
    write(&mut there, &on, "A");
    here.learn(&there.set);
    for change in [first, added] {
        assert_eq!(here.editor.undo(&here.set, change), Ok(vec![]));
    }
    assert_eq!((texts(&here, &navn()), shown(&here)), (vec!["Kim Ek".to_owned()], vec!["A".to_owned()]));
}

#[test]
fn doing_a_delete_again_leaves_what_another_device_wrote_later() {
    let (mut here, mut there) = (Device::new(1), Device::new(2));
    let (on, _) = add(&mut here, "a");
    here.editor.begin_change();
    let written = here.editor.delete_entry(&here.set, &here.set.see(&on));
    let deleted = run(&mut here, written);
    let back = undo(&mut here, deleted);
    there.learn(&here.set);
    write(&mut there, &on, "A");
    here.learn(&there.set);
    undo(&mut here, back);
    assert_eq!(shown(&here), ["A"]);
}

#[test]
fn undo_takes_only_ones_own_of_two_versions() {
    let (mut here, mut there) = (Device::new(1), Device::new(2));
    write(&mut here, &navn(), "Kim");
    there.learn(&here.set);
    let mine = write(&mut here, &navn(), "Kim Ek");
    write(&mut there, &navn(), "Kim Bo");
    here.learn(&there.set);
    assert_eq!(texts(&here, &navn()).len(), 2);
    undo(&mut here, mine);
    assert_eq!(texts(&here, &navn()), ["Kim Bo"]);
    assert_eq!(here.set.heads(&navn(), "text").len(), 1);
}

#[test]
fn undoing_a_choice_brings_both_versions_back() {
    for chosen in [0, 1] {
        let (mut here, mut there) = (Device::new(1), Device::new(2));
        write(&mut here, &navn(), "her");
        write(&mut there, &navn(), "der");
        here.learn(&there.set);
        let both = texts(&here, &navn());
        assert_eq!(both.len(), 2);
        let choice = write(&mut here, &navn(), &both[chosen]);
        let back = undo(&mut here, choice);
        assert_eq!(texts(&here, &navn()), both);
        undo(&mut here, back);
        assert_eq!(texts(&here, &navn()), [both[chosen].as_str()]);
    }
}

#[test]
fn undo_brings_back_what_was_written_over_beside_what_somebody_else_wrote() {
    for dropped in [false, true] {
        let (mut here, mut there) = (Device::new(1), Device::new(2));
        write(&mut here, &navn(), "her før");
        write(&mut there, &navn(), "der");
        let change = write(&mut here, &navn(), "her nu");
        here.learn(&there.set);
        if dropped {
            assert!(!here.set.prune(u64::MAX, 0).is_empty());
        }
        undo(&mut here, change);
        let mut left = texts(&here, &navn());
        left.sort();
        let expected = if dropped { vec!["der"] } else { vec!["der", "her før"] };
        assert_eq!(left, expected);
    }
}

#[test]
fn undo_leaves_the_same_words_that_somebody_else_wrote() {
    let (mut here, mut there) = (Device::new(1), Device::new(2));
    let change = write(&mut here, &navn(), "Kim");
    write(&mut there, &navn(), "Kim");
    here.learn(&there.set);
    undo(&mut here, change);
    assert_eq!(texts(&here, &navn()), ["Kim"]);

    let (mut here, mut there) = (Device::new(1), Device::new(2));
    write(&mut here, &navn(), "først");
    let change = write(&mut here, &navn(), "Kim");
    write(&mut there, &navn(), "Kim");
    here.learn(&there.set);
    undo(&mut here, change);
    assert_eq!(texts(&here, &navn()), ["først", "Kim"]);
}

#[test]
fn undo_of_a_move_leaves_one_place() {
    let (mut here, mut there) = (Device::new(1), Device::new(2));
    let entries: Vec<Entity> = ["a", "b", "c", "d"].iter().map(|text| add(&mut here, text).0).collect();
    there.learn(&here.set);
    for (device, direction) in [(&mut here, Direction::Up), (&mut there, Direction::Down)] {
        let written = device.editor.move_entry(&device.set, LIST.0, LIST.1, &entries[1], direction);
        run(device, written);
    }
    here.learn(&there.set);
    let before = shown(&here);
    here.editor.begin_change();
    let at = before.iter().position(|text| text == "b").unwrap();
    let direction = if at == 0 { Direction::Down } else { Direction::Up };
    let written = here.editor.move_entry(&here.set, LIST.0, LIST.1, &entries[1], direction);
    let change = run(&mut here, written);
    assert_ne!(shown(&here), before);
    undo(&mut here, change);
    assert_eq!(shown(&here), before);
    assert_eq!(here.set.heads(&entries[1], "order").len(), 1);
}

#[test]
fn undo_of_a_delete_that_met_an_edit_writes_no_words() {
    let (mut here, mut there) = (Device::new(1), Device::new(2));
    let (on, _) = add(&mut here, "a");
    there.learn(&here.set);
    here.editor.begin_change();
    let written = here.editor.delete_entry(&here.set, &here.set.see(&on));
    let change = run(&mut here, written);
    write(&mut there, &on, "A");
    here.learn(&there.set);
    let written = here.editor.undo(&here.set, change).unwrap();
    assert_eq!(written.iter().map(|record| record.op.field.as_str()).collect::<Vec<_>>(), ["deleted"]);
}

#[test]
fn a_delete_is_done_again_also_over_a_field_that_is_empty() {
    let mut device = Device::new(1);
    let (on, _) = add(&mut device, "a");
    device.editor.begin_change();
    let written = device.editor.set_text(&device.set, &device.set.see(&on), "note", "x");
    let note = run(&mut device, written);
    undo(&mut device, note);
    device.editor.begin_change();
    let written = device.editor.delete_entry(&device.set, &device.set.see(&on));
    let deleted = run(&mut device, written);
    let back = undo(&mut device, deleted);
    assert_eq!(shown(&device), ["a"]);
    undo(&mut device, back);
    assert_eq!(shown(&device), [""; 0]);
}

#[test]
fn undo_of_typing_keeps_the_version_that_came_in_meanwhile() {
    let (mut here, mut there) = (Device::new(1), Device::new(2));
    write(&mut here, &navn(), "Kim");
    there.learn(&here.set);
    let typing = write(&mut here, &navn(), "Kim E");
    write(&mut there, &navn(), "Kim Bo");
    here.learn(&there.set);
    let written = here.editor.set_text(&here.set, &here.set.see(&navn()), "text", "Kim Ek");
    run(&mut here, written);
    undo(&mut here, typing);
    assert_eq!(texts(&here, &navn()), ["Kim Bo"]);
}

#[test]
fn undo_of_a_delete_brings_the_words_back_where_they_were_dropped() {
    let (mut here, mut there) = (Device::new(1), Device::new(2));
    let (on, _) = add(&mut here, "a");
    here.editor.begin_change();
    let written = here.editor.delete_entry(&here.set, &here.set.see(&on));
    let deleted = run(&mut here, written);
    there.learn(&here.set);
    assert!(!there.set.prune(u64::MAX, 0).is_empty());
    undo(&mut here, deleted);
    there.learn(&here.set);
    here.learn(&there.set);
    assert_eq!((shown(&here), shown(&there)), (vec!["a".to_owned()], vec!["a".to_owned()]));
}

#[test]
fn undo_of_what_was_dropped_long_ago_does_not_empty_the_field() {
    let mut device = Device::new(1);
    write(&mut device, &navn(), "før");
    let change = write(&mut device, &navn(), "nu");
    device.set.prune(u64::MAX, 0);
    assert_eq!(device.editor.undo(&device.set, change), Ok(vec![]));
    assert_eq!(texts(&device, &navn()), ["nu"]);
}

#[test]
fn undo_is_a_change_of_its_own() {
    let mut device = Device::new(1);
    let change = write(&mut device, &navn(), "Kim");
    let written = device.editor.undo(&device.set, device.editor.change());
    let back = run(&mut device, written);
    assert_ne!(change, back);
    undo(&mut device, back);
    assert_eq!(texts(&device, &navn()), ["Kim"]);
}
