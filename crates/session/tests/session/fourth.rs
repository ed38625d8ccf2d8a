//! What a fourth look found: what was given since, what was taken back, and who was told.

use crate::tab::{
    NOW, Tab, change, coded, disk, is_give, is_narrowing_of, is_no, is_settle, is_standing, named, tell, view,
};
use plan::Part;
use protocol::ErrorCode;
use session::{Answer, Event, Failure, Request, StoreError};

const R: Part = Part::PlanRed;
const G: Part = Part::PlanGreen;
const A: Part = Part::AboutMe;
const CODE: &str = "7K2M9-QXRW5";

/// Green is taken from Sara; it comes through, the answer is lost, and the phone is off. On the other phone, which knows of all of
/// it, green is given again. The first phone is switched on, and hears by its secret that its wish had come through long ago.
#[test]
fn a_taking_back_whose_answer_was_lost_does_not_take_back_what_another_phone_has_given_since() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R, G])]);
    tab.say('1', change("sara-1", &[R]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.now += 86_400_000;
    let all = vec![
        named("sara-1", &[R, G], NOW, Some(NOW + 1)),
        named("sara-2", &[R], NOW + 1, Some(NOW + 5_000)),
        named("sara-3", &[R, G], NOW + 5_000, None),
    ];
    tab.tick();
    tab.answer(is_give, Ok(Answer::Consent(all[1].clone())));
    for _ in 0..6 {
        if tab.has_main() {
            tab.answer_main("g", all.clone());
        }
        tab.tick();
    }
    assert!(!tab.sent.iter().any(is_narrowing_of("sara-3")), "the app takes green back by itself");
    assert!(tab.parts_of("sara-3").contains(G), "green was given last");
}

/// Green is given to Sara as well; it comes through, and the answer is lost. On the other phone "about me" is added. The first phone
/// finds out, and takes "about me" away, although nobody has ever taken anything back.
#[test]
fn a_change_whose_answer_was_lost_does_not_take_back_what_another_phone_has_given_since() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R])]);
    tab.say('1', change("sara-1", &[R, G]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.now += 86_400_000;
    let all = vec![
        named("sara-1", &[R], NOW, Some(NOW + 1)),
        named("sara-2", &[R, G], NOW + 1, Some(NOW + 5_000)),
        named("sara-3", &[R, G, A], NOW + 5_000, None),
    ];
    tab.tick();
    tab.answer(is_settle, Ok(Answer::Consent(all[1].clone())));
    for _ in 0..6 {
        if tab.has_main() {
            tab.answer_main("g", all.clone());
        }
        tab.tick();
    }
    assert!(!tab.sent.iter().any(is_narrowing_of("sara-3")), "the app takes a part back by itself");
    assert!(tab.parts_of("sara-3").contains(A), "it was given last");
}

/// Yes to a new code of Sara's, on a network that is gone; no to Sara on the page of sharing; then yes to the code once more, and
/// that comes through. The app is started anew: the first try still lies on the disk, under its older name.
#[test]
fn a_yes_said_again_after_a_no_is_not_taken_back_at_the_next_start() {
    let mut tab = Tab::sharing(1, &[("sara-0", &[A])]);
    tab.say('1', coded(CODE, &[R]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.now += 10_000;
    tab.say_no("sara-0");
    tab.answer(is_no("sara-0"), Ok(Answer::Consent(named("sara-0", &[A], NOW, Some(NOW + 10_000)))));
    tab.now += 10_000;
    tab.say('2', coded(CODE, &[R]));
    let all = vec![named("sara-0", &[A], NOW, Some(NOW + 10_000)), named("sara-1", &[R], NOW + 20_000, None)];
    tab.answer(is_give, Ok(Answer::Consent(all[1].clone())));
    assert_eq!(tab.outcomes.last(), Some(&Ok("sara-1".to_owned())));
    while tab.has_main() {
        tab.answer_main("g", all.clone());
    }
    assert!(is_standing(&tab, "sara-1"));
    let kept = disk(&[&tab]);
    drop(tab);
    let mut anew = Tab::new(2);
    anew.now += 86_400_000;
    anew.handle(Event::Loaded(kept));
    for _ in 0..10 {
        if anew.sent.iter().any(|(_, r)| is_settle(r)) {
            anew.answer(is_settle, Ok(Answer::Consent(all[1].clone())));
        }
        if anew.has_main() {
            anew.answer_main("g", all.clone());
        }
        anew.tick();
    }
    assert!(anew.withdrawals().is_empty(), "the app says no by itself: {:?}", anew.withdrawals());
    assert!(is_standing(&anew, "sara-1"), "yes was said last");
}

/// Red and "about" instead of red and green: it never came, the server was asked and the answer was lost. Then just red, and the app
/// is killed. At the next start the server says that this secret will never come; it still thinks that Sara may read green.
#[test]
fn a_part_taken_back_under_a_secret_that_was_settled_is_told_all_the_same() {
    let mut one = Tab::sharing(1, &[("sara-1", &[R, G])]);
    one.say('1', change("sara-1", &[R, A]));
    one.answer(is_give, Err(Failure::Offline));
    if !one.sent.iter().any(|(_, r)| is_settle(r)) {
        one.tick();
    }
    // The server has heard the question, and the answer is lost.
    one.answer(is_settle, Err(Failure::Offline));
    one.now += 10_000;
    one.say('2', change("sara-1", &[R]));
    let kept = disk(&[&one]);
    drop(one);
    let mut anew = Tab::new(2);
    anew.now += 60_000;
    anew.handle(Event::Loaded(kept));
    let first = "1".repeat(64);
    let mut told = false;
    for _ in 0..60 {
        while let Some(place) = anew.sent.iter().position(|(_, r)| is_give(r)) {
            let (id, request) = anew.sent.remove(place);
            let Request::Give(yes) = request else { unreachable!() };
            told |= yes.secret.as_deref() != Some(first.as_str());
            let answer = if told {
                Ok(Answer::Consent(named("sara-2", &[R], NOW + 90_000, None)))
            } else {
                Err(Failure::Refused(ErrorCode::NoConsent))
            };
            anew.handle(Event::Answered(id, answer));
        }
        if told {
            break;
        }
        told |= !anew.withdrawals().is_empty();
        if anew.has_main() {
            anew.answer_main("g", vec![view("sara-1", &[R, G])]);
        }
        anew.tick();
    }
    assert!(told, "Sara reads green, the server is not told, and waiting: {}", anew.machine.sharing().is_no_waiting());
}

/// Sara's yes was widened; then the server was put back to a backup from before. Before this phone's word that the old yes is over
/// comes through, the young person widens the old yes once more, on a phone that knew of nothing. Nobody has ever said no.
#[test]
fn what_a_backup_brought_back_and_was_changed_on_another_phone_is_not_said_no_to() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R])]);
    tab.say('1', change("sara-1", &[R, G]));
    tab.answer(is_give, Ok(Answer::Consent(named("sara-2", &[R, G], NOW + 1, None))));
    let before = vec![named("sara-1", &[R], NOW, Some(NOW + 1)), named("sara-2", &[R, G], NOW + 1, None)];
    while tab.has_main() {
        tab.answer_main("g", before.clone());
    }
    tab.tick();
    tab.answer_main("another", vec![view("sara-1", &[R])]);
    assert_eq!(tab.withdrawals(), ["sara-1"]);
    tab.answer(is_no("sara-1"), Err(Failure::Offline));
    // The network is gone. On the other phone:
    let all = vec![named("sara-1", &[R], NOW, Some(NOW + 60_000)), named("sara-9", &[R, G], NOW + 60_000, None)];
    for _ in 0..8 {
        if tab.withdrawals().contains(&"sara-1") {
            tab.answer(is_no("sara-1"), Ok(Answer::Consent(all[0].clone())));
        }
        if tab.has_main() {
            tab.answer_main("another", all.clone());
        }
        tab.tick();
    }
    assert!(!tab.withdrawals().contains(&"sara-9"), "the app says no by itself");
    assert!(is_standing(&tab, "sara-9"), "nobody has ever said no");
}

