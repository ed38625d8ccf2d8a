//! The pages that are not needed to write the first words: they come in chunks, one for what is used together.
//!
//! What a chunk brings is how its pages are made. Which page is shown follows the address alone, so a chunk that comes late
//! changes nothing about where one is.

use super::App;
use super::frame::frame;
use super::{code, consent, devices, meeting, more, share};
use crate::components::{El, button, el};
use crate::lazy::{Missing, lazy};
use crate::routes::Page;
use crate::state::Session;
use crate::texts as t;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// How the pages of a chunk are made.
type Pages = fn(App, Page) -> Vec<El>;

/// The rest is fetched this long after the first page is there, so that it is not in its way.
const QUIET: Duration = Duration::from_secs(1);

#[derive(Clone, Copy)]
enum Chunk {
    Meeting,
    Sharing,
    More,
}

#[derive(Clone, Copy)]
enum State {
    NotAsked,
    UnderWay,
    Here(Pages),
    Missing,
}

lazy! {
    fn meeting() -> Pages { |app, _| meeting::page(app) }
}

lazy! {
    fn sharing() -> Pages {
        |app, page| match page {
            Page::Code => code::page(app),
            Page::Consent => consent::page(app),
            Page::Devices => devices::page(app),
            _ => share::page(app),
        }
    }
}

lazy! {
    fn more() -> Pages { |app, _| more::page(app) }
}

impl Chunk {
    const ALL: [Self; 3] = [Self::Meeting, Self::Sharing, Self::More];

    /// The chunk that a page is in, if it is in one.
    fn of(page: Page) -> Option<Self> {
        match page {
            Page::Meeting => Some(Self::Meeting),
            Page::Share | Page::Code | Page::Consent | Page::Devices => Some(Self::Sharing),
            Page::More => Some(Self::More),
            Page::Home | Page::Plan | Page::About | Page::Hard | Page::Missing => None,
        }
    }

    async fn load(self, session: Session) -> Result<Pages, Missing> {
        match self {
            Self::Meeting => meeting().await,
            Self::Sharing => {
                session.bring_remote().await?;
                sharing().await
            }
            Self::More => more().await,
        }
    }
}

/// What has come of each chunk.
#[derive(Clone, Copy)]
pub struct Chunks {
    session: Session,
    states: [RwSignal<State>; Chunk::ALL.len()],
}

impl Chunks {
    /// Fetches all of them quietly, a little later.
    pub fn new(session: Session) -> Self {
        let chunks = Self { session, states: Chunk::ALL.map(|_| RwSignal::new(State::NotAsked)) };
        set_timeout(move || Chunk::ALL.into_iter().for_each(|chunk| chunks.fetch(chunk)), QUIET);
        chunks
    }

    /// Somebody goes to a page: fetches its chunk, also when it could not be had before.
    pub fn ask(self, page: Page) {
        if let Some(chunk) = Chunk::of(page) {
            self.fetch(chunk);
        }
    }

    fn fetch(self, chunk: Chunk) {
        let state = self.states[chunk as usize];
        if matches!(state.get_untracked(), State::UnderWay | State::Here(_)) {
            return;
        }
        state.set(State::UnderWay);
        spawn_local(async move {
            state.set(chunk.load(self.session).await.map_or(State::Missing, State::Here));
        });
    }

    /// The page, or what there is to say until it is there.
    pub fn page(self, app: App, page: Page) -> Vec<El> {
        let Some(chunk) = Chunk::of(page) else { return Vec::new() };
        let body = match self.states[chunk as usize].get() {
            State::Here(pages) => return pages(app, page),
            State::NotAsked | State::UnderWay => {
                el("p").class("soft late").attr("role", "status").text(t::PAGE_UNDER_WAY)
            }
            State::Missing => el("section")
                .class("card")
                .child(el("p").attr("role", "status").text(t::PAGE_NOT_HERE))
                .child(button("primary", t::TRY_AGAIN).press(move || self.fetch(chunk))),
        };
        frame(app, heading(page), vec![body])
    }
}

fn heading(page: Page) -> &'static str {
    match page {
        Page::Meeting => t::MEETING_TITLE,
        Page::Share => t::SHARE_TITLE,
        Page::Code => t::CODE_TITLE,
        Page::Consent => t::CONSENT_TITLE,
        Page::Devices => t::DEVICES_TITLE,
        Page::More => t::MORE_TITLE,
        Page::Home | Page::Plan | Page::About | Page::Hard | Page::Missing => t::APP_NAME,
    }
}
