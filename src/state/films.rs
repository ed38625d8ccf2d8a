//! The films: which there are, which are kept on this phone, which were seen on it. None of that is told to anybody.

use crate::platform::video;
use crate::storage::{films as kept, local};
use crate::sync::films as fetched;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::films::{FilmView, FilmsView};
use session::StoreError;
use web_sys::HtmlVideoElement;

const LIST: &str = "films.json";
const SEEN: &str = "min-plan-film-";

/// Where a file of the films is.
pub use kept::address as film_address;

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

/// How it goes with saving.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum Keeping {
    #[default]
    Idle,
    /// So many bytes of so many have come.
    UnderWay(u64, u64),
    Full,
    Failed,
}

/// What a page of films shows. Copied freely; everything in it is a handle.
#[derive(Clone, Copy)]
pub struct Films {
    pub found: RwSignal<Found>,
    pub keeping: RwSignal<Keeping>,
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
        let films = Self {
            found: RwSignal::default(),
            keeping: RwSignal::default(),
            saved: RwSignal::default(),
            room: RwSignal::default(),
        };
        films.look();
        films
    }

    /// Asks the server which there are, or else the phone.
    pub fn look(self) {
        spawn_local(async move {
            let read = |text: Option<String>| serde_json::from_str(&text?).ok().map(|FilmsView { films }| films);
            let found = match read(fetched::fetch_text(LIST).await) {
                Some(films) => Found::Here(films),
                None => read(kept::read_text(LIST).await).map_or(Found::Missing, Found::Saved),
            };
            self.look_what_is_saved(found.films()).await;
            // The page may be gone by now.
            self.found.try_set(found);
        });
    }

    async fn look_what_is_saved(self, films: &[FilmView]) {
        let mut saved = Vec::new();
        for film in films {
            if kept::has(&film.list_files(), film.bytes).await {
                saved.push(film.name.clone());
            }
        }
        self.saved.try_set(saved);
        let room = if kept::is_possible() { kept::find_room().await } else { None };
        self.room.try_set(room);
    }

    pub fn is_saved(self, name: &str) -> bool {
        self.saved.with(|saved| saved.iter().any(|it| it == name))
    }

    /// Keeps these on the phone, those that are kept already apart.
    pub fn save(self, mut films: Vec<FilmView>) {
        if matches!(self.keeping.get_untracked(), Keeping::UnderWay(..)) {
            return;
        }
        films.retain(|film| !untrack(|| self.is_saved(&film.name)));
        let all = self.found.with_untracked(|found| found.films().to_vec());
        let bytes = films.iter().map(|film| film.bytes).sum();
        self.keeping.set(Keeping::UnderWay(0, bytes));
        spawn_local(async move {
            let mut came_of_it = Keeping::Idle;
            for film in &films {
                came_of_it = self.save_one(film, &all).await;
                if came_of_it != Keeping::Idle {
                    break;
                }
            }
            self.look_what_is_saved(&all).await;
            self.keeping.try_set(came_of_it);
        });
    }

    /// All of it has come before any of it is kept, so no half a film stays.
    async fn save_one(self, film: &FilmView, all: &[FilmView]) -> Keeping {
        let Ok(list) = serde_json::to_string(&FilmsView { films: all.to_vec() }) else { return Keeping::Failed };
        let mut files = Vec::new();
        for (at, file) in film.list_files().into_iter().enumerate() {
            // What goes along with a film is not in its length.
            let hear = |bytes| self.hear(if at == 0 { bytes } else { 0 });
            let Some(body) = fetched::fetch_file(&file, hear).await else { return Keeping::Failed };
            if at == 0 && body.size() != film.bytes as f64 {
                return Keeping::Failed;
            }
            files.push((file, body));
        }
        // The film is the last: whoever looks while they are put there finds nothing or everything.
        files.reverse();
        match kept::keep((LIST, &list), &files).await {
            Ok(()) => Keeping::Idle,
            Err(StoreError::Full) => Keeping::Full,
            // Not every browser says why it did not.
            Err(_) if kept::find_room().await.is_some_and(|room| room < film.bytes) => Keeping::Full,
            Err(_) => Keeping::Failed,
        }
    }

    fn hear(self, bytes: u64) {
        self.keeping.try_update(|keeping| {
            if let Keeping::UnderWay(come, of) = keeping {
                *come = (*come + bytes).min(*of);
            }
        });
    }

    /// Takes one off the phone.
    pub fn remove(self, film: FilmView) {
        self.keeping.set(Keeping::Idle);
        spawn_local(async move {
            kept::remove(&film.list_files()).await;
            let films = self.found.try_with_untracked(|found| found.films().to_vec()).unwrap_or_default();
            self.look_what_is_saved(&films).await;
        });
    }

    /// Takes all of them off the phone, with the list.
    pub fn remove_all(self) {
        self.keeping.set(Keeping::Idle);
        spawn_local(async move {
            kept::remove_all().await;
            self.look_what_is_saved(&[]).await;
        });
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
