//! Films that are saved on this phone, and those on their way there. There is one of it, since saving goes on while other pages are
//! looked at.

use super::{LIST, to_text};
use crate::platform::tabs;
use crate::storage::StoreError;
use crate::storage::films as kept;
use crate::sync::films as fetched;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::films::FilmView;
use std::cell::Cell;
use std::rc::Rc;

/// Why some could not be saved.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unsaved {
    Full,
    Failed,
}

/// What is being saved.
#[derive(Clone, PartialEq, Default)]
pub struct Saving {
    /// What was asked for and is not there yet, the one under way first; or what could not be saved.
    films: Vec<FilmView>,
    /// So many bytes of so many have come.
    come: u64,
    of: u64,
    why_not: Option<Unsaved>,
}

impl Saving {
    /// Whether any of these is on its way.
    pub fn is_under_way(&self, films: &[FilmView]) -> bool {
        self.why_not.is_none() && films.iter().any(|film| self.has(film))
    }

    /// Why one of these could not be saved.
    pub fn why_not(&self, films: &[FilmView]) -> Option<Unsaved> {
        self.why_not.filter(|_| films.iter().any(|film| self.has(film)))
    }

    /// How much of all has come, from 0 to 1.
    pub fn part(&self) -> f64 {
        self.come as f64 / self.of.max(1) as f64
    }

    fn is_busy(&self) -> bool {
        self.why_not.is_none() && !self.films.is_empty()
    }

    fn has(&self, film: &FilmView) -> bool {
        self.films.iter().any(|it| it.name == film.name)
    }
}

#[derive(Clone, Default)]
pub struct Saver {
    pub saving: ArcRwSignal<Saving>,
    /// The names of those that are kept.
    pub saved: ArcRwSignal<Vec<String>>,
    /// Bytes that there is room for, as far as the browser says so.
    pub room: ArcRwSignal<Option<u64>>,
    /// Another number when all that was asked for was taken back: what was begun before ends.
    round: Rc<Cell<u32>>,
}

/// No two tabs change what is kept at once.
const LOCK: &str = "min-plan-films";

thread_local! {
    static SAVER: Saver = Saver::default();
}

impl Saver {
    pub fn get() -> Self {
        SAVER.with(Clone::clone)
    }

    /// Looks what is kept of these, of which the server has just told. What was changed or taken off the list there is kept no more.
    pub async fn look_and_tidy(&self, films: &[FilmView]) {
        let files: Vec<_> = films.iter().map(|film| (film.list_files(), film.bytes)).collect();
        if let Ok(list) = to_text(films) {
            tabs::alone(LOCK, kept::keep_only((LIST, &list), &files)).await;
        }
        self.look(films).await;
    }

    pub async fn look(&self, films: &[FilmView]) {
        let mut saved = Vec::new();
        for film in films {
            if kept::has(&film.list_files(), film.bytes).await {
                saved.push(film.name.clone());
            }
        }
        self.saved.set(saved);
        self.room.set(if kept::is_possible() { kept::find_room().await } else { None });
    }

    /// Keeps these on the phone, after those that are on their way; `all` is the list that they are of.
    pub fn save(self, mut films: Vec<FilmView>, all: Vec<FilmView>) {
        let is_busy = self.saving.with_untracked(Saving::is_busy);
        if !is_busy {
            self.saving.set(Saving::default());
        }
        self.saved.with_untracked(|saved| films.retain(|film| !saved.contains(&film.name)));
        self.saving.update(|saving| {
            films.retain(|film| !saving.has(film));
            saving.of += films.iter().map(|film| film.bytes).sum::<u64>();
            saving.films.append(&mut films);
        });
        if !is_busy {
            spawn_local(async move { self.save_all(&all).await });
        }
    }

    async fn save_all(self, all: &[FilmView]) {
        let round = self.round.get();
        while let Some(film) = self.saving.with_untracked(|saving| saving.films.first().cloned()) {
            let came_of_it = self.save_one(&film, all, round).await;
            if round != self.round.get() {
                return;
            }
            self.look(all).await;
            match came_of_it {
                Ok(()) => self.saving.update(|saving| saving.films.retain(|it| it.name != film.name)),
                Err(why) => return self.saving.update(|saving| saving.why_not = Some(why)),
            }
        }
    }

    /// All of it has come before any of it is kept, so no half a film stays.
    async fn save_one(&self, film: &FilmView, all: &[FilmView], round: u32) -> Result<(), Unsaved> {
        let list = to_text(all).map_err(|_| Unsaved::Failed)?;
        let mut files = Vec::new();
        for (at, file) in film.list_files().into_iter().enumerate() {
            // What goes along with a film is not in its length.
            let hear = |bytes: u64| {
                let is_wanted = round == self.round.get();
                if is_wanted && at == 0 {
                    self.saving.update(|saving| saving.come = (saving.come + bytes).min(saving.of));
                }
                is_wanted
            };
            let body = fetched::fetch_file(&file, hear).await.ok_or(Unsaved::Failed)?;
            if at == 0 && body.size() != film.bytes as f64 {
                return Err(Unsaved::Failed);
            }
            files.push((file, body));
        }
        // The film is the last: whoever looks while they are put there finds nothing or everything.
        files.reverse();
        let keep = async {
            let is_wanted = round == self.round.get();
            if is_wanted { kept::keep((LIST, &list), &files).await } else { Ok(()) }
        };
        match tabs::alone(LOCK, keep).await {
            Ok(()) => Ok(()),
            Err(StoreError::Full) => Err(Unsaved::Full),
            // Not every browser says why it did not.
            Err(_) if kept::find_room().await.is_some_and(|room| room < film.bytes) => Err(Unsaved::Full),
            Err(_) => Err(Unsaved::Failed),
        }
    }

    /// Takes one off the phone.
    pub async fn remove(self, film: &FilmView, all: &[FilmView]) {
        tabs::alone(LOCK, kept::remove(&film.list_files())).await;
        self.look(all).await;
    }

    /// Takes all of them off the phone, with the list; what is on its way stays away.
    pub async fn remove_all(self) {
        self.round.set(self.round.get() + 1);
        self.saving.set(Saving::default());
        tabs::alone(LOCK, kept::remove_all()).await;
        self.look(&[]).await;
    }
}
