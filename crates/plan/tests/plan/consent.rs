//! What a consent allows, and when it stops.

use crate::history::NOW;
use crate::rng::Rng;
use plan::consent::{
    Birthdays, Consent, Custody, MAX_DAYS, REMINDER_DAYS, Status, custody_for, expiry, permit, to_show,
};
use plan::date::DAY_MILLIS;
use plan::{Day, Entity, Part, Parts, Profile};

/// 2026-11-22, midnight.
const GIVEN: u64 = NOW;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn given(turns_15: &str, custody: Custody) -> Consent {
    Consent {
        id: "c1".to_owned(),
        recipient: "Kontakt".to_owned(),
        staff: "kontakt".to_owned(),
        unit: "Bosted".to_owned(),
        parts: [Part::AboutMe, Part::PlanRed].into_iter().collect(),
        given_at: GIVEN,
        expires_at: expiry(GIVEN),
        custody,
        withdrawn_at: None,
        turns_15: day(turns_15),
        profile: Profile { about: "Jeg kan lide at spille kort".to_owned(), ..Profile::default() },
    }
}

const STAFF: [&str; 2] = ["kontakt", "afloeser"];

/// Something that is written in a part; of messages, to this contact.
fn something(part: Part, staff: &str) -> Entity {
    match part {
        Part::Messages => format!("messages/message/00c0ffee00c0ffee-1_{staff}").parse().unwrap(),
        part => Entity::entry(part, "x"),
    }
}

#[track_caller]
fn check(consent: &Consent, now: u64, expected: Status) {
    let active = expected == Status::Active;
    assert_eq!(consent.status(now), expected, "{consent:?} at {now}");
    assert_eq!(consent.is_active(now), active);
    let permit = permit([consent], now);
    assert_eq!(permit.is_some(), active);
    for part in Part::ALL {
        let allowed = permit.as_ref().is_some_and(|permit| permit.allows(&something(part, &consent.staff)));
        assert_eq!(allowed, active && consent.parts.contains(part), "{part:?}");
    }
    if !active {
        assert_eq!(consent.reminder(now), None);
    }
}

const PAST: &str = "2020-01-01";
const FUTURE: &str = "2030-01-01";

#[test]
fn a_consent_lasts_365_days() {
    let consent = given(PAST, Custody::NotNeeded);
    let end = GIVEN + 365 * DAY_MILLIS;
    assert_eq!((MAX_DAYS, expiry(GIVEN)), (365, end));
    check(&consent, GIVEN, Status::Active);
    check(&consent, end - 1, Status::Active);
    check(&consent, end, Status::Expired);
    check(&consent, u64::MAX, Status::Expired);
    // A clock that is behind does not take a yes away.
    check(&consent, GIVEN - 1, Status::Active);
    check(&consent, 0, Status::Active);

    let shorter = Consent { expires_at: GIVEN + 10, ..consent.clone() };
    check(&shorter, GIVEN + 9, Status::Active);
    check(&shorter, GIVEN + 10, Status::Expired);
    // Whatever the record says.
    for expires_at in [end + 1, u64::MAX] {
        let longer = Consent { expires_at, ..consent.clone() };
        check(&longer, end - 1, Status::Active);
        check(&longer, end, Status::Expired);
    }
    assert_eq!(expiry(u64::MAX - 1), u64::MAX);
}

#[test]
fn the_reminder_comes_14_days_before_the_end() {
    assert_eq!(REMINDER_DAYS, 14);
    let consent = given(PAST, Custody::NotNeeded);
    let end = expiry(GIVEN);
    for (before_end, reminder) in [
        (14 * DAY_MILLIS + 1, None),
        (14 * DAY_MILLIS, Some(14)),
        (14 * DAY_MILLIS - 1, Some(14)),
        (13 * DAY_MILLIS, Some(13)),
        (DAY_MILLIS + 1, Some(2)),
        (DAY_MILLIS, Some(1)),
        (1, Some(1)),
        (0, None),
    ] {
        assert_eq!(consent.reminder(end - before_end), reminder, "{before_end} ms before the end");
    }
    let longer = Consent { expires_at: u64::MAX, ..consent.clone() };
    assert_eq!(longer.reminder(end - DAY_MILLIS), Some(1), "the end is the real one, not the record's");
    for custody in [Custody::Waiting, Custody::No] {
        let waiting = Consent { custody, ..consent.clone() };
        assert_eq!(waiting.reminder(end - DAY_MILLIS), None);
    }
}

