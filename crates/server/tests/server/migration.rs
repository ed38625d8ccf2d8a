//! A database from an earlier build is brought up to date with everything in it. The fixtures are never changed.

use crate::dump::{list_empty_tables, version};
use crate::world::*;
use protocol::*;
use serde_json::json;
use server::audit;
use server::cursor::Cursor;

const V1: &str = include_str!("../fixtures/v1.sql");
/// With something in every table; see `crates/protocol/tests/released`.
pub const V8: &str = include_str!("../fixtures/v8.sql");
/// The cookie of the phone in it.
const TOKEN: &str = "ef900b694c5c8d458e2b7c5775fe1285057bbd154d82f0d1642459d72bc3cace";
const GIVEN: u64 = 1_795_527_047_132;

#[tokio::test]
async fn a_database_of_version_1_is_brought_up_to_date() {
    let mut world = World::new().await;
    world.store.close().await.unwrap();
    let path = world.folder.path().join("min-plan.sqlite3");
    std::fs::remove_file(&path).unwrap();
    rusqlite::Connection::open(&path).unwrap().execute_batch(V1).unwrap();
    world.set_time(GIVEN + HOUR);
    world.restart().await;

    let version = rusqlite::Connection::open(&path).unwrap();
    let version: i64 = version.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 11);
    audit::verify(&world.store.list_audit().await.unwrap(), &world.keys, None).unwrap();
    let mut young = world.nobody();
    young.cookies.insert("minplan-trial".into(), TOKEN.into());
    let answer: SyncResponse = young.sync(0, &[op(4, "red/section/r_nu", "title", &[], "Nu".into())]).await.ok();
    assert_eq!((answer.ops.len(), answer.stored, Cursor::from(answer.cursor).seq), (3, vec![id(4)], 4));
    assert!(answer.ops[2].contains("Ring til mor"));
    // What the second version has added works on it.
    let consent = &young.me().await.consents[0];
    let mut request = yes(None, Some(&consent.id), &["red"], OVER_15);
    request.secret = Some("5e".repeat(32));
    let given: ConsentView = young.post("consents", &request).await.ok();
    let again: ConsentView = young.post("consents/settle", &json!({"secret": "5e".repeat(32)})).await.ok();
    assert_eq!(given, again);
}

/// The cookie of the phone in a dump, as its head has it.
fn cookie_in(dump: &str) -> &str {
    dump.split("\"minplan-trial\": \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap()
}

#[tokio::test]
async fn a_database_of_version_8_is_brought_up_to_date_with_all_that_is_in_it() {
    let mut world = World::new().await;
    world.store.close().await.unwrap();
    let path = world.folder.path().join("min-plan.sqlite3");
    std::fs::remove_file(&path).unwrap();
    rusqlite::Connection::open(&path).unwrap().execute_batch(V8).unwrap();
    assert_eq!(list_empty_tables(world.folder.path()), [""; 0]);
    world.set_time(START + HOUR);
    world.restart().await;
    assert!(version(world.folder.path()) >= 8);
    audit::verify(&world.store.list_audit().await.unwrap(), &world.keys, None).unwrap();

    // The phone goes on where it was, and has everything.
    let mut young = world.nobody();
    young.cookies.insert("minplan-trial".into(), cookie_in(V8).into());
    let me = young.me().await;
    assert_eq!((me.consents.len(), me.devices.len()), (3, 2));
    let ops = young.sync(0, &[op(4, "red/section/r_nu", "title", &[], "Nu".into())]).await.ok::<SyncResponse>().ops;
    for word in
        ["Ring til mormor", "Kan vi tale sammen i morgen?", "Vi spørger din mor.", "Tag en ven med", "Godt møde"]
    {
        assert!(ops.iter().any(|raw| raw.contains(word)), "{word} is lost");
    }
    assert!(!ops.iter().any(|raw| raw.contains("Noget, der skal væk")));
    let looks: LooksView = young.get("looks").await.ok();
    assert!(looks.looks.iter().any(|look| look.copy == Some(CopyKind::Print)));
    let guests: GuestsView = young.get("guests").await.ok();
    assert!(guests.guests[0].first_opened.is_some() && guests.guests[0].ended_at.is_some());

    // So does the contact.
    let mut sara = world.staff(SARA).await;
    let profile: ProfileView = sara.get("staff/profile").await.ok();
    assert_eq!(profile.about, "Jeg laver pandekager.");
    let people = sara.young_people().await.young_people;
    let young = people.iter().find(|one| one.label == "M fra stuen").unwrap();
    assert_eq!(young.next_meeting.as_ref().map(|next| next.date.as_str()), Some("2026-12-01"));
    let review = sara.review(&young.id).await.text();
    for word in ["Ring til mormor", "Jeg vil hjem i weekenden", "Vi ringer til din skole", "Jeg øver mig i at sige fra"]
    {
        assert!(review.contains(word), "{word} is lost");
    }
    let messages: MessagesView = sara.messages(&young.id).await.ok();
    let read: Vec<_> = messages.messages.iter().map(|one| (one.text.as_str(), one.new)).collect();
    assert_eq!(read, [("Kan vi tale sammen i morgen?", false), ("Ja, lad os tale i morgen", false)]);
    // Who waits, and who has gone.
    let mut jonas = world.staff(JONAS).await;
    let labels = jonas.young_people().await.young_people.into_iter().map(|one| (one.label, one.status));
    assert_eq!(labels.collect::<Vec<_>>(), [("Lille N".to_owned(), StatusView::Active)]);
}
