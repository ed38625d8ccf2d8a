//! Consents, invitations and devices, as rows.

use super::epochs;
use super::guests;
use super::profiles;
use super::rows::{
    GRANT, Generation, audit, bump_revision, check_revision, content_key, custody_name, get_time, get_uint, grant_from,
    int, list_grants_of, new_generation, parts_text,
};
use super::secrets::given_before;
use super::stand_ins;
use super::writer::Tx;
use crate::audit::Event;
use crate::authorise::contact::CustodyPermission;
use crate::authorise::{ConsentPermission, GivePermission, InvitationPermission};
use crate::cursor::Cursor;
use crate::ids::{ConsentId, DeviceId, InvitationId, StaffId, Token, TokenHash, YoungId};
use crate::seal::{ContentKey, Keys};
use crate::store::{
    CustodyAnswer, DeviceRecord, Given, Grant, InvitationRecord, Inviter, MOST_DEVICES, StoreError, Yes,
};
use plan::consent::{Custody, custody_for, expiry};
use plan::{Consent, Profile};
use protocol::ErrorCode;
use rusqlite::{Connection, OptionalExtension, params};

pub fn find_device(connection: &Connection, keys: &Keys, token: TokenHash) -> Result<Option<DeviceRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT d.young, d.id, y.revision, y.generation FROM devices d JOIN young y ON y.id = d.young
         WHERE d.token = ?1",
    )?;
    let record = statement
        .query_row([token.0.as_slice()], |row| {
            Ok(DeviceRecord {
                young: YoungId(row.get(0)?),
                device: DeviceId(row.get(1)?),
                revision: get_uint(row, 2)?,
                generation: row.get(3)?,
                end: Cursor::default(),
                grants: Vec::new(),
            })
        })
        .optional()?;
    let Some(record) = record else { return Ok(None) };
    let grants = list_grants_of(connection, keys, &record.young)?;
    let end = epochs::end(connection, &record.young)?;
    Ok(Some(DeviceRecord { end, grants, ..record }))
}

pub fn find_invitation(
    connection: &Connection,
    keys: &Keys,
    code: [u8; 32],
) -> Result<Option<InvitationRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT i.id, i.expires_at, i.used_at, i.taken_back_at, i.consent, i.young, i.staff, s.name, u.name
         FROM invitations i LEFT JOIN staff s ON s.id = i.staff LEFT JOIN units u ON u.id = s.unit WHERE i.code = ?1",
    )?;
    let record = statement
        .query_row([code.as_slice()], |row| {
            let inviter = match row.get::<_, Option<String>>(5)? {
                Some(young) => Inviter::Device { young: YoungId(young) },
                None => {
                    let profile = Profile::default();
                    Inviter::Contact { staff: StaffId(row.get(6)?), name: row.get(7)?, unit: row.get(8)?, profile }
                }
            };
            Ok(InvitationRecord {
                id: InvitationId(row.get(0)?),
                inviter,
                expires_at: get_uint(row, 1)?,
                used: get_time(row, 2)?.is_some(),
                taken_back: get_time(row, 3)?.is_some(),
                consent: row.get(4)?,
            })
        })
        .optional()?;
    let Some(mut record) = record else { return Ok(None) };
    if let Inviter::Contact { staff, profile, .. } = &mut record.inviter {
        *profile = profiles::find(connection, keys, staff)?;
    }
    Ok(Some(record))
}