#[test]
fn a_withdrawal_wins_over_everything() {
    for custody in [Custody::NotNeeded, Custody::Waiting, Custody::Yes, Custody::No] {
        for turns_15 in [PAST, FUTURE, "2026-12-24"] {
            for withdrawn_at in [0, GIVEN, u64::MAX] {
                let consent = Consent { withdrawn_at: Some(withdrawn_at), ..given(turns_15, custody) };
                for now in [0, GIVEN, GIVEN + 40 * DAY_MILLIS, expiry(GIVEN), u64::MAX] {
                    check(&consent, now, Status::Withdrawn);
                }
            }
        }
    }
}

#[test]
fn under_15_the_custody_holder_must_say_yes() {
    for (turns_15, custody, expected) in [
        (FUTURE, Custody::Waiting, Status::WaitingForCustody),
        (FUTURE, Custody::Yes, Status::Active),
        (FUTURE, Custody::No, Status::RefusedByCustody),
        (FUTURE, Custody::NotNeeded, Status::WaitingForCustody),
        (PAST, Custody::Waiting, Status::WaitingForCustody),
        (PAST, Custody::Yes, Status::Active),
        (PAST, Custody::No, Status::RefusedByCustody),
        (PAST, Custody::NotNeeded, Status::Active),
        // On the day itself, and the day before.
        ("2026-11-22", Custody::NotNeeded, Status::Active),
        ("2026-11-22", Custody::Waiting, Status::WaitingForCustody),
        ("2026-11-23", Custody::NotNeeded, Status::WaitingForCustody),
        ("2026-11-23", Custody::Yes, Status::Active),
    ] {
        check(&given(turns_15, custody), GIVEN, expected);
        check(&given(turns_15, custody), GIVEN + DAY_MILLIS - 1, expected);
    }
}

#[test]
fn on_the_15th_birthday_the_young_person_is_asked_again() {
    let birthday = GIVEN + 32 * DAY_MILLIS;
    for (custody, before) in [
        (Custody::Yes, Status::Active),
        (Custody::Waiting, Status::WaitingForCustody),
        (Custody::No, Status::RefusedByCustody),
        (Custody::NotNeeded, Status::WaitingForCustody),
    ] {
        let consent = given("2026-12-24", custody);
        check(&consent, birthday - 1, before);
        check(&consent, birthday, Status::TurnedFifteen);
        check(&consent, expiry(GIVEN) - 1, Status::TurnedFifteen);
        check(&consent, expiry(GIVEN), Status::Expired);
    }
    // Given after the birthday: nothing to ask again.
    let after = Consent { given_at: birthday, expires_at: expiry(birthday), ..given("2026-12-24", Custody::NotNeeded) };
    check(&after, birthday, Status::Active);
    check(&after, birthday + 364 * DAY_MILLIS, Status::Active);
}

#[test]
fn what_a_new_consent_needs_is_told_by_the_birthday() {
    let birthdays = Birthdays::from_birth(day("2011-12-24"));
    assert_eq!((birthdays.turns_15, birthdays.turns_18), (day("2026-12-24"), day("2029-12-24")));
    let birthday = GIVEN + 32 * DAY_MILLIS;
    for (now, under, custody) in [
        (GIVEN, true, Custody::Waiting),
        (birthday - 1, true, Custody::Waiting),
        (birthday, false, Custody::NotNeeded),
        (u64::MAX, false, Custody::NotNeeded),
    ] {
        assert_eq!((birthdays.is_under_15(now), custody_for(&birthdays, now)), (under, custody));
    }
}

