//! What a second look found, with the code in hand. Each test failed when it was written.

use crate::tab::{NOW, Tab, change, coded, disk, erased, is_give, is_no, is_settle, is_sync, view, withdrawn};
use plan::Part;
use protocol::{ConsentView, ErrorCode, MeView, SyncResponse};
use session::{Answer, Event, Failure, Loaded, Request, StoreError};
use std::collections::BTreeMap;

const R: Part = Part::PlanRed;
const G: Part = Part::PlanGreen;
const A: Part = Part::AboutMe;

fn named(id: &str, parts: &[Part], given_at: u64, withdrawn_at: Option<u64>) -> ConsentView {
    ConsentView { recipient: "Sara".into(), given_at, withdrawn_at, ..view(id, parts) }
}
/// Two codes to the same person: the answer to the second yes got lost. On the page there is only the first, and the young
/// person says no to it.
#[test]
fn a_no_to_somebody_holds_for_a_second_yes_to_them_that_comes_to_light_late() {
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    tab.say('1', coded("7K2M9-QXRW5", &[R, G]));
    tab.answer(is_give, Err(Failure::Offline));
    // It has come through: at the server `sara` ended with it. Here only `sara` is shown.
    tab.now += 60_000;
    tab.say_no("sara");
    let old = ConsentView { withdrawn_at: Some(NOW + 5), ..view("sara", &[R]) };
    let new = ConsentView { given_at: NOW + 5, ..view("sara-2", &[R, G]) };
    tab.answer(is_no("sara"), Ok(Answer::Consent(old.clone())));
    for _ in 0..8 {
        if tab.sent.iter().any(|(_, r)| is_settle(r)) {
            tab.answer(is_settle, Ok(Answer::Consent(new.clone())));
        }
        if tab.has_main() && tab.under_way().is_empty() {
            tab.answer_main("g", vec![old.clone(), new.clone()]);
        }
        tab.tick();
    }
    tab.write(R, "Kun for mig");
    for _ in 0..3 {
        if tab.has_main() && tab.under_way().is_empty() {
            tab.answer_main("g", vec![old.clone(), new.clone()]);
        }
        tab.tick();
    }
    assert!(!tab.under_way().contains(R), "no was said to Sara last, and red leaves for her");
}

/// Another phone has changed the yes twice while this one had no network. Then the no here.
#[test]
fn a_no_to_a_yes_that_another_phone_has_changed_twice() {
    let mut tab = Tab::new(1);
    tab.machine.join(NOW, &MeView { consents: vec![named("sara", &[R, G], NOW, None)], devices: Vec::new() });
    tab.run_until_idle();
    tab.answer_all();
    tab.tick();
    let hung: Vec<u64> = tab.sent.drain(..).map(|(id, _)| id).collect();
    hung.into_iter().for_each(|id| tab.handle(Event::TimedOut(id)));
    tab.now += 60_000;
    tab.say_no("sara");
    tab.write(R, "Kun for mig");
    let all = || {
        vec![
            named("sara", &[R, G], NOW, Some(NOW + 1_000)),
            named("sara-2", &[R], NOW + 1_000, Some(NOW + 2_000)),
            named("sara-3", &[R, A], NOW + 2_000, None),
        ]
    };
    tab.answer(is_no("sara"), Ok(Answer::Consent(all()[0].clone())));
    for _ in 0..3 {
        if tab.has_main() && !tab.under_way().contains(R) {
            tab.answer_main("g", all());
        }
        tab.tick();
    }
    assert!(!tab.under_way().contains(R), "no was said to Sara after both changes, and she gets what is written since");
}

/// A tab that has slept is woken by an answer before anything else. Meanwhile another tab has said no.
#[test]
fn a_tab_that_has_slept_sends_nothing_whatever_wakes_it() {
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    tab.write(R, "Synger");
    assert!(tab.under_way().contains(R));
    // It sleeps with that request under way; another tab says no, which lies on the disk.
    let mut meta = disk(&[&tab]).meta;
    meta.push(("no/sara".into(), (NOW + 1_000).to_string()));
    tab.news = Some(Loaded { meta, ..Loaded::default() });
    let place = tab.sent.iter().position(|(_, r)| is_sync(r)).unwrap();
    let (id, request) = tab.sent.remove(place);
    let answer = tab.stored_answer(&request, 1);
    tab.write(R, "Kun for mig");
    tab.now += 3_600_000;
    tab.handle(Event::Answered(id, Ok(answer)));
    assert!(!tab.under_way().contains(R), "the no is an hour old and on the disk, and red leaves");
}

