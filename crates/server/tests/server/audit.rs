//! The audit log: complete, without content, and nobody changes it unseen.

use crate::world::*;
use protocol::*;
use serde_json::json;
use server::audit::{Anchor, Row, verify};

async fn lived() -> World {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let code = sara.invite("plantedlabel").await;
    let mut young = world.nobody();
    let consent: ConsentView = young.post("consents", &yes(Some(&code), None, &["red"], UNDER_15)).await.ok();
    let person = sara.only_young().await;
    let custody = json!({"answer": "yes", "given_by": "plantedmor", "on": "2026-11-22"});
    let _: YoungPersonView = sara.post(&format!("staff/young-people/{person}/custody"), &custody).await.ok();
    let _: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", "plantedentry")).await.ok();
    let _: ReviewView = sara.review(&person).await.ok();
    let _: ReviewView = sara.review(&person).await.ok();
    young.withdraw(&consent.id).await;
    young.withdraw(&consent.id).await;
    let _: EraseResponse = young.post("erase", &json!({})).await.ok();
    let wrong = SignInRequest { login: SARA.into(), password: "plantedpassword".into() };
    world.nobody().post("staff/session", &wrong).await.refused(ErrorCode::WrongPassword);
    sara.delete("staff/session").await.empty();
    world
}

#[tokio::test]
async fn everything_that_matters_is_written_down_once_and_without_words() {
    let world = lived().await;
    let rows = world.store.list_audit().await.unwrap();
    let what: Vec<&str> = rows.iter().map(|row| row.what.as_str()).collect();
    assert_eq!(
        what,
        [
            "unit_added",
            "staff_added",
            "unit_added",
            "staff_added",
            "signed_in",
            "invited",
            "device_added",
            "consent_given",
            "custody_recorded",
            "look_began",
            "consent_withdrawn",
            "erased",
            "sign_in_failed",
            "signed_out",
        ]
    );
    assert!(!format!("{rows:?}").contains("planted"));
    let end = verify(&rows, &world.keys, None).unwrap();
    assert_eq!(end.to_string().parse::<Anchor>(), Ok(end));
}

#[tokio::test]
async fn every_tampering_is_detected() {
    let world = lived().await;
    let rows = world.store.list_audit().await.unwrap();
    let anchor = verify(&rows, &world.keys, None).unwrap();
    // A small generator, so that every run tries the same ten thousand.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let (mut tried, mut found) = (0, 0);
    while tried < 10_000 {
        let mut changed = rows.clone();
        tamper(&mut changed, &mut random);
        if changed == rows {
            continue;
        }
        tried += 1;
        found += usize::from(verify(&changed, &world.keys, Some(anchor)).is_err());
    }
    println!("audit: {found} of {tried} tamperings detected");
    assert_eq!(found, tried);
    // Cut off at the end the chain is right in itself; that is what the anchor is for.
    assert!(verify(&rows[..3], &world.keys, None).is_ok());
    assert!(verify(&[], &world.keys, Some(anchor)).is_err());
    // A log that has grown since still goes through the anchor.
    let early = verify(&rows[..5], &world.keys, None).unwrap();
    assert!(verify(&rows, &world.keys, Some(early)).is_ok());
}

fn tamper(rows: &mut Vec<Row>, random: &mut impl FnMut(usize) -> usize) {
    let place = random(rows.len());
    let other = random(rows.len());
    match random(9) {
        0 => rows[place].at += 1 + random(1000) as u64,
        1 => rows[place].what.push('x'),
        2 => rows[place].actor = rows[other].actor.clone(),
        3 => rows[place].subject = rows[other].subject.clone(),
        4 => rows[place].detail.insert(0, '1'),
        5 => rows[place].hash[random(32)] ^= 1 << random(8),
        6 => drop(rows.remove(place)),
        7 => rows.swap(place, other),
        _ => rows.truncate(place),
    }
}

#[tokio::test]
async fn the_database_itself_refuses_changes_to_the_log() {
    let world = lived().await;
    let path = world.folder.path().join("min-plan.sqlite3");
    let connection = rusqlite::Connection::open(path).unwrap();
    for statement in ["UPDATE audit SET what = 'x'", "DELETE FROM audit"] {
        assert!(connection.execute(statement, []).unwrap_err().to_string().contains("append-only"));
    }
    // And whoever takes the guard away is found out.
    connection.execute_batch("DROP TRIGGER audit_no_update; UPDATE audit SET detail = 'x' WHERE seq = 3").unwrap();
    let rows = world.store.list_audit().await.unwrap();
    assert_eq!(verify(&rows, &world.keys, None).unwrap_err().seq, 3);
}
