//! What is written between a young person and one contact: read with a mark, as rows.

use super::looks::note_look;
use super::ops::{self, Page};
use super::rows::{check_revision, content_key, get_uint, int};
use super::writer::Tx;
use crate::authorise::contact::ThreadPermission;
use crate::ids::{StaffId, YoungId};
use crate::scope::thread;
use crate::seal::Keys;
use crate::store::{Grant, Read, StoreError, Thread};
use crate::words;
use plan::{Part, Parts};
use rusqlite::{Connection, OptionalExtension, params};

/// Everything in the thread, and what the contact calls the young person.
pub fn list(
    connection: &Connection,
    keys: &Keys,
    page: &Page,
    permission: &ThreadPermission,
) -> Result<Thread, StoreError> {
    let ThreadPermission { staff, reader, consent, .. } = permission;
    let ops = ops::list(connection, keys, page)?;
    let key = content_key(connection, keys, &page.young)?.ok_or(StoreError::Stale)?;
    let sealed: Option<Vec<u8>> =
        connection.query_row("SELECT label FROM consents WHERE id = ?1", [consent], |row| row.get(0))?;
    let label = sealed.map(|sealed| key.open(&format!("label/{consent}"), &sealed)).transpose()?;
    let sql = format!("SELECT {READ_SEQ}");
    let of = params![page.young.as_str(), staff.as_str(), reader.as_str()];
    let read_seq = connection.query_row(&sql, of, |row| get_uint(row, 0))?;
    Ok(Thread { label: label.unwrap_or_default(), ops, read_seq })
}

/// Up to where a thread (`?2`) is read by the contact or by who reads it for them (`?3`).
const READ_SEQ: &str = "max(coalesce((SELECT seq FROM threads_read WHERE young = ?1 AND staff = ?2), 0),
     coalesce((SELECT seq FROM threads_read_for WHERE young = ?1 AND staff = ?2 AND reader = ?3), 0))";

pub fn mark_read(
    tx: &mut Tx<'_>,
    permission: &ThreadPermission,
    read: &Read,
    visit_millis: u64,
    now: u64,
) -> Result<(), StoreError> {
    let ThreadPermission { staff, reader, young, revision, name, .. } = permission;
    check_revision(tx.connection, young, *revision)?;
    let stands_in = Some(name.as_str()).filter(|_| reader != staff);
    let records = words::mint_read(tx.keys, young, reader, stands_in, &read.messages, now);
    ops::add_words(tx, young, &records, now)?;
    if reader != staff {
        // Of who stands in it is told when, too; and to the contact it is unread still.
        note_look(tx, reader, young, Parts::NONE.with(Part::Messages), visit_millis, now)?;
        return note_read(tx, young, staff, reader, read.last_seq);
    }
    tx.connection
        .prepare_cached(
            "INSERT INTO threads_read (young, staff, seq) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)",
        )?
        .execute(params![young.as_str(), staff.as_str(), int(read.last_seq)])?;
    Ok(())
}

/// How far somebody who stands in has read a thread.
fn note_read(tx: &Tx<'_>, young: &YoungId, thread: &StaffId, reader: &StaffId, seq: u64) -> Result<(), StoreError> {
    tx.connection
        .prepare_cached(
            "INSERT INTO threads_read_for (young, staff, reader, seq) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)",
        )?
        .execute(params![young.as_str(), thread.as_str(), reader.as_str(), int(seq)])?;
    Ok(())
}

/// Whether the young person has written something in the thread since the contact read it.
pub fn is_unread(connection: &Connection, grant: &Grant) -> Result<bool, StoreError> {
    is_unread_by(connection, grant, &grant.staff)
}

/// The same since the contact or who stands in for them read it.
pub fn is_unread_by(connection: &Connection, grant: &Grant, reader: &StaffId) -> Result<bool, StoreError> {
    if !grant.consent.parts.contains(Part::Messages) {
        return Ok(false);
    }
    let sql = format!(
        "SELECT 1 FROM ops INDEXED BY ops_of_young
         WHERE young = ?1 AND part = ?4 AND staff IS NULL AND seq > {READ_SEQ} LIMIT 1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let of = params![grant.young.as_str(), grant.staff.as_str(), reader.as_str(), thread(grant.staff.as_str())];
    Ok(statement.query_row(of, |_| Ok(())).optional()?.is_some())
}
