//! What is erased is gone: from the answers, from the database, and from its log.

use crate::world::*;
use protocol::*;
use serde_json::json;
use server::cursor::Cursor;

const WORDS: [&str; 5] = ["plantedlabel", "plantedentry", "plantedcustody", "plantednewer", "plantedsecond"];

/// The sealed form of an operation, as it lies in the file.
fn sealed(world: &World, op: &str) -> Vec<u8> {
    let path = world.folder.path().join("min-plan.sqlite3");
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.query_row("SELECT sealed FROM ops WHERE id = ?1", [op], |row| row.get(0)).unwrap()
}

fn content_keys(world: &World) -> Vec<Option<Vec<u8>>> {
    let connection = rusqlite::Connection::open(world.folder.path().join("min-plan.sqlite3")).unwrap();
    let mut statement = connection.prepare("SELECT content_key FROM young").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn no_word_is_ever_in_the_files_in_clear() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let code = sara.invite(WORDS[0]).await;
    let mut young = world.nobody();
    let consent: ConsentView = young.post("consents", &yes(Some(&code), None, &["red"], UNDER_15)).await.ok();
    let person = sara.only_young().await;
    let custody = json!({"answer": "yes", "given_by": WORDS[2], "on": "2026-11-22"});
    let _: YoungPersonView = sara.post(&format!("staff/young-people/{person}/custody"), &custody).await.ok();
    let mut ops = entry(1, "red", "r_nu", WORDS[1]);
    ops.push(
        op(4, "red/section/r_nu", "text", &[], "x".into())
            .replace("\"v\":1", &format!("\"v\":2,\"x\":\"{}\"", WORDS[3])),
    );
    let answer: SyncResponse = young.sync(0, &ops).await.ok();
    assert_eq!(answer.refused, []);
    let review = sara.review(&person).await.text();
    assert!(review.contains(WORDS[0]) && review.contains(WORDS[1]));

    let check = |when: &str| {
        let bytes = bytes_in(world.folder.path());
        assert!(bytes.len() > 50_000);
        for word in WORDS {
            assert!(!contains(&bytes, word.as_bytes()), "{word} {when}");
        }
        assert!(!contains(&bytes, code.as_bytes()) && !contains(&bytes, code.replace('-', "").as_bytes()));
        for token in young.cookies.values().chain(sara.cookies.values()) {
            assert!(!contains(&bytes, token.as_bytes()), "a token {when}");
        }
    };
    check("while it is shared");
    assert!(contains(&bytes_in(world.folder.path()), consent.id.as_bytes()), "the test reads the right files");
}

#[tokio::test]
async fn erasing_everything_takes_the_rows_and_the_key() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, WORDS[0], &["red", "about"]).await;
    let mut ops = entry(1, "red", "r_nu", WORDS[1]);
    ops.extend(entry(4, "about", "udsagn", WORDS[4]));
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    let traces: Vec<Vec<u8>> = [3, 6].map(|seq| sealed(&world, &id(seq))).into();
    let key = content_keys(&world)[0].clone().unwrap();
    assert!(traces.iter().chain([&key]).all(|bytes| contains(&bytes_in(world.folder.path()), bytes)));

    // While it is shared it stays.
    let answer: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!(answer.erased, 0);
    assert!(content_keys(&world)[0].is_some());
    // Fewer parts: what is not shared any more goes.
    let fewer: ConsentView = young.post("consents", &yes(None, Some(&consent.id), &["about"], OVER_15)).await.ok();
    let answer: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!((answer.erased, answer.over, answer.kept), (3, vec![consent.id.clone()], vec!["about".to_owned()]));
    assert!(!contains(&bytes_in(world.folder.path()), &traces[0]));
    assert!(contains(&bytes_in(world.folder.path()), &traces[1]));

    young.withdraw(&fewer.id).await;
    let answer: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!(answer.erased, 3);
    let bytes = bytes_in(world.folder.path());
    assert!(traces.iter().chain([&key]).all(|trace| !contains(&bytes, trace)));
    assert_eq!(content_keys(&world), [None]);
    assert_eq!(sara.young_people().await.young_people, [], "there is no name left to show");
    let answer: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!(answer.erased, 0);

    // A new yes begins anew, with a new key; and what is sent again is new to the server.
    let again: ConsentView = young.accept(&sara.invite("igen").await, &["red"]).await;
    let answer: SyncResponse = young.sync(0, &ops[..3]).await.ok();
    assert_eq!((answer.stored.len(), answer.ops.len()), (3, 0));
    assert!(content_keys(&world)[0].clone().unwrap() != key);
    assert_eq!(sara.young_people().await.young_people[0].consent, again);
}

