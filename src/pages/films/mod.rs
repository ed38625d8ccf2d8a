//! Short films about preparing Mit Møde. None begins by itself, none is counted, and nobody is told who has seen what.

mod keep;
mod player;
mod talk;
mod words;

pub use player::FilmPage;

use super::frame::Frame;
use crate::components::{Button, Icon, Link, live};
use crate::routes::Place;
use crate::state::films::{Films, Found, can_save_films, film_address, is_seen};
use crate::state::language;
use crate::texts::{text, use_language};
use keep::KeepAll;
use leptos::prelude::*;
use protocol::films::FilmView;
use words::length;

#[component]
pub fn FilmsPage() -> impl IntoView {
    let films = Films::new();
    let list = move || match films.found.get() {
        Found::UnderWay => view! { <UnderWay/> }.into_any(),
        Found::Missing => view! { <NotHere films/> }.into_any(),
        Found::Here(all) => view! {
            <List films all=all.clone()/>
            {can_save_films().then(|| view! { <KeepAll films all/> })}
        }
        .into_any(),
        // The others cannot be played now.
        Found::Saved(mut all) => {
            all.retain(|film| films.is_saved(&film.name));
            let is_any = !all.is_empty();
            view! {
                <List films all=all.clone()/>
                <NotHere films/>
                {is_any.then(|| view! { <KeepAll films all/> })}
            }
            .into_any()
        }
    };
    view! {
        <Frame title=text!(film_title)>
            <p class="lead">{text!(film_lead)}</p>
            {live(list)}
        </Frame>
    }
}

#[component]
fn UnderWay() -> impl IntoView {
    view! {
        <p class="soft late" role="status">
            {text!(page_under_way)}
        </p>
    }
}

/// What there is to say when the server cannot be asked.
#[component]
fn NotHere(films: Films) -> impl IntoView {
    view! {
        <section class="card">
            <p role="status">{text!(film_not_here)}</p>
            <Button look="quiet" text=text!(try_again) on_press=move |()| films.look()/>
        </section>
    }
}

#[component]
fn List(films: Films, all: Vec<FilmView>) -> impl IntoView {
    let locale = use_language();
    let film = move |film: FilmView| {
        let film = StoredValue::new(film);
        let said = move |read: fn(&FilmView, &str) -> String| {
            live(move || film.with_value(|film| read(film, language::name(locale.get()))))
        };
        let place = film.with_value(|film| Place::Film(Some(film.name.clone())));
        let poster = film.with_value(|film| film_address(&film.poster_file()));
        let is_saved = Memo::new(move |_| film.with_value(|film| films.is_saved(&film.name)));
        let badge = |text| view! { <span class="film-is"><Icon name="tick"/>{text}</span> };
        view! {
            <li>
                <Link to=place look="film">
                    <img src=poster alt="" width="720" height="1280" loading="lazy"/>
                    <span class="stack">
                        <b>{said(|film, language| film.title.in_language(language).to_owned())}</b>
                        <span>{said(|film, language| film.about.in_language(language).to_owned())}</span>
                        <span class="soft film-about">
                            {length(film.with_value(|film| film.seconds))}
                            {film.with_value(|film| is_seen(&film.name)).then(|| badge(text!(film_seen)))}
                            {live(move || is_saved.get().then(|| badge(text!(film_saved))))}
                        </span>
                    </span>
                </Link>
            </li>
        }
    };
    view! { <ul class="films">{all.into_iter().map(film).collect_view()}</ul> }
}
