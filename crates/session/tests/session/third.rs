//! What a third look found, with the code in hand. Each test failed when it was written.

use crate::tab::{
    NOW, Tab, change, coded, disk, erased, is_give, is_narrowing_of, is_no, is_settle, is_standing, named, tell, view,
    withdrawn,
};
use plan::Part;
use protocol::ErrorCode;
use session::{Answer, Event, Failure, Request, StoreError};

const R: Part = Part::PlanRed;
const G: Part = Part::PlanGreen;
const A: Part = Part::AboutMe;
const CODE: &str = "7K2M9-QXRW5";

/// On the page of a code: red is ticked, yes, and the network is gone before the answer. Green is ticked as well, yes again. The
/// first try had come through, so the machine asks for green by itself; that takes its time, the page still shows "Ja" and
/// "Nej". Now Nej. The page says that no was said.
#[test]
fn a_no_on_the_page_of_a_code_while_a_second_try_is_said_again() {
    let mut tab = Tab::sharing(1, &[("jonas", &[A])]);
    tab.say('1', coded(CODE, &[R]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.say('2', coded(CODE, &[R, G]));
    tab.answer(is_give, Ok(Answer::Consent(view("sara-1", &[R]))));
    assert!(tab.outcomes.iter().all(Result::is_err), "the page knows of nothing that came through");
    tab.machine.take_back(tab.now, CODE);
    tab.run_until_idle();
    let still_asked = tab.sent.iter().any(|(_, r)| is_give(r));
    assert!(!still_asked, "the yes that was answered with no is on its way still");
    assert!(!is_standing(&tab, "sara-1"), "Sara has red, and the page says that no was said");
}

/// Yes is tapped on the page of a code. It takes long, so the page is opened anew from the link (the code is open still at the
/// server). Then the yes comes through; this page is not told. It is read once more, and Nej. "Du har sagt nej."
#[test]
fn a_no_on_the_page_of_a_code_whose_yes_has_come_through_meanwhile() {
    let mut tab = Tab::sharing(1, &[("jonas", &[A])]);
    tab.say('1', coded(CODE, &[R]));
    tab.answer(is_give, Ok(Answer::Consent(view("sara-1", &[R]))));
    tab.machine.take_back(tab.now, CODE);
    tab.run_until_idle();
    assert!(!is_standing(&tab, "sara-1"), "the page says that no was said, and Sara reads");
    assert_eq!(tab.withdrawals(), ["sara-1"]);
}

/// A yes to Sara, the answer is lost; no, on the same page; the network is slow. Sara gives another code, and after talking with
/// her the young person says yes to it. Only then is the first yes found and ended at the server.
#[test]
fn a_yes_that_was_taken_back_before_does_not_take_back_the_yes_said_after_it() {
    let mut tab = Tab::sharing(1, &[("jonas", &[A])]);
    tab.say('1', coded(CODE, &[R]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.machine.take_back(tab.now, CODE);
    tab.run_until_idle();
    tab.now += 10_000;
    tab.say('2', coded("ABCDE-FGHJK", &[R]));
    tab.answer(is_settle, withdrawn("sara-1", &[R]));
    tab.answer(is_give, Ok(Answer::Consent(named("sara-2", &[R], NOW + 20_000, None))));
    assert_eq!(tab.outcomes.last(), Some(&Ok("sara-2".to_owned())), "it is called done");
    assert!(is_standing(&tab, "sara-2"), "and the app says no to it by itself: {:?}", tab.withdrawals());
}

/// Green is taken from Sara; it comes through, and the app is closed in the same moment. Days later the young person gives
/// Sara green again, on the other phone, which knows of all of it. Then the first phone is opened.
#[test]
fn what_came_through_long_ago_does_not_take_back_what_another_phone_has_said_since() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R, G])]);
    tab.say('1', change("sara-1", &[R]));
    tab.answer(is_give, Ok(Answer::Consent(named("sara-2", &[R], NOW + 1, None))));
    assert!(!tab.machine.sharing().is_no_waiting(), "the server has heard all of it");
    let mut anew = Tab::new(2);
    anew.now += 3 * 86_400_000;
    anew.handle(Event::Loaded(disk(&[&tab])));
    drop(tab);
    let all = vec![
        named("sara-1", &[R, G], NOW, Some(NOW + 1)),
        named("sara-2", &[R], NOW + 1, Some(NOW + 5_000)),
        named("sara-3", &[R, G], NOW + 5_000, None),
    ];
    anew.answer_main("g", all);
    assert!(!anew.sent.iter().any(is_narrowing_of("sara-3")), "the app takes green back by itself");
    assert!(anew.parts_of("sara-3").contains(G), "green was wanted last");
}

