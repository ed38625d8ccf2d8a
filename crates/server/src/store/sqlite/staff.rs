//! Staff, sessions, their invitations and their looks, as rows.

use super::looks::note_look;
use super::messages;
use super::profiles;
use super::rows::{GRANT, audit, check_revision, content_key, get_time, get_uint, grant_from, int};
use super::summaries;
use super::writer::Tx;
use crate::audit::{Event, Row as AuditRow};
use crate::ids::{InvitationId, StaffId, TokenHash, UnitId, YoungId};
use crate::seal::Keys;
use crate::store::{InvitationRow, LoginRecord, SessionRecord, StoreError, Visit, YoungRow};
use plan::{Part, Parts, Profile};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

pub fn find_session(connection: &Connection, token: TokenHash) -> Result<Option<SessionRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT s.id, s.name, u.name, x.created_at, x.seen_at FROM sessions x JOIN staff s ON s.id = x.staff
         JOIN units u ON u.id = s.unit WHERE x.token = ?1",
    )?;
    let session = statement.query_row([token.0.as_slice()], |row| {
        Ok(SessionRecord {
            staff: StaffId(row.get(0)?),
            name: row.get(1)?,
            unit: row.get(2)?,
            created_at: get_uint(row, 3)?,
            seen_at: get_uint(row, 4)?,
        })
    });
    Ok(session.optional()?)
}

pub fn find_login(connection: &Connection, login: &str) -> Result<Option<LoginRecord>, StoreError> {
    let login = connection.query_row("SELECT id, password FROM staff WHERE login = ?1", [login], |row| {
        Ok(LoginRecord { staff: StaffId(row.get(0)?), password: row.get(1)? })
    });
    Ok(login.optional()?)
}

fn note(tx: &Tx<'_>, now: u64, what: &str, staff: &StaffId, subject: String) -> Result<(), StoreError> {
    audit(tx, now, Event { what, actor: format!("staff/{staff}"), subject, detail: String::new() })
}

pub fn create_session(
    tx: &mut Tx<'_>,
    staff: &StaffId,
    token: TokenHash,
    ended_before: u64,
    now: u64,
) -> Result<(), StoreError> {
    tx.connection.execute("DELETE FROM sessions WHERE created_at <= ?1", [int(ended_before)])?;
    tx.connection.execute(
        "INSERT INTO sessions (token, staff, created_at, seen_at) VALUES (?1, ?2, ?3, ?3)",
        params![token.0.as_slice(), staff.as_str(), int(now)],
    )?;
    note(tx, now, "signed_in", staff, String::new())
}

pub fn delete_session(tx: &mut Tx<'_>, staff: &StaffId, token: TokenHash, now: u64) -> Result<(), StoreError> {
    tx.connection.execute("DELETE FROM sessions WHERE token = ?1", [token.0.as_slice()])?;
    note(tx, now, "signed_out", staff, String::new())
}

pub fn note_failed_sign_in(tx: &mut Tx<'_>, staff: Option<&StaffId>, now: u64) -> Result<(), StoreError> {
    // What was typed is not written down: people type passwords into the wrong field.
    let subject = staff.map_or_else(|| "staff/unknown".to_owned(), |staff| format!("staff/{staff}"));
    audit(tx, now, Event { what: "sign_in_failed", actor: "unknown".to_owned(), subject, detail: String::new() })
}

pub fn update_profile(tx: &mut Tx<'_>, staff: &StaffId, profile: Profile, now: u64) -> Result<(), StoreError> {
    profiles::update(tx.connection, tx.keys, staff, profile)?;
    note(tx, now, "profile_changed", staff, String::new())
}

pub fn create_invitation(
    tx: &mut Tx<'_>,
    staff: &StaffId,
    label: &str,
    code: [u8; 32],
    expires_at: u64,
    now: u64,
) -> Result<InvitationId, StoreError> {
    // Nobody needs the names on invitations that were never answered.
    tx.connection
        .execute("UPDATE invitations SET label = NULL WHERE label IS NOT NULL AND expires_at <= ?1", [int(now)])?;
    let id = InvitationId::new()?;
    let sealed = tx.keys.seal_label(id.as_str(), label)?;
    tx.connection.execute(
        "INSERT INTO invitations (id, code, staff, label, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id.as_str(), code.as_slice(), staff.as_str(), sealed, int(expires_at)],
    )?;
    note(tx, now, "invited", staff, format!("invitation/{id}"))?;
    Ok(id)
}

