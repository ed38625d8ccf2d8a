//! Who hears of what was done: whoever asked for it may have hung up, and may no longer be somebody who listens.

use crate::between::Between;
use crate::world::*;
use protocol::*;
use serde_json::json;
use server::password::{self, Cost};
use std::time::Instant;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

/// Asks, and hangs up when the store has done what it was asked for and before anybody knows.
async fn hang_up_after(between: &Between, method: &'static str, asking: impl Future<Output = Reply> + Send + 'static) {
    let (reach, reached) = oneshot::channel();
    let (hang_up, hung_up) = oneshot::channel::<()>();
    between.after(method, async move {
        reach.send(()).unwrap();
        let _ = hung_up.await;
    });
    let asking = tokio::spawn(asking);
    reached.await.unwrap();
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    drop(hang_up);
}

/// Somebody who shares the red side with Sara and the meeting with Jonas, and both of those listen.
async fn two_listen(world: &World) -> (Client, [ConsentView; 2], [Events; 2]) {
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, to_sara) = world.young(&mut sara, "M", &["red"]).await;
    let to_jonas = young.accept(&jonas.invite("N").await, &["meeting"]).await;
    let mut listen = [sara.listen("staff/events").await, jonas.listen("staff/events").await];
    for events in &mut listen {
        events.hears().await;
    }
    (young, [to_sara, to_jonas], listen)
}

/// A request brings what got no answer the last time beside what is new, and what is new may be in a part that is not theirs.
#[tokio::test]
async fn nobody_is_told_again_of_what_was_stored_before() {
    let world = World::new().await;
    let (mut young, _, [mut of_sara, mut of_jonas]) = two_listen(&world).await;
    let mut ops = entry(1, "meeting", "m1.m_dagsorden", "Jeg vil hjem");
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    of_jonas.hears().await;
    ops.push(op(10, "red/section/r_nu", "text", &[], "Ring til mormor".into()));
    ops.push(op(11, "meeting/section/x", "text", &[], "x".repeat(40_000).into()));
    let answer: SyncResponse = young.sync(0, &ops).await.ok();
    assert_eq!((answer.stored.len(), answer.refused.len()), (4, 1));
    of_sara.hears().await;
    of_jonas.hears_nothing().await;
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    of_sara.hears_nothing().await;
    of_jonas.hears_nothing().await;

    // Nor by a request that is given up: that is told of as far as it was new.
    ops.push(op(20, "red/section/r_nu", "title", &[], "Nu".into()));
    let mut phone = young.clone();
    hang_up_after(&world.between, "append_ops", async move { phone.sync(0, &ops).await }).await;
    of_sara.hears().await;
    of_jonas.hears_nothing().await;
}

#[tokio::test]
async fn an_answer_that_is_sent_again_is_told_once() {
    let world = World::new().await;
    let (mut young, _, [mut of_sara, mut of_jonas]) = two_listen(&world).await;
    let _: SyncResponse = young.sync(0, &entry(1, "meeting", "m1.m_dagsorden", "Jeg vil hjem")).await.ok();
    let mut of_young = young.listen("events").await;
    of_young.hears().await;
    of_jonas.hears().await;
    let words =
        |field| json!({"to": format!("meeting/entry/{:016x}-1", 1), "kind": "answer", "field": field, "text": "yes"});
    let words = json!({"secret": "5e".repeat(32), "words": [words("said"), words("reason")]});
    let mut jonas = world.staff(JONAS).await;
    let path = format!("staff/young-people/{}/words", jonas.only_young().await);
    let (mut window, request, to) = (jonas.clone(), words.clone(), path.clone());
    hang_up_after(&world.between, "write_words", async move { window.post(&to, &request).await }).await;
    of_young.hears().await;
    of_jonas.hears().await;
    let _: WriteResponse = jonas.post(&path, &words).await.ok();
    for events in [&mut of_young, &mut of_jonas, &mut of_sara] {
        events.hears_nothing().await;
    }
}

#[tokio::test]
async fn whose_yes_ends_with_anothers_is_told() {
    let world = World::new().await;
    let (mut young, [to_sara, _], [mut of_sara, mut of_jonas]) = two_listen(&world).await;
    let code = world.staff(JONAS).await.invite("N").await;
    let instead = yes(Some(&code), Some(&to_sara.id), &["red"], OVER_15);
    let _: ConsentView = young.post("consents", &instead).await.ok();
    of_sara.hears().await;
    of_jonas.hears().await;
    // Who has none any more is told nothing, though it is named once more.
    let code = world.staff(JONAS).await.invite("N").await;
    let _: ConsentView = young.post("consents", &yes(Some(&code), Some(&to_sara.id), &["red"], OVER_15)).await.ok();
    of_jonas.hears().await;
    of_sara.hears_nothing().await;
}

