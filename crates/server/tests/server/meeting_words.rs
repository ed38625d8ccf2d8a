//! What adults write about a meeting: agreements, a day and a place, and how it was.

use crate::words::{Stage, about_meeting, agreement, attendance, invitee, proposal, reflection, stage};
use crate::world::*;
use protocol::*;

/// The meeting as Sara reads it.
async fn read(sara: &mut Client, name: &str) -> ReviewMeeting {
    let review: ReviewView = sara.review(name).await.ok();
    review.parts.into_iter().find_map(|part| part.meeting).unwrap()
}

#[tokio::test]
async fn what_was_agreed_is_told_to_both_with_who_and_by_when() {
    let Stage { mut sara, mut young, name, .. } = stage().await;
    let _: WriteResponse = sara.write(&name, &agreement(1, 1)).await.ok();
    let _: WriteResponse = sara.write(&name, &agreement(2, 2)).await.ok();
    // Written to the same slot, it is the same agreement.
    let other = about_meeting(3, "agreement", Some(2), &[("what", "Vi spørger igen"), ("who", ""), ("due", "")]);
    let _: WriteResponse = sara.write(&name, &other).await.ok();
    let own = entry(40, "meeting", "m1.m_aftaler", "Jeg ringer til mor");
    let who = op(45, &format!("meeting/entry/{:016x}-40", 1), "who", &[], "Mig".into());
    let _: SyncResponse = young.sync(0, &[own, vec![who]].concat()).await.ok();

    let set = young.everything().await;
    let meeting = plan::template::first_meeting();
    let told: Vec<_> =
        set.list_agreements(&meeting).into_iter().map(|it| (it.what, it.who, it.due, it.by.from)).collect();
    let from = "Sara Holm, Bostedet Lindely";
    let expected = [
        ("Jeg ringer til mor", "Mig", "", ""),
        ("Vi ringer til din skole", "Sara", "2026-12-04", from),
        ("Vi spørger igen", "", "", from),
    ];
    assert_eq!(told, expected.map(|(what, who, due, from)| (what.into(), who.into(), due.into(), from.into())));
    let read = read(&mut sara, &name).await;
    let seen =
        read.agreements.iter().map(|it| (it.what.as_str(), it.who.as_str(), it.due.as_str(), it.by.from.as_str()));
    assert_eq!(seen.collect::<Vec<_>>(), expected);
    let own: Vec<_> = read.agreements.iter().map(|it| it.by.own.clone()).collect();
    assert_eq!(own, [None, Some(format!("{:016x}", 1)), Some(format!("{:016x}", 2))]);
}

#[tokio::test]
async fn what_came_of_it_is_the_young_persons_to_say() {
    let Stage { world, mut sara, mut young, name, .. } = stage().await;
    let _: WriteResponse = sara.write(&name, &agreement(1, 1)).await.ok();
    let _: WriteResponse = sara.write(&name, &proposal(2, 1)).await.ok();
    let set = young.everything().await;
    let meeting = plan::template::first_meeting();
    let (agreed, proposed) = (set.list_agreements(&meeting).remove(0), set.list_proposals(&meeting).remove(0));
    assert_eq!(
        (proposed.date.as_str(), proposed.time.as_str(), proposed.place.as_str()),
        ("2026-12-04", "14:30", "Huset")
    );
    assert!(!read(&mut sara, &name).await.agreements[0].by.new, "her own are no news to her");
    world.pass(45 * MINUTE);
    let said = [
        op(50, agreed.on.as_str(), "outcome", &[], "no".into()),
        op(51, proposed.on.as_str(), "outcome", &[], "yes".into()),
    ];
    let answer: SyncResponse = young.sync(0, &said).await.ok();
    assert_eq!(answer.refused, []);
    let read = read(&mut sara, &name).await;
    assert_eq!((read.agreements[0].outcome.as_str(), read.proposals[0].taken), ("no", Some(true)));
    assert!(read.agreements[0].by.new);
    // What she has changed herself is no news to her, though it came after her look.
    let _: WriteResponse = sara.write(&name, &agreement(4, 7)).await.ok();
    assert!(!self::read(&mut sara, &name).await.agreements[1].by.new);
    // The next proposal of the same contact takes the place of the one before, and has no answer yet.
    let _: WriteResponse = sara.write(&name, &proposal(3, 2)).await.ok();
    let set = young.everything().await;
    let taken: Vec<_> = set.list_proposals(&meeting).into_iter().map(|it| it.taken).collect();
    assert_eq!(taken, [None]);
}

