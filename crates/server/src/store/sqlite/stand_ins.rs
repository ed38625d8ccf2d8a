//! Who stands in for whom, as rows.

use super::messages;
use super::profiles;
use super::rows::{GRANT, Generation, STAND_IN, audit, bump_revision, content_key, grant_from, stand_in_from};
use super::writer::Tx;
use crate::audit::Event;
use crate::ids::{StaffId, YoungId};
use crate::seal::Keys;
use crate::store::{OwnStandIn, StandingIn, StoreError};
use plan::{Day, Part, Profile, StandIn};
use protocol::ErrorCode;
use rusqlite::{Connection, OptionalExtension, params};

/// Who stands in for this contact, also when that is over.
fn find_named(connection: &Connection, staff: &StaffId) -> Result<Option<StandIn>, StoreError> {
    let sql = format!("SELECT {STAND_IN} FROM stand_ins i JOIN staff w ON w.id = i.stand_in WHERE i.staff = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_row([staff.as_str()], |row| stand_in_from(row, 0)).optional()?.flatten())
}

/// What a contact tells about themselves, with who stands in for them.
pub fn find_profile(connection: &Connection, keys: &Keys, staff: &StaffId) -> Result<Profile, StoreError> {
    Ok(Profile { stand_in: find_named(connection, staff)?, ..profiles::find(connection, keys, staff)? })
}

/// Who stands in for these contacts, as far as a yes of this young person's to them has ever let somebody.
pub fn list_told(connection: &Connection, young: &YoungId, contacts: &[StaffId]) -> Result<Vec<StaffId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT i.staff, i.stand_in FROM stand_ins i JOIN consents c ON c.staff = i.staff
         WHERE c.young = ?1 AND instr(c.parts, ',' || ?2 || ',') > 0",
    )?;
    let all = statement
        .query_map([young.as_str(), Part::StandIn.name()], |row| Ok((StaffId(row.get(0)?), StaffId(row.get(1)?))))?;
    let all: Vec<(StaffId, StaffId)> = all.collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|(contact, _)| contacts.contains(contact)).map(|(_, stands_in)| stands_in).collect())
}

/// Who stands in for this contact, also when that is over, and who could.
pub fn find(connection: &Connection, staff: &StaffId) -> Result<OwnStandIn, StoreError> {
    let stand_in = find_named(connection, staff)?;
    let mut statement = connection.prepare_cached(
        "SELECT w.id, w.name FROM staff s JOIN staff w ON w.unit = s.unit AND w.id <> s.id WHERE s.id = ?1
         ORDER BY w.name, w.id",
    )?;
    let colleagues = statement.query_map([staff.as_str()], |row| Ok((StaffId(row.get(0)?), row.get(1)?)))?;
    Ok(OwnStandIn { stand_in, colleagues: colleagues.collect::<Result<_, _>>()? })
}

/// Answers with the young people whose yes to this contact is not taken back, and with who stood in until now: permissions are made
/// anew, and they are all told.
pub fn set(
    tx: &mut Tx<'_>,
    staff: &StaffId,
    stand_in: Option<&(StaffId, Day)>,
    now: u64,
) -> Result<(Vec<YoungId>, Option<StaffId>), StoreError> {
    let actor = format!("staff/{staff}");
    let before = find_named(tx.connection, staff)?.map(|one| StaffId(one.staff));
    match stand_in {
        None => {
            tx.connection.execute("DELETE FROM stand_ins WHERE staff = ?1", [staff.as_str()])?;
            audit(tx, now, Event { what: "stand_in_ended", subject: actor.clone(), actor, detail: String::new() })?;
        }
        Some((other, until)) => {
            let added = tx.connection.execute(
                "INSERT OR REPLACE INTO stand_ins (staff, stand_in, until_day)
                 SELECT s.id, w.id, ?3 FROM staff s JOIN staff w ON w.unit = s.unit AND w.id <> s.id
                 WHERE s.id = ?1 AND w.id = ?2",
                params![staff.as_str(), other.as_str(), until.to_string()],
            )?;
            if added == 0 {
                return Err(StoreError::Refused(ErrorCode::NotFound));
            }
            let (subject, detail) = (format!("staff/{other}"), format!("until {until}"));
            audit(tx, now, Event { what: "stand_in_named", actor, subject, detail })?;
        }
    }
    let mut statement =
        tx.connection.prepare_cached("SELECT young FROM consents WHERE staff = ?1 AND withdrawn_at IS NULL")?;
    let young = statement.query_map([staff.as_str()], |row| row.get(0).map(YoungId))?;
    let young: Vec<YoungId> = young.collect::<Result<_, _>>()?;
    drop(statement);
    for one in &young {
        bump_revision(tx, one, Generation::Same)?;
    }
    Ok((young, before))
}

/// For whom this member of staff stands in now, with the young people who let them.
pub fn list(connection: &Connection, keys: &Keys, staff: &StaffId, now: u64) -> Result<Vec<StandingIn>, StoreError> {
    let sql = format!(
        "SELECT {GRANT}, {STAND_IN}, c.label, a.name FROM stand_ins i JOIN staff w ON w.id = i.stand_in
         JOIN consents c ON c.staff = i.staff AND c.withdrawn_at IS NULL JOIN staff a ON a.id = i.staff
         WHERE i.stand_in = ?1 ORDER BY a.name, c.given_at, c.rowid"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([staff.as_str()])?;
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        let mut grant = grant_from(row)?;
        grant.consent.profile.stand_in = stand_in_from(row, 11)?;
        let Some(until) = grant.consent.lets_stand_in(now).map(|one| one.until) else { continue };
        let Some(key) = content_key(connection, keys, &grant.young)? else { continue };
        let sealed: Option<Vec<u8>> = row.get(14)?;
        let label = sealed.map(|sealed| key.open(&format!("label/{}", grant.consent.id), &sealed)).transpose()?;
        list.push(StandingIn {
            contact_name: row.get(15)?,
            label: label.unwrap_or_default(),
            has_messages: messages::is_unread_by(connection, &grant, staff)?,
            until,
            contact: grant.staff,
            young: grant.young,
        });
    }
    Ok(list)
}