/// Green is taken from Sara, that comes through, and the answer is lost; green is wanted again. The other tab finds what came of the
/// first try. Whoever said it is told that it is done, and Sara has red alone.
#[test]
fn a_part_wanted_again_is_asked_for_when_another_tab_finds_that_the_taking_back_had_come_through() {
    let consents: &[(&str, &[Part])] = &[("sara-1", &[R, G])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    two.told.clear();
    one.say('1', change("sara-1", &[R]));
    one.answer(is_give, Err(Failure::Offline));
    one.now += 5_000;
    one.say('2', change("sara-1", &[R, G]));
    one.outcomes.clear();
    tell(&mut one, &mut two);
    (0..5).for_each(|_| two.tick());
    let came = named("sara-2", &[R], NOW + 1, None);
    let is_it = |r: &Request| is_settle(r) || is_give(r);
    assert!(two.sent.iter().any(|(_, r)| is_it(r)));
    two.answer(is_it, Ok(Answer::Consent(came)));
    tell(&mut two, &mut one);
    let asks = |tab: &Tab| {
        tab.sent.iter().any(|(_, r)| matches!(r, Request::Give(y) if y.replaces.as_deref() == Some("sara-2")))
    };
    assert!(
        asks(&one) || asks(&two) || !one.outcomes.iter().any(Result::is_ok),
        "green was wanted last, it is called done, and it is not shared: {:?}",
        one.outcomes
    );
}

/// Yes to a new code of Sara's in one tab; it comes through, and then the network hangs. Another tab has slept, its connection to
/// the disk has died, and it shows the old yes: no to Sara. The first hears that, and then red is written.
#[test]
fn a_no_to_somebody_holds_for_a_yes_to_them_that_had_come_through_before() {
    let consents: &[(&str, &[Part])] = &[("sara-0", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.say('1', coded(CODE, &[R]));
    one.answer(is_give, Ok(Answer::Consent(named("sara-1", &[R], NOW + 1, None))));
    let hung: Vec<u64> = one.sent.drain(..).map(|(id, _)| id).collect();
    hung.into_iter().for_each(|id| one.handle(Event::TimedOut(id)));
    let hung: Vec<u64> = one.sent.drain(..).map(|(id, _)| id).collect();
    two.news = None;
    two.now += 60_000;
    two.handle(Event::Returned);
    two.told.clear();
    two.say_no("sara-0");
    tell(&mut two, &mut one);
    one.write(R, "Kun for mig");
    hung.into_iter().for_each(|id| one.handle(Event::TimedOut(id)));
    for _ in 0..4 {
        one.tick();
        assert!(!one.under_way().contains(R), "no was said to Sara last, and red leaves");
    }
}

/// Red was sent long ago. The phone is full now, and green is sent; the app is left and shown again. Then green is taken back, and
/// the server hears of it: green lies there, and nobody may see it.
#[test]
fn what_was_sent_while_the_disk_was_full_can_be_erased() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R, G])]);
    tab.write(R, "Synger");
    tab.answer_all();
    tab.disk = Err(StoreError::Full);
    tab.write(G, "Ring");
    tab.answer_all();
    assert!(tab.machine.sharing().has_sent());
    tab.news = Some(disk(&[&tab]));
    tab.handle(Event::Returned);
    tab.say('1', change("sara-1", &[R]));
    tab.answer(is_give, Ok(Answer::Consent(named("sara-2", &[R], NOW + 1, None))));
    assert!(tab.machine.sharing().can_erase(tab.now), "green lies on the server, and nobody offers to erase it");
}

