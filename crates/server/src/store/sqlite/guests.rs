//! The links that guests were given, as rows. What each is for is sealed with the young person's key.

use super::erasures::guests_erased;
use super::ops::{self, Page};
use super::rows::{audit, check_revision, content_key, get_time, get_uint, int, list_grants_of};
use super::seen::has_changed;
use super::writer::Tx;
use crate::audit::Event;
use crate::authorise::guest::{GuestPermission, MOST_WRONG_CODES, ReflectPermission, ReleasePermission};
use crate::authorise::is_shared;
use crate::ids::{GuestId, Secret, YoungId};
use crate::seal::{Keys, SealError};
use crate::store::{GuestLink, GuestRecord, GuestRow, NewGuest, Seen, StoreError};
use crate::words;
use plan::guest::MAX_GUESTS;
use plan::{Entity, Part};
use protocol::{Code, ErrorCode, GuestEnd};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

/// What is sealed of a link.
#[derive(Serialize, Deserialize)]
struct For {
    meeting: String,
    kind: String,
}

impl For {
    fn meeting(&self) -> Result<Entity, StoreError> {
        Ok(self.meeting.parse().map_err(|_| SealError::NotOurs)?)
    }
}

/// Where the sealed text belongs.
fn place(id: &str) -> String {
    format!("guest/{id}")
}

fn open(key: &crate::seal::ContentKey, id: &str, sealed: &[u8]) -> Result<For, StoreError> {
    Ok(serde_json::from_str(&key.open(&place(id), sealed)?).map_err(|_| SealError::NotOurs)?)
}

pub fn create(
    tx: &mut Tx<'_>,
    permission: &ReleasePermission,
    guest: &NewGuest,
    now: u64,
) -> Result<GuestLink, StoreError> {
    let ReleasePermission { young, revision, meeting } = permission;
    let NewGuest { drawn, kind } = guest;
    check_revision(tx.connection, young, *revision)?;
    let key = content_key(tx.connection, tx.keys, young)?.ok_or(StoreError::Stale)?;
    // Another one after each erasure: what was shown of a link before opens nothing again.
    let era = guests_erased(tx.connection, young)?.to_string();
    let pieces =
        [young.as_str().as_bytes(), era.as_bytes(), drawn.bytes(), meeting.as_str().as_bytes(), kind.as_bytes()];
    let (link, code) = tx.keys.guest_link(&pieces);
    let hash = tx.keys.hash_link(&link);
    // The answer got lost on the way.
    let known = "SELECT id, ended_at IS NOT NULL FROM guests WHERE link = ?1";
    let known = tx.connection.query_row(known, [hash.as_slice()], |row| Ok((GuestId(row.get(0)?), row.get(1)?)));
    if let Some((id, is_ended)) = known.optional()? {
        return if is_ended { Err(StoreError::Refused(ErrorCode::Gone)) } else { Ok(GuestLink { id, link, code }) };
    }
    let open = tx.connection.query_row(
        "SELECT count(*) FROM guests WHERE young = ?1 AND ended_at IS NULL",
        [young.as_str()],
        |row| get_uint(row, 0),
    )?;
    if open >= MAX_GUESTS as u64 {
        return Err(StoreError::Refused(ErrorCode::TooManyOpen));
    }
    let id = GuestId::new()?;
    let sealed_for = For { meeting: meeting.to_string(), kind: kind.clone() };
    let text = serde_json::to_string(&sealed_for).map_err(|error| StoreError::Inner(error.into()))?;
    tx.connection.execute(
        "INSERT INTO guests (id, young, link, code, sealed, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            id.as_str(),
            young.as_str(),
            hash.as_slice(),
            tx.keys.hash_guest_code(&link, &code).as_slice(),
            key.seal(&place(id.as_str()), &text)?,
            int(now)
        ],
    )?;
    note(tx, now, "guest_invited", young, &id, String::new())?;
    Ok(GuestLink { id, link, code })
}

