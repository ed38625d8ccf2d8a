//! Undo where words are gone: it brings nothing back, and takes nothing of others along.

use crate::history::Device;
use crate::undo::{add, navn, run, shown, undo, write};

#[test]
fn undo_does_not_bring_erased_words_back() {
    let mut device = Device::new(1);
    let (on, added) = add(&mut device, "hemmelighed");
    let edited = write(&mut device, &on, "hemmelighed igen");
    device.editor.begin_change();
    let written = device.editor.erase(&device.set, &device.set.see(&on));
    let erased = run(&mut device, written);
    for change in [erased, edited, added, erased] {
        undo(&mut device, change);
        assert_eq!(shown(&device), [""; 0]);
        assert!(device.set.iter().all(|record| !record.raw().contains("hemmelighed")));
    }
}

#[test]
fn undo_of_what_is_gone_already_writes_nothing() {
    let (mut here, mut there) = (Device::new(1), Device::new(2));
    let (on, added) = add(&mut here, "a");
    there.learn(&here.set);
    here.editor.begin_change();
    let written = here.editor.delete_entry(&here.set, &here.set.see(&on));
    run(&mut here, written);
    assert_eq!(here.editor.undo(&here.set, added), Ok(vec![]));
    here.editor.begin_change();
    let written = here.editor.erase(&here.set, &here.set.see(&on));
    let erased = run(&mut here, written);
    write(&mut there, &on, "rettet imens");
    here.learn(&there.set);
    assert_eq!(here.editor.undo(&here.set, erased), Ok(vec![]));
    assert_eq!(shown(&here), ["rettet imens"]);
}

#[test]
fn undo_of_writing_after_an_erasure_leaves_the_field_empty() {
    let mut device = Device::new(1);
    write(&mut device, &navn(), "hemmelighed");
    device.editor.begin_change();
    let written = device.editor.erase(&device.set, &device.set.see(&navn()));
    run(&mut device, written);
    let change = write(&mut device, &navn(), "nyt");
    undo(&mut device, change);
    assert_eq!(device.set.texts(&navn(), "text").shown(), "");
}
