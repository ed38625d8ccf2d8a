//! Guests: a link and a code for the agenda of one meeting, and nothing else.

use crate::words::{answer, point, set_of};
use crate::world::*;
use plan::guest::MAX_GUESTS;
use protocol::*;
use serde_json::json;

pub const WORD: &str = "Plantedskole";
pub const FIRST: &str = "meeting/meeting/m1";

impl Client {
    pub async fn invite_guest(&mut self, meeting: &str) -> Reply {
        self.post("guests", &request(meeting, "school")).await
    }

    pub async fn guests(&mut self) -> Vec<GuestView> {
        self.get("guests").await.ok::<GuestsView>().guests
    }
}

/// As a build sends it that draws no secret.
pub fn request(meeting: &str, kind: &str) -> CreateGuestRequest {
    CreateGuestRequest { secret: None, meeting: meeting.into(), kind: kind.into() }
}

pub fn shown(link: &GuestLinkView) -> OpenAgendaRequest {
    let (_, secret) = link.link.split_once("/gaest#").unwrap();
    OpenAgendaRequest { secret: secret.into(), code: link.code.clone() }
}

pub struct Stage {
    pub world: World,
    pub sara: Client,
    pub young: Client,
    pub consent: ConsentView,
    pub link: GuestLinkView,
    pub guest: Client,
}

/// A meeting with a point, and a guest who has a link to it.
pub async fn stage() -> Stage {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["about", "red", "meeting"]).await;
    let (_, ops) = point(1, WORD);
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    let link: GuestLinkView = young.invite_guest(FIRST).await.ok();
    let mut guest = world.nobody();
    guest.address = [10, 0, 0, 9].into();
    Stage { world, sara, young, consent, link, guest }
}

impl Stage {
    pub async fn open(&mut self) -> Reply {
        let request = shown(&self.link);
        self.guest.post("guests/agenda", &request).await
    }

    /// The link is as if there were none, and nothing of the agenda is told.
    pub async fn is_closed(&mut self) {
        let reply = self.open().await.refused(ErrorCode::WrongCode);
        assert!(!reply.text().contains(WORD));
    }
}

#[tokio::test]
async fn a_guest_reads_the_agenda_and_nothing_else() {
    let mut stage = stage().await;
    let secrets = ["Skjultnavn", "Skjultplan", "Skjultemne", "Skjultmoede", "Skjultsvar"];
    let mut ops = vec![
        op(20, FIRST, "date", &[], "2026-11-24".into()),
        op(21, FIRST, "time", &[], "14:30".into()),
        op(22, FIRST, "place", &[], "Bostedet".into()),
        op(23, "about/section/navn", "text", &[], secrets[0].into()),
        op(24, "meeting/meeting/other", "made", &[], true.into()),
    ];
    ops.extend(entry(30, "red", "r_nu", secrets[1]));
    ops.extend(entry(40, "meeting", "m1.m_ikke", secrets[2]));
    ops.extend(entry(50, "meeting", "other.m_dagsorden", secrets[3]));
    let _: SyncResponse = stage.young.sync(0, &ops).await.ok();
    let young = stage.sara.only_young().await;
    let said = answer(1, &point(1, WORD).0, "no", secrets[4]);
    let _: WriteResponse = stage.sara.post(&format!("staff/young-people/{young}/words"), &said).await.ok();

    let reply = stage.open().await;
    for secret in secrets {
        assert!(!reply.text().contains(secret), "{secret}");
    }
    assert!(stage.guest.cookies.is_empty());
    let agenda: AgendaView = reply.ok();
    let expected = AgendaView {
        form: "network".into(),
        date: "2026-11-24".into(),
        time: "14:30".into(),
        place: "Bostedet".into(),
        points: vec![WORD.into()],
        can_reflect: false,
    };
    assert_eq!(agenda, expected);
    // What is written later is read later.
    let _: SyncResponse = stage.young.sync(0, &point(60, "Ferie").1).await.ok();
    assert_eq!(stage.open().await.ok::<AgendaView>().points, [WORD, "Ferie"]);
}