fn note(tx: &Tx<'_>, now: u64, what: &str, young: &YoungId, id: &GuestId, detail: String) -> Result<(), StoreError> {
    let (actor, subject) = (format!("young/{young}"), format!("guest/{id}"));
    audit(tx, now, Event { what, actor, subject, detail })
}

/// The latest first.
pub fn list(connection: &Connection, keys: &Keys, young: &YoungId) -> Result<Vec<GuestRow>, StoreError> {
    let Some(key) = content_key(connection, keys, young)? else { return Ok(Vec::new()) };
    let mut statement = connection.prepare_cached(
        "SELECT id, sealed, made_at, first_opened, last_opened, ended_at, ended_for FROM guests WHERE young = ?1
         ORDER BY rowid DESC",
    )?;
    let mut rows = statement.query([young.as_str()])?;
    let mut guests = Vec::new();
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let sealed: Vec<u8> = row.get(1)?;
        let is_for = open(&key, &id, &sealed)?;
        guests.push(GuestRow {
            id: GuestId(id),
            meeting: is_for.meeting()?,
            kind: is_for.kind,
            made_at: get_uint(row, 2)?,
            first_opened: get_time(row, 3)?,
            last_opened: get_time(row, 4)?,
            ended_at: get_time(row, 5)?,
            ended_for: row.get::<_, Option<String>>(6)?.map(|why| GuestEnd::from_name(&why)),
        });
    }
    Ok(guests)
}

/// Whether there was such a link of this young person. Again is the same as once.
pub fn end(tx: &mut Tx<'_>, young: &YoungId, id: &GuestId, why: GuestEnd, now: u64) -> Result<bool, StoreError> {
    let of = params![id.as_str(), young.as_str(), int(now), why.name()];
    let sql = "UPDATE guests SET ended_at = ?3, ended_for = ?4 WHERE id = ?1 AND young = ?2 AND ended_at IS NULL";
    if tx.connection.execute(sql, of)? > 0 {
        note(tx, now, "guest_ended", young, id, why.name().to_owned())?;
        return Ok(true);
    }
    let mut known = tx.connection.prepare_cached("SELECT 1 FROM guests WHERE id = ?1 AND young = ?2")?;
    Ok(known.exists(params![id.as_str(), young.as_str()])?)
}

/// A link ends with the last yes to the meeting that counts, and a later yes does not open it again: before a change of consents, for
/// one that ran out and was taken back by nobody, and after it.
pub fn end_without_yes(tx: &Tx<'_>, young: &YoungId, now: u64) -> Result<(), StoreError> {
    if is_shared(&list_grants_of(tx.connection, tx.keys, young)?, Part::Meeting, now) {
        return Ok(());
    }
    let sql = "UPDATE guests SET ended_at = ?2, ended_for = ?3 WHERE young = ?1 AND ended_at IS NULL";
    tx.connection.execute(sql, params![young.as_str(), int(now), GuestEnd::NoConsent.name()])?;
    Ok(())
}

pub fn find(
    connection: &Connection,
    keys: &Keys,
    link: &Secret,
    code: &Code,
) -> Result<Option<GuestRecord>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT id, young, code, sealed, made_at, ended_at FROM guests WHERE link = ?1")?;
    let found = statement.query_row([keys.hash_link(link).as_slice()], |row| {
        let ended: Option<i64> = row.get(5)?;
        Ok((
            (row.get::<_, String>(0)?, YoungId(row.get(1)?), row.get::<_, Vec<u8>>(2)?, row.get::<_, Vec<u8>>(3)?),
            (get_uint(row, 4)?, ended.is_some()),
        ))
    });
    let Some(((id, young, known, sealed), (made_at, is_ended))) = found.optional()? else {
        return Ok(None);
    };
    let Some(key) = content_key(connection, keys, &young)? else { return Ok(None) };
    Ok(Some(GuestRecord {
        meeting: open(&key, &id, &sealed)?.meeting()?,
        is_code: known == keys.hash_guest_code(link, code),
        id: GuestId(id),
        young,
        made_at,
        is_ended,
    }))
}

