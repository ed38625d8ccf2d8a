//! What adults have said to a point goes with the point.

use crate::history::Device;
use plan::{Entity, Record, Refused};

const POINT: &str = "meeting/entry/00c0ffee00c0ffee-21";

/// When the contact said it.
const NOW: u64 = 1_795_305_600_000;

fn device() -> Device {
    let mut device = Device::new(1);
    device.editor.set_time(NOW);
    device
}

fn write(device: &mut Device, on: &Entity, field: &str, text: &str) -> Result<(), Refused> {
    let records = device.editor.set_text(&device.set, &device.set.see(on), field, text)?;
    device.apply(&records);
    Ok(())
}

/// What a contact has said to it.
fn answer() -> [Record; 3] {
    let raws = [
        include_str!("../fixtures/adults/answer-from.json"),
        include_str!("../fixtures/adults/answer-said.json"),
        include_str!("../fixtures/adults/answer-reason.json"),
    ];
    raws.map(|raw| Record::parse(raw).unwrap())
}

#[test]
fn an_erasure_takes_what_adults_have_said_too() {
    let mut device = device();
    let on: Entity = POINT.parse().unwrap();
    write(&mut device, &on, "text", "hemmelighed").unwrap();
    device.apply(&answer());
    let to_another: Entity = "meeting/entry/00c0ffee00c0ffee-2".parse().unwrap();
    assert_eq!((device.set.list_answers(&on).len(), device.set.list_answers(&to_another).len()), (1, 0));
    let records = device.editor.erase(&device.set, &device.set.see(&to_another)).unwrap();
    device.apply(&records);
    assert_eq!(device.set.list_answers(&on).len(), 1, "what is said to another stays");

    let records = device.editor.erase(&device.set, &device.set.see(&on)).unwrap();
    device.apply(&records);
    assert_eq!(device.set.list_answers(&on), []);
    for word in ["hemmelighed", "later", "Vi spørger din mor", "Sara Holm"] {
        assert!(device.set.iter().all(|record| !record.raw().contains(word)), "{word} is still here");
    }
    assert_eq!(device.editor.erase(&device.set, &device.set.see(&on)), Ok(vec![]), "there is nothing left to erase");
}

#[test]
fn what_is_said_late_to_what_was_erased_goes_too_and_what_was_deleted_long_ago_takes_its_answers() {
    let on: Entity = POINT.parse().unwrap();
    let answer = answer();
    let has_words = |device: &Device| device.set.iter().any(|record| record.raw().contains("Vi spørger din mor"));
    for erased in [true, false] {
        let mut device = device();
        write(&mut device, &on, "text", "hemmelighed").unwrap();
        let seen = device.set.see(&on);
        let gone = match erased {
            true => device.editor.erase(&device.set, &seen),
            false => device.editor.delete_entry(&device.set, &seen),
        };
        device.apply(&gone.unwrap());
        device.apply(&answer);
        let late = device.editor.erase_late_words(&device.set, &answer[0].op.on).unwrap();
        assert_eq!(late.is_empty(), !erased);
        device.apply(&late);
        assert_eq!(has_words(&device), !erased, "what was only deleted can be brought back, with what was said to it");
        let latest = device.set.latest().millis;
        assert_eq!(device.set.prune(latest + 10, 1_000), []);
        device.set.prune(latest + 2_000, 1_000);
        assert!(!has_words(&device), "the point is gone, and what was said to it is not");
    }
}

/// The phone that has the answer is not the one that erases, and the one that erases has never had it.
#[test]
fn what_was_said_to_a_point_goes_when_its_erasure_arrives() {
    let on: Entity = POINT.parse().unwrap();
    let (mut here, mut there) = (device(), Device::new(2));
    write(&mut here, &on, "text", "hemmelighed").unwrap();
    let written: Vec<Record> = here.set.iter().cloned().collect();
    there.apply(&written);
    here.apply(&answer());
    let gone = there.editor.erase(&there.set, &there.set.see(&on)).unwrap();
    here.apply(&gone);
    let late = here.editor.erase_late_words(&here.set, &on).unwrap();
    here.apply(&late);
    assert!(here.set.iter().all(|record| !record.raw().contains("Vi spørger din mor")));
}
