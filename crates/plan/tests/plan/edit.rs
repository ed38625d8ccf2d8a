//! Commands: what they write, and when they refuse.

use crate::history::{Device, NOW, bytes};
use plan::edit::Direction;
use plan::limits::{MAX_AGENDA, MAX_ENTRIES, MAX_OP_BYTES, MAX_TEXT, MAX_TITLE};
use plan::op::{Op, Value};
use plan::{Entity, OpId, Part, Record, Refused, ReplicaId, Stamp, template};

const LIST: (Part, &str) = (Part::PlanGreen, "g_tegn");

fn device() -> Device {
    let mut device = Device::new(1);
    device.editor.set_time(NOW);
    device
}

fn add(device: &mut Device, (part, section): (Part, &str), text: &str) -> Entity {
    device.editor.begin_change();
    let (on, records) = device.editor.add_entry(&device.set, part, section, text, None).unwrap();
    device.apply(&records);
    on
}

fn write(device: &mut Device, on: &Entity, field: &str, text: &str) -> Result<usize, Refused> {
    let records = device.editor.set_text(&device.set, &device.set.see(on), field, text)?;
    device.apply(&records);
    Ok(records.len())
}

fn shown(device: &Device, (part, section): (Part, &str)) -> Vec<String> {
    device.set.list_entries(part, section).iter().map(|entry| entry.texts.shown().to_owned()).collect()
}

/// A text of this many characters, so that bytes, UTF-16 units and characters all differ where they can.
fn long(unit: &str, count: usize) -> String {
    unit.chars().cycle().take(count).collect()
}

#[test]
fn a_text_has_room_for_4000_characters_of_any_kind() {
    let navn = Entity::section(Part::AboutMe, "navn");
    for unit in ["a", "æøå", "😀", "\u{1}", "\"", "e\u{301}", "👩‍👩‍👧", " \n"] {
        for (field, on) in [("text", &navn), ("place", &template::first_meeting())] {
            let mut device = device();
            let fits = long(unit, MAX_TEXT);
            assert_eq!(write(&mut device, on, field, &fits), Ok(1), "{unit:?}");
            assert_eq!(device.set.texts(on, field).shown(), fits, "nothing is cut");
            let before = bytes(&device.set);
            assert_eq!(
                write(&mut device, on, field, &long(unit, MAX_TEXT + 1)),
                Err(Refused::TextTooLong(MAX_TEXT + 1))
            );
            assert_eq!(bytes(&device.set), before, "nothing is changed");
            let entry = device.editor.add_entry(&device.set, LIST.0, LIST.1, &long(unit, MAX_TEXT + 1), None);
            assert_eq!(entry, Err(Refused::TextTooLong(MAX_TEXT + 1)));
            assert_eq!(write(&mut device, on, field, "kort"), Ok(1), "writing goes on");
            let entry = add(&mut device, LIST, &fits);
            assert_eq!(device.set.texts(&entry, "text").shown(), fits);
            assert!(device.set.iter().all(|record| Record::parse(record.raw()).as_ref() == Ok(record)));
        }
    }
}

#[test]
fn a_title_has_room_for_120_characters() {
    let mut device = device();
    let on = Entity::section(Part::PlanGreen, "g_tegn");
    for unit in ["a", "æøå", "😀"] {
        let (fits, too_long) = (long(unit, MAX_TITLE), long(unit, MAX_TITLE + 1));
        assert_eq!(write(&mut device, &on, "title", &fits), Ok(1));
        assert_eq!(write(&mut device, &on, "title", &too_long), Err(Refused::TitleTooLong(MAX_TITLE + 1)));
        assert_eq!(device.set.texts(&on, "title").shown(), fits);
        assert!(device.editor.add_section(&device.set, Part::PlanRed, &fits).is_ok());
        let refused = device.editor.add_section(&device.set, Part::PlanRed, &too_long);
        assert_eq!(refused, Err(Refused::TitleTooLong(MAX_TITLE + 1)));
    }
}

