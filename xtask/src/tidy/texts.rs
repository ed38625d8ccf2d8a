//! `locales/da.json`: what the screens say, and whether any screen says it.

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use super::texts_of;
use crate::files;

/// Every text a person may see, with its key.
pub fn danish() -> Result<Vec<(String, String)>> {
    let json = files::read_text(&files::root().join("locales/da.json"))?;
    let texts: Map<String, Value> = serde_json::from_str(&json).context("locales/da.json")?;
    let text = |(key, value): (String, Value)| value.as_str().map(|text| (key, text.to_owned()));
    Ok(texts.into_iter().filter_map(text).collect())
}

pub fn is_for_staff(key: &str) -> bool {
    key.starts_with("staff.") || key.starts_with("personale.")
}

pub fn unused() -> Result<Vec<String>> {
    let sources = texts_of(files::all(&["src"])?, &["rs"])?;
    let mut broken = Vec::new();
    for (key, _) in danish()? {
        let constant = constant(&key);
        if !sources.iter().any(|(_, code)| names(code, &constant)) {
            broken.push(format!("{key}: no screen uses {constant}"));
        }
    }
    Ok(broken)
}

/// The name that build.rs gives to the text.
fn constant(key: &str) -> String {
    key.to_uppercase().replace(['.', '-'], "_")
}

/// Whether `name` stands in the code as a word of its own.
fn names(code: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name)
        .any(|(start, _)| !code[..start].ends_with(is_part) && !code[start + name.len()..].starts_with(is_part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_name_is_another_name() {
        assert!(names("texts::APP_NAME,", &constant("app.name")));
        assert!(!names("texts::APP_NAME_LONG", "APP_NAME"));
    }
}
