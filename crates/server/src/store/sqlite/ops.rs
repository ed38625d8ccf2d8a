//! Operations: taken in and given out.

use super::epochs;
use super::erasures::guests_erased;
use super::rows::{audit, check_revision, content_key, get_uint, int, new_generation};
use super::seen::{check_offers, has_changed, open};
use super::writer::{Erasure, Tx};
use crate::audit::Event;
use crate::authorise::contact::WritePermission;
use crate::ids::{StaffId, YoungId};
use crate::scope::{Scopes, scope_of};
use crate::seal::{ContentKey, Keys};
use crate::store::{
    Appended, KEPT_BYTES, KEPT_OPS, KEPT_WORDS, KEPT_WORDS_BYTES, KEPT_WORDS_EVER, RESERVED_BYTES, RESERVED_OPS, Seen,
    StoreError, StoredOp, Written,
};
use crate::words::{self, Writer, mint, minted, staff_of};
use plan::author::{READ, REPLY};
use plan::op::YOUNG;
use plan::set::ERASED;
use plan::suggestion::offered_in;
use plan::writing::Writing;
use plan::{Entity, OpSet, Part, Parts, Record};
use protocol::ErrorCode;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

/// What one request wants taken in.
pub struct Append {
    pub young: YoungId,
    pub revision: u64,
    /// Who has a yes to what, as [`voices_text`] writes it.
    pub voices: String,
    pub ops: Vec<Record>,
    pub restart: bool,
    pub now: u64,
}

/// `,id:scope,id:scope,`, so that `instr` can ask for one. In a thread it is `*`, for everybody: as long as the yes of whose it is
/// holds, what was written in it is given out, also of who stood in for them.
pub fn voices_text(voices: &[(StaffId, Parts)]) -> String {
    voices.iter().fold(",".to_owned(), |text, (staff, parts)| {
        let text = Scopes::of(staff, parts.without(Part::Messages))
            .iter()
            .fold(text, |text, scope| format!("{text}{staff}:{scope},"));
        let thread = Scopes::of(staff, Parts::NONE.with(Part::Messages).common(*parts));
        thread.iter().fold(text, |text, scope| format!("{text}*:{scope},"))
    })
}

pub fn append(tx: &mut Tx<'_>, append: &Append) -> Result<Appended, StoreError> {
    let Append { young, revision, voices, ops, restart, now } = append;
    check_revision(tx.connection, young, *revision)?;
    // A permit without a key cannot be: the key goes only when no consent is left.
    let key = content_key(tx.connection, tx.keys, young)?.ok_or(StoreError::Stale)?;
    if *restart {
        tx.connection
            .execute("UPDATE young SET generation = ?2 WHERE id = ?1", params![young.as_str(), new_generation()?])?;
    }
    let (mut kept, before) = kept(tx, young)?;
    let generation: String =
        tx.connection.query_row("SELECT generation FROM young WHERE id = ?1", [young.as_str()], |row| row.get(0))?;
    let (mut last, mut new, mut no_room, mut not_taken) = (before, Scopes::default(), Vec::new(), Vec::new());
    for record in ops {
        let known;
        let record = if record.op.by == YOUNG {
            record
        } else if let Some(came_back) = comes_back(tx, young, &key, voices, record)? {
            known = came_back;
            &known
        } else {
            not_taken.push(record.op.id);
            continue;
        };
        match insert(tx, young, &key, record, &mut kept, Arrival { seq: last + 1, now: *now })? {
            Inserted::New => {
                last += 1;
                new.add(&record.op.on);
            }
            Inserted::Known => {}
            Inserted::NoRoom => no_room.push(record.op.id),
        }
    }
    epochs::advance(tx, young, before, last)?;
    let end = epochs::end(tx.connection, young)?;
    Ok(Appended { before, end, generation, new, no_room, not_taken })
}

