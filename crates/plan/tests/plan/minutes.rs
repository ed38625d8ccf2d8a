//! What is on paper before and after a meeting, and what is not.

use crate::history::{Device, NOW};
use plan::meeting::Form;
use plan::{Entity, Level, Part, Private, Record, Said, template};

const CONTACT: &str = "795cf0cdece784571974c54a06a7f0d1";

fn add(device: &mut Device, part: Part, list: &str, text: &str, kind: Option<&str>) -> Entity {
    let (on, records) = device.editor.add_entry(&device.set, part, list, text, kind).unwrap();
    device.apply(&records);
    on
}

fn set(device: &mut Device, on: &Entity, field: &str, text: &str) {
    let records = device.editor.set_text(&device.set, &device.set.see(on), field, text).unwrap();
    device.apply(&records);
}

/// What a contact says, one field after the other, and who they are.
fn hear(device: &mut Device, on: &str, replica: u64, fields: &[(&str, &str)]) {
    let from = [("from", "Sara Holm, Bostedet Lindely")];
    for (at, (field, value)) in fields.iter().chain(&from).enumerate() {
        let by = if *field == "from" { "server".to_owned() } else { format!("staff:{CONTACT}") };
        let raw = format!(
            r#"{{"at":"{NOW}.0","by":"{by}","c":1,"f":"{field}","id":"{replica:016x}-{}","on":"{on}_{CONTACT}","p":[],"v":1,"val":"{value}"}}"#,
            at + 1
        );
        device.apply(&[Record::parse(&raw).unwrap()]);
    }
}

/// A meeting that has been held, between two others and a plan.
fn held() -> (Device, Entity) {
    let mut device = Device::new(1);
    device.editor.set_time(NOW);
    add(&mut device, Part::PlanRed, template::HARD_ACTIONS, "planens ord", None);
    add(&mut device, Part::Meeting, template::AGENDA, "et andet mødes ord", None);
    let (on, records) = device.editor.add_meeting(&device.set, Form::Quick).unwrap();
    device.apply(&records);
    let list = |section| template::list_of(on.name(), section);
    for (field, text) in [("date", "2026-12-04"), ("time", "14:30"), ("place", "Det gule rum"), ("voice", "other")] {
        set(&mut device, &on, field, text);
    }
    add(&mut device, Part::Meeting, &list(template::PEOPLE), "Mor", Some("relative"));
    add(&mut device, Part::Meeting, &list(template::REASONS), "Jeg vil flytte", None);
    add(&mut device, Part::Meeting, &list(template::UNSPOKEN), "hemmelighed", None);
    let point = add(&mut device, Part::Meeting, &list(template::AGENDA), "Skole", None);
    let deleted = add(&mut device, Part::Meeting, &list(template::AGENDA), "slettet", None);
    let records = device.editor.delete_entry(&device.set, &device.set.see(&deleted)).unwrap();
    device.apply(&records);
    let own = add(&mut device, Part::Meeting, &list(template::AGREEMENTS), "Jeg ringer til mor", None);
    for (field, text) in [("who", "Mig"), ("due", "2026-12-08"), ("outcome", "no")] {
        set(&mut device, &own, field, text);
    }
    for (field, text) in [("heard", "yes"), ("words", "Det gik")] {
        set(&mut device, &on, field, text);
    }
    hear(&mut device, &format!("meeting/answer/{}", point.name()), 2, &[("said", "no"), ("reason", "Ikke før jul")]);
    let agreement = [("what", "Vi ringer til skolen"), ("who", "Sara"), ("due", "2026-12-20")];
    hear(&mut device, &format!("meeting/agreement/{}_00c0ffee00c0ffee", on.name()), 3, &agreement);
    let reflection = [("heard", "partly"), ("safe", "yes"), ("informed", "no"), ("words", "Vi lærte meget")];
    hear(&mut device, &format!("meeting/reflection/{}", on.name()), 4, &reflection);
    (device, on)
}

