//! Everything that both sides have written is erased, and is nowhere: in the database, its log, a new backup, or what the server logs.

use crate::guests::{FIRST, WORD, reflection as guest_says, shown};
use crate::messages::{message, reply};
use crate::words::*;
use crate::world::*;
use plan::author::KindRows;
use plan::{Entity, Record};
use protocol::*;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

const PARTS: &[&str] = &["about", "red", "meeting", "messages", "stand-in"];
/// What the young person writes, their contact, who stands in for the contact, and a guest.
const WORDS: [&str; 8] = [
    "Plantedentry",
    "Plantedmessage",
    "Plantedreason",
    "Plantedsuggestion",
    "Plantedagreement",
    "Plantedplace",
    "Plantedstandin",
    "Plantedguest",
];

/// What the server logs, in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Row {
    id: String,
    sealed: Vec<u8>,
}

fn rows(folder: &Path) -> Vec<Row> {
    let connection = rusqlite::Connection::open(folder.join("min-plan.sqlite3")).unwrap();
    let mut statement = connection.prepare("SELECT id, sealed FROM ops").unwrap();
    let rows = statement.query_map([], |row| Ok(Row { id: row.get(0)?, sealed: row.get(1)? })).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// As README says a backup is made.
fn backup(folder: &Path) -> Vec<u8> {
    let made = tempfile::TempDir::new().unwrap();
    let path = made.path().join("backup.sqlite3");
    let connection = rusqlite::Connection::open(folder.join("min-plan.sqlite3")).unwrap();
    connection.execute("VACUUM INTO ?1", [path.to_str().unwrap()]).unwrap();
    std::fs::read(path).unwrap()
}

fn is_clear_in(bytes: &[u8]) -> Option<&'static str> {
    WORDS.into_iter().chain([WORD, "Plantedlabel"]).find(|word| contains(bytes, word.as_bytes()))
}

#[tokio::test]
async fn nothing_that_either_side_wrote_is_left_anywhere() {
    let log = Log::default();
    let writer = log.clone();
    let logging = tracing_subscriber::fmt().json().with_writer(move || writer.clone()).finish();
    // What other tests have it log meanwhile has none of these words either.
    tracing::subscriber::set_global_default(logging).unwrap();

    let world = World::new().await;
    let folder = world.folder.path();
    let (mut sara, mut mette) = (world.staff(SARA).await, world.colleague().await);
    let (mut young, consent) = world.young(&mut sara, "Plantedlabel", PARTS).await;
    let name = sara.only_young().await;
    let (to, mut ops) = point(1, WORD);
    ops.extend(entry(11, "red", "r_nu", WORDS[0]));
    ops.extend(message(21, &consent.staff, WORDS[1]).1);
    ops.push(op(31, FIRST, "date", &[], TODAY.into()));
    let answered: SyncResponse = young.sync(0, &ops).await.ok();
    assert_eq!(answered.refused, []);

    let agreed = [("what", WORDS[4]), ("who", ""), ("due", "")];
    let proposed = [("date", "2026-12-04"), ("time", ""), ("place", WORDS[5])];
    let of_contact = [
        answer(1, &to, "no", WORDS[2]),
        suggestion(2, &to, 1, WORDS[3]),
        about_meeting(3, "agreement", Some(1), &agreed),
        about_meeting(4, "proposal", Some(1), &proposed),
        invitee(5, 1, "school", WORDS[5]),
        about_meeting(
            6,
            "reflection",
            None,
            &[("heard", "yes"), ("safe", "yes"), ("informed", "no"), ("words", WORDS[2])],
        ),
        attendance(7, "bua"),
        reply(8, &consent.staff, 1, WORDS[3]),
    ];
    for request in &of_contact {
        let _: WriteResponse = sara.write(&name, request).await.ok();
    }
    let _: MessagesView = sara.messages(&name).await.ok();
    let copy = json!({"id": "00c0ffee00c0ffee", "kind": "text", "parts": ["red"]});
    sara.post(&format!("staff/young-people/{name}/copies"), &copy).await.empty();
    let id = mette.get("staff/session").await.ok::<StaffView>().id;
    let request = StandInRequest { staff: id, until: TODAY.into() };
    let _: OwnStandInView = sara.put("staff/stand-in", &request).await.ok();
    let writes = format!("staff/young-people/{name}/words/{}", consent.staff);
    let _: WriteResponse = mette.post(&writes, &reply(9, &consent.staff, 2, WORDS[6])).await.ok();
    let link: GuestLinkView = young.invite_guest(FIRST).await.ok();
    let _: AgendaView = world.nobody().post("guests/agenda", &shown(&link)).await.ok();
    world.nobody().post("guests/reflection", &guest_says(&link, WORDS[7])).await.empty();

    // All of it is there, and of each kind that an adult can write there is one.
    let all: SyncResponse = young.sync(0, &[]).await.ok();
    for word in WORDS {
        assert!(all.ops.iter().any(|raw| raw.contains(word)), "{word} was not written");
    }
    let ons: Vec<Entity> = all.ops.iter().map(|raw| Record::parse(raw).unwrap().op.on).collect();
    let written: BTreeSet<&str> = ons.iter().filter(|on| on.is_of_staff()).map(Entity::kind_name).collect();
    assert_eq!(written, KindRows::list_of_staff().map(|kind| kind.name).collect());
    let before = rows(folder);
    assert_eq!(before.len(), all.ops.len());
    assert_eq!(is_clear_in(&bytes_in(folder)), None);
    assert!(before.iter().all(|row| contains(&backup(folder), &row.sealed)), "the test reads a backup");

    young.withdraw(&consent.id).await;
    let erased: EraseResponse = young.post("erase", &json!({})).await.ok();
    assert_eq!(erased.erased, before.len() as u64);

    for (bytes, place) in [(bytes_in(folder), "the folder"), (backup(folder), "a backup")] {
        assert_eq!(is_clear_in(&bytes), None, "in {place}");
        for row in &before {
            assert!(!contains(&bytes, &row.sealed), "the sealed words of {} are in {place}", row.id);
        }
    }
    assert!(rows(folder).is_empty());
    let logged = log.0.lock().unwrap().clone();
    assert!(contains(&logged, b"/api/v1/guests/reflection"), "the test reads the log");
    assert_eq!(is_clear_in(&logged), None, "in the log");
    assert!(!contains(&logged, link.code.as_bytes()) && !contains(&logged, shown(&link).secret.as_bytes()));
}
