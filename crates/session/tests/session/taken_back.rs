//! What was taken back stays so, in every tab, over every start and whatever comes to light late; and what is wanted again is.

use crate::tab::{NOW, Tab, born, change, disk, is_give, is_settle, is_sync, named, view};
use plan::Part;
use protocol::{ConsentView, ErrorCode, MeView, SyncResponse};
use session::{Answer, Event, Failure, Loaded, Request, StoreError, Wish};

const RED: Part = Part::PlanRed;
const GREEN: Part = Part::PlanGreen;

/// A yes with a code has come through, and its answer was lost. Before anybody knows, one of its parts is taken back.
#[test]
fn a_yes_that_comes_to_light_late_allows_nothing_that_was_taken_back_since() {
    let mut tab = Tab::sharing(1, &[("sara", &[RED, GREEN])]);
    let parts = [GREEN, Part::AboutMe].into_iter().collect();
    let wish = Wish { code: Some("7K2M9-QXRW5".into()), replaces: None, parts, born: born() };
    tab.machine.say_yes(NOW, "1".repeat(64), wish);
    tab.run_until_idle();
    tab.answer(is_give, Err(Failure::Offline));
    tab.machine.say_yes(NOW, "2".repeat(64), change("sara", &[RED]));
    tab.run_until_idle();
    tab.answer(is_give, Err(Failure::Refused(ErrorCode::NoConsent)));
    // Now it is known what came of the first.
    let given = view("sara-2", &[GREEN, Part::AboutMe]);
    (0..8).for_each(|_| tab.tick());
    tab.answer(is_settle, Ok(Answer::Consent(given)));
    tab.write(GREEN, "Kun for mig");
    assert!(!tab.under_way().contains(GREEN), "green was taken back last, and leaves");
    let allowed = tab.machine.sharing().consents.iter().find(|consent| consent.id == "sara-2").unwrap().parts;
    assert!(allowed.is_empty(), "what was said last is that Sara may see red");
    assert!(tab.machine.sharing().is_no_waiting(), "and the server is told");
}

/// An old yes is asked about that is over long since: that says nothing of the one that has taken its place.
#[test]
fn what_came_of_a_yes_that_is_over_allows_nothing() {
    let mut tab = Tab::new(1);
    let wish = Wish {
        code: Some("7K2M9-QXRW5".into()),
        replaces: None,
        parts: [RED, GREEN].into_iter().collect(),
        born: born(),
    };
    tab.machine.say_yes(NOW, "1".repeat(64), wish);
    tab.run_until_idle();
    tab.answer(is_give, Err(Failure::Offline));
    tab.machine.join(NOW, &MeView { consents: Vec::new(), devices: Vec::new() });
    // Another tab knows of the one that counts, and has taken green back from it.
    let consents = serde_json::to_string(&[view("sara-2", &[RED, GREEN])]).unwrap();
    let told = ["sharing", "consents", &consents, "connected", "1", "wish/sara-2/5", "red"].map(str::to_owned);
    tab.handle(Event::Heard(told.to_vec()));
    let over = ConsentView { withdrawn_at: Some(NOW), ..view("sara-1", &[RED]) };
    (0..8).for_each(|_| tab.tick());
    tab.answer(is_settle, Ok(Answer::Consent(over.clone())));
    let consents = vec![over, view("sara-2", &[RED, GREEN])];
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
    assert_eq!(parts, [RED].into_iter().collect());
}

/// Two parts were taken back in one tab, and in another the young person says yes to one of them again.
#[test]
fn a_part_that_is_wanted_again_is_wanted_in_every_tab() {
    let about = Part::AboutMe;
    let consents: &[(&str, &[Part])] = &[("sara", &[RED, GREEN, about])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    let tell = |from: &mut Tab, to: &mut Tab| {
        for told in std::mem::take(&mut from.told) {
            to.handle(Event::Heard(told));
        }
    };
    one.told.clear();
    one.machine.say_yes(NOW, "1".repeat(64), change("sara", &[RED]));
    one.run_until_idle();
    tell(&mut one, &mut two);
    two.told.clear();
    two.machine.say_yes(NOW, "2".repeat(64), change("sara", &[RED, GREEN]));
    two.run_until_idle();
    tell(&mut two, &mut one);

    two.answer(is_give, Ok(Answer::Consent(view("sara-2", &[RED, GREEN]))));
    tell(&mut two, &mut one);
    let old = ConsentView { withdrawn_at: Some(NOW), ..view("sara", &[RED, GREEN, about]) };
    let me = || MeView { consents: vec![old.clone(), view("sara-2", &[RED, GREEN])], devices: Vec::new() };
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
        assert_eq!(parts, [RED, GREEN].into_iter().collect());
        assert!(!tab.machine.sharing().is_no_waiting(), "nobody takes green back once more");
    }
}

