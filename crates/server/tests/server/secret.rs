//! A yes whose answer got lost: asked for again, taken back, or made impossible.

use crate::world::*;
use axum::http::StatusCode;
use protocol::*;
use serde_json::json;

fn secret(n: u8) -> String {
    format!("{n:02x}").repeat(32)
}

fn yes_with(n: u8, code: Option<&str>, replaces: Option<&str>) -> GiveConsentRequest {
    GiveConsentRequest { secret: Some(secret(n)), ..yes(code, replaces, &["red"], OVER_15) }
}

fn settle(n: u8, withdraw: bool) -> SettleConsentRequest {
    SettleConsentRequest { secret: secret(n), withdraw }
}

#[tokio::test]
async fn a_first_yes_whose_answer_got_lost_is_found_again() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let request = yes_with(1, Some(&sara.invite("M").await), None);
    // The answer never came: there is no cookie, and the code is used up.
    let mut lost = world.nobody();
    let given: ConsentView = lost.post("consents", &request).await.ok();
    let mut phone = world.nobody();
    assert_eq!(phone.post("consents", &request).await.ok::<ConsentView>(), given);
    assert_eq!(phone.cookies, lost.cookies);
    let me = phone.me().await;
    assert_eq!((me.consents.as_slice(), me.devices.len()), ([given.clone()].as_slice(), 1));
    assert_eq!(sara.young_people().await.young_people.len(), 1);
    // Signed in or not, however often, and whatever has become of it: the same yes, and nothing is replaced.
    let withdrawn = phone.withdraw(&given.id).await;
    for mut asker in [phone.clone(), world.nobody()] {
        assert_eq!(asker.post("consents", &request).await.ok::<ConsentView>(), withdrawn);
        assert_eq!(asker.cookies, lost.cookies);
    }
    // The token is not the secret, nor anything that is computed from it alone.
    let token = &phone.cookies["minplan-trial"];
    assert!(token.len() == 64 && *token != secret(1));
    let plain = server::ids::hex(&<sha2::Sha256 as sha2::Digest>::digest([1; 32]));
    assert_ne!(*token, plain);
}

#[tokio::test]
async fn a_lost_yes_can_be_taken_back_without_a_cookie() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let given: ConsentView =
        world.nobody().post("consents", &yes_with(1, Some(&sara.invite("M").await), None)).await.ok();
    let person = sara.only_young().await;
    let mut phone = world.nobody();
    assert_eq!(phone.post("consents/settle", &settle(1, false)).await.ok::<ConsentView>(), given);
    let _: ReviewView = sara.review(&person).await.ok();
    let mut phone = world.nobody();
    let withdrawn: ConsentView = phone.post("consents/settle", &settle(1, true)).await.ok();
    assert_eq!((withdrawn.id.as_str(), withdrawn.withdrawn_at), (given.id.as_str(), Some(START)));
    sara.review(&person).await.refused(ErrorCode::NoConsent);
    world.pass(HOUR);
    assert_eq!(world.nobody().post("consents/settle", &settle(1, true)).await.ok::<ConsentView>(), withdrawn);
    // It is signed in now, so that what was sent can be erased.
    let _: EraseResponse = phone.post("erase", &json!({})).await.ok();
}

#[tokio::test]
async fn a_yes_that_was_settled_as_not_there_never_comes() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let code = sara.invite("M").await;
    let mut phone = world.nobody();
    for _ in 0..2 {
        phone.post("consents/settle", &settle(1, true)).await.refused(ErrorCode::NotFound);
    }
    // The request was only slow.
    phone.post("consents", &yes_with(1, Some(&code), None)).await.refused(ErrorCode::NoConsent);
    assert_eq!(sara.young_people().await.young_people, []);
    assert!(phone.cookies.is_empty());
    // The code is still good for a yes that is meant.
    let _: ConsentView = phone.post("consents", &yes_with(2, Some(&code), None)).await.ok();
    // By the time the secret is forgotten, so is every code that was there then.
    world.pass(72 * HOUR);
    phone.post("consents/settle", &settle(3, false)).await.refused(ErrorCode::NotFound);
    let connection = rusqlite::Connection::open(world.folder.path().join("min-plan.sqlite3")).unwrap();
    let rows = connection.query_row("SELECT count(*) FROM void_secrets", [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn two_requests_at_once_with_one_secret_are_one_yes() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    for n in 0..20 {
        let request = yes_with(n, Some(&sara.invite("M").await), None);
        let both = [(); 2].map(|()| {
            let (mut phone, request) = (world.nobody(), request.clone());
            tokio::spawn(async move {
                let view: ConsentView = phone.post("consents", &request).await.ok();
                (view, phone.cookies)
            })
        });
        let [first, second] = both;
        assert_eq!(first.await.unwrap(), second.await.unwrap());
        assert_eq!(sara.young_people().await.young_people.len(), usize::from(n) + 1);
    }
}

#[tokio::test]
async fn a_yes_settled_while_it_is_on_its_way_is_there_or_never_will_be() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    for n in 0..20 {
        let request = yes_with(n, Some(&sara.invite("M").await), None);
        let mut phone = world.nobody();
        let on_its_way = tokio::spawn(async move { phone.post("consents", &request).await.status });
        let settled = world.nobody().post("consents/settle", &settle(n, true)).await;
        let given = on_its_way.await.unwrap();
        match settled.status {
            StatusCode::OK => assert_eq!(given, StatusCode::OK),
            _ => assert_eq!((settled.status, given), (StatusCode::NOT_FOUND, StatusCode::FORBIDDEN)),
        }
    }
    let active = sara.young_people().await.young_people.into_iter().filter(|row| row.status == StatusView::Active);
    assert_eq!(active.count(), 0);
}

