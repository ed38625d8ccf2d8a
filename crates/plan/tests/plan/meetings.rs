//! Meetings: several, each by itself, and what is agreed at them.

use crate::history::Device;
use plan::meeting::Form;
use plan::{Entity, Level, Part, Refused, template};

fn add(device: &mut Device, list: &str, text: &str) -> Entity {
    let (on, records) = device.editor.add_entry(&device.set, Part::Meeting, list, text, None).unwrap();
    device.apply(&records);
    on
}

fn words(device: &Device, list: &str) -> Vec<String> {
    let entries = device.set.list_entries(Part::Meeting, list);
    entries.iter().map(|entry| entry.texts.shown().to_owned()).collect()
}

fn set(device: &mut Device, on: &Entity, field: &str, text: &str) {
    let records = device.editor.set_text(&device.set, &device.set.see(on), field, text).unwrap();
    device.apply(&records);
}

#[test]
fn each_meeting_has_an_agenda_of_its_own() {
    let mut device = Device::new(1);
    let (quick, records) = device.editor.add_meeting(&device.set, Form::Quick).unwrap();
    device.apply(&records);
    let of_quick = template::list_of(quick.name(), template::AGENDA);
    add(&mut device, template::AGENDA, "Skole");
    for point in 1..=5 {
        add(&mut device, &of_quick, &format!("Punkt {point}"));
    }
    let full = device.editor.add_entry(&device.set, Part::Meeting, &of_quick, "Et til", None);
    assert_eq!(full.map(drop), Err(Refused::AgendaFull), "five points each, and no more");
    assert_eq!((words(&device, template::AGENDA), words(&device, &of_quick).len()), (vec!["Skole".to_owned()], 5));
    // What was written before there was more than one is the first one's.
    assert_eq!(words(&device, "m1.m_dagsorden"), ["Skole"]);

    let meetings = device.set.list_meetings();
    let told: Vec<_> = meetings.iter().map(|meeting| (meeting.on.clone(), meeting.form)).collect();
    assert_eq!(told, [(template::first_meeting(), Form::Network), (quick.clone(), Form::Quick)]);
    let sections = device.set.list_sections_of_meeting(&template::DANISH, quick.name());
    let agenda = sections.iter().find(|section| section.on.name() == template::AGENDA).unwrap();
    assert_eq!(agenda.entries.len(), 5);
}

#[test]
fn a_meeting_that_was_deleted_takes_its_words_along_and_comes_back_with_them() {
    let mut device = Device::new(1);
    assert_eq!(device.editor.delete_meeting(&device.set, &template::first_meeting()), Err(Refused::Gone));
    let (adult, records) = device.editor.add_meeting(&device.set, Form::Adult).unwrap();
    device.apply(&records);
    set(&mut device, &adult, "date", "2026-12-04");
    let list = template::list_of(adult.name(), template::AGENDA);
    add(&mut device, &list, "hemmelighed");
    let change = device.editor.begin_change();
    let records = device.editor.delete_meeting(&device.set, &adult).unwrap();
    device.apply(&records);
    assert_eq!((device.set.list_meetings().len(), words(&device, &list).len()), (1, 0));
    assert!(!device.set.is_there(&adult));

    let records = device.editor.undo(&device.set, change).unwrap();
    device.apply(&records);
    assert_eq!((device.set.list_meetings().len(), words(&device, &list)), (2, vec!["hemmelighed".to_owned()]));
    assert_eq!(device.set.list_meetings()[1].date, "2026-12-04");

    let records = device.editor.delete_meeting(&device.set, &adult).unwrap();
    device.apply(&records);
    let latest = device.set.latest().millis;
    device.set.prune(latest + 2_000, 1_000);
    for word in ["hemmelighed", "2026-12-04"] {
        assert!(device.set.iter().all(|record| !record.raw().contains(word)), "{word} is still here");
    }
}

#[test]
fn an_agreement_says_who_does_it_and_by_when_and_whether_it_came_to_something() {
    let mut device = Device::new(1);
    let on = add(&mut device, template::AGREEMENTS, "Jeg ringer til mor");
    let agreed = |device: &Device| device.set.list_agreements(&template::first_meeting()).remove(0);
    assert_eq!((agreed(&device).who.as_str(), agreed(&device).outcome), ("", None));
    for (field, text) in [("who", "Mig"), ("due", "2026-12-04"), ("outcome", "no")] {
        set(&mut device, &on, field, text);
    }
    let agreement = agreed(&device);
    assert_eq!(
        (agreement.what.as_str(), agreement.who.as_str(), agreement.due.as_str()),
        ("Jeg ringer til mor", "Mig", "2026-12-04")
    );
    assert_eq!((agreement.outcome, agreement.by.from.as_str()), (Some(Level::No), ""));
    let change = device.editor.begin_change();
    set(&mut device, &on, "outcome", "yes");
    let records = device.editor.undo(&device.set, change).unwrap();
    device.apply(&records);
    assert_eq!(agreed(&device).outcome, Some(Level::No));
}
