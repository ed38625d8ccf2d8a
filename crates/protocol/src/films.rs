//! The short films: what the server lists. Everybody may read it, and nothing says who has seen what.

use serde::{Deserialize, Serialize};

/// `GET /films/films.json`: the films there are, in the order in which they are shown.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct FilmsView {
    pub films: Vec<FilmView>,
}

/// One film. It is at `/films/{name}.mp4`, and its captions are at `/films/{name}.da.vtt` and `/films/{name}.en.vtt`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FilmView {
    pub name: String,
    pub title: FilmText,
    /// One line about it.
    pub about: FilmText,
    /// What it can be a point about.
    pub idea: FilmText,
    pub seconds: f64,
    /// Of the film itself, without its poster and captions.
    pub bytes: u64,
    /// A paragraph for each scene, one on each line.
    pub transcript: FilmText,
    /// The file of the poster in `/films/`; `{name}.webp` where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<String>,
    /// The languages that there are captions in; both where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captions: Option<Vec<String>>,
}

/// A text in Danish, and in English where somebody has said it in English.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FilmText {
    pub da: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

/// What captions there can be.
pub const CAPTION_LANGUAGES: [&str; 2] = ["da", "en"];

impl FilmView {
    pub fn poster_file(&self) -> String {
        self.poster.clone().unwrap_or_else(|| format!("{}.webp", self.name))
    }

    /// The languages that it has captions in.
    pub fn caption_languages(&self) -> Vec<&str> {
        let is_there = |language: &&str| self.captions.as_ref().is_none_or(|all| all.iter().any(|it| it == language));
        CAPTION_LANGUAGES.into_iter().filter(is_there).collect()
    }

    /// Everything of it, as it is called in `/films/`, the film itself first.
    pub fn list_files(&self) -> Vec<String> {
        let captions = self.caption_languages().into_iter().map(|language| format!("{}.{language}.vtt", self.name));
        [format!("{}.mp4", self.name), self.poster_file()].into_iter().chain(captions).collect()
    }
}

impl FilmText {
    /// In a language, or in Danish.
    pub fn in_language(&self, language: &str) -> &str {
        match (language, &self.en) {
            ("en", Some(english)) => english,
            _ => &self.da,
        }
    }
}
