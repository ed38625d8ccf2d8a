//! The films: which there are, which are kept on this phone, which were seen on it. None of that is told to anybody.

mod saving;

use crate::platform::{clock, video};
use crate::storage::{films as kept, local};
use crate::sync::films as fetched;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::films::{FilmView, FilmsView};
use saving::Saver;
use std::pin::pin;
use web_sys::HtmlVideoElement;

const LIST: &str = "films.json";
const SEEN: &str = "min-plan-film-";

pub use saving::{Saving, Unsaved};

/// Where a file of the films is.
pub use kept::address as film_address;

/// So long is the server waited for before what was saved is shown.
const LIST_TIMEOUT_MILLIS: u64 = 3_000;

fn read(text: Option<String>) -> Option<Vec<FilmView>> {
    serde_json::from_str(&text?).ok().map(|FilmsView { films }| films)
}

fn to_text(films: &[FilmView]) -> serde_json::Result<String> {
    serde_json::to_string(&FilmsView { films: films.to_vec() })
}

/// What is known of the films.
#[derive(Clone, PartialEq, Default)]
pub enum Found {
    #[default]
    UnderWay,
    Here(Vec<FilmView>),
    /// The list as it was when some were saved. The server cannot be asked.
    Saved(Vec<FilmView>),
    Missing,
}

/// What a page of films shows. Copied freely; everything in it is a handle.
#[derive(Clone, Copy)]
pub struct Films {
    pub found: RwSignal<Found>,
    pub saving: RwSignal<Saving>,
    /// The names of those that are kept on this phone.
    pub saved: RwSignal<Vec<String>>,
    /// Bytes that there is room for, as far as the browser says so.
    pub room: RwSignal<Option<u64>>,
}

impl Found {
    pub fn films(&self) -> &[FilmView] {
        match self {
            Self::Here(films) | Self::Saved(films) => films,
            Self::UnderWay | Self::Missing => &[],
        }
    }
}

impl Films {
    pub fn new() -> Self {
        let Saver { saving, saved, room, .. } = Saver::get();
        let films = Self { found: RwSignal::default(), saving: saving.into(), saved: saved.into(), room: room.into() };
        films.look();
        films
    }

    /// Asks the server which there are, or else the phone. Whoever has saved some does not wait for a server that does not answer.
    pub fn look(self) {
        spawn_local(async move {
            let mut asked = pin!(fetched::fetch_text(LIST));
            let told = match clock::within(LIST_TIMEOUT_MILLIS, asked.as_mut()).await {
                Some(told) => told,
                None => {
                    self.show_saved().await;
                    asked.await
                }
            };
            match read(told) {
                Some(films) => {
                    Saver::get().look_and_tidy(&films).await;
                    // The page may be gone by now.
                    self.found.try_set(Found::Here(films));
                }
                None if self.show_saved().await => {}
                None => drop(self.found.try_set(Found::Missing)),
            }
        });
    }

    /// Shows what was saved, with the list of that time, if there is one.
    async fn show_saved(self) -> bool {
        let Some(films) = read(kept::read_text(LIST).await) else { return false };
        Saver::get().look(&films).await;
        self.found.try_set(Found::Saved(films));
        true
    }

    pub fn is_saved(self, name: &str) -> bool {
        self.saved.with(|saved| saved.iter().any(|it| it == name))
    }

    /// Keeps these on the phone, those that are kept already apart.
    pub fn save(self, films: Vec<FilmView>) {
        Saver::get().save(films, self.all());
    }

    /// Takes one off the phone.
    pub fn remove(self, film: FilmView) {
        let all = self.all();
        spawn_local(async move { Saver::get().remove(&film, &all).await });
    }

    /// Takes all of them off the phone, with the list.
    pub fn remove_all(self) {
        spawn_local(Saver::get().remove_all());
    }

    fn all(self) -> Vec<FilmView> {
        self.found.with_untracked(|found| found.films().to_vec())
    }
}

/// Whether films can be kept on this phone.
pub fn can_save_films() -> bool {
    kept::is_possible()
}

/// Whether it was seen here. Like what was seen of messages, that is kept like a small choice and never sent.
pub fn is_seen(film: &str) -> bool {
    local::read(&format!("{SEEN}{film}")).is_some()
}

pub fn note_seen(film: &str) {
    local::write(&format!("{SEEN}{film}"), "1");
}

/// Whether the phone is set to show as little movement as it can.
pub fn moves_little() -> bool {
    video::moves_little()
}

/// Shows the captions of a language. Where somebody has put them away they stay away, unless `again`.
pub fn show_captions(film: &HtmlVideoElement, language: &str, again: bool) {
    video::show_captions(film, language, again);
}

pub fn set_speed(film: &HtmlVideoElement, times: f64) {
    video::set_speed(film, times);
}

pub fn position(film: &HtmlVideoElement) -> f64 {
    video::position(film)
}

pub fn load_again(film: &HtmlVideoElement, from: f64) {
    video::load_again(film, from);
}
