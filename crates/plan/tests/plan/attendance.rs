//! Who came to a meeting, and what is brought to it.

use crate::history::Device;
use plan::author::{BROUGHT, CAME};
use plan::minutes::Private;
use plan::{Entity, Part, template};

fn add(device: &mut Device, part: Part, list: &str, text: &str, kind: Option<&str>) -> Entity {
    let (on, records) = device.editor.add_entry(&device.set, part, list, text, kind).unwrap();
    device.apply(&records);
    on
}

fn set(device: &mut Device, on: &Entity, field: &str, text: &str) {
    let records = device.editor.set_text(&device.set, &device.set.see(on), field, text).unwrap();
    device.apply(&records);
}

fn tick(device: &mut Device, on: &Entity, field: &str, name: &str) {
    let ticked = device.set.names(on, field).toggled(name);
    set(device, on, field, &ticked);
}

/// On paper stand those who came, and whoever is asked without a name.
#[test]
fn the_minutes_say_who_came_and_who_was_asked() {
    let mut device = Device::new(1);
    let meeting = template::first_meeting();
    add(&mut device, Part::Meeting, template::PEOPLE, "", Some("peer"));
    let minutes = device.set.minutes(&meeting, Private::LeftOut);
    let people: Vec<_> = minutes.people.iter().map(|it| (it.name.as_str(), it.kind.as_str())).collect();
    assert_eq!((people, minutes.came), (vec![("", "peer")], vec![]));
    tick(&mut device, &meeting, CAME, "home");
    assert_eq!(device.set.minutes(&meeting, Private::LeftOut).came, ["home"]);
}

#[test]
fn what_two_phones_tick_at_once_is_ticked() {
    let (mut one, mut other) = (Device::new(1), Device::new(2));
    let meeting = template::first_meeting();
    tick(&mut one, &meeting, CAME, "home");
    tick(&mut other, &meeting, CAME, "bua");
    let records: Vec<_> = other.set.iter().cloned().collect();
    one.apply(&records);
    assert_eq!(one.set.attendance(&meeting).kinds(), ["home", "bua"]);
    // The next tick is one version again.
    tick(&mut one, &meeting, CAME, "bua");
    assert_eq!((one.set.attendance(&meeting).kinds(), one.set.texts(&meeting, CAME).0.len()), (vec!["home"], 1));
    let change = one.editor.begin_change();
    tick(&mut one, &meeting, CAME, "home");
    let records = one.editor.undo(&one.set, change).unwrap();
    one.apply(&records);
    assert_eq!(one.set.attendance(&meeting).kinds(), ["home"]);
}

#[test]
fn a_statement_is_brought_to_one_meeting_and_not_to_another_and_never_from_where_it_is_hidden() {
    let mut device = Device::new(1);
    let statement = add(&mut device, Part::AboutMe, template::STATEMENTS, "Jeg er god til heste", None);
    tick(&mut device, &statement, BROUGHT, "m1");
    let brought = |device: &Device, meeting: &Entity| device.set.list_brought(meeting).len();
    let (quick, records) = device.editor.add_meeting(&device.set, plan::meeting::Form::Quick).unwrap();
    device.apply(&records);
    assert_eq!((brought(&device, &template::first_meeting()), brought(&device, &quick)), (1, 0));
    let on = device.set.list_statements()[0].on.clone();
    tick(&mut device, &on, BROUGHT, quick.name());
    assert_eq!((brought(&device, &template::first_meeting()), brought(&device, &quick)), (1, 1));
    tick(&mut device, &on, BROUGHT, "m1");
    assert_eq!(brought(&device, &template::first_meeting()), 0);
    let section = Entity::section(Part::AboutMe, template::STATEMENTS);
    let records = device.editor.set_flag(&device.set, &section, "hidden", true).unwrap();
    device.apply(&records);
    assert_eq!(brought(&device, &quick), 0);
}
