//! What the screen relies on: choosing between versions, undoing, and a disk that is there late.

use crate::tab::{NOW, Tab};
use plan::{OpSet, Part, Record};
use session::{Event, Loaded, Saving, StoreError};

/// A choice is made with what was shown when the field was last left, while somebody may be in it still.
#[test]
fn a_choice_leaves_nothing_beside_it_that_was_typed_here_since() {
    let (mut here, mut there) = (Tab::new(1), Tab::new(2));
    let on = here.write(Part::PlanGreen, "Ring");
    for told in std::mem::take(&mut here.told) {
        there.handle(Event::Heard(told));
    }
    let shown = here.machine.set().see(&on);
    there.type_over(&on, "Ring ikke");
    there.flush(&on);
    here.type_over(&on, "Ring til mor");
    here.flush(&on);
    here.machine.set_text(NOW, &shown, "text", "Ring til far").unwrap();
    here.run_until_idle();
    assert_eq!(here.texts(&on), ["Ring til far"]);
    for told in std::mem::take(&mut there.told) {
        here.handle(Event::Heard(told));
    }
    assert_eq!(here.texts(&on).len(), 2, "what was not shown stays");
}

#[test]
fn what_is_typed_after_a_command_is_undone_without_it() {
    let mut tab = Tab::new(1);
    let on = tab.write(Part::PlanGreen, "Ring");
    tab.type_over(&on, "Ring til");
    tab.flush(&on);
    // The field keeps the focus: on a phone a pressed button does not always take it.
    tab.machine.set_flag(NOW, &on, "hidden", true).unwrap();
    tab.type_over(&on, "Ring til mor");
    tab.flush(&on);
    tab.machine.undo(NOW).unwrap();
    assert_eq!(tab.texts(&on), ["Ring til"]);
    assert!(tab.machine.set().flag(&on, "hidden"));
}

#[test]
fn what_is_heard_before_the_disk_is_there_is_written_when_it_is() {
    let mut other = Tab::new(1);
    other.write(Part::PlanGreen, "Ring");
    let mut tab = Tab::new(2);
    tab.disk = Err(StoreError::Blocked);
    for told in std::mem::take(&mut other.told) {
        tab.handle(Event::Heard(told));
    }
    assert_eq!(tab.machine.saving(), Saving::Failed(StoreError::Blocked));
    tab.disk = Ok(());
    tab.handle(Event::Loaded(Loaded::default()));
    assert_eq!(tab.machine.saving(), Saving::Saved);
    let mut stored = OpSet::new();
    for (_, raw) in tab.stored.iter().flat_map(|batch| &batch.ops) {
        stored.insert(Record::parse(raw).unwrap());
    }
    assert_eq!(stored.canonical(), tab.machine.set().canonical());
}

/// Words that were refused stand in the field, and hide what came from another phone. An undo elsewhere on the page may go on
/// top of that; what is typed then may not.
#[test]
fn what_a_field_hides_is_not_replaced_by_way_of_an_undo() {
    let (mut here, mut there) = (Tab::new(1), Tab::new(2));
    let on = here.write(Part::PlanGreen, "Ring");
    for told in std::mem::take(&mut here.told) {
        there.handle(Event::Heard(told));
    }
    here.machine.begin_change();
    here.type_over(&on, "Ring til mor");
    here.flush(&on);
    here.type_over(&on, &"å".repeat(4_001));
    assert!(here.machine.flush(NOW, &on, "text").is_err());
    there.type_over(&on, "Ring ikke");
    there.flush(&on);
    for told in std::mem::take(&mut there.told) {
        here.handle(Event::Heard(told));
    }
    here.machine.undo(NOW).unwrap();
    here.run_until_idle();
    assert!(here.texts(&on).contains(&"Ring ikke".to_owned()) || here.texts(&on).contains(&"Ring".to_owned()));
    let hidden = here.texts(&on);
    here.machine.finish(NOW, &on, "text", "Ring til far").unwrap();
    here.run_until_idle();
    let texts = here.texts(&on);
    assert!(texts.contains(&"Ring til far".to_owned()));
    assert!(hidden.iter().all(|text| texts.contains(text)), "{hidden:?} were hidden, and only {texts:?} are there");
}