#[test]
fn minutes_are_what_was_said_and_agreed_at_the_one_meeting() {
    let (device, on) = held();
    let minutes = device.set.minutes(&on, Private::LeftOut);
    let occasion = &minutes.occasion;
    assert_eq!((occasion.form, occasion.date.as_str()), (Form::Quick, "2026-12-04"));
    assert_eq!((occasion.time.as_str(), occasion.place.as_str()), ("14:30", "Det gule rum"));
    let people: Vec<_> = minutes.people.iter().map(|one| (one.name.as_str(), one.kind.as_str())).collect();
    assert_eq!((people, minutes.reasons.as_slice()), (vec![("Mor", "relative")], &["Jeg vil flytte".to_owned()][..]));
    let [point] = minutes.points.as_slice() else { panic!("{:?}", minutes.points) };
    let [answer] = point.answers.as_slice() else { panic!("{:?}", point.answers) };
    assert_eq!((point.words.as_str(), answer.said, answer.reason.as_str()), ("Skole", Said::No, "Ikke før jul"));
    assert_eq!(answer.from, "Sara Holm, Bostedet Lindely");
    let agreed: Vec<_> = minutes.agreements.iter().map(|it| [&it.what, &it.who, &it.due].map(String::as_str)).collect();
    assert_eq!(agreed, [["Jeg ringer til mor", "Mig", "2026-12-08"], ["Vi ringer til skolen", "Sara", "2026-12-20"]]);
    let came: Vec<_> = minutes.agreements.iter().map(|it| (it.outcome, it.by.from.as_str())).collect();
    assert_eq!(came, [(Some(Level::No), ""), (None, "Sara Holm, Bostedet Lindely")]);
    // Neither the plan, nor another meeting, nor what is deleted, nor what is not to be talked about, nor how it was.
    let all = format!("{minutes:?}");
    for word in ["planens ord", "et andet mødes ord", "slettet", "hemmelighed", "Det gik", "Vi lærte meget"] {
        assert!(!all.contains(word), "{word} is in {all}");
    }
}

#[test]
fn how_it_was_is_in_the_minutes_when_it_is_asked_for() {
    let (device, on) = held();
    let told = device.set.minutes(&on, Private::AskedFor).reflections;
    let told: Vec<_> = told.iter().map(|it| (it.by.from.as_str(), it.levels, it.words.as_str())).collect();
    let theirs = [Level::Partly, Level::Yes, Level::No].map(Some);
    assert_eq!(
        told,
        [("", [Some(Level::Yes), None, None], "Det gik"), ("Sara Holm, Bostedet Lindely", theirs, "Vi lærte meget")]
    );
    assert_eq!(device.set.minutes(&template::first_meeting(), Private::AskedFor).reflections, []);
}

#[test]
fn an_agenda_says_what_is_not_to_be_talked_about_only_when_it_is_asked_for() {
    let (device, on) = held();
    let agenda = device.set.paper_agenda(&on, Private::LeftOut);
    assert_eq!((agenda.points.as_slice(), agenda.occasion.place.as_str()), (&["Skole".to_owned()][..], "Det gule rum"));
    assert_eq!(agenda.voice, "other");
    assert_eq!(agenda.unspoken, Vec::<String>::new());
    let all = format!("{agenda:?}");
    for word in ["planens ord", "et andet mødes ord", "slettet", "Ikke før jul", "Jeg ringer til mor", "Det gik"] {
        assert!(!all.contains(word), "{word} is in {all}");
    }
    assert_eq!(device.set.paper_agenda(&on, Private::AskedFor).unspoken, ["hemmelighed"]);
    let first = device.set.paper_agenda(&template::first_meeting(), Private::AskedFor);
    assert_eq!((first.points, first.unspoken), (vec!["et andet mødes ord".to_owned()], vec![]));
}