#[tokio::test]
async fn the_young_person_sees_that_it_was_opened_and_ends_it_with_a_tap() {
    let mut stage = stage().await;
    let before = &stage.young.guests().await[0];
    assert_eq!((before.first_opened, before.last_opened, before.ended_at), (None, None, None));
    assert_eq!((before.meeting.as_str(), before.kind.as_str(), &before.id), (FIRST, "school", &stage.link.id));
    // The day, and not the hour: beside what a guest has just said that would tell who has.
    for _ in 0..2 {
        stage.world.pass(13 * HOUR);
        let _: AgendaView = stage.open().await.ok();
    }
    let opened = &stage.young.guests().await[0];
    assert_eq!((opened.first_opened, opened.last_opened), (Some(START), Some(START + DAY)));

    stage.young.delete(&format!("guests/{}", stage.link.id)).await.empty();
    stage.is_closed().await;
    stage.young.delete(&format!("guests/{}", stage.link.id)).await.empty();
    let ended = &stage.young.guests().await[0];
    assert_eq!((ended.last_opened, ended.ended_at), (Some(START + DAY), Some(START + 26 * HOUR)));
    let mut sara = stage.world.staff(SARA).await;
    let (mut other, _) = stage.world.young(&mut sara, "N", &["meeting"]).await;
    assert_eq!(other.guests().await, []);
}

#[tokio::test]
async fn that_it_is_read_is_on_disk_before_it_is() {
    let mut stage = stage().await;
    let mut young = stage.young.clone();
    let id = stage.link.id.clone();
    // Ended, and taken back, after the words were looked up and before they are answered.
    stage.world.between.after("list_released_ops", async move { young.delete(&format!("guests/{id}")).await.empty() });
    stage.is_closed().await;
    assert_eq!(stage.young.guests().await[0].first_opened, None);

    let link: GuestLinkView = stage.young.invite_guest(FIRST).await.ok();
    stage.link = link;
    let (mut young, consent) = (stage.young.clone(), stage.consent.id.clone());
    stage.world.between.after("list_released_ops", async move {
        young.withdraw(&consent).await;
    });
    stage.is_closed().await;
    assert_eq!(stage.young.guests().await[0].first_opened, None);
}

#[tokio::test]
async fn a_no_to_the_meeting_ends_it_and_a_later_yes_does_not_open_it() {
    let mut stage = stage().await;
    // Another yes to the meeting holds it open.
    let mut jonas = stage.world.staff(JONAS).await;
    let other = stage.young.accept(&jonas.invite("N").await, &["meeting"]).await;
    stage.young.withdraw(&stage.consent.id.clone()).await;
    let _: AgendaView = stage.open().await.ok();
    // Changed to a yes without the meeting.
    let less = yes(None, Some(&other.id), &["about"], OVER_15);
    let less: ConsentView = stage.young.post("consents", &less).await.ok();
    stage.is_closed().await;
    stage.young.invite_guest(FIRST).await.refused(ErrorCode::NoConsent);
    let more = yes(None, Some(&less.id), &["meeting"], OVER_15);
    let _: ConsentView = stage.young.post("consents", &more).await.ok();
    stage.is_closed().await;
    let link: GuestLinkView = stage.young.invite_guest(FIRST).await.ok();
    stage.link = link;
    assert!(stage.open().await.status.is_success());
}

#[tokio::test]
async fn what_was_erased_and_a_meeting_that_was_deleted_are_read_by_nobody() {
    let mut stage = stage().await;
    let made = "meeting/meeting/other";
    let _: SyncResponse = stage.young.sync(0, &[op(20, made, "made", &[], true.into())]).await.ok();
    let first = std::mem::replace(&mut stage.link, stage.young.invite_guest(made).await.ok());
    let _: AgendaView = stage.open().await.ok();
    let _: SyncResponse = stage.young.sync(0, &[op(21, made, "deleted", &[20], true.into())]).await.ok();
    stage.is_closed().await;
    stage.link = first;
    stage.young.withdraw(&stage.consent.id.clone()).await;
    let _: EraseResponse = stage.young.post("erase", &json!({})).await.ok();
    stage.is_closed().await;
    assert_eq!(stage.young.guests().await, []);
}

#[tokio::test]
async fn there_are_so_many_open_links_and_each_that_ends_makes_room() {
    let mut stage = stage().await;
    for _ in 1..MAX_GUESTS {
        let _: GuestLinkView = stage.young.invite_guest(FIRST).await.ok();
    }
    stage.young.invite_guest(FIRST).await.refused(ErrorCode::TooManyOpen);
    stage.young.delete(&format!("guests/{}", stage.link.id)).await.empty();
    let _: GuestLinkView = stage.young.invite_guest(FIRST).await.ok();
    for (meeting, kind) in [("meeting/entry/x", "school"), ("red/meeting/x", "school"), ("", "school"), (FIRST, "ven")]
    {
        stage.young.post("guests", &request(meeting, kind)).await.refused(ErrorCode::Malformed);
    }
}