/// An adult's words that a phone brings back, while there is a yes to who wrote them and nobody has erased them.
fn comes_back(
    tx: &Tx<'_>,
    young: &YoungId,
    key: &ContentKey,
    voices: &str,
    record: &Record,
) -> Result<Option<Record>, StoreError> {
    let known = find(tx.connection, young, key, &record.op.id.to_string())?;
    if record.op.on.is_of_guest() {
        if known.is_none() && record.op.at <= guests_erased(tx.connection, young)? {
            return Ok(None);
        }
        return Ok(as_it_was(tx, young, known, record));
    }
    let Some(by) = staff_of(&record.op) else { return Ok(None) };
    let scope = scope_of(&record.op.on);
    if ![by, "*"].iter().any(|voice| voices.contains(&format!(",{voice}:{scope},"))) {
        return Ok(None);
    }
    // What is in a thread was erased with it, whoever wrote it.
    let staff = record.op.on.thread().unwrap_or(by);
    // What was erased here does not come back, and so nobody is put back to what they said earlier.
    if known.is_none() {
        let erased_at: Option<i64> = tx
            .connection
            .prepare_cached("SELECT at FROM words_erased WHERE young = ?1 AND staff = ?2 AND part = ?3")?
            .query_row(params![young.as_str(), staff, scope], |row| row.get(0))
            .optional()?;
        if erased_at.is_some_and(|at| int(record.op.at.millis) <= at) {
            return Ok(None);
        }
    }
    Ok(as_it_was(tx, young, known, record))
}

/// As it was minted here; without its value, only of what is here.
fn as_it_was(tx: &Tx<'_>, young: &YoungId, known: Option<Record>, record: &Record) -> Option<Record> {
    if record.is_erased() {
        return known.map(|known| known.erased()).filter(|known| known == record);
    }
    minted(tx.keys, young, record)
}

/// What a contact writes, on top of what they have written before.
pub fn write_words(
    tx: &mut Tx<'_>,
    permission: &WritePermission,
    seen: &Seen,
    now: u64,
) -> Result<Written, StoreError> {
    let WritePermission { staff, young, revision, from, secret, writings } = permission;
    let ids = words::ids(tx.keys, &Writer { young, staff, from }, secret, writings);
    check_revision(tx.connection, young, *revision)?;
    let key = content_key(tx.connection, tx.keys, young)?.ok_or(StoreError::Stale)?;
    let offered: BTreeSet<&Entity> =
        writings.iter().map(|it| &it.on).filter(|on| offered_in(on.kind_name()).is_some()).collect();
    if has_changed(tx, young, &key, seen, (!offered.is_empty()).then_some(staff))? {
        return Err(StoreError::Stale);
    }
    let known = list_words(tx, young, staff, &key)?;
    let writer = Writer { young, staff, from };
    // A letter that was sent stays as it was sent.
    let is_sent = |it: &Writing| known.heads(&it.on, &it.field).iter().any(|head| !ids.contains(&head.op.id));
    if writings.iter().any(|it| it.on.kind_name() == REPLY && is_sent(it)) {
        return Err(StoreError::Refused(ErrorCode::Forbidden));
    }
    let records = mint(tx.keys, &writer, &known, secret, writings, now);
    let (mut kept, before) = kept(tx, young)?;
    let (mut last, mut count, mut new) = (before, 0, Scopes::default());
    for record in &records {
        match insert(tx, young, &key, record, &mut kept, Arrival { seq: last + 1, now })? {
            Inserted::New => {
                (last, count) = (last + 1, count + 1);
                new.add(&record.op.on);
            }
            Inserted::Known => {}
            Inserted::NoRoom => return Err(StoreError::Refused(ErrorCode::TooLarge)),
        }
    }
    epochs::advance(tx, young, before, last)?;
    if count > 0 {
        check_offers(&known, &offered, &seen.open)?;
        // What has lost its words is no room taken, but for how many there are in all: each is opened when something is written.
        let (all, left, bytes) = tx.connection.query_row(
            "SELECT count(*), count(*) FILTER (WHERE bare = 0), coalesce(sum(length(sealed)) FILTER (WHERE bare = 0), 0)
             FROM ops WHERE young = ?1 AND staff = ?2",
            params![young.as_str(), staff.as_str()],
            |row| Ok((get_uint(row, 0)?, get_uint(row, 1)?, get_uint(row, 2)?)),
        )?;
        if left > KEPT_WORDS || bytes > KEPT_WORDS_BYTES || all > KEPT_WORDS_EVER {
            return Err(StoreError::Refused(ErrorCode::TooLarge));
        }
        let (actor, subject) = (format!("staff/{staff}"), format!("young/{young}"));
        audit(tx, now, Event { what: "words_written", actor, subject, detail: format!("{count} operations") })?;
    }
    Ok(Written { ids, new })
}

