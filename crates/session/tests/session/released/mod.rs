//! Builds that were released: how they are recorded, and today's phone with what is left of their servers.

mod build;
#[path = "../../../../protocol/tests/released/conversation.rs"]
mod conversation;
mod frozen;
mod phone;
mod recorder;
mod says;
mod story;

use crate::tab::{Tab, change, is_give, named, view};
use conversation::{Ask, Disk, list_conversations};
use frozen::Frozen;
use phone::{Answers, Phone};
use plan::{Part, Parts};
use protocol::*;
use serde::de::DeserializeOwned;
use session::{Answer, Contact, Event, Failure, Loaded, Request, Saving};
use story::{HALF_A_WORD, TICK, Told, WITHOUT_NETWORK, tell};

const RED: Part = Part::PlanRed;
const GREEN: Part = Part::PlanGreen;

/// Everything that was written on a phone is on the server, as far as that has said so, or waits here to be sent.
fn has_lost_nothing(phone: &Phone) -> usize {
    let own = phone.machine.set().iter().filter(|record| record.op.id.replica == phone.replica);
    let (stored, waiting): (Vec<_>, Vec<_>) = own.partition(|record| phone.stored.contains(&record.op.id));
    for record in waiting {
        let is_head =
            phone.machine.set().heads(&record.op.on, &record.op.field).iter().any(|it| it.op.id == record.op.id);
        assert!(!is_head || phone.machine.is_waiting(&record.op.on, &record.op.field), "{}", record.raw());
    }
    stored.len()
}

/// The network is back, and what was being written is put down.
fn comes_back(phone: &mut Phone, server: &mut Frozen) {
    phone.is_offline = false;
    let on = phone.find("Ring til mormor");
    phone.does(server, |machine, now| machine.flush(now, &on, "text")).unwrap();
    phone.does(server, |machine, _| machine.leave(&on, "text"));
}

/// Time passes with nobody at the phone. Answers with how often it has asked.
fn rest(phone: &mut Phone, server: &mut Frozen, ticks: u32) -> u32 {
    let before = phone.asked;
    for _ in 0..ticks {
        server.pass(TICK);
        phone.happens(server, Event::Tick);
    }
    phone.asked - before
}

#[test]
fn todays_phone_with_the_server_of_a_released_build_loses_nothing_and_says_nothing_that_alarms() {
    for (name, told) in list_conversations() {
        let mut server = Frozen::new(told);
        let Told { mut phone, mut tablet, mut child, mut leaver } = tell(&mut server);
        comes_back(&mut phone, &mut server);
        assert!(has_lost_nothing(&phone) > 40, "{name}");
        assert!(server.as_recorded > 60, "{name}: {} as recorded, {} made up", server.as_recorded, server.made_up);
        for (all, contact) in
            [(&mut phone, Contact::UpToDate), (&mut tablet, Contact::UpToDate), (&mut child, Contact::UpToDate)]
        {
            let asked = rest(all, &mut server, 100);
            assert!(asked <= 110, "{name}: {} has asked {asked} times", all.who);
            has_lost_nothing(all);
            assert_eq!((all.machine.contact(), all.machine.saving()), (contact, Saving::Saved), "{name}: {}", all.who);
            assert_eq!(all.machine.trouble(), None);
        }
        // Who has taken everything back has nothing there, and all of it here.
        let asked = rest(&mut leaver, &mut server, 100);
        assert!(asked <= 110, "{name}: {asked}");
        assert!(leaver.find("Jeg tegner").as_str().starts_with("green/entry/"));
        assert!(!leaver.machine.sharing().has_sent(), "{name}");
    }
}

/// What only a later server can do waits on the phone, and is not asked for without end.
#[test]
fn a_message_waits_for_a_server_that_knows_of_messages() {
    let (_, told) = list_conversations().remove(0);
    let mut server = Frozen::new(told);
    let Told { mut phone, .. } = tell(&mut server);
    comes_back(&mut phone, &mut server);
    for route in ["GET events", "GET guests", "POST guests", "GET staff/profile", "PATCH sync"] {
        assert!(server.unknown.contains(route), "{route} is not asked");
    }
    let text = "Kan vi tale sammen i morgen?";
    phone.does(&mut server, |machine, now| machine.write_message(now, "sara", text, "")).unwrap();
    let asked = rest(&mut phone, &mut server, 100);
    assert!(asked <= 110, "{asked}");
    let on = phone.find(text);
    assert!(phone.machine.is_waiting(&on, "text"));
    assert_eq!(phone.machine.contact(), Contact::UpToDate);
    assert!(phone.machine.sharing().consents.iter().all(|one| !one.parts.contains(Part::Messages)));
}