#[tokio::test]
async fn a_change_that_knew_nothing_of_the_no_is_refused() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, given) = world.young(&mut sara, "M", &["red", "about"]).await;
    let change = yes_with(1, None, Some(&given.id));
    let changed: ConsentView = young.post("consents", &change).await.ok();
    // The same again is the same, though what it replaces is over now.
    assert_eq!(young.post("consents", &change).await.ok::<ConsentView>(), changed);
    young.withdraw(&changed.id).await;
    young.post("consents", &yes_with(2, None, Some(&changed.id))).await.refused(ErrorCode::NoConsent);
    let code = sara.invite("M").await;
    young.post("consents", &yes_with(3, Some(&code), Some(&changed.id))).await.refused(ErrorCode::NoConsent);
    // Nothing was used up by it, and a client that sends no secret can say yes again as it always could.
    let _: InvitationView = young.post("invitations/find", &json!({"code": code})).await.ok();
    let again: ConsentView = young.post("consents", &yes(None, Some(&changed.id), &["red"], OVER_15)).await.ok();
    assert_eq!(again.withdrawn_at, None);
}

#[tokio::test]
async fn a_secret_signs_in_only_the_device_that_it_made() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let mut first = world.nobody();
    let _: ConsentView = first.post("consents", &yes_with(1, Some(&sara.invite("M").await), None)).await.ok();
    // A second yes from a phone that is signed in makes no device, and the phone keeps its token.
    let before = first.cookies.clone();
    let second = yes_with(2, Some(&jonas.invite("M").await), None);
    let given: ConsentView = first.post("consents", &second).await.ok();
    assert_eq!(first.cookies, before);
    world.nobody().post("consents", &second).await.refused(ErrorCode::SignedOut);
    let mut nobody = world.nobody();
    assert_eq!(nobody.post("consents/settle", &settle(2, false)).await.ok::<ConsentView>(), given);
    assert!(nobody.cookies.is_empty());

    // Whoever is signed in as somebody else stays that.
    let (mut other, _) = world.young(&mut sara, "N", &["red"]).await;
    let theirs = other.cookies.clone();
    other.post("consents", &second).await.refused(ErrorCode::AlreadyConnected);
    let _: ConsentView = other.post("consents/settle", &settle(1, false)).await.ok();
    assert_eq!(other.cookies, theirs);

    // Signed out from another phone: the secret does not bring it back.
    let code: DeviceInvitationView = first.post("devices/invitations", &json!({})).await.ok();
    let mut another = world.nobody();
    let me: MeView = another.post("devices", &AddDeviceRequest { code: code.code }).await.ok();
    let lost = me.devices.iter().find(|device| !device.this).unwrap();
    another.delete(&format!("devices/{}", lost.id)).await.empty();
    let mut thief = world.nobody();
    thief.post("consents", &yes_with(1, Some("ABCDE-FGHJK"), None)).await.refused(ErrorCode::SignedOut);
    let _: ConsentView = thief.post("consents/settle", &settle(1, false)).await.ok();
    assert!(thief.cookies.is_empty());
    thief.get("me").await.refused(ErrorCode::SignedOut);
}

#[tokio::test]
async fn secrets_of_no_yes_run_out_and_hinder_nobody_elses() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let mut phone = world.nobody();
    let given: ConsentView = phone.post("consents", &yes_with(255, Some(&sara.invite("M").await), None)).await.ok();
    for n in 0..60 {
        phone.post("consents/settle", &settle(n, false)).await.refused(ErrorCode::NotFound);
    }
    let reply = phone.post("consents/settle", &settle(60, false)).await.refused(ErrorCode::TooManyTries);
    assert_eq!(reply.header("retry-after"), "600");
    // One that is known is answered all the same.
    assert_eq!(phone.post("consents/settle", &settle(255, false)).await.ok::<ConsentView>(), given);
    phone.post("consents/settle", &settle(59, false)).await.refused(ErrorCode::NotFound);
    world.pass(10 * MINUTE);
    phone.post("consents/settle", &settle(60, false)).await.refused(ErrorCode::NotFound);
}

#[tokio::test]
async fn a_secret_has_one_spelling() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let code = sara.invite("M").await;
    let mut phone = world.nobody();
    for wrong in [String::new(), "ab".repeat(31), "ab".repeat(33), "AB".repeat(32), "g0".repeat(32), "å".repeat(32)] {
        let request = GiveConsentRequest { secret: Some(wrong.clone()), ..yes(Some(&code), None, &["red"], OVER_15) };
        phone.post("consents", &request).await.refused(ErrorCode::Malformed);
        phone.post("consents/settle", &json!({"secret": wrong})).await.refused(ErrorCode::Malformed);
    }
    // `null` is the same as left out.
    let mut request = json!(yes(Some(&code), None, &["red"], OVER_15));
    request["secret"] = serde_json::Value::Null;
    let _: ConsentView = phone.post("consents", &request).await.ok();
}
