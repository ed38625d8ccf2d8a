//! Yes and no: given, waiting, changed, taken back, run out.

use crate::world::*;
use protocol::*;
use serde_json::json;
use server::audit;

fn custody(answer: CustodyView) -> RecordCustodyRequest {
    RecordCustodyRequest { answer, given_by: "mor".into(), on: "2026-11-22".into(), consent: None }
}

#[tokio::test]
async fn an_invitation_says_who_asks_and_is_used_once() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let code = sara.invite("M").await;
    let mut young = world.nobody();
    let find = FindInvitationRequest { code: code.to_lowercase().replace('-', " ") };
    for _ in 0..2 {
        let view: InvitationView = young.post("invitations/find", &find).await.ok();
        assert_eq!(
            (view.kind, view.name.as_str(), view.unit.as_str()),
            (InvitationKind::Contact, "Sara Holm", "Bostedet Lindely")
        );
        assert_eq!(view.expires_at, START + 72 * HOUR);
    }
    assert_eq!(sara.young_people().await.invitations.len(), 1);
    let consent = young.accept(&code, &["red"]).await;
    assert_eq!((consent.given_at, consent.expires_at), (START, START + YEAR));
    assert_eq!(consent.custody, CustodyView::NotNeeded);
    let StaffView { id, .. } = sara.get("staff/session").await.ok();
    assert_eq!((&consent.staff, &young.me().await.consents[0].staff), (&id, &id));
    assert_eq!(sara.young_people().await.invitations.len(), 0);

    let mut thief = world.nobody();
    thief.post("invitations/find", &find).await.refused(ErrorCode::UsedCode);
    thief.post("consents", &yes(Some(&code), None, &["red"], OVER_15)).await.refused(ErrorCode::UsedCode);
    thief.get("me").await.refused(ErrorCode::SignedOut);
    // The young person's own answer got lost on the way: they get it again.
    assert_eq!(young.accept(&code, &["red"]).await, consent);
}

#[tokio::test]
async fn under_15_it_waits_for_the_custody_holder() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let code = sara.invite("M").await;
    let mut young = world.nobody();
    let given: ConsentView = young.post("consents", &yes(Some(&code), None, &["red"], UNDER_15)).await.ok();
    assert_eq!(given.custody, CustodyView::Waiting);
    let ops = entry(1, "red", "r_nu", "Ring til mor");
    let person = sara.only_young().await;

    let blocked = async |young: &mut Client, sara: &mut Client| {
        young.sync(0, &ops).await.refused(ErrorCode::NoConsent);
        sara.review(&person).await.refused(ErrorCode::NoConsent);
    };
    blocked(&mut young, &mut sara).await;
    assert_eq!(sara.young_people().await.young_people[0].status, StatusView::WaitingForCustody);

    let path = format!("staff/young-people/{person}/custody");
    let view: YoungPersonView = sara.post(&path, &custody(CustodyView::No)).await.ok();
    assert_eq!(view.status, StatusView::RefusedByCustody);
    blocked(&mut young, &mut sara).await;

    let view: YoungPersonView = sara.post(&path, &custody(CustodyView::Yes)).await.ok();
    assert_eq!(view.status, StatusView::Active);
    assert_eq!(young.me().await.consents[0].custody, CustodyView::Yes);
    let answer: SyncResponse = young.sync(0, &ops).await.ok();
    assert_eq!(answer.stored.len(), 3);
    let _: ReviewView = sara.review(&person).await.ok();

    // The no of the young person counts at any age, and no yes of anybody else's brings it back.
    young.withdraw(&given.id).await;
    blocked(&mut young, &mut sara).await;
    sara.post(&path, &custody(CustodyView::Yes)).await.refused(ErrorCode::NoConsent);
    blocked(&mut young, &mut sara).await;
}

