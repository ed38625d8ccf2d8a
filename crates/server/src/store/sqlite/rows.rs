//! Between rows and values: small helpers that every query uses.

use super::profiles;
use super::writer::Tx;
use crate::audit::{Event, Row as AuditRow};
use crate::ids::{StaffId, YoungId, hex, random};
use crate::seal::{ContentKey, Keys};
use crate::store::{Grant, StoreError};
use plan::{Consent, Custody, Day, Parts, Profile, StandIn};
use protocol::ErrorCode;
use rusqlite::{Connection, OptionalExtension, Row, params};

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Inner(error.into()),
        }
    }
}

/// Times and sequence numbers as SQLite has them. No clock of ours reaches the end of the range.
pub fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub fn uint(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

pub fn get_uint(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get(column).map(uint)
}

pub fn get_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    row.get::<_, Option<i64>>(column).map(|time| time.map(uint))
}

/// Parts as stored: `,red,meeting,`, so that `instr` can ask for one.
pub fn parts_text(parts: Parts) -> String {
    format!(",{},", protocol::part_names(parts).join(","))
}

/// A part that this build does not know is shared with nobody from here.
pub fn parts_from(text: &str) -> Parts {
    text.split(',').filter_map(plan::Part::from_name).collect()
}

pub fn custody_name(custody: Custody) -> &'static str {
    match custody {
        Custody::NotNeeded => "not_needed",
        Custody::Waiting => "waiting",
        Custody::Yes => "yes",
        Custody::No => "no",
    }
}

fn custody_from(name: &str) -> Custody {
    match name {
        "not_needed" => Custody::NotNeeded,
        "yes" => Custody::Yes,
        "no" => Custody::No,
        // Whatever else it says, it is not a yes.
        _ => Custody::Waiting,
    }
}

/// The columns that [`grant_from`] reads.
pub const GRANT: &str = "c.id, c.young, c.staff, c.recipient, c.unit, c.parts, c.given_at, c.expires_at, c.custody, \
                         c.withdrawn_at, c.turns_15";

pub fn grant_from(row: &Row<'_>) -> rusqlite::Result<Grant> {
    let turns_15: String = row.get(10)?;
    let turns_15: Day = turns_15
        .parse()
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(10, rusqlite::types::Type::Text, Box::new(error)))?;
    let consent = Consent {
        id: row.get(0)?,
        recipient: row.get(3)?,
        staff: row.get(2)?,
        unit: row.get(4)?,
        parts: parts_from(&row.get::<_, String>(5)?),
        given_at: get_uint(row, 6)?,
        expires_at: get_uint(row, 7)?,
        custody: custody_from(&row.get::<_, String>(8)?),
        withdrawn_at: get_time(row, 9)?,
        turns_15,
        profile: Profile::default(),
    };
    Ok(Grant { consent, young: YoungId(row.get(1)?), staff: StaffId(row.get(2)?) })
}

/// The columns that [`stand_in_from`] reads, of `stand_ins i` and the staff `w` who stands in.
pub const STAND_IN: &str = "i.stand_in, w.name, i.until_day";

/// `None` where nobody stands in; `from` is the first of its columns.
pub fn stand_in_from(row: &Row<'_>, from: usize) -> rusqlite::Result<Option<StandIn>> {
    let Some(staff) = row.get::<_, Option<String>>(from)? else { return Ok(None) };
    let until: String = row.get(from + 2)?;
    let until = until.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(from + 2, rusqlite::types::Type::Text, Box::new(error))
    })?;
    Ok(Some(StandIn { staff, name: row.get(from + 1)?, until }))
}

/// What a young person has said yes to, each with what the contact tells about themselves.
pub fn list_grants_of(connection: &Connection, keys: &Keys, young: &YoungId) -> Result<Vec<Grant>, StoreError> {
    let sql = format!(
        "SELECT {GRANT}, p.sealed, {STAND_IN} FROM consents c
         LEFT JOIN profiles p ON p.staff = c.staff AND c.withdrawn_at IS NULL
         LEFT JOIN stand_ins i ON i.staff = c.staff AND c.withdrawn_at IS NULL LEFT JOIN staff w ON w.id = i.stand_in
         WHERE c.young = ?1 ORDER BY c.rowid"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([young.as_str()])?;
    let mut grants = Vec::new();
    while let Some(row) = rows.next()? {
        let mut grant = grant_from(row)?;
        let profile = profiles::open(keys, &grant.staff, row.get(11)?)?;
        grant.consent.profile = Profile { stand_in: stand_in_from(row, 12)?, ..profile };
        grants.push(grant);
    }
    Ok(grants)
}

/// The same, with the revision that they are of; read in one transaction.
pub fn list_grants(connection: &Connection, keys: &Keys, young: &YoungId) -> Result<(Vec<Grant>, u64), StoreError> {
    let mut statement = connection.prepare_cached("SELECT revision FROM young WHERE id = ?1")?;
    let revision = statement.query_row([young.as_str()], |row| get_uint(row, 0)).optional()?;
    Ok((list_grants_of(connection, keys, young)?, revision.unwrap_or_default()))
}

/// The young person's content key; `None` when everything was erased.
pub fn content_key(connection: &Connection, keys: &Keys, young: &YoungId) -> Result<Option<ContentKey>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT content_key FROM young WHERE id = ?1")?;
    let wrapped: Option<Vec<u8>> = statement.query_row([young.as_str()], |row| row.get(0)).optional()?.flatten();
    Ok(wrapped.map(|wrapped| keys.unwrap(young, &wrapped)).transpose()?)
}

/// A permission holds only as long as the consents it was made from. Asked in the transaction that it is used in.
pub fn check_revision(connection: &Connection, young: &YoungId, revision: u64) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("SELECT revision FROM young WHERE id = ?1")?;
    let now: Option<i64> = statement.query_row([young.as_str()], |row| row.get(0)).optional()?;
    match now.map(uint) {
        Some(now) if now == revision => Ok(()),
        Some(_) => Err(StoreError::Stale),
        None => Err(StoreError::Refused(ErrorCode::NotFound)),
    }
}

/// Whether devices must compare everything again after a change of consents.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    Same,
    New,
}

/// After every change of consents: permissions made before are stale.
pub fn bump_revision(tx: &Tx<'_>, young: &YoungId, generation: Generation) -> Result<(), StoreError> {
    tx.connection.execute("UPDATE young SET revision = revision + 1 WHERE id = ?1", [young.as_str()])?;
    if generation == Generation::New {
        tx.connection
            .execute("UPDATE young SET generation = ?2 WHERE id = ?1", params![young.as_str(), new_generation()?])?;
    }
    Ok(())
}

pub fn new_generation() -> Result<String, StoreError> {
    Ok(hex(&random::<8>()?))
}

/// Adds a row to the audit log, in the same transaction as what it tells of.
pub fn audit(tx: &Tx<'_>, now: u64, event: Event<'_>) -> Result<(), StoreError> {
    let mut last = tx.connection.prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?;
    let previous = last.query_row([], |row| Ok((get_uint(row, 0)?, row.get::<_, [u8; 32]>(1)?))).optional()?;
    let row = AuditRow::after(previous, tx.keys, now, event);
    let mut insert = tx.connection.prepare_cached(
        "INSERT INTO audit (seq, at, what, actor, subject, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    insert.execute(params![
        int(row.seq),
        int(row.at),
        row.what,
        row.actor,
        row.subject,
        row.detail,
        row.hash.as_slice()
    ])?;
    Ok(())
}