#[tokio::test]
async fn the_same_request_again_is_the_same_link() {
    let mut stage = stage().await;
    let drawn = CreateGuestRequest { secret: Some("5e".repeat(32)), ..request(FIRST, "school") };
    let link: GuestLinkView = stage.young.post("guests", &drawn).await.ok();
    let again: GuestLinkView = stage.young.post("guests", &drawn).await.ok();
    assert_eq!(link, again);
    assert_eq!(stage.young.guests().await.len(), 2);
    let rows = stage.world.store.list_audit().await.unwrap();
    assert_eq!(rows.iter().filter(|row| row.what == "guest_invited").count(), 2);
    stage.link = again;
    let _: AgendaView = stage.open().await.ok();

    // For something else, or by somebody else, it is another one.
    let (mut another, _) = stage.world.young(&mut stage.sara, "N", &["meeting"]).await;
    let other: GuestLinkView = another.post("guests", &drawn).await.ok();
    let mut links = vec![link.clone(), other];
    let others = [("doctor", FIRST), ("school", "meeting/meeting/other")];
    for request in others.map(|(kind, meeting)| request(meeting, kind)) {
        let drawn = CreateGuestRequest { secret: drawn.secret.clone(), ..request };
        links.push(stage.young.post("guests", &drawn).await.ok());
    }
    links.sort_by(|a, b| a.link.cmp(&b.link));
    links.dedup_by(|a, b| a.link == b.link || a.code == b.code || a.id == b.id);
    assert_eq!(links.len(), 4);

    // There is always room for one that is there, and none opens it again.
    while stage.young.invite_guest(FIRST).await.status.is_success() {}
    let again: GuestLinkView = stage.young.post("guests", &drawn).await.ok();
    assert_eq!(link, again);
    stage.young.delete(&format!("guests/{}", link.id)).await.empty();
    stage.young.post("guests", &drawn).await.refused(ErrorCode::Gone);
    for broken in ["", "5e", &"5E".repeat(32), &"g".repeat(64)] {
        let drawn = CreateGuestRequest { secret: Some(broken.into()), ..drawn.clone() };
        stage.young.post("guests", &drawn).await.refused(ErrorCode::Malformed);
    }
}

/// What is let in can be said something of when the day is there.
#[tokio::test]
async fn a_meeting_whose_name_leaves_no_room_for_a_reflection_gets_no_link() {
    let mut stage = stage().await;
    let meeting = |length: usize| format!("meeting/meeting/{}", "m".repeat(length));
    stage.young.invite_guest(&meeting(79)).await.refused(ErrorCode::Malformed);
    let _: SyncResponse = stage.young.sync(0, &[op(20, &meeting(78), "made", &[], true.into())]).await.ok();
    stage.link = stage.young.invite_guest(&meeting(78)).await.ok();
    stage.guest.post("guests/reflection", &reflection(&stage.link, WORD)).await.empty();
    assert_eq!(stage.young.everything().await.list_reflections(&meeting(78).parse().unwrap())[0].words, WORD);
}

#[tokio::test]
async fn nothing_that_a_guest_shows_and_nothing_of_who_they_are_is_in_the_files() {
    let mut stage = stage().await;
    let _: AgendaView = stage.open().await.ok();
    stage.world.store.close().await.unwrap();
    let bytes = bytes_in(stage.world.folder.path());
    let OpenAgendaRequest { secret, code } = shown(&stage.link);
    for hidden in [secret.as_str(), &code, &code.replace('-', ""), "school", FIRST, WORD] {
        assert!(!contains(&bytes, hidden.as_bytes()), "{hidden}");
    }
    let raw: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&secret[2 * at..2 * at + 2], 16).unwrap()).collect();
    assert!(!contains(&bytes, &raw));
    assert!(contains(&bytes, b"agenda_opened"));
}

pub fn reflection(link: &GuestLinkView, words: &str) -> ReflectRequest {
    let OpenAgendaRequest { secret, code } = shown(link);
    let [heard, safe, informed] = ["yes", "partly", "no"].map(str::to_owned);
    ReflectRequest { secret, code, heard, safe, informed, words: words.into() }
}

