//! Who stands in for a contact: reads and answers what is written to them, by a tick of its own, for a time.

use crate::messages::{message, reply};
use crate::words::SAID;
use crate::world::*;
use protocol::*;

const WORD: &str = "Er der nogen vågen?";
const BOTH: &[&str] = &["messages", "stand-in"];

struct Stage {
    world: World,
    sara: Client,
    mette: Client,
    young: Client,
    name: String,
    consent: ConsentView,
    /// Where Mette reads, and where she writes.
    reads: String,
    writes: String,
}

impl Client {
    async fn id(&mut self) -> String {
        self.get("staff/session").await.ok::<StaffView>().id
    }

    async fn name_stand_in(&mut self, staff: &str, until: &str) -> Reply {
        self.put("staff/stand-in", &StandInRequest { staff: staff.into(), until: until.into() }).await
    }

    async fn standing_in(&mut self) -> Vec<StandingInView> {
        self.young_people().await.standing_in
    }
}

/// A young person who has written to Sara by a yes to these parts; Mette stands in for her until 24 November.
async fn stage(parts: &[&str]) -> Stage {
    let world = World::new().await;
    let (mut sara, mut mette) = (world.staff(SARA).await, world.colleague().await);
    let (mut young, consent) = world.young(&mut sara, "M", parts).await;
    let name = sara.only_young().await;
    let (_, ops) = message(1, &consent.staff, WORD);
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    let id = mette.id().await;
    let named: OwnStandInView = sara.name_stand_in(&id, "2026-11-24").await.ok();
    assert_eq!(named.stand_in, Some(StandInView { staff: id, name: "Mette Lund".into(), until: "2026-11-24".into() }));
    let at = |what: &str| format!("staff/young-people/{name}/{what}/{}", consent.staff);
    let (reads, writes) = (at("messages"), at("words"));
    Stage { world, sara, mette, young, name, consent, reads, writes }
}

#[tokio::test]
async fn who_stands_in_reads_and_answers_and_the_young_person_is_told_who_it_was() {
    let Stage { world, mut sara, mut mette, mut young, name, consent, reads, writes } = stage(BOTH).await;
    let told = young.me().await.consents[0].stand_in.clone().unwrap();
    assert_eq!((told.name.as_str(), told.until.as_str()), ("Mette Lund", "2026-11-24"));
    let standing_in = mette.standing_in().await;
    let expected = StandingInView {
        contact: consent.staff.clone(),
        contact_name: "Sara Holm".into(),
        young: name.clone(),
        label: "M".into(),
        has_messages: true,
        until: "2026-11-24".into(),
    };
    assert_eq!(standing_in, [expected]);

    let mut phone = young.listen("events").await;
    world.pass(MINUTE);
    let read: MessagesView = mette.get(&reads).await.ok();
    assert_eq!((read.label.as_str(), read.messages[0].text.as_str(), read.messages[0].new), ("M", WORD, true));
    phone.hears().await;
    assert!(young.thread(&consent.staff).await[0].is_read);
    let looks: LooksView = young.get("looks").await.ok();
    let seen: Vec<_> = looks.looks.iter().map(|look| (look.name.as_str(), look.parts.join(","))).collect();
    assert_eq!(seen, [("Mette Lund", "messages".to_owned())]);
    assert!(!mette.standing_in().await[0].has_messages);
    assert!(sara.young_people().await.young_people[0].has_messages, "Sara has not seen it");

    let _: WriteResponse = mette.post(&writes, &reply(1, &consent.staff, 1, SAID)).await.ok();
    phone.hears().await;
    let thread = young.thread(&consent.staff).await;
    assert_eq!((thread[1].text.as_str(), thread[1].from.as_str()), (SAID, "Mette Lund, Bostedet Lindely"));
    let hers: MessagesView = sara.messages(&name).await.ok();
    assert_eq!(hers.messages[1].from, "Mette Lund, Bostedet Lindely");
    // A copy of the server that has lost it gets it back from the phone, as what it was.
    let all: SyncResponse = young.sync(0, &[]).await.ok();
    let again: SyncResponse = young.sync(0, &all.ops).await.ok();
    assert_eq!(again.refused, []);

    // Another stands in later, or nobody: what was said stays.
    let ended: OwnStandInView = sara.delete("staff/stand-in").await.ok();
    assert_eq!(ended.stand_in, None);
    assert_eq!(young.thread(&consent.staff).await.len(), 2);
    assert_eq!(young.me().await.consents[0].stand_in, None);
    mette.get(&reads).await.refused(ErrorCode::NotFound);
    mette.post(&writes, &reply(2, &consent.staff, 2, SAID)).await.refused(ErrorCode::NotFound);
    assert_eq!(mette.standing_in().await, []);
}

