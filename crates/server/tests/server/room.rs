//! How much is kept of one young person: counted as it comes and goes, refused one by one where it is too much.

use crate::world::*;
use protocol::*;
use serde_json::json;
use server::authorise;
use server::ids::Token;
use server::store::{KEPT_BYTES, KEPT_OPS, RESERVED_BYTES, RESERVED_OPS};

fn database(world: &World) -> rusqlite::Connection {
    rusqlite::Connection::open(world.folder.path().join("min-plan.sqlite3")).unwrap()
}

/// What is counted, after a look at whether it is what is there.
#[track_caller]
fn kept(world: &World) -> (u64, u64) {
    let numbers = |sql: &str| {
        database(world).query_row(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))).unwrap()
    };
    let counted = numbers("SELECT sum(op_count), sum(op_bytes) FROM young");
    assert_eq!(counted, numbers("SELECT count(*), coalesce(sum(length(sealed)), 0) FROM ops"));
    (counted.0 as u64, counted.1 as u64)
}

/// As if so much had been sent already.
fn pretend(world: &World, column: &str, kept: u64) {
    let sql = format!("UPDATE young SET {column} = ?1");
    assert_eq!(database(world).execute(&sql, [i64::try_from(kept).unwrap()]).unwrap(), 1);
}

fn text(seq: u64) -> String {
    op(seq, "red/section/r_nu", "text", &[], "x".into())
}

/// Where there is no room left for what is written, it is told still that it was read.
#[tokio::test]
async fn what_is_read_is_told_without_room_too() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["messages"]).await;
    let name = sara.only_young().await;
    let on = format!("messages/message/{:016x}-1_{}", 1, consent.staff);
    let _: SyncResponse = young.sync(0, &[op(1, &on, "text", &[], "Hej".into())]).await.ok();
    pretend(&world, "op_count", KEPT_OPS);
    let _: MessagesView = sara.messages(&name).await.ok();
    assert!(young.everything().await.list_messages(&consent.staff)[0].is_read);
}

#[tokio::test]
async fn operations_of_one_young_person_without_end_are_not_taken() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let _: SyncResponse = young.sync(0, &[text(1)]).await.ok();
    for (column, full, reserve) in
        [("op_count", KEPT_OPS - 1, RESERVED_OPS), ("op_bytes", KEPT_BYTES - 300, RESERVED_BYTES)]
    {
        pretend(&world, column, full);
        let base = if column == "op_count" { 10 } else { 20 };
        // One has room, and so has one that is there already.
        let answer: SyncResponse = young.sync(0, &[text(base), text(base + 1), text(1)]).await.ok();
        assert_eq!(answer.stored, [id(base), id(1)], "{column}");
        assert_eq!(answer.refused, [RefusedOp { id: id(base + 1), reason: ErrorCode::TooLarge }]);
        // What is to go can go: the erasure of what was written is taken still, for a while.
        let erasure = |seq| op(seq, "red/section/r_nu", "erased", &[base], true.into());
        let answer: SyncResponse = young.sync(0, &[erasure(base + 2)]).await.ok();
        assert_eq!((answer.stored, answer.refused), (vec![id(base + 2)], vec![]), "{column}");
        pretend(&world, column, full + reserve + 1000);
        let answer: SyncResponse = young.sync(0, &[erasure(base + 3)]).await.ok();
        assert_eq!(answer.refused, [RefusedOp { id: id(base + 3), reason: ErrorCode::TooLarge }], "{column}");
        pretend(&world, column, 0);
    }
}

#[tokio::test]
async fn what_is_kept_is_counted_through_erasing_and_pruning() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["red", "about"]).await;
    assert_eq!(kept(&world), (0, 0));
    let long = op(9, "about/section/navn", "text", &[], "x".repeat(2000).into());
    let _: SyncResponse = young.sync(0, &[text(1), text(2), text(1), long.clone()]).await.ok();
    let before = kept(&world);
    assert!(before.0 == 3 && before.1 > 2000, "{before:?}");
    // The words go by pruning, and by erasing for good.
    let bare = plan::Record::parse(&long).unwrap().erased().raw().to_owned();
    let _: SyncResponse = young.sync(0, &[bare]).await.ok();
    assert!(kept(&world).1 < before.1 - 1900);
    let _: SyncResponse = young.sync(0, &[op(3, "red/section/r_nu", "erased", &[1, 2], true.into())]).await.ok();
    assert_eq!(kept(&world).0, 4);
    let fewer: ConsentView = young.post("consents", &yes(None, Some(&consent.id), &["about"], OVER_15)).await.ok();
    let _: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!(kept(&world).0, 1);
    // What was named by the erasures that are gone is no more either: nothing grows that cannot be erased.
    let condemned: i64 = database(&world).query_row("SELECT count(*) FROM condemned", [], |row| row.get(0)).unwrap();
    assert_eq!(condemned, 0);
    young.withdraw(&fewer.id).await;
    let _: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!(kept(&world), (0, 0));
}

/// How long the longest review takes, with everything opened and laid out, and erasing all of it. `cargo test --release` does it at full size.
#[tokio::test]
async fn a_review_of_all_that_is_kept_is_laid_out() {
    let share = if cfg!(debug_assertions) { 20 } else { 1 };
    let (count, bytes) = (KEPT_OPS / share, KEPT_BYTES / share);
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut phone, consent) = world.young(&mut sara, "M", &["red"]).await;
    let person = sara.only_young().await;
    let token = Token::from_cookie(&phone.cookies["minplan-trial"]).unwrap();
    // About as large as they may be together: entries with a text, and each operation names some before it.
    let record = |seq: u64| {
        let (on, field, value) = match seq % 3 {
            1 => (seq, "list", "r_nu".to_owned()),
            2 => (seq - 1, "order", format!("V{seq}")),
            _ => (seq - 2, "text", "x".repeat((bytes / count / 2) as usize)),
        };
        let parents: Vec<u64> = (seq.saturating_sub(2).max(1)..seq).collect();
        let on = format!("red/entry/{:016x}-{on}", 1);
        plan::Record::parse(&op(seq, &on, field, &parents, value.into())).unwrap()
    };
    let young = authorise::young(world.store.as_ref(), Some(&token)).await.unwrap();
    let permission = authorise::sync(&young, START).unwrap();
    let mut no_room = 0;
    for first in (1..=count).step_by(500) {
        let ops = (first..first + 500).map(record).collect();
        no_room += world.store.append_ops(&permission, ops, false, START).await.unwrap().no_room.len();
    }
    let begun = std::time::Instant::now();
    let review: ReviewView = sara.review(&person).await.ok();
    let millis = begun.elapsed().as_millis();
    let (kept, bytes) = kept(&world);
    assert!(review.parts[0].sections[0].texts.len() as u64 >= kept / 3 - 1);
    println!("room: a review of {kept} operations, {bytes} bytes sealed, {no_room} refused, took {millis} ms");
    phone.withdraw(&consent.id).await;
    let begun = std::time::Instant::now();
    let answer: EraseResponse = phone.post("erase", &json!({})).await.ok();
    assert_eq!(answer.erased, kept);
    println!("room: erasing all of it took {} ms", begun.elapsed().as_millis());
}
