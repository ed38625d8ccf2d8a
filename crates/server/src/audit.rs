//! The audit log: who did what, when, in a chain where every row vouches for the one before. Never content.
//!
//! A row is only ever added. Each carries an HMAC over the hash before it and its own fields, with a key from the master
//! key, so that who can write in the database but does not have the key cannot change, take out or move a row unseen.
//! Cutting rows off the end leaves a shorter chain that is right in itself: an [`Anchor`], kept somewhere else, shows it.

use crate::ids::{from_hex, hex};
use crate::seal::Keys;
use std::fmt;
use std::str::FromStr;

/// What the first row continues from.
pub const GENESIS: [u8; 32] = [0; 32];

/// Something that happened. Names are identities, never what people are called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event<'a> {
    /// What: `consent_given`, `look_began`.
    pub what: &'a str,
    /// Who did it: `young/<id>`, `staff/<id>`, `admin`.
    pub actor: String,
    /// To what: `consent/<id>`.
    pub subject: String,
    /// Parts, counts, answers; nothing that anybody wrote.
    pub detail: String,
}

/// A row as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub seq: u64,
    pub at: u64,
    pub what: String,
    pub actor: String,
    pub subject: String,
    pub detail: String,
    pub hash: [u8; 32],
}

impl Row {
    /// The row that comes after `previous`, or the first.
    pub fn after(previous: Option<(u64, [u8; 32])>, keys: &Keys, at: u64, event: Event<'_>) -> Self {
        let (seq, hash) = previous.unwrap_or((0, GENESIS));
        let mut row = Self {
            seq: seq + 1,
            at,
            what: event.what.to_owned(),
            actor: event.actor,
            subject: event.subject,
            detail: event.detail,
            hash: GENESIS,
        };
        row.hash = keys.audit(&hash, &row.canonical());
        row
    }

    /// Every field with its length before it, so that no two rows read the same.
    fn canonical(&self) -> Vec<u8> {
        let (seq, at) = (self.seq.to_string(), self.at.to_string());
        let fields = [&seq, &at, &self.what, &self.actor, &self.subject, &self.detail];
        let mut bytes = Vec::new();
        for field in fields {
            bytes.extend_from_slice(&(field.len() as u64).to_be_bytes());
            bytes.extend_from_slice(field.as_bytes());
        }
        bytes
    }
}

/// A place in the chain that was right when it was written down. Text form: `17:<64 hexadecimal characters>`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Anchor {
    pub seq: u64,
    pub hash: [u8; 32],
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, hex(&self.hash))
    }
}

impl FromStr for Anchor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text.split_once(':').and_then(|(seq, hash)| Some((seq.parse().ok()?, from_hex(hash)?)));
        parsed.map(|(seq, hash)| Self { seq, hash }).ok_or("an anchor looks like 17:0123…, as verify-audit prints it")
    }
}

/// The first row at which the chain is not what it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Broken {
    pub seq: u64,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the audit log has been changed at or before row {}", self.seq)
    }
}

/// Walks the chain and answers with its end.
///
/// # Errors
/// When a row was changed, taken out, put in or moved; or the chain does not go through the anchor.
pub fn verify(rows: &[Row], keys: &Keys, anchor: Option<Anchor>) -> Result<Anchor, Broken> {
    let mut end = Anchor { seq: 0, hash: GENESIS };
    let mut anchored = anchor.is_none_or(|anchor| anchor == end);
    for row in rows {
        let expected = keys.audit(&end.hash, &row.canonical());
        if row.seq != end.seq + 1 || row.hash != expected {
            return Err(Broken { seq: row.seq });
        }
        end = Anchor { seq: row.seq, hash: row.hash };
        anchored |= anchor == Some(end);
    }
    if anchored { Ok(end) } else { Err(Broken { seq: end.seq + 1 }) }
}