#[tokio::test]
async fn whom_a_contact_thinks_of_is_asked_by_the_young_person_alone() {
    let Stage { mut sara, mut young, name, .. } = stage().await;
    let _: WriteResponse = sara.write(&name, &invitee(1, 1, "school", "Hun kender dig")).await.ok();
    let _: WriteResponse = sara.write(&name, &invitee(2, 2, "bua", "")).await.ok();
    let meeting = plan::template::first_meeting();
    let set = young.everything().await;
    let people = plan::template::list_of("m1", plan::template::PEOPLE);
    assert_eq!(set.list_entries(plan::Part::Meeting, &people), [], "nobody is asked yet");
    let all = set.list_invitees(&meeting);
    let told: Vec<_> = all.iter().map(|it| (it.kind.as_str(), it.why.as_str(), it.taken)).collect();
    assert_eq!(told, [("school", "Hun kender dig", None), ("bua", "", None)]);

    let mut editor = plan::Editor::new(plan::ReplicaId(7));
    let taken = editor.take_invitee(&set, &meeting, &all[0].on).unwrap();
    let raw: Vec<String> = taken.iter().map(|record| record.raw().to_owned()).collect();
    let answer: SyncResponse = young.sync(0, &raw).await.ok();
    assert_eq!(answer.refused, []);
    let set = young.everything().await;
    let asked: Vec<_> = set.list_entries(plan::Part::Meeting, &people).into_iter().map(|it| it.kind).collect();
    assert_eq!(asked, ["school"]);
    let read: Vec<_> = read(&mut sara, &name).await.invitees.into_iter().map(|it| (it.actor, it.taken)).collect();
    assert_eq!(read, [("school".to_owned(), Some(true)), ("bua".to_owned(), None)]);
    // It is on the list once, however often it is tapped.
    assert!(editor.take_invitee(&set, &meeting, &all[0].on).is_err());
}

/// Else it would stand there that the young person has asked somebody whom they have never heard of.
#[tokio::test]
async fn what_the_young_person_has_answered_is_not_written_anew() {
    let Stage { mut sara, mut young, name, .. } = stage().await;
    let _: WriteResponse = sara.write(&name, &invitee(1, 1, "school", "Hun kender dig")).await.ok();
    let _: WriteResponse = sara.write(&name, &invitee(2, 1, "bua", "")).await.ok();
    let _: WriteResponse = sara.write(&name, &proposal(3, 1)).await.ok();
    let set = young.everything().await;
    let meeting = plan::template::first_meeting();
    let (asked, proposed) = (set.list_invitees(&meeting).remove(0), set.list_proposals(&meeting).remove(0));
    assert_eq!(asked.kind, "bua");
    let said = [
        op(50, asked.on.as_str(), "outcome", &[], "yes".into()),
        op(51, proposed.on.as_str(), "outcome", &[], "yes".into()),
    ];
    let _: SyncResponse = young.sync(0, &said).await.ok();
    sara.write(&name, &invitee(4, 1, "municipality", "")).await.refused(ErrorCode::Gone);
    sara.write(&name, &proposal(5, 1)).await.refused(ErrorCode::Gone);
    let meeting = read(&mut sara, &name).await;
    assert_eq!(meeting.invitees[0].actor, "bua");
    // The same request again is the same still, and another one has its own slot.
    let _: WriteResponse = sara.write(&name, &invitee(2, 1, "bua", "")).await.ok();
    let _: WriteResponse = sara.write(&name, &invitee(6, 2, "municipality", "")).await.ok();
    let _: WriteResponse = sara.write(&name, &proposal(7, 2)).await.ok();
}

/// As of suggestions: what waits is read, and more would be a pile. Each kind has its own room.
#[tokio::test]
async fn as_many_people_wait_for_an_answer_as_suggestions() {
    let Stage { mut sara, mut young, name, to, .. } = stage().await;
    for number in 1..=5 {
        let _: WriteResponse = sara.write(&name, &invitee(number, number, "school", "")).await.ok();
    }
    sara.write(&name, &invitee(6, 6, "bua", "")).await.refused(ErrorCode::TooManyOpen);
    let _: WriteResponse = sara.write(&name, &crate::words::suggestion(7, &to, 7, "Ring til mor")).await.ok();
    let _: WriteResponse = sara.write(&name, &invitee(8, 5, "bua", "")).await.ok();
    let first = young.everything().await.list_invitees(&plan::template::first_meeting()).remove(0);
    let _: SyncResponse = young.sync(0, &[op(50, first.on.as_str(), "outcome", &[], "no".into())]).await.ok();
    let _: WriteResponse = sara.write(&name, &invitee(9, 6, "bua", "")).await.ok();
    sara.write(&name, &invitee(10, 7, "bua", "")).await.refused(ErrorCode::TooManyOpen);
}