#[tokio::test]
async fn nobody_gets_around_the_custody_holder_by_another_birthday() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let mut young = world.nobody();
    let request = yes(Some(&sara.invite("M").await), None, &["red"], UNDER_15);
    let given: ConsentView = young.post("consents", &request).await.ok();
    young.post("consents", &yes(None, Some(&given.id), &["red"], OVER_15)).await.refused(ErrorCode::Forbidden);
    let code = jonas.invite("M").await;
    young.post("consents", &yes(Some(&code), None, &["red"], OVER_15)).await.refused(ErrorCode::Forbidden);
    young.withdraw(&given.id).await;
    young.post("consents", &yes(Some(&code), None, &["red"], OVER_15)).await.refused(ErrorCode::Forbidden);
    young.sync(0, &[]).await.refused(ErrorCode::NoConsent);
    // The code was not used up by it.
    let _: ConsentView = young.post("consents", &yes(Some(&code), None, &["red"], UNDER_15)).await.ok();
}

#[tokio::test]
async fn on_the_15th_birthday_the_young_person_is_asked_again() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let code = sara.invite("M").await;
    let mut young = world.nobody();
    let given: ConsentView = young.post("consents", &yes(Some(&code), None, &["red"], UNDER_15)).await.ok();
    let person = sara.only_young().await;
    let path = format!("staff/young-people/{person}/custody");
    let _: YoungPersonView = sara.post(&path, &custody(CustodyView::Yes)).await.ok();
    let _: SyncResponse = young.sync(0, &[]).await.ok();

    // 1 June 2027, at midnight.
    world.set_time(1_811_808_000_000);
    let mut sara = world.staff(SARA).await;
    young.sync(0, &[]).await.refused(ErrorCode::NoConsent);
    sara.review(&person).await.refused(ErrorCode::NoConsent);
    sara.post(&path, &custody(CustodyView::Yes)).await.refused(ErrorCode::NoConsent);
    assert_eq!(sara.young_people().await.young_people[0].status, StatusView::TurnedFifteen);

    let own: ConsentView = young.post("consents", &yes(None, Some(&given.id), &["red"], UNDER_15)).await.ok();
    assert_eq!(own.custody, CustodyView::NotNeeded);
    let _: SyncResponse = young.sync(0, &[]).await.ok();
    let _: ReviewView = sara.review(&person).await.ok();
    let people = sara.young_people().await.young_people;
    assert_eq!((people.len(), people[0].label.as_str(), people[0].status), (1, "M", StatusView::Active));
}

#[tokio::test]
async fn a_no_works_with_the_very_next_request() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["red"]).await;
    let _: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", "Ring til mor")).await.ok();
    let person = sara.only_young().await;
    let review: ReviewView = sara.review(&person).await.ok();

    let withdrawn = young.withdraw(&consent.id).await;
    assert_eq!(withdrawn.withdrawn_at, Some(START));
    sara.review(&person).await.refused(ErrorCode::NoConsent);
    sara.get(&format!("staff/young-people/{person}/review?version={}", review.version))
        .await
        .refused(ErrorCode::NoConsent);
    young.sync(3, &entry(4, "red", "r_nu", "mere")).await.refused(ErrorCode::NoConsent);
    // Again is the same as once, also a year later.
    world.pass(YEAR + DAY);
    assert_eq!(young.withdraw(&consent.id).await, withdrawn);
    assert_eq!(young.me().await.consents, [withdrawn]);
}

#[tokio::test]
async fn a_consent_runs_out_after_a_year() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["red"]).await;
    let person = sara.only_young().await;
    for (at, status) in [(START + YEAR - 1, StatusView::Active), (START + YEAR, StatusView::Expired)] {
        world.set_time(at);
        let mut sara = world.staff(SARA).await;
        assert_eq!(sara.young_people().await.young_people[0].status, status);
        let active = status == StatusView::Active;
        assert_eq!(sara.review(&person).await.status.is_success(), active);
        assert_eq!(young.sync(0, &[]).await.status.is_success(), active);
    }
    // It can still be taken back, and it can be given again.
    let again: ConsentView = young.post("consents", &yes(None, Some(&consent.id), &["red"], OVER_15)).await.ok();
    assert_eq!(again.expires_at, START + 2 * YEAR);
    assert!(young.withdraw(&consent.id).await.withdrawn_at.is_some());
    let _: SyncResponse = young.sync(0, &[]).await.ok();
}