#[test]
fn a_section_has_room_for_200_entries_and_the_agenda_for_five() {
    let agenda = (Part::Meeting, template::AGENDA);
    // The agenda's limit is the meeting's own: a list of the same name elsewhere has the ordinary one.
    for (list, room, refused) in [
        (LIST, MAX_ENTRIES, Refused::SectionFull),
        (agenda, MAX_AGENDA, Refused::AgendaFull),
        ((Part::Meeting, template::PEOPLE), MAX_ENTRIES, Refused::SectionFull),
        ((Part::PlanGreen, template::AGENDA), MAX_ENTRIES, Refused::SectionFull),
    ] {
        let mut device = device();
        let entries: Vec<Entity> = (0..room).map(|place| add(&mut device, list, &format!("nr. {place}"))).collect();
        let before = bytes(&device.set);
        let full = device.editor.add_entry(&device.set, list.0, list.1, "en til", None);
        assert_eq!(full, Err(refused));
        assert_eq!(bytes(&device.set), before);
        assert_eq!(shown(&device, list), (0..room).map(|place| format!("nr. {place}")).collect::<Vec<_>>());
        let records = device.editor.delete_entry(&device.set, &device.set.see(&entries[1])).unwrap();
        device.apply(&records);
        add(&mut device, list, "en til");
        assert_eq!(shown(&device, list).last().map(String::as_str), Some("en til"));
        assert_eq!(shown(&device, list).len(), room);
    }
}

#[test]
fn the_same_again_writes_nothing() {
    let mut device = device();
    let on = Entity::section(Part::AboutMe, "navn");
    assert_eq!(write(&mut device, &on, "text", ""), Ok(0));
    assert_eq!(write(&mut device, &on, "text", "Kim"), Ok(1));
    assert_eq!(write(&mut device, &on, "text", "Kim"), Ok(0));
    assert_eq!(write(&mut device, &on, "text", ""), Ok(1));
    assert_eq!(write(&mut device, &on, "text", ""), Ok(0));
    assert_eq!(device.editor.set_flag(&device.set, &on, "hidden", false), Ok(vec![]));
    let records = device.editor.set_flag(&device.set, &on, "hidden", true).unwrap();
    device.apply(&records);
    assert_eq!(device.editor.set_flag(&device.set, &on, "hidden", true), Ok(vec![]));
}

#[test]
fn writing_the_shown_version_again_chooses_it() {
    let (mut here, mut there) = (device(), Device::new(2));
    let on = Entity::section(Part::AboutMe, "navn");
    write(&mut here, &on, "text", "Kim").unwrap();
    write(&mut there, &on, "text", "K").unwrap();
    here.learn(&there.set);
    assert_eq!(here.set.texts(&on, "text").0.len(), 2);
    let text = here.set.texts(&on, "text").shown().to_owned();
    assert_eq!(write(&mut here, &on, "text", &text), Ok(1));
    assert_eq!(here.set.texts(&on, "text").0.len(), 1);
}

#[test]
fn two_who_write_the_same_agree() {
    let (mut here, mut there) = (device(), Device::new(2));
    let on = Entity::section(Part::AboutMe, "navn");
    write(&mut here, &on, "text", "Kim").unwrap();
    write(&mut there, &on, "text", "Kim").unwrap();
    here.learn(&there.set);
    assert_eq!(here.set.texts(&on, "text").others(), []);
    assert_eq!(write(&mut here, &on, "text", "Kim"), Ok(0));
}

#[test]
fn entries_move_one_place() {
    use Direction::{Down, Up};
    for (moves, expected) in [
        (vec![(0, Up)], "abcd"),
        (vec![(3, Down)], "abcd"),
        (vec![(1, Up)], "bacd"),
        (vec![(3, Up)], "abdc"),
        (vec![(0, Down)], "bacd"),
        (vec![(2, Down)], "abdc"),
        (vec![(0, Down), (1, Down), (2, Down)], "bcda"),
        (vec![(3, Up), (2, Up), (1, Up)], "dabc"),
        (vec![(1, Up), (1, Up), (1, Up)], "bacd"),
    ] {
        let mut device = device();
        for text in ["a", "b", "c", "d"] {
            add(&mut device, LIST, text);
        }
        for (place, direction) in &moves {
            let before = shown(&device, LIST);
            let on = device.set.list_entries(LIST.0, LIST.1)[*place].on.clone();
            let records = device.editor.move_entry(&device.set, LIST.0, LIST.1, &on, *direction).unwrap();
            let at_the_end = matches!((place, direction), (0, Up) | (3, Down));
            assert_eq!(records.len(), usize::from(!at_the_end), "one operation for one place");
            device.apply(&records);
            assert_eq!(shown(&device, LIST) == before, at_the_end);
        }
        assert_eq!(shown(&device, LIST).concat(), expected, "{moves:?}");
    }
}

