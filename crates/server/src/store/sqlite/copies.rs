//! Copies that contacts have taken, as rows, and who has looked with them.

use super::rows::{audit, check_revision, get_uint, int, parts_from, parts_text};
use super::writer::Tx;
use crate::audit::Event;
use crate::authorise::contact::CopyPermission;
use crate::ids::YoungId;
use crate::store::{Look, MOST_COPIES, SAME_COPY_MILLIS, StoreError};
use protocol::{CopyKind, ErrorCode, part_names};
use rusqlite::{Connection, params};

pub fn record(
    tx: &mut Tx<'_>,
    permission: &CopyPermission,
    id: &str,
    kind: CopyKind,
    now: u64,
) -> Result<(), StoreError> {
    let CopyPermission { staff, young, revision, parts } = permission;
    check_revision(tx.connection, young, *revision)?;
    let added = tx
        .connection
        .prepare_cached(
            "INSERT INTO copies (young, staff, id, kind, parts, at, changes) SELECT ?1, ?2, ?3, ?4, ?5, ?6, y.changes FROM young y
             WHERE y.id = ?1 AND NOT EXISTS (SELECT 1 FROM copies c WHERE c.young = ?1 AND c.staff = ?2 AND c.id = ?3
                 AND c.kind = ?4 AND c.parts = ?5 AND c.at > ?7 AND c.changes = y.changes)",
        )?
        .execute(params![
            young.as_str(),
            staff.as_str(),
            id,
            kind.name(),
            parts_text(*parts),
            int(now),
            int(now) - int(SAME_COPY_MILLIS)
        ])?;
    if added == 0 {
        return Ok(());
    }
    let of = params![young.as_str(), staff.as_str()];
    let count = "SELECT count(*) FROM copies WHERE young = ?1 AND staff = ?2";
    if tx.connection.prepare_cached(count)?.query_row(of, |row| get_uint(row, 0))? > MOST_COPIES {
        return Err(StoreError::Refused(ErrorCode::TooLarge));
    }
    let (actor, subject) = (format!("staff/{staff}"), format!("young/{young}"));
    let detail = format!("{} {}", kind.name(), part_names(*parts).join(","));
    audit(tx, now, Event { what: "copied", actor, subject, detail })
}

pub fn list_looks(connection: &Connection, young: &YoungId, limit: usize) -> Result<Vec<Look>, StoreError> {
    // What was taken in the moment in which somebody looked comes after that, so it stands before it.
    let mut statement = connection.prepare_cached(
        "SELECT s.name, u.name, l.parts, l.from_at, l.until_at, l.kind FROM (
             SELECT staff, parts, from_at, until_at, NULL AS kind, id AS place FROM looks WHERE young = ?1
             UNION ALL SELECT staff, parts, at, at, kind, 0 FROM copies WHERE young = ?1
         ) l JOIN staff s ON s.id = l.staff JOIN units u ON u.id = s.unit
         ORDER BY l.until_at DESC, l.kind IS NULL, l.place DESC LIMIT ?2",
    )?;
    let looks = statement
        .query_map(params![young.as_str(), i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            Ok(Look {
                name: row.get(0)?,
                unit: row.get(1)?,
                parts: parts_from(&row.get::<_, String>(2)?),
                from: get_uint(row, 3)?,
                until: get_uint(row, 4)?,
                copy: row.get::<_, Option<String>>(5)?.map(|kind| CopyKind::from_name(&kind)),
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(looks)
}
