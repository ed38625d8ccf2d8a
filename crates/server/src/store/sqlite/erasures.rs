//! What is shared with nobody any more is erased, and what has been is known, so that none of it comes back.

use super::rows::{Generation, audit, bump_revision, check_revision, get_uint, int};
use super::writer::{Erasure, Tx};
use crate::audit::Event;
use crate::authorise::ErasePermission;
use crate::ids::{StaffId, YoungId};
use crate::store::StoreError;
use crate::words;
use plan::{Part, Stamp};
use rusqlite::{Connection, OptionalExtension, params};

/// What these members of staff have said outside of `keep` is erased now; all that have ever had a yes when none is named.
fn note_erased(tx: &Tx<'_>, young: &YoungId, staff: Option<&StaffId>, keep: &str, now: u64) -> Result<(), StoreError> {
    let mut statement = tx.connection.prepare_cached(
        "INSERT OR REPLACE INTO words_erased (young, staff, part, at)
         SELECT DISTINCT young, staff, iif(?3 = 'messages', 'messages:' || staff, ?3), ?4 FROM consents
         WHERE young = ?1 AND staff = coalesce(?2, staff)
         AND instr(?5, ',' || iif(?3 = 'messages', 'messages:' || staff, ?3) || ',') = 0",
    )?;
    for part in Part::ALL {
        statement.execute(params![young.as_str(), staff.map(StaffId::as_str), part.name(), int(now), keep])?;
    }
    Ok(())
}

/// Up to where what guests have said to this young person is erased.
pub fn guests_erased(connection: &Connection, young: &YoungId) -> Result<Stamp, StoreError> {
    let mut statement = connection.prepare_cached("SELECT millis, count FROM guest_words_erased WHERE young = ?1")?;
    let erased =
        statement.query_row([young.as_str()], |row| Ok(Stamp { millis: get_uint(row, 0)?, count: row.get(1)? }));
    Ok(erased.optional()?.unwrap_or_default())
}

fn note_guests_erased(tx: &Tx<'_>, young: &YoungId, now: u64) -> Result<(), StoreError> {
    let Stamp { millis, count } = words::guest_stamp(guests_erased(tx.connection, young)?, now);
    let sql = "INSERT OR REPLACE INTO guest_words_erased (young, millis, count) VALUES (?1, ?2, ?3)";
    tx.connection.execute(sql, params![young.as_str(), int(millis), count])?;
    Ok(())
}

pub fn erase(tx: &mut Tx<'_>, permission: &ErasePermission, now: u64) -> Result<u64, StoreError> {
    let ErasePermission { young, revision, keep, over, silenced, everything, .. } = permission;
    check_revision(tx.connection, young, *revision)?;
    let keep = keep.to_text();
    let mut count = tx.connection.execute(
        "DELETE FROM ops WHERE young = ?1 AND instr(?2, ',' || part || ',') = 0",
        params![young.as_str(), keep],
    )?;
    // Of everybody, whether they have said something there or not: a phone may have what this copy has lost.
    note_erased(tx, young, None, &keep, now)?;
    for staff in silenced {
        let of = params![young.as_str(), staff.as_str()];
        // What they have said in the thread of somebody whom they stood in for stays as long as that does.
        let theirs = "DELETE FROM ops WHERE young = ?1 AND staff = ?2 AND part NOT LIKE 'messages:%'";
        count += tx.connection.execute(theirs, of)?;
        note_erased(tx, young, Some(staff), "", now)?;
    }
    // Of messages by the thread, as far as there is one.
    tx.connection.execute(
        "DELETE FROM condemned WHERE young = ?1 AND instr(replace(?2, ',messages:', ',messages,:'),
             ',' || substr(entity, 1, instr(entity, '/') - 1) || ',') = 0",
        params![young.as_str(), keep],
    )?;
    let mut forget = tx
        .connection
        .prepare_cached("UPDATE consents SET label = NULL, custody_note = NULL WHERE id = ?1 AND young = ?2")?;
    for consent in over {
        forget.execute(params![consent, young.as_str()])?;
    }
    drop(forget);
    tx.connection.execute("DELETE FROM summaries WHERE young = ?1", [young.as_str()])?;
    if !keep.contains(&format!(",{},", Part::Meeting.name())) {
        // What a guest would read is gone, and what they have said.
        tx.connection.execute("DELETE FROM guests WHERE young = ?1", [young.as_str()])?;
        note_guests_erased(tx, young, now)?;
    }
    if *everything {
        tx.connection.execute("UPDATE young SET content_key = NULL WHERE id = ?1", [young.as_str()])?;
    }
    bump_revision(tx, young, Generation::New)?;
    let actor = format!("young/{young}");
    let detail = format!("{count} operations; {}", if *everything { "key destroyed" } else { "key kept" });
    audit(tx, now, Event { what: "erased", subject: actor.clone(), actor, detail })?;
    tx.erases(Erasure::Done);
    Ok(u64::try_from(count).unwrap_or_default())
}