#[test]
fn a_thousand_moves_between_two_neighbours_keep_their_keys_short() {
    let mut device = device();
    for text in ["a", "b", "c"] {
        add(&mut device, LIST, text);
    }
    for turn in 0..1_000 {
        let on = device.set.list_entries(LIST.0, LIST.1)[1 + turn % 2].on.clone();
        let direction = if turn % 2 == 0 { Direction::Down } else { Direction::Up };
        let before = shown(&device, LIST);
        let records = device.editor.move_entry(&device.set, LIST.0, LIST.1, &on, direction).unwrap();
        device.apply(&records);
        assert_ne!(shown(&device, LIST), before);
    }
    let longest = device.set.list_entries(LIST.0, LIST.1).iter().map(|entry| entry.order.len()).max();
    assert!(longest <= Some(400), "{longest:?}");
}

#[test]
fn equal_keys_and_keys_that_are_none_leave_room_to_move() {
    for keys in [["V", "V", "V"], ["", "", ""], ["~", "~", "æ"], ["000", "000", "001"], ["V", "V0", "V00"]] {
        for direction in [Direction::Up, Direction::Down] {
            let mut device = device();
            for (text, key) in ["a", "b", "c"].iter().zip(keys) {
                let on = add(&mut device, LIST, text);
                write(&mut device, &on, "order", key).unwrap();
            }
            let before = shown(&device, LIST);
            assert_eq!(before.concat(), "abc", "{keys:?}");
            let on = device.set.list_entries(LIST.0, LIST.1)[1].on.clone();
            let records = device.editor.move_entry(&device.set, LIST.0, LIST.1, &on, direction).unwrap();
            device.apply(&records);
            let expected = if direction == Direction::Up { "bac" } else { "acb" };
            assert_eq!(shown(&device, LIST).concat(), expected, "{keys:?}");
            add(&mut device, LIST, "d");
            assert_eq!(shown(&device, LIST).concat(), format!("{expected}d"), "{keys:?}");
        }
    }
}

#[test]
fn what_is_deleted_cannot_be_moved() {
    let mut device = device();
    let on = add(&mut device, LIST, "a");
    let records = device.editor.delete_entry(&device.set, &device.set.see(&on)).unwrap();
    device.apply(&records);
    let moved = device.editor.move_entry(&device.set, LIST.0, LIST.1, &on, Direction::Up);
    assert_eq!(moved, Err(Refused::Gone));
}

#[test]
fn what_is_deleted_can_be_brought_back_also_where_the_words_were_dropped() {
    let (mut here, mut there) = (device(), Device::new(2));
    let on = add(&mut here, LIST, "ord");
    let records = here.editor.delete_entry(&here.set, &here.set.see(&on)).unwrap();
    here.apply(&records);
    there.learn(&here.set);
    there.set.prune(u64::MAX, 0);
    assert_eq!(here.set.list_deleted(LIST.0, LIST.1).len(), 1);
    assert_eq!(there.set.list_deleted(LIST.0, LIST.1).len(), 0);
    let records = here.editor.set_flag(&here.set, &on, "deleted", false).unwrap();
    there.apply(&records);
    assert_eq!(shown(&there, LIST), ["ord"]);
}