#[tokio::test]
async fn changing_a_yes_ends_the_one_before_in_the_same_moment() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, first) = world.young(&mut sara, "M", &["red", "about"]).await;
    let before: SyncResponse = young.sync(0, &[]).await.ok();
    let second: ConsentView = young.post("consents", &yes(None, Some(&first.id), &["about"], OVER_15)).await.ok();
    let after: SyncResponse = young.sync(0, &[]).await.ok();
    assert_ne!(before.generation, after.generation, "devices compare everything again");
    let consents = young.me().await.consents;
    assert_eq!(consents.len(), 2);
    assert_eq!((consents[0].withdrawn_at, consents[1].withdrawn_at), (Some(START), None));
    // The answer got lost and the same is sent again: still only one counts.
    let third: ConsentView = young.post("consents", &yes(None, Some(&first.id), &["about"], OVER_15)).await.ok();
    let open: Vec<_> = young.me().await.consents.into_iter().filter(|c| c.withdrawn_at.is_none()).collect();
    assert_eq!(open, [third]);
    assert_ne!(second.id, open[0].id);
}

#[tokio::test]
async fn two_contacts_each_see_their_own_parts() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, first) = world.young(&mut sara, "M fra stuen", &["red"]).await;
    let code = jonas.invite("M, født 2009").await;
    young.accept(&code, &["about"]).await;
    let mut ops = entry(1, "red", "r_nu", "Ring til mor");
    ops.extend(entry(4, "about", "udsagn", "Jeg kan godt lide regn"));
    let answer: SyncResponse = young.sync(0, &ops).await.ok();
    assert_eq!(answer.stored.len(), 6);

    let person = sara.only_young().await;
    let (seen_by_sara, seen_by_jonas) = (sara.review(&person).await.text(), jonas.review(&person).await.text());
    assert!(seen_by_sara.contains("Ring til mor") && !seen_by_sara.contains("regn"));
    assert!(seen_by_jonas.contains("regn") && !seen_by_jonas.contains("mor"));
    assert!(!seen_by_sara.contains("født") && !seen_by_jonas.contains("stuen"));

    young.withdraw(&first.id).await;
    sara.review(&person).await.refused(ErrorCode::NoConsent);
    let _: ReviewView = jonas.review(&person).await.ok();
    let answer: SyncResponse = young.sync(0, &entry(7, "red", "r_nu", "x")).await.ok();
    assert_eq!((answer.ops.len(), answer.refused.len()), (3, 3));
}

#[tokio::test]
async fn a_code_can_be_taken_back_and_grows_old() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let find = |code: &str| FindInvitationRequest { code: code.into() };
    let (back, old) = (sara.invite("A").await, sara.invite("B").await);
    let list = sara.young_people().await.invitations;
    assert_eq!(
        list.iter().map(|row| (row.label.as_str(), row.code.is_none())).collect::<Vec<_>>(),
        [("B", true), ("A", true)]
    );
    sara.delete(&format!("staff/invitations/{}", list[1].id)).await.empty();
    sara.delete(&format!("staff/invitations/{}", list[1].id)).await.refused(ErrorCode::NotFound);
    let mut young = world.nobody();
    young.post("invitations/find", &find(&back)).await.refused(ErrorCode::ExpiredCode);
    world.pass(72 * HOUR - 1);
    let _: InvitationView = young.post("invitations/find", &find(&old)).await.ok();
    world.pass(1);
    young.post("invitations/find", &find(&old)).await.refused(ErrorCode::ExpiredCode);
    young.post("consents", &yes(Some(&old), None, &["red"], OVER_15)).await.refused(ErrorCode::ExpiredCode);
    let mut sara = world.staff(SARA).await;
    assert_eq!(sara.young_people().await.invitations.len(), 0);
    // The names on them are not kept either.
    sara.invite("C").await;
    let connection = rusqlite::Connection::open(world.folder.path().join("min-plan.sqlite3")).unwrap();
    let labels = "SELECT count(label) FROM invitations";
    assert_eq!(connection.query_row(labels, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

#[tokio::test]
async fn a_removed_device_is_signed_out_and_others_are_not() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut first, _) = world.young(&mut sara, "M", &["red"]).await;
    let code: DeviceInvitationView = first.post("devices/invitations", &json!({})).await.ok();
    let mut second = world.nobody();
    // A device's code is no contact's code, and the other way round.
    let wrong = yes(Some(&code.code), None, &["red"], OVER_15);
    second.post("consents", &wrong).await.refused(ErrorCode::WrongCode);
    let contact = AddDeviceRequest { code: sara.invite("N").await };
    second.post("devices", &contact).await.refused(ErrorCode::WrongCode);

    let add = AddDeviceRequest { code: code.code };
    let _: MeView = first.post("devices", &add).await.ok();
    let _: MeView = second.post("devices", &add).await.ok();
    let (mut stranger, _) = world.young(&mut sara, "N", &["red"]).await;
    let another: DeviceInvitationView = first.post("devices/invitations", &json!({})).await.ok();
    stranger.post("devices", &AddDeviceRequest { code: another.code }).await.refused(ErrorCode::AlreadyConnected);

    let this = second.me().await.devices.into_iter().find(|device| device.this).unwrap();
    first.delete(&format!("devices/{}", this.id)).await.empty();
    second.get("me").await.refused(ErrorCode::SignedOut);
    second.sync(0, &[]).await.refused(ErrorCode::SignedOut);
    assert_eq!(first.me().await.devices.len(), 1);
    let own = first.me().await.devices[0].id.clone();
    first.delete(&format!("devices/{own}")).await.empty();
    assert!(first.cookies.is_empty());
}

