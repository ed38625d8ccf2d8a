//! A conversation with a released build, as it was recorded: what was asked, and what was answered. See the README beside this.
//!
//! The tests of the server and of the app's machine read it, each in its own way.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Conversation {
    /// The commit that was recorded.
    pub build: String,
    pub exchanges: Vec<Exchange>,
    /// What is on the phone at the end, which has written something since it was last on a network.
    pub disk: Disk,
}

/// What a phone keeps.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct Disk {
    pub ops: BTreeMap<String, String>,
    /// What no server has confirmed.
    pub outbox: BTreeSet<String>,
    pub meta: BTreeMap<String, String>,
    /// What was being written.
    pub drafts: Vec<Value>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Exchange {
    /// When, by the one clock that everybody had.
    pub at: u64,
    pub who: String,
    pub ask: Ask,
    pub answer: Answered,
    /// Only a later build asks this: it is here for how this one says that it does not know of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub later: bool,
}

#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct Ask {
    pub method: String,
    /// Under `/api/v1/`.
    pub path: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub body: Value,
}

#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct Answered {
    pub status: u16,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Of a stream the beginning, as text.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub body: Value,
}

impl Ask {
    /// What is asked for, whoever it is about.
    pub fn route(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        let is_name = |piece: &str| piece.bytes().any(|byte| byte.is_ascii_digit());
        let pieces = path.split('/').map(|piece| if is_name(piece) { "{id}" } else { piece });
        format!("{} {}", self.method, pieces.collect::<Vec<_>>().join("/"))
    }

    /// The operations in it.
    pub fn ops(&self) -> Vec<&str> {
        self.body["ops"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }
}

impl Answered {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Every conversation that there is, by its name, the earliest first.
pub fn list_conversations() -> Vec<(String, Conversation)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "json"));
    files.sort();
    let read = |file: &PathBuf| serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let name = |file: &PathBuf| file.file_stem().unwrap().to_string_lossy().into_owned();
    files.iter().map(|file| (name(file), read(file))).collect()
}

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../protocol/tests/released")
}

/// What begins so is the story's own, and the same in every recording.
pub const OURS: &str = "00c0ffee";

/// The words and names in a text, from where to where. A code is one of them.
pub fn tokens(text: &str) -> Vec<&str> {
    let is_code = |text: &str| {
        let is_half = |half: &str| half.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        text.len() == 11 && text.as_bytes()[5] == b'-' && is_half(&text[..5]) && is_half(&text[6..])
    };
    let mut found = Vec::new();
    for run in text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-') {
        if is_code(run) { found.push(run) } else { found.extend(run.split('-').filter(|piece| !piece.is_empty())) }
    }
    found
}

/// Whether a word was drawn at random by whoever made it: a name, a secret, a mark, a code.
pub fn is_drawn(token: &str) -> bool {
    let is_hex = token.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (matches!(token.len(), 16 | 32 | 64) && is_hex && !token.starts_with(OURS))
        || token.as_bytes().get(5) == Some(&b'-')
}

/// Puts others in the place of some words, wherever they stand.
pub fn put_in_place(text: &str, others: &BTreeMap<String, String>) -> String {
    let (mut put, mut rest) = (String::with_capacity(text.len()), text);
    for token in tokens(text) {
        let Some(at) = rest.find(token) else { continue };
        put.push_str(&rest[..at]);
        put.push_str(others.get(token).map_or(token, String::as_str));
        rest = &rest[at + token.len()..];
    }
    put.push_str(rest);
    put
}
