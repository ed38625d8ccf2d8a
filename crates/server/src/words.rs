//! Adults' words: minted here for whoever is signed in, and known again when a phone brings them back.
//!
//! A phone keeps what adults have written with everything else and sends all of it when the server's copy is another than
//! before. So each such operation carries a mark that only this server can make: without it, nobody's phone can put words
//! into an adult's mouth.
//!
//! What this module must not do: decide who may write.

use crate::ids::{Secret, StaffId, YoungId, from_hex, hex};
use crate::seal::Keys;
use plan::author::{Author, FROM, GUEST, READ};
use plan::date::DAY_MILLIS;
use plan::op::VERSION;
use plan::writing::{self, Writing};
use plan::{Entity, Op, OpId, OpSet, Record, ReplicaId, Stamp, Value};
use serde_json::{Map, Value as Json};

/// The mark's field in the payload.
const MARK: &str = "mark";

/// Who writes to whom.
pub struct Writer<'a> {
    pub young: &'a YoungId,
    pub staff: &'a StaffId,
    /// The name and the home, as the young person is told.
    pub from: &'a str,
}

/// Mints what one request writes, on top of what this member of staff has written before (`known`).
pub fn mint(
    keys: &Keys,
    writer: &Writer<'_>,
    known: &OpSet,
    secret: &Secret,
    writings: &[Writing],
    now: u64,
) -> Vec<Record> {
    let Writer { young, staff, from } = writer;
    let replica = replica(keys, young, staff, secret, writings);
    let by_staff = Author::Staff(staff.as_str()).to_string();
    let by_server = Author::Server.to_string();
    let mut records = Vec::new();
    for (count, writing) in writings.iter().enumerate() {
        let Writing { on, field, text } = writing;
        let op = |by: &str, id: OpId, field: &str, parents: Vec<OpId>, text: &str| Op {
            version: VERSION,
            id,
            // After what it replaces, should the clock have gone back.
            at: known.latest().next(now),
            by: by.to_owned(),
            on: on.clone(),
            field: field.to_owned(),
            parents,
            change: 1,
            value: Some(Value::Text(text.to_owned())),
        };
        let is_named = known.heads(on, FROM).iter().any(|head| !head.is_erased());
        if !records.iter().any(|record: &Record| record.op.on == *on) && !is_named {
            // One that was erased keeps its identity, also when its row is gone. So the next is numbered by the request, after
            // what it writes, and not by what is known. Earlier builds have numbered them by the entity.
            let seq = (writings.len() + count) as u64 + 1;
            records.push(sign(keys, young, op(&by_server, OpId { replica, seq }, FROM, Vec::new(), from)));
        }
        let parents = known.heads(on, field).into_iter().map(|head| head.op.id).collect();
        let id = OpId { replica, seq: count as u64 + 1 };
        records.push(sign(keys, young, op(&by_staff, id, field, parents, text)));
    }
    records
}

/// Mints that a contact has read these messages, by the clock here: what they say next is after it, and a phone's clock may be years
/// ahead. Of who stands in for them it says the name: a phone would say that it was the contact.
pub fn mint_read(
    keys: &Keys,
    young: &YoungId,
    staff: &StaffId,
    stands_in: Option<&str>,
    messages: &[Entity],
    now: u64,
) -> Vec<Record> {
    let value = stands_in.map_or(Value::Flag(true), |name| Value::Text(name.to_owned()));
    let each = messages.iter().map(|on| {
        let pieces = [staff.as_str().as_bytes(), READ.as_bytes(), on.as_str().as_bytes()];
        let op = Op {
            version: VERSION,
            id: OpId { replica: keys.replica(young, &pieces), seq: 1 },
            at: Stamp::default().next(now),
            by: Author::Server.to_string(),
            on: on.clone(),
            field: READ.to_owned(),
            parents: Vec::new(),
            change: 1,
            value: Some(value.clone()),
        };
        sign(keys, young, op)
    });
    each.collect()
}

/// The clock by which guests say something, which only tells the day: when exactly it was written would tell who has. On a day on
/// which what they had said was erased (up to `erased`), it counts.
pub fn guest_stamp(erased: Stamp, now: u64) -> Stamp {
    erased.next(now - now % DAY_MILLIS)
}

/// Mints what a guest says.
pub fn mint_guest(keys: &Keys, young: &YoungId, writings: &[Writing], at: Stamp) -> Vec<Record> {
    let Some(on) = writings.first().map(|it| &it.on) else { return Vec::new() };
    let replica = keys.replica(young, &[Author::Guest.to_string().as_bytes(), on.as_str().as_bytes()]);
    let from = Writing { on: on.clone(), field: FROM.to_owned(), text: GUEST.to_owned() };
    let said = writings.iter().map(|it| (Author::Guest, it)).chain([(Author::Server, &from)]);
    let each = (1..).zip(said).map(|(seq, (by, Writing { on, field, text }))| {
        let op = Op {
            version: VERSION,
            id: OpId { replica, seq },
            at,
            by: by.to_string(),
            on: on.clone(),
            field: field.clone(),
            parents: Vec::new(),
            change: 1,
            value: Some(Value::Text(text.clone())),
        };
        sign(keys, young, op)
    });
    each.collect()
}

