//! The remote half comes later than the rest: until then nothing leaves, and nothing that was heard of sharing is lost.

use crate::asleep::sends_red;
use crate::tab::{NOW, Tab, disk, is_standing};
use plan::{Part, ReplicaId};
use session::{Effect, Event, Machine};

const R: Part = Part::PlanRed;

/// A tab that has read the disk of this one, without its remote half.
fn opened_beside(first: &Tab) -> Machine {
    let mut machine = crate::tab::reading(2);
    machine.handle(NOW, Event::Loaded(disk(&[first])));
    machine.handle(NOW, Event::Listened);
    machine
}

fn sends(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Send { .. }))
}

#[test]
fn nothing_leaves_before_the_remote_half_is_here_and_everything_that_may_does_then() {
    let mut first = Tab::sharing(1, &[("sara", &[R])]);
    first.write(R, "For Sara");
    let mut late = opened_beside(&first);
    for tick in 0..10 {
        late.handle(NOW + tick * 5_000, Event::Tick);
        late.handle(NOW + tick * 5_000, Event::Returned);
    }
    assert!(!sends(&late.take_effects()), "something was sent without what sends");
    assert!(!late.is_attached() && !late.sharing().connected);

    let mut late = opened_beside(&first);
    late.take_effects();
    late.attach(NOW, session::remote());
    assert!(sends_red(&late.take_effects()), "what may leave does not");
    assert!(late.is_attached() && late.sharing().connected);
    // Once is enough.
    late.attach(NOW, session::remote());
    assert!(!sends(&late.take_effects()));
}

#[test]
fn a_no_that_is_heard_before_is_on_the_disk_at_once_and_holds_afterwards() {
    let mut first = Tab::sharing(1, &[("sara", &[R])]);
    first.write(R, "For Sara");
    let mut late = opened_beside(&first);
    late.take_effects();
    first.told.clear();
    first.say_no("sara");
    for told in first.told.clone() {
        late.handle(NOW, Event::Heard(told));
    }
    let effects = late.take_effects();
    let is_no = |effect: &Effect| match effect {
        Effect::Store(batch) => batch.meta.iter().any(|(name, text)| name == "no/sara" && text.is_some()),
        _ => false,
    };
    assert!(effects.iter().any(is_no), "both tabs may be gone in a moment, and the no with them");
    late.attach(NOW, session::remote());
    assert!(!sends_red(&late.take_effects()), "red leaves after the no");
    let consent = late.sharing().consents.iter().find(|known| known.id == "sara").unwrap();
    assert!(consent.withdrawn_at.is_some());
}

/// The greeting of another tab is answered when there is something to answer with: what was heard, and is on no disk yet.
#[test]
fn a_greeting_is_answered_when_the_remote_half_has_come() {
    let mut first = Tab::sharing(1, &[("sara", &[R])]);
    let mut late = opened_beside(&first);
    first.told.clear();
    first.say_no("sara");
    for told in first.told.clone() {
        late.handle(NOW, Event::Heard(told));
    }
    late.handle(NOW, Event::Heard(vec!["hello".to_owned()]));
    late.take_effects();
    late.attach(NOW, session::remote());
    let mut third = Tab::sharing(3, &[("sara", &[R])]);
    assert!(is_standing(&third, "sara"));
    for effect in late.take_effects() {
        if let Effect::Broadcast(texts) = effect {
            third.handle(Event::Heard(texts));
        }
    }
    assert!(!is_standing(&third, "sara"), "the third tab has not heard of the no");
}

/// What another tab writes, and what lies on the disk, waits until it can be read, and is all there then.
#[test]
fn what_cannot_be_read_yet_waits_in_its_order() {
    let mut first = Tab::sharing(1, &[]);
    first.write(R, "Koldt vand");
    let mut late = Machine::new(ReplicaId(2));
    late.handle(NOW, Event::Loaded(disk(&[&first])));
    first.told.clear();
    first.write(R, "Varmt vand");
    for told in first.told.clone() {
        late.handle(NOW, Event::Heard(told));
    }
    late.handle(NOW, Event::Tick);
    assert_eq!(late.set().iter().count(), 0);
    assert!(late.trouble().is_none(), "what waits is not lost");
    late.bring_reader(NOW, session::reader());
    assert_eq!(late.set().canonical(), first.machine.set().canonical());
    assert!(late.is_welcomed());
}
