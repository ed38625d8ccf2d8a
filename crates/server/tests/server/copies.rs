//! Copies that a contact takes of what they read: with a yes to all that is in it, and seen by the young person.

use crate::world::*;
use axum::http::StatusCode;
use protocol::*;
use serde_json::json;
use server::audit;
use server::store::MOST_COPIES_A_DAY;

const ID: &str = "00c0ffee00c0ffee";

async fn copy(staff: &mut Client, young: &str, id: &str, kind: &str, parts: &[&str]) -> Reply {
    let body = json!({"id": id, "kind": kind, "parts": parts});
    staff.post(&format!("staff/young-people/{young}/copies"), &body).await
}

/// What the young person sees: which kind of copy, and of what.
async fn copies(young: &mut Client) -> Vec<(Option<CopyKind>, Vec<String>)> {
    let looks: LooksView = young.get("looks").await.ok();
    looks.looks.into_iter().filter(|look| look.copy.is_some()).map(|look| (look.copy, look.parts)).collect()
}

fn names(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|part| (*part).to_owned()).collect()
}

#[tokio::test]
async fn every_copy_is_seen_by_the_young_person() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["about", "red"]).await;
    let person = sara.only_young().await;
    let _: ReviewView = sara.review(&person).await.ok();
    copy(&mut sara, &person, ID, "print", &["about", "red"]).await.empty();
    world.pass(MINUTE);
    copy(&mut sara, &person, "00c0ffee00c0ffef", "text", &["red"]).await.empty();
    let looks: LooksView = young.get("looks").await.ok();
    let seen: Vec<_> =
        looks.looks.iter().map(|look| (look.name.as_str(), look.copy, look.from - START, look.until - START)).collect();
    assert_eq!(
        seen,
        [
            ("Sara Holm", Some(CopyKind::Text), MINUTE, MINUTE),
            ("Sara Holm", Some(CopyKind::Print), 0, 0),
            ("Sara Holm", None, 0, 0),
        ]
    );
    assert_eq!((looks.looks[0].unit.as_str(), looks.looks[0].parts.clone()), ("Bostedet Lindely", names(&["red"])));
    assert_eq!(looks.looks[1].parts, names(&["about", "red"]));
    // When they read last is when they read, and not when they took something along.
    world.pass(20 * MINUTE);
    let review: ReviewView = sara.review(&person).await.ok();
    assert_eq!(review.last_look, Some(START));
}

#[tokio::test]
async fn the_same_copy_again_is_one_and_of_something_else_another() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["about", "red"]).await;
    let person = sara.only_young().await;
    for _ in 0..2 {
        copy(&mut sara, &person, ID, "print", &["red"]).await.empty();
    }
    assert_eq!(copies(&mut young).await, [(Some(CopyKind::Print), names(&["red"]))]);
    // Nobody prints more than they have said by saying it under the same name.
    copy(&mut sara, &person, ID, "print", &["about", "red"]).await.empty();
    copy(&mut sara, &person, ID, "text", &["red"]).await.empty();
    assert_eq!(copies(&mut young).await.len(), 3);
    let rows = world.store.list_audit().await.unwrap();
    assert_eq!(rows.iter().filter(|row| row.what == "copied").count(), 3);
}

/// A name that was used before does not hide what is taken along under it.
#[tokio::test]
async fn an_old_name_used_again_for_something_else_is_another_copy() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let person = sara.only_young().await;
    let rows = async || {
        let rows = world.store.list_audit().await.unwrap();
        rows.iter().filter(|row| row.what == "copied").count()
    };
    copy(&mut sara, &person, ID, "print", &["red"]).await.empty();
    // Something was written meanwhile, so it is another paper.
    let _: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", "Ring til mor")).await.ok();
    copy(&mut sara, &person, ID, "print", &["red"]).await.empty();
    copy(&mut sara, &person, ID, "print", &["red"]).await.empty();
    assert_eq!(rows().await, 2);
    // An answer that got lost is asked for again by now.
    world.pass(9 * MINUTE);
    copy(&mut sara, &person, ID, "print", &["red"]).await.empty();
    assert_eq!(rows().await, 2);
    world.pass(MINUTE);
    copy(&mut sara, &person, ID, "print", &["red"]).await.empty();
    assert_eq!(rows().await, 3);
    let looks: LooksView = young.get("looks").await.ok();
    assert_eq!(looks.looks.iter().map(|look| look.times).collect::<Vec<_>>(), [Some(3)]);
}