/// The phone is full. The young person wants green again; the app is left and shown again.
#[test]
fn what_lies_on_a_full_disk_does_not_take_back_what_was_wanted_since() {
    let mut tab = Tab::sharing(1, &[("sara", &[R, G])]);
    tab.say('1', change("sara", &[R]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.disk = Err(StoreError::Full);
    tab.say('2', change("sara", &[R, G]));
    tab.news = Some(disk(&[&tab]));
    tab.handle(Event::Returned);
    if tab.sent.iter().any(|(_, r)| is_give(r)) {
        tab.answer(is_give, Ok(Answer::Consent(view("sara-2", &[R, G]))));
    } else {
        tab.answer(is_settle, Ok(Answer::Consent(view("sara-2", &[R, G]))));
    }
    assert!(tab.parts_of("sara-2").contains(G), "green was wanted last");
    let narrowing =
        tab.sent.iter().any(|(_, r)| matches!(r, Request::Give(yes) if !yes.parts.contains(&"green".into())));
    assert!(!narrowing, "the app takes green back by itself");
}

/// Everything was erased. The server is put back from a backup in which it is there.
#[test]
fn what_a_backup_brought_back_can_be_erased() {
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    tab.write(R, "Synger");
    tab.answer_all();
    tab.say_no("sara");
    tab.answer(is_no("sara"), withdrawn("sara", &[R]));
    tab.machine.erase_sent(tab.now);
    tab.run_until_idle();
    for _ in 0..3 {
        if tab.has_main() {
            tab.answer_main("g", vec![ConsentView { withdrawn_at: Some(NOW), ..view("sara", &[R]) }]);
        }
    }
    tab.answer(|request| *request == Request::Erase, erased(&["sara"], &[]));
    assert!(!tab.machine.sharing().can_erase(tab.now));
    tab.tick();
    tab.answer_main("another", vec![view("sara", &[R])]);
    assert_eq!(tab.withdrawals(), ["sara"], "it is told of the no again");
    tab.answer(is_no("sara"), withdrawn("sara", &[R]));
    assert!(tab.machine.sharing().can_erase(tab.now), "the words are there again, and nobody offers to erase them");
}

/// A part is taken back, the answer is lost; it is wanted again before anybody knows.
#[test]
fn a_part_that_is_wanted_again_is_asked_for_when_the_taking_back_had_come_through() {
    let mut tab = Tab::sharing(1, &[("sara", &[R, G])]);
    tab.say('1', change("sara", &[R]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.outcomes.clear();
    tab.say('2', change("sara", &[R, G]));
    // The same secret, so the server answers with what the first has become.
    tab.answer(is_give, Ok(Answer::Consent(view("sara-2", &[R]))));
    let asks = tab.sent.iter().any(|(_, r)| matches!(r, Request::Give(yes) if yes.parts.contains(&"green".into())));
    assert!(
        asks || !tab.outcomes.iter().any(Result::is_ok),
        "green was wanted last, it is called done, and it is not shared"
    );
}

/// A server behind which there are two copies.
#[test]
fn a_server_with_two_copies_is_not_asked_without_end() {
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    tab.write(R, "Synger");
    let mut rounds = 0;
    while tab.has_main() && rounds < 1_000 {
        rounds += 1;
        let place = tab.sent.iter().position(|(_, r)| is_sync(r)).unwrap();
        let (id, request) = tab.sent.remove(place);
        let Answer::Sync(answer) = tab.stored_answer(&request, 1) else { unreachable!() };
        let generation = format!("g{}", rounds % 2);
        tab.handle(Event::Answered(id, Ok(Answer::Sync(SyncResponse { generation, ..answer }))));
    }
    assert!(rounds < 100, "{rounds} requests without a pause");
}

/// A server that always has more to say, and says nothing.
#[test]
fn a_server_that_has_more_and_says_nothing_is_not_asked_without_end() {
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    tab.tick();
    let mut rounds = 0;
    while tab.has_main() && rounds < 1_000 {
        rounds += 1;
        let answer = SyncResponse {
            consents: vec![view("sara", &[R])],
            generation: "g".into(),
            cursor: 1,
            more: true,
            ..SyncResponse::default()
        };
        tab.answer(is_sync, Ok(Answer::Sync(answer)));
    }
    assert!(rounds < 100, "{rounds} requests without a pause");
}

/// Red goes and green comes in one change; erasing is asked for before the server knows of it.
#[test]
fn a_wish_to_erase_waits_for_what_a_mixed_change_takes_back() {
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    tab.write(R, "Synger");
    tab.answer_all();
    tab.say('1', change("sara", &[G]));
    tab.answer(is_give, Err(Failure::Offline));
    assert!(tab.machine.sharing().can_erase(tab.now));
    tab.machine.erase_sent(tab.now);
    tab.run_until_idle();
    if tab.has_main() {
        tab.answer_main("g", vec![view("sara", &[R])]);
    }
    let erases = tab.sent.iter().any(|(_, request)| *request == Request::Erase);
    assert!(!erases, "the server still thinks that Sara may read red, so it keeps it");
}

/// A tab that slept says no before it could read the disk, on which a change lies that another tab has said before.
#[test]
fn a_no_of_a_tab_that_slept_holds_for_a_change_it_had_not_heard_of() {
    let mut one = Tab::sharing(1, &[("sara", &[R])]);
    let mut two = Tab::sharing(2, &[("sara", &[R])]);
    // The answer is lost with its tab; the server has made it sara-2.
    one.say('1', change("sara", &[R, G]));
    two.now += 3_600_000;
    two.news = None;
    two.handle(Event::Returned);
    two.say_no("sara");
    two.news = Some(disk(&[&one, &two]));
    let old = ConsentView { withdrawn_at: Some(NOW + 5), ..view("sara", &[R]) };
    let new = ConsentView { given_at: NOW + 5, ..view("sara-2", &[R, G]) };
    two.answer(is_no("sara"), Ok(Answer::Consent(old.clone())));
    for _ in 0..8 {
        two.tick();
        if two.sent.iter().any(|(_, r)| is_settle(r)) {
            let answer = match two.sent.iter().find(|(_, r)| is_settle(r)).unwrap().1 {
                Request::Settle(ref settle) if settle.withdraw => withdrawn("sara-2", &[R, G]),
                _ => Ok(Answer::Consent(new.clone())),
            };
            two.answer(is_settle, answer);
        }
        if two.has_main() && two.under_way().is_empty() {
            two.answer_main("g", vec![old.clone(), new.clone()]);
        }
    }
    two.write(R, "Kun for mig");
    for _ in 0..3 {
        if two.has_main() && two.under_way().is_empty() {
            two.answer_main("g", vec![old.clone(), new.clone()]);
        }
        two.tick();
    }
    assert!(!two.under_way().contains(R), "no was said to Sara last");
}

/// A tab that only heard that green is wanted again, and slept when it was taken back once more.
#[test]
fn what_a_sleeping_tab_wants_removed_does_not_remove_what_came_since() {
    let consents: &[(&str, &[Part])] = &[("sara", &[R, G]), ("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    one.say('1', change("sara", &[R]));
    one.say('2', change("sara", &[R, G]));
    for told in std::mem::take(&mut one.told) {
        two.handle(Event::Heard(told));
    }
    let stored = two.stored.len();
    // It sleeps. Green is taken back again, the network is gone, and the tab is closed.
    one.say('3', change("sara", &[R]));
    let before = disk(&[&one]);
    let wish = before.meta.iter().find(|(name, _)| name.starts_with("wish/sara/")).cloned().unwrap();
    // It wakes, and the young person does something before it has read.
    two.now += 3_600_000;
    two.news = None;
    two.handle(Event::Returned);
    two.say_no("jonas");
    two.stored.drain(..stored);
    assert!(disk(&[&one, &two]).meta.contains(&wish), "what was taken back is gone from the disk");
}

/// As before, and another phone has changed the yes meanwhile: nothing on this phone remembers that green was taken back.
#[test]
fn what_a_sleeping_tab_has_removed_leaves() {
    let consents: &[(&str, &[Part])] = &[("sara", &[R, G]), ("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    one.say('1', change("sara", &[R]));
    one.say('2', change("sara", &[R, G]));
    for told in std::mem::take(&mut one.told) {
        two.handle(Event::Heard(told));
    }
    one.say('3', change("sara", &[R]));
    let seen_by_two = two.stored.len();
    two.now += 3_600_000;
    two.news = None;
    two.handle(Event::Returned);
    two.say_no("jonas");
    two.stored.drain(..seen_by_two);
    let mut three = Tab::new(3);
    three.handle(Event::Loaded(disk(&[&one, &two])));
    let old = ConsentView { withdrawn_at: Some(NOW + 5), ..view("sara", &[R, G]) };
    let new = ConsentView { given_at: NOW + 5, recipient: "sara".into(), ..view("sara-2", &[R, G, A]) };
    let jonas = ConsentView { withdrawn_at: Some(NOW + 9), ..view("jonas", &[A]) };
    three.write(G, "Kun for mig");
    for _ in 0..8 {
        while three.sent.iter().any(|(_, r)| is_give(r)) {
            three.answer(is_give, Err(Failure::Refused(ErrorCode::NoConsent)));
        }
        while three.sent.iter().any(|(_, r)| is_settle(r)) {
            three.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
        }
        if three.has_main() && !three.under_way().contains(G) {
            three.answer_main("g", vec![old.clone(), jonas.clone(), new.clone()]);
        }
        three.tick();
    }
    assert!(!three.under_way().contains(G), "green was taken back last on this phone, and leaves");
}

/// An answer to another tab, from before the yes came through.
#[test]
fn an_old_answer_to_another_tab_loses_no_yes() {
    let consents: &[(&str, &[Part])] = &[("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    two.tick();
    one.told.clear();
    one.say('1', coded("7K2M9-QXRW5", &[R]));
    one.answer(is_give, Ok(Answer::Consent(view("sara", &[R]))));
    for told in std::mem::take(&mut one.told) {
        two.handle(Event::Heard(told));
    }
    assert!(two.machine.sharing().consents.iter().any(|known| known.id == "sara"));
    // What the server knew before.
    two.answer_main("g", vec![view("jonas", &[A])]);
    assert!(
        two.machine.sharing().consents.iter().any(|known| known.id == "sara"),
        "the yes is gone from the other tab"
    );
}

/// And from the disk: an app that is opened anew without a network shows no yes, and so no way to take it back.
#[test]
fn an_old_answer_to_another_tab_takes_no_yes_from_the_disk() {
    let consents: &[(&str, &[Part])] = &[("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    two.stored.clear();
    two.tick();
    one.told.clear();
    one.say('1', coded("7K2M9-QXRW5", &[R]));
    one.answer(is_give, Ok(Answer::Consent(view("sara", &[R]))));
    for told in std::mem::take(&mut one.told) {
        two.handle(Event::Heard(told));
    }
    two.answer_main("g", vec![view("jonas", &[A])]);
    let mut three = Tab::new(3);
    three.handle(Event::Loaded(disk(&[&one, &two])));
    assert!(three.machine.sharing().consents.iter().any(|known| known.id == "sara"), "the yes is gone from the disk");
}

/// A tab whose connection to the disk had died slept while its words were erased in another.
#[test]
fn what_was_erased_is_not_written_over_by_a_tab_that_wakes() {
    let (mut one, mut two) = (Tab::new(1), Tab::new(2));
    two.disk = Err(StoreError::Dead);
    let on = two.write(R, "Hemmeligt");
    for told in std::mem::take(&mut two.told) {
        one.handle(Event::Heard(told));
    }
    let seen = one.machine.set().see(&on);
    one.machine.erase(NOW, &seen).unwrap();
    one.run_until_idle();
    let ops: BTreeMap<String, String> = one.stored.iter().flat_map(|batch| batch.ops.clone()).collect();
    assert!(ops.values().all(|raw| !raw.contains("Hemmeligt")));
    let news: Vec<String> = ops.iter().filter(|(id, _)| !two.machine.knows(id)).map(|(_, raw)| raw.clone()).collect();
    two.news = Some(Loaded { ops: news, ..Loaded::default() });
    two.disk = Ok(());
    two.now += 3_600_000;
    two.handle(Event::Returned);
    two.tick();
    let mut ops = ops;
    ops.extend(two.stored.iter().flat_map(|batch| batch.ops.clone()));
    assert!(ops.values().all(|raw| !raw.contains("Hemmeligt")), "what was erased lies on the disk again");
}

/// The clock is two years ahead, so the yes looks as if it were over. A part of it is taken back without a network.
#[test]
fn a_part_is_taken_back_at_the_server_whatever_the_clock_here_says() {
    let mut tab = Tab::sharing(1, &[("sara", &[R, G])]);
    tab.now += 730 * plan::date::DAY_MILLIS;
    tab.say('1', change("sara", &[R]));
    tab.answer(is_give, Err(Failure::Offline));
    let mut asked = 0;
    for _ in 0..30 {
        while tab.sent.iter().any(|(_, r)| is_settle(r)) {
            tab.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
        }
        while tab.sent.iter().any(|(_, r)| is_give(r)) {
            tab.answer(is_give, Err(Failure::Offline));
            asked += 1;
        }
        if tab.has_main() {
            tab.answer_main("g", vec![view("sara", &[R, G])]);
        }
        tab.tick();
    }
    assert!(asked > 0 && tab.machine.sharing().is_no_waiting(), "Sara reads green, and the server is not told");
}
