//! A yes, a no and an erasure in single, named situations.

use crate::tab::{NOW, Tab, born, erased, is_no, is_sync, view, withdrawn};
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
    tab.settle();
    let is_give = |request: &Request| matches!(request, Request::Give(_));
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
    tab.settle();
    tab.answer(is_give, Err(Failure::Offline));
    tab.machine.say_yes(NOW, "2".repeat(64), wish(&[Part::PlanRed]));
    tab.settle();
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
    tab.settle();
    tab.machine.take_back(NOW, &"1".repeat(64));
    tab.settle();
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
    tab.settle();
    tab.answer(|request| matches!(request, Request::Give(_)), Err(Failure::Offline));
    tab.machine.say_yes(NOW, "2".repeat(64), wish(&[Part::PlanRed]));
    tab.settle();
    let both = view("sara", &[Part::PlanRed, Part::PlanGreen]);
    tab.answer(|request| matches!(request, Request::Give(_)), Ok(Answer::Consent(both)));
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
    tab.settle();
    assert!(tab.under_way().is_empty());
    let is_give = |request: &Request| matches!(request, Request::Give(_));
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
    tab.settle();
    let is_give = |request: &Request| matches!(request, Request::Give(_));
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
    tab.settle();
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
    tab.settle();
    tab.answer(|request| *request == Request::Erase, erased(&[], &[Part::PlanRed]));
    let sharing = tab.machine.sharing();
    assert!(sharing.can_erase(tab.now) && sharing.has_sent(), "Sara can read it, and it is called gone");
    // After a no the server agrees.
    tab.say_no("sara");
    tab.answer(is_no("sara"), withdrawn("sara", &[Part::PlanRed]));
    tab.machine.erase_sent(tab.now);
    tab.settle();
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
    tab.settle();
    tab.write(Part::PlanRed, "Synger");
    tab.answer_all();
    assert!(!tab.machine.sharing().can_erase(NOW));
    assert!(tab.machine.sharing().can_erase(NOW + 11 * plan::date::DAY_MILLIS));
}