#[tokio::test]
async fn a_waiting_consent_keeps_the_key() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, consent) = world.young(&mut sara, "M", &["red"]).await;
    let _: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", WORDS[1])).await.ok();
    let code = jonas.invite("N").await;
    let _: ConsentView = young.post("consents", &yes(Some(&code), None, &["red"], UNDER_15)).await.ok();
    young.withdraw(&consent.id).await;
    let answer: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!((answer.erased, answer.over, answer.kept), (3, vec![consent.id], Vec::new()));
    assert!(content_keys(&world)[0].is_some());
    assert_eq!(jonas.young_people().await.young_people[0].label, "N");
}

#[tokio::test]
async fn slet_helt_takes_the_words_that_are_there_and_those_that_come_later() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let on = "red/entry/0000000000000001-1";
    let _: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", WORDS[1])).await.ok();
    let trace = sealed(&world, &id(3));
    // It names one operation that is here, one that has not come, and one of another entry, which it has no right to.
    let _: SyncResponse = young.sync(0, &[op(8, "red/entry/other", "text", &[], WORDS[2].into())]).await.ok();
    let erase = op(10, on, "erased", &[3, 9, 8], true.into());
    let _: SyncResponse = young.sync(0, std::slice::from_ref(&erase)).await.ok();
    assert!(!contains(&bytes_in(world.folder.path()), &trace), "the old sealed bytes are gone too");
    let late = op(9, on, "text", &[3], WORDS[4].into());
    let answer: SyncResponse = young.sync(0, &[late]).await.ok();
    assert_eq!(answer.stored, [id(9)]);

    let answer: SyncResponse = young.sync(0, &[]).await.ok();
    let of = |seq: u64| answer.ops.iter().find(|raw| raw.contains(&format!("\"id\":\"{}\"", id(seq)))).unwrap();
    for seq in [3, 9] {
        assert!(of(seq).contains("\"gone\":true"), "{}", of(seq));
    }
    assert!(of(8).contains(WORDS[2]));
    assert_eq!(*of(10), erase);
    let all = answer.ops.join("\n");
    assert!(!all.contains(WORDS[1]) && !all.contains(WORDS[4]));
    // The words do not come back when a phone sends them once more.
    let answer: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", WORDS[1])).await.ok();
    assert_eq!(answer.stored.len(), 3);
    let person = sara.only_young().await;
    assert!(!sara.review(&person).await.text().contains(WORDS[1]));
}

#[tokio::test]
async fn slet_helt_takes_what_came_in_the_same_request_after_another_has_named_it() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let (own, other) = ("red/entry/own", "red/entry/other");
    let ops = [
        op(1, own, "text", &[], WORDS[1].into()),
        // On another entity it has no right to either of them, there or not yet there.
        op(2, other, "erased", &[1, 3], true.into()),
        op(3, own, "text", &[1], WORDS[4].into()),
        op(4, own, "erased", &[1, 3], true.into()),
    ];
    let _: SyncResponse = young.sync(0, &ops[..3]).await.ok();
    let answer: SyncResponse = young.sync(0, &[]).await.ok();
    assert_eq!(answer.ops, ops[..3]);
    let (mut young, _) = world.young(&mut sara, "N", &["red"]).await;
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    let answer: SyncResponse = young.sync(0, &[]).await.ok();
    let gone: Vec<bool> = answer.ops.iter().map(|raw| raw.contains("\"gone\":true")).collect();
    assert_eq!(gone, [true, false, true, false]);
}

