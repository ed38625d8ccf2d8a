//! The list of an organisation's films: as it is written in the folder, and as the app gets it.

use super::words;
use protocol::films::{FilmText, FilmView};
use serde::Deserialize;
use serde_json::Value;

const MAX_NAME: usize = 60;
const MAX_TITLE: usize = 60;
const MAX_LINE: usize = 200;
const MAX_TRANSCRIPT: usize = 8_000;

/// The whole list. Each film is read by itself, so that one with a fault leaves the others alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    #[serde(default)]
    pub instead: bool,
    pub films: Vec<Value>,
}

/// One film, as it is described.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Described {
    pub name: String,
    title: Words,
    about: Words,
    idea: Words,
    transcript: Words,
    pub poster: Option<String>,
    pub captions: Option<Vec<String>>,
}

/// What is said in Danish, and perhaps in English.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    da: String,
    en: Option<String>,
}

impl From<Words> for FilmText {
    fn from(Words { da, en }: Words) -> Self {
        Self { da, en }
    }
}

impl Described {
    /// It stands in addresses and in the names of files.
    pub fn check_name(&self) -> Result<(), String> {
        let is_fine = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        if (1..=MAX_NAME).contains(&self.name.len()) && self.name.bytes().all(is_fine) {
            return Ok(());
        }
        Err(format!("a name has 1 to {MAX_NAME} of the characters a-z, 0-9 and -"))
    }

    /// What is wrong with what is said of it.
    pub fn faults(&self) -> Vec<String> {
        let fields = [
            ("title", &self.title, MAX_TITLE),
            ("about", &self.about, MAX_LINE),
            ("idea", &self.idea, MAX_LINE),
            ("transcript", &self.transcript, MAX_TRANSCRIPT),
        ];
        let mut faults = Vec::new();
        for (field, words, most) in fields {
            for (language, text) in [("da", Some(&words.da)), ("en", words.en.as_ref())] {
                let fault = text.and_then(|text| fault_of(text, most, field == "transcript"));
                faults.extend(fault.map(|fault| format!("its {field} in {language} {fault}")));
            }
        }
        let captions = self.captions.as_deref().unwrap_or_default();
        if self.captions.is_some() && !captions.iter().any(|language| language == "da") {
            faults.push("captions in Danish are required".to_owned());
        }
        if captions.iter().any(|language| language != "da" && language != "en") {
            faults.push("captions are in da and en".to_owned());
        }
        faults
    }

    /// As the app gets it.
    pub fn listed(self, seconds: f64, bytes: u64, poster: Option<String>, has_english: bool) -> FilmView {
        FilmView {
            name: self.name,
            title: self.title.into(),
            about: self.about.into(),
            idea: self.idea.into(),
            seconds,
            bytes,
            transcript: self.transcript.into(),
            poster: poster.filter(|poster| !poster.ends_with(".webp")),
            captions: (!has_english).then(|| vec!["da".to_owned()]),
        }
    }
}

fn fault_of(text: &str, most: usize, has_lines: bool) -> Option<String> {
    let is_line = |c: char| has_lines && c == '\n';
    if !text.chars().any(char::is_alphanumeric) || text.chars().count() > most {
        return Some(format!("must have 1 to {most} characters, and a letter or a number among them"));
    }
    let is_wrong = |c: char| words::turns(c) || (c.is_control() && !is_line(c));
    text.chars()
        .any(is_wrong)
        .then(|| "has a character that cannot be seen and changes how the others stand".to_owned())
}
