//! The secrets of yeses: which yes one has led to, and those that none will come with any more.

use super::rows::{GRANT, grant_from, int};
use super::stand_ins;
use super::writer::Tx;
use crate::authorise::GivePermission;
use crate::ids::Secret;
use crate::seal::Keys;
use crate::store::{Asked, Given, StoreError};
use protocol::ErrorCode;
use rusqlite::{Connection, OptionalExtension, params};

pub fn find(connection: &Connection, keys: &Keys, secret: &Secret) -> Result<Asked, StoreError> {
    let hash = keys.hash_secret(secret).0;
    let sql = format!("SELECT {GRANT} FROM consents c WHERE c.secret = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let Some(mut grant) = statement.query_row([hash.as_slice()], grant_from).optional()? else {
        let mut void = connection.prepare_cached("SELECT 1 FROM void_secrets WHERE secret = ?1")?;
        return Ok(if void.exists([hash.as_slice()])? { Asked::Void } else { Asked::Unknown });
    };
    grant.consent.profile = stand_ins::find_profile(connection, keys, &grant.staff)?;
    // Only a yes that made the young person known has a device of its own, and it may have been signed out since.
    let token = keys.device_token(secret);
    let mut devices = connection.prepare_cached("SELECT 1 FROM devices WHERE token = ?1 AND young = ?2")?;
    let there = devices.exists(params![token.hash().0.as_slice(), grant.young.as_str()])?;
    Ok(Asked::Given(Box::new(Given { grant, device: there.then_some(token) })))
}

/// The yes that this secret has led to. Where there is none, none can come from now on.
pub fn void(tx: &mut Tx<'_>, secret: &Secret, forget_before: u64, now: u64) -> Result<Option<Given>, StoreError> {
    // Asked in the same transaction as it is written: a yes that is under way comes before this or never.
    if let Asked::Given(given) = find(tx.connection, tx.keys, secret)? {
        return Ok(Some(*given));
    }
    tx.connection.execute("DELETE FROM void_secrets WHERE at <= ?1", [int(forget_before)])?;
    let hash = tx.keys.hash_secret(secret).0;
    let row = params![hash.as_slice(), int(now)];
    tx.connection.execute("INSERT INTO void_secrets (secret, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING", row)?;
    Ok(None)
}

/// Before a yes with a secret is written down: the one that came with it before, if there is one.
pub fn given_before(tx: &Tx<'_>, permission: &GivePermission) -> Result<Option<Given>, StoreError> {
    let Some(secret) = &permission.secret else { return Ok(None) };
    match find(tx.connection, tx.keys, secret)? {
        Asked::Given(given) => {
            let is_own = permission.young.as_ref().is_none_or(|young| *young == given.grant.young);
            return if is_own { Ok(Some(*given)) } else { Err(StoreError::Refused(ErrorCode::AlreadyConnected)) };
        }
        Asked::Void => return Err(StoreError::Refused(ErrorCode::NoConsent)),
        Asked::Unknown => {}
    }
    // The permission was made a moment ago; the no may have come since, and it is later than what this yes knew.
    let mut open = tx.connection.prepare_cached("SELECT 1 FROM consents WHERE id = ?1 AND withdrawn_at IS NULL")?;
    match &permission.replaces {
        Some(replaced) if !open.exists([replaced])? => Err(StoreError::Refused(ErrorCode::NoConsent)),
        _ => Ok(None),
    }
}
