//! Films that are to be there without a network.

use super::words::size;
use crate::components::{Button, Notice, Show, Tone, live};
use crate::state::films::{Films, Unsaved};
use crate::texts::{Text, text, words};
use leptos::prelude::*;
use protocol::films::FilmView;

/// What films take, and the button that saves them or takes them away: the same one, so that the focus stays where it is.
#[component]
fn Card(
    films: Films,
    /// Those that are not saved.
    missing: Signal<Vec<FilmView>>,
    save: Text,
    remove: Text,
    #[prop(into)] on_remove: Callback<()>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let is_saved = Memo::new(move |_| missing.with(Vec::is_empty));
    let is_under_way = Memo::new(move |_| films.saving.with(|saving| missing.with(|films| saving.is_under_way(films))));
    let said = move || {
        let takes = size(missing.with(|missing| missing.iter().map(|film| film.bytes).sum()));
        match (is_under_way.get(), is_saved.get(), films.room.get()) {
            (true, ..) => text!(film_saving).get().to_owned(),
            (_, true, _) => text!(film_saved).get().to_owned(),
            (_, _, Some(room)) => words!(film_size_and_room, size = takes, room = size(room))(),
            (_, _, None) => words!(film_size, size = takes)(),
        }
    };
    let come = move || films.saving.with(|saving| saving.part().to_string());
    let press = move |()| match is_saved.get_untracked() {
        true => on_remove.run(()),
        false => films.save(missing.get_untracked()),
    };
    let wrong = move || {
        let why_not = films.saving.with(|saving| missing.with(|films| saving.why_not(films)))?;
        Some(match why_not {
            Unsaved::Full => text!(film_full),
            Unsaved::Failed => text!(film_not_saved),
        })
    };
    view! {
        <section class="card film-keep">
            <h2>{text!(film_offline)}</h2>
            <p class="soft" role="status">
                {live(said)}
            </p>
            <Show when=is_under_way>
                <progress aria-label=text!(film_saving) prop:value=come></progress>
            </Show>
            <Button
                look="quiet"
                text=move || if is_saved.get() { remove.get() } else { save.get() }
                on_press=press
            />
            {children.map(|children| children())}
            {live(move || wrong().map(|text| view! { <Notice tone=Tone::Careful text/> }))}
        </section>
    }
}

/// One film.
#[component]
pub fn Keep(films: Films, film: FilmView) -> impl IntoView {
    let film = StoredValue::new(film);
    let missing = move || if films.is_saved(&film.get_value().name) { Vec::new() } else { vec![film.get_value()] };
    view! {
        <Card
            films
            missing=Signal::derive(missing)
            save=text!(film_save)
            remove=text!(film_remove)
            on_remove=move |()| films.remove(film.get_value())
        />
    }
}

/// All of them.
#[component]
pub fn KeepAll(films: Films, all: Vec<FilmView>) -> impl IntoView {
    let all = StoredValue::new(all);
    let missing = Signal::derive(move || {
        let mut missing = all.get_value();
        missing.retain(|film| !films.is_saved(&film.name));
        missing
    });
    let remove = move |()| films.remove_all();
    let is_some = move || !films.saved.with(Vec::is_empty) && !missing.with(Vec::is_empty);
    view! {
        <Card films missing save=text!(film_save_all) remove=text!(film_remove_all) on_remove=remove>
            <Show when=is_some>
                <Button look="quiet" text=text!(film_remove_all) on_press=remove/>
            </Show>
        </Card>
    }
}
