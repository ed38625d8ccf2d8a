//! A database from an earlier build is brought up to date with everything in it. The fixtures are never changed.

use crate::world::*;
use protocol::*;
use serde_json::json;
use server::audit;

const V1: &str = include_str!("../fixtures/v1.sql");
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
    assert_eq!(version, 10);
    audit::verify(&world.store.list_audit().await.unwrap(), &world.keys, None).unwrap();
    let mut young = world.nobody();
    young.cookies.insert("minplan-trial".into(), TOKEN.into());
    let answer: SyncResponse = young.sync(0, &[op(4, "red/section/r_nu", "title", &[], "Nu".into())]).await.ok();
    assert_eq!((answer.ops.len(), answer.stored, answer.cursor), (3, vec![id(4)], 4));
    assert!(answer.ops[2].contains("Ring til mor"));
    // What the second version has added works on it.
    let consent = &young.me().await.consents[0];
    let mut request = yes(None, Some(&consent.id), &["red"], OVER_15);
    request.secret = Some("5e".repeat(32));
    let given: ConsentView = young.post("consents", &request).await.ok();
    let again: ConsentView = young.post("consents/settle", &json!({"secret": "5e".repeat(32)})).await.ok();
    assert_eq!(given, again);
}
