//! A yes that is said again for other parts before anybody knows what came of it, in every tab.

use crate::tab::{NOW, Tab, change, coded, disk, is_give, is_settle, named, tell, view};
use plan::Part;
use protocol::{ConsentView, GiveConsentRequest};
use session::{Answer, Event, Failure, Request, StoreError};

const R: Part = Part::PlanRed;
const G: Part = Part::PlanGreen;
const A: Part = Part::AboutMe;

/// A first yes for two parts has come through, and its answer was lost. It is said again for fewer, and the tab is closed.
/// The other tab has heard all of it and asks what became of it.
#[test]
fn fewer_parts_in_a_yes_said_again_hold_in_the_other_tab() {
    let consents: &[(&str, &[Part])] = &[("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    one.say('1', coded("7K2M9-QXRW5", &[R, G]));
    one.answer(is_give, Err(Failure::Offline));
    tell(&mut one, &mut two);
    one.say('2', coded("7K2M9-QXRW5", &[R]));
    tell(&mut one, &mut two);
    drop(one);
    two.write(G, "Kun for mig");
    for _ in 0..8 {
        two.tick();
        if two.sent.iter().any(|(_, r)| is_settle(r)) {
            two.answer(is_settle, Ok(Answer::Consent(view("sara", &[R, G]))));
        }
        if two.has_main() && !two.under_way().contains(G) {
            two.answer_main("g", vec![view("jonas", &[A]), view("sara", &[R, G])]);
        }
    }
    assert!(!two.under_way().contains(G), "the last yes to Sara was for red alone, and green leaves");
}

/// The other way round: it is said again for more, that comes through, and the tab is closed before it hears of it.
#[test]
fn more_parts_in_a_yes_said_again_are_not_taken_back_by_the_other_tab() {
    let consents: &[(&str, &[Part])] = &[("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    one.say('1', coded("7K2M9-QXRW5", &[R]));
    one.answer(is_give, Err(Failure::Offline));
    tell(&mut one, &mut two);
    one.say('2', coded("7K2M9-QXRW5", &[R, G]));
    tell(&mut one, &mut two);
    drop(one);
    for _ in 0..8 {
        two.tick();
        if two.sent.iter().any(|(_, r)| is_settle(r)) {
            two.answer(is_settle, Ok(Answer::Consent(view("sara", &[R, G]))));
        }
    }
    let narrowing =
        two.sent.iter().any(|(_, r)| matches!(r, Request::Give(yes) if yes.replaces.as_deref() == Some("sara")));
    assert!(!narrowing && two.parts_of("sara").contains(G), "the app takes green back, which was wanted last");
}

/// The same over the disk: a tab that wakes reads of the fewer parts and goes on with the more.
#[test]
fn fewer_parts_in_a_yes_said_again_hold_in_a_tab_that_wakes() {
    let consents: &[(&str, &[Part])] = &[("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    one.say('1', coded("7K2M9-QXRW5", &[R, G]));
    one.answer(is_give, Err(Failure::Offline));
    tell(&mut one, &mut two);
    one.say('2', coded("7K2M9-QXRW5", &[R]));
    two.news = Some(disk(&[&one]));
    drop(one);
    two.now += 3_600_000;
    two.handle(Event::Returned);
    two.write(G, "Kun for mig");
    for _ in 0..8 {
        two.tick();
        if two.sent.iter().any(|(_, r)| is_settle(r)) {
            two.answer(is_settle, Ok(Answer::Consent(view("sara", &[R, G]))));
        }
        if two.has_main() && !two.under_way().contains(G) {
            two.answer_main("g", vec![view("jonas", &[A]), view("sara", &[R, G])]);
        }
    }
    assert!(!two.under_way().contains(G), "the last yes to Sara was for red alone, and green leaves");
}

/// The phone is full. One tab has slept while a part was taken back in the other; it wakes, and the young person wants
/// something else in it.
#[test]
fn what_is_said_last_in_a_tab_that_has_slept_holds_in_every_tab() {
    let consents: &[(&str, &[Part])] = &[("jonas", &[R, G, A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.disk = Err(StoreError::Full);
    one.say('1', change("jonas", &[R, A]));
    one.told.clear();
    two.told.clear();
    two.now += 3_600_000;
    two.handle(Event::Returned);
    tell(&mut two, &mut one);
    tell(&mut one, &mut two);
    two.say('2', change("jonas", &[G]));
    tell(&mut two, &mut one);
    assert_eq!(one.parts_of("jonas"), [G].into_iter().collect());
    assert_eq!(two.parts_of("jonas"), [G].into_iter().collect());
}

/// The phone is full. A change has come through in one tab, and another opens on a disk that knows nothing of it.
#[test]
fn a_tab_that_opens_hears_what_has_become_of_a_consent() {
    let consents: &[(&str, &[Part])] = &[("jonas-1", &[R])];
    let mut one = Tab::sharing(1, consents);
    let old = disk(&[&one]);
    one.disk = Err(StoreError::Full);
    one.say('1', change("jonas-1", &[A]));
    one.answer(is_give, Ok(Answer::Consent(view("jonas-2", &[A]))));
    let ended = ConsentView { withdrawn_at: Some(NOW), ..view("jonas-1", &[R]) };
    while one.has_main() {
        one.answer_main("g", vec![ended.clone(), view("jonas-2", &[A])]);
    }
    one.told.clear();
    let mut two = Tab::new(2);
    two.handle(Event::Loaded(old));
    tell(&mut two, &mut one);
    tell(&mut one, &mut two);
    let known = two.machine.sharing().consents.iter().find(|known| known.id == "jonas-1");
    assert!(known.is_some_and(|known| known.withdrawn_at.is_some()), "red leaves on a yes that has become another");
}

/// A change of Sara's yes has come through, and its answer was lost. In another tab, which is gone, she was given red as well; here
/// the change is said again, last of all: what came of the first try is over, and what has its place covers too much.
#[test]
fn what_came_of_an_earlier_try_says_nothing_about_the_latest() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[A])]);
    tab.say('1', change("sara-1", &[G]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.now += 10_000;
    tab.say('2', change("sara-1", &[G]));
    tab.answer(is_give, Ok(Answer::Consent(named("sara-2", &[G], NOW + 1, Some(NOW + 2)))));
    tab.write(R, "Kun for mig");
    for _ in 0..4 {
        if tab.has_main() && !tab.under_way().contains(R) {
            let over = [named("sara-1", &[A], NOW, Some(NOW + 1)), named("sara-2", &[G], NOW + 1, Some(NOW + 2))];
            tab.answer_main("g", over.into_iter().chain([named("sara-3", &[G, R], NOW + 2, None)]).collect());
        }
        assert!(!tab.under_way().contains(R), "green alone was wanted last, and red leaves");
        tab.tick();
    }
    assert!(!tab.parts_of("sara-3").contains(R));
}

/// The yes that is under way in this tab.
fn given(tab: &Tab) -> &GiveConsentRequest {
    let mut all = tab.sent.iter().filter_map(|(_, r)| if let Request::Give(yes) = r { Some(yes) } else { None });
    all.next().expect("a yes is under way")
}

/// A yes to a code is said again for more, and what comes is what was said first: the rest is asked for as a change of it.
#[test]
fn what_an_earlier_try_did_not_bring_is_asked_for_as_a_change() {
    let mut tab = Tab::sharing(1, &[("jonas", &[A])]);
    tab.say('1', coded("7K2M9-QXRW5", &[R]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.say('2', coded("7K2M9-QXRW5", &[R, G]));
    tab.outcomes.clear();
    tab.answer(is_give, Ok(Answer::Consent(view("sara-1", &[R]))));
    assert!(tab.outcomes.is_empty(), "it is not done yet");
    let yes = given(&tab);
    assert_eq!(yes.secret.as_deref(), Some("2".repeat(64).as_str()));
    assert_eq!((yes.code.as_deref(), yes.replaces.as_deref()), (None, Some("sara-1")));
    assert_eq!(yes.parts, ["green", "red"]);
    tab.answer(is_give, Ok(Answer::Consent(named("sara-2", &[R, G], NOW + 1, None))));
    assert_eq!(tab.outcomes, [Ok("sara-2".to_owned())]);
    assert_eq!(tab.parts_of("sara-2"), [R, G].into_iter().collect());
}

/// The same with what was taken back: it was too much the first time.
#[test]
fn what_an_earlier_try_took_too_much_of_is_given_again() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[A, R, G])]);
    tab.say('1', change("sara-1", &[R]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.say('2', change("sara-1", &[R, G]));
    tab.answer(is_give, Ok(Answer::Consent(named("sara-2", &[R], NOW + 1, None))));
    let yes = given(&tab);
    assert_eq!((yes.replaces.as_deref(), yes.parts.join(" ")), (Some("sara-2"), "green red".to_owned()));
    let kept = disk(&[&tab]).meta;
    let (_, text) = kept.iter().find(|(name, _)| name.starts_with("yes/2222")).expect("it is on the disk");
    assert!(text.starts_with('+'), "it gives, so it is not said over and over by itself: {text}");
}

/// The same when another tab has asked what came of it.
#[test]
fn what_another_tab_found_out_is_gone_on_from() {
    let consents: &[(&str, &[Part])] = &[("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    two.told.clear();
    one.say('1', coded("7K2M9-QXRW5", &[R]));
    one.answer(is_give, Err(Failure::Offline));
    one.say('2', coded("7K2M9-QXRW5", &[R, G]));
    tell(&mut one, &mut two);
    (0..8).for_each(|_| two.tick());
    two.answer(is_settle, Ok(Answer::Consent(view("sara-1", &[R]))));
    one.sent.clear();
    tell(&mut two, &mut one);
    one.tick();
    let yes = given(&one);
    assert_eq!(yes.secret.as_deref(), Some("2".repeat(64).as_str()));
    assert_eq!((yes.code.as_deref(), yes.replaces.as_deref()), (None, Some("sara-1")));
    assert_eq!(yes.parts, ["green", "red"]);
}