/// The same with a tab that slept while the server heard of it in another tab, and which has read that on the disk.
#[test]
fn a_tab_that_slept_does_not_take_back_what_another_phone_has_said_since() {
    let consents: &[(&str, &[Part])] = &[("sara-1", &[R, G])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    one.say('1', change("sara-1", &[R]));
    tell(&mut one, &mut two);
    // The second tab sleeps from here on. In the first everything comes through, and the server is seen to cover red only.
    two.sent.clear();
    one.answer(is_give, Ok(Answer::Consent(named("sara-2", &[R], NOW + 1, None))));
    let ended = named("sara-1", &[R, G], NOW, Some(NOW + 1));
    while one.has_main() {
        one.answer_main("g", vec![ended.clone(), named("sara-2", &[R], NOW + 1, None)]);
    }
    // The other phone gives green again, and the first tab has heard of it.
    let all =
        vec![ended, named("sara-2", &[R], NOW + 1, Some(NOW + 5_000)), named("sara-3", &[R, G], NOW + 5_000, None)];
    one.tick();
    one.answer_main("g", all.clone());
    assert!(one.parts_of("sara-3").contains(G));
    one.told.clear();
    two.news = Some(disk(&[&one]));
    two.now += 3_600_000;
    two.handle(Event::Returned);
    for _ in 0..3 {
        // What it says again of the old narrowing, the server knows by its secret.
        while let Some(place) =
            two.sent.iter().position(|(_, r)| matches!(r, Request::Give(y) if y.replaces.as_deref() == Some("sara-1")))
        {
            let (id, _) = two.sent.remove(place);
            two.handle(Event::Answered(id, Ok(Answer::Consent(all[1].clone()))));
        }
        if two.has_main() {
            two.answer_main("g", all.clone());
        }
        two.tick();
    }
    assert!(!two.sent.iter().any(is_narrowing_of("sara-3")), "the app takes green back by itself");
}

/// In one tab Sara's yes was changed; it came through, and all of it is on the disk. Another tab slept, and its connection to the
/// disk has died, so it shows the yes as it was. No is tapped there, to all of it. Five seconds later the disk is back.
#[test]
fn a_no_in_a_tab_that_could_not_read_the_disk_holds_for_what_the_yes_has_become() {
    let consents: &[(&str, &[Part])] = &[("sara-1", &[R])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.say('1', change("sara-1", &[R, G]));
    one.answer(is_give, Ok(Answer::Consent(named("sara-2", &[R, G], NOW + 1, None))));
    let all = vec![named("sara-1", &[R], NOW, Some(NOW + 1)), named("sara-2", &[R, G], NOW + 1, None)];
    while one.has_main() {
        one.answer_main("g", all.clone());
    }
    two.news = None;
    two.now += 3_600_000;
    two.handle(Event::Returned);
    two.told.clear();
    two.say_no("sara-1");
    two.news = Some(disk(&[&one]));
    two.tick();
    two.answer(is_no("sara-1"), Ok(Answer::Consent(all[0].clone())));
    for _ in 0..3 {
        if two.has_main() && two.under_way().is_empty() {
            two.answer_main("g", all.clone());
        }
        two.tick();
    }
    two.write(R, "Kun for mig");
    for _ in 0..3 {
        if two.has_main() && two.under_way().is_empty() {
            two.answer_main("g", all.clone());
        }
        two.tick();
    }
    tell(&mut two, &mut one);
    assert!(!two.under_way().contains(R), "no was said to Sara last, and red leaves for her");
    assert!(!is_standing(&one, "sara-2") && !is_standing(&two, "sara-2"), "no was said to Sara last");
}

/// The app is open twice. In one a yes is said on a bad network and said again after a quarter of a minute. The other asks
/// meanwhile what became of the first try, and hears that it never will be anything.
#[test]
fn a_yes_said_again_is_not_lost_when_another_tab_asks_about_the_first_try() {
    let consents: &[(&str, &[Part])] = &[("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    two.told.clear();
    one.say('1', coded(CODE, &[R]));
    tell(&mut one, &mut two);
    // Ten seconds without an answer.
    (0..2).for_each(|_| [&mut one, &mut two].into_iter().for_each(Tab::tick));
    one.answer(is_give, Err(Failure::Offline));
    one.tick();
    two.tick();
    // A quarter of a minute has gone, and it is said again.
    one.say('2', coded(CODE, &[R]));
    tell(&mut one, &mut two);
    (0..5).for_each(|_| two.tick());
    two.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
    tell(&mut two, &mut one);
    let before = one.outcomes.len();
    one.answer(is_give, Err(Failure::Refused(ErrorCode::NoConsent)));
    let again = one.sent.iter().any(|(_, r)| is_give(r));
    assert!(again || one.outcomes.len() > before, "the yes is gone, and whoever said it waits for an answer for ever");
}

/// The first contact ever, on a network that hangs, and a second code right after it: the second yes waits for the first. The app
/// is open in another tab as well, and that asks the server about the second yes, which has never left the phone.
#[test]
fn a_yes_that_waits_in_line_is_not_ended_by_another_tab() {
    let (mut one, mut two) = (Tab::new(1), Tab::new(2));
    one.told.clear();
    one.say('1', coded(CODE, &[R]));
    one.say('2', coded("ABCDE-FGHJK", &[G]));
    tell(&mut one, &mut two);
    one.answer(is_give, Err(Failure::Offline));
    (0..5).for_each(|_| [&mut one, &mut two].into_iter().for_each(Tab::tick));
    // The network is back, in the second tab first.
    let is_second = |request: &Request| matches!(request, Request::Settle(settle) if settle.secret == "2".repeat(64));
    if two.sent.iter().any(|(_, r)| is_second(r)) {
        two.answer(is_second, Err(Failure::Refused(ErrorCode::NotFound)));
    }
    one.outcomes.clear();
    tell(&mut two, &mut one);
    for _ in 0..6 {
        if one.sent.iter().any(|(_, r)| is_settle(r)) {
            one.answer(is_settle, Ok(Answer::Consent(view("sara-1", &[R]))));
        }
        one.tick();
    }
    let asked = one.sent.iter().any(|(_, r)| matches!(r, Request::Give(y) if y.code.as_deref() == Some("ABCDE-FGHJK")));
    assert!(
        asked || one.outcomes.iter().any(Result::is_err),
        "the second yes is gone without a word: it was never sent, and nobody is told"
    );
}

/// Green goes and about comes, in one change. The request hangs, and its tab is put to sleep. Another tab asks what became of it
/// (nothing, and now it never will); the phone is full, and that tab is closed. The first wakes and is answered: no.
#[test]
fn a_part_taken_back_in_a_change_that_never_came_is_told_all_the_same() {
    let consents: &[(&str, &[Part])] = &[("sara-1", &[R, G])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    one.say('1', change("sara-1", &[R, A]));
    tell(&mut one, &mut two);
    two.disk = Err(StoreError::Full);
    (0..5).for_each(|_| two.tick());
    two.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
    one.news = Some(disk(&[&one, &two]));
    drop(two);
    one.now += 3_600_000;
    one.handle(Event::Returned);
    one.answer(is_give, Err(Failure::Refused(ErrorCode::NoConsent)));
    for _ in 0..20 {
        if one.has_main() {
            one.answer_main("g", vec![view("sara-1", &[R, G])]);
        }
        one.tick();
    }
    let told = one.sent.iter().any(is_narrowing_of("sara-1")) || !one.withdrawals().is_empty();
    assert!(told, "Sara reads green, and the server is never told");
    assert!(one.machine.sharing().is_no_waiting(), "and the app says that nothing waits");
}

/// The phone is full. In one tab a yes was said again under a new secret, and that tab sleeps. In the other, which only knows of
/// the first try, it is taken back by its code.
#[test]
fn a_yes_taken_back_by_its_code_is_none_whatever_its_secret_is_by_now() {
    let consents: &[(&str, &[Part])] = &[("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    two.told.clear();
    one.say('1', coded(CODE, &[R]));
    one.answer(is_give, Err(Failure::Offline));
    tell(&mut one, &mut two);
    // The second tab sleeps, and the phone is full now.
    one.disk = Err(StoreError::Full);
    one.say('2', coded(CODE, &[R]));
    one.answer(is_give, Err(Failure::Refused(ErrorCode::NoConsent)));
    assert!(one.sent.iter().any(|(_, r)| is_give(r)), "under its new secret");
    one.told.clear();
    // The first sleeps with it under way; the second wakes. There is room on the disk again.
    two.news = Some(disk(&[&one]));
    two.now += 3_600_000;
    two.handle(Event::Returned);
    two.machine.take_back(two.now, CODE);
    two.run_until_idle();
    one.disk = Ok(());
    one.news = Some(disk(&[&one, &two]));
    one.now += 3_700_000;
    one.handle(Event::Returned);
    tell(&mut two, &mut one);
    if one.sent.iter().any(|(_, r)| is_give(r)) {
        one.answer(is_give, Ok(Answer::Consent(view("sara-1", &[R]))));
    }
    assert!(!is_standing(&one, "sara-1"), "it was taken back last, and has come true");
}

/// The phone is full and has no network. Green is taken back, wanted again, and the tab sleeps. In the other tab, which has heard
/// of nothing, green is taken back. There is room again, the second tab is closed, and the first wakes.
#[test]
fn what_was_taken_back_last_holds_whoever_had_counted_further() {
    let consents: &[(&str, &[Part])] = &[("sara-1", &[R, G])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.disk = Err(StoreError::Full);
    one.say('1', change("sara-1", &[R]));
    one.say('2', change("sara-1", &[R, G]));
    one.told.clear();
    for _ in 0..4 {
        let hung: Vec<u64> = one.sent.drain(..).map(|(id, _)| id).collect();
        hung.into_iter().for_each(|id| one.handle(Event::TimedOut(id)));
    }
    assert!(one.sent.is_empty());
    two.news = Some(disk(&[&one]));
    two.now += 3_600_000;
    two.handle(Event::Returned);
    two.told.clear();
    two.say('3', change("sara-1", &[R]));
    one.news = Some(disk(&[&two]));
    one.disk = Ok(());
    drop(two);
    one.now += 3_700_000;
    one.handle(Event::Returned);
    one.write(G, "Kun for mig");
    for _ in 0..6 {
        if one.has_main() && !one.under_way().contains(G) {
            one.answer_main("g", vec![view("sara-1", &[R, G])]);
        }
        one.tick();
    }
    assert!(!one.under_way().contains(G), "green was taken back last, and leaves");
}

/// No network, and the connections to the disk have died in both tabs. In one of them no is said, and it is closed. The other has
/// heard it in the moment in which it could not read the disk; the disk is back five seconds later. Then it is closed as well.
#[test]
fn a_no_that_was_heard_while_the_disk_could_not_be_read_is_on_the_disk_when_there_is_one() {
    let consents: &[(&str, &[Part])] = &[("sara-1", &[R])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.disk = Err(StoreError::Dead);
    two.news = None;
    two.now += 3_600_000;
    two.handle(Event::Returned);
    one.told.clear();
    one.say_no("sara-1");
    tell(&mut one, &mut two);
    two.news = Some(disk(&[&one, &two]));
    for _ in 0..12 {
        two.tick();
        while two.sent.iter().any(|(_, r)| is_no("sara-1")(r)) {
            two.answer(is_no("sara-1"), Err(Failure::Offline));
        }
    }
    assert!(two.machine.sharing().is_no_waiting());
    let kept = disk(&[&one, &two]);
    drop((one, two));
    let mut anew = Tab::new(3);
    anew.now += 86_400_000;
    anew.handle(Event::Loaded(kept));
    anew.write(R, "Kun for mig");
    anew.answer_main("g", vec![view("sara-1", &[R])]);
    assert!(!anew.under_way().contains(R), "no was said, it is on no disk, and red leaves");
}

/// Red instead of green for Sara, on a bad network: it never came. Meanwhile Sara has given a new code, and red and green
/// are ticked on it. The machine tells the server by itself that green had been taken back, and then the new yes comes through.
#[test]
fn what_the_machine_says_by_itself_is_no_later_than_what_it_comes_of() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R, G])]);
    tab.say('1', change("sara-1", &[R, A]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.say('2', coded(CODE, &[R, G]));
    for _ in 0..3 {
        if !tab.sent.iter().any(|(_, r)| is_settle(r)) {
            tab.tick();
        }
    }
    tab.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
    let is_own = |r: &Request| matches!(r, Request::Give(yes) if yes.replaces.as_deref() == Some("sara-1"));
    tab.answer(is_own, Ok(Answer::Consent(named("sara-2", &[R], NOW + 1, None))));
    tab.answer(is_give, Ok(Answer::Consent(named("sara-3", &[R, G], NOW + 2, None))));
    assert_eq!(tab.outcomes.last(), Some(&Ok("sara-3".to_owned())), "it is called done");
    assert!(!tab.sent.iter().any(is_narrowing_of("sara-3")), "and the app takes green back by itself");
    assert!(tab.parts_of("sara-3").contains(G), "green was wanted last");
}

/// Two tries of one yes on a page; the first had come through for less, and the tab that is closed then is not the only one: the
/// other asks about the first try.
#[test]
fn more_parts_in_a_yes_said_again_are_asked_for_when_another_tab_finds_the_first_try() {
    let consents: &[(&str, &[Part])] = &[("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    two.told.clear();
    one.say('1', coded(CODE, &[R]));
    tell(&mut one, &mut two);
    one.answer(is_give, Err(Failure::Offline));
    (0..4).for_each(|_| two.tick());
    one.say('2', coded(CODE, &[R, G]));
    tell(&mut one, &mut two);
    two.answer(is_settle, Ok(Answer::Consent(view("sara-1", &[R]))));
    tell(&mut two, &mut one);
    one.outcomes.clear();
    one.answer(is_give, Ok(Answer::Consent(view("sara-1", &[R]))));
    let asks = |tab: &Tab| {
        tab.sent.iter().any(|(_, r)| matches!(r, Request::Give(yes) if yes.parts.contains(&"green".into())))
    };
    assert!(
        asks(&one) || asks(&two) || !one.outcomes.is_empty(),
        "green was ticked last, nobody asks for it, and whoever said it is not told"
    );
}

/// What Sara had was erased in one tab, while the other slept. Since then something was taken back that is to stay on the server for
/// now: nobody asked for it to be erased. The other tab wakes.
#[test]
fn an_erasure_that_is_done_is_not_asked_for_again_by_a_tab_that_slept() {
    let consents: &[(&str, &[Part])] = &[("sara", &[R]), ("jonas", &[G])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    one.say_no("sara");
    one.machine.erase_sent(one.now);
    one.run_until_idle();
    tell(&mut one, &mut two);
    // The second sleeps from here on, and what it asked was given up.
    one.answer(is_no("sara"), withdrawn("sara", &[R]));
    let all = || vec![named("sara", &[R], NOW, Some(NOW)), view("jonas", &[G])];
    while one.has_main() {
        one.answer_main("g", all());
    }
    one.tick();
    while one.has_main() {
        one.answer_main("g", all());
    }
    one.answer(|r| *r == Request::Erase, erased(&["sara"], &[G]));
    assert!(!one.machine.sharing().erasing);
    let hung: Vec<u64> = two.sent.drain(..).map(|(id, _)| id).collect();
    two.news = Some(disk(&[&two, &one]));
    two.now += 3_600_000;
    two.handle(Event::Returned);
    hung.into_iter().for_each(|id| two.handle(Event::TimedOut(id)));
    for _ in 0..8 {
        two.tick();
        if two.has_main() {
            two.answer_main("g", all());
        }
    }
    assert!(!two.sent.iter().any(|(_, r)| *r == Request::Erase), "it erases once more, and nobody has asked for that");
}
