//! The pages that are not needed to write the first words: they come in chunks, one for what is used together.
//!
//! What a chunk brings is how its pages are made. Which page is shown follows the address alone, so a chunk that comes late
//! changes nothing about where one is.

use super::frame::{Arrived, Frame};
use super::later::{Details, Pieces};
use super::missing::MissingPage;
use super::{code, consent, details, devices, films, handout, meeting, messages, more, share};
use crate::components::{Button, live};
use crate::lazy::lazy;
use crate::state::language::use_template;
use crate::state::{Session, use_session};
use crate::texts::{Text, text};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;
use std::time::Duration;

/// The rest is fetched this long after the first page is there, so that it is not in its way.
const QUIET: Duration = Duration::from_secs(1);

/// A page that is in a chunk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lazy {
    Meeting,
    Messages,
    Share,
    Code,
    Consent,
    Devices,
    More,
    Handout,
    Films,
    Film,
}

/// How the pages of a chunk are made.
type Pages = fn(Lazy) -> AnyView;

#[derive(Clone, Copy)]
enum Chunk {
    Meeting,
    Sharing,
    More,
    Films,
}

#[derive(Clone, Copy)]
enum State {
    NotAsked,
    UnderWay,
    Here(Pages),
    Missing,
}

lazy! {
    fn meeting() -> Pages { |_| view! { <meeting::MeetingPage/> }.into_any() }
}

lazy! {
    fn sharing() -> Pages {
        |page| match page {
            Lazy::Code => view! { <code::CodePage/> }.into_any(),
            Lazy::Consent => view! { <consent::ConsentPage/> }.into_any(),
            Lazy::Devices => view! { <devices::DevicesPage/> }.into_any(),
            Lazy::Messages => view! { <messages::MessagesPage/> }.into_any(),
            _ => view! { <share::SharePage/> }.into_any(),
        }
    }
}

lazy! {
    fn details() -> Details { details::detail }
}

lazy! {
    fn more() -> Pages {
        |page| match page {
            Lazy::Handout => view! { <handout::HandoutPage/> }.into_any(),
            _ => view! { <more::MorePage/> }.into_any(),
        }
    }
}

lazy! {
    fn films() -> Pages {
        |page| match page {
            Lazy::Film => view! { <films::FilmPage/> }.into_any(),
            _ => view! { <films::FilmsPage/> }.into_any(),
        }
    }
}

impl Chunk {
    const ALL: [Self; 4] = [Self::Meeting, Self::Sharing, Self::More, Self::Films];

    /// `None` when it cannot be had now.
    async fn load(self, session: Session) -> Option<Pages> {
        let brought = match self {
            Self::Meeting => meeting().await,
            Self::Sharing => {
                session.bring_remote_in_time().await?;
                sharing().await
            }
            Self::More => more().await,
            Self::Films => films().await,
        };
        brought.ok()
    }
}

impl Lazy {
    /// The page at an address of the meeting, which has a section open over it.
    pub fn of_meeting(_: Option<&str>) -> Option<Self> {
        Some(Self::Meeting)
    }

    /// Of what is written to contacts.
    pub fn of_messages(_: Option<&str>) -> Option<Self> {
        Some(Self::Messages)
    }

    /// Of Del: what is shared, a code, or one yes.
    pub fn of_sharing(rest: Option<&str>) -> Option<Self> {
        Some(match rest {
            None => Self::Share,
            Some("kode") => Self::Code,
            Some(_) => Self::Consent,
        })
    }

    pub fn of_more(rest: Option<&str>) -> Option<Self> {
        match rest {
            None => Some(Self::More),
            Some("telefoner") => Some(Self::Devices),
            Some("moedet") => Some(Self::Handout),
            Some(_) => None,
        }
    }

    /// All the films, or one of them.
    pub fn of_films(rest: Option<&str>) -> Option<Self> {
        Some(if rest.is_none() { Self::Films } else { Self::Film })
    }

