//! The tables, as a list of migrations: each is run once, in order, and never changed after it has been released.

/// Marks the file as ours (`MPln`).
pub const APPLICATION_ID: i64 = 0x4d50_6c6e;

/// The version of a database is the number of migrations that it has been through.
pub const MIGRATIONS: &[&str] = &[V1, V2, V3, V4, V5, V6, V7, V8, V9, V10, V11];

const V1: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;

CREATE TABLE units (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE staff (
    id TEXT PRIMARY KEY,
    unit TEXT NOT NULL REFERENCES units (id),
    name TEXT NOT NULL,
    login TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL
) STRICT;

CREATE TABLE sessions (
    token BLOB PRIMARY KEY,
    staff TEXT NOT NULL REFERENCES staff (id),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

-- content_key: wrapped by the master key; NULL when everything has been erased.
CREATE TABLE young (
    id TEXT PRIMARY KEY,
    content_key BLOB,
    revision INTEGER NOT NULL,
    generation TEXT NOT NULL,
    last_seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE devices (
    id TEXT PRIMARY KEY,
    young TEXT NOT NULL REFERENCES young (id),
    token BLOB NOT NULL UNIQUE,
    added_at INTEGER NOT NULL
) STRICT;
CREATE INDEX devices_of ON devices (young);

-- label, custody_note: sealed with the young person's content key.
CREATE TABLE consents (
    id TEXT PRIMARY KEY,
    young TEXT NOT NULL REFERENCES young (id),
    staff TEXT NOT NULL REFERENCES staff (id),
    recipient TEXT NOT NULL,
    unit TEXT NOT NULL,
    parts TEXT NOT NULL,
    given_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    custody TEXT NOT NULL,
    withdrawn_at INTEGER,
    turns_15 TEXT NOT NULL,
    turns_18 TEXT NOT NULL,
    label BLOB,
    custody_note BLOB
) STRICT;
CREATE INDEX consents_of ON consents (young);
CREATE INDEX consents_to ON consents (staff);
-- One recipient has one consent that counts.
CREATE UNIQUE INDEX consents_one ON consents (young, staff) WHERE withdrawn_at IS NULL;

-- From a contact (staff, and a label sealed with a key of the server's own) or from a device (young).
CREATE TABLE invitations (
    id TEXT PRIMARY KEY,
    code BLOB NOT NULL UNIQUE,
    staff TEXT REFERENCES staff (id),
    young TEXT REFERENCES young (id),
    label BLOB,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    taken_back_at INTEGER,
    consent TEXT REFERENCES consents (id)
) STRICT;
CREATE INDEX invitations_from ON invitations (staff);

-- sealed: the operation's exact text. part: what a consent speaks of, so that nothing else needs to be opened.
CREATE TABLE ops (
    young TEXT NOT NULL REFERENCES young (id),
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    part TEXT NOT NULL,
    arrived_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (young, seq)
) STRICT;
CREATE UNIQUE INDEX ops_by_id ON ops (young, id);

-- Operations that have been erased by another one, arrived or not.
CREATE TABLE condemned (
    young TEXT NOT NULL REFERENCES young (id),
    op TEXT NOT NULL,
    entity TEXT NOT NULL,
    PRIMARY KEY (young, op, entity)
) STRICT, WITHOUT ROWID;

CREATE TABLE looks (
    id INTEGER PRIMARY KEY,
    staff TEXT NOT NULL REFERENCES staff (id),
    young TEXT NOT NULL REFERENCES young (id),
    parts TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL
) STRICT;
CREATE INDEX looks_of ON looks (young, staff, id);

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    actor TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
";

const V2: &str = "
-- secret: a keyed hash of what the phone made for this yes, so that asking again finds the same one.
ALTER TABLE consents ADD COLUMN secret BLOB;
CREATE UNIQUE INDEX consents_by_secret ON consents (secret) WHERE secret IS NOT NULL;

-- Secrets that were asked for before a yes came with them: none comes any more.
CREATE TABLE void_secrets (
    secret BLOB PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX void_secrets_at ON void_secrets (at);

-- What came last in a part, without going through everything.
CREATE INDEX ops_by_part ON ops (young, part, seq);

-- How many operations there are, and how large they are as they are sealed: kept by the rows themselves, so that whatever
-- writes, replaces or erases one is counted.
ALTER TABLE young ADD COLUMN op_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE young ADD COLUMN op_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE young SET op_count = (SELECT count(*) FROM ops WHERE ops.young = young.id),
    op_bytes = (SELECT coalesce(sum(length(sealed)), 0) FROM ops WHERE ops.young = young.id);
CREATE TRIGGER ops_counted_in AFTER INSERT ON ops BEGIN
    UPDATE young SET op_count = op_count + 1, op_bytes = op_bytes + length(NEW.sealed) WHERE id = NEW.young;
END;
CREATE TRIGGER ops_counted_again AFTER UPDATE OF sealed ON ops BEGIN
    UPDATE young SET op_bytes = op_bytes + length(NEW.sealed) - length(OLD.sealed) WHERE id = NEW.young;
END;
CREATE TRIGGER ops_counted_out AFTER DELETE ON ops BEGIN
    UPDATE young SET op_count = op_count - 1, op_bytes = op_bytes - length(OLD.sealed) WHERE id = OLD.young;
END;
";

const V3: &str = "
-- staff: whose words they are, or are part of; NULL for the young person's own.
ALTER TABLE ops ADD COLUMN staff TEXT REFERENCES staff (id);
CREATE INDEX ops_of_staff ON ops (young, staff) WHERE staff IS NOT NULL;
-- When what a member of staff has said was erased: none of it comes back.
CREATE TABLE words_erased (
    young TEXT NOT NULL REFERENCES young (id),
    staff TEXT NOT NULL REFERENCES staff (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (young, staff)
) STRICT, WITHOUT ROWID;
-- What the young person wrote last in a part is what is new to a contact.
CREATE INDEX ops_of_young ON ops (young, part, seq) WHERE staff IS NULL;
";

const V4: &str = "
-- When what a member of staff has said in a part was erased: none of it comes back.
ALTER TABLE words_erased RENAME TO words_erased_before;
CREATE TABLE words_erased (
    young TEXT NOT NULL REFERENCES young (id),
    staff TEXT NOT NULL REFERENCES staff (id),
    part TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (young, staff, part)
) STRICT, WITHOUT ROWID;
INSERT INTO words_erased (young, staff, part, at) SELECT e.young, e.staff, p.column1, e.at FROM words_erased_before e,
    (VALUES ('about'), ('green'), ('yellow'), ('red'), ('after'), ('meeting')) p;
DROP TABLE words_erased_before;

-- bare: it has lost its words. Of what is here already only adults' that an erasure has named.
ALTER TABLE ops ADD COLUMN bare INTEGER NOT NULL DEFAULT 0;
UPDATE ops SET bare = 1 WHERE staff IS NOT NULL AND EXISTS (
    SELECT 1 FROM condemned c WHERE c.young = ops.young AND c.op = ops.id AND substr(c.entity, -length(staff)) = staff
);
-- What each has said last in a part, and whether they have said anything in it. What came last, whoever wrote it, is not asked.
DROP INDEX ops_by_part;
DROP INDEX ops_of_staff;
CREATE INDEX ops_of_staff ON ops (young, staff, part, bare, seq) WHERE staff IS NOT NULL;
";

const V5: &str = "
-- Up to where a contact has read what was written to them.
CREATE TABLE threads_read (
    young TEXT NOT NULL REFERENCES young (id),
    staff TEXT NOT NULL REFERENCES staff (id),
    seq INTEGER NOT NULL,
    PRIMARY KEY (young, staff)
) STRICT, WITHOUT ROWID;
";

const V6: &str = "
-- sealed: what a contact tells about themselves, with a key of the server's own.
CREATE TABLE profiles (staff TEXT PRIMARY KEY REFERENCES staff (id), sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- What has happened with a young person, without words, sealed with their content key: so that a list of many opens no operation.
-- changes: the young person's as they were when it was made.
CREATE TABLE summaries (
    young TEXT PRIMARY KEY REFERENCES young (id),
    changes INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- How often an operation has come, has lost its words or has gone: counted by the rows themselves. What goes takes the summary along.
ALTER TABLE young ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER ops_counted_in;
DROP TRIGGER ops_counted_again;
DROP TRIGGER ops_counted_out;
CREATE TRIGGER ops_counted_in AFTER INSERT ON ops BEGIN
    UPDATE young SET op_count = op_count + 1, op_bytes = op_bytes + length(NEW.sealed), changes = changes + 1 WHERE id = NEW.young;
END;
CREATE TRIGGER ops_counted_again AFTER UPDATE OF sealed ON ops BEGIN
    UPDATE young SET op_bytes = op_bytes + length(NEW.sealed) - length(OLD.sealed), changes = changes + 1 WHERE id = NEW.young;
    DELETE FROM summaries WHERE young = NEW.young;
END;
CREATE TRIGGER ops_counted_out AFTER DELETE ON ops BEGIN
    UPDATE young SET op_count = op_count - 1, op_bytes = op_bytes - length(OLD.sealed), changes = changes + 1 WHERE id = OLD.young;
    DELETE FROM summaries WHERE young = OLD.young;
END;
";

const V7: &str = "
-- Links that guests were given. link, code: what they show, as keyed hashes. sealed: which meeting, and what kind of guest.
CREATE TABLE guests (
    id TEXT PRIMARY KEY,
    young TEXT NOT NULL REFERENCES young (id),
    link BLOB NOT NULL UNIQUE,
    code BLOB NOT NULL,
    sealed BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    first_opened INTEGER,
    last_opened INTEGER,
    ended_at INTEGER,
    wrong_codes INTEGER NOT NULL DEFAULT 0,
    has_reflected INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX guests_of_young ON guests (young);
";

const V8: &str = "
-- What a contact has printed, or kept as text, for the young person to see. id: the request's, so that the same again is one copy.
CREATE TABLE copies (
    young TEXT NOT NULL REFERENCES young (id),
    staff TEXT NOT NULL REFERENCES staff (id),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    parts TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (young, staff, id, kind, parts)
) STRICT, WITHOUT ROWID;
";

const V9: &str = "
-- Up to where what guests have said was erased, by the clock that they have (millis, count): none of it comes back.
CREATE TABLE guest_words_erased (
    young TEXT PRIMARY KEY REFERENCES young (id),
    millis INTEGER NOT NULL,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- What was erased before: when the words of everybody who had got a yes by then were.
INSERT INTO guest_words_erased (young, millis, count) SELECT e.young, max(e.at) / 86400000 * 86400000, 0 FROM words_erased e
WHERE e.part = 'meeting' AND NOT EXISTS (
    SELECT 1 FROM consents c WHERE c.young = e.young AND c.given_at <= e.at AND NOT EXISTS (
        SELECT 1 FROM words_erased o WHERE o.young = e.young AND o.staff = c.staff AND o.part = 'meeting' AND o.at >= e.at
    )
) GROUP BY e.young;

-- Why a link has ended; NULL also of those that had ended before. What ten wrong codes had closed had no end.
ALTER TABLE guests ADD COLUMN ended_for TEXT;
UPDATE guests SET ended_at = coalesce(last_opened, made_at), ended_for = 'wrong_codes' WHERE wrong_codes >= 10 AND ended_at IS NULL;

-- The same name is the same copy for a while, and for as long as nothing else could be in it. changes: the young person's as they were;
-- NULL of a copy from before.
ALTER TABLE copies RENAME TO copies_before;
CREATE TABLE copies (
    young TEXT NOT NULL REFERENCES young (id),
    staff TEXT NOT NULL REFERENCES staff (id),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    parts TEXT NOT NULL,
    at INTEGER NOT NULL,
    changes INTEGER
) STRICT;
CREATE INDEX copies_of ON copies (young, staff, id);
INSERT INTO copies (young, staff, id, kind, parts, at) SELECT young, staff, id, kind, parts, at FROM copies_before;
DROP TABLE copies_before;
";

const V10: &str = "
-- Who reads and answers what is written to a member of staff, up to and with a day.
CREATE TABLE stand_ins (
    staff TEXT PRIMARY KEY REFERENCES staff (id),
    stand_in TEXT NOT NULL REFERENCES staff (id),
    until_day TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX stand_ins_by ON stand_ins (stand_in);

-- Up to where somebody who stands in has read what was written to a member of staff.
CREATE TABLE threads_read_for (
    young TEXT NOT NULL REFERENCES young (id),
    staff TEXT NOT NULL REFERENCES staff (id),
    reader TEXT NOT NULL REFERENCES staff (id),
    seq INTEGER NOT NULL,
    PRIMARY KEY (young, staff, reader)
) STRICT, WITHOUT ROWID;
";

const V11: &str = "
-- From which sequence number on a start of this database has counted; see cursor.rs. A row where something was written after a start.
CREATE TABLE epochs (
    young TEXT NOT NULL REFERENCES young (id),
    from_seq INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    PRIMARY KEY (young, from_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX epochs_by ON epochs (epoch);
";

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    #[test]
    fn what_was_erased_of_adults_words_before_version_4_is_known_after_it() {
        let connection = Connection::open_in_memory().unwrap();
        MIGRATIONS[..3].iter().for_each(|migration| connection.execute_batch(migration).unwrap());
        connection
            .execute_batch(
                "INSERT INTO units VALUES ('u', 'Lindely');
                 INSERT INTO staff VALUES ('s', 'u', 'Sara', 'sara', 'x');
                 INSERT INTO young (id, revision, generation, last_seq, created_at) VALUES ('y', 0, 'g', 0, 0);
                 INSERT INTO words_erased VALUES ('y', 's', 7);
                 INSERT INTO ops (young, seq, id, part, arrived_at, sealed, staff) VALUES
                     ('y', 1, '1-1', 'meeting', 0, x'00', 's'), ('y', 2, '1-2', 'meeting', 0, x'00', 's'),
                     ('y', 3, '1-3', 'meeting', 0, x'00', NULL);
                 INSERT INTO condemned VALUES ('y', '1-1', 'meeting/answer/x_s'), ('y', '1-2', 'meeting/answer/x_t'),
                     ('y', '1-3', 'meeting/entry/x');",
            )
            .unwrap();
        connection.execute_batch(V4).unwrap();
        let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(count("SELECT count(*) FROM words_erased WHERE young = 'y' AND staff = 's' AND at = 7"), 6);
        assert_eq!((count("SELECT sum(bare) FROM ops"), count("SELECT seq FROM ops WHERE bare")), (1, 1));
        assert_eq!(count("SELECT op_count FROM young"), 3);
    }

    #[test]
    fn that_a_meeting_was_erased_before_version_9_is_known_after_it() {
        let connection = Connection::open_in_memory().unwrap();
        MIGRATIONS[..8].iter().for_each(|migration| connection.execute_batch(migration).unwrap());
        // Of `all` everything was erased on the second day. Of `one` what Sara has said, while Jonas reads on. Of `later` all on the
        // second day, and a yes was given after it.
        connection
            .execute_batch(
                "INSERT INTO units VALUES ('u', 'Lindely');
                 INSERT INTO staff VALUES ('s', 'u', 'Sara', 'sara', 'x'), ('j', 'u', 'Jonas', 'jonas', 'x');
                 INSERT INTO young (id, revision, generation, last_seq, created_at) VALUES
                     ('all', 0, 'g', 0, 0), ('one', 0, 'g', 0, 0), ('later', 0, 'g', 0, 0), ('none', 0, 'g', 0, 0);
                 INSERT INTO consents (id, young, staff, recipient, unit, parts, given_at, expires_at, custody, turns_15, turns_18)
                     SELECT column1 || column2, column1, column2, '', '', '', column3, 0, '', '', '' FROM (VALUES
                         ('all', 's', 1), ('all', 'j', 2), ('one', 's', 1), ('one', 'j', 2), ('later', 's', 1),
                         ('later', 'j', 200000000), ('none', 's', 1));
                 INSERT INTO words_erased VALUES ('all', 's', 'meeting', 90000000), ('all', 'j', 'meeting', 90000000),
                     ('one', 's', 'meeting', 90000000), ('later', 's', 'meeting', 90000000), ('none', 's', 'red', 90000000);",
            )
            .unwrap();
        connection.execute_batch(V9).unwrap();
        let mut statement = connection.prepare("SELECT * FROM guest_words_erased ORDER BY young").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        let rows: Vec<(String, i64, i64)> = rows.map(Result::unwrap).collect();
        assert_eq!(rows, [("all".to_owned(), 86_400_000, 0), ("later".to_owned(), 86_400_000, 0)]);
    }

    #[test]
    fn copies_of_before_version_9_are_there_after_it() {
        let connection = Connection::open_in_memory().unwrap();
        MIGRATIONS[..8].iter().for_each(|migration| connection.execute_batch(migration).unwrap());
        connection
            .execute_batch(
                "INSERT INTO units VALUES ('u', 'Lindely');
                 INSERT INTO staff VALUES ('s', 'u', 'Sara', 'sara', 'x');
                 INSERT INTO young (id, revision, generation, last_seq, created_at) VALUES ('y', 0, 'g', 0, 0);
                 INSERT INTO copies VALUES ('y', 's', '00', 'print', ',red,', 7), ('y', 's', '00', 'text', ',red,', 8);",
            )
            .unwrap();
        connection.execute_batch(V9).unwrap();
        let mut statement = connection.prepare("SELECT kind, at, changes FROM copies ORDER BY at").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        let rows: Vec<(String, i64, Option<i64>)> = rows.map(Result::unwrap).collect();
        assert_eq!(rows, [("print".to_owned(), 7, None), ("text".to_owned(), 8, None)]);
    }

    #[test]
    fn what_ten_wrong_codes_had_closed_before_version_9_has_an_end_after_it() {
        let connection = Connection::open_in_memory().unwrap();
        MIGRATIONS[..8].iter().for_each(|migration| connection.execute_batch(migration).unwrap());
        connection
            .execute_batch(
                "INSERT INTO young (id, revision, generation, last_seq, created_at) VALUES ('y', 0, 'g', 0, 0);
                 INSERT INTO guests (id, young, link, code, sealed, made_at, last_opened, ended_at, wrong_codes) VALUES
                     ('nine', 'y', x'01', x'', x'', 1, 2, NULL, 9), ('ten', 'y', x'02', x'', x'', 1, 2, NULL, 10),
                     ('never', 'y', x'03', x'', x'', 1, NULL, NULL, 11), ('tapped', 'y', x'04', x'', x'', 1, 2, 3, 10);",
            )
            .unwrap();
        connection.execute_batch(V9).unwrap();
        let mut statement = connection.prepare("SELECT id, ended_at, ended_for FROM guests ORDER BY rowid").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        let rows: Vec<(String, Option<i64>, Option<String>)> = rows.map(Result::unwrap).collect();
        let codes = || Some("wrong_codes".to_owned());
        let expected =
            [("nine", None, None), ("ten", Some(2), codes()), ("never", Some(1), codes()), ("tapped", Some(3), None)];
        assert_eq!(rows, expected.map(|(id, at, why)| (id.to_owned(), at, why)));
    }
}
