//! What has happened with a young person, without words: made of all of their operations, and kept until one of them changes.

use super::rows::{check_revision, content_key, get_uint, int, parts_text};
use super::writer::Tx;
use crate::ids::YoungId;
use crate::seal::{ContentKey, Keys, SealError};
use crate::store::StoreError;
use plan::{Facts, OpSet, Part, Parts, Record};
use rusqlite::{Connection, params};

/// What it is sealed as.
const ABOUT: &str = "summary";

/// Facts with what they were made from.
pub struct Made {
    pub facts: Facts,
    young: YoungId,
    revision: u64,
    changes: u64,
    sealed: Vec<u8>,
}

/// Opens every operation of one young person. Stale when consents have changed since the permission for it was made.
pub fn make(connection: &Connection, keys: &Keys, young: &YoungId, revision: u64) -> Result<Made, StoreError> {
    check_revision(connection, young, revision)?;
    let key = content_key(connection, keys, young)?.ok_or(StoreError::Stale)?;
    let mut changes = connection.prepare_cached("SELECT changes FROM young WHERE id = ?1")?;
    let changes = changes.query_row([young.as_str()], |row| get_uint(row, 0))?;
    // Messages are nothing that a step is seen by.
    let mut statement = connection.prepare_cached(
        "SELECT id, sealed FROM ops WHERE young = ?1 AND staff IS NULL AND instr(?2, ',' || part || ',') > 0",
    )?;
    let mut rows = statement.query(params![young.as_str(), parts_text(Parts::all().without(Part::Messages))])?;
    let mut set = OpSet::new();
    while let Some(row) = rows.next()? {
        let raw = key.open(&format!("op/{}", row.get::<_, String>(0)?), &row.get::<_, Vec<u8>>(1)?)?;
        set.insert(Record::parse(&raw).map_err(|_| SealError::NotOurs)?);
    }
    let facts = Facts::of(&set);
    let sealed = key.seal(ABOUT, &facts.to_text())?;
    Ok(Made { facts, young: young.clone(), revision, changes, sealed })
}

/// Keeps it, unless something has changed meanwhile: then it is made anew when it is asked for.
pub fn keep(tx: &Tx<'_>, made: &Made) -> Result<(), StoreError> {
    let mut statement = tx.connection.prepare_cached(
        "INSERT OR REPLACE INTO summaries (young, changes, sealed)
         SELECT id, changes, ?4 FROM young WHERE id = ?1 AND revision = ?2 AND changes = ?3",
    )?;
    statement.execute(params![made.young.as_str(), int(made.revision), int(made.changes), made.sealed])?;
    Ok(())
}

/// `None` for what another build has kept, or for another key: it is made anew.
pub fn open(key: &ContentKey, sealed: &[u8]) -> Option<Facts> {
    Facts::from_text(&key.open(ABOUT, sealed).ok()?)
}
