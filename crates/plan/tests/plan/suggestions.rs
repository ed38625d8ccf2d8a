//! What adults suggest beside an entry, and what the young person does with it.

use crate::history::{Device, NOW};
use plan::edit::Change;
use plan::limits::MAX_TEXT;
use plan::op::{Op, VERSION};
use plan::{Entity, OpId, Part, Record, Refused, ReplicaId, Stamp, Suggestion, Value, template};

const LIST: (Part, &str) = (Part::PlanRed, "r_nu");
const STAFF: &str = "sara";

fn device() -> Device {
    let mut device = Device::new(1);
    device.editor.set_time(NOW);
    device
}

fn add(device: &mut Device, (part, list): (Part, &str), text: &str) -> Entity {
    let (on, records) = device.editor.add_entry(&device.set, part, list, text, None).unwrap();
    device.apply(&records);
    on
}

fn entries(device: &Device, (part, list): (Part, &str)) -> Vec<String> {
    device.set.list_entries(part, list).iter().map(|entry| entry.texts.shown().to_owned()).collect()
}

/// A contact suggests this, as the server mints it.
fn suggest(device: &mut Device, slot: u64, to: &Entity, text: &str) -> Entity {
    let on = Entity::of_staff("suggestion", to, Some(&format!("{slot:016x}")), STAFF).unwrap();
    let op = |seq: u64, by: &str, field: &str, text: &str| {
        Record::new(Op {
            version: VERSION,
            id: OpId { replica: ReplicaId(1_000 + slot), seq },
            at: Stamp { millis: NOW + slot, count: 0 },
            by: by.to_owned(),
            on: on.clone(),
            field: field.to_owned(),
            parents: Vec::new(),
            change: 1,
            value: Some(Value::Text(text.to_owned())),
        })
    };
    device.apply(&[op(1, "staff:sara", "text", text), op(2, "server", "from", "Sara Holm, Bostedet Lindely")]);
    on
}

fn take(device: &mut Device, on: &Entity, text: &str) -> Result<Change, Refused> {
    let change = device.editor.begin_change();
    let records = device.editor.take_suggestion(&device.set, on, text)?;
    device.apply(&records);
    Ok(change)
}

fn undo(device: &mut Device, change: Change) -> Change {
    let records = device.editor.undo(&device.set, change).unwrap();
    device.apply(&records);
    device.editor.change()
}

fn told(device: &Device, entry: &Entity) -> Vec<(String, Option<bool>, String)> {
    let all = device.set.list_suggestions(entry).into_iter();
    all.map(|Suggestion { text, taken, by, .. }| (text, taken, by.from)).collect()
}

#[test]
fn what_is_taken_stands_after_its_entry_and_is_taken_back_in_one() {
    let mut device = device();
    let first = add(&mut device, LIST, "Gå ud");
    add(&mut device, LIST, "Ring til mor");
    let later = suggest(&mut device, 2, &first, "Tag en jakke på");
    let on = suggest(&mut device, 1, &first, "Gå en tur om søen");
    let from = || "Sara Holm, Bostedet Lindely".to_owned();
    assert_eq!(
        told(&device, &first),
        [("Gå en tur om søen".into(), None, from()), ("Tag en jakke på".into(), None, from())],
        "the earliest first, and with who"
    );
    assert_eq!(entries(&device, LIST), ["Gå ud", "Ring til mor"], "nothing of it is in the plan");

    let mut change = take(&mut device, &on, "Gå en tur, to gange").unwrap();
    for _ in 0..2 {
        assert_eq!(entries(&device, LIST), ["Gå ud", "Gå en tur, to gange", "Ring til mor"]);
        assert_eq!(told(&device, &first)[0].1, Some(true));
        change = undo(&mut device, change);
        assert_eq!(entries(&device, LIST), ["Gå ud", "Ring til mor"]);
        assert_eq!(told(&device, &first)[0].1, None);
        change = undo(&mut device, change);
    }
    // It is the young person's now: by them, and the same when the contact's is gone.
    let own = device.set.list_entries(LIST.0, LIST.1).remove(1).on;
    assert!(device.set.list_on(&own, "text").all(|record| record.op.by == "young"));
    assert_eq!(take(&mut device, &on, "Igen"), Err(Refused::Gone), "nothing is taken twice");
    assert_eq!(device.set.list_open_offers(STAFF), [later]);
    assert!(device.set.list_open_offers("jonas").is_empty());
}

