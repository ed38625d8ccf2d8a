//! Copies that contacts have taken, as rows, and who has looked with them.

use super::rows::{audit, check_revision, get_uint, int, parts_from, parts_text};
use super::writer::Tx;
use crate::audit::Event;
use crate::authorise::contact::CopyPermission;
use crate::ids::YoungId;
use crate::store::{Look, MOST_COPIES, MOST_COPIES_A_DAY, SAME_COPY_MILLIS, StoreError};
use plan::date::DAY_MILLIS;
use protocol::{CopyKind, ErrorCode, part_names};
use rusqlite::{Connection, Row, params};

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
    let of = params![young.as_str(), staff.as_str(), int(now), int(DAY_MILLIS)];
    let count =
        "SELECT count(*), count(*) FILTER (WHERE at / ?4 = ?3 / ?4) FROM copies WHERE young = ?1 AND staff = ?2";
    let counted = |row: &Row<'_>| Ok((get_uint(row, 0)?, get_uint(row, 1)?));
    let (all, today) = tx.connection.prepare_cached(count)?.query_row(of, counted)?;
    if all > MOST_COPIES || today > MOST_COPIES_A_DAY {
        return Err(StoreError::Refused(ErrorCode::TooLarge));
    }
    let (actor, subject) = (format!("staff/{staff}"), format!("young/{young}"));
    let detail = format!("{} {}", kind.name(), part_names(*parts).join(","));
    audit(tx, now, Event { what: "copied", actor, subject, detail })
}

/// At most `limit`. Whoever looks or copies often takes no room from others, nor their looks from their copies: of each there are the
/// latest, in turn.
pub fn list_looks(connection: &Connection, young: &YoungId, limit: usize) -> Result<Vec<Look>, StoreError> {
    // What was taken in the moment in which somebody looked comes after that, so it stands before it.
    let mut statement = connection.prepare_cached(
        "WITH lines AS (
             SELECT staff, parts, from_at, until_at, NULL AS kind, 1 AS times, id AS place FROM looks WHERE young = ?1
             UNION ALL SELECT staff, parts, min(at), max(at), kind, count(*), max(rowid) FROM copies WHERE young = ?1
                 GROUP BY staff, parts, kind, at / ?3
         ), turns AS (
             SELECT *, row_number() OVER (PARTITION BY staff, kind IS NULL ORDER BY until_at DESC, place DESC) AS turn FROM lines
         )
         SELECT s.name, u.name, l.parts, l.from_at, l.until_at, l.kind, l.times
         FROM (SELECT * FROM turns ORDER BY turn, until_at DESC LIMIT ?2) l
         JOIN staff s ON s.id = l.staff JOIN units u ON u.id = s.unit
         ORDER BY l.until_at DESC, l.kind IS NULL, l.place DESC",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let looks = statement
        .query_map(params![young.as_str(), limit, int(DAY_MILLIS)], |row| {
            Ok(Look {
                name: row.get(0)?,
                unit: row.get(1)?,
                parts: parts_from(&row.get::<_, String>(2)?),
                from: get_uint(row, 3)?,
                until: get_uint(row, 4)?,
                copy: row.get::<_, Option<String>>(5)?.map(|kind| CopyKind::from_name(&kind)),
                times: get_uint(row, 6)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(looks)
}