pub fn give(
    tx: &mut Tx<'_>,
    permission: &GivePermission,
    yes: &Yes,
    now: u64,
) -> Result<(Given, Vec<StaffId>), StoreError> {
    if let Some(given) = given_before(tx, permission)? {
        return Ok((given, Vec::new()));
    }
    let (young, key, device) = match &permission.young {
        Some(young) => (young.clone(), key_or_new(tx, young)?, None),
        None => {
            let device = permission.secret.as_ref().map(|secret| tx.keys.device_token(secret));
            let token = device.as_ref().map(Token::hash).or(yes.token);
            let (young, key) = create_young(tx, token.ok_or(StoreError::Refused(ErrorCode::SignedOut))?, now)?;
            (young, key, device)
        }
    };
    guests::end_without_yes(tx, &young, now)?;
    let id = ConsentId::new()?.0;
    let label = match &permission.invitation {
        Some(invitation) => use_up(tx, invitation, now)?,
        None => label_of(tx, &key, &young, permission.replaces.as_deref())?,
    };
    let agreed = agreed_to(tx, &key, &young, permission, yes, now)?;
    let mut ended = withdraw_earlier(tx, &young, permission, now)?;
    ended.retain(|staff| *staff != permission.staff);
    let (recipient, unit) = tx.connection.query_row(
        "SELECT s.name, u.name FROM staff s JOIN units u ON u.id = s.unit WHERE s.id = ?1",
        [permission.staff.as_str()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let consent = Consent {
        id,
        recipient,
        staff: permission.staff.as_str().to_owned(),
        unit,
        parts: yes.parts,
        given_at: now,
        expires_at: agreed.as_ref().map_or(expiry(now), |(until, _)| *until),
        custody: if agreed.is_some() { Custody::Yes } else { custody_for(&yes.birthdays, now) },
        withdrawn_at: None,
        turns_15: yes.birthdays.turns_15,
        profile: stand_ins::find_profile(tx.connection, tx.keys, &permission.staff)?,
    };
    let sealed = key.seal(&format!("label/{}", consent.id), &label)?;
    insert(tx, &young, permission, &consent, &yes.birthdays.turns_18.to_string(), &sealed)?;
    if let Some((_, note)) = &agreed {
        keep_custody_note(tx, &key, &consent.id, Custody::Yes, note)?;
    }
    if let Some(invitation) = &permission.invitation {
        let link = params![invitation.as_str(), consent.id];
        tx.connection.execute("UPDATE invitations SET consent = ?2, label = NULL WHERE id = ?1", link)?;
    }
    bump_revision(tx, &young, Generation::New)?;
    guests::end_without_yes(tx, &young, now)?;
    let detail = format!("to staff/{}; parts{}", permission.staff, parts_text(yes.parts).replace(',', " "));
    note(tx, now, "consent_given", &young, format!("consent/{}", consent.id), detail)?;
    Ok((Given { grant: Grant { consent, young, staff: permission.staff.clone() }, device }, ended))
}

fn note(tx: &Tx<'_>, now: u64, what: &str, young: &YoungId, subject: String, detail: String) -> Result<(), StoreError> {
    audit(tx, now, Event { what, actor: format!("young/{young}"), subject, detail })
}

fn create_young(tx: &Tx<'_>, token: TokenHash, now: u64) -> Result<(YoungId, ContentKey), StoreError> {
    let young = YoungId::new()?;
    let key = ContentKey::new(&young)?;
    tx.connection.execute(
        "INSERT INTO young (id, content_key, revision, generation, last_seq, created_at) VALUES (?1, ?2, 0, ?3, 0, ?4)",
        params![young.as_str(), key.wrap(tx.keys)?, new_generation()?, int(now)],
    )?;
    create_device(tx, &young, token, now)?;
    Ok((young, key))
}

fn create_device(tx: &Tx<'_>, young: &YoungId, token: TokenHash, now: u64) -> Result<(), StoreError> {
    let device = DeviceId::new()?;
    tx.connection.execute(
        "INSERT INTO devices (id, young, token, added_at) VALUES (?1, ?2, ?3, ?4)",
        params![device.as_str(), young.as_str(), token.0.as_slice(), int(now)],
    )?;
    note(tx, now, "device_added", young, format!("device/{device}"), String::new())
}

/// After everything was erased a new yes begins with a new key.
fn key_or_new(tx: &Tx<'_>, young: &YoungId) -> Result<ContentKey, StoreError> {
    if let Some(key) = content_key(tx.connection, tx.keys, young)? {
        return Ok(key);
    }
    let key = ContentKey::new(young)?;
    let wrapped = key.wrap(tx.keys)?;
    tx.connection.execute("UPDATE young SET content_key = ?2 WHERE id = ?1", params![young.as_str(), wrapped])?;
    Ok(key)
}

/// Marks the invitation as used, and answers with the label that its sender gave it.
fn use_up(tx: &Tx<'_>, invitation: &InvitationId, now: u64) -> Result<String, StoreError> {
    // The permission was made a moment ago; somebody else may have used the code since.
    let used = tx.connection.execute(
        "UPDATE invitations SET used_at = ?2 WHERE id = ?1 AND used_at IS NULL AND taken_back_at IS NULL",
        params![invitation.as_str(), int(now)],
    )?;
    if used == 0 {
        return Err(StoreError::Refused(ErrorCode::UsedCode));
    }
    let sealed: Option<Vec<u8>> =
        tx.connection
            .query_row("SELECT label FROM invitations WHERE id = ?1", [invitation.as_str()], |row| row.get(0))?;
    Ok(sealed.map(|sealed| tx.keys.open_label(invitation.as_str(), &sealed)).transpose()?.unwrap_or_default())
}

/// What the contact called the young person so far.
fn label_of(tx: &Tx<'_>, key: &ContentKey, young: &YoungId, consent: Option<&str>) -> Result<String, StoreError> {
    let Some(consent) = consent else { return Ok(String::new()) };
    let sealed: Option<Vec<u8>> = tx.connection.query_row(
        "SELECT label FROM consents WHERE id = ?1 AND young = ?2",
        params![consent, young.as_str()],
        |row| row.get(0),
    )?;
    Ok(sealed.map(|sealed| key.open(&format!("label/{consent}"), &sealed)).transpose()?.unwrap_or_default())
}

/// What the custody holder has agreed to holds for less of it, as long as it would have held: until when, and who said so. For more
/// they are asked again.
fn agreed_to(
    tx: &Tx<'_>,
    key: &ContentKey,
    young: &YoungId,
    permission: &GivePermission,
    yes: &Yes,
    now: u64,
) -> Result<Option<(u64, String)>, StoreError> {
    let Some(replaced) = &permission.replaces else { return Ok(None) };
    let sql =
        format!("SELECT {GRANT}, c.custody_note FROM consents c WHERE c.id = ?1 AND c.young = ?2 AND c.staff = ?3");
    let whose = params![replaced, young.as_str(), permission.staff.as_str()];
    let found = tx.connection.query_row(&sql, whose, |row| Ok((grant_from(row)?.consent, row.get(11)?))).optional()?;
    let Some((before, Some(note))) = found else { return Ok(None) };
    let note: Vec<u8> = note;
    // For somebody younger it would hold past the birthday on which it is over.
    let is_same_age = yes.birthdays.turns_15 == before.turns_15 && yes.birthdays.is_under_15(now);
    let is_less = yes.parts.iter().all(|part| before.parts.contains(part));
    if before.custody != Custody::Yes || !before.is_active(now) || !is_less || !is_same_age {
        return Ok(None);
    }
    Ok(Some((before.expires_at, key.open(&format!("custody/{replaced}"), &note)?)))
}

/// One recipient has one consent that counts: the new one takes the place of what was. Answers with whose have ended.
fn withdraw_earlier(
    tx: &Tx<'_>,
    young: &YoungId,
    permission: &GivePermission,
    now: u64,
) -> Result<Vec<StaffId>, StoreError> {
    let mut statement = tx.connection.prepare_cached(
        "UPDATE consents SET withdrawn_at = ?4 WHERE young = ?1 AND (staff = ?2 OR id = ?3) AND withdrawn_at IS NULL
         RETURNING id, staff",
    )?;
    let replaced = params![young.as_str(), permission.staff.as_str(), permission.replaces, int(now)];
    let replaced = statement.query_map(replaced, |row| Ok((row.get(0)?, StaffId(row.get(1)?))))?;
    let replaced: Vec<(String, StaffId)> = replaced.collect::<Result<_, _>>()?;
    drop(statement);
    for (id, _) in &replaced {
        note(tx, now, "consent_replaced", young, format!("consent/{id}"), String::new())?;
    }
    Ok(replaced.into_iter().map(|(_, staff)| staff).collect())
}

fn insert(
    tx: &Tx<'_>,
    young: &YoungId,
    permission: &GivePermission,
    consent: &Consent,
    turns_18: &str,
    label: &[u8],
) -> Result<(), StoreError> {
    let secret = permission.secret.as_ref().map(|secret| tx.keys.hash_secret(secret).0);
    tx.connection.execute(
        "INSERT INTO consents (id, young, staff, recipient, unit, parts, given_at, expires_at, custody, turns_15, turns_18,
         label, secret) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        params![
            consent.id,
            young.as_str(),
            permission.staff.as_str(),
            consent.recipient,
            consent.unit,
            parts_text(consent.parts),
            int(consent.given_at),
            int(consent.expires_at),
            custody_name(consent.custody),
            consent.turns_15.to_string(),
            turns_18,
            label,
            secret.as_ref().map(<[u8; 32]>::as_slice)
        ],
    )?;
    Ok(())
}

pub fn withdraw(tx: &mut Tx<'_>, permission: &ConsentPermission, now: u64) -> Result<Grant, StoreError> {
    let ConsentPermission { young, consent, .. } = permission;
    let changed = tx.connection.execute(
        "UPDATE consents SET withdrawn_at = ?3 WHERE id = ?1 AND young = ?2 AND withdrawn_at IS NULL",
        params![consent, young.as_str(), int(now)],
    )?;
    if changed > 0 {
        bump_revision(tx, young, Generation::Same)?;
        guests::end_without_yes(tx, young, now)?;
        note(tx, now, "consent_withdrawn", young, format!("consent/{consent}"), String::new())?;
    }
    let sql = format!("SELECT {GRANT} FROM consents c WHERE c.id = ?1");
    Ok(tx.connection.query_row(&sql, [consent], grant_from)?)
}

pub fn record_custody(
    tx: &mut Tx<'_>,
    permission: &CustodyPermission,
    answer: &CustodyAnswer,
    now: u64,
) -> Result<(), StoreError> {
    let CustodyPermission { staff, young, revision, consent } = permission;
    check_revision(tx.connection, young, *revision)?;
    let key = content_key(tx.connection, tx.keys, young)?.ok_or(StoreError::Stale)?;
    guests::end_without_yes(tx, young, now)?;
    let note = serde_json::json!({ "given_by": answer.given_by, "on": answer.on.to_string(), "at": now });
    keep_custody_note(tx, &key, consent, answer.custody, &note.to_string())?;
    bump_revision(tx, young, Generation::New)?;
    guests::end_without_yes(tx, young, now)?;
    let (actor, subject) = (format!("staff/{staff}"), format!("consent/{consent}"));
    audit(tx, now, Event { what: "custody_recorded", actor, subject, detail: custody_name(answer.custody).to_owned() })
}

fn keep_custody_note(
    tx: &Tx<'_>,
    key: &ContentKey,
    consent: &str,
    custody: Custody,
    note: &str,
) -> Result<(), StoreError> {
    let sealed = key.seal(&format!("custody/{consent}"), note)?;
    tx.connection.execute(
        "UPDATE consents SET custody = ?2, custody_note = ?3 WHERE id = ?1",
        params![consent, custody_name(custody), sealed],
    )?;
    Ok(())
}

pub fn add_device(
    tx: &mut Tx<'_>,
    permission: &InvitationPermission,
    token: TokenHash,
    now: u64,
) -> Result<(), StoreError> {
    let Inviter::Device { young } = permission.inviter() else {
        return Err(StoreError::Refused(ErrorCode::WrongCode));
    };
    check_device_room(tx, young)?;
    use_up(tx, &permission.id, now)?;
    create_device(tx, young, token, now)
}

fn check_device_room(tx: &Tx<'_>, young: &YoungId) -> Result<(), StoreError> {
    let mut statement = tx.connection.prepare_cached("SELECT count(*) FROM devices WHERE young = ?1")?;
    let count = statement.query_row([young.as_str()], |row| get_uint(row, 0))?;
    if count < MOST_DEVICES { Ok(()) } else { Err(StoreError::Refused(ErrorCode::TooLarge)) }
}

pub fn invite_device(
    tx: &mut Tx<'_>,
    young: &YoungId,
    code: [u8; 32],
    expires_at: u64,
    now: u64,
) -> Result<(), StoreError> {
    check_device_room(tx, young)?;
    let id = InvitationId::new()?;
    tx.connection.execute(
        "INSERT INTO invitations (id, code, young, expires_at) VALUES (?1, ?2, ?3, ?4)",
        params![id.as_str(), code.as_slice(), young.as_str(), int(expires_at)],
    )?;
    note(tx, now, "device_invited", young, format!("invitation/{id}"), String::new())
}

pub fn delete_device(tx: &mut Tx<'_>, young: &YoungId, device: &DeviceId, now: u64) -> Result<bool, StoreError> {
    let whose = params![device.as_str(), young.as_str()];
    let there = tx.connection.execute("DELETE FROM devices WHERE id = ?1 AND young = ?2", whose)? > 0;
    if there {
        note(tx, now, "device_removed", young, format!("device/{device}"), String::new())?;
    }
    Ok(there)
}