#[tokio::test]
async fn a_copy_needs_a_yes_to_everything_in_it_in_that_moment() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, consent) = world.young(&mut sara, "M", &["red", "messages"]).await;
    let person = sara.only_young().await;
    copy(&mut jonas, &person, ID, "print", &["red"]).await.refused(ErrorCode::NotFound);
    for parts in [&["about"][..], &["red", "about"], &["messages"], &["red", "messages"]] {
        copy(&mut sara, &person, ID, "print", parts).await.refused(ErrorCode::NoConsent);
    }
    // A no that is said while it is on its way.
    let mut phone = young.clone();
    world.between.after("list_grants", async move {
        phone.withdraw(&consent.id).await;
    });
    copy(&mut sara, &person, ID, "print", &["red"]).await.refused(ErrorCode::NoConsent);
    copy(&mut sara, &person, ID, "text", &["red"]).await.refused(ErrorCode::NoConsent);
    assert_eq!(copies(&mut young).await, []);
    assert!(world.store.list_audit().await.unwrap().iter().all(|row| row.what != "copied"));

    let _ = young.accept(&sara.invite("M").await, &["red"]).await;
    copy(&mut sara, &person, ID, "print", &["red"]).await.empty();
    assert_eq!(copies(&mut young).await.len(), 1);
}

#[tokio::test]
async fn what_is_no_copy_is_refused() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let person = sara.only_young().await;
    for (id, kind, parts) in [
        (ID, "print", &[][..]),
        (ID, "print", &["red", "blue"]),
        (ID, "photograph", &["red"]),
        ("", "print", &["red"]),
        ("00C0FFEE00C0FFEE", "print", &["red"]),
        ("00c0ffee00c0ffee0", "print", &["red"]),
    ] {
        copy(&mut sara, &person, id, kind, parts).await.refused(ErrorCode::Malformed);
    }
    assert_eq!(copies(&mut young).await, []);
}

#[tokio::test]
async fn a_copy_is_on_disk_and_in_the_chain_when_it_is_answered() {
    let mut world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let person = sara.only_young().await;
    copy(&mut sara, &person, ID, "text", &["red"]).await.empty();
    // Read by somebody else from the file itself, as it lies there.
    let file = rusqlite::Connection::open(world.folder.path().join("min-plan.sqlite3")).unwrap();
    let count = |what: &str| file.query_row(what, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM copies"), 1);
    assert_eq!(count("SELECT count(*) FROM audit WHERE what = 'copied' AND detail = 'text red'"), 1);
    drop(file);
    world.restart().await;
    audit::verify(&world.store.list_audit().await.unwrap(), &world.keys, None).unwrap();
    young.router = world.router.clone();
    assert_eq!(copies(&mut young).await, [(Some(CopyKind::Text), names(&["red"]))]);
}

/// Neither a look nor a copy can be recalled, so both are there to be seen when nothing else is.
#[tokio::test]
async fn who_has_a_copy_is_known_after_an_erasure_and_nothing_of_what_is_in_it() {
    const WORD: &str = "plantedword";
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "plantedlabel", &["red"]).await;
    let _: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", WORD)).await.ok();
    let person = sara.only_young().await;
    let _: ReviewView = sara.review(&person).await.ok();
    copy(&mut sara, &person, ID, "print", &["red"]).await.empty();
    young.withdraw(&consent.id).await;
    let _: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!(copies(&mut young).await, [(Some(CopyKind::Print), names(&["red"]))]);
    assert!(!contains(&bytes_in(world.folder.path()), b"planted"));
    copy(&mut sara, &person, ID, "text", &["red"]).await.refused(ErrorCode::NoConsent);
}

#[tokio::test]
async fn the_same_copied_again_on_one_day_is_one_line() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, _) = world.young(&mut sara, "M", &["about", "red"]).await;
    young.accept(&jonas.invite("N").await, &["red"]).await;
    let (person, same) = (sara.only_young().await, jonas.only_young().await);
    for number in 0..3 {
        copy(&mut sara, &person, &format!("{number:016x}"), "print", &["red"]).await.empty();
        world.pass(MINUTE);
    }
    copy(&mut sara, &person, ID, "text", &["red"]).await.empty();
    copy(&mut sara, &person, ID, "print", &["about", "red"]).await.empty();
    copy(&mut jonas, &same, ID, "print", &["red"]).await.empty();
    world.pass(DAY);
    let mut sara = world.staff(SARA).await;
    copy(&mut sara, &person, ID, "print", &["red"]).await.empty();
    let looks: LooksView = young.get("looks").await.ok();
    let lines = looks.looks.iter().map(|look| (look.name.as_str(), look.from - START, look.until - START, look.times));
    let later = 3 * MINUTE;
    let expected = [
        ("Sara Holm", DAY + later, DAY + later, None),
        ("Jonas Berg", later, later, None),
        ("Sara Holm", later, later, None),
        ("Sara Holm", later, later, None),
        ("Sara Holm", 0, 2 * MINUTE, Some(3)),
    ];
    assert_eq!(lines.collect::<Vec<_>>(), expected);
}