fn to_loaded(disk: &Disk) -> Loaded {
    Loaded {
        ops: disk.ops.values().cloned().collect(),
        outbox: disk.outbox.iter().cloned().collect(),
        meta: disk.meta.clone().into_iter().collect(),
        unreadable: 0,
    }
}

/// The phone of a released build takes this one: it goes on where it was, with all that was written, sent or not.
#[test]
fn the_disk_of_a_released_build_is_taken_up_where_it_was_left() {
    for (name, told) in list_conversations() {
        let disk = told.disk.clone();
        let consents: Vec<ConsentView> = {
            let last = told.exchanges.iter().rev().find(|one| one.who == "phone" && one.ask.path == "sync").unwrap();
            serde_json::from_value(last.answer.body["consents"].clone()).unwrap()
        };
        let mut server = Frozen::at_the_end(told, "phone");
        let mut phone = Phone::open("phone", 9, to_loaded(&disk), &mut server);
        let drafts = disk.drafts.iter().map(|draft| serde_json::from_value(draft.clone()).unwrap());
        let drafts = drafts.map(|draft| ("left".to_owned(), draft)).collect();
        phone.happens(&mut server, Event::LeftBehind { drafts, others: false });

        assert_eq!((phone.machine.trouble(), phone.machine.is_welcomed()), (None, true), "{name}");
        let kept = |raw: &String| phone.machine.knows(&plan::Record::parse(raw).unwrap().op.id.to_string());
        assert!(disk.ops.len() > 50 && disk.ops.values().all(kept), "{name}");
        let call = phone.find("Ring til mormor");
        assert_eq!(phone.machine.set().texts(&call, "text").shown(), HALF_A_WORD, "{name}");
        // Only what was not sent is sent.
        let mut known: Vec<&str> = phone.machine.sharing().consents.iter().map(|one| one.id.as_str()).collect();
        let mut theirs: Vec<&str> = consents.iter().map(|one| one.id.as_str()).collect();
        known.sort_unstable();
        theirs.sort_unstable();
        assert_eq!(known, theirs, "{name}");
        let sent = server.heard.iter().flat_map(Ask::ops).filter(|raw| raw.contains("\"by\":\"young\""));
        let sent: Vec<&str> = sent.collect();
        assert!(sent.iter().any(|raw| raw.contains(WITHOUT_NETWORK)) && sent.len() <= 5, "{name}: {sent:#?}");
        assert!(server.heard[0].body["cursor"].as_u64() > Some(0), "{name}: it begins anew");
        let asked = rest(&mut phone, &mut server, 100);
        assert!(asked <= 110, "{name}: {asked}");
        assert_eq!((phone.machine.contact(), phone.machine.saving()), (Contact::UpToDate, Saving::Saved), "{name}");
        assert!(!phone.machine.is_waiting(&call, "text"), "{name}");
    }
}

/// Whether today's apps can read an answer; `None` when it is of no route that is known here.
fn is_read(route: &str, body: &str) -> Option<Result<(), Failure>> {
    fn read<T: DeserializeOwned>(body: &str) -> Option<Result<(), Failure>> {
        Some(session::read::<T>(true, body).map(drop))
    }
    match route {
        "POST staff/session" | "GET staff/session" => read::<StaffView>(body),
        "GET staff/profile" | "PUT staff/profile" => read::<ProfileView>(body),
        "POST staff/invitations" => read::<StaffInvitationView>(body),
        "GET staff/young-people" => read::<Option<YoungPeopleView>>(body),
        "POST staff/young-people/{id}/custody" => read::<YoungPersonView>(body),
        "GET staff/young-people/{id}/review" => read::<Option<ReviewView>>(body),
        "GET staff/young-people/{id}/messages" | "GET staff/young-people/{id}/messages/{id}" => {
            read::<MessagesView>(body)
        }
        "POST staff/young-people/{id}/words" | "POST staff/young-people/{id}/words/{id}" => read::<WriteResponse>(body),
        "GET staff/stand-in" | "PUT staff/stand-in" | "DELETE staff/stand-in" => read::<OwnStandInView>(body),
        "POST invitations/find" => read::<InvitationView>(body),
        "POST consents" | "POST consents/settle" | "POST consents/{id}/withdraw" => read::<ConsentView>(body),
        "POST sync" => read::<SyncResponse>(body),
        "POST erase" => read::<EraseResponse>(body),
        "GET me" | "POST devices" => read::<MeView>(body),
        "GET looks" => read::<LooksView>(body),
        "POST devices/invitations" => read::<DeviceInvitationView>(body),
        "POST guests" => read::<GuestLinkView>(body),
        "GET guests" => read::<GuestsView>(body),
        "POST guests/agenda" => read::<AgendaView>(body),
        _ => None,
    }
}