    fn chunk(self) -> Chunk {
        match self {
            Self::Meeting => Chunk::Meeting,
            Self::Messages | Self::Share | Self::Code | Self::Consent | Self::Devices => Chunk::Sharing,
            Self::More | Self::Handout => Chunk::More,
            Self::Films | Self::Film => Chunk::Films,
        }
    }

    fn title(self) -> Text {
        match self {
            Self::Meeting | Self::Handout => text!(meeting_title),
            Self::Messages => text!(messages_title),
            Self::Share => text!(share_title),
            Self::Code => text!(code_title),
            Self::Consent => text!(consent_title),
            Self::Devices => text!(devices_title),
            Self::More => text!(more_title),
            Self::Films | Self::Film => text!(film_title),
        }
    }
}

/// What has come of each chunk.
#[derive(Clone, Copy)]
struct Chunks {
    session: Session,
    states: [RwSignal<State>; Chunk::ALL.len()],
}

/// Fetches all of them quietly, a little later.
pub fn provide_chunks() {
    let pieces = Pieces::new(fetch_details);
    let chunks = Chunks { session: use_session(), states: Chunk::ALL.map(|_| RwSignal::new(State::NotAsked)) };
    provide_context(pieces);
    provide_context(chunks);
    let words = use_template();
    // A page that was given up since it needs what speaks with the server comes with it, however late.
    Effect::new(move |_| {
        if chunks.session.has_remote.get() && matches!(chunks.state(Chunk::Sharing).get_untracked(), State::Missing) {
            chunks.fetch(Chunk::Sharing);
        }
    });
    set_timeout(
        move || {
            pieces.fetch();
            spawn_local(words.fetch());
            Chunk::ALL.into_iter().for_each(|chunk| chunks.fetch(chunk));
        },
        QUIET,
    );
}

fn fetch_details(pieces: Pieces) {
    spawn_local(async move {
        pieces.take(details().await.ok());
    });
}

impl Chunks {
    fn state(self, chunk: Chunk) -> RwSignal<State> {
        self.states[chunk as usize]
    }

    /// Somebody wants it: fetches it, also when it could not be had before.
    fn fetch(self, chunk: Chunk) {
        let state = self.state(chunk);
        // Not while the page that wants it is being made.
        spawn_local(async move {
            if matches!(state.get_untracked(), State::UnderWay | State::Here(_)) {
                return;
            }
            state.set(State::UnderWay);
            state.set(chunk.load(self.session).await.map_or(State::Missing, State::Here));
        });
    }
}

/// The page at an address, or what there is to say until it is there.
#[component]
pub fn LazyPage(
    /// By what comes after the first piece of the address.
    pages: fn(Option<&str>) -> Option<Lazy>,
) -> impl IntoView {
    let chunks: Chunks = expect_context();
    let arrived: Arrived = expect_context();
    let params = use_params_map();
    let page = Memo::new(move |_| pages(params.with(|params| params.get("section")).as_deref()));
    live(move || {
        on_cleanup(move || arrived.leave());
        let Some(page) = page.get() else { return view! { <MissingPage/> }.into_any() };
        let chunk = page.chunk();
        chunks.fetch(chunk);
        let state = chunks.state(chunk);
        live(move || match state.get() {
            State::Here(pages) => pages(page),
            State::NotAsked | State::UnderWay => view! {
                <Frame title=page.title() is_here=false>
                    <p class="soft late" role="status">
                        {text!(page_under_way)}
                    </p>
                </Frame>
            }
            .into_any(),
            State::Missing => view! {
                <Frame title=page.title() is_here=false>
                    <section class="card">
                        <p role="status">{text!(page_not_here)}</p>
                        <Button look="primary" text=text!(try_again) on_press=move |()| chunks.fetch(chunk)/>
                    </section>
                </Frame>
            }
            .into_any(),
        })
        .into_any()
    })
}