/// The server knows nothing of any change, and both consents and parts are as they were given.
fn answer_as_given(tab: &mut Tab, given: &ConsentView) {
    for _ in 0..8 {
        while let Some((_, request)) = tab.sent.first().cloned() {
            let answer = match &request {
                Request::Settle(_) => Err(Failure::Refused(ErrorCode::NotFound)),
                Request::Me => Ok(Answer::Me(MeView { consents: vec![given.clone()], devices: Vec::new() })),
                Request::Sync(_) => {
                    let consents = vec![given.clone()];
                    Ok(Answer::Sync(SyncResponse { consents, generation: "g".into(), ..SyncResponse::default() }))
                }
                _ => Err(Failure::Offline),
            };
            tab.answer(|known| *known == request, answer);
        }
        tab.tick();
    }
}

/// A change is left open in one tab, which ends. In the next, which has only read of it, other parts are wanted.
#[test]
fn a_tab_that_only_read_of_a_consent_takes_back_what_it_was_given_for() {
    let given = view("sara", &[RED, GREEN]);
    let mut first = Tab::sharing(1, &[("sara", &[RED, GREEN])]);
    for (secret, parts) in [("1", &[Part::AboutMe][..]), ("3", &[RED, GREEN, Part::AboutMe])] {
        first.machine.say_yes(NOW, secret.repeat(64), change("sara", parts));
        first.run_until_idle();
    }
    let mut second = Tab::new(2);
    second.handle(Event::Loaded(disk(&[&first])));
    second.machine.say_yes(NOW, "2".repeat(64), change("sara", &[GREEN, Part::AboutMe]));
    second.run_until_idle();
    answer_as_given(&mut second, &given);
    assert_eq!(second.parts_of("sara"), [GREEN].into_iter().collect(), "green is wanted again, and red is not");
}

/// All that was taken back is wanted again, and in the same breath something else is taken back.
#[test]
fn what_is_taken_back_is_on_the_disk_whatever_goes_from_it() {
    let mut first = Tab::sharing(1, &[("sara", &[RED, GREEN])]);
    for (secret, part) in [("1", RED), ("2", GREEN)] {
        first.machine.say_yes(NOW, secret.repeat(64), change("sara", &[part]));
        first.run_until_idle();
    }
    let mut second = Tab::new(2);
    second.handle(Event::Loaded(disk(&[&first])));
    answer_as_given(&mut second, &view("sara", &[RED, GREEN]));
    assert_eq!(second.parts_of("sara"), [GREEN].into_iter().collect());
}

