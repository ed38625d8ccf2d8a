//! A database as text, so that what one build has written can be kept for the later ones.

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::fmt::Write;
use std::path::Path;

fn open(folder: &Path) -> Connection {
    Connection::open(folder.join("min-plan.sqlite3")).unwrap()
}

/// What there is in it: tables with `true`, then everything that belongs to them.
fn list_objects(database: &Connection) -> Vec<(bool, String, String)> {
    let sql =
        "SELECT type = 'table', name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type <> 'table', rowid";
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn count(database: &Connection, table: &str) -> i64 {
    database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

/// The tables without a row.
pub fn list_empty_tables(folder: &Path) -> Vec<String> {
    let database = open(folder);
    let tables = list_objects(&database).into_iter().filter(|(is_table, ..)| *is_table).map(|(_, name, _)| name);
    tables.filter(|name| count(&database, name) == 0).collect()
}

pub fn version(folder: &Path) -> i64 {
    open(folder).pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

fn literal(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".into(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => format!("'{}'", std::str::from_utf8(text).unwrap().replace('\'', "''")),
        ValueRef::Blob(bytes) => {
            let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
                write!(hex, "{byte:02X}").unwrap();
                hex
            });
            format!("X'{hex}'")
        }
    }
}

/// Every table with every row, and what belongs to them. The files must be closed.
pub fn dump(folder: &Path) -> String {
    let database = open(folder);
    let mut text = String::from("PRAGMA foreign_keys = OFF;\nBEGIN TRANSACTION;\n");
    for (is_table, name, sql) in list_objects(&database) {
        writeln!(text, "{sql};").unwrap();
        if !is_table {
            continue;
        }
        let mut statement = database.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<String> = (0..columns).map(|at| literal(row.get_ref(at).unwrap())).collect();
            writeln!(text, "INSERT INTO \"{name}\" VALUES({});", values.join(",")).unwrap();
        }
    }
    let id: i64 = database.pragma_query_value(None, "application_id", |row| row.get(0)).unwrap();
    let version = version(folder);
    writeln!(text, "COMMIT;\nPRAGMA application_id = {id};\nPRAGMA user_version = {version};").unwrap();
    text
}
