//! What the young person brings to a meeting from Vigtigt om mig: by reference, so that it is changed in one place.

use crate::components::{Button, Fold, Link, Show, live};
use crate::pages::bring::bring;
use crate::routes::Place;
use crate::state::use_session;
use crate::texts::text;
use leptos::prelude::*;
use plan::{Entity, Entry, Part, template};

/// As it is read at the meeting.
#[component]
pub fn BroughtWords(meeting: Entity) -> impl IntoView {
    let session = use_session();
    let all = Memo::new(move |_| session.look(Part::AboutMe, |set| set.list_brought(&meeting)));
    let one = |entry: Entry| view! { <p class="own" lang="">{entry.texts.shown().to_owned()}</p> };
    live(move || all.get().into_iter().map(one).collect_view())
}

/// Before it: what is brought, and what can be.
#[component]
pub fn Brought(meeting: Entity) -> impl IntoView {
    let session = use_session();
    let meeting = StoredValue::new(meeting);
    let look = move |brought: bool| {
        session.look(Part::AboutMe, |set| {
            let here = meeting.with_value(|on| set.list_brought(on));
            let mut all = set.list_statements();
            all.retain(|entry| here.iter().any(|it| it.on == entry.on) == brought);
            all
        })
    };
    let here = Memo::new(move |_| look(true));
    let rest = Memo::new(move |_| look(false));
    let change = move |on: &Entity| session.report(meeting.with_value(|meeting| bring(session, on, meeting.name())));
    let shown = move |entry: Entry| {
        let on = entry.on.clone();
        view! {
            <li class="words">
                <span class="own" lang="">{entry.texts.shown().to_owned()}</span>
                <Button look="quiet" text=text!(brought_remove) on_press=move |()| change(&on)/>
            </li>
        }
    };
    let other = move |entry: Entry| {
        let on = entry.on.clone();
        view! {
            <button class="chip" type="button" lang="" on:click=move |_| change(&on)>
                {entry.texts.shown().to_owned()}
            </button>
        }
    };
    view! {
        <section class="zone plain">
            <h2>{text!(brought_title)}</h2>
            <ul class="sections">{live(move || here.get().into_iter().map(shown).collect_view())}</ul>
            <Show when=move || !rest.with(Vec::is_empty)>
                <Fold summary=text!(brought_choose)>
                    <div class="chips">{live(move || rest.get().into_iter().map(other).collect_view())}</div>
                </Fold>
            </Show>
            <Link
                to=Place::About(Some(template::STATEMENTS.to_owned()))
                look="button add"
                icon="pen"
                text=text!(brought_write)
            />
        </section>
    }
}