/// The same code's page is open in two tabs. In one yes is said twice on a bad network; the other asks what came of the first try, hears
/// that it never will be anything, and the first goes on by itself. Nej, on the page in the other tab.
#[test]
fn a_no_on_the_page_of_a_code_ends_a_yes_that_goes_on_in_another_tab() {
    let consents: &[(&str, &[Part])] = &[("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    two.told.clear();
    one.say('1', coded(CODE, &[R]));
    tell(&mut one, &mut two);
    one.answer(is_give, Err(Failure::Offline));
    one.say('2', coded(CODE, &[R]));
    tell(&mut one, &mut two);
    (0..5).for_each(|_| two.tick());
    two.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
    tell(&mut two, &mut one);
    assert!(one.sent.iter().any(|(_, r)| is_give(r)), "it goes on");
    // All that is said between the tabs is heard.
    tell(&mut one, &mut two);
    two.now += 5_000;
    two.machine.take_back(two.now, CODE);
    two.run_until_idle();
    tell(&mut two, &mut one);
    // The first try's secret is void; the second's is not.
    let is_second = |r: &Request| matches!(r, Request::Give(yes) if yes.secret == Some("2".repeat(64)));
    if one.sent.iter().any(|(_, r)| is_second(r)) {
        one.answer(is_second, Ok(Answer::Consent(view("sara-1", &[R]))));
    }
    tell(&mut one, &mut two);
    let ended = [&one, &two].iter().any(|tab| {
        tab.sent.iter().any(|(_, r)| matches!(r, Request::Settle(s) if s.withdraw)) || !tab.withdrawals().is_empty()
    });
    assert!(ended || !is_standing(&one, "sara-1"), "Nej was said last, and the yes has come true");
}

/// Yes to a code of Sara's lies on the disk, and its batch comes there late: after another tab has found what came of it, after no and
/// yes again to Sara by another code. The app is started anew.
#[test]
fn a_yes_that_came_to_the_disk_late_takes_nothing_back() {
    let mut one = Tab::sharing(1, &[("jonas", &[A])]);
    one.say('1', coded(CODE, &[R]));
    let mut two = Tab::new(2);
    two.now += 60_000;
    two.handle(Event::Loaded(disk(&[&one])));
    for _ in 0..6 {
        two.tick();
    }
    let sara = |at: Option<u64>| named("sara-1", &[R], NOW + 1, at);
    two.answer(is_settle, Ok(Answer::Consent(sara(None))));
    two.now += 60_000;
    two.say_no("sara-1");
    two.answer(is_no("sara-1"), Ok(Answer::Consent(sara(Some(NOW + 120_000)))));
    two.now += 60_000;
    two.say('2', coded("ABCDE-FGHJK", &[R]));
    let new = named("sara-2", &[R], NOW + 180_000, None);
    two.answer(is_give, Ok(Answer::Consent(new.clone())));
    let all = || vec![view("jonas", &[A]), sara(Some(NOW + 120_000)), new.clone()];
    while two.has_main() {
        two.answer_main("g", all());
    }
    let mut anew = Tab::new(3);
    anew.now += 86_400_000;
    anew.handle(Event::Loaded(disk(&[&two, &one])));
    for _ in 0..8 {
        if anew.sent.iter().any(|(_, r)| is_settle(r)) {
            anew.answer(is_settle, Ok(Answer::Consent(sara(Some(NOW + 120_000)))));
        }
        if anew.has_main() {
            anew.answer_main("g", all());
        }
        anew.tick();
    }
    assert!(is_standing(&anew, "sara-2") && !anew.withdrawals().contains(&"sara-2"));
    assert!(anew.parts_of("sara-2").contains(R));
}

/// Yes to Sara's code, and the answer is lost. On the other phone Sara's yes is widened. No is said to Sara here, and told; the other
/// phone says yes to her once more by a new code. Only then is it asked what came of the first.
#[test]
fn a_yes_found_late_that_is_over_takes_back_nothing_that_was_given_since() {
    let mut tab = Tab::sharing(1, &[("sara-0", &[A])]);
    tab.say('1', coded(CODE, &[R]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.now += 10_000;
    tab.say_no("sara-0");
    // At the server: sara-0 ended by sara-1; the no to sara-0 comes when it is over already.
    let zero = named("sara-0", &[A], NOW, Some(NOW + 1));
    tab.answer(is_no("sara-0"), Ok(Answer::Consent(zero.clone())));
    let one = named("sara-1", &[R], NOW + 1, Some(NOW + 20_000));
    for _ in 0..3 {
        if tab.sent.iter().any(|(_, r)| is_settle(r)) {
            tab.answer(is_settle, Ok(Answer::Consent(named("sara-1", &[R], NOW + 1, None))));
        }
        if tab.withdrawals().contains(&"sara-1") {
            tab.answer(is_no("sara-1"), Ok(Answer::Consent(one.clone())));
        }
        tab.tick();
    }
    let two = named("sara-2", &[R, G], NOW + 40_000, None);
    for _ in 0..6 {
        if tab.has_main() {
            tab.answer_main("g", vec![zero.clone(), one.clone(), two.clone()]);
        }
        tab.tick();
    }
    assert!(is_standing(&tab, "sara-2") && tab.withdrawals().is_empty(), "{:?}", tab.withdrawals());
    assert!(tab.parts_of("sara-2").contains(G));
}

/// Green is taken back and wanted again without a network; the phone's clock is set back a day in between, and the app is started anew.
#[test]
fn what_was_said_last_holds_whatever_the_clock_was_set_to() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R, G])]);
    tab.say('1', change("sara-1", &[R]));
    tab.answer(is_give, Err(Failure::Offline));
    let mut anew = Tab::new(2);
    anew.now -= 86_400_000;
    anew.handle(Event::Loaded(disk(&[&tab])));
    anew.say('2', change("sara-1", &[R, G]));
    let mut third = Tab::new(3);
    third.now -= 80_000_000;
    third.handle(Event::Loaded(disk(&[&tab, &anew])));
    assert!(third.parts_of("sara-1").contains(G));
    third.say('3', change("sara-1", &[G]));
    let mut last = Tab::new(4);
    last.handle(Event::Loaded(disk(&[&tab, &anew, &third])));
    assert_eq!(last.parts_of("sara-1"), [G].into_iter().collect());
    let again = disk(&[&tab, &anew, &third, &last]);
    assert_eq!(again.meta.iter().filter(|(name, _)| name.starts_with("wish/")).count(), 1, "{:?}", again.meta);
}

