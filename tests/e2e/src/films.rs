//! The films that the app comes with, as their list says it.

use anyhow::{Context, Result};
use protocol::films::{FilmView, FilmsView};

use crate::process;

pub fn list() -> Result<Vec<FilmView>> {
    let path = process::root().join("public/films/films.json");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_str::<FilmsView>(&text)?.films)
}

pub fn first() -> Result<FilmView> {
    list()?.into_iter().next().context("there is no film")
}
