//! When the link of a guest comes to its end, and that it stays there.

use crate::guests::*;
use crate::words::point;
use crate::world::*;
use plan::guest::MAX_GUESTS;
use protocol::*;

impl Stage {
    /// When the link has ended and why, as the young person is told.
    async fn ended(&mut self) -> Option<(u64, GuestEnd)> {
        let all = self.young.guests().await;
        let this = all.into_iter().find(|guest| guest.id == self.link.id).unwrap();
        this.ended_at.zip(this.ended_for)
    }
}

#[tokio::test]
async fn it_ends_with_the_day_after_the_meeting() {
    let mut stage = stage().await;
    // START is in the night to 22 November.
    let _: SyncResponse = stage.young.sync(0, &[op(20, FIRST, "date", &[], "2026-11-24".into())]).await.ok();
    stage.world.pass(3 * DAY);
    let _: AgendaView = stage.open().await.ok();
    stage.world.pass(DAY);
    stage.is_closed().await;
}

#[tokio::test]
async fn a_link_goes_with_a_meeting_that_is_put_off_and_one_that_is_over_stays_closed() {
    let mut stage = stage().await;
    let on = |seq: u64, before: &[u64], day: &str| op(seq, FIRST, "date", before, day.into());
    let _: SyncResponse = stage.young.sync(0, &[on(20, &[], "2026-11-24")]).await.ok();
    stage.world.pass(3 * DAY);
    // It is put off while the link is good, and the link is good for the other day.
    let _: SyncResponse = stage.young.sync(0, &[on(21, &[20], "2026-11-26")]).await.ok();
    stage.world.pass(2 * DAY);
    let _: AgendaView = stage.open().await.ok();
    assert_eq!(stage.ended().await, None);
    // The day after is over, so it is too late; nor is anything opened by taking the day away, for good or not.
    stage.world.pass(DAY);
    let ended = Some((START + 6 * DAY, GuestEnd::Over));
    let _: SyncResponse = stage.young.sync(0, &[on(22, &[21], "2026-12-24")]).await.ok();
    stage.is_closed().await;
    assert_eq!(stage.ended().await, ended);
    stage.world.pass(MINUTE);
    let _: SyncResponse = stage.young.sync(0, &[on(23, &[22], "")]).await.ok();
    stage.is_closed().await;
    assert_eq!(stage.ended().await, ended);
    // A new link is good for the other day.
    stage.link = stage.young.invite_guest(FIRST).await.ok();
    let _: AgendaView = stage.open().await.ok();
    // And without a day it is over after 30.
    stage.world.pass(31 * DAY);
    let _: SyncResponse = stage.young.sync(0, &[on(24, &[23], "2027-02-01")]).await.ok();
    stage.is_closed().await;
}

/// A finger that slips, or a wheel that turns on: until the next day is picked nobody reads, and nothing is closed for good by it.
#[tokio::test]
async fn a_day_in_the_past_that_stood_for_a_moment_closes_nothing_for_good() {
    let mut stage = stage().await;
    let on = |seq: u64, before: &[u64], day: &str| op(seq, FIRST, "date", before, day.into());
    let _: SyncResponse = stage.young.sync(0, &[on(20, &[], "2026-12-24")]).await.ok();
    stage.world.pass(HOUR);
    let _: SyncResponse = stage.young.sync(0, &[on(21, &[20], "2026-01-24")]).await.ok();
    stage.is_closed().await;
    stage.world.pass(HOUR - MINUTE);
    let _: SyncResponse = stage.young.sync(0, &[on(22, &[21], "2026-12-26")]).await.ok();
    let _: AgendaView = stage.open().await.ok();
    let _: SyncResponse = stage.young.sync(0, &[on(23, &[22], "2026-01-26")]).await.ok();
    stage.world.pass(HOUR);
    let _: SyncResponse = stage.young.sync(0, &[on(24, &[23], "2026-12-26")]).await.ok();
    stage.is_closed().await;
}