/// Neither by looking nor by copying, from then on or without an end.
#[tokio::test]
async fn nobody_pushes_another_out_of_the_list() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    young.accept(&jonas.invite("N").await, &["red"]).await;
    let (person, same) = (sara.only_young().await, jonas.only_young().await);
    let _: ReviewView = jonas.review(&same).await.ok();
    copy(&mut jonas, &same, ID, "print", &["red"]).await.empty();
    copy(&mut sara, &person, ID, "print", &["red"]).await.empty();
    let file = rusqlite::Connection::open(world.folder.path().join("min-plan.sqlite3")).unwrap();
    let day = format!("{START} + i * {DAY}");
    let many = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4999) INSERT INTO copies
             SELECT c.young, c.staff, printf('%016x', i), 'print', ',red,', {day}, 0 FROM n, consents c WHERE c.recipient = 'Sara Holm';
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO looks (staff, young, parts, from_at, until_at)
             SELECT c.staff, c.young, ',red,', {day} + 1, {day} + 1 FROM n, consents c WHERE c.recipient = 'Sara Holm';"
    );
    file.execute_batch(&many).unwrap();
    let looks: LooksView = young.get("looks").await.ok();
    assert_eq!(looks.looks.len(), 500);
    let count = |name: &str, is_copy: bool| {
        looks.looks.iter().filter(|look| look.name == name && look.copy.is_some() == is_copy).count()
    };
    assert_eq!([count("Jonas Berg", true), count("Jonas Berg", false)], [1, 1]);
    assert_eq!([count("Sara Holm", true), count("Sara Holm", false)], [249, 249]);
    assert!(
        looks.looks.is_sorted_by_key(|look| std::cmp::Reverse(look.until)),
        "the latest are shown, the latest first"
    );

    let reply = copy(&mut sara, &person, "00c0ffee00c0ffef", "text", &["red"]).await.refused(ErrorCode::TooLarge);
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    // One that is there already can be asked for again.
    copy(&mut sara, &person, ID, "print", &["red"]).await.empty();
}

#[tokio::test]
async fn there_are_so_many_copies_by_one_contact_on_one_day() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let person = sara.only_young().await;
    let name = |number: u64| format!("{number:016x}");
    for number in 0..MOST_COPIES_A_DAY {
        copy(&mut sara, &person, &name(number), "print", &["red"]).await.empty();
    }
    copy(&mut sara, &person, &name(MOST_COPIES_A_DAY), "print", &["red"]).await.refused(ErrorCode::TooLarge);
    let looks: LooksView = young.get("looks").await.ok();
    assert_eq!(looks.looks.iter().map(|look| look.times).collect::<Vec<_>>(), [Some(MOST_COPIES_A_DAY)]);
    world.pass(DAY);
    let mut sara = world.staff(SARA).await;
    copy(&mut sara, &person, &name(MOST_COPIES_A_DAY), "print", &["red"]).await.empty();
}

/// Both ways between builds: what one does not know, the other reads past.
#[test]
fn a_build_that_does_not_know_a_kind_goes_on_reading() {
    let look = r#"{"name":"Sara","unit":"Lindely","from":1,"until":2,"parts":["red"]"#;
    let read = |rest: &str| serde_json::from_str::<LookView>(&format!("{look}{rest}}}")).unwrap().copy;
    assert_eq!(read(""), None);
    assert_eq!(read(r#","copy":null"#), None);
    assert_eq!(read(r#","copy":"text""#), Some(CopyKind::Text));
    assert_eq!(read(r#","copy":"photograph","pages":3"#), Some(CopyKind::Other));
    // What an earlier build knows of a look is there in a copy too, and a look is what it was.
    let (name, unit) = ("Sara".into(), "Lindely".into());
    let view = LookView { name, unit, from: 1, until: 2, parts: vec![], copy: None, times: None };
    assert_eq!(
        serde_json::to_value(&view).unwrap(),
        json!({"name": "Sara", "unit": "Lindely", "from": 1, "until": 2, "parts": []})
    );
}
