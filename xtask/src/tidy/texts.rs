//! `locales/` and the template: what the screens say in each language, and whether any screen says it.

use std::collections::BTreeSet;

use anyhow::{Context, Error, Result};
use films::library::{self, NAMES};
use serde_json::{Map, Value};

use super::texts_of;
use crate::files;

/// The languages, by the names of their files. The first is the one that is written first.
pub const LANGUAGES: [&str; 2] = ["da", "en"];

/// Texts with their keys.
pub type Texts = Vec<(String, String)>;

/// What stands in `locales/` in a language.
pub fn said_in(language: &str) -> Result<Texts> {
    let name = format!("locales/{language}.json");
    let texts: Map<String, Value> =
        serde_json::from_str(&files::read_text(&files::root().join(&name))?).with_context(|| name)?;
    let text = |(key, value): (String, Value)| value.as_str().map(|text| (key, text.to_owned()));
    Ok(texts.into_iter().filter_map(text).collect())
}

/// What every plan starts from, in a language: titles, questions and what others have written.
pub fn template_in(language: &str) -> Result<Texts> {
    let name = format!("crates/plan/content/template.{language}.json");
    let template: Value = serde_json::from_str(&files::read_text(&files::root().join(&name))?).with_context(|| name)?;
    let mut texts = Vec::new();
    collect("template", &template, &mut texts);
    Ok(texts)
}

/// What each film says in a language, by the film: its captions, and what is told to who reads instead.
pub fn films_in(language: &str) -> Result<Vec<(String, Texts, Texts)>> {
    let mut films = Vec::new();
    for name in NAMES {
        let script = library::read_script(name).map_err(Error::msg)?;
        let captions = library::read_captions(name, language).map_err(Error::msg)?;
        let said = captions.into_iter().map(|caption| (format!("film {name}"), caption.lines.join(" ")));
        let scenes = script.scene.iter().map(|scene| &scene.tells);
        let told = [&script.title, &script.about, &script.idea].into_iter().chain(scenes);
        let told =
            told.map(|words| (format!("film {name}"), if language == "da" { &words.da } else { &words.en }.clone()));
        films.push((name.to_owned(), said.collect(), told.collect()));
    }
    Ok(films)
}

fn collect(key: &str, value: &Value, texts: &mut Texts) {
    match value {
        Value::String(text) => texts.push((key.to_owned(), text.clone())),
        Value::Array(all) => all.iter().for_each(|value| collect(key, value, texts)),
        // What is not shown is not read.
        Value::Object(all) => {
            let id = all.get("id").and_then(Value::as_str);
            for (name, value) in
                all.iter().filter(|(name, _)| !["_note", "id", "origin", "zone"].contains(&name.as_str()))
            {
                collect(&format!("{}.{name}", id.map_or(key, |id| id)), value, texts);
            }
        }
        _ => {}
    }
}

pub fn is_for_staff(key: &str) -> bool {
    key.starts_with("staff_")
}

/// A text that is not there in one language, or has other places for what is put into it.
pub fn unequal() -> Result<Vec<String>> {
    let [danish, english] = LANGUAGES.map(said_in);
    let (danish, english) = (danish?, english?);
    let mut broken = Vec::new();
    for (ours, theirs, language) in [(&danish, &english, "en"), (&english, &danish, "da")] {
        for (key, text) in ours {
            match theirs.iter().find(|(other, _)| other == key) {
                None => broken.push(format!("{key}: not in locales/{language}.json")),
                Some((_, other)) if places(text) != places(other) => {
                    broken.push(format!("{key}: locales/{language}.json has other places in it"));
                }
                Some(_) => {}
            }
        }
    }
    Ok(broken)
}

/// The names of what is put into a text: `{{ day }}`.
fn places(text: &str) -> BTreeSet<&str> {
    text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()).map(str::trim).collect()
}

pub fn unused() -> Result<Vec<String>> {
    let sources = texts_of(files::all(&["src"])?, &["rs"])?;
    let mut broken = Vec::new();
    for (key, _) in said_in(LANGUAGES[0])? {
        if !sources.iter().any(|(_, code)| says(code, &key)) {
            broken.push(format!("{key}: no screen says it"));
        }
    }
    Ok(broken)
}

/// Whether a piece of code shows the text of this name.
pub fn says(code: &str, key: &str) -> bool {
    code.contains(&format!("text!({key})")) || code.contains(&format!("words!({key},"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_name_is_another_name() {
        assert!(says("<h1>{text!(app_name)}</h1>", "app_name"));
        assert!(says("words!(until, day = 1)", "until"));
        assert!(!says("text!(app_name_long)", "app_name"));
    }

    #[test]
    fn what_is_put_into_a_text_has_a_name() {
        assert_eq!(places("{{ n }} of {{ all }}"), BTreeSet::from(["n", "all"]));
    }
}
