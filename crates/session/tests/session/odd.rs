//! Numbers, days and answers that nobody means, and two tabs or a server that would go on without end.

use crate::tab::{NOW, Tab, change, coded, disk, is_give, tell, view, withdrawn};
use plan::Part;
use protocol::{ConsentView, ErrorCode, MeView};
use session::{Answer, Event, Failure, Loaded};

const R: Part = Part::PlanRed;
const G: Part = Part::PlanGreen;
const A: Part = Part::AboutMe;
const CODE: &str = "7K2M9-QXRW5";

/// A disk on which a count stands that is as large as a number can be.
#[test]
fn a_count_on_the_disk_that_is_the_largest_there_is_stops_nothing() {
    let first = Tab::sharing(1, &[("sara", &[R])]);
    for (name, text) in [
        (format!("wish/sara/{}", u64::MAX), "red ".to_owned()),
        ("no/jonas".to_owned(), format!("5 {}", u64::MAX)),
        ("dropped/x".to_owned(), u64::MAX.to_string()),
        (format!("refused/{CODE}"), u64::MAX.to_string()),
    ] {
        let mut kept = disk(&[&first]);
        kept.meta.push((name, text));
        let mut tab = Tab::new(2);
        tab.handle(Event::Loaded(kept));
        tab.say_no("sara");
        assert!(tab.withdrawals().contains(&"sara"));
    }
}

/// The same for a wish to erase.
#[test]
fn a_wish_to_erase_on_the_disk_with_the_largest_count_stops_nothing() {
    let mut kept = disk(&[&Tab::sharing(1, &[("sara", &[R])])]);
    kept.meta.push(("erasing".to_owned(), u64::MAX.to_string()));
    let mut tab = Tab::new(2);
    tab.handle(Event::Loaded(kept));
    tab.machine.erase_sent(tab.now);
    tab.run_until_idle();
}

/// Numbers and days from the server and from the disk that nobody means.
#[test]
fn numbers_and_days_that_nobody_means_stop_nothing() {
    let strange = |id: &str, given_at: u64, expires_at: u64, day: &str| ConsentView {
        given_at,
        expires_at,
        turns_15: day.into(),
        ..view(id, &[R, G])
    };
    let all = vec![
        strange("a-1", u64::MAX, u64::MAX, "9999-12-31"),
        strange("b-1", 0, 0, "0000-01-01"),
        strange("c-1", u64::MAX, 0, "65535-12-31"),
        ConsentView { withdrawn_at: Some(u64::MAX), ..strange("d-1", 0, u64::MAX, "0001-02-29") },
        strange("../..", NOW, u64::MAX, "2024-06-01"),
        strange("", NOW, u64::MAX, "2024-06-01"),
    ];
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    tab.tick();
    tab.answer_main("g", all.clone());
    tab.machine.join(tab.now, &MeView { consents: all.clone(), devices: Vec::new() });
    tab.run_until_idle();
    for id in ["a-1", "b-1", "c-1", "d-1", "../..", ""] {
        tab.say('1', change(id, &[R]));
        tab.say_no(id);
    }
    (0..3).for_each(|_| tab.tick());
    let meta = [
        ("birthdays", "65535-01-01 65535-01-01"),
        ("opened", "18446744073709551615 1 1 0 0 0 x"),
        ("yes/1/", "é"),
        ("yes/1/1", "é{}"),
        ("yes/1/1", ""),
        ("wish/1", "red"),
        ("wish//1", "red"),
        ("no/", ""),
        ("heard/x/y/1", "red"),
        ("position", "g 99999999999999999999"),
        ("consents", "{}"),
        ("erased", "18446744073709551615"),
    ];
    let meta = meta.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec();
    let mut anew = Tab::new(2);
    anew.handle(Event::Loaded(Loaded { meta, ..disk(&[&tab]) }));
    anew.handle(Event::Heard(vec!["sharing".into(), "yes/".into(), "é".into(), "x".into()]));
    anew.say('3', coded(CODE, &[R]));
    anew.answer(is_give, withdrawn("sara", &[R]));
}

fn answer_every(tab: &mut Tab, code: ErrorCode) -> usize {
    let mut rounds = 0;
    while !tab.sent.is_empty() && rounds < 200 {
        rounds += 1;
        let (id, _) = tab.sent.remove(0);
        tab.handle(Event::Answered(id, Err(Failure::Refused(code))));
    }
    rounds
}

/// Whatever the server says no with, it is not asked without a pause.
#[test]
fn no_refusal_leads_to_requests_without_a_pause() {
    let codes = [
        ErrorCode::Malformed,
        ErrorCode::UnknownVersion,
        ErrorCode::SignedOut,
        ErrorCode::Forbidden,
        ErrorCode::NoConsent,
        ErrorCode::NotFound,
        ErrorCode::WrongCode,
        ErrorCode::AlreadyConnected,
        ErrorCode::UsedCode,
        ErrorCode::ExpiredCode,
        ErrorCode::TooLarge,
        ErrorCode::TooManyTries,
        ErrorCode::Internal,
        ErrorCode::Busy,
        ErrorCode::Unknown,
    ];
    for code in codes {
        let mut tab = Tab::sharing(1, &[("sara-1", &[R, G]), ("jonas-1", &[A]), ("mor-1", &[R, A])]);
        tab.write(R, "Synger");
        tab.say('1', coded(CODE, &[R]));
        tab.say('2', coded(CODE, &[G]));
        tab.say('3', coded("ABCDE-FGHJK", &[G]));
        tab.machine.take_back(tab.now, "ABCDE-FGHJK");
        tab.run_until_idle();
        tab.say('4', change("sara-1", &[R]));
        tab.say('5', change("mor-1", &[R, G]));
        tab.say_no("jonas-1");
        tab.machine.erase_sent(tab.now);
        tab.run_until_idle();
        for _ in 0..20 {
            let rounds = answer_every(&mut tab, code);
            assert!(rounds < 60, "{rounds} requests in one moment, all refused with {code:?}");
            tab.tick();
        }
    }
}

/// Two tabs that hear each other fall silent.
#[test]
fn two_tabs_that_hear_each_other_fall_silent() {
    let consents: &[(&str, &[Part])] = &[("sara-1", &[R, G])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.say('1', change("sara-1", &[R]));
    two.say('2', change("sara-1", &[G]));
    one.say('3', coded(CODE, &[R]));
    two.say('4', coded(CODE, &[R, G]));
    let mut rounds = 0;
    while !(one.told.is_empty() && two.told.is_empty()) && rounds < 100 {
        rounds += 1;
        tell(&mut one, &mut two);
        tell(&mut two, &mut one);
    }
    assert!(rounds < 20, "{rounds}");
}

/// A server that answers every narrowing, and then shows two other yeses to the same person.
#[test]
fn narrowings_after_which_there_are_always_others_are_not_said_without_a_pause() {
    let mut tab = Tab::sharing(1, &[("sara-0", &[R, G])]);
    tab.say('1', change("sara-0", &[R]));
    let mut rounds = 0;
    while !tab.sent.is_empty() && rounds < 300 {
        rounds += 1;
        if tab.sent.iter().any(|(_, r)| is_give(r)) {
            tab.answer(is_give, Ok(Answer::Consent(view(&format!("sara-g{rounds}"), &[R]))));
        } else if tab.has_main() {
            let all = vec![view(&format!("sara-a{rounds}"), &[R, G]), view(&format!("sara-b{rounds}"), &[R, G])];
            tab.answer_main("g", all);
        } else {
            break;
        }
    }
    assert!(rounds < 100, "{rounds} requests without a pause");
}