#[tokio::test]
async fn without_the_tick_nobody_stands_in() {
    for parts in [&["messages"][..], &["stand-in", "meeting"], &["meeting"]] {
        let Stage { mut mette, mut young, consent, reads, writes, .. } = stage(parts).await;
        mette.get(&reads).await.refused(ErrorCode::NoConsent);
        mette.post(&writes, &reply(1, &consent.staff, 1, SAID)).await.refused(ErrorCode::NoConsent);
        assert_eq!(mette.standing_in().await, [], "{parts:?}");
        let looks: LooksView = young.get("looks").await.ok();
        assert_eq!(looks.looks, []);
    }
}

#[tokio::test]
async fn who_stands_in_reads_nothing_else_and_writes_only_replies() {
    let Stage { mut sara, mut mette, mut young, name, consent, writes, .. } =
        stage(&["messages", "stand-in", "red"]).await;
    let _: SyncResponse = young.sync(0, &entry(21, "red", "r_nu", "plantedword")).await.ok();
    for path in ["review", "messages"] {
        mette.get(&format!("staff/young-people/{name}/{path}")).await.refused(ErrorCode::NotFound);
    }
    mette.write(&name, &reply(1, &consent.staff, 1, SAID)).await.refused(ErrorCode::NotFound);
    let mut answer = reply(2, &consent.staff, 1, "yes");
    answer.words[0] =
        WordsView { to: "red/entry/0000000000000001-21".into(), kind: "suggestion".into(), ..answer.words[0].clone() };
    mette.post(&writes, &answer).await.refused(ErrorCode::Forbidden);
    // Nor in a thread of her own, which nobody has said yes to.
    let id = mette.id().await;
    mette.post(&writes, &reply(3, &id, 1, SAID)).await.refused(ErrorCode::Forbidden);
    // Who is of another home cannot be named, nor can oneself, nor somebody whom there is not.
    let jonas = "0".repeat(32);
    let own = sara.id().await;
    for nobody in [&jonas, &own, "x"] {
        sara.name_stand_in(nobody, "2026-11-24").await.refused(ErrorCode::NotFound);
    }
    for day in ["2026-11-21", "2027-01-22", "i morgen", ""] {
        sara.name_stand_in(&id, day).await.refused(ErrorCode::Malformed);
    }
    let _: OwnStandInView = sara.name_stand_in(&id, "2027-01-21").await.ok();
}

