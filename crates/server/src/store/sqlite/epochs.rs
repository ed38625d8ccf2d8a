//! Epochs: from which sequence number on each start of the database has counted, by young person. A cursor that has come further than
//! where the next epoch begins is of a life that was lost when a backup was put back.

use super::open::OpenError;
use super::rows::{get_time, get_uint, int};
use super::writer::Tx;
use crate::cursor::Cursor;
use crate::ids::{NoRandomness, YoungId, random};
use crate::store::StoreError;
use protocol::ErrorCode;
use rusqlite::{Connection, OptionalExtension, params};
use std::io;

/// A new one for this start, that the database has not had.
pub fn draw(connection: &Connection) -> Result<u32, OpenError> {
    loop {
        let epoch = Cursor::epoch_of(random().map_err(|error: NoRandomness| io::Error::other(error))?);
        let is_known = "SELECT EXISTS (SELECT 1 FROM epochs WHERE epoch = ?1)";
        if !connection.query_row(is_known, [epoch], |row| row.get::<_, bool>(0))? {
            return Ok(epoch);
        }
    }
}

/// Where a young person's operations end.
pub fn end(connection: &Connection, young: &YoungId) -> Result<Cursor, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT y.last_seq, (SELECT e.epoch FROM epochs e WHERE e.young = y.id ORDER BY e.from_seq DESC LIMIT 1)
         FROM young y WHERE y.id = ?1",
    )?;
    Ok(statement.query_row([young.as_str()], |row| {
        Ok(Cursor { epoch: row.get::<_, Option<u32>>(1)?.unwrap_or_default(), seq: get_uint(row, 0)? })
    })?)
}

/// Moves the end on.
pub fn advance(tx: &Tx<'_>, young: &YoungId, before: u64, last: u64) -> Result<(), StoreError> {
    if last == before {
        return Ok(());
    }
    if last > Cursor::LAST_SEQ {
        return Err(StoreError::Refused(ErrorCode::TooLarge));
    }
    tx.connection
        .prepare_cached("UPDATE young SET last_seq = ?2 WHERE id = ?1")?
        .execute(params![young.as_str(), int(last)])?;
    tx.connection
        .prepare_cached(
            "INSERT INTO epochs (young, from_seq, epoch) SELECT ?1, ?2, ?3
             WHERE NOT EXISTS (SELECT 1 FROM epochs WHERE young = ?1 AND epoch = ?3)",
        )?
        .execute(params![young.as_str(), int(before), tx.epoch])?;
    Ok(())
}

/// Whether what a phone has up to its cursor is what there is here up to it.
pub fn is_here(connection: &Connection, young: &YoungId, cursor: Cursor) -> Result<bool, StoreError> {
    let end = end(connection, young)?;
    if cursor.seq > end.seq || cursor.epoch == end.epoch {
        return Ok(cursor.seq <= end.seq);
    }
    let mut begins = connection.prepare_cached("SELECT from_seq FROM epochs WHERE young = ?1 AND epoch = ?2")?;
    let began = begins.query_row(params![young.as_str(), cursor.epoch], |row| get_uint(row, 0)).optional()?;
    // What was written before there were epochs is one that began with the first operation.
    let began = began.or((cursor.epoch == 0).then_some(0));
    let Some(began) = began else { return Ok(false) };
    let mut next = connection.prepare_cached("SELECT min(from_seq) FROM epochs WHERE young = ?1 AND from_seq > ?2")?;
    let next = next.query_row(params![young.as_str(), int(began)], |row| get_time(row, 0))?;
    Ok(next.is_none_or(|next| cursor.seq <= next))
}