#[tokio::test]
async fn a_pruned_operation_takes_the_place_of_its_words() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, _) = world.young(&mut sara, "M", &["red"]).await;
    let full = op(1, "red/section/r_nu", "text", &[], WORDS[1].into());
    let _: SyncResponse = young.sync(0, std::slice::from_ref(&full)).await.ok();
    let trace = sealed(&world, &id(1));
    let bare = plan::Record::parse(&full).unwrap().erased().raw().to_owned();
    let answer: SyncResponse = young.sync(1, std::slice::from_ref(&bare)).await.ok();
    assert_eq!((answer.stored, Cursor::from(answer.cursor).seq), (vec![id(1)], 1));
    assert!(!contains(&bytes_in(world.folder.path()), &trace));
    let _: SyncResponse = young.sync(1, &[full]).await.ok();
    let answer: SyncResponse = young.sync(0, &[]).await.ok();
    assert_eq!(answer.ops, [bare]);
}

/// What the contacts have written about somebody, sealed: the labels and the custody holders' answers.
fn notes(world: &World) -> Vec<Vec<u8>> {
    let connection = rusqlite::Connection::open(world.folder.path().join("min-plan.sqlite3")).unwrap();
    let sql = "SELECT label FROM consents WHERE label IS NOT NULL
               UNION ALL SELECT custody_note FROM consents WHERE custody_note IS NOT NULL";
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

async fn custody_yes(contact: &mut Client) {
    let person = contact.only_young().await;
    let custody = json!({"answer": "yes", "given_by": WORDS[2], "on": "2026-11-22"});
    let _: YoungPersonView = contact.post(&format!("staff/young-people/{person}/custody"), &custody).await.ok();
}

/// Somebody of fourteen who shares with Sara and Jonas, and the custody holder has said yes to both.
async fn two_contacts(world: &World, sara: &mut Client, jonas: &mut Client) -> (Client, [ConsentView; 2]) {
    let mut young = world.nobody();
    let (code, other) = (sara.invite(WORDS[0]).await, jonas.invite("N").await);
    let first: ConsentView = young.post("consents", &yes(Some(&code), None, &["red"], UNDER_15)).await.ok();
    let second: ConsentView = young.post("consents", &yes(Some(&other), None, &["about"], UNDER_15)).await.ok();
    custody_yes(sara).await;
    custody_yes(jonas).await;
    let mut ops = entry(1, "red", "r_nu", WORDS[1]);
    ops.extend(entry(4, "about", "udsagn", WORDS[4]));
    let _: SyncResponse = young.sync(0, &ops).await.ok();
    (young, [first, second])
}

#[tokio::test]
async fn what_one_contact_has_written_goes_while_another_has_a_yes() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, [first, second]) = two_contacts(&world, &mut sara, &mut jonas).await;
    let before = notes(&world);
    let (words, key) = (sealed(&world, &id(3)), content_keys(&world));
    assert_eq!(before.len(), 4);

    young.withdraw(&first.id).await;
    assert_eq!(sara.young_people().await.young_people.len(), 1, "a no alone erases nothing");
    let answer: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!(answer.erased, 3);
    assert_eq!(sara.young_people().await.young_people, []);
    let kept = notes(&world);
    assert_eq!((kept.len(), content_keys(&world)), (2, key), "the other contact has theirs");
    let bytes = bytes_in(world.folder.path());
    for gone in before.iter().filter(|note| !kept.contains(note)).chain([&words]) {
        assert!(!contains(&bytes, gone));
    }
    let person = jonas.only_young().await;
    let review: ReviewView = jonas.review(&person).await.ok();
    assert_eq!((review.label.as_str(), review.parts[0].sections.len()), ("N", 1));

    // The other one after that: then the key goes as well, and everything that is left.
    young.withdraw(&second.id).await;
    let answer: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!((answer.erased, notes(&world).len(), content_keys(&world)), (3, 0, vec![None]));
    // Who has looked is the young person's own to see.
    let looks: LooksView = young.get("looks").await.ok();
    assert_eq!(looks.looks.len(), 1);
}

