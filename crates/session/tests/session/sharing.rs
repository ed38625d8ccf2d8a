//! A yes, a no and an erasure in single, named situations.

use crate::tab::{NOW, Tab, born, erased, is_give, is_no, is_sync, view, withdrawn};
use plan::consent::Custody;
use plan::{Day, Part};
use protocol::{ConsentView, ErrorCode, MeView, SyncResponse};
use session::{Answer, Event, Failure, Loaded, Request, Wish};

#[test]
fn a_yes_whose_answer_got_lost_is_asked_for_and_can_be_taken_back() {
    let wish = |parts: &[Part]| Wish {
        code: Some("ABCDE-FGHJK".into()),
        replaces: None,
        parts: parts.iter().copied().collect(),
        born: born(),
    };
    // It came through: it is found, by itself.
    let mut tab = Tab::new(1);
    tab.machine.say_yes(NOW, "1".repeat(64), wish(&[Part::PlanRed]));
    tab.run_until_idle();

    let is_settle = |request: &Request| matches!(request, Request::Settle(_));
    tab.answer(is_give, Err(Failure::Offline));
    assert_eq!(tab.outcomes, [Err(Failure::Offline)]);
    assert!(!tab.machine.sharing().connected);
    tab.answer(is_settle, Err(Failure::Offline));
    tab.tick();
    tab.tick();
    tab.answer(is_settle, Ok(Answer::Consent(view("sara", &[Part::PlanRed]))));
    assert!(tab.machine.sharing().connected);
    assert_eq!(tab.machine.sharing().consents.len(), 1);
    tab.say_no("sara");
    assert_eq!(tab.withdrawals(), ["sara"]);

    // It did not: it never does, and a new one is said with another secret.
    let mut tab = Tab::new(1);
    tab.machine.say_yes(NOW, "1".repeat(64), wish(&[Part::PlanRed]));
    tab.run_until_idle();
    tab.answer(is_give, Err(Failure::Offline));
    tab.machine.say_yes(NOW, "2".repeat(64), wish(&[Part::PlanRed]));
    tab.run_until_idle();
    let secret = |tab: &Tab| match &tab.sent.iter().find(|(_, request)| is_give(request)).unwrap().1 {
        Request::Give(yes) => yes.secret.clone().unwrap(),
        _ => String::new(),
    };
    assert_eq!(secret(&tab), "1".repeat(64), "the same yes is asked for again");
    tab.answer(is_give, Err(Failure::Refused(ErrorCode::NoConsent)));
    assert_eq!(secret(&tab), "2".repeat(64));
    tab.answer(is_give, Ok(Answer::Consent(view("sara", &[Part::PlanRed]))));
    assert_eq!(tab.outcomes.last(), Some(&Ok("sara".to_owned())));

    // The young person says no before anybody knows: it is taken back, whatever has become of it.
    let mut tab = Tab::new(1);
    tab.machine.say_yes(NOW, "1".repeat(64), wish(&[Part::PlanRed]));
    tab.run_until_idle();
    tab.machine.take_back(NOW, &"1".repeat(64));
    tab.run_until_idle();
    assert_eq!(tab.aborted.len(), 1);
    let withdraws = |request: &Request| matches!(request, Request::Settle(settle) if settle.withdraw);
    tab.answer(withdraws, withdrawn("sara", &[Part::PlanRed]));
    assert!(!tab.machine.sharing().is_no_waiting());
    assert!(tab.machine.sharing().consents.iter().all(|consent| consent.withdrawn_at.is_some()));
}

#[test]
fn an_earlier_try_with_more_parts_gives_nobody_more_than_was_wanted_last() {
    let wish = |parts: &[Part]| Wish {
        code: Some("ABCDE-FGHJK".into()),
        replaces: None,
        parts: parts.iter().copied().collect(),
        born: born(),
    };
    let mut tab = Tab::new(1);
    tab.write(Part::PlanGreen, "Grøn");
    tab.machine.say_yes(NOW, "1".repeat(64), wish(&[Part::PlanRed, Part::PlanGreen]));
    tab.run_until_idle();
    tab.answer(is_give, Err(Failure::Offline));
    tab.machine.say_yes(NOW, "2".repeat(64), wish(&[Part::PlanRed]));
    tab.run_until_idle();
    let both = view("sara", &[Part::PlanRed, Part::PlanGreen]);
    tab.answer(is_give, Ok(Answer::Consent(both)));
    assert!(tab.under_way().is_empty(), "the part that was not ticked stays here");
    let changes = tab.sent.iter().filter_map(|(_, request)| match request {
        Request::Give(yes) => Some((yes.replaces.clone(), yes.parts.clone())),
        _ => None,
    });
    let changes: Vec<_> = changes.collect();
    assert_eq!(changes, [(Some("sara".to_owned()), vec!["red".to_owned()])]);
    assert!(tab.machine.sharing().is_no_waiting());
}