#[test]
fn every_answer_of_a_released_server_is_read_by_todays_apps() {
    for (name, told) in list_conversations() {
        for one in told.exchanges {
            let (route, body) = (one.ask.route(), &one.answer.body);
            if !one.answer.is_success() {
                let why = session::read::<()>(false, &body.to_string());
                assert!(
                    matches!(why, Err(Failure::Refused(code)) if code != ErrorCode::Unknown),
                    "{name} {route}: {why:?}"
                );
            } else if body.is_object() {
                assert_eq!(is_read(&route, &body.to_string()), Some(Ok(())), "{name} {route}: {body}");
            }
        }
    }
}

fn parts_of(request: &Request) -> Parts {
    let Request::Give(yes) = request else { return Parts::NONE };
    protocol::parse_parts(&yes.parts).unwrap()
}

/// A yes with a part that the server does not know is refused as a whole. What it takes back is taken back all the same.
#[test]
fn what_a_change_takes_back_holds_although_the_server_does_not_know_what_it_gives() {
    let mut tab = Tab::sharing(1, &[("sara", &[RED, GREEN])]);
    tab.write(GREEN, "Ikke mere for Sara");
    tab.answer_all();
    tab.say('a', change("sara", &[RED, Part::Messages]));
    assert!(!tab.parts_of("sara").contains(GREEN), "it holds at once");
    let mut given = Vec::new();
    for _ in 0..40 {
        while let Some(place) = tab.sent.iter().position(|(_, request)| is_give(request)) {
            let (id, request) = tab.sent.remove(place);
            let parts = parts_of(&request);
            given.push(parts);
            let knows = !parts.contains(Part::Messages);
            let views = named("sara-2", &[RED], tab.now, None);
            tab.handle(Event::Answered(
                id,
                if knows { Ok(Answer::Consent(views)) } else { Err(Failure::Refused(ErrorCode::Malformed)) },
            ));
        }
        let is_narrowed = given.last().is_some_and(|parts| !parts.contains(Part::Messages));
        let old = ConsentView { withdrawn_at: is_narrowed.then_some(tab.now), ..view("sara", &[RED, GREEN]) };
        let all = if is_narrowed { vec![old, named("sara-2", &[RED], tab.now, None)] } else { vec![old] };
        while tab.has_main() {
            tab.answer_main("g", all.clone());
        }
        tab.tick();
    }
    assert_eq!(tab.outcomes.first(), Some(&Err(Failure::Refused(ErrorCode::Malformed))), "whoever said it is told");
    assert_eq!(given.len(), 2, "{given:?}");
    assert_eq!(given[1], [RED].into_iter().collect());
    assert!(!tab.machine.sharing().is_no_waiting());
    assert!(!tab.under_way().contains(GREEN));
}

/// An earlier build has erased what somebody had said something to, in a way that only this build knows.
#[test]
fn what_was_said_to_what_an_earlier_build_has_erased_goes_when_this_one_comes() {
    let mut earlier = Tab::sharing(1, &[("sara", &[RED])]);
    let on = earlier.write(RED, "Skal væk");
    earlier.machine.erase(earlier.now, &earlier.machine.set().see(&on)).unwrap();
    earlier.run_until_idle();
    earlier.answer_all();
    let mut loaded = crate::tab::disk(&[&earlier]);
    let kept = format!("red/suggestion/{}_00c0ffee00c0ff55_sara", on.name());
    let said = serde_json::json!({"v": 1, "id": "00c0ffee00c0ff66-1", "at": format!("{}.0", earlier.now), "by": "staff:sara",
        "on": kept, "f": "text", "p": [], "c": 1, "val": "Ord til det, der er væk"});
    loaded.ops.push(said.to_string());

    let mut tab = Tab::new(2);
    tab.handle(Event::Loaded(loaded));
    tab.answer_all();
    assert!(tab.machine.set().iter().all(|record| !record.raw().contains("Ord til")), "it is here still");
    let sent = |batch: &session::Batch| batch.ops.iter().any(|(_, raw)| raw.contains("erased") && raw.contains(&kept));
    assert!(tab.stored.iter().any(sent), "nobody else is told");
    assert_eq!(tab.machine.contact(), Contact::UpToDate);
    // Once is enough.
    let before = tab.machine.set().iter().count();
    tab.tick();
    tab.answer_all();
    assert_eq!(tab.machine.set().iter().count(), before);
}
