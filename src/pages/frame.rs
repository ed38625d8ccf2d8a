//! What every page of the young person's app stands in: the title, the way to the hard-times page, the bar below.

use super::later::{Detail, Incomplete, Later};
use super::words;
use crate::components::{Icon, Link, Notice, Show, Tone, focus_main, live};
use crate::routes::Place;
use crate::state::{Saving, use_session};
use crate::texts::{Text, text};
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_router::components::A;

/// The icon of what is written with a contact.
const TALK: &str = "talk";

/// The bar's places.
const TABS: [(Place, &str, Text); 5] = [
    (Place::Plan(None), "plan", text!(tab_plan)),
    (Place::About(None), "me", text!(tab_about)),
    (Place::Meeting(None), "meet", text!(tab_meeting)),
    (Place::Messages(None), TALK, text!(messages_title)),
    (Place::More, "more", text!(tab_more)),
];

/// Whether the next page is one that nobody has opened just now: the first of all, or one whose chunk has come.
#[derive(Clone, Copy)]
pub struct Arrived {
    is_late: StoredValue<bool>,
}

impl Arrived {
    pub fn new() -> Self {
        Self { is_late: StoredValue::new(true) }
    }

    /// Another page is opened, whether this one ever came or not.
    pub fn leave(self) {
        self.is_late.try_set_value(false);
    }
}

/// A page is shown. Whoever opened it by keyboard, or listens, goes on from it rather than from the top of the old one. Whoever
/// was in the bar when it came stays there.
pub fn arrive(is_here: bool) {
    let Arrived { is_late } = expect_context();
    request_animation_frame(move || {
        if is_late.try_update_value(|is_late| std::mem::replace(is_late, !is_here)) == Some(false) {
            focus_main();
        }
    });
}

/// A page with its heading.
#[component]
pub fn Frame(
    #[prop(into)] title: TextProp,
    /// False for what holds the place of a page until its chunk comes.
    #[prop(default = true)]
    is_here: bool,
    children: Children,
) -> impl IntoView {
    arrive(is_here);
    view! {
        // Not a place of the app: the browser itself goes there, with the focus.
        <a class="skip" href="#main" rel="external">
            {text!(skip)}
        </a>
        <Head title/>
        <main id="main" tabindex="-1">
            <Troubles/>
            <Incomplete/>
            <Later detail=Detail::UnfinishedWords/>
            {children()}
        </main>
        <nav class="bar" aria-label=text!(nav_label)>
            {TABS
                .map(|(place, icon, text)| {
                    view! {
                        <A href=place.path()>
                            <span class="pill">
                                <Icon name=icon/>
                                {(icon == TALK).then(|| view! { <Later detail=Detail::Unseen/> })}
                            </span>
                            {text}
                        </A>
                    }
                })
                .collect_view()}
        </nav>
    }
}

/// The title, and the way to the hard-times page in the same corner everywhere.
#[component]
pub fn Head(#[prop(into)] title: TextProp) -> impl IntoView {
    view! {
        <header class="top">
            <h1>{live(move || title.get())}</h1>
            <Link to=Place::Hard look="button hard" icon="storm" text=text!(hard_now)/>
        </header>
    }
}

/// What the app has to say about storage, refused commands and newer builds, above everything else.
#[component]
pub fn Troubles() -> impl IntoView {
    let session = use_session();
    view! {
        <div class="troubles">
            {live(move || {
                let trouble = session.trouble.get()?;
                // What can be said of each of them, also when what is to be done about it cannot be had.
                let meanwhile = || view! { <Notice tone=Tone::Careful text=text!(trouble_dead)/> };
                Some(view! { <Later detail=Detail::Trouble(trouble) meanwhile/> })
            })}
            <Refusal/>
            <Show when=move || session.update.get()>
                <Later detail=Detail::Update/>
            </Show>
        </div>
    }
}

/// Why what was wanted last was not done. It stands on the page, and in a sheet too: what is behind a sheet is not read.
#[component]
pub fn Refusal() -> impl IntoView {
    let session = use_session();
    live(move || session.refused.get().map(|why| view! { <Notice tone=Tone::Careful text=words::refused(why)/> }))
}

/// "Gemt på din telefon", where the eye is. Said when it is on disk, and not before.
#[component]
pub fn Saved() -> impl IntoView {
    let session = use_session();
    view! {
        <span class="saved" role="status">
            {live(move || {
                let (icon, text) = match session.saving.get() {
                    Saving::Idle => return None,
                    Saving::Working => (None, text!(saving)),
                    Saving::Saved => (Some("tick"), text!(saved)),
                    Saving::Failed(_) | Saving::Refused => (Some("info"), text!(not_saved)),
                };
                Some(
                    view! {
                        {icon.map(|name| view! { <Icon name/> })}
                        <span>{text}</span>
                    },
                )
            })}
        </span>
    }
}
