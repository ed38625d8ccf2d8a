//! What single functions about sharing promise: who is meant by a wish, when it has been heard, what lies on the disk, and what
//! another tab is believed.

use crate::tab::{
    NOW, Tab, change, coded, disk, erased, is_give, is_narrowing_of, is_no, is_settle, is_standing, named, tell, view,
    withdrawn,
};
use plan::Part;
use plan::consent::Custody;
use protocol::{ConsentView, CustodyView, ErrorCode, MeView};
use session::{Answer, Event, Failure, Loaded, Request};

const R: Part = Part::PlanRed;
const G: Part = Part::PlanGreen;
const A: Part = Part::AboutMe;
const CODE: &str = "7K2M9-QXRW5";

fn offline() -> Result<Answer, Failure> {
    Err(Failure::Offline)
}

fn start(replica: u64, loaded: Loaded) -> Tab {
    let mut tab = Tab::new(replica);
    tab.handle(Event::Loaded(loaded));
    tab
}

/// The names on the disk that begin like this.
fn names(tabs: &[&Tab], kind: &str) -> Vec<String> {
    disk(tabs).meta.into_iter().map(|(name, _)| name).filter(|name| name.starts_with(kind)).collect()
}

#[test]
fn what_is_taken_back_from_one_person_is_not_from_another() {
    let mut tab = Tab::sharing(1, &[("sara", &[R, G]), ("jonas", &[A, R])]);
    tab.say('1', change("sara", &[G]));
    assert_eq!(tab.parts_of("sara"), [G].into_iter().collect());
    assert_eq!(tab.parts_of("jonas"), [A, R].into_iter().collect());
    tab.answer(is_give, Ok(Answer::Consent(named("sara-2", &[G], NOW + 1, None))));
    for _ in 0..3 {
        tab.tick();
        assert!(!tab.sent.iter().any(is_narrowing_of("jonas")));
    }
}

#[test]
fn what_is_taken_back_from_somebody_is_from_all_that_they_have() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R, G]), ("sara-2", &[R, G, A])]);
    tab.say('1', change("sara-1", &[G]));
    assert_eq!(tab.parts_of("sara-2"), [G].into_iter().collect());
    tab.answer(
        |r| matches!(r, Request::Give(yes) if yes.replaces.as_deref() == Some("sara-1")),
        Ok(Answer::Consent(named("sara-3", &[G], NOW + 1, None))),
    );
    tab.tick();
    assert!(tab.sent.iter().any(is_narrowing_of("sara-2")), "the server still thinks that it covers more");
    assert!(tab.machine.sharing().is_no_waiting());
}

#[test]
fn a_wish_lies_on_the_disk_under_one_name() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R, G, A])]);
    for (secret, parts) in [('1', [R, G].as_slice()), ('2', &[R])] {
        tab.now += 1_000;
        tab.say(secret, change("sara-1", parts));
    }
    assert_eq!(names(&[&tab], "wish/sara-1/").len(), 1);
    assert_eq!(start(2, disk(&[&tab])).parts_of("sara-1"), [R].into_iter().collect());
}

#[test]
fn a_no_to_somebody_ends_a_change_that_is_under_way_for_them() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R]), ("sara-2", &[R]), ("jonas", &[G])]);
    tab.say('1', change("sara-1", &[R, A]));
    tab.now += 1_000;
    tab.say_no("jonas");
    assert!(tab.sent.iter().any(|(_, request)| is_give(request)), "they are another person");
    tab.say_no("sara-2");
    assert!(!tab.sent.iter().any(|(_, request)| is_give(request)));
    assert!(tab.sent.iter().any(|(_, request)| is_settle(request)), "whether it has come through is found out");
    assert!(!is_standing(&tab, "sara-1"));
}

#[test]
fn a_wish_is_heard_when_the_server_covers_no_more() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R, G])]);
    tab.say('1', change("sara-1", &[G]));
    // The narrowing never came; the other phone has said the same meanwhile.
    tab.answer(is_give, Err(Failure::Refused(ErrorCode::NotFound)));
    for _ in 0..8 {
        if tab.sent.iter().any(|(_, request)| is_give(request)) {
            tab.answer(is_give, Err(Failure::Refused(ErrorCode::NotFound)));
        }
        if tab.has_main() {
            let over = named("sara-1", &[R, G], NOW, Some(NOW + 1));
            tab.answer_main("g", vec![over, named("sara-2", &[G], NOW + 1, None)]);
        }
        tab.tick();
    }
    assert!(!tab.machine.sharing().is_no_waiting());
    assert!(!names(&[&tab], "heard/").is_empty());
}