#[tokio::test]
async fn somebody_of_another_home_is_not_named() {
    let Stage { world, mut sara, .. } = stage(BOTH).await;
    let mut jonas = world.staff(JONAS).await;
    let id = jonas.id().await;
    sara.name_stand_in(&id, "2026-11-24").await.refused(ErrorCode::NotFound);
    let own: OwnStandInView = sara.get("staff/stand-in").await.ok();
    assert_eq!(own.colleagues.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Mette Lund"]);
}

#[tokio::test]
async fn it_ends_with_the_day_and_with_the_no() {
    let Stage { world, mut young, consent, reads, writes, .. } = stage(BOTH).await;
    world.set_time(START + 3 * DAY - 1);
    let mut mette = world.staff("mette").await;
    let _: MessagesView = mette.get(&reads).await.ok();
    young.withdraw(&consent.id).await;
    mette.get(&reads).await.refused(ErrorCode::NotFound);
    mette.post(&writes, &reply(1, &consent.staff, 1, SAID)).await.refused(ErrorCode::NotFound);
    assert_eq!(mette.standing_in().await, []);

    let Stage { world, mut young, consent, reads, .. } = stage(BOTH).await;
    world.set_time(START + 3 * DAY);
    let mut mette = world.staff("mette").await;
    mette.get(&reads).await.refused(ErrorCode::NotFound);
    assert_eq!(mette.standing_in().await, []);
    // What was written in the meantime waits for Sara.
    let (_, ops) = message(11, &consent.staff, "Godmorgen");
    let answer: SyncResponse = young.sync(0, &ops).await.ok();
    assert_eq!(answer.refused, []);
}

/// The no falls between what was allowed and what is done.
#[tokio::test]
async fn a_no_in_the_middle_of_an_answer_is_heard() {
    let Stage { world, mut mette, young, consent, writes, reads, .. } = stage(BOTH).await;
    let (mut phone, id) = (young.clone(), consent.id.clone());
    world.between.after("list_grants", async move {
        phone.withdraw(&id).await;
    });
    mette.post(&writes, &reply(1, &consent.staff, 1, SAID)).await.refused(ErrorCode::NotFound);

    let Stage { world, mut mette, mut sara, consent, writes, .. } = stage(BOTH).await;
    let ending = async move {
        let _: OwnStandInView = sara.delete("staff/stand-in").await.ok();
    };
    world.between.after("list_grants", ending);
    mette.post(&writes, &reply(1, &consent.staff, 1, SAID)).await.refused(ErrorCode::NotFound);
    drop(reads);
}

#[tokio::test]
async fn erased_it_does_not_come_back_from_a_phone() {
    let Stage { world, mut sara, mut mette, mut young, consent, writes, .. } = stage(BOTH).await;
    let _: WriteResponse = mette.post(&writes, &reply(1, &consent.staff, 1, SAID)).await.ok();
    let kept: SyncResponse = young.sync(0, &[]).await.ok();
    world.pass(MINUTE);
    young.withdraw(&consent.id).await;
    let _: EraseResponse = young.post("erase", &serde_json::json!({})).await.ok();
    let _ = young.accept(&sara.invite("M").await, BOTH).await;
    let again: SyncResponse = young.sync(0, &kept.ops).await.ok();
    let back: Vec<_> = young.thread(&consent.staff).await.into_iter().map(|it| it.text).collect();
    assert_eq!(back, [WORD], "the young person's own are theirs to send again");
    assert!(again.refused.iter().all(|refused| refused.reason == ErrorCode::Forbidden), "{:?}", again.refused);
    assert!(!again.refused.is_empty());
}

/// What may be read no more goes from their screen as it goes from the contact's; and nothing is told where there was no tick.
#[tokio::test]
async fn who_stands_in_is_told_at_once_when_they_may_and_when_they_no_longer_may() {
    let Stage { mut mette, mut young, consent, .. } = stage(BOTH).await;
    let mut of_mette = mette.listen("staff/events").await;
    of_mette.hears().await;
    let narrowed: ConsentView =
        young.post("consents", &yes(None, Some(&consent.id), &["messages"], OVER_15)).await.ok();
    of_mette.hears().await;
    assert_eq!(mette.standing_in().await, []);
    let again: ConsentView = young.post("consents", &yes(None, Some(&narrowed.id), BOTH, OVER_15)).await.ok();
    of_mette.hears().await;
    assert_eq!(mette.standing_in().await.len(), 1);
    young.withdraw(&again.id).await;
    of_mette.hears().await;

    let Stage { mut mette, mut sara, mut young, consent, .. } = stage(&["messages"]).await;
    let mut of_mette = mette.listen("staff/events").await;
    of_mette.hears().await;
    young.withdraw(&consent.id).await;
    of_mette.hears_nothing().await;
    let _ = young.accept(&sara.invite("M").await, &["messages"]).await;
    of_mette.hears_nothing().await;
}

#[tokio::test]
async fn who_stands_in_is_told_of_the_custody_holders_answer() {
    let Stage { world, mut sara, mut mette, .. } = stage(BOTH).await;
    let mut child = world.nobody();
    let _: ConsentView = child.post("consents", &yes(Some(&sara.invite("N").await), None, BOTH, UNDER_15)).await.ok();
    let all = sara.young_people().await.young_people;
    let name = all.into_iter().find(|one| one.label == "N").unwrap().id;
    let mut of_mette = mette.listen("staff/events").await;
    of_mette.hears().await;
    for (answer, count) in [(CustodyView::Yes, 2), (CustodyView::No, 1)] {
        let request = RecordCustodyRequest { answer, given_by: "Mor".into(), on: TODAY.into(), consent: None };
        let _: YoungPersonView = sara.post(&format!("staff/young-people/{name}/custody"), &request).await.ok();
        of_mette.hears().await;
        assert_eq!(mette.standing_in().await.len(), count);
    }
}

/// Whoever says yes to somebody who is away is told in the answer who reads meanwhile, and not by the next question.
#[tokio::test]
async fn the_answer_to_a_yes_says_who_stands_in() {
    let Stage { mut sara, mut young, consent, .. } = stage(BOTH).await;
    let who = |view: &ConsentView| view.stand_in.as_ref().map(|one| one.name.clone());
    let secret = "5e".repeat(32);
    let request = GiveConsentRequest { secret: Some(secret.clone()), ..yes(None, Some(&consent.id), BOTH, OVER_15) };
    let given: ConsentView = young.post("consents", &request).await.ok();
    let again: ConsentView = young.post("consents", &request).await.ok();
    let settle = SettleConsentRequest { secret, withdraw: false };
    let settled: ConsentView = young.post("consents/settle", &settle).await.ok();
    assert_eq!([&given, &again, &settled].map(who), [(); 3].map(|()| Some("Mette Lund".to_owned())));
    let over = young.withdraw(&given.id).await;
    assert_eq!(who(&over), None, "a no is told nothing");
    let settled: ConsentView = young.post("consents/settle", &settle).await.ok();
    assert_eq!(who(&settled), None);
    let _: OwnStandInView = sara.delete("staff/stand-in").await.ok();
    let none = young.accept(&sara.invite("M").await, BOTH).await;
    assert_eq!(who(&none), None);
}

/// Each has their own place, and the young person is told by whom it was read.
#[tokio::test]
async fn what_who_stands_in_has_read_is_new_still_to_the_contact() {
    let Stage { mut sara, mut mette, mut young, name, consent, reads, .. } = stage(BOTH).await;
    let news = |view: &MessagesView| view.messages.iter().map(|it| it.new).collect::<Vec<_>>();
    let read: MessagesView = mette.get(&reads).await.ok();
    assert_eq!(news(&read), [true]);
    let read: MessagesView = mette.get(&reads).await.ok();
    assert_eq!(news(&read), [false]);
    assert_eq!(young.thread(&consent.staff).await[0].read_by, "Mette Lund");
    let (_, ops) = message(11, &consent.staff, "Hallo?");
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    let read: MessagesView = sara.messages(&name).await.ok();
    assert_eq!(news(&read), [true, true], "to her");
    let read: MessagesView = sara.messages(&name).await.ok();
    assert_eq!(news(&read), [false, false]);
    let read: MessagesView = mette.get(&reads).await.ok();
    assert_eq!(news(&read), [false, false], "the contact has read it");
    let thread = young.thread(&consent.staff).await;
    assert_eq!(thread.iter().map(|it| it.read_by.as_str()).collect::<Vec<_>>(), ["Mette Lund", ""]);
    // A phone brings both back as they were.
    let all: SyncResponse = young.sync(0, &[]).await.ok();
    let again: SyncResponse = young.sync(0, &all.ops).await.ok();
    assert_eq!(again.refused, []);
}

/// Also of who has a yes of their own, and for whom the contact stands in.
#[tokio::test]
async fn what_was_written_in_a_thread_stays_and_goes_with_it() {
    let Stage { world, mut sara, mut mette, mut young, name, consent, writes, .. } = stage(BOTH).await;
    let own = young.accept(&mette.invite("M").await, BOTH).await;
    let id = sara.id().await;
    let _: OwnStandInView = mette.name_stand_in(&id, "2026-11-24").await.ok();
    world.pass(MINUTE);
    let _: WriteResponse = mette.post(&writes, &reply(1, &consent.staff, 1, SAID)).await.ok();
    let _: WriteResponse = mette.write(&name, &reply(2, &own.staff, 2, "Mine egne ord")).await.ok();
    let kept: SyncResponse = young.sync(0, &[]).await.ok();
    let texts = async |young: &mut Client, staff: &str| {
        young.thread(staff).await.into_iter().map(|it| it.text).collect::<Vec<_>>()
    };
    world.pass(MINUTE);
    young.withdraw(&own.id).await;
    let _: EraseResponse = young.post("erase", &serde_json::json!({})).await.ok();
    for _ in 0..2 {
        assert_eq!(texts(&mut young, &consent.staff).await, [WORD, SAID]);
        assert_eq!(texts(&mut young, &own.staff).await, [""; 0]);
        let _: SyncResponse = young.sync(0, &kept.ops).await.ok();
    }
    young.withdraw(&consent.id).await;
    let _: EraseResponse = young.post("erase", &serde_json::json!({})).await.ok();
    world.pass(MINUTE);
    let _ = young.accept(&sara.invite("M").await, BOTH).await;
    let _ = young.accept(&mette.invite("M").await, BOTH).await;
    let _: SyncResponse = young.sync(0, &kept.ops).await.ok();
    assert_eq!(texts(&mut young, &consent.staff).await, [WORD], "her own are hers to send again");
    assert_eq!(texts(&mut young, &own.staff).await, [""; 0]);
}

#[tokio::test]
async fn a_yes_that_changes_while_a_thread_is_read_is_heard() {
    let Stage { world, mut mette, mut young, consent, reads, .. } = stage(BOTH).await;
    let (mut phone, id) = (young.clone(), consent.id.clone());
    world.between.after("list_thread", async move {
        let _: ConsentView = phone.post("consents", &yes(None, Some(&id), &["messages"], OVER_15)).await.ok();
    });
    mette.get(&reads).await.refused(ErrorCode::NoConsent);
    let looks: LooksView = young.get("looks").await.ok();
    assert_eq!(looks.looks, []);
    assert!(!young.thread(&consent.staff).await[0].is_read);
}