/// Adds what was minted, as far as there is room. Answers whether there was room for all of it.
pub fn add_words(tx: &mut Tx<'_>, young: &YoungId, records: &[Record], now: u64) -> Result<bool, StoreError> {
    let key = content_key(tx.connection, tx.keys, young)?.ok_or(StoreError::Stale)?;
    let (mut kept, before) = kept(tx, young)?;
    let (mut last, mut has_room) = (before, true);
    for record in records {
        match insert(tx, young, &key, record, &mut kept, Arrival { seq: last + 1, now })? {
            Inserted::New => last += 1,
            Inserted::Known => {}
            Inserted::NoRoom => has_room = false,
        }
    }
    epochs::advance(tx, young, before, last)?;
    Ok(has_room)
}

/// Everything that one contact has written to one young person.
fn list_words(tx: &Tx<'_>, young: &YoungId, staff: &StaffId, key: &ContentKey) -> Result<OpSet, StoreError> {
    let mut statement = tx.connection.prepare_cached("SELECT id, sealed FROM ops WHERE young = ?1 AND staff = ?2")?;
    let mut rows = statement.query(params![young.as_str(), staff.as_str()])?;
    let mut known = OpSet::new();
    while let Some(row) = rows.next()? {
        let (id, sealed): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        known.insert(open(key, &id, &sealed)?);
    }
    Ok(known)
}

/// What there is of a young person, and the last sequence number.
fn kept(tx: &Tx<'_>, young: &YoungId) -> Result<(Kept, u64), StoreError> {
    let row = "SELECT op_count, op_bytes, last_seq FROM young WHERE id = ?1";
    Ok(tx.connection.query_row(row, [young.as_str()], |row| {
        let kept = Kept { count: get_uint(row, 0)?, bytes: get_uint(row, 1)?, entities: BTreeMap::new() };
        Ok((kept, get_uint(row, 2)?))
    })?)
}

/// What there is of one young person, sealed.
struct Kept {
    count: u64,
    bytes: u64,
    /// What operations are about, as far as this request has asked: opening each of them for every erasure that names it
    /// would keep everybody waiting for somebody who sends many.
    entities: BTreeMap<String, Option<Entity>>,
}

impl Kept {
    /// Makes room for one more. Erasures find some where others do not, and so does that something was read, as far as half of it.
    fn take(&mut self, record: &Record, bytes: usize) -> bool {
        let (count, bytes) = (self.count + 1, self.bytes.saturating_add(bytes as u64));
        let more = match record.op.field.as_str() {
            ERASED => (RESERVED_OPS, RESERVED_BYTES),
            READ => (RESERVED_OPS / 2, RESERVED_BYTES / 2),
            _ => (0, 0),
        };
        if count > KEPT_OPS + more.0 || bytes > KEPT_BYTES + more.1 {
            return false;
        }
        (self.count, self.bytes) = (count, bytes);
        self.entities.insert(record.op.id.to_string(), Some(record.op.on.clone()));
        true
    }
}

struct Arrival {
    seq: u64,
    now: u64,
}

enum Inserted {
    New,
    Known,
    NoRoom,
}

fn insert(
    tx: &mut Tx<'_>,
    young: &YoungId,
    key: &ContentKey,
    record: &Record,
    kept: &mut Kept,
    arrival: Arrival,
) -> Result<Inserted, StoreError> {
    let id = record.op.id.to_string();
    let erased;
    let record = if has_tombstone(tx.connection, young, record)? {
        erased = record.erased();
        &erased
    } else {
        record
    };
    if let Some(known) = find(tx.connection, young, key, &id)? {
        // The same again is nothing new, and of two that differ the first stays; unless it is the same without its words.
        if record.is_erased() && !known.is_erased() && record.erased() == known.erased() {
            replace(tx, young, key, record)?;
        }
        if record.is_erased() || record.op.field == ERASED {
            tx.erases(Erasure::Again);
        }
        return Ok(Inserted::Known);
    }
    let part = scope_of(&record.op.on);
    let sealed = key.seal(&format!("op/{id}"), record.raw())?;
    if !kept.take(record, sealed.len()) {
        return Ok(Inserted::NoRoom);
    }
    let mut statement = tx.connection.prepare_cached(
        "INSERT INTO ops (young, seq, id, part, arrived_at, sealed, staff, bare) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    // That something was read has no words in it.
    let (staff, bare) = (staff_of(&record.op), record.is_erased() || record.op.field == READ);
    statement.execute(params![young.as_str(), int(arrival.seq), id, part, int(arrival.now), sealed, staff, bare])?;
    if record.op.field == ERASED {
        erase_parents(tx, young, key, record, kept)?;
    }
    Ok(Inserted::New)
}

fn has_tombstone(connection: &Connection, young: &YoungId, record: &Record) -> Result<bool, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM condemned WHERE young = ?1 AND op = ?2 AND entity = ?3")?;
    Ok(statement.exists(params![young.as_str(), record.op.id.to_string(), record.op.on.as_str()])?)
}