#[tokio::test]
async fn a_yes_that_nobody_waits_for_any_more_is_told_of() {
    let world = World::new().await;
    let (young, [to_sara, _], [mut of_sara, mut of_jonas]) = two_listen(&world).await;
    let code = world.staff(JONAS).await.invite("N").await;
    let mut phone = young.clone();
    let instead = yes(Some(&code), Some(&to_sara.id), &["red"], OVER_15);
    hang_up_after(&world.between, "give_consent", async move { phone.post("consents", &instead).await }).await;
    of_sara.hears().await;
    of_jonas.hears().await;
    // One that is refused is told to nobody.
    let mut phone = world.nobody();
    let again = yes(Some(&code), None, &["red"], OVER_15);
    phone.post("consents", &again).await.refused(ErrorCode::UsedCode);
    of_jonas.hears_nothing().await;
}

async fn add_tablet(world: &World, young: &mut Client) -> (Client, String) {
    let code: DeviceInvitationView = young.post("devices/invitations", &json!({})).await.ok();
    let mut tablet = world.nobody();
    let me: MeView = tablet.post("devices", &AddDeviceRequest { code: code.code }).await.ok();
    let id = me.devices.into_iter().find(|device| device.this).unwrap().id;
    (tablet, format!("devices/{id}"))
}

#[tokio::test]
async fn who_is_signed_out_while_a_stream_is_opened_gets_none() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let (mut tablet, id) = add_tablet(&world, &mut young).await;
    let mut phone = young.clone();
    world.between.after("find_device", async move { phone.delete(&id).await.empty() });
    tablet.get("events").await.refused(ErrorCode::SignedOut);
    let mut window = sara.clone();
    world.between.after("find_session", async move { window.delete("staff/session").await.empty() });
    sara.get("staff/events").await.refused(ErrorCode::SignedOut);
}

#[tokio::test]
async fn a_stream_ends_with_a_sign_out_that_nobody_waits_for_any_more() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let (mut tablet, id) = add_tablet(&world, &mut young).await;
    let mut of_tablet = tablet.listen("events").await;
    let mut of_sara = sara.listen("staff/events").await;
    of_tablet.hears().await;
    of_sara.hears().await;
    hang_up_after(&world.between, "delete_device", async move { young.delete(&id).await }).await;
    of_tablet.ends().await;
    hang_up_after(&world.between, "delete_session", async move { sara.delete("staff/session").await }).await;
    of_sara.ends().await;
}

#[tokio::test]
async fn a_stream_tells_nothing_after_the_session_is_over() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    world.pass(HOUR - 1);
    let mut of_sara = sara.listen("staff/events").await;
    of_sara.hears().await;
    of_sara.ends().await;
}

/// The work on a password goes on when whoever asked has hung up. It keeps its turn, so that a pile of it never takes the threads that
/// everybody's reads need.
#[test]
fn a_password_that_nobody_waits_for_keeps_its_turn() {
    const THREADS: usize = 4;
    // Half a second of work or more.
    const SLOW: &str =
        "$argon2id$v=19$m=19456,t=100,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let begun = Instant::now();
    assert!(!password::matches(PASSWORD, Some(SLOW), Cost::Full));
    let slow = begun.elapsed();
    let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(THREADS).build().unwrap();
    runtime.block_on(async {
        let world = World::new().await;
        let mut sara = world.staff(SARA).await;
        let unit = world.store.find_unit(HOMES[0].0).await.unwrap().unwrap();
        world.store.create_staff(&unit, "Ida Ravn", "ida", SLOW, START).await.unwrap();
        for _ in 0..2 * THREADS {
            let (reach, reached) = oneshot::channel();
            world.between.after("find_login", async move { reach.send(()).unwrap() });
            let mut nobody = world.nobody();
            let request = SignInRequest { login: "ida".into(), password: PASSWORD.into() };
            let asking = tokio::spawn(async move { nobody.post("staff/session", &request).await });
            // With one thread for all of this it has come as far as it gets when this goes on.
            reached.await.unwrap();
            asking.abort();
            assert!(asking.await.unwrap_err().is_cancelled());
        }
        let begun = Instant::now();
        let _: StaffView = sara.get("staff/session").await.ok();
        let read = begun.elapsed();
        assert!(2 * read < slow, "a read took {read:?}, and a slow password {slow:?}");
    });
}
