//! The trial home: two homes with a contact each, a colleague who can stand in, and an open invitation, so that the whole journey can be tried on one
//! machine. What it is not: a way to set up a real server.

use crate::authorise::{self, Denied};
use crate::failure::Failure;
use crate::files::write_private;
use crate::http::INVITATION_MILLIS;
use crate::ids::{StaffId, Token, random};
use crate::password::{self, Cost};
use crate::store::{Store, StoreError};
use protocol::Code;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

const STAFF: [(&str, &str, &str); 3] = [
    ("Bostedet Lindely", "Sara Holm", "sara"),
    ("BUA Aaen", "Jonas Berg", "jonas"),
    ("Bostedet Lindely", "Mette Lund", "mette"),
];

/// What one needs to know to try; kept in the data folder, so that it is the same after a restart.
#[derive(Clone, Serialize, Deserialize)]
pub struct Trial {
    pub login: String,
    pub password: String,
    pub other_login: String,
    pub other_password: String,
    pub invitation: String,
    /// Empty in a folder of an earlier build.
    #[serde(default)]
    pub colleague_login: String,
    #[serde(default)]
    pub colleague_password: String,
}

pub async fn prepare(store: &dyn Store, data: &Path, now: u64) -> Result<Trial, Failure> {
    let path = data.join("trial.json");
    let known: Option<Trial> = match fs::read(&path) {
        Ok(bytes) => Some(serde_json::from_slice(&bytes).map_err(|_| Failure::new("trial.json is not readable"))?),
        Err(_) => None,
    };
    let mut trial = match known {
        Some(trial) => trial,
        None => Trial {
            login: STAFF[0].2.to_owned(),
            password: password::generate()?,
            other_login: STAFF[1].2.to_owned(),
            other_password: password::generate()?,
            invitation: String::new(),
            colleague_login: String::new(),
            colleague_password: String::new(),
        },
    };
    if trial.colleague_login.is_empty() {
        trial.colleague_login = STAFF[2].2.to_owned();
        trial.colleague_password = password::generate()?;
    }
    // Written before the accounts are made: a password that is stored nowhere else must not get lost in between.
    write_private(&path, &serde_json::to_vec(&trial)?)?;
    let sara = find_or_create(store, STAFF[0], &trial.password, now).await?;
    find_or_create(store, STAFF[1], &trial.other_password, now).await?;
    find_or_create(store, STAFF[2], &trial.colleague_password, now).await?;
    if !is_open(store, &trial.invitation, now).await? {
        trial.invitation = invite(store, &sara, now).await?;
        write_private(&path, &serde_json::to_vec(&trial)?)?;
    }
    Ok(trial)
}

async fn find_or_create(
    store: &dyn Store,
    (unit, name, login): (&str, &str, &str),
    password: &str,
    now: u64,
) -> Result<StaffId, Failure> {
    if let Some(known) = store.find_login(login).await? {
        if !password::matches(password, Some(&known.password), Cost::Full) {
            return Err(Failure::new("trial.json and the database do not belong together; remove the data folder"));
        }
        return Ok(known.staff);
    }
    let unit = match store.find_unit(unit).await? {
        Some(unit) => unit,
        None => store.create_unit(unit, now).await?,
    };
    let hash = password::hash(password, Cost::Full)?.ok_or_else(|| Failure::new("the password cannot be hashed"))?;
    Ok(store.create_staff(&unit, name, login, &hash, now).await?)
}

async fn is_open(store: &dyn Store, code: &str, now: u64) -> Result<bool, Failure> {
    let Ok(code) = code.parse::<Code>() else { return Ok(false) };
    match authorise::invitation(store, &code, now).await {
        Ok(_) => Ok(true),
        Err(Denied::For(_)) => Ok(false),
        Err(Denied::Store(error)) => Err(error.into()),
    }
}

/// Invites as the contact would, through a session of their own.
async fn invite(store: &dyn Store, staff: &StaffId, now: u64) -> Result<String, Failure> {
    let token = Token::new()?;
    store.create_session(staff, token.hash(), 0, now).await?;
    let permission = authorise::staff(store, Some(&token), now).await.map_err(|denied| match denied {
        Denied::Store(error) => error,
        Denied::For(code) => StoreError::Refused(code),
    })?;
    let code = Code::from_random(u64::from_be_bytes(random()?));
    store.create_invitation(&permission, "En ung på prøve", &code, now.saturating_add(INVITATION_MILLIS), now).await?;
    store.delete_session(&permission, token.hash(), now).await?;
    Ok(code.to_string())
}