/// The operations of one request, without those that the server has added.
pub fn ids(keys: &Keys, writer: &Writer<'_>, secret: &Secret, writings: &[Writing]) -> Vec<OpId> {
    let replica = replica(keys, writer.young, writer.staff, secret, writings);
    (1..=writings.len() as u64).map(|seq| OpId { replica, seq }).collect()
}

/// The same for the same request, and another one for other words: none are dropped for a secret that is used again.
fn replica(keys: &Keys, young: &YoungId, staff: &StaffId, secret: &Secret, writings: &[Writing]) -> ReplicaId {
    let words = writings.iter().flat_map(|it| [it.on.as_str(), &it.field, &it.text]).map(str::as_bytes);
    let pieces: Vec<&[u8]> = [staff.as_str().as_bytes(), secret.bytes()].into_iter().chain(words).collect();
    keys.replica(young, &pieces)
}

fn sign(keys: &Keys, young: &YoungId, op: Op) -> Record {
    let plain = Record::new(op);
    let Some(mut payload) = payload_of(plain.raw()) else { return plain };
    payload.insert(MARK.to_owned(), Json::String(hex(&keys.sign(young, &unmarked(&payload)))));
    let marked = Json::Object(payload).to_string();
    Record::parse(&marked).unwrap_or(plain)
}

/// What this server has minted for this young person, byte by byte, however it is written in what a phone brings; `None` when it
/// has not.
pub fn minted(keys: &Keys, young: &YoungId, record: &Record) -> Option<Record> {
    let mut payload = payload_of(record.raw())?;
    let canonical = Json::Object(payload.clone()).to_string();
    let Json::String(mark) = payload.remove(MARK)? else { return None };
    let is_ours = from_hex::<32>(&mark).is_some_and(|mark| mark == keys.sign(young, &unmarked(&payload)));
    if is_ours { Record::parse(&canonical).ok() } else { None }
}

fn payload_of(raw: &str) -> Option<Map<String, Json>> {
    match serde_json::from_str(raw) {
        Ok(Json::Object(payload)) => Some(payload),
        _ => None,
    }
}

fn unmarked(payload: &Map<String, Json>) -> String {
    serde_json::to_string(payload).unwrap_or_default()
}

/// The member of staff whose words an operation is, or is part of.
pub fn staff_of(op: &Op) -> Option<&str> {
    match Author::from_name(&op.by)? {
        Author::Young | Author::Guest => None,
        Author::Staff(id) => Some(id),
        Author::Server => op.on.owner().filter(|_| !op.on.is_of_guest()),
    }
}