/// One tab's news about sharing could not be written. Before it can, another takes something back.
#[test]
fn older_news_that_waits_for_the_disk_does_not_go_over_later_ones() {
    let consents: &[(&str, &[Part])] = &[("sara", &[RED, GREEN])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.machine.say_yes(NOW, "1".repeat(64), change("sara", &[RED]));
    one.run_until_idle();
    one.disk = Err(StoreError::Full);
    one.told.clear();
    one.machine.say_yes(NOW, "2".repeat(64), change("sara", &[RED, GREEN]));
    one.run_until_idle();
    for told in std::mem::take(&mut one.told) {
        two.handle(Event::Heard(told));
    }
    two.told.clear();
    two.machine.say_yes(NOW, "3".repeat(64), change("sara", &[RED]));
    two.run_until_idle();
    for told in std::mem::take(&mut two.told) {
        one.handle(Event::Heard(told));
    }
    one.disk = Ok(());
    one.tick();
    // The first tab's batches come to the disk last.
    let mut third = Tab::new(3);
    third.handle(Event::Loaded(disk(&[&two, &one])));
    answer_as_given(&mut third, &view("sara", &[RED, GREEN]));
    assert_eq!(third.parts_of("sara"), [RED].into_iter().collect());
}

/// A tab with a first yes on its way has slept, while another took back a part of what came of it.
#[test]
fn a_yes_that_a_sleeping_tab_knows_allows_nothing_that_was_taken_back_meanwhile() {
    let mut tab = Tab::new(1);
    let parts = [RED, GREEN].into_iter().collect();
    let wish = Wish { code: Some("7K2M9-QXRW5".into()), replaces: None, parts, born: born() };
    tab.machine.say_yes(NOW, "1".repeat(64), wish);
    tab.run_until_idle();
    tab.answer(is_give, Err(Failure::Offline));
    let consents = serde_json::to_string(&[view("sara", &[RED, GREEN])]).unwrap();
    let later = format!("wish/sara/{}", NOW + 5);
    let meta = [
        ("consents", consents.as_str()),
        ("connected", "1"),
        ("birthdays", "2024-06-01 2027-06-01"),
        (later.as_str(), "red"),
    ];
    let meta = meta.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec();
    tab.news = Some(Loaded { meta, ..Loaded::default() });
    tab.handle(Event::Returned);
    (0..8).for_each(|_| tab.tick());
    tab.answer(is_settle, Ok(Answer::Consent(view("sara", &[RED, GREEN]))));

    // What it asks the server on its own comes to nothing, and it is the server's word that counts then.

    if tab.sent.iter().any(|(_, request)| is_give(request)) {
        tab.answer(is_give, Err(Failure::Refused(ErrorCode::NoConsent)));
    }
    answer_as_given(&mut tab, &view("sara", &[RED, GREEN]));
    assert_eq!(tab.parts_of("sara"), [RED].into_iter().collect());
}

/// A part is taken back without a network, and the yes runs out before there is one: the server is told, and no new yes is made
/// of what was left.
#[test]
fn a_yes_that_has_run_out_is_not_said_again_by_the_machine() {
    let mut tab = Tab::sharing(1, &[("sara", &[RED, GREEN])]);
    tab.say('1', change("sara", &[RED, Part::AboutMe]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.now = NOW + 2_000_000_000;
    (0..10).for_each(|_| tab.tick());
    while tab.sent.iter().any(|(_, request)| is_settle(request)) {
        tab.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
    }
    (0..10).for_each(|_| tab.tick());
    assert!(!tab.sent.iter().any(|(_, request)| is_give(request)), "{:?}", tab.sent);
    assert_eq!(tab.withdrawals(), ["sara"]);
}

/// Two tabs have not heard of each other. What was said first comes to the disk last.
#[test]
fn what_was_said_first_and_stored_last_brings_nothing_back() {
    let consents: &[(&str, &[Part])] = &[("sara", &[RED, GREEN])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.say('1', change("sara", &[RED, GREEN]));
    two.now += 1_000;
    two.say('2', change("sara", &[RED]));
    let mut anew = Tab::new(3);
    anew.handle(Event::Loaded(disk(&[&two, &one])));
    assert_eq!(anew.parts_of("sara"), [RED].into_iter().collect());
}

/// A part of one yes was taken back, and another yes to the same person was heard by the server: the first, as long as it stands,
/// covers no more than before.
#[test]
fn a_later_yes_to_the_same_person_gives_nothing_back() {
    let mut tab = Tab::sharing(1, &[("sara", &[RED, GREEN, Part::AboutMe])]);
    tab.say('1', change("sara", &[RED]));
    tab.answer(is_give, Err(Failure::Offline));
    let later = serde_json::to_string(&[view("sara-2", &[GREEN])]).unwrap();
    let name = format!("heard/sara-2/{}", NOW + 5);
    tab.handle(Event::Heard(["sharing", "consents", &later, &name, "green"].map(str::to_owned).to_vec()));
    assert!(!tab.parts_of("sara").contains(GREEN) && !tab.parts_of("sara").contains(Part::AboutMe));
}

/// The server was put back, and has another yes to Sara than the one that was changed here a moment ago.
#[test]
fn what_was_taken_back_of_a_yes_that_is_gone_is_taken_back_of_what_has_its_place() {
    let mut tab = Tab::sharing(1, &[("sara", &[RED, GREEN])]);
    tab.machine.say_yes(NOW, "1".repeat(64), change("sara", &[RED]));
    tab.run_until_idle();
    tab.answer(is_give, Err(Failure::Refused(ErrorCode::NotFound)));
    for _ in 0..3 {
        tab.tick();
        if tab.has_main() {
            tab.answer_main("put back", vec![view("sara-2", &[RED, GREEN])]);
        }
    }
    let sharing = tab.machine.sharing();
    let ids: Vec<_> = sharing.consents.iter().map(|consent| consent.id.as_str()).collect();
    assert_eq!(ids, ["sara-2"]);
    assert_eq!(sharing.consents[0].parts, [RED].into_iter().collect());
    assert!(sharing.is_no_waiting(), "and the server is told");
    tab.write(GREEN, "Kun for mig");
    assert!(!tab.under_way().contains(GREEN), "green was taken back last, and leaves");
}

/// The server was put back and has forgotten the first yes to Sara, which one tab has not heard yet; that the server covers no more
/// than was wanted last says nothing of it.
#[test]
fn that_the_server_has_heard_says_nothing_of_a_yes_that_it_does_not_know() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[RED, GREEN]), ("sara-2", &[RED, GREEN])]);
    tab.machine.say_yes(NOW, "1".repeat(64), change("sara-2", &[RED]));
    tab.run_until_idle();
    assert!(!tab.parts_of("sara-1").contains(GREEN));
    let mut names = tab.stored.iter().flat_map(|batch| &batch.meta).map(|(name, _)| name);
    let wish = names.rfind(|name| name.starts_with("wish/sara-2/")).unwrap();
    let consents = serde_json::to_string(&[view("sara-2", &[RED])]).unwrap();
    let heard = wish.replacen("wish", "heard", 1);
    tab.handle(Event::Heard(["sharing", "consents", &consents, &heard, "red"].map(str::to_owned).to_vec()));
    tab.write(GREEN, "Kun for mig");
    assert!(!tab.under_way().contains(GREEN) && !tab.parts_of("sara-1").contains(GREEN));
}