#[tokio::test]
async fn a_yes_that_ended_with_the_15th_birthday_keeps_nothing_after_erasing() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let (mut young, _) = two_contacts(&world, &mut sara, &mut jonas).await;
    let (before, key) = (notes(&world), content_keys(&world)[0].clone().unwrap());
    // 1 June 2027, at midnight.
    world.set_time(1_811_808_000_000);
    let answer: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!((answer.erased, content_keys(&world)), (6, vec![None]));
    let bytes = bytes_in(world.folder.path());
    assert!(before.iter().chain([&key]).all(|trace| !contains(&bytes, trace)));
    for login in [SARA, JONAS] {
        assert_eq!(world.staff(login).await.young_people().await.young_people, []);
    }
}

#[tokio::test]
async fn a_yes_that_may_count_yet_keeps_what_its_contact_has_written() {
    let world = World::new().await;
    let (mut sara, mut jonas) = (world.staff(SARA).await, world.staff(JONAS).await);
    let mut young = world.nobody();
    for code in [sara.invite("M").await, jonas.invite("N").await] {
        let _: ConsentView = young.post("consents", &yes(Some(&code), None, &["red"], UNDER_15)).await.ok();
    }
    let person = jonas.only_young().await;
    let custody = json!({"answer": "no", "given_by": "mor", "on": "2026-11-22"});
    let _: YoungPersonView = jonas.post(&format!("staff/young-people/{person}/custody"), &custody).await.ok();
    let _: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!((notes(&world).len(), content_keys(&world)[0].is_some()), (3, true));
    for (contact, label) in [(&mut sara, "M"), (&mut jonas, "N")] {
        assert_eq!(contact.young_people().await.young_people[0].label, label);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_that_a_reader_is_in_the_way_of_is_answered_when_it_is_done() {
    let world = World::new().await;
    let mut sara = world.staff(SARA).await;
    let (mut young, consent) = world.young(&mut sara, "M", &["red"]).await;
    let _: SyncResponse = young.sync(0, &entry(1, "red", "r_nu", WORDS[1])).await.ok();
    let trace = sealed(&world, &id(3));
    young.withdraw(&consent.id).await;

    let reader = rusqlite::Connection::open(world.folder.path().join("min-plan.sqlite3")).unwrap();
    let count = "SELECT count(*) FROM ops";
    reader.execute_batch("BEGIN").unwrap();
    assert_eq!(reader.query_row(count, [], |row| row.get::<_, i64>(0)).unwrap(), 3);
    let erasing = tokio::spawn(async move { young.post("erase", &json!({})).await });
    let other = rusqlite::Connection::open(world.folder.path().join("min-plan.sqlite3")).unwrap();
    while other.query_row(count, [], |row| row.get::<_, i64>(0)).unwrap() > 0 {
        tokio::task::yield_now().await;
    }
    // It is done, and the words are in the folder still. Whoever wants something else does not wait.
    sara.invite("N").await;
    assert!(!erasing.is_finished() && contains(&bytes_in(world.folder.path()), &trace));
    reader.execute_batch("COMMIT").unwrap();
    let answer: EraseResponse = erasing.await.unwrap().ok();
    assert_eq!(answer.erased, 3);
    assert!(!contains(&bytes_in(world.folder.path()), &trace));
}