/// Who takes a part back must not have to wait for the custody holder, who has agreed to more.
#[tokio::test]
async fn under_15_less_is_agreed_to_already_and_more_is_not() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let mut young = world.nobody();
    let first: ConsentView =
        young.post("consents", &yes(Some(&sara.invite("M").await), None, &["red", "about"], UNDER_15)).await.ok();
    let person = sara.only_young().await;
    let path = format!("staff/young-people/{person}/custody");
    // Nobody has agreed yet: less of it waits as well.
    let waits: ConsentView =
        young.post("consents", &yes(None, Some(&first.id), &["red", "about"], UNDER_15)).await.ok();
    assert_eq!(waits.custody, CustodyView::Waiting);
    let _: YoungPersonView = sara.post(&path, &custody(CustodyView::Yes)).await.ok();

    world.set_time(START + DAY);
    let mut sara = world.staff(SARA).await;
    let less: ConsentView = young.post("consents", &yes(None, Some(&waits.id), &["red"], UNDER_15)).await.ok();
    assert_eq!((less.custody, less.expires_at), (CustodyView::Yes, waits.expires_at), "as long as it was agreed to");
    let _: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", "Ring til mor")).await.ok();
    let _: ReviewView = sara.review(&person).await.ok();
    // What was taken back is asked for anew.
    let more: ConsentView = young.post("consents", &yes(None, Some(&less.id), &["red", "about"], UNDER_15)).await.ok();
    assert_eq!(more.custody, CustodyView::Waiting);
    sara.review(&person).await.refused(ErrorCode::NoConsent);
    // Nor is a no agreed to, or a yes to somebody else.
    let _: YoungPersonView = sara.post(&path, &custody(CustodyView::No)).await.ok();
    let refused: ConsentView = young.post("consents", &yes(None, Some(&more.id), &["red"], UNDER_15)).await.ok();
    assert_eq!(refused.custody, CustodyView::Waiting);
    let _: YoungPersonView = sara.post(&path, &custody(CustodyView::Yes)).await.ok();
    let mut jonas = world.staff(JONAS).await;
    let other: ConsentView =
        young.post("consents", &yes(Some(&jonas.invite("M").await), Some(&refused.id), &["red"], UNDER_15)).await.ok();
    assert_eq!(other.custody, CustodyView::Waiting);
    audit::verify(&world.store.list_audit().await.unwrap(), &world.keys, None).unwrap();
}