#[test]
fn a_part_that_is_taken_back_stops_at_once_and_without_a_network() {
    let mut tab = Tab::sharing(1, &[("sara", &[Part::PlanRed, Part::PlanGreen])]);
    tab.write(Part::PlanGreen, "Grøn");
    assert_eq!(tab.under_way(), [Part::PlanGreen].into_iter().collect());
    let wish =
        Wish { code: None, replaces: Some("sara".into()), parts: [Part::PlanRed].into_iter().collect(), born: born() };
    tab.machine.say_yes(NOW, "1".repeat(64), wish);
    tab.run_until_idle();
    assert!(tab.under_way().is_empty());

    for _ in 0..3 {
        tab.answer(is_give, Err(Failure::Offline));
        (0..8).for_each(|_| tab.tick());
    }
    tab.answer_all();
    tab.tick();
    assert!(tab.under_way().is_empty());
    assert_eq!(tab.machine.sharing().consents[0].parts, [Part::PlanRed].into_iter().collect());
    let changed = view("sara-2", &[Part::PlanRed]);
    tab.answer(is_give, Ok(Answer::Consent(changed)));
    assert!(!tab.machine.sharing().is_no_waiting());
    assert!(tab.machine.sharing().consents[0].withdrawn_at.is_some());
}

#[test]
fn a_no_is_on_the_disk_and_outlives_older_news_from_another_tab() {
    let consents: &[(&str, &[Part])] = &[("sara", &[Part::PlanRed]), ("jonas", &[Part::PlanGreen])];
    let (mut first, mut second) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    first.say_no("sara");
    second.say_no("jonas");
    let (from_first, from_second) = (std::mem::take(&mut first.told), std::mem::take(&mut second.told));
    from_second.into_iter().for_each(|told| first.handle(Event::Heard(told)));
    from_first.into_iter().for_each(|told| second.handle(Event::Heard(told)));
    for tab in [&first, &second] {
        assert!(tab.machine.sharing().consents.iter().all(|consent| consent.withdrawn_at.is_some()));
    }
    // What both have written, in any order, is two noes.
    let mut meta = std::collections::BTreeMap::new();
    for batch in second.stored.iter().chain(&first.stored) {
        meta.extend(batch.meta.iter().cloned());
    }
    let meta = meta.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let mut anew = Tab::new(3);
    anew.handle(Event::Loaded(Loaded { meta, ..Loaded::default() }));
    assert!(anew.machine.sharing().consents.iter().all(|consent| consent.withdrawn_at.is_some()));
    let mut withdrawals = anew.withdrawals();
    withdrawals.sort_unstable();
    assert_eq!(withdrawals, ["jonas", "sara"]);
}

#[test]
fn an_answer_from_before_takes_no_no_back_and_loses_no_yes() {
    let mut tab = Tab::sharing(1, &[("sara", &[Part::PlanRed])]);
    tab.tick();
    // The server answers with what it knew before the no, and before the new yes.
    tab.say_no("sara");
    let wish =
        Wish { code: Some("C".into()), replaces: None, parts: [Part::PlanGreen].into_iter().collect(), born: born() };
    tab.machine.say_yes(NOW, "1".repeat(64), wish);
    tab.run_until_idle();

    tab.answer(is_give, Ok(Answer::Consent(view("jonas", &[Part::PlanGreen]))));
    let old = MeView { consents: vec![view("sara", &[Part::PlanRed])], devices: Vec::new() };
    let place = tab.sent.iter().position(|(_, request)| matches!(request, Request::Me) || is_sync(request)).unwrap();
    let (id, request) = tab.sent.remove(place);
    let answer = match request {
        Request::Me => Answer::Me(old),
        _ => Answer::Sync(SyncResponse { consents: old.consents, generation: "g".into(), ..SyncResponse::default() }),
    };
    tab.handle(Event::Answered(id, Ok(answer)));
    let active: Vec<_> = tab.machine.sharing().consents.iter().filter(|c| c.is_active(NOW)).map(|c| &c.id).collect();
    assert_eq!(active, ["jonas"]);
    assert_eq!(tab.withdrawals(), ["sara"]);
}

#[test]
fn a_server_that_forgot_a_no_is_told_again() {
    let mut tab = Tab::sharing(1, &[("sara", &[Part::PlanRed]), ("jonas", &[Part::PlanGreen])]);
    tab.say_no("sara");
    tab.answer(is_no("sara"), withdrawn("sara", &[Part::PlanRed]));
    assert!(!tab.machine.sharing().is_no_waiting());
    tab.answer_all();
    tab.tick();
    // The answer is from a database that was put back.
    let consents = vec![view("sara", &[Part::PlanRed]), view("jonas", &[Part::PlanGreen])];
    let answer = SyncResponse { consents, generation: "another".into(), ..SyncResponse::default() };
    tab.answer(is_sync, Ok(Answer::Sync(answer)));
    assert!(tab.machine.sharing().is_no_waiting());
    assert_eq!(tab.withdrawals(), ["sara"]);
    assert!(!tab.machine.sharing().consents[0].is_active(NOW));
}

