//! Opening the file: what it must be before anything is read from it, and what is refused without touching it.

use super::schema::{APPLICATION_ID, MIGRATIONS};
use crate::seal::Keys;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;
use subtle::ConstantTimeEq;

/// So many statements does a connection keep ready: more than either kind has, since to prepare one takes longer than to run it.
const STATEMENTS: usize = 64;

/// Earlier ones can lose committed writes when a WAL is reset.
const OLDEST_SQLITE: i32 = 3_051_003;
/// How long a connection waits for another process (`add-staff` while the server runs).
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// Why a database cannot be used. It has not been touched.
#[derive(Debug)]
pub enum OpenError {
    OldSqlite,
    NotOurs,
    /// Written by a newer build.
    Newer {
        found: i64,
        known: i64,
    },
    OtherMasterKey,
    Sqlite(rusqlite::Error),
    Io(io::Error),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OldSqlite => write!(f, "SQLite is {}; at least 3.51.3 is needed", rusqlite::version()),
            Self::NotOurs => f.write_str("the file is not a database of Min Plan; nothing has been changed"),
            Self::Newer { found, known } => write!(
                f,
                "the database is from a newer build (version {found}, this build knows {known}); nothing has been changed: \
                 start the newer build, or put back a backup from before"
            ),
            Self::OtherMasterKey => f.write_str("the master key is not the one this database was made with"),
            Self::Sqlite(error) => write!(f, "SQLite: {error}"),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Sqlite(error) => Some(error),
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The connection that writes; the database is there and up to date afterwards.
pub fn open_writer(path: &Path, keys: &Keys) -> Result<Connection, OpenError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(OpenError::OldSqlite);
    }
    refuse_by_header(path)?;
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    let version = version_of(&connection)?;
    configure(&connection)?;
    migrate(&mut connection, version)?;
    check_keys(&connection, keys)?;
    Ok(connection)
}

/// A connection that only reads.
pub fn open_reader(path: &Path) -> Result<Connection, OpenError> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "query_only", true)?;
    keep_statements(&connection)?;
    Ok(connection)
}

/// The two numbers stand in the first hundred bytes, so that a foreign or newer file is refused before SQLite opens it.
fn refuse_by_header(path: &Path) -> Result<(), OpenError> {
    let mut header = [0; 100];
    match File::open(path).and_then(|mut file| file.read_exact(&mut header)) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        // A file that is shorter than a header: empty, which is a new database, or not one at all.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            let is_empty = path.metadata()?.len() == 0;
            return if is_empty { Ok(()) } else { Err(OpenError::NotOurs) };
        }
        Err(error) => return Err(error.into()),
    }
    let number =
        |at: usize| i64::from(u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]));
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(OpenError::NotOurs);
    }
    check_numbers(number(60), number(68))
}

fn check_numbers(version: i64, application: i64) -> Result<(), OpenError> {
    let known = MIGRATIONS.len() as i64;
    match (version, application) {
        (0, 0) => Ok(()),
        (_, APPLICATION_ID) if version <= known => Ok(()),
        (_, APPLICATION_ID) => Err(OpenError::Newer { found: version, known }),
        _ => Err(OpenError::NotOurs),
    }
}

/// What the header said may be older than what is in the WAL, so it is asked again through SQLite before any write.
fn version_of(connection: &Connection) -> Result<i64, OpenError> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let version = number("user_version")?;
    check_numbers(version, number("application_id")?)?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if version == 0 && tables > 0 { Err(OpenError::NotOurs) } else { Ok(version) }
}

fn configure(connection: &Connection) -> Result<(), OpenError> {
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        return Err(io::Error::other("the data folder cannot hold a write-ahead log; is it a network drive?").into());
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    keep_statements(connection)?;
    Ok(())
}

/// Without the guarantee SQLite prepares a statement anew for other values wherever they may speak for another plan, which takes
/// longer than to run it. The plans here do not depend on values.
fn keep_statements(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

fn migrate(connection: &mut Connection, version: i64) -> Result<(), OpenError> {
    let done = usize::try_from(version).unwrap_or_default();
    if done == MIGRATIONS.len() {
        return Ok(());
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been here between the question and the lock.
    let now: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for migration in &MIGRATIONS[usize::try_from(now).unwrap_or_default().min(MIGRATIONS.len())..] {
        tx.execute_batch(migration)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    tx.commit()?;
    Ok(())
}

fn check_keys(connection: &Connection, keys: &Keys) -> Result<(), OpenError> {
    connection.execute(
        "INSERT INTO meta (name, value) VALUES ('key_check', ?1) ON CONFLICT DO NOTHING",
        [keys.check().as_slice()],
    )?;
    let known: Vec<u8> =
        connection.query_row("SELECT value FROM meta WHERE name = 'key_check'", [], |row| row.get(0))?;
    if bool::from(known.ct_eq(&keys.check())) { Ok(()) } else { Err(OpenError::OtherMasterKey) }
}