/// What the custody holder has agreed to is over on the birthday that they knew of, and holds for nobody but whom they knew of.
#[tokio::test]
async fn under_15_what_is_agreed_to_is_not_stretched() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let mut young = world.nobody();
    let first = yes(Some(&sara.invite("M").await), None, &["red", "about", "stand-in"], UNDER_15);
    let first: ConsentView = young.post("consents", &first).await.ok();
    let path = format!("staff/young-people/{}/custody", sara.only_young().await);
    let _: YoungPersonView = sara.post(&path, &custody(CustodyView::Yes)).await.ok();
    let agreed = async |young: &mut Client, request: GiveConsentRequest| {
        let given: ConsentView = young.post("consents", &request).await.ok();
        (given.custody == CustodyView::Yes, given)
    };

    // Not by what was ticked beside it, which is nothing alone.
    let (is_agreed, less) = agreed(&mut young, yes(None, Some(&first.id), &["red", "stand-in"], UNDER_15)).await;
    assert!(is_agreed);
    // One that was replaced, with a code or without, and from another contact.
    let other = jonas.invite("M").await;
    let (is_agreed, other) = agreed(&mut young, yes(Some(&other), None, &["red"], UNDER_15)).await;
    assert!(!is_agreed);
    let cross = yes(Some(&sara.invite("M").await), Some(&other.id), &["red"], UNDER_15);
    assert!(!agreed(&mut young, cross).await.0);
    for replaced in [&first.id, &less.id] {
        assert!(!agreed(&mut young, yes(None, Some(replaced), &["red"], UNDER_15)).await.0, "it is over");
        let with_code = yes(Some(&sara.invite("M").await), Some(replaced), &["red"], UNDER_15);
        assert!(!agreed(&mut young, with_code).await.0, "it is over");
    }
    let _: YoungPersonView = sara.post(&path, &custody(CustodyView::Yes)).await.ok();
    let latest = young.me().await.consents.into_iter().find(|one| one.withdrawn_at.is_none()).unwrap();
    assert_eq!(latest.custody, CustodyView::Yes);

    // The same with a secret comes once, whatever is asked with it.
    let mut once = yes(None, Some(&latest.id), &["red"], UNDER_15);
    once.secret = Some("5e".repeat(32));
    let (is_agreed, given) = agreed(&mut young, once.clone()).await;
    assert!(is_agreed && given.expires_at == latest.expires_at);
    once.parts.push("about".into());
    assert_eq!(agreed(&mut young, once).await.1, given);

    // The custody holder's no is heard of while less is on its way.
    let (mut phone, no) = (sara.clone(), path.clone());
    world.between.after("find_device", async move {
        let _: YoungPersonView = phone.post(&no, &custody(CustodyView::No)).await.ok();
    });
    let (is_agreed, given) = agreed(&mut young, yes(None, Some(&given.id), &["red"], UNDER_15)).await;
    assert!(!is_agreed);
    let _: YoungPersonView = sara.post(&path, &custody(CustodyView::Yes)).await.ok();

    // Somebody younger than the custody holder knew is asked for again.
    let younger = yes(None, Some(&given.id), &["red"], ("2028-06-01", "2031-06-01"));
    assert!(!agreed(&mut young, younger).await.0);
    young.sync(0, &[]).await.refused(ErrorCode::NoConsent);
}

/// What the custody holder was asked about is what they have answered to.
#[tokio::test]
async fn the_custody_holders_answer_is_to_the_yes_that_they_were_asked_about() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let mut young = world.nobody();
    let request = yes(Some(&sara.invite("M").await), None, &["red"], UNDER_15);
    let asked: ConsentView = young.post("consents", &request).await.ok();
    let path = format!("staff/young-people/{}/custody", sara.only_young().await);
    let more: ConsentView = young.post("consents", &yes(None, Some(&asked.id), &["red", "about"], UNDER_15)).await.ok();
    let to =
        |consent: &ConsentView| RecordCustodyRequest { consent: Some(consent.id.clone()), ..custody(CustodyView::Yes) };
    sara.post(&path, &to(&asked)).await.refused(ErrorCode::NoConsent);
    assert_eq!(young.me().await.consents[0].custody, CustodyView::Waiting);
    let _: YoungPersonView = sara.post(&path, &to(&more)).await.ok();
    let _: SyncResponse = young.sync(0, &[]).await.ok();
}