#[test]
fn an_answer_from_before_a_no_does_not_take_the_consent_away() {
    let mut tab = Tab::new(1);
    let both = MeView { consents: vec![view("sara", &[R]), view("jonas", &[G])], devices: Vec::new() };
    tab.machine.join(NOW, &both);
    tab.run_until_idle();
    let before = tab.sent.iter().position(|(_, request)| crate::tab::is_sync(request)).expect("it asks");
    let (old, _) = tab.sent.remove(before);
    tab.say_no("sara");
    tab.answer(is_no("sara"), withdrawn("sara", &[R]));
    // Under way since before the no: whatever it says, it knows nothing of it.
    let none = protocol::SyncResponse { generation: "g".into(), ..Default::default() };
    tab.handle(Event::Answered(old, Ok(Answer::Sync(none))));
    assert_eq!(tab.machine.sharing().consents.len(), 2);
}

#[test]
fn only_what_is_new_about_sharing_goes_to_the_disk() {
    let mut tab = Tab::sharing(1, &[("sara", &[R]), ("jonas", &[G])]);
    let before = tab.stored.len();
    tab.say_no("sara");
    let written: Vec<&String> =
        tab.stored[before..].iter().flat_map(|batch| &batch.meta).map(|(name, _)| name).collect();
    assert!(written.iter().any(|name| *name == "no/sara"));
    assert!(!written.iter().any(|name| *name == "connected"), "{written:?}");
    // What was read from the disk is not news either.
    let mut again = start(2, disk(&[&tab]));
    let before = again.stored.len();
    again.say_no("jonas");
    let written: Vec<&String> =
        again.stored[before..].iter().flat_map(|batch| &batch.meta).map(|(name, _)| name).collect();
    assert!(!written.iter().any(|name| *name == "connected"), "{written:?}");
}

#[test]
fn a_yes_that_was_taken_back_waits_for_the_server_over_a_restart_and_in_every_tab() {
    let (mut one, mut two) = (Tab::sharing(1, &[("jonas", &[A])]), Tab::sharing(2, &[("jonas", &[A])]));
    one.told.clear();
    one.say('1', coded(CODE, &[R]));
    assert!(!one.machine.sharing().is_no_waiting(), "a yes is no no");
    one.answer(is_give, offline());
    one.now += 1_000;
    one.machine.take_back(one.now, CODE);
    one.run_until_idle();
    assert!(one.machine.sharing().is_no_waiting());
    tell(&mut one, &mut two);
    assert!(two.machine.sharing().is_no_waiting());
    let mut three = start(3, disk(&[&one]));
    assert!(three.machine.sharing().is_no_waiting());
    while !three.sent.iter().any(|(_, request)| is_settle(request)) {
        three.tick();
    }
    // It never came. That is heard everywhere.
    while !one.sent.iter().any(|(_, request)| is_settle(request)) {
        one.tick();
    }
    one.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
    tell(&mut one, &mut two);
    assert!(!one.machine.sharing().is_no_waiting());
    assert!(!two.machine.sharing().is_no_waiting(), "there is nothing to wait for any more");
    assert!(names(&[&one], "dropped/").is_empty());
}