#[tokio::test]
async fn a_day_that_is_erased_when_it_is_over_opens_nothing() {
    let mut stage = stage().await;
    let _: SyncResponse = stage.young.sync(0, &[op(20, FIRST, "date", &[], "2026-11-24".into())]).await.ok();
    stage.world.pass(4 * DAY);
    let _: SyncResponse = stage.young.sync(0, &[op(21, FIRST, "erased", &[20], true.into())]).await.ok();
    assert_eq!(stage.young.everything().await.agenda(&FIRST.parse().unwrap()).unwrap().date, "");
    stage.is_closed().await;
}

#[tokio::test]
async fn a_yes_that_ran_out_ends_it_too() {
    let mut stage = stage().await;
    stage.world.pass(YEAR - DAY);
    let (_, ops) = point(70, WORD);
    let _: SyncResponse = stage.young.sync(0, &ops).await.ok();
    stage.link = stage.young.invite_guest(FIRST).await.ok();
    let _: AgendaView = stage.open().await.ok();
    stage.world.pass(2 * DAY);
    stage.is_closed().await;
    let mut sara = stage.world.staff(SARA).await;
    stage.young.accept(&sara.invite("M").await, &["meeting"]).await;
    stage.is_closed().await;
    assert!(stage.young.guests().await.iter().all(|guest| guest.ended_at.is_some()));

    // Neither does one that ran out hold it open when the last that counts is taken back.
    stage.world.pass(YEAR - DAY);
    let mut jonas = stage.world.staff(JONAS).await;
    let other = stage.young.accept(&jonas.invite("N").await, &["meeting"]).await;
    stage.link = stage.young.invite_guest(FIRST).await.ok();
    stage.world.pass(2 * DAY);
    let _: AgendaView = stage.open().await.ok();
    stage.young.withdraw(&other.id).await;
    assert!(stage.young.guests().await.iter().all(|guest| guest.ended_at.is_some()));
    let mut sara = stage.world.staff(SARA).await;
    stage.young.accept(&sara.invite("M").await, &["meeting"]).await;
    stage.is_closed().await;
}

#[tokio::test]
async fn ten_wrong_codes_end_a_link() {
    let mut stage = stage().await;
    let other: GuestLinkView = stage.young.invite_guest(FIRST).await.ok();
    let wrong = OpenAgendaRequest { code: other.code.clone(), ..shown(&stage.link) };
    for _ in 0..9 {
        stage.guest.post("guests/agenda", &wrong).await.refused(ErrorCode::WrongCode);
    }
    let _: AgendaView = stage.open().await.ok();
    assert_eq!(stage.ended().await, None);
    stage.world.pass(MINUTE);
    stage.guest.post("guests/agenda", &wrong).await.refused(ErrorCode::WrongCode);
    stage.is_closed().await;
    assert_eq!(stage.ended().await, Some((START + MINUTE, GuestEnd::WrongCodes)));
    let rows = stage.world.store.list_audit().await.unwrap();
    let ends: Vec<_> = rows.iter().filter(|row| row.what == "guest_ended").collect();
    assert_eq!((ends.len(), &ends[0].actor), (1, &format!("guest/{}", stage.link.id)));
    assert_eq!(ends[0].detail, "10 wrong codes");
    // It was ended once, and is what it was when it is tried again and ended by a tap.
    stage.world.pass(MINUTE);
    stage.guest.post("guests/agenda", &wrong).await.refused(ErrorCode::WrongCode);
    stage.young.delete(&format!("guests/{}", stage.link.id)).await.empty();
    assert_eq!(stage.ended().await, Some((START + MINUTE, GuestEnd::WrongCodes)));
    stage.link = other;
    let _: AgendaView = stage.open().await.ok();
    for broken in ["", "x", &"A".repeat(64), &"g".repeat(64)] {
        let request = OpenAgendaRequest { secret: broken.into(), ..shown(&stage.link) };
        stage.guest.post("guests/agenda", &request).await.refused(ErrorCode::WrongCode);
    }
}

