//! An edit replaces what its writer had seen, and nothing else.

use crate::history::{Device, NOW};
use plan::{Entity, Part, Record, Seen};

const LIST: (Part, &str) = (Part::PlanGreen, "g_tegn");

fn device(replica: u64) -> Device {
    let mut device = Device::new(replica);
    device.editor.set_time(NOW + replica);
    device
}

/// Two devices that both show an entry with these words.
fn two_who_know(words: &str) -> (Device, Device, Entity) {
    let (mut here, mut there) = (device(1), device(2));
    let (on, records) = here.editor.add_entry(&here.set, LIST.0, LIST.1, words, None).unwrap();
    here.apply(&records);
    there.learn(&here.set);
    (here, there, on)
}

fn write(device: &mut Device, seen: &Seen, text: &str) -> Vec<Record> {
    device.editor.begin_change();
    let records = device.editor.set_text(&device.set, seen, "text", text).unwrap();
    device.apply(&records);
    records
}

fn versions(device: &Device, on: &Entity) -> Vec<String> {
    let mut texts: Vec<String> = device.set.texts(on, "text").0.into_iter().map(|version| version.text).collect();
    texts.sort_unstable();
    texts
}

#[test]
fn what_arrives_while_somebody_types_stays_beside_what_they_write() {
    let (mut here, mut there, on) = two_who_know("Ring");
    let mut seen = here.set.see(&on);
    let begun = write(&mut here, &seen, "Ring til m");
    begun.iter().for_each(|record| seen.follow(record));
    let shown = there.set.see(&on);
    write(&mut there, &shown, "Ring ikke");
    here.learn(&there.set);
    // The field hides it, and typing goes on.
    let more = write(&mut here, &seen, "Ring til mor");
    more.iter().for_each(|record| seen.follow(record));
    write(&mut here, &seen, "Ring til mormor");
    assert_eq!(versions(&here, &on), ["Ring ikke", "Ring til mormor"]);
    // Both are shown now, so the next edit has seen both.
    let shown = here.set.see(&on);
    write(&mut here, &shown, "Ring til mor, ikke til far");
    assert_eq!(versions(&here, &on), ["Ring til mor, ikke til far"]);
}

#[test]
fn the_same_words_as_were_seen_write_nothing_over_what_was_not() {
    let (mut here, mut there, on) = two_who_know("Ring");
    let seen = here.set.see(&on);
    let shown = there.set.see(&on);
    write(&mut there, &shown, "Ring ikke");
    here.learn(&there.set);
    assert_eq!(write(&mut here, &seen, "Ring"), []);
    assert_eq!(versions(&here, &on), ["Ring ikke"]);
}

#[test]
fn a_delete_and_an_erasure_keep_what_was_not_seen() {
    for erase in [false, true] {
        let (mut here, mut there, on) = two_who_know("Ring");
        let seen = here.set.see(&on);
        let shown = there.set.see(&on);
        for text in ["Ring ikke", "Ring ikke til ham"] {
            let shown = if text == "Ring ikke" { shown.clone() } else { there.set.see(&on) };
            write(&mut there, &shown, text);
        }
        here.learn(&there.set);
        let editor = &mut here.editor;
        let records = if erase { editor.erase(&here.set, &seen) } else { editor.delete_entry(&here.set, &seen) };
        here.apply(&records.unwrap());
        there.learn(&here.set);
        for device in [&here, &there] {
            assert!(!device.set.is_deleted(&on));
            assert_eq!(versions(device, &on), ["Ring ikke til ham"]);
        }
        let first = here.set.list_on(&on, "text").filter(|record| record.is_erased()).count();
        assert_eq!(first, usize::from(erase), "only the words that were seen are gone");
    }
}

#[test]
fn what_a_journal_has_kept_is_as_good_as_what_was_seen() {
    let (mut here, mut there, on) = two_who_know("Ring");
    let kept = here.set.see(&on).heads("text").to_vec();
    let shown = there.set.see(&on);
    write(&mut there, &shown, "Ring ikke");
    here.learn(&there.set);
    write(&mut here, &Seen::of_field(on.clone(), "text", kept), "Ring til mor");
    assert_eq!(versions(&here, &on), ["Ring ikke", "Ring til mor"]);
    let nothing = Seen::nothing(on.clone());
    write(&mut here, &nothing, "Skriv");
    assert_eq!(versions(&here, &on), ["Ring ikke", "Ring til mor", "Skriv"]);
}

/// A draft is taken up on a device that does not know its entry: the words go on top of what their writer saw all the same.
#[test]
fn an_entry_that_is_not_known_here_goes_on_top_of_what_its_writer_saw() {
    let (mut here, _, on) = two_who_know("Ring");
    let mut third = device(3);
    let heads = here.set.see(&on).heads("text").to_vec();
    let seen = Seen::of_field(on.clone(), "text", heads);
    let records = third.editor.add_entry_as(&third.set, &seen, LIST.0, LIST.1, "Ring til mor", None).unwrap();
    here.apply(&records);
    assert_eq!(versions(&here, &on), ["Ring til mor"]);
}