/// Sara was given green on the other phone, and after that red alone in another tab of this one. Only then comes what the server said
/// in between, which knows of the former alone.
#[test]
fn an_answer_from_before_brings_back_nothing_that_has_been_replaced() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[RED])]);
    tab.tick();
    assert!(tab.has_main());
    tab.write(GREEN, "Kun for mig");
    let over = |id: &str, parts: &[Part], at: u64| named(id, parts, at, Some(at + 1));
    let third = named("sara-3", &[RED], NOW + 2, None);
    let consents = serde_json::to_string(&[over("sara-1", &[RED], NOW), third.clone()]).unwrap();
    let name = format!("heard/sara-3/{}", NOW + 5);
    tab.handle(Event::Heard(["sharing", "consents", &consents, &name, "red"].map(str::to_owned).to_vec()));
    tab.answer_main("g", vec![over("sara-1", &[RED], NOW), named("sara-2", &[RED, GREEN], NOW + 1, None)]);
    assert!(!tab.under_way().contains(GREEN), "red alone was wanted last, and green leaves");
    // What the server says from then on holds.
    let all = vec![over("sara-1", &[RED], NOW), over("sara-2", &[RED, GREEN], NOW + 1), third];
    for _ in 0..3 {
        tab.tick();
        if tab.has_main() {
            tab.answer_main("g", all.clone());
        }
    }
    assert_eq!(tab.parts_of("sara-3"), [RED].into_iter().collect());
    assert!(!tab.under_way().contains(GREEN));
}

/// A change that another tab tells of after something later was said here is that tab's to end. Tabs that each took it up, and ended it,
/// told each other of it for ever.
#[test]
fn what_was_overtaken_is_not_taken_up_from_another_tab() {
    let consents: &[(&str, &[Part])] = &[("sara-1", &[RED, GREEN]), ("sara-2", &[RED, GREEN])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    let secret = "1".repeat(64);
    one.machine.say_yes(NOW, secret.clone(), change("sara-1", &[RED]));
    one.run_until_idle();
    two.machine.say_yes(NOW + 1_000, "2".repeat(64), change("sara-2", &[GREEN]));
    two.run_until_idle();
    two.told.clear();
    for told in std::mem::take(&mut one.told) {
        assert!(told.iter().any(|text| text.contains(&secret)), "the first tab tells of it");
        two.handle(Event::Heard(told));
    }
    let about: Vec<_> = two.told.iter().flatten().filter(|text| text.contains(&secret)).collect();
    assert_eq!(about, [""; 0], "the second tells of it, too");
}
