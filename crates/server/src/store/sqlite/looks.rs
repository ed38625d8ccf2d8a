//! Looks, as rows.

use super::rows::{audit, get_uint, int, parts_from, parts_text};
use super::writer::Tx;
use crate::audit::Event;
use crate::ids::{StaffId, YoungId};
use crate::store::StoreError;
use plan::Parts;
use rusqlite::{OptionalExtension, params};

/// Writes down that somebody looks at these parts: within `visit_millis` of the last time it is the same visit. Answers with which it
/// is, and when it began.
pub fn note_look(
    tx: &Tx<'_>,
    staff: &StaffId,
    young: &YoungId,
    shared: Parts,
    visit_millis: u64,
    now: u64,
) -> Result<(i64, u64), StoreError> {
    let whose = params![young.as_str(), staff.as_str()];
    let mut last = tx.connection.prepare_cached(
        "SELECT id, from_at, until_at, parts FROM looks WHERE young = ?1 AND staff = ?2 ORDER BY id DESC LIMIT 1",
    )?;
    let last: Option<(i64, u64, u64, String)> =
        last.query_row(whose, |row| Ok((row.get(0)?, get_uint(row, 1)?, get_uint(row, 2)?, row.get(3)?))).optional()?;
    // A visit that seems to have begun in the future is over: the clock was put right since.
    let same =
        |from: u64, until: u64| now <= until.saturating_add(visit_millis) && from <= now.saturating_add(visit_millis);
    Ok(match last {
        Some((id, from, until, parts)) if same(from, until) => {
            let parts = parts_text(parts_from(&parts).union(shared));
            tx.connection.execute(
                "UPDATE looks SET until_at = ?2, parts = ?3 WHERE id = ?1",
                params![id, int(until.max(now)), parts],
            )?;
            (id, from)
        }
        _ => {
            tx.connection.execute(
                "INSERT INTO looks (staff, young, parts, from_at, until_at) VALUES (?1, ?2, ?3, ?4, ?4)",
                params![staff.as_str(), young.as_str(), parts_text(shared), int(now)],
            )?;
            let id = tx.connection.last_insert_rowid();
            let (actor, subject) = (format!("staff/{staff}"), format!("young/{young}"));
            audit(tx, now, Event { what: "look_began", actor, subject, detail: String::new() })?;
            (id, now)
        }
    })
}