#[test]
fn erasing_is_offered_while_another_has_a_yes_and_waits_for_the_no() {
    let mut tab = Tab::sharing(1, &[("sara", &[Part::PlanRed]), ("jonas", &[Part::PlanGreen])]);
    assert!(!tab.machine.sharing().can_erase(NOW));
    tab.write(Part::PlanRed, "Synger");
    tab.answer_all();
    assert!(tab.machine.sharing().has_sent());
    assert!(!tab.machine.sharing().can_erase(NOW));
    tab.say_no("sara");
    assert!(tab.machine.sharing().can_erase(NOW), "nobody has the red part any more");
    tab.machine.erase_sent(NOW);
    tab.run_until_idle();
    tab.answer_all();
    let erases = |tab: &Tab| tab.sent.iter().any(|(_, request)| *request == Request::Erase);
    assert!(!erases(&tab), "the server still thinks that somebody may read it");
    tab.answer(is_no("sara"), withdrawn("sara", &[Part::PlanRed]));
    assert!(erases(&tab) && tab.machine.sharing().erasing);
    tab.answer(|request| *request == Request::Erase, erased(&["sara"], &[Part::PlanGreen]));
    assert!(!tab.machine.sharing().erasing && !tab.machine.sharing().can_erase(NOW));
    assert!(!tab.machine.sharing().has_sent());
    // What jonas may see is sent again to a server that may have lost it.
    assert!(tab.under_way().iter().all(|part| part == Part::PlanGreen));
}

/// A phone whose clock is years ahead takes a yes for over that counts. What it asks to be erased stays where it is.
#[test]
fn an_erasure_is_done_when_the_server_says_what_is_gone() {
    let mut tab = Tab::sharing(1, &[("sara", &[Part::PlanRed])]);
    tab.write(Part::PlanRed, "Synger");
    tab.answer_all();
    tab.now += 730 * plan::date::DAY_MILLIS;
    assert!(tab.machine.sharing().can_erase(tab.now));
    tab.machine.erase_sent(tab.now);
    tab.run_until_idle();
    tab.answer(|request| *request == Request::Erase, erased(&[], &[Part::PlanRed]));
    let sharing = tab.machine.sharing();
    assert!(sharing.can_erase(tab.now) && sharing.has_sent(), "Sara can read it, and it is called gone");
    // After a no the server agrees.
    tab.say_no("sara");
    tab.answer(is_no("sara"), withdrawn("sara", &[Part::PlanRed]));
    tab.machine.erase_sent(tab.now);
    tab.run_until_idle();
    if tab.sent.iter().any(|(_, request)| *request == Request::Me) {
        let consents = vec![ConsentView { withdrawn_at: Some(NOW), ..view("sara", &[Part::PlanRed]) }];
        tab.answer(|request| *request == Request::Me, Ok(Answer::Me(MeView { consents, devices: Vec::new() })));
    }
    tab.answer(|request| *request == Request::Erase, erased(&["sara"], &[]));
    assert!(!tab.machine.sharing().can_erase(tab.now) && !tab.machine.sharing().has_sent());
}

#[test]
fn a_part_of_a_yes_that_ended_with_a_birthday_can_be_erased() {
    let birthday = Day::at(NOW + 10 * plan::date::DAY_MILLIS);
    let mut tab = Tab::new(1);
    let young =
        ConsentView { turns_15: birthday.to_string(), custody: Custody::Yes.into(), ..view("sara", &[Part::PlanRed]) };
    tab.machine.join(NOW, &MeView { consents: vec![young], devices: Vec::new() });
    tab.run_until_idle();
    tab.write(Part::PlanRed, "Synger");
    tab.answer_all();
    assert!(!tab.machine.sharing().can_erase(NOW));
    assert!(tab.machine.sharing().can_erase(NOW + 11 * plan::date::DAY_MILLIS));
}

#[test]
fn what_is_known_of_sharing_is_taken_up_from_the_disk() {
    let mut tab = Tab::new(1);
    let consents = serde_json::to_string(&[view("sara", &[Part::PlanRed]), view("jonas", &[Part::PlanGreen])]).unwrap();
    let meta = [
        ("consents", consents.as_str()),
        ("connected", "1"),
        ("no/sara", "1 5"),
        ("sent", "red"),
        ("birthdays", "2024-06-01 2027-06-01"),
        ("position", "g7 17"),
    ];
    let meta = meta.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    tab.handle(Event::Loaded(Loaded { meta, ..Loaded::default() }));
    assert_eq!(tab.withdrawals(), ["sara"]);
    assert_eq!(tab.machine.sharing().birthdays, Some(born()));
    assert!(tab.machine.sharing().has_sent());
    let cursor = tab.sent.iter().find_map(|(_, request)| match request {
        Request::Sync(sync) => Some(sync.cursor),
        _ => None,
    });
    assert_eq!(cursor, Some(17));
    assert!(!tab.machine.sharing().consents[0].is_active(NOW));
}