#[test]
fn an_erasure_waits_over_a_restart_and_what_came_of_it_is_known_in_every_tab() {
    let consents: &[(&str, &[Part])] = &[("sara", &[R]), ("jonas", &[G])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    for tab in [&mut one, &mut two] {
        tab.write(R, "Ring");
        tab.answer_all();
    }
    one.say_no("sara");
    one.answer(is_no("sara"), withdrawn("sara", &[R]));
    one.answer_all();
    assert!(one.machine.sharing().can_erase(NOW) && one.machine.sharing().has_sent());
    one.machine.erase_sent(NOW);
    one.run_until_idle();
    assert!(start(3, disk(&[&one])).machine.sharing().erasing);
    tell(&mut one, &mut two);
    assert!(two.machine.sharing().erasing);
    while !one.sent.iter().any(|(_, request)| *request == Request::Erase) {
        one.answer_all();
        one.tick();
    }
    one.answer(|request| *request == Request::Erase, erased(&["sara"], &[]));
    tell(&mut one, &mut two);
    for tab in [&one, &two, &start(4, disk(&[&one]))] {
        let sharing = tab.machine.sharing();
        assert!(!sharing.erasing && !sharing.can_erase(NOW) && !sharing.has_sent());
    }
}

#[test]
fn a_server_that_was_put_back_is_told_again_in_every_tab() {
    let consents: &[(&str, &[Part])] = &[("sara", &[R]), ("jonas", &[G])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    one.say_no("sara");
    one.answer(is_no("sara"), withdrawn("sara", &[R]));
    tell(&mut one, &mut two);
    assert!(!one.machine.sharing().is_no_waiting() && !two.machine.sharing().is_no_waiting());
    assert_eq!(names(&[&one], "told/"), ["told/sara"]);
    one.tick();
    while one.has_main() && one.withdrawals().is_empty() {
        one.answer_main("from a backup", vec![view("sara", &[R]), view("jonas", &[G])]);
    }
    assert!(one.withdrawals().contains(&"sara"));
    assert!(names(&[&one], "told/").is_empty());
    tell(&mut one, &mut two);
    assert!(two.machine.sharing().is_no_waiting(), "the other tab knows that the server has forgotten");
}

#[test]
fn of_what_two_tabs_know_of_a_consent_what_allows_less_holds() {
    let with = |custody: CustodyView, parts: &[Part]| ConsentView { custody, ..view("sara", parts) };
    let orders = [(CustodyView::No, CustodyView::Yes, Custody::No), (CustodyView::Yes, CustodyView::No, Custody::No)];
    for (ours, theirs, holds) in orders {
        let (mut one, mut two) = (Tab::new(1), Tab::new(2));
        let me = |view: ConsentView| MeView { consents: vec![view], devices: Vec::new() };
        one.machine.join(NOW, &me(with(ours, &[R, G])));
        two.machine.join(NOW, &me(with(theirs, &[G, A])));
        one.run_until_idle();
        two.run_until_idle();
        tell(&mut two, &mut one);
        assert_eq!(one.machine.sharing().consents[0].custody, holds);
    }
}

#[test]
fn a_no_on_the_page_of_a_code_ends_what_came_of_it_in_another_tab() {
    let (mut one, mut two) = (Tab::sharing(1, &[("jonas", &[A])]), Tab::sharing(2, &[("jonas", &[A])]));
    one.told.clear();
    two.told.clear();
    one.say('1', coded(CODE, &[R]));
    one.answer(is_give, Ok(Answer::Consent(named("sara", &[R], NOW + 1, None))));
    // Another code's no is about nobody else.
    two.now += 1_000;
    two.machine.take_back(two.now, "ABCDE-12345");
    two.run_until_idle();
    tell(&mut two, &mut one);
    assert!(is_standing(&one, "sara") && is_standing(&one, "jonas"));
    two.now += 1_000;
    two.machine.take_back(two.now, CODE);
    two.run_until_idle();
    tell(&mut two, &mut one);
    assert!(!is_standing(&one, "sara") && is_standing(&one, "jonas"));
}

/// Nej in one tab, and Ja again in another that has not heard it yet. That Ja is not shared by, and whoever said it is told.
#[test]
fn a_yes_that_meets_an_older_no_is_told() {
    let (mut one, mut two) = (Tab::sharing(1, &[("jonas", &[A])]), Tab::sharing(2, &[("jonas", &[A])]));
    one.told.clear();
    one.say('1', coded(CODE, &[R]));
    one.answer(is_give, offline());
    tell(&mut one, &mut two);
    two.told.clear();
    two.now += 1_000;
    two.machine.take_back(two.now, CODE);
    two.run_until_idle();
    one.now += 2_000;
    one.say('2', coded(CODE, &[R]));
    one.outcomes.clear();
    tell(&mut two, &mut one);
    assert_eq!(one.outcomes, [Err(Failure::Refused(ErrorCode::NoConsent))]);
    assert!(!one.sent.iter().any(|(_, request)| is_give(request)));
}

/// The secret of what the app says by itself: about what somebody has beside what was narrowed.
fn drawn(replica: u64, said: char) -> String {
    let mut tab = Tab::sharing(replica, &[("sara-1", &[R, G]), ("sara-2", &[R, G])]);
    tab.say(said, change("sara-1", &[G]));
    for _ in 0..3 {
        let about = |request: &Request| match request {
            Request::Give(yes) if yes.replaces.as_deref() == Some("sara-2") => yes.secret.clone(),
            _ => None,
        };
        if let Some(secret) = tab.sent.iter().find_map(|(_, request)| about(request)) {
            return secret;
        }
        tab.tick();
    }
    panic!("the server is told nothing of what else they have");
}

#[test]
fn a_secret_that_is_drawn_here_is_drawn_nowhere_else() {
    let all = [drawn(1, '1'), drawn(1, '2'), drawn(2, '1')];
    for (place, secret) in all.iter().enumerate() {
        assert!(secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()), "{secret}");
        assert!(!all[..place].contains(secret));
        // None of its four words is another one, or nearly nothing.
        let words: Vec<u64> = (0..4).map(|word| u64::from_str_radix(&secret[16 * word..][..16], 16).unwrap()).collect();
        assert!(words.iter().all(|word| (16..=48).contains(&word.count_ones())), "{secret}");
    }
}
