//! The quiet line: what has happened, as far as it is shared, and nothing that nobody has done.

use crate::history::{Device, NOW};
use plan::consent::{Consent, Custody, expiry, permit};
use plan::course::{Facts, Reach, Step, is_review_due};
use plan::date::DAY_MILLIS;
use plan::meeting::Form;
use plan::{Day, Entity, Part, Profile, template};

fn consent(parts: &[Part]) -> Consent {
    Consent {
        id: "c1".to_owned(),
        staff: "s1".to_owned(),
        recipient: String::new(),
        unit: String::new(),
        parts: parts.iter().copied().collect(),
        given_at: NOW,
        expires_at: expiry(NOW),
        custody: Custody::NotNeeded,
        withdrawn_at: None,
        turns_15: "2020-01-01".parse().unwrap(),
        profile: Profile::default(),
    }
}

/// So many days after the yes.
fn later(days: u64) -> u64 {
    NOW + days * DAY_MILLIS
}

fn day(days: u64) -> Day {
    Day::at(later(days))
}

fn write(device: &mut Device, days: u64, part: Part, section: &str) -> Entity {
    device.editor.set_time(later(days));
    let (on, records) = device.editor.add_entry(&device.set, part, section, "Ring til mor", None).unwrap();
    device.apply(&records);
    on
}

fn set(device: &mut Device, days: u64, on: &Entity, field: &str, text: &str) {
    device.editor.set_time(later(days));
    let records = device.editor.set_text(&device.set, &device.set.see(on), field, text).unwrap();
    device.apply(&records);
}

/// What a contact with a yes to these parts is told so many days after it.
fn reach(device: &Device, parts: &[Part], days: u64, step: Step) -> Reach {
    let facts = Facts::of(&device.set);
    assert_eq!(Facts::from_text(&facts.to_text()), Some(facts.clone()), "it is kept and read again");
    // As if the yes had been given anew since.
    let consent = Consent { given_at: later(days), expires_at: expiry(later(days)), ..consent(parts) };
    let permit = permit([&consent], later(days)).unwrap();
    let course = facts.course(&permit, NOW, later(days));
    course.into_iter().find(|(one, _)| *one == step).unwrap().1
}

#[test]
fn each_step_is_taken_by_what_happens_and_by_nothing_else() {
    let all = Part::ALL;
    let mut device = Device::new(1);
    let check = |device: &Device, days: u64, expected: [Reach; 8]| {
        let told = Step::ALL.map(|step| reach(device, &all, days, step));
        assert_eq!(told, expected, "after {days} days");
    };
    let (not, yes) = (Reach::NotYet, Reach::On(day(0)));
    check(&device, 0, [yes, not, not, not, not, not, not, not]);
    write(&mut device, 1, Part::PlanRed, "r_nu");
    check(&device, 1, [yes, Reach::On(day(1)), not, not, not, not, not, not]);
    write(&mut device, 2, Part::AboutMe, template::STATEMENTS);
    write(&mut device, 3, Part::Meeting, template::AGENDA);
    set(&mut device, 3, &template::first_meeting(), "date", &day(10).to_string());
    let prepared = [yes, Reach::On(day(1)), Reach::On(day(2)), Reach::On(day(3))];
    let check = |device: &Device, days: u64, rest: [Reach; 4]| {
        check(device, days, [prepared, rest].concat().try_into().unwrap());
    };
    // A meeting is held when its day is over, and not on it.
    check(&device, 10, [not, not, not, not]);
    let held = Reach::On(day(10));
    check(&device, 11, [held, not, not, not]);
    // What is written on the day of the meeting may have been there before it.
    write(&mut device, 10, Part::PlanGreen, "g_tegn");
    check(&device, 11, [held, not, not, not]);
    write(&mut device, 12, Part::PlanGreen, "g_tegn");
    check(&device, 12, [held, Reach::On(day(12)), not, not]);
    let (second, records) = device.editor.add_meeting(&device.set, Form::Quick).unwrap();
    device.apply(&records);
    set(&mut device, 20, &second, "date", &day(30).to_string());
    check(&device, 31, [held, Reach::On(day(12)), Reach::On(day(30)), not]);
    // The yearly review: from a month before, and done by a change since then.
    let rest = |yearly| [held, Reach::On(day(12)), Reach::On(day(30)), yearly];
    check(&device, 334, rest(not));
    check(&device, 335, rest(Reach::Due));
    check(&device, 500, rest(Reach::Due));
    write(&mut device, 340, Part::PlanRed, "r_nu");
    check(&device, 340, rest(Reach::On(day(340))));
    check(&device, 699, rest(Reach::On(day(340))));
    check(&device, 700, rest(Reach::Due));
}