#[test]
fn two_copies_of_a_consent_keep_the_no() {
    let yes = given(PAST, Custody::NotNeeded);
    let at = |withdrawn_at| Consent { withdrawn_at, ..yes.clone() };
    for (one, other, withdrawn_at) in [
        (None, None, None),
        (Some(5), None, Some(5)),
        (None, Some(5), Some(5)),
        (Some(5), Some(9), Some(5)),
        (Some(9), Some(5), Some(5)),
    ] {
        assert_eq!(at(one).merge(at(other)), at(withdrawn_at));
    }
    // Of the rest the newer copy is right: the custody holder has answered.
    for answer in [Custody::Yes, Custody::No] {
        let (waiting, answered) = (given(FUTURE, Custody::Waiting), given(FUTURE, answer));
        assert_eq!(waiting.merge(answered.clone()), answered);
    }
}

#[test]
fn a_permit_covers_the_parts_of_what_is_active_and_nothing_else() {
    let parts = |parts: &[Part]| parts.iter().copied().collect::<Parts>();
    let active = |all: &[Part]| Consent { parts: parts(all), ..given(PAST, Custody::NotNeeded) };
    let withdrawn = |all: &[Part]| Consent { withdrawn_at: Some(1), ..active(all) };
    for (consents, expected) in [
        (vec![], None),
        (vec![active(&[])], None),
        (vec![withdrawn(&Part::ALL)], None),
        (vec![active(&[Part::Meeting])], Some(parts(&[Part::Meeting]))),
        (vec![active(&[Part::Meeting]), active(&[Part::AboutMe])], Some(parts(&[Part::Meeting, Part::AboutMe]))),
        (vec![active(&[Part::Meeting]), withdrawn(&[Part::AboutMe])], Some(parts(&[Part::Meeting]))),
    ] {
        let permit = permit(&consents, GIVEN);
        assert_eq!(permit.as_ref().map(plan::Permit::parts), expected);
    }
    let everything = active(&Part::ALL);
    let all = permit([&everything], GIVEN).unwrap();
    for (on, allowed) in [
        ("about/section/navn", true),
        ("red/entry/x", true),
        ("meeting/meeting/m1", true),
        ("about/scene/x", true),
        ("film/entry/x", false),
        ("abou/section/navn", false),
        ("about-me/section/navn", false),
    ] {
        assert_eq!(all.allows(&on.parse().unwrap()), allowed, "{on}");
    }
}

/// The rule once more, written so differently that one mistake is not made twice.
fn may_send(consent: &Consent, now: u64, part: Part) -> bool {
    let day = |millis| Day::at(millis);
    let child_then = day(consent.given_at) < consent.turns_15;
    let child_now = day(now) < consent.turns_15;
    let agreed = match (child_then, child_now) {
        (true, true) => consent.custody == Custody::Yes,
        (true, false) => false,
        (false, _) => matches!(consent.custody, Custody::Yes | Custody::NotNeeded),
    };
    let in_time = now < consent.expires_at && now.saturating_sub(consent.given_at) < 365 * DAY_MILLIS;
    agreed && in_time && consent.withdrawn_at.is_none() && consent.parts.contains(part)
}