#[tokio::test]
async fn how_it_was_is_told_by_each_who_took_part() {
    let Stage { mut sara, mut young, name, .. } = stage().await;
    let _: WriteResponse = sara.write(&name, &reflection(1)).await.ok();
    let meeting = plan::template::first_meeting();
    let own = ["heard", "safe", "informed", "words"]
        .iter()
        .zip(50..)
        .map(|(field, seq)| op(seq, meeting.as_str(), field, &[], "no".into()));
    let _: SyncResponse = young.sync(0, &own.collect::<Vec<_>>()).await.ok();
    let set = young.everything().await;
    let theirs = set.list_reflections(&meeting).remove(0);
    assert_eq!(theirs.levels.map(|level| level.unwrap().name()), ["yes", "partly", "no"]);
    let read = read(&mut sara, &name).await;
    assert_eq!(read.own_reflection.map(|own| (own.heard, own.words)), Some(("no".into(), "no".into())));
    assert_eq!((read.reflections.len(), read.reflections[0].by.own.as_deref()), (1, Some("")));
}

#[tokio::test]
async fn who_came_is_told_by_kind_and_by_both() {
    let Stage { mut sara, mut young, name, .. } = stage().await;
    let _: WriteResponse = sara.write(&name, &attendance(1, "bua")).await.ok();
    // Said again it is the same, and an empty one takes back what was said.
    let _: WriteResponse = sara.write(&name, &attendance(2, "bua home")).await.ok();
    let meeting = plan::template::first_meeting();
    let own = op(50, meeting.as_str(), "came", &[], "home relative".into());
    let answer: SyncResponse = young.sync(0, &[own]).await.ok();
    assert_eq!(answer.refused, []);
    assert_eq!(young.everything().await.attendance(&meeting).kinds(), ["relative", "home", "bua"]);
    let read = read(&mut sara, &name).await;
    assert_eq!(read.came, "home relative");
    let told: Vec<_> =
        read.attendance.iter().map(|it| (it.kinds.as_str(), it.by.from.as_str(), it.by.own.as_deref())).collect();
    assert_eq!(told, [("bua home", "Sara Holm, Bostedet Lindely", Some(""))]);
    let _: WriteResponse = sara.write(&name, &attendance(3, "")).await.ok();
    assert_eq!(young.everything().await.attendance(&meeting).kinds(), ["relative", "home"]);
}

/// What is brought to a meeting is shared with Vigtigt om mig, and not with the meeting.
#[tokio::test]
async fn what_is_brought_is_read_by_who_may_read_it_where_it_stands() {
    const STATEMENT: &str = "Jeg er mere end mine papirer";
    let Stage { world, mut sara, mut young, name, .. } = stage().await;
    let mut jonas = world.staff(JONAS).await;
    let _ = young.accept(&jonas.invite("N").await, &["meeting", "about"]).await;
    let same = jonas.only_young().await;
    let statement = entry(40, "about", "udsagn", STATEMENT);
    let brought = op(45, &format!("about/entry/{:016x}-40", 1), "brought", &[], "m1".into());
    let _: SyncResponse = young.sync(0, &[statement, vec![brought]].concat()).await.ok();
    let told = async |client: &mut Client, name: &str| {
        let read = read(client, name).await;
        read.brought.into_iter().map(|text| text.text).collect::<Vec<_>>()
    };
    assert_eq!(told(&mut jonas, &same).await, [STATEMENT]);
    assert_eq!(told(&mut sara, &name).await, [""; 0]);
    // Taken out of it again, it is where it was and nowhere else.
    let nothing = op(46, &format!("about/entry/{:016x}-40", 1), "brought", &[45], "".into());
    let _: SyncResponse = young.sync(0, &[nothing]).await.ok();
    assert_eq!(told(&mut jonas, &same).await, [""; 0]);
}