#[test]
fn of_what_is_not_shared_nothing_is_told() {
    let mut device = Device::new(1);
    write(&mut device, 1, Part::PlanRed, "r_nu");
    write(&mut device, 1, Part::AboutMe, template::STATEMENTS);
    write(&mut device, 1, Part::Meeting, template::AGENDA);
    set(&mut device, 1, &template::first_meeting(), "date", &day(3).to_string());
    write(&mut device, 5, Part::PlanRed, "r_nu");
    let by = |parts: &[Part]| Step::ALL.map(|step| reach(&device, parts, 6, step));
    let (yes, not, hidden) = (Reach::On(day(0)), Reach::NotYet, Reach::NotShared);
    let (first, held, changed) = (Reach::On(day(1)), Reach::On(day(3)), Reach::On(day(5)));
    assert_eq!(by(&[Part::AboutMe]), [yes, hidden, first, hidden, hidden, hidden, hidden, hidden]);
    assert_eq!(by(&[Part::Meeting]), [yes, hidden, hidden, first, held, hidden, not, hidden]);
    assert_eq!(by(&[Part::PlanRed, Part::Meeting]), [yes, first, hidden, first, held, changed, not, not]);
    // Of the zones only those that are shared.
    assert_eq!(by(&[Part::PlanGreen, Part::Meeting]), [yes, not, hidden, first, held, not, not, not]);
    let next = |parts: &[Part], days: u64| {
        let consent = consent(parts);
        Facts::of(&device.set).next_meeting(&permit([&consent], NOW).unwrap(), later(days))
    };
    assert_eq!(next(&[Part::Meeting], 3), Some((day(3), Form::Network)));
    assert_eq!(next(&[Part::Meeting], 4), None);
    assert_eq!(next(&[Part::PlanRed], 3), None);
}

#[test]
fn of_what_is_hidden_deleted_or_erased_nothing_is_told() {
    let (red, about) = ([Part::PlanRed], [Part::AboutMe]);
    let mut device = Device::new(1);
    write(&mut device, 1, Part::PlanRed, "r_nu");
    let on = write(&mut device, 2, Part::PlanRed, "r_tegn");
    let hide = |device: &mut Device, part: Part, section: &str| {
        let section = Entity::section(part, section);
        let records = device.editor.set_flag(&device.set, &section, "hidden", true).unwrap();
        device.apply(&records);
    };
    hide(&mut device, Part::PlanRed, "r_nu");
    assert_eq!(reach(&device, &red, 3, Step::Begun), Reach::On(day(2)));
    let records = device.editor.delete_entry(&device.set, &device.set.see(&on)).unwrap();
    device.apply(&records);
    assert_eq!(reach(&device, &red, 3, Step::Begun), Reach::NotYet);
    let on = write(&mut device, 3, Part::AboutMe, template::STATEMENTS);
    assert_eq!(reach(&device, &about, 3, Step::Statement), Reach::On(day(3)));
    let records = device.editor.erase(&device.set, &device.set.see(&on)).unwrap();
    device.apply(&records);
    assert_eq!(reach(&device, &about, 3, Step::Statement), Reach::NotYet);
    write(&mut device, 4, Part::AboutMe, template::STATEMENTS);
    hide(&mut device, Part::AboutMe, template::STATEMENTS);
    assert_eq!(reach(&device, &about, 4, Step::Statement), Reach::NotYet);
    // A plan that was changed by what was erased was not changed.
    set(&mut device, 4, &template::first_meeting(), "date", &day(5).to_string());
    let on = write(&mut device, 6, Part::PlanRed, "r_tegn");
    let both = [Part::PlanRed, Part::Meeting];
    assert_eq!(reach(&device, &both, 7, Step::Revised), Reach::On(day(6)));
    let records = device.editor.erase(&device.set, &device.set.see(&on)).unwrap();
    device.apply(&records);
    assert_eq!(reach(&device, &both, 7, Step::Revised), Reach::NotYet);
}

#[test]
fn facts_hold_no_word_and_those_of_another_build_are_not_read() {
    let mut device = Device::new(1);
    let on = write(&mut device, 1, Part::PlanRed, "r_nu");
    set(&mut device, 2, &on, "text", "hemmelighed");
    set(&mut device, 2, &template::first_meeting(), "place", "hemmelighed");
    set(&mut device, 2, &template::first_meeting(), "date", "snart");
    let text = Facts::of(&device.set).to_text();
    assert!(!text.contains("hemmelighed") && !text.contains("snart") && !text.contains("Ring"), "{text}");
    for other in ["", "1", "2\n-\n", &text.replacen('1', "9", 1), &text.replace(' ', "  "), &format!("{text}x")] {
        assert_eq!(Facts::from_text(other), None, "{other}");
    }
}

#[test]
fn it_is_time_to_read_when_there_is_something_new_or_nobody_has_for_long() {
    for (has_news, last_look, days, expected) in [
        (false, None, 0, false),
        (true, None, 0, true),
        (false, None, 89, false),
        (false, None, 90, true),
        (false, Some(later(80)), 90, false),
        (false, Some(later(80)), 170, true),
        // A clock that was put back.
        (false, Some(later(80)), 1, false),
    ] {
        assert_eq!(is_review_due(has_news, last_look, NOW, later(days)), expected, "{last_look:?}, {days} days");
    }
}