/// Counts a code that is not the link's, if there is such a link and it is open. The last of them ends it.
pub fn count_wrong_code(tx: &mut Tx<'_>, link: &Secret, code: &Code, now: u64) -> Result<(), StoreError> {
    let (hash, code) = (tx.keys.hash_link(link), tx.keys.hash_guest_code(link, code));
    let counted = tx.connection.query_row(
        "UPDATE guests SET wrong_codes = wrong_codes + 1 WHERE link = ?1 AND code <> ?2 AND ended_at IS NULL
         RETURNING id, young, wrong_codes",
        params![hash.as_slice(), code.as_slice()],
        |row| Ok((GuestId(row.get(0)?), YoungId(row.get(1)?), get_uint(row, 2)?)),
    );
    let Some((id, young, count)) = counted.optional()? else { return Ok(()) };
    if count < MOST_WRONG_CODES {
        return Ok(());
    }
    let sql = "UPDATE guests SET ended_at = ?2, ended_for = ?3 WHERE id = ?1";
    tx.connection.execute(sql, params![id.as_str(), int(now), GuestEnd::WrongCodes.name()])?;
    let (actor, subject) = (format!("guest/{id}"), format!("young/{young}"));
    audit(tx, now, Event { what: "guest_ended", actor, subject, detail: format!("{count} wrong codes") })
}

/// What the young person has written about their meetings.
pub fn page(permission: &GuestPermission) -> Page {
    Page {
        young: permission.young.clone(),
        revision: permission.revision,
        scopes: format!(",{},", Part::Meeting.name()),
        voices: ops::voices_text(&[]),
        after: 0,
        last: u64::MAX,
        limit: usize::MAX,
    }
}

/// What a guest says of how it was. Which of them it was is in no row and no log.
pub fn reflect(tx: &mut Tx<'_>, permission: &ReflectPermission, seen: &Seen, now: u64) -> Result<(), StoreError> {
    let ReflectPermission { id, young, revision, writings } = permission;
    check_revision(tx.connection, young, *revision)?;
    let key = content_key(tx.connection, tx.keys, young)?.ok_or(StoreError::Stale)?;
    if has_changed(tx, young, &key, seen, None)? {
        return Err(StoreError::Stale);
    }
    let sql = "UPDATE guests SET has_reflected = 1 WHERE id = ?1 AND ended_at IS NULL AND has_reflected = 0";
    if tx.connection.execute(sql, [id.as_str()])? == 0 {
        return Err(StoreError::Refused(ErrorCode::Gone));
    }
    let at = words::guest_stamp(guests_erased(tx.connection, young)?, now);
    let records = words::mint_guest(tx.keys, young, writings, at);
    // It is said once, so it is not said to be taken when some of it is not.
    if !ops::add_words(tx, young, &records, now)? {
        return Err(StoreError::Refused(ErrorCode::TooLarge));
    }
    Ok(())
}

/// That it is read, before it is.
pub fn record_opening(tx: &mut Tx<'_>, permission: &GuestPermission, now: u64) -> Result<(), StoreError> {
    let GuestPermission { id, young, revision, .. } = permission;
    check_revision(tx.connection, young, *revision)?;
    let opened = tx.connection.execute(
        "UPDATE guests SET first_opened = coalesce(first_opened, ?2), last_opened = ?2 WHERE id = ?1 AND ended_at IS NULL",
        params![id.as_str(), int(now)],
    )?;
    if opened == 0 {
        return Err(StoreError::Refused(ErrorCode::WrongCode));
    }
    let (actor, subject) = (format!("guest/{id}"), format!("young/{young}"));
    audit(tx, now, Event { what: "agenda_opened", actor, subject, detail: String::new() })
}