#[test]
fn a_word_of_a_newer_build_is_kept_when_a_delete_has_not_seen_it() {
    let (mut here, mut there) = (device(), Device::new(2));
    let on = add(&mut here, LIST, "ord");
    there.learn(&here.set);
    write(&mut there, &on, "note", "nyt").unwrap();
    let records = here.editor.delete_entry(&here.set, &here.set.see(&on)).unwrap();
    here.apply(&records);
    here.learn(&there.set);
    assert_eq!(shown(&here, LIST), ["ord"]);
}

#[test]
fn sections_are_added_renamed_and_hidden() {
    let mut device = device();
    let before = device.set.list_sections(Part::PlanYellow).len();
    let records = device.editor.add_section(&device.set, Part::PlanYellow, "Mit eget").unwrap();
    let on = records[0].op.on.clone();
    device.apply(&records);
    let section = |device: &Device| device.set.list_sections(Part::PlanYellow).pop().unwrap();
    assert_eq!(device.set.list_sections(Part::PlanYellow).len(), before + 1);
    assert_eq!(
        (section(&device).on, section(&device).title.as_str(), section(&device).added),
        (on.clone(), "Mit eget", true)
    );
    add(&mut device, (Part::PlanYellow, on.name()), "noget");
    assert_eq!(section(&device).entries.len(), 1);
    write(&mut device, &on, "title", "Et andet navn").unwrap();
    assert_eq!(section(&device).title, "Et andet navn");

    let known = Entity::section(Part::PlanYellow, "y_trig");
    let find =
        |device: &Device| device.set.list_sections(Part::PlanYellow).into_iter().find(|s| s.on == known).unwrap();
    let (title, hidden) = (find(&device).title, find(&device).hidden);
    assert!(!hidden && !find(&device).added);
    for flag in [true, false] {
        let records = device.editor.set_flag(&device.set, &known, "hidden", flag).unwrap();
        device.apply(&records);
        assert_eq!(find(&device).hidden, flag);
    }
    write(&mut device, &known, "title", "Mine egne ord").unwrap();
    assert_eq!(find(&device).title, "Mine egne ord");
    write(&mut device, &known, "title", "").unwrap();
    assert_eq!(find(&device).title, title, "an empty name is the template's again");
}

#[test]
fn a_section_that_was_taken_back_keeps_what_another_device_did_with_it() {
    for renamed in [true, false] {
        let (mut here, mut there) = (device(), Device::new(2));
        let change = here.editor.begin_change();
        let records = here.editor.add_section(&here.set, Part::PlanRed, "Mit eget").unwrap();
        let on = records[0].op.on.clone();
        here.apply(&records);
        there.learn(&here.set);
        if renamed {
            write(&mut there, &on, "title", "Vores").unwrap();
        } else {
            add(&mut there, (Part::PlanRed, on.name()), "skrevet imens");
        }
        let records = here.editor.undo(&here.set, change).unwrap();
        here.apply(&records);
        assert!(here.set.list_sections(Part::PlanRed).iter().all(|section| section.on != on));
        here.learn(&there.set);
        assert!(here.set.list_sections(Part::PlanRed).iter().any(|section| section.on == on));
    }
}

#[test]
fn a_newer_build_makes_everything_read_only() {
    let mut device = device();
    let on = add(&mut device, LIST, "a");
    add(&mut device, LIST, "b");
    let change = device.editor.change();
    let newer = Op {
        version: 2,
        id: OpId { replica: ReplicaId(9), seq: 1 },
        at: Stamp { millis: 1, count: 0 },
        by: "young".to_owned(),
        on: Entity::section(Part::AboutMe, "navn"),
        field: "text".to_owned(),
        parents: vec![],
        change: 1,
        value: Some(Value::Text("fra en nyere app".to_owned())),
    };
    device.apply(&[Record::new(newer)]);
    assert!(device.set.is_read_only());
    let before = bytes(&device.set);
    let (set, editor) = (&device.set, &mut device.editor);
    let refused = Some(Refused::WrittenByNewerApp);
    for (command, result) in [
        ("set_text", editor.set_text(set, &set.see(&on), "text", "x").err()),
        ("set_flag", editor.set_flag(set, &on, "hidden", true).err()),
        ("add_entry", editor.add_entry(set, LIST.0, LIST.1, "x", None).err()),
        ("move_entry", editor.move_entry(set, LIST.0, LIST.1, &on, Direction::Down).err()),
        ("delete_entry", editor.delete_entry(set, &set.see(&on)).err()),
        ("erase", editor.erase(set, &set.see(&on)).err()),
        ("add_section", editor.add_section(set, Part::PlanRed, "x").err()),
        ("undo", editor.undo(set, change).err()),
    ] {
        assert_eq!(result, refused, "{command}");
    }
    assert_eq!(bytes(&device.set), before);
    assert_eq!(shown(&device, LIST), ["a", "b"], "and everything is shown");
}