#[test]
fn what_an_earlier_build_has_stored_is_taken_up() {
    let mut tab = Tab::new(1);
    let consents = serde_json::to_string(&[view("sara", &[Part::PlanRed]), view("jonas", &[Part::PlanGreen])]).unwrap();
    let meta = [
        ("consents", consents.as_str()),
        ("connected", "1"),
        ("unsent", "sara"),
        ("sent", "1"),
        ("birthdays", "2024-06-01 2027-06-01"),
        ("cursor", "17"),
        ("generation", "g7"),
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

fn change(of: &str, parts: &[Part]) -> Wish {
    Wish { code: None, replaces: Some(of.into()), parts: parts.iter().copied().collect(), born: born() }
}

/// A yes with a code has come through, and its answer was lost. Before anybody knows, one of its parts is taken back.
#[test]
fn a_yes_that_comes_to_light_late_allows_nothing_that_was_taken_back_since() {
    let (red, green) = (Part::PlanRed, Part::PlanGreen);
    let mut tab = Tab::sharing(1, &[("sara", &[red, green])]);
    let parts = [green, Part::AboutMe].into_iter().collect();
    let wish = Wish { code: Some("7K2M9-QXRW5".into()), replaces: None, parts, born: born() };
    tab.machine.say_yes(NOW, "1".repeat(64), wish);
    tab.settle();
    tab.answer(|request| matches!(request, Request::Give(_)), Err(Failure::Offline));
    tab.machine.say_yes(NOW, "2".repeat(64), change("sara", &[red]));
    tab.settle();
    tab.answer(|request| matches!(request, Request::Give(_)), Err(Failure::Refused(ErrorCode::NoConsent)));
    // Now it is known what came of the first.
    let given = view("sara-2", &[green, Part::AboutMe]);
    (0..8).for_each(|_| tab.tick());
    tab.answer(|request| matches!(request, Request::Settle(_)), Ok(Answer::Consent(given)));
    tab.write(green, "Kun for mig");
    assert!(!tab.under_way().contains(green), "green was taken back last, and leaves");
    let allowed = tab.machine.sharing().consents.iter().find(|consent| consent.id == "sara-2").unwrap().parts;
    assert_eq!(allowed, [Part::AboutMe].into_iter().collect());
    assert!(tab.machine.sharing().is_no_waiting(), "and the server is told");
}

/// An old yes is asked about that is over long since: that says nothing of the one that has taken its place.
#[test]
fn what_came_of_a_yes_that_is_over_allows_nothing() {
    let (red, green) = (Part::PlanRed, Part::PlanGreen);
    let mut tab = Tab::new(1);
    let wish = Wish {
        code: Some("7K2M9-QXRW5".into()),
        replaces: None,
        parts: [red, green].into_iter().collect(),
        born: born(),
    };
    tab.machine.say_yes(NOW, "1".repeat(64), wish);
    tab.settle();
    tab.answer(|request| matches!(request, Request::Give(_)), Err(Failure::Offline));
    tab.machine.join(NOW, &MeView { consents: Vec::new(), devices: Vec::new() });
    // Another tab knows of the one that counts, and has taken green back from it.
    let consents = serde_json::to_string(&[view("sara-2", &[red, green])]).unwrap();
    let told = ["sharing", "consents", &consents, "connected", "1", "back/sara-2", "green"].map(str::to_owned);
    tab.handle(Event::Heard(told.to_vec()));
    let over = ConsentView { withdrawn_at: Some(NOW), ..view("sara-1", &[red]) };
    (0..8).for_each(|_| tab.tick());
    tab.answer(|request| matches!(request, Request::Settle(_)), Ok(Answer::Consent(over.clone())));
    let consents = vec![over, view("sara-2", &[red, green])];
    let me = MeView { consents: consents.clone(), devices: Vec::new() };
    tab.answer(|request| *request == Request::Me, Ok(Answer::Me(me)));
    for _ in 0..3 {
        if tab.sent.iter().any(|(_, request)| is_sync(request)) {
            let answer = SyncResponse { consents: consents.clone(), generation: "g".into(), ..SyncResponse::default() };
            tab.answer(is_sync, Ok(Answer::Sync(answer)));
        }
        tab.tick();
    }
    let parts = tab.machine.sharing().consents.iter().find(|consent| consent.id == "sara-2").unwrap().parts;
    assert_eq!(parts, [red].into_iter().collect());
}

/// Two parts were taken back in one tab, and in another the young person says yes to one of them again.
#[test]
fn a_part_that_is_wanted_again_is_wanted_in_every_tab() {
    let (red, green, about) = (Part::PlanRed, Part::PlanGreen, Part::AboutMe);
    let consents: &[(&str, &[Part])] = &[("sara", &[red, green, about])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    let tell = |from: &mut Tab, to: &mut Tab| {
        for told in std::mem::take(&mut from.told) {
            to.handle(Event::Heard(told));
        }
    };
    one.told.clear();
    one.machine.say_yes(NOW, "1".repeat(64), change("sara", &[red]));
    one.settle();
    tell(&mut one, &mut two);
    two.told.clear();
    two.machine.say_yes(NOW, "2".repeat(64), change("sara", &[red, green]));
    two.settle();
    tell(&mut two, &mut one);
    let is_give = |request: &Request| matches!(request, Request::Give(_));
    two.answer(is_give, Ok(Answer::Consent(view("sara-2", &[red, green]))));
    tell(&mut two, &mut one);
    let old = ConsentView { withdrawn_at: Some(NOW), ..view("sara", &[red, green, about]) };
    let me = || MeView { consents: vec![old.clone(), view("sara-2", &[red, green])], devices: Vec::new() };
    for _ in 0..4 {
        for tab in [&mut one, &mut two] {
            tab.tick();
            if tab.sent.iter().any(|(_, request)| *request == Request::Me) {
                tab.answer(|request| *request == Request::Me, Ok(Answer::Me(me())));
            } else if tab.sent.iter().any(|(_, request)| is_sync(request)) {
                let answer =
                    SyncResponse { consents: me().consents, generation: "g".into(), ..SyncResponse::default() };
                tab.answer(is_sync, Ok(Answer::Sync(answer)));
            }
        }
    }
    for tab in [&one, &two] {
        let parts = tab.machine.sharing().consents.iter().find(|consent| consent.id == "sara-2").unwrap().parts;
        assert_eq!(parts, [red, green].into_iter().collect());
        assert!(!tab.machine.sharing().is_no_waiting(), "nobody takes green back once more");
    }
}