#[test]
fn a_no_changes_nothing_and_can_be_taken_back() {
    let mut device = device();
    let entry = add(&mut device, LIST, "Gå ud");
    let on = suggest(&mut device, 1, &entry, "Tag en jakke på");
    let change = device.editor.begin_change();
    let records = device.editor.decline_suggestion(&device.set, &on).unwrap();
    device.apply(&records);
    assert_eq!((entries(&device, LIST), told(&device, &entry)[0].1), (vec!["Gå ud".to_owned()], Some(false)));
    assert!(device.set.list_open_offers(STAFF).is_empty());
    assert_eq!(take(&mut device, &on, "Tag en jakke på"), Err(Refused::Gone));
    undo(&mut device, change);
    assert_eq!(device.set.list_open_offers(STAFF), std::slice::from_ref(&on));
    take(&mut device, &on, "Tag en jakke på").unwrap();
    assert_eq!(entries(&device, LIST).len(), 2);
}

#[test]
fn what_cannot_be_taken_is_refused_and_nothing_is_lost() {
    let agenda = (Part::Meeting, template::AGENDA);
    let mut device = device();
    let point = add(&mut device, agenda, "Skole");
    let on = suggest(&mut device, 1, &point, "Lommepenge");
    let others: Vec<Entity> = (0..4).map(|at| add(&mut device, agenda, &format!("Punkt {at}"))).collect();
    assert_eq!(take(&mut device, &on, "Lommepenge"), Err(Refused::AgendaFull));
    assert_eq!(told(&device, &point)[0].1, None);
    let records = device.editor.delete_entry(&device.set, &device.set.see(&others[0])).unwrap();
    device.apply(&records);
    assert_eq!(take(&mut device, &on, &"a".repeat(MAX_TEXT + 1)), Err(Refused::TextTooLong(MAX_TEXT + 1)));
    take(&mut device, &on, " \n").unwrap();
    assert_eq!(
        (entries(&device, agenda).len(), told(&device, &point)[0].1),
        (4, None),
        "without words nothing is taken"
    );
    take(&mut device, &on, "Lommepenge").unwrap();
    assert_eq!(entries(&device, agenda), ["Skole", "Lommepenge", "Punkt 1", "Punkt 2", "Punkt 3"]);
    let no_suggestion = Entity::entry(Part::Meeting, "x_y_z");
    assert_eq!(take(&mut device, &no_suggestion, "Lommepenge"), Err(Refused::Gone));
}

/// Two phones have put different entries in the same place, so that there is no room between them.
#[test]
fn there_is_room_after_an_entry_that_shares_its_place() {
    let (mut here, mut there) = (device(), Device::new(2));
    there.editor.set_time(NOW);
    let own = add(&mut here, LIST, "Gå ud");
    let other = add(&mut there, LIST, "Ring til mor");
    here.learn(&there.set);
    let first = if own < other { own } else { other };
    let on = suggest(&mut here, 1, &first, "Træk vejret");
    let change = take(&mut here, &on, "Træk vejret").unwrap();
    assert_eq!(entries(&here, LIST)[1], "Træk vejret");
    undo(&mut here, change);
    assert_eq!(entries(&here, LIST).len(), 2);
}

#[test]
fn a_person_who_is_suggested_has_a_kind_as_all_have() {
    let people = (Part::Meeting, template::PEOPLE);
    let mut device = device();
    let (mother, records) = device.editor.add_entry(&device.set, people.0, people.1, "Mor", Some("relative")).unwrap();
    device.apply(&records);
    let on = suggest(&mut device, 1, &mother, "Din lærer");
    take(&mut device, &on, "Min lærer").unwrap();
    let kinds: Vec<String> = device.set.list_entries(people.0, people.1).into_iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, ["relative", "other"]);
}

#[test]
fn beside_what_is_gone_there_is_none_and_an_erasure_takes_it_too() {
    let mut device = device();
    let entry = add(&mut device, LIST, "Gå ud");
    let on = suggest(&mut device, 1, &entry, "Tag en jakke på");
    let deleted = device.editor.begin_change();
    let records = device.editor.delete_entry(&device.set, &device.set.see(&entry)).unwrap();
    device.apply(&records);
    assert!(told(&device, &entry).is_empty() && device.set.list_open_offers(STAFF).is_empty());
    assert_eq!(take(&mut device, &on, "Tag en jakke på"), Err(Refused::Gone));
    undo(&mut device, deleted);
    assert_eq!(told(&device, &entry).len(), 1, "with the entry it is back");
    // The young person can take it away by itself, too.
    let removed = device.editor.begin_change();
    let records = device.editor.delete_entry(&device.set, &device.set.see(&on)).unwrap();
    device.apply(&records);
    assert!(told(&device, &entry).is_empty());
    undo(&mut device, removed);
    let records = device.editor.erase(&device.set, &device.set.see(&entry)).unwrap();
    device.apply(&records);
    assert!(device.set.iter().all(|record| !record.raw().contains("jakke") && !record.raw().contains("Sara Holm")));
}