/// What was written is at the server, which the other tab hears; the tab that has sent it is closed before its disk has answered. Then
/// the server is put back to a backup: the phone sends everything again.
#[test]
fn what_another_tab_has_sent_is_sent_again_to_a_server_that_was_put_back() {
    let consents: &[(&str, &[Part])] = &[("sara", &[R])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::new(2));
    one.told.clear();
    one.write(R, "Synger");
    one.answer_all();
    tell(&mut one, &mut two);
    let mut anew = Tab::new(3);
    let mut kept = disk(&[&two]);
    kept.meta.retain(|(name, _)| !matches!(name.as_str(), "consents" | "connected"));
    let shared = disk(&[&Tab::sharing(4, consents)]).meta;
    kept.meta.extend(shared.into_iter().filter(|(name, _)| matches!(name.as_str(), "consents" | "connected")));
    anew.handle(Event::Loaded(kept));
    for _ in 0..3 {
        if anew.under_way().contains(R) {
            return;
        }
        anew.answer_main("another", vec![view("sara", &[R])]);
        anew.tick();
    }
    panic!("the words are at no server, and nobody sends them");
}

/// And to the server that has it, it is not sent once more.
#[test]
fn what_another_tab_has_sent_is_not_sent_again() {
    let consents: &[(&str, &[Part])] = &[("sara", &[R])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    one.write(R, "Synger");
    one.answer_all();
    tell(&mut one, &mut two);
    two.tick();
    assert!(two.has_main() && two.under_way().is_empty(), "{:?}", two.sent);
}