#[tokio::test]
async fn what_a_field_cannot_be_is_refused() {
    let Stage { mut sara, name, .. } = stage().await;
    let long = "x".repeat(121);
    type Fields = &'static [(&'static str, &'static str)];
    let malformed: &[(&str, Option<u64>, Fields)] = &[
        ("agreement", Some(1), &[("what", " . "), ("who", ""), ("due", "")]),
        ("agreement", Some(1), &[("what", "Vi ringer"), ("who", "a\nb"), ("due", "")]),
        ("agreement", Some(1), &[("what", "Vi ringer"), ("who", ""), ("due", "2026-02-30")]),
        ("agreement", Some(1), &[("what", "Vi ringer"), ("who", "")]),
        ("agreement", None, &[("what", "Vi ringer"), ("who", ""), ("due", "")]),
        ("proposal", Some(1), &[("date", ""), ("time", "14:30"), ("place", "Huset")]),
        ("proposal", Some(1), &[("date", "2026-12-04"), ("time", "25:00"), ("place", "Huset")]),
        ("proposal", Some(1), &[("date", "2026-12-04"), ("time", "1:00"), ("place", "Huset")]),
        ("invitee", Some(1), &[("actor", ""), ("why", "")]),
        ("invitee", Some(1), &[("actor", "school home"), ("why", "")]),
        ("invitee", Some(1), &[("actor", "somebody"), ("why", "")]),
        ("invitee", Some(1), &[("actor", "school"), ("why", "a\nb")]),
        ("invitee", None, &[("actor", "school"), ("why", "")]),
        ("reflection", None, &[("heard", "maybe"), ("safe", "yes"), ("informed", "yes"), ("words", "")]),
        ("attendance", None, &[("came", "somebody")]),
        ("attendance", None, &[("came", "home bua")]),
        ("attendance", None, &[("came", "bua bua")]),
        ("attendance", Some(1), &[("came", "bua")]),
        ("reflection", Some(1), &[("heard", "yes"), ("safe", "yes"), ("informed", "yes"), ("words", "")]),
    ];
    for (kind, slot, words) in malformed {
        sara.write(&name, &about_meeting(1, kind, *slot, words)).await.refused(ErrorCode::Malformed);
    }
    let words = [("what", "Vi ringer"), ("who", long.as_str()), ("due", "")];
    sara.write(&name, &about_meeting(1, "agreement", Some(1), &words)).await.refused(ErrorCode::TooLarge);
    for slot in ["", "1", "ABCDEF0123456789", "0123456789abcde_"] {
        let mut request = agreement(1, 1);
        request.words.iter_mut().for_each(|words| words.slot = Some(slot.into()));
        sara.write(&name, &request).await.refused(ErrorCode::Malformed);
    }
    // Nothing is said to a meeting that there is not, nor to a point what is for a meeting.
    for (to, code) in [("meeting/meeting/x", ErrorCode::Gone), ("meeting/entry/x", ErrorCode::Malformed)] {
        let mut request = agreement(1, 1);
        request.words.iter_mut().for_each(|words| words.to = to.into());
        sara.write(&name, &request).await.refused(code);
    }
}

#[tokio::test]
async fn each_meeting_is_read_by_itself() {
    let Stage { mut sara, mut young, name, .. } = stage().await;
    let on = format!("meeting/meeting/{:016x}-60", 1);
    let mut ops = vec![op(60, &on, "made", &[], true.into()), op(61, &on, "form", &[], "quick".into())];
    ops.extend(entry(62, "meeting", &format!("{:016x}-60.m_dagsorden", 1), "Hvorfor er jeg her?"));
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    let mut request = agreement(1, 1);
    request.words.iter_mut().for_each(|words| words.to.clone_from(&on));
    let _: WriteResponse = sara.write(&name, &request).await.ok();
    let review: ReviewView = sara.review(&name).await.ok();
    let meetings: Vec<_> =
        review.parts.iter().filter_map(|part| Some((part.meeting.as_ref()?, &part.sections))).collect();
    let told: Vec<_> = meetings
        .iter()
        .map(|(it, sections)| (it.on.as_str(), it.form.as_str(), it.agreements.len(), sections.len()))
        .collect();
    assert_eq!(told, [("meeting/meeting/m1", "network", 0, 1), (on.as_str(), "quick", 1, 1)]);
}

/// One browser has one cookie for all of its windows: in another one somebody else may have signed in since.
#[tokio::test]
async fn what_one_window_writes_is_not_said_in_the_name_of_who_signed_in_in_another() {
    let Stage { world, mut sara, mut young, name, .. } = stage().await;
    let mut jonas = world.staff(JONAS).await;
    young.accept(&jonas.invite("N").await, &["meeting"]).await;
    let same = jonas.only_young().await;
    let who: StaffView = sara.get("staff/session").await.ok();
    let send = async |client: &mut Client, believed: &str| {
        let request =
            axum::http::Request::builder().method("POST").uri(format!("/api/v1/staff/young-people/{same}/words"));
        let request = request.header("content-type", "application/json").header(STAFF_HEADER, believed);
        client.send(request.body(serde_json::to_vec(&agreement(1, 1)).unwrap().into()).unwrap()).await
    };
    send(&mut jonas, &who.id).await.refused(ErrorCode::SignedOut);
    assert!(read(&mut sara, &name).await.agreements.is_empty());
    let own: StaffView = jonas.get("staff/session").await.ok();
    let _: WriteResponse = send(&mut jonas, &own.id).await.ok();
    assert_eq!(read(&mut sara, &name).await.agreements[0].by.from, "Jonas Berg, BUA Aaen");
}