pub fn delete_invitation(tx: &mut Tx<'_>, staff: &StaffId, id: &InvitationId, now: u64) -> Result<bool, StoreError> {
    let there = tx.connection.execute(
        "UPDATE invitations SET taken_back_at = ?3, label = NULL
         WHERE id = ?1 AND staff = ?2 AND used_at IS NULL AND taken_back_at IS NULL",
        params![id.as_str(), staff.as_str(), int(now)],
    )? > 0;
    if there {
        note(tx, now, "invitation_taken_back", staff, format!("invitation/{id}"))?;
    }
    Ok(there)
}

pub fn list_invitations(
    connection: &Connection,
    keys: &Keys,
    staff: &StaffId,
    now: u64,
) -> Result<Vec<InvitationRow>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, expires_at, label FROM invitations
         WHERE staff = ?1 AND used_at IS NULL AND taken_back_at IS NULL AND expires_at > ?2 ORDER BY rowid DESC",
    )?;
    let mut rows = statement.query(params![staff.as_str(), int(now)])?;
    let mut invitations = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, sealed): (String, Vec<u8>) = (row.get(0)?, row.get(2)?);
        let label = keys.open_label(&id, &sealed)?;
        invitations.push(InvitationRow { id: InvitationId(id), label, expires_at: get_uint(row, 1)? });
    }
    Ok(invitations)
}

pub fn list_young_people(connection: &Connection, keys: &Keys, staff: &StaffId) -> Result<Vec<YoungRow>, StoreError> {
    let sql = format!(
        "SELECT {GRANT}, c.label, y.content_key, s.sealed,
             (SELECT max(l.until_at) FROM looks l WHERE l.young = c.young AND l.staff = c.staff)
         FROM consents c JOIN young y ON y.id = c.young
         LEFT JOIN summaries s ON s.young = c.young AND s.changes = y.changes
         WHERE c.staff = ?1 AND c.label IS NOT NULL
         ORDER BY c.withdrawn_at IS NULL DESC, c.given_at DESC, c.rowid DESC"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([staff.as_str()])?;
    let (mut places, mut list) = (BTreeMap::new(), Vec::<YoungRow>::new());
    while let Some(row) = rows.next()? {
        let grant = grant_from(row)?;
        if let Some(known) = places.get(&grant.young).and_then(|place: &usize| list.get_mut(*place)) {
            known.first_given = known.first_given.min(grant.consent.given_at);
            continue;
        }
        let Some(wrapped) = row.get::<_, Option<Vec<u8>>>(12)? else { continue };
        let key = keys.unwrap(&grant.young, &wrapped)?;
        let label = key.open(&format!("label/{}", grant.consent.id), &row.get::<_, Vec<u8>>(11)?)?;
        // After a no there is nothing to tell.
        let kept = row.get::<_, Option<Vec<u8>>>(13)?.filter(|_| grant.consent.withdrawn_at.is_none());
        let read = grant.consent.parts.without(Part::Messages);
        let last_arrival = last_own_op(connection, &grant.young, read)?.map(|(_, arrived)| arrived);
        places.insert(grant.young.clone(), list.len());
        list.push(YoungRow {
            first_given: grant.consent.given_at,
            label,
            last_arrival,
            last_look: get_time(row, 14)?,
            has_messages: messages::is_unread(connection, &grant)?,
            facts: kept.and_then(|sealed| summaries::open(&key, &sealed)),
            grant,
        });
    }
    Ok(list)
}

/// The sequence number of the young person's last operation in these parts, and when it came. One look into the index for each part:
/// this is asked for every young person in a list, and by the writer for every review.
fn last_own_op(connection: &Connection, young: &YoungId, parts: Parts) -> Result<Option<(u64, u64)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, arrived_at FROM ops INDEXED BY ops_of_young
         WHERE young = ?1 AND part = ?2 AND staff IS NULL ORDER BY seq DESC LIMIT 1",
    )?;
    let mut last = None;
    for part in parts.iter() {
        let found = params![young.as_str(), part.name()];
        let found = statement.query_row(found, |row| Ok((get_uint(row, 0)?, get_uint(row, 1)?))).optional()?;
        last = last.max(found);
    }
    Ok(last)
}