#[test]
fn an_erasure_of_a_field_with_a_thousand_operations_can_be_stored() {
    let mut device = device();
    let on = add(&mut device, LIST, "");
    for step in 0..1_100 {
        write(&mut device, &on, "text", &format!("hemmelighed {step}")).unwrap();
    }
    let records = device.editor.erase(&device.set, &device.set.see(&on)).unwrap();
    for record in &records {
        assert!(record.raw().len() <= MAX_OP_BYTES);
        assert_eq!(Record::parse(record.raw()).as_ref(), Ok(record));
    }
    device.apply(&records);
    assert!(device.set.iter().all(|record| !record.raw().contains("hemmelighed")));
    assert_eq!(device.editor.erase(&device.set, &device.set.see(&on)), Ok(vec![]), "there is nothing left to erase");
}

#[test]
fn a_choice_between_hundreds_of_versions_can_be_stored() {
    let mut device = device();
    let on = Entity::section(Part::AboutMe, "navn");
    for replica in 0..450 {
        let mut other = Device::new(u64::MAX - replica);
        write(&mut other, &on, "text", &format!("nr. {replica}")).unwrap();
        device.learn(&other.set);
    }
    let text = long("\u{1}", MAX_TEXT);
    for left in [251, 52, 1] {
        let records = device.editor.set_text(&device.set, &device.set.see(&on), "text", &text).unwrap();
        assert_eq!(Record::parse(records[0].raw()).as_ref(), Ok(&records[0]));
        device.apply(&records);
        assert_eq!(device.set.texts(&on, "text").0.len(), left);
        assert_eq!(device.set.texts(&on, "text").shown(), text);
    }
}

#[test]
fn an_erasure_takes_every_word_of_a_meeting() {
    let mut device = device();
    let on = template::first_meeting();
    for field in template::MEETING_FIELDS {
        write(&mut device, &on, field, "hemmelighed").unwrap();
    }
    let records = device.editor.erase(&device.set, &device.set.see(&on)).unwrap();
    device.apply(&records);
    assert!(device.set.iter().all(|record| !record.raw().contains("hemmelighed")));
}

#[test]
fn what_a_stretch_of_typing_took_away_is_in_the_history() {
    let mut device = device();
    let on = Entity::section(Part::AboutMe, "navn");
    for text in ["K", "Ki", "Kim", ""] {
        write(&mut device, &on, "text", text).unwrap();
    }
    let history: Vec<String> = device.set.history(&on, "text").into_iter().map(|version| version.text).collect();
    assert_eq!(history, ["Kim"]);
}

#[test]
fn a_clock_that_goes_backwards_still_writes_later() {
    let mut device = device();
    let on = Entity::section(Part::AboutMe, "navn");
    let mut stamps = Vec::new();
    for now in [NOW, NOW - 1, 0, NOW + 5, NOW + 5] {
        device.editor.set_time(now);
        let records =
            device.editor.set_text(&device.set, &device.set.see(&on), "text", &format!("ord{}", stamps.len())).unwrap();
        device.apply(&records);
        stamps.push((records[0].op.at.millis - NOW, records[0].op.at.count));
    }
    assert_eq!(stamps, [(0, 0), (0, 1), (0, 2), (5, 0), (5, 1)]);
    let full = Stamp { millis: 7, count: u32::MAX };
    assert_eq!(full.next(7), Stamp { millis: 8, count: 0 });
    let end = Stamp { millis: u64::MAX, count: u32::MAX };
    assert_eq!(end.next(NOW), end);
}
