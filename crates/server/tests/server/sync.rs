//! Synchronisation: nothing twice, nothing lost, nothing that nobody was given.

use crate::world::*;
use protocol::*;
use serde_json::json;
use server::cursor::Cursor;

#[tokio::test]
async fn the_same_operations_again_are_stored_once() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let ops = entry(1, "red", "r_nu", "Ring til mor");
    let first: SyncResponse = young.sync(0, &ops).await.ok();
    assert_eq!((first.stored.len(), Cursor::from(first.cursor).seq, first.ops.len(), first.more), (3, 3, 0, false));
    let again: SyncResponse = young.sync(3, &ops).await.ok();
    assert_eq!((again.stored, again.cursor, again.ops.len()), (first.stored, first.cursor, 0));

    // Other words under a known identity: the first stay, and the sender is not kept waiting.
    let other = op(3, "red/entry/0000000000000001-1", "text", &[], "Noget andet".into());
    let answer: SyncResponse = young.sync(3, &[other]).await.ok();
    assert_eq!(answer.stored, [id(3)]);
    let from_start: SyncResponse = young.sync(0, &[]).await.ok();
    assert_eq!(from_start.ops, ops);
}

#[tokio::test]
async fn a_second_device_gets_everything_in_pages() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["green"]).await;
    let mut sent = Vec::new();
    for page in 0..3 {
        let ops: Vec<String> = (0..MAX_OPS as u64)
            .map(|n| op(1 + page * MAX_OPS as u64 + n, "green/section/g_hver", "text", &[], format!("{n}").into()))
            .collect();
        let _: SyncResponse = young.sync(sent.len() as u64, &ops).await.ok();
        sent.extend(ops);
    }
    let code: DeviceInvitationView = young.post("devices/invitations", &json!({})).await.ok();
    let mut second = world.nobody();
    let me: MeView = second.post("devices", &AddDeviceRequest { code: code.code }).await.ok();
    assert_eq!((me.devices.len(), me.devices[1].this), (2, true));

    let (mut cursor, mut got) = (0, Vec::new());
    loop {
        let page: SyncResponse = second.sync(cursor, &[]).await.ok();
        assert!(page.ops.len() <= MAX_OPS && page.cursor > cursor);
        cursor = page.cursor;
        got.extend(page.ops);
        if !page.more {
            break;
        }
    }
    assert_eq!(got, sent);
    // Both at once: each gets what the other wrote, and not its own.
    let mine = op(5000, "green/section/g_hver", "text", &[], "to".into());
    let _: SyncResponse = young.sync(cursor, std::slice::from_ref(&mine)).await.ok();
    let theirs = op(5001, "green/section/g_hver", "text", &[], "tre".into());
    let answer: SyncResponse = second.sync(cursor, std::slice::from_ref(&theirs)).await.ok();
    assert_eq!(answer.ops, [mine]);
    let answer: SyncResponse = second.sync(answer.cursor, &[]).await.ok();
    assert_eq!(answer.ops.len(), 0);
}

#[tokio::test]
async fn operations_of_a_newer_version_come_back_byte_for_byte() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["about"]).await;
    let newer = r#"{ "mood":{"a":[1,2.50e1]},"v":7, "id":"00000000000000ff-1","at":"1.0","by":"young","on":"about/sticker/x","f":"shape","p":[],"c":1,"val":{"æ":"ø"}}"#;
    let answer: SyncResponse = young.sync(0, &[newer.to_owned()]).await.ok();
    assert_eq!(answer.stored, ["00000000000000ff-1"]);
    let answer: SyncResponse = young.sync(0, &[]).await.ok();
    assert_eq!(answer.ops, [newer]);
}

#[tokio::test]
async fn only_the_ticked_parts_are_taken_and_given() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["red", "meeting"]).await;
    let parts = ["about", "green", "yellow", "red", "after", "meeting", "later"];
    let ops: Vec<String> =
        (1..).zip(parts).map(|(n, part)| op(n, &format!("{part}/section/x"), "text", &[], part.into())).collect();
    let answer: SyncResponse = young.sync(0, &ops).await.ok();
    assert_eq!(answer.stored, [id(4), id(6)]);
    let refused: Vec<_> = answer.refused.iter().map(|refused| (refused.id.clone(), refused.reason)).collect();
    assert_eq!(refused, [1, 2, 3, 5, 7].map(|n| (id(n), ErrorCode::NoConsent)));

    // Fewer parts: what is there of the others is not given out any more.
    let request = yes(None, Some(&consent.id), &["meeting"], OVER_15);
    let _: ConsentView = young.post("consents", &request).await.ok();
    let answer: SyncResponse = young.sync(0, &[]).await.ok();
    assert_eq!(answer.ops, [ops[5].clone()]);
}

#[tokio::test]
async fn nobody_else_can_write_the_young_persons_words() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    for field in ["text", "title", "hidden", "order", "list", "deleted", "erased"] {
        let forged = op(1, "red/section/r_nu", field, &[], "x".into()).replace("\"young\"", "\"staff/sara\"");
        let answer: SyncResponse = young.sync(0, &[forged]).await.ok();
        assert_eq!(answer.refused, [RefusedOp { id: id(1), reason: ErrorCode::Forbidden }], "{field}");
    }
    // Nor does a session of staff open the door to it.
    sara.sync(0, &[op(1, "red/section/r_nu", "text", &[], "x".into())]).await.refused(ErrorCode::SignedOut);
    let answer: SyncResponse = young.sync(0, &[]).await.ok();
    assert_eq!(answer.ops.len(), 0);
}

#[tokio::test]
async fn a_wrong_clock_on_the_phone_refuses_nothing() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let at = format!("\"{}.0\"", START + 1);
    for (seq, millis) in [(1, 0), (2, START - 10 * YEAR), (3, START + 10 * YEAR), (4, u64::MAX)] {
        let op = op(1, "red/section/r_nu", "text", &[], "x".into()).replace(&id(1), &id(seq));
        let op = op.replace(&at, &format!("\"{millis}.0\""));
        let answer: SyncResponse = young.sync(0, &[op]).await.ok();
        assert_eq!(answer.stored, [id(seq)]);
    }
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_restart() {
    let mut world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let ops = entry(1, "red", "r_nu", "Ring til mor");
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    world.restart().await;
    young.router = world.router.clone();
    let answer: SyncResponse = young.sync(0, &[]).await.ok();
    assert_eq!(answer.ops, ops);
}

/// What a request brings is stored before it is asked what it is given: a no in between counts.
#[tokio::test]
async fn nothing_of_a_part_is_given_after_the_no_to_it() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, consent) = world.young(&mut sara, "M", &["red"]).await;
    let _ = young.accept(&jonas.invite("N").await, &["meeting"]).await;
    let _: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", "Ring til mormor")).await.ok();
    let mut phone = young.clone();
    world.between.after("append_ops", async move {
        phone.withdraw(&consent.id).await;
    });
    let answer: SyncResponse = young.sync(0, &entry(4, "meeting", "m1.m_dagsorden", "Jeg vil hjem")).await.ok();
    assert!(!answer.ops.iter().any(|raw| raw.contains("red/")), "{:?}", answer.ops);
    assert_eq!(answer.stored.len(), 3);
    assert!(answer.consents.iter().any(|consent| consent.withdrawn_at.is_some()), "it tells of the no");
}
