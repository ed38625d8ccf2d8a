//! What every page of the young person's app stands in: the title, the way to the hard-times page, the bar below.

use crate::components::{Icon, Notice, Tone};
use crate::routes;
use crate::state::{Saving, Session};
use crate::texts as t;
use leptos::prelude::*;
use leptos_router::components::A;

/// A page with its heading.
#[component]
pub fn Page(#[prop(into)] title: String, children: Children) -> impl IntoView {
    let tabs = [
        (routes::PLAN, "plan", t::TAB_PLAN),
        (routes::ABOUT, "me", t::TAB_ABOUT),
        (routes::MEETING, "meet", t::TAB_MEETING),
        (routes::SHARE, "share", t::TAB_SHARE),
        (routes::MORE, "more", t::TAB_MORE),
    ];
    view! {
        <a class="skip" href="#main">{t::SKIP}</a>
        <header class="top">
            <h1>{title}</h1>
            <A href=routes::HARD attr:class="button hard">
                <Icon name="storm"/>
                {t::HARD_NOW}
            </A>
        </header>
        <main id="main" tabindex="-1">
            <Trouble/>
            {children()}
        </main>
        <nav class="bar" aria-label=t::NAV_LABEL>
            {tabs
                .map(|(href, icon, name)| {
                    view! {
                        <A href=href>
                            <span class="pill">
                                <Icon name=icon/>
                            </span>
                            {name}
                        </A>
                    }
                })
                .collect_view()}
        </nav>
    }
}

/// What the app has to say about storage and newer builds, above everything else.
#[component]
fn Trouble() -> impl IntoView {
    let session = Session::get();
    view! {
        {move || {
            session
                .trouble
                .get()
                .map(|error| {
                    view! {
                        <Notice tone=Tone::Careful>
                            <p>{trouble_words(error)}</p>
                            <button class="button quiet" on:click=move |_| session.save_as_file()>
                                {t::SAVE_AS_FILE}
                            </button>
                        </Notice>
                    }
                })
        }}
        {move || {
            session
                .refused
                .get()
                .map(|why| view! { <Notice tone=Tone::Careful><p>{super::words::refused(why)}</p></Notice> })
        }}
        {move || {
            session
                .update
                .get()
                .then(|| {
                    view! {
                        <Notice tone=Tone::Calm>
                            <p>{t::UPDATE_READY}</p>
                            <button class="button quiet" on:click=move |_| session.take_update()>
                                {t::UPDATE_TAKE}
                            </button>
                        </Notice>
                    }
                })
        }}
    }
}

fn trouble_words(error: crate::state::Trouble) -> &'static str {
    use crate::state::Trouble as Why;
    match error {
        Why::Blocked => t::TROUBLE_BLOCKED,
        Why::Full => t::TROUBLE_FULL,
        Why::Dead => t::TROUBLE_DEAD,
        Why::Newer => t::TROUBLE_NEWER,
    }
}

/// "Gemt på din telefon", where the eye is. Said when it is on disk, and not before.
#[component]
pub fn Saved() -> impl IntoView {
    let session = Session::get();
    view! {
        <span class="saved" role="status">
            {move || match session.saving.get() {
                Saving::Idle => ().into_any(),
                Saving::Working => t::SAVING.into_any(),
                Saving::Saved => {
                    view! {
                        <Icon name="tick"/>
                        {t::SAVED}
                    }
                        .into_any()
                }
                Saving::Failed(_) => {
                    view! {
                        <Icon name="info"/>
                        {t::NOT_SAVED}
                    }
                        .into_any()
                }
            }}
        </span>
    }
}

/// Takes the latest change back.
#[component]
pub fn Undo() -> impl IntoView {
    let session = Session::get();
    view! {
        <Show when=move || session.can_undo()>
            <button class="button quiet undo" on:click=move |_| session.tell(session.undo())>
                <Icon name="undo"/>
                {t::UNDO}
            </button>
        </Show>
    }
}
