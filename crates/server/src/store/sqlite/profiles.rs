//! What contacts tell about themselves, as rows: sealed, as everything that somebody has written.

use crate::ids::StaffId;
use crate::seal::{Keys, SealError};
use crate::store::StoreError;
use plan::Profile;
use protocol::ProfileView;
use rusqlite::{Connection, OptionalExtension, params};

/// Who has told nothing has an empty one.
pub fn find(connection: &Connection, keys: &Keys, staff: &StaffId) -> Result<Profile, StoreError> {
    let mut statement = connection.prepare_cached("SELECT sealed FROM profiles WHERE staff = ?1")?;
    let sealed: Option<Vec<u8>> = statement.query_row([staff.as_str()], |row| row.get(0)).optional()?;
    open(keys, staff, sealed)
}

pub fn open(keys: &Keys, staff: &StaffId, sealed: Option<Vec<u8>>) -> Result<Profile, StoreError> {
    let Some(sealed) = sealed else { return Ok(Profile::default()) };
    let text = keys.open_profile(staff, &sealed)?;
    let view: ProfileView = serde_json::from_str(&text).map_err(|_| SealError::NotOurs)?;
    Ok(view.into())
}

pub fn update(connection: &Connection, keys: &Keys, staff: &StaffId, profile: Profile) -> Result<(), StoreError> {
    let text = serde_json::to_string(&ProfileView::from(profile)).map_err(|error| StoreError::Inner(error.into()))?;
    connection.execute(
        "INSERT OR REPLACE INTO profiles (staff, sealed) VALUES (?1, ?2)",
        params![staff.as_str(), keys.seal_profile(staff, &text)?],
    )?;
    Ok(())
}