/// Nobody is kept from a ninth link by one that somebody has tried to guess at, and a code that is right is no guess.
#[tokio::test]
async fn what_wrong_codes_have_ended_takes_no_room() {
    let mut stage = stage().await;
    for _ in 1..MAX_GUESTS {
        let _: GuestLinkView = stage.young.invite_guest(FIRST).await.ok();
    }
    stage.young.invite_guest(FIRST).await.refused(ErrorCode::TooManyOpen);
    let wrong = OpenAgendaRequest { code: "AAAAA-AAAAA".into(), ..shown(&stage.link) };
    for _ in 0..10 {
        stage.guest.post("guests/agenda", &wrong).await.refused(ErrorCode::WrongCode);
    }
    let _: GuestLinkView = stage.young.invite_guest(FIRST).await.ok();
}

#[tokio::test]
async fn a_right_code_that_is_refused_for_something_else_is_not_counted() {
    let mut stage = stage().await;
    stage.world.pass(YEAR - DAY);
    let made: GuestLinkView = stage.young.invite_guest(FIRST).await.ok();
    stage.link = made;
    stage.world.pass(2 * DAY);
    for _ in 0..12 {
        stage.is_closed().await;
    }
    // Nobody has said anything since, so nothing has ended it.
    assert_eq!(stage.ended().await, None);
}

#[tokio::test]
async fn why_a_link_has_ended_is_told() {
    let mut stage = stage().await;
    stage.young.delete(&format!("guests/{}", stage.link.id)).await.empty();
    assert_eq!(stage.ended().await, Some((START, GuestEnd::Tap)));
    stage.link = stage.young.invite_guest(FIRST).await.ok();
    stage.young.withdraw(&stage.consent.id.clone()).await;
    assert_eq!(stage.ended().await, Some((START, GuestEnd::NoConsent)));
    for (name, end) in [("tap", GuestEnd::Tap), ("no_consent", GuestEnd::NoConsent), ("over", GuestEnd::Over)] {
        assert_eq!((GuestEnd::from_name(name), end.name()), (end, name));
        assert_eq!(serde_json::to_value(end).unwrap(), name);
    }
    assert_eq!(serde_json::from_value::<GuestEnd>("forgotten".into()).unwrap(), GuestEnd::Other);
}

/// The request that comes late, under another yes, is for nothing that was shown before it was erased: everything, or only what somebody
/// else has no yes to.
#[tokio::test]
async fn the_same_request_after_an_erasure_is_another_link() {
    for has_another in [false, true] {
        let mut stage = stage().await;
        if has_another {
            let mut jonas = stage.world.staff(JONAS).await;
            stage.young.accept(&jonas.invite("M").await, &["red"]).await;
        }
        let drawn = CreateGuestRequest { secret: Some("5e".repeat(32)), ..request(FIRST, "school") };
        stage.link = stage.young.post("guests", &drawn).await.ok();
        let _: AgendaView = stage.open().await.ok();
        stage.young.withdraw(&stage.consent.id.clone()).await;
        let _: EraseResponse = stage.young.post("erase", &serde_json::json!({})).await.ok();
        let code = stage.sara.invite("M").await;
        stage.young.accept(&code, &["meeting"]).await;
        let _: SyncResponse = stage.young.sync(0, &[op(60, FIRST, "made", &[], true.into())]).await.ok();
        let other: GuestLinkView = stage.young.post("guests", &drawn).await.ok();
        assert_ne!((&other.link, &other.code), (&stage.link.link, &stage.link.code));
        stage.is_closed().await;
        let again: GuestLinkView = stage.young.post("guests", &drawn).await.ok();
        assert_eq!((again.link, again.code), (other.link, other.code), "the answer got lost");
    }
}