fn find(connection: &Connection, young: &YoungId, key: &ContentKey, id: &str) -> Result<Option<Record>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT sealed FROM ops WHERE young = ?1 AND id = ?2")?;
    let sealed: Option<Vec<u8>> = statement.query_row(params![young.as_str(), id], |row| row.get(0)).optional()?;
    sealed.map(|sealed| open(key, id, &sealed)).transpose()
}

/// Writes an operation's erased form over what is stored of it.
fn replace(tx: &mut Tx<'_>, young: &YoungId, key: &ContentKey, record: &Record) -> Result<(), StoreError> {
    let id = record.op.id.to_string();
    let sealed = key.seal(&format!("op/{id}"), record.raw())?;
    let mut statement =
        tx.connection.prepare_cached("UPDATE ops SET sealed = ?3, bare = 1 WHERE young = ?1 AND id = ?2")?;
    statement.execute(params![young.as_str(), id, sealed])?;
    tx.erases(Erasure::Done);
    Ok(())
}

/// "Slet helt": the operations that this one names lose their words, those that have not come yet too.
fn erase_parents(
    tx: &mut Tx<'_>,
    young: &YoungId,
    key: &ContentKey,
    record: &Record,
    kept: &mut Kept,
) -> Result<(), StoreError> {
    for parent in record.op.parents.iter().filter(|parent| **parent != record.op.id) {
        let id = parent.to_string();
        let mut statement = tx
            .connection
            .prepare_cached("INSERT INTO condemned (young, op, entity) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?;
        let added = statement.execute(params![young.as_str(), id, record.op.on.as_str()])?;
        drop(statement);
        if added == 0 {
            // It was named before, so it has lost its words already, or will when it comes.
            continue;
        }
        if kept.entities.get(&id).is_some_and(|on| on.as_ref() != Some(&record.op.on)) {
            continue;
        }
        let victim = find(tx.connection, young, key, &id)?;
        kept.entities.insert(id, victim.as_ref().map(|victim| victim.op.on.clone()));
        if let Some(victim) = victim.filter(|victim| victim.op.on == record.op.on) {
            let bare = victim.erased();
            if victim != bare {
                replace(tx, young, key, &bare)?;
            }
        }
    }
    Ok(())
}

/// Which operations are asked for.
pub struct Page {
    pub young: YoungId,
    pub revision: u64,
    /// As [`Scopes::to_text`] writes them.
    pub scopes: String,
    /// Whose words are given out, as [`voices_text`] writes it.
    pub voices: String,
    pub after: u64,
    pub last: u64,
    pub limit: usize,
}

pub fn list(connection: &Connection, keys: &Keys, page: &Page) -> Result<Vec<StoredOp>, StoreError> {
    check_revision(connection, &page.young, page.revision)?;
    let Some(key) = content_key(connection, keys, &page.young)? else { return Ok(Vec::new()) };
    let mut statement = connection.prepare_cached(
        "SELECT seq, arrived_at, id, sealed FROM ops
         WHERE young = ?1 AND seq > ?2 AND seq <= ?3 AND instr(?4, ',' || part || ',') > 0
         AND (staff IS NULL OR instr(?6, ',' || staff || ':' || part || ',') > 0
              OR instr(?6, ',*:' || part || ',') > 0) ORDER BY seq LIMIT ?5",
    )?;
    let limit = i64::try_from(page.limit).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![
        page.young.as_str(),
        int(page.after),
        int(page.last),
        page.scopes,
        limit,
        page.voices
    ])?;
    let mut ops = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, sealed): (String, Vec<u8>) = (row.get(2)?, row.get(3)?);
        let raw = key.open(&format!("op/{id}"), &sealed)?;
        ops.push(StoredOp { seq: get_uint(row, 0)?, arrived_at: get_uint(row, 1)?, raw });
    }
    Ok(ops)
}
