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
    // START is noon of 22 November.
    let _: SyncResponse = stage.young.sync(0, &[op(20, FIRST, "date", &[], "2026-11-24".into())]).await.ok();
    stage.world.pass(3 * DAY);
    let _: AgendaView = stage.open().await.ok();
    stage.world.pass(DAY);
    stage.is_closed().await;
    // The meeting is put off, and the link is good for it.
    let _: SyncResponse = stage.young.sync(0, &[op(21, FIRST, "date", &[20], "2026-12-24".into())]).await.ok();
    let _: AgendaView = stage.open().await.ok();
    let _: SyncResponse = stage.young.sync(0, &[op(22, FIRST, "date", &[21], "".into())]).await.ok();
    stage.world.pass(26 * DAY - HOUR);
    let _: AgendaView = stage.open().await.ok();
    stage.world.pass(2 * HOUR);
    stage.is_closed().await;
}

/// Nobody has said no: the yes ran out, and for a while there was none.
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
