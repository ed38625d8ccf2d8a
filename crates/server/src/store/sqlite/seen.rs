//! What was looked at before a contact says something, once more in the transaction in which it is said.

use super::rows::int;
use super::writer::Tx;
use crate::ids::{StaffId, YoungId};
use crate::seal::{ContentKey, SealError};
use crate::store::{Seen, StoreError};
use plan::author::{INVITEE, SUGGESTION};
use plan::limits::MAX_OPEN_SUGGESTIONS;
use plan::suggestion::offered_in;
use plan::{Entity, OpSet, Record};
use protocol::ErrorCode;
use rusqlite::params;
use std::collections::BTreeSet;

/// Whether a phone has written to one of these entries since they were seen; and of who offers something, whether anything has come
/// to what they have offered, so that no two at once are more than there may be. That changes no consents, so no revision tells it.
pub fn has_changed(
    tx: &Tx<'_>,
    young: &YoungId,
    key: &ContentKey,
    seen: &Seen,
    offering: Option<&StaffId>,
) -> Result<bool, StoreError> {
    let staff = offering.map(StaffId::as_str);
    let is_offered = |on: &Entity| {
        let is_read = on.part().is_some_and(|part| seen.parts.contains(part));
        is_read && offered_in(on.kind_name()).is_some() && staff.is_some() && on.owner() == staff
    };
    let mut statement = tx
        .connection
        .prepare_cached("SELECT id, sealed FROM ops WHERE young = ?1 AND seq > ?2 AND (staff IS NULL OR staff = ?3)")?;
    let mut rows = statement.query(params![young.as_str(), int(seen.last_seq), staff])?;
    while let Some(row) = rows.next()? {
        let on = open(key, &row.get::<_, String>(0)?, &row.get::<_, Vec<u8>>(1)?)?.op.on;
        if is_offered(&on) || seen.entries.contains(&on) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether this may be offered: what has been answered is written no more, and only so many wait for an answer. `known` is what this
/// contact had written before.
pub fn check_offers(known: &OpSet, offered: &BTreeSet<&Entity>, open: &[Entity]) -> Result<(), StoreError> {
    let new: Vec<&Entity> = offered.iter().copied().filter(|on| !open.contains(on)).collect();
    let is_known =
        |on: &&Entity| offered_in(on.kind_name()).is_some_and(|field| known.list_on(on, field).next().is_some());
    if new.iter().any(is_known) {
        return Err(StoreError::Refused(ErrorCode::Gone));
    }
    // Of proposals only the latest of each contact is shown.
    for kind in [SUGGESTION, INVITEE] {
        let more = new.iter().filter(|on| on.kind_name() == kind).count();
        let waiting = open.iter().filter(|on| on.kind_name() == kind).count();
        if more > 0 && waiting + more > MAX_OPEN_SUGGESTIONS {
            return Err(StoreError::Refused(ErrorCode::TooManyOpen));
        }
    }
    Ok(())
}

pub fn open(key: &ContentKey, id: &str, sealed: &[u8]) -> Result<Record, StoreError> {
    let raw = key.open(&format!("op/{id}"), sealed)?;
    Record::parse(&raw).map_err(|_| StoreError::Seal(SealError::NotOurs))
}
