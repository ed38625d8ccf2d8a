//! Administration from the machine itself: units, staff, and the audit log. Safe while the server runs.

use crate::audit::{self, Anchor};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::password::{self, Cost};
use crate::seal::Keys;
use crate::store::{SqliteStore, Store};
use std::io::BufRead;
use std::path::PathBuf;

/// Where the database and its key are.
pub struct Place {
    pub data: PathBuf,
    pub master_key_file: PathBuf,
}

/// Where a new password comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PasswordFrom {
    StandardInput,
    Random,
}

fn open(place: &Place) -> Result<SqliteStore, Failure> {
    let keys = Keys::read(&place.master_key_file)
        .map_err(|error| Failure::new(format!("{}: {error}", place.master_key_file.display())))?;
    if !place.data.is_dir() {
        return Err(Failure::new(format!("{} is not a folder", place.data.display())));
    }
    Ok(SqliteStore::open(&place.data, keys)?)
}

fn checked<'a>(text: &'a str, option: &str) -> Result<&'a str, Failure> {
    let text = text.trim();
    let fine = (1..=80).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fine { Ok(text) } else { Err(Failure::new(format!("{option} has 1 to 80 characters"))) }
}

pub async fn add_unit(place: &Place, name: &str) -> Result<(), Failure> {
    let store = open(place)?;
    store.create_unit(checked(name, "--name")?, Clock::system().now()).await?;
    store.close().await?;
    println!("added {name}");
    Ok(())
}

pub async fn add_staff(
    place: &Place,
    unit: &str,
    name: &str,
    login: &str,
    password: PasswordFrom,
) -> Result<(), Failure> {
    let (name, login) = (checked(name, "--name")?, checked(login, "--login")?.to_lowercase());
    let store = open(place)?;
    let unit = store.find_unit(unit).await?.ok_or_else(|| Failure::new("there is no such unit; see add-unit"))?;
    let is_ours = password == PasswordFrom::Random;
    let password = match password {
        PasswordFrom::Random => password::generate()?,
        PasswordFrom::StandardInput => {
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line)?;
            line.trim_end_matches(['\r', '\n']).to_owned()
        }
    };
    if !(password::MIN_LENGTH..=password::MAX_LENGTH).contains(&password.len()) {
        let (least, most) = (password::MIN_LENGTH, password::MAX_LENGTH);
        return Err(Failure::new(format!("a password has {least} to {most} bytes")));
    }
    let hash = password::hash(&password, Cost::Full)?.ok_or_else(|| Failure::new("the password cannot be hashed"))?;
    store.create_staff(&unit, name, &login, &hash, Clock::system().now()).await?;
    store.close().await?;
    println!("added {login}");
    if is_ours {
        println!("password: {password}");
    }
    Ok(())
}

pub async fn verify_audit(place: &Place, anchor: Option<Anchor>) -> Result<(), Failure> {
    let keys = Keys::read(&place.master_key_file)
        .map_err(|error| Failure::new(format!("{}: {error}", place.master_key_file.display())))?;
    let store = open(place)?;
    let rows = store.list_audit().await?;
    store.close().await?;
    let end = audit::verify(&rows, &keys, anchor).map_err(|broken| Failure::new(broken.to_string()))?;
    println!("the audit log is whole: {} rows", rows.len());
    println!("anchor: {end}");
    Ok(())
}
