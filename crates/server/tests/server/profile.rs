//! What contacts tell about themselves: theirs to write, told before a yes and while it holds.

use crate::world::*;
use protocol::*;
use serde_json::json;

const ABOUT: &str = "Plantedabout: jeg spiller kort";

fn profile(about: &str, hours: &str, away: &str) -> ProfileView {
    ProfileView { about: about.into(), hours: hours.into(), away: away.into() }
}

fn told(consent: &ConsentView) -> (&str, &str, &str) {
    (&consent.about, &consent.hours, &consent.away)
}

#[tokio::test]
async fn it_is_told_before_a_yes_and_while_it_holds_and_as_it_is_now() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    assert_eq!(sara.get("staff/profile").await.ok::<ProfileView>(), ProfileView::default());
    let kept: ProfileView = sara.put("staff/profile", &profile(&format!(" {ABOUT}\n"), "8-15", "")).await.ok();
    assert_eq!(kept, profile(ABOUT, "8-15", ""));
    assert_eq!(sara.get("staff/profile").await.ok::<ProfileView>(), kept);
    assert_eq!(jonas.get("staff/profile").await.ok::<ProfileView>(), ProfileView::default(), "each has their own");

    let code = sara.invite("M").await;
    let mut young = world.nobody();
    let found: InvitationView = young.post("invitations/find", &json!({"code": code})).await.ok();
    assert_eq!((found.about.as_str(), found.hours.as_str(), found.away.as_str()), (ABOUT, "8-15", ""));
    let consent = young.accept(&code, &["red"]).await;
    assert_eq!(told(&consent), (ABOUT, "8-15", ""));
    let other = young.accept(&jonas.invite("N").await, &["red"]).await;
    assert_eq!(told(&other), ("", "", ""));
    // It is not frozen when the yes is given.
    let _: ProfileView = sara.put("staff/profile", &profile(ABOUT, "9-16", "Jonas")).await.ok();
    let synced: SyncResponse = young.sync(0, &[]).await.ok();
    let me = young.me().await;
    for all in [&synced.consents, &me.consents] {
        assert_eq!((told(&all[0]), told(&all[1])), ((ABOUT, "9-16", "Jonas"), ("", "", "")));
    }
    // Of themselves a contact is not told with every young person.
    assert_eq!(told(&sara.young_people().await.young_people[0].consent), ("", "", ""));

    let ended = young.withdraw(&consent.id).await;
    assert_eq!(
        (told(&ended), ended.recipient.as_str(), ended.unit.as_str()),
        (("", "", ""), "Sara Holm", "Bostedet Lindely")
    );
    assert_eq!(told(&young.me().await.consents[0]), ("", "", ""));
    let _: ProfileView = jonas.put("staff/profile", &profile("x", "", "")).await.ok();
    assert_eq!(young.me().await.consents[1].about, "x");
    world.set_time(START + YEAR);
    assert_eq!(young.me().await.consents[1].about, "", "the year is over");
}

#[tokio::test]
async fn while_the_custody_holder_is_waited_for_it_is_told_and_after_their_no_it_is_not() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let _: ProfileView = sara.put("staff/profile", &profile(ABOUT, "", "")).await.ok();
    let code = sara.invite("M").await;
    let mut young = world.nobody();
    let given: ConsentView = young.post("consents", &yes(Some(&code), None, &["red"], UNDER_15)).await.ok();
    assert_eq!(given.about, ABOUT);
    let path = format!("staff/young-people/{}/custody", sara.only_young().await);
    let no = RecordCustodyRequest {
        answer: CustodyView::No,
        given_by: "mor".into(),
        on: "2026-11-22".into(),
        consent: None,
    };
    let _: YoungPersonView = sara.post(&path, &no).await.ok();
    assert_eq!(young.me().await.consents[0].about, "");
}

#[tokio::test]
async fn what_is_too_long_or_no_text_is_refused_and_nothing_lies_in_clear() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let longest = profile(&"æ".repeat(600), &"æ".repeat(200), &"æ".repeat(200));
    assert_eq!(sara.put("staff/profile", &longest).await.ok::<ProfileView>(), longest);
    for wrong in [
        profile(&"a".repeat(601), "", ""),
        profile("", &"a".repeat(201), ""),
        profile("", "", &"a".repeat(201)),
        profile("a\u{7}b", "", ""),
    ] {
        sara.put("staff/profile", &wrong).await.refused(ErrorCode::TooLarge);
    }
    sara.put("staff/profile", &json!({"about": "a"})).await.refused(ErrorCode::Malformed);
    assert_eq!(sara.get("staff/profile").await.ok::<ProfileView>(), longest);
    let _: ProfileView = sara.put("staff/profile", &profile(ABOUT, "", "")).await.ok();
    let bytes = bytes_in(world.folder.path());
    assert!(!contains(&bytes, ABOUT.as_bytes()) && !contains(&bytes, "æææææ".as_bytes()));
}