#[tokio::test]
async fn a_guest_says_once_how_it_was_and_nobody_is_told_who() {
    const SAID: &str = "Jeg laerte noget";
    let mut stage = stage().await;
    let _: SyncResponse = stage.young.sync(0, &[op(20, FIRST, "date", &[], "2026-11-24".into())]).await.ok();
    let other: GuestLinkView = stage.young.invite_guest(FIRST).await.ok();
    let request = reflection(&stage.link, SAID);
    // Not before the day.
    stage.guest.post("guests/reflection", &request).await.refused(ErrorCode::Forbidden);
    stage.world.pass(2 * DAY + HOUR);
    assert!(stage.open().await.ok::<AgendaView>().can_reflect);
    for broken in [
        ReflectRequest { heard: "".into(), ..request.clone() },
        ReflectRequest { informed: "maybe".into(), ..request.clone() },
    ] {
        stage.guest.post("guests/reflection", &broken).await.refused(ErrorCode::Malformed);
    }
    let long = ReflectRequest { words: "a".repeat(4_001), ..request.clone() };
    stage.guest.post("guests/reflection", &long).await.refused(ErrorCode::TooLarge);
    stage.guest.post("guests/reflection", &request).await.empty();
    stage.guest.post("guests/reflection", &request).await.refused(ErrorCode::Gone);
    stage.guest.post("guests/reflection", &reflection(&other, "")).await.empty();

    let given: SyncResponse = stage.young.sync(0, &[]).await.ok();
    let set = set_of(&given.ops);
    let all = set.list_reflections(&FIRST.parse().unwrap());
    assert_eq!(all.len(), 2);
    let said = all.iter().find(|one| one.words == SAID).unwrap();
    assert_eq!(said.levels.map(|level| level.unwrap().name()), ["yes", "partly", "no"]);
    assert_eq!(said.by.from, plan::author::GUEST);
    // The day, and not the hour; and nothing that leads to the link.
    assert_eq!(said.by.at.millis % DAY, 0);
    let OpenAgendaRequest { secret, .. } = shown(&stage.link);
    for leading in [secret.as_str(), &stage.link.id, "school"] {
        assert!(given.ops.iter().all(|raw| !raw.contains(leading)), "{leading}");
    }
    // The contact reads them too, and the young person takes one away.
    let mut sara = stage.world.staff(SARA).await;
    let name = sara.only_young().await;
    let review: ReviewView = sara.review(&name).await.ok();
    let text = serde_json::to_string(&review).unwrap();
    assert!(text.contains(SAID) && text.contains("\"from\":\"guest\""));
    let head = set.heads(&said.on, "words")[0].op.id.to_string();
    let mut erasure: serde_json::Value =
        serde_json::from_str(&op(70, said.on.as_str(), "erased", &[], true.into())).unwrap();
    erasure["p"] = json!([head]);
    let _: SyncResponse = stage.young.sync(0, &[erasure.to_string()]).await.ok();
    assert!(!sara.review(&name).await.text().contains(SAID));
}

#[tokio::test]
async fn what_a_guest_has_said_is_minted_here_and_by_nobody_else() {
    let mut stage = stage().await;
    stage.guest.post("guests/reflection", &reflection(&stage.link, WORD)).await.empty();
    let given: SyncResponse = stage.young.sync(0, &[]).await.ok();
    let minted: Vec<String> = given.ops.into_iter().filter(|raw| raw.contains("guest-")).collect();
    assert_eq!(minted.len(), 5);
    // Brought back as it is it is known; changed it is nobody's.
    let again: SyncResponse = stage.young.sync(0, &minted).await.ok();
    assert_eq!(again.refused, []);
    let changed: Vec<String> =
        minted.iter().map(|raw| raw.replace(WORD, "Andet").replace("\"yes\"", "\"no\"")).collect();
    let refused: SyncResponse = stage.young.sync(0, &changed).await.ok();
    assert!(refused.refused.len() >= 2, "{:?}", refused.refused);
    // Neither a contact nor the young person writes on what is a guest's.
    let on = plan::Record::parse(&minted[0]).unwrap().op.on;
    let own: SyncResponse = stage.young.sync(0, &[op(90, on.as_str(), "heard", &[], "no".into())]).await.ok();
    assert_eq!(own.refused.len(), 1);
    // With the erasure it goes.
    stage.young.withdraw(&stage.consent.id.clone()).await;
    let _: EraseResponse = stage.young.post("erase", &json!({})).await.ok();
    stage.young.accept(&stage.sara.invite("M").await, &["meeting"]).await;
    assert!(stage.young.everything().await.iter().all(|record| !record.raw().contains("guest-")));
}