/// The entity that a member of staff writes on when they say something to another.
pub fn entity(kind: &str, to: &str, slot: Option<&str>, staff: &StaffId) -> Option<Entity> {
    writing::entity(kind, &to.parse().ok()?, slot, staff.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const YOUNG: &str = "ac5d4e43854684e348c60249c2f94fc5";
    const STAFF: &str = "795cf0cdece784571974c54a06a7f0d1";
    const POINT: &str = "meeting/entry/00c0ffee00c0ffee-21";
    const MEETING: &str = "meeting/meeting/m1";
    const ENTRY: &str = "red/entry/00c0ffee00c0ffee-15";

    fn mint_answer(known: &OpSet) -> Vec<Record> {
        let (young, staff) = (YoungId(YOUNG.into()), StaffId(STAFF.into()));
        let writer = Writer { young: &young, staff: &staff, from: "Sara Holm, Bostedet Lindely" };
        let on = entity("answer", POINT, None, &staff).unwrap();
        let writing = |field: &str, text: &str| Writing { on: on.clone(), field: field.into(), text: text.into() };
        let writings = [writing("said", "later"), writing("reason", "Vi spørger din mor. \"Æøå\" 😀")];
        let secret = Secret::from_text(&"5e".repeat(32)).unwrap();
        mint(&Keys::new(&[42; 32]), &writer, known, &secret, &writings, 1_795_305_600_000)
    }

    #[test]
    fn a_suggestion_that_was_minted_once_is_known_for_ever() {
        let (young, staff) = (YoungId(YOUNG.into()), StaffId(STAFF.into()));
        let on = entity("suggestion", ENTRY, Some("00c0ffee00c0ff01"), &staff).unwrap();
        let writing = Writing { on, field: "text".into(), text: "Gå en tur om søen. \"Æøå\" 😀".into() };
        let writer = Writer { young: &young, staff: &staff, from: "Sara Holm, Bostedet Lindely" };
        let secret = Secret::from_text(&"5f".repeat(32)).unwrap();
        let keys = Keys::new(&[42; 32]);
        let minted = mint(&keys, &writer, &OpSet::new(), &secret, &[writing], 1_795_305_600_000);
        let fixtures = [
            include_str!("../../plan/tests/fixtures/adults/suggestion-from.json"),
            include_str!("../../plan/tests/fixtures/adults/suggestion-text.json"),
        ];
        assert_eq!(minted.iter().map(Record::raw).collect::<Vec<_>>(), fixtures);
        for raw in fixtures {
            let record = Record::parse(raw).unwrap();
            assert_eq!(
                super::minted(&keys, &young, &record).map(|record| record.raw().to_owned()).as_deref(),
                Some(raw)
            );
            assert_eq!(staff_of(&record.op), Some(STAFF));
        }
    }

    #[test]
    fn who_came_and_what_a_guest_said_are_known_for_ever() {
        let (young, staff, keys) = (YoungId(YOUNG.into()), StaffId(STAFF.into()), Keys::new(&[42; 32]));
        let on = entity("attendance", MEETING, None, &staff).unwrap();
        let writing = Writing { on, field: "came".into(), text: "home relative".into() };
        let writer = Writer { young: &young, staff: &staff, from: "Sara Holm, Bostedet Lindely" };
        let secret = Secret::from_text(&"60".repeat(32)).unwrap();
        let came = mint(&keys, &writer, &OpSet::new(), &secret, &[writing], 1_795_305_600_000);
        let on = Entity::of_guest(&MEETING.parse().unwrap(), "00c0ffee00c0ff04").unwrap();
        let said =
            [("heard", "yes"), ("safe", "partly"), ("informed", "no"), ("words", "Alle kom til orde. \"Æøå\" 😀")];
        let said = said.map(|(field, text)| Writing { on: on.clone(), field: field.into(), text: text.into() });
        let guest = mint_guest(&keys, &young, &said, guest_stamp(Stamp::default(), 1_795_305_600_000 + DAY_MILLIS / 2));
        let fixtures = [
            include_str!("../../plan/tests/fixtures/adults/attendance-from.json"),
            include_str!("../../plan/tests/fixtures/adults/attendance-came.json"),
            include_str!("../../plan/tests/fixtures/adults/guest-2-heard.json"),
            include_str!("../../plan/tests/fixtures/adults/guest-2-safe.json"),
            include_str!("../../plan/tests/fixtures/adults/guest-2-informed.json"),
            include_str!("../../plan/tests/fixtures/adults/guest-2-words.json"),
            include_str!("../../plan/tests/fixtures/adults/guest-2-from.json"),
        ];
        assert_eq!(came.iter().chain(&guest).map(Record::raw).collect::<Vec<_>>(), fixtures);
        for raw in fixtures {
            let record = Record::parse(raw).unwrap();
            assert_eq!(minted(&keys, &young, &record).map(|record| record.raw().to_owned()).as_deref(), Some(raw));
            assert_eq!(staff_of(&record.op), Some(STAFF).filter(|_| !record.op.on.is_of_guest()));
        }
    }

    /// Frozen: phones bring back what earlier builds have minted. Those in `crates/plan/tests/fixtures` are read there too; the
    /// first builds named who it is from by the entity.
    #[test]
    fn what_was_minted_once_is_known_for_ever() {
        let first_from = include_str!("../../plan/tests/fixtures/adults/answer-from.json");
        let fixtures = [
            include_str!("../tests/fixtures/answer-from.json"),
            include_str!("../../plan/tests/fixtures/adults/answer-said.json"),
            include_str!("../../plan/tests/fixtures/adults/answer-reason.json"),
        ];
        assert_eq!(mint_answer(&OpSet::new()).iter().map(Record::raw).collect::<Vec<_>>(), fixtures);
        let mut known = OpSet::new();
        known.insert(Record::parse(first_from).unwrap());
        assert_eq!(mint_answer(&known).len(), 2, "it says already who it is from");
        for raw in fixtures.into_iter().chain([first_from]) {
            let (keys, young) = (Keys::new(&[42; 32]), YoungId(YOUNG.into()));
            let record = Record::parse(raw).unwrap();
            let known = |record: &Record| minted(&keys, &young, record).map(|record| record.raw().to_owned());
            assert_eq!(known(&record).as_deref(), Some(raw));
            let spaced = Record::parse(&raw.replace("\",\"", "\", \"")).unwrap();
            assert_ne!(spaced.raw(), raw);
            assert_eq!(known(&spaced).as_deref(), Some(raw), "written in another way, it is kept as it was minted");
            assert_eq!(staff_of(&record.op), Some(STAFF));
            assert_eq!(minted(&Keys::new(&[43; 32]), &young, &record), None, "by another server");
            assert_eq!(minted(&keys, &YoungId(STAFF.into()), &record), None, "for another young person");
            let other = Record::parse(&raw.replace("later", "yes")).unwrap();
            assert!(known(&other).is_none() || !raw.contains("later"));
            assert_eq!(known(&Record::parse(&raw.replace("\"mark\":\"", "\"other\":\"")).unwrap()), None);
        }
    }
}
