//! What was looked at before a contact says something, once more in the transaction in which it is said.

use super::rows::int;
use super::writer::Tx;
use crate::ids::{StaffId, YoungId};
use crate::seal::{ContentKey, SealError};
use crate::store::{Seen, StoreError};
use plan::author::{SUGGESTION, TEXT};
use plan::limits::MAX_OPEN_SUGGESTIONS;
use plan::{Entity, OpSet, Record};
use protocol::ErrorCode;
use rusqlite::params;
use std::collections::BTreeSet;

/// Whether a phone has written to one of these entries since they were seen; and of who suggests something, whether anything has come
/// to what they have suggested, so that no two at once are more than there may be. That changes no consents, so no revision tells it.
pub fn has_changed(
    tx: &Tx<'_>,
    young: &YoungId,
    key: &ContentKey,
    seen: &Seen,
    suggesting: Option<&StaffId>,
) -> Result<bool, StoreError> {
    let staff = suggesting.map(StaffId::as_str);
    let is_suggested = |on: &Entity| {
        let is_read = on.part().is_some_and(|part| seen.parts.contains(part));
        is_read && on.kind_name() == SUGGESTION && staff.is_some() && on.owner() == staff
    };
    let mut statement = tx
        .connection
        .prepare_cached("SELECT id, sealed FROM ops WHERE young = ?1 AND seq > ?2 AND (staff IS NULL OR staff = ?3)")?;
    let mut rows = statement.query(params![young.as_str(), int(seen.last_seq), staff])?;
    while let Some(row) = rows.next()? {
        let on = open(key, &row.get::<_, String>(0)?, &row.get::<_, Vec<u8>>(1)?)?.op.on;
        if is_suggested(&on) || seen.entries.contains(&on) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether these suggestions may be written: what has been answered is written no more, and only so many wait for an answer. `known` is
/// what this contact had written before.
pub fn check_suggestions(known: &OpSet, suggested: &BTreeSet<&Entity>, open: &[Entity]) -> Result<(), StoreError> {
    let new: Vec<_> = suggested.iter().filter(|on| !open.contains(on)).collect();
    if new.iter().any(|on| known.list_on(on, TEXT).next().is_some()) {
        return Err(StoreError::Refused(ErrorCode::Gone));
    }
    if !new.is_empty() && open.len() + new.len() > MAX_OPEN_SUGGESTIONS {
        return Err(StoreError::Refused(ErrorCode::TooManyOpen));
    }
    Ok(())
}

pub fn open(key: &ContentKey, id: &str, sealed: &[u8]) -> Result<Record, StoreError> {
    let raw = key.open(&format!("op/{id}"), sealed)?;
    Record::parse(&raw).map_err(|_| StoreError::Seal(SealError::NotOurs))
}