#[tokio::test]
async fn the_no_of_a_custody_holder_ends_it() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let mut young = world.nobody();
    let code = sara.invite("M").await;
    let _: ConsentView = young.post("consents", &yes(Some(&code), None, &["meeting"], UNDER_15)).await.ok();
    let path = format!("staff/young-people/{}/custody", sara.only_young().await);
    let said = |answer| RecordCustodyRequest { answer, given_by: "mor".into(), on: "2026-11-22".into(), consent: None };
    let _: YoungPersonView = sara.post(&path, &said(CustodyView::Yes)).await.ok();
    let _: SyncResponse = young.sync(0, &point(1, WORD).1).await.ok();
    let link: GuestLinkView = young.invite_guest(FIRST).await.ok();
    let mut guest = world.nobody();
    let _: AgendaView = guest.post("guests/agenda", &shown(&link)).await.ok();
    for answer in [CustodyView::No, CustodyView::Yes] {
        let _: YoungPersonView = sara.post(&path, &said(answer)).await.ok();
        guest.post("guests/agenda", &shown(&link)).await.refused(ErrorCode::WrongCode);
    }
    assert!(young.guests().await[0].ended_at.is_some());
}

#[tokio::test]
async fn what_is_over_by_its_day_takes_no_room() {
    let mut stage = stage().await;
    let _: SyncResponse = stage.young.sync(0, &[op(20, FIRST, "date", &[], "2026-11-24".into())]).await.ok();
    for _ in 1..MAX_GUESTS {
        let _: GuestLinkView = stage.young.invite_guest(FIRST).await.ok();
    }
    let other = "meeting/meeting/other";
    let _: SyncResponse = stage.young.sync(0, &[op(21, other, "made", &[], true.into())]).await.ok();
    stage.young.invite_guest(other).await.refused(ErrorCode::TooManyOpen);
    stage.world.pass(4 * DAY);
    stage.link = stage.young.invite_guest(other).await.ok();
    for _ in 1..MAX_GUESTS {
        let _: GuestLinkView = stage.young.invite_guest(other).await.ok();
    }
    stage.young.invite_guest(other).await.refused(ErrorCode::TooManyOpen);
    let _: AgendaView = stage.open().await.ok();
    // A meeting that is there no more has nothing that could be ended by a tap.
    let _: SyncResponse = stage.young.sync(0, &[op(22, other, "deleted", &[21], true.into())]).await.ok();
    let _: GuestLinkView = stage.young.invite_guest(FIRST).await.ok();
}

#[tokio::test]
async fn what_has_no_room_is_not_said_to_be_taken() {
    let mut stage = stage().await;
    let file = rusqlite::Connection::open(stage.world.folder.path().join("min-plan.sqlite3")).unwrap();
    // Room for two of the five operations.
    file.execute("UPDATE young SET op_count = 100000 - 2", []).unwrap();
    let request = reflection(&stage.link, WORD);
    stage.guest.post("guests/reflection", &request).await.refused(ErrorCode::TooLarge);
    file.execute("UPDATE young SET op_count = 3", []).unwrap();
    stage.guest.post("guests/reflection", &request).await.empty();
}

#[tokio::test]
async fn nothing_is_said_of_a_meeting_that_is_taken_away_in_the_same_moment() {
    let mut stage = stage().await;
    let made = "meeting/meeting/other";
    let _: SyncResponse = stage.young.sync(0, &[op(20, made, "made", &[], true.into())]).await.ok();
    stage.link = stage.young.invite_guest(made).await.ok();
    let mut phone = stage.young.clone();
    let gone = op(21, made, "deleted", &[20], true.into());
    stage.world.between.after("list_released_ops", async move {
        let _: SyncResponse = phone.sync(0, &[gone]).await.ok();
    });
    let request = reflection(&stage.link, WORD);
    stage.guest.post("guests/reflection", &request).await.refused(ErrorCode::WrongCode);
    let given: SyncResponse = stage.young.sync(0, &[]).await.ok();
    assert!(given.ops.iter().all(|raw| !raw.contains("guest-")));
}

#[tokio::test]
async fn what_was_erased_of_a_guest_is_known_when_it_is_brought_back() {
    let mut stage = stage().await;
    stage.guest.post("guests/reflection", &reflection(&stage.link, WORD)).await.empty();
    let given: SyncResponse = stage.young.sync(0, &[]).await.ok();
    let all = set_of(&given.ops);
    let on = all.list_reflections(&FIRST.parse().unwrap())[0].on.clone();
    let words = all.heads(&on, "words")[0].clone();
    let mut erasure: serde_json::Value =
        serde_json::from_str(&op(70, words.op.on.as_str(), "erased", &[], true.into())).unwrap();
    erasure["p"] = json!([words.op.id.to_string()]);
    let _: SyncResponse = stage.young.sync(0, &[erasure.to_string()]).await.ok();
    let again: SyncResponse =
        stage.young.sync(0, &[words.erased().raw().to_owned(), words.raw().to_owned()]).await.ok();
    assert_eq!(again.refused, []);
    assert_eq!(stage.young.everything().await.list_reflections(&FIRST.parse().unwrap())[0].words, "");
}