#[test]
fn no_permit_comes_from_a_consent_that_is_not_active() {
    let cases = 100_000;
    crate::for_each_seed(cases, |seed| {
        let mut rng = Rng::new(seed);
        let consents: Vec<Consent> = (0..rng.below(4))
            .map(|_| {
                let given_at = GIVEN + rng.next() % (400 * DAY_MILLIS);
                let near = |rng: &mut Rng, at: u64| (at + rng.next() % (4 * DAY_MILLIS)).saturating_sub(2 * DAY_MILLIS);
                let turns_15 =
                    if rng.one_in(2) { near(&mut rng, given_at) } else { GIVEN + rng.next() % (900 * DAY_MILLIS) };
                Consent {
                    staff: STAFF[rng.below(2)].to_owned(),
                    parts: Part::ALL.into_iter().filter(|_| rng.one_in(2)).collect(),
                    given_at,
                    expires_at: [expiry(given_at), near(&mut rng, expiry(given_at)), u64::MAX, given_at][rng.below(4)],
                    custody: [Custody::NotNeeded, Custody::Waiting, Custody::Yes, Custody::No][rng.below(4)],
                    withdrawn_at: rng.one_in(4).then(|| rng.next()),
                    turns_15: Day::at(turns_15),
                    ..given(PAST, Custody::NotNeeded)
                }
            })
            .collect();
        let now = match (rng.below(3), consents.first()) {
            (0, Some(consent)) => (consent.expires_at.min(expiry(consent.given_at)) + rng.next() % 3).saturating_sub(1),
            _ => GIVEN + rng.next() % (900 * DAY_MILLIS),
        };
        let permit = permit(&consents, now);
        for part in Part::ALL {
            for staff in STAFF {
                let allowed = permit.as_ref().is_some_and(|permit| permit.allows(&something(part, staff)));
                // A yes to messages is to that contact; what else is shared is sent whoever may read it.
                let is_to = |consent: &&Consent| part != Part::Messages || consent.staff == staff;
                if allowed != consents.iter().filter(is_to).any(|consent| may_send(consent, now, part)) {
                    return Err(format!("{part:?} to {staff} at {now}: allowed is {allowed} for {consents:?}"));
                }
            }
            // A draft is in no thread.
            if permit.as_ref().is_some_and(|permit| permit.allows(&Entity::of_draft(STAFF[0]))) {
                return Err("a draft may leave".to_owned());
            }
        }
        if permit.is_some_and(|permit| permit.parts().is_empty()) {
            return Err("a permit for nothing".to_owned());
        }
        Ok(())
    });
    crate::report(&format!("consent: {cases} cases, 0 permits from a consent that is not active"));
}

/// Given that many days after the first, to somebody, and taken back or not.
fn one_of(id: &str, to: &str, days: u64, is_over: bool) -> Consent {
    let given_at = GIVEN + days * DAY_MILLIS;
    Consent {
        id: id.to_owned(),
        recipient: to.to_owned(),
        given_at,
        expires_at: expiry(given_at),
        withdrawn_at: is_over.then_some(given_at + DAY_MILLIS),
        ..given(PAST, Custody::NotNeeded)
    }
}

#[track_caller]
fn check_shown(all: &[Consent], expected: &[&str]) {
    let shown = to_show(all, GIVEN + 10 * DAY_MILLIS);
    assert_eq!(shown.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), expected);
}

#[test]
fn of_a_yes_that_was_changed_only_the_new_one_is_shown() {
    let [first, second] = [("c1", 0), ("c2", 1)].map(|(id, days)| one_of(id, "Sara", days, true));
    let now = one_of("c3", "Sara", 2, false);
    assert!(second.has_replaced(&first) && now.has_replaced(&second) && !now.has_replaced(&first));
    check_shown(&[first.clone(), now, second.clone()], &["c3"]);
    check_shown(&[first, second], &["c2"]);
}

#[test]
fn whose_yes_was_changed_before_the_clock_was_set_back_has_said_no_no() {
    let first = Consent { withdrawn_at: Some(GIVEN), ..one_of("c1", "Sara", 3, true) };
    let refused = Consent { custody: Custody::No, ..one_of("c2", "Sara", 0, false) };
    check_shown(&[first, refused], &["c2"]);
}

#[test]
fn of_everybody_there_is_one_and_of_what_holds_every_one() {
    let over = one_of("c1", "Jonas", 5, true);
    let holds = [one_of("c2", "Sara", 0, false), one_of("c3", "Sara", 1, false)];
    let waits = Consent { custody: Custody::Waiting, ..one_of("c4", "Mette", 2, false) };
    let elsewhere = Consent { unit: "Et andet bosted".to_owned(), ..one_of("c5", "Sara", 3, true) };
    let [first, second] = holds;
    let ran_out = Consent { expires_at: GIVEN + DAY_MILLIS, ..one_of("c6", "Ida", 0, false) };
    let all = [over, first, second, waits, elsewhere, ran_out];
    check_shown(&all, &["c4", "c3", "c2", "c6", "c1", "c5"]);
}

#[test]
fn what_ran_out_is_told_until_there_is_another() {
    let ran_out = Consent { expires_at: GIVEN + DAY_MILLIS, ..one_of("c1", "Sara", 0, false) };
    check_shown(std::slice::from_ref(&ran_out), &["c1"]);
    check_shown(&[ran_out, one_of("c2", "Sara", 4, true)], &["c2"]);
}