/// Who has said something in these parts that is left, as far as there is a yes to them. Who has not is nobody's business, so a yes
/// or a no to them must change nothing.
fn heard(connection: &Connection, looking: &Looking) -> Result<BTreeSet<(StaffId, &'static str, u64)>, StoreError> {
    let mut last = connection.prepare_cached(
        "SELECT max(seq) FROM ops INDEXED BY ops_of_staff WHERE young = ?1 AND staff = ?2 AND part = ?3 AND bare = 0",
    )?;
    let mut heard = BTreeSet::new();
    for (staff, parts) in &looking.voices {
        for part in looking.parts.common(*parts).iter() {
            let of = params![looking.young.as_str(), staff.as_str(), part.name()];
            if let Some(seq) = last.query_row(of, |row| get_time(row, 0))? {
                heard.insert((staff.clone(), part.name(), seq));
            }
        }
    }
    Ok(heard)
}

/// Who looks at whose words.
pub struct Looking {
    pub staff: StaffId,
    pub young: YoungId,
    pub revision: u64,
    pub consent: String,
    pub parts: Parts,
    /// Who has a yes now, and to what.
    pub voices: Vec<(StaffId, Parts)>,
}

pub fn record_look(tx: &mut Tx<'_>, looking: &Looking, visit_millis: u64, now: u64) -> Result<Visit, StoreError> {
    let Looking { staff, young, revision, consent, parts: shared, .. } = looking;
    check_revision(tx.connection, young, *revision)?;
    let (id, began) = note_look(tx, staff, young, *shared, visit_millis, now)?;
    let previous: Option<u64> = tx.connection.query_row(
        "SELECT max(until_at) FROM looks WHERE young = ?1 AND staff = ?2 AND id < ?3",
        params![young.as_str(), staff.as_str(), id],
        |row| get_time(row, 0),
    )?;
    let label = find_label(tx, young, consent)?;
    let last_seq = last_own_op(tx.connection, young, *shared)?.map_or(0, |(seq, _)| seq);
    Ok(Visit { previous, began, last_seq, heard: heard(tx.connection, looking)?, label })
}

fn find_label(tx: &Tx<'_>, young: &YoungId, consent: &str) -> Result<String, StoreError> {
    let key = content_key(tx.connection, tx.keys, young)?.ok_or(StoreError::Stale)?;
    let sealed: Option<Vec<u8>> =
        tx.connection.query_row("SELECT label FROM consents WHERE id = ?1", [consent], |row| row.get(0))?;
    Ok(sealed.map(|sealed| key.open(&format!("label/{consent}"), &sealed)).transpose()?.unwrap_or_default())
}

pub fn create_unit(tx: &mut Tx<'_>, name: &str, now: u64) -> Result<UnitId, StoreError> {
    let id = UnitId::new()?;
    let added = tx
        .connection
        .execute("INSERT INTO units (id, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING", params![id.as_str(), name])?;
    if added == 0 {
        return Err(StoreError::Inner("there is a unit of this name already".into()));
    }
    let (actor, subject) = ("admin".to_owned(), format!("unit/{id}"));
    audit(tx, now, Event { what: "unit_added", actor, subject, detail: String::new() })?;
    Ok(id)
}

pub fn create_staff(
    tx: &mut Tx<'_>,
    unit: &UnitId,
    name: &str,
    login: &str,
    password: &str,
    now: u64,
) -> Result<StaffId, StoreError> {
    let id = StaffId::new()?;
    let added = tx.connection.execute(
        "INSERT INTO staff (id, unit, name, login, password) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        params![id.as_str(), unit.as_str(), name, login, password],
    )?;
    if added == 0 {
        return Err(StoreError::Inner("the login is taken".into()));
    }
    // A young person says yes and no to a name and a unit, on the screen and in their phone.
    let same = "SELECT count(*) FROM staff WHERE unit = ?1 AND name = ?2 COLLATE NOCASE";
    let of_this_name: i64 = tx.connection.query_row(same, params![unit.as_str(), name], |row| row.get(0))?;
    if of_this_name > 1 {
        let hint = "there is somebody of this name in the unit already: add what tells them apart";
        return Err(StoreError::Inner(hint.into()));
    }
    let (actor, subject) = ("admin".to_owned(), format!("staff/{id}"));
    audit(tx, now, Event { what: "staff_added", actor, subject, detail: format!("in unit/{unit}") })?;
    Ok(id)
}

pub fn list_audit(connection: &Connection) -> Result<Vec<AuditRow>, StoreError> {
    let mut statement =
        connection.prepare("SELECT seq, at, what, actor, subject, detail, hash FROM audit ORDER BY seq")?;
    let rows = statement
        .query_map([], |row| {
            Ok(AuditRow {
                seq: get_uint(row, 0)?,
                at: get_uint(row, 1)?,
                what: row.get(2)?,
                actor: row.get(3)?,
                subject: row.get(4)?,
                detail: row.get(5)?,
                hash: row.get(6)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
