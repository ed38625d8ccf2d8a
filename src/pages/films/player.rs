//! One film: with captions, at the speed that one likes, and as a text.

use super::keep::Keep;
use super::talk::Talk;
use super::words::{length, number};
use super::{NotHere, UnderWay};
use crate::components::{Button, Choices, Link, Notice, Show, Tone, focus_soon, live};
use crate::pages::frame::Frame;
use crate::routes::Place;
use crate::state::films::{
    Films, Found, can_save_films, film_address, load_again, moves_little, note_seen, position, set_speed, show_captions,
};
use crate::state::language;
use crate::texts::{Locale, text, use_language};
use leptos::html::Video;
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_router::hooks::use_params_map;
use protocol::films::FilmView;

/// How many times as fast, as the choices are known in the page.
const SPEEDS: [(&str, f64); 4] = [("0.75", 0.75), ("1", 1.0), ("1.25", 1.25), ("1.5", 1.5)];

/// How much of a film is enough to have seen it: at the end there is nothing but its name.
const SEEN: f64 = 0.9;

#[component]
pub fn FilmPage() -> impl IntoView {
    let films = Films::new();
    let params = use_params_map();
    let locale = use_language();
    let film = Memo::new(move |_| {
        let name = params.with(|params| params.get("section")).unwrap_or_default();
        films.found.with(|found| found.films().iter().find(|film| film.name == name).cloned())
    });
    let title = move || {
        let language = language::name(locale.get());
        film.with(|film| film.as_ref().map(|film| film.title.in_language(language).to_owned()))
            .unwrap_or_else(|| text!(film_title).get().to_owned())
    };
    let is_under_way = Memo::new(move |_| films.found.with(|found| *found == Found::UnderWay));
    let is_missing = Memo::new(move |_| films.found.with(|found| *found == Found::Missing));
    let page = move || match film.get() {
        Some(film) => view! { <Film films film/> }.into_any(),
        None if is_under_way.get() => view! { <UnderWay/> }.into_any(),
        None if is_missing.get() => view! { <NotHere films/> }.into_any(),
        None => view! { <p>{text!(missing_text)}</p> }.into_any(),
    };
    view! {
        <Frame title>
            {live(page)} <Link to=Place::Film(None) look="button add" icon="eye" text=text!(film_all)/>
        </Frame>
    }
}

#[component]
fn Film(films: Films, film: FilmView) -> impl IntoView {
    let locale = use_language();
    let about = film.about.clone();
    let moves_little = moves_little();
    let is_shown = RwSignal::new(!moves_little);
    // The text stands open where nothing moves, and where there is nothing else.
    let is_read = RwSignal::new(moves_little);
    let seconds = film.seconds;
    let poster = film_address(&film.poster_file());
    let keep = can_save_films().then(|| view! { <Keep films film=film.clone()/> });
    let talk = view! { <Talk idea=film.idea.clone()/> };
    let text = StoredValue::new(film.transcript.clone());
    let film = StoredValue::new(film);
    let lines = move || {
        let said = text.with_value(|text| text.in_language(language::name(locale.get())).to_owned());
        said.lines().map(|line| view! { <p>{line.to_owned()}</p> }).collect_view()
    };
    let show = move |()| {
        is_shown.set(true);
        focus_soon("video".to_owned());
    };
    let screen = move || view! { <Screen film=film.get_value() is_read/> };
    view! {
        <p class="lead">{live(move || about.in_language(language::name(locale.get())).to_owned())}</p>
        <p class="soft">{length(seconds)}</p>
        {(!moves_little).then(screen)}
        {moves_little.then(|| view! { <img class="film-poster" src=poster alt="" width="720" height="1280"/> })}
        <details class="fold film-text" prop:open=is_read>
            <summary>{text!(film_text)}</summary>
            <div class="stack">{live(lines)}</div>
        </details>
        {moves_little
            .then(|| {
                view! {
                    <Show
                        when=is_shown
                        fallback=move || view! { <Button look="primary" text=text!(film_show) on_press=show/> }
                    >
                        {screen()}
                    </Show>
                }
            })}
        {talk}
        {keep}
    }
}

/// The film itself, under the browser's own controls.
#[component]
fn Screen(
    film: FilmView,
    /// Whether the text is open.
    is_read: RwSignal<bool>,
) -> impl IntoView {
    let locale = use_language();
    let video = NodeRef::<Video>::new();
    let speed = RwSignal::new("1".to_owned());
    // Where it was when it could not be had any more.
    let lost_at = RwSignal::new(None::<f64>);
    let has_english = film.caption_languages().contains(&language::name(Locale::en));
    let told = move || language::name(if has_english { locale.get() } else { Locale::da });
    Effect::new(move |_| {
        let told = told();
        if let Some(video) = video.get() {
            show_captions(&video, told, false);
        }
    });
    // A browser chooses for itself when it loads the film, so that is said to it once more then.
    let is_new = StoredValue::new(true);
    let first = move || {
        if let (Some(video), true) = (video.get_untracked(), is_new.try_update_value(std::mem::take) == Some(true)) {
            show_captions(&video, untrack(told), true);
        }
    };
    let captions = move |name: &str, file: &str| {
        let (locale, label) = match name {
            "da" => (Locale::da, text!(language_danish)),
            _ => (Locale::en, text!(language_english)),
        };
        let source = film_address(&format!("{file}.{name}.vtt"));
        view! { <track kind="captions" src=source srclang=language::name(locale) label=label.0(locale)/> }
    };
    let tracks: Vec<_> = film.caption_languages().into_iter().map(|name| captions(name, &film.name)).collect();
    let (source, poster) = (film_address(&format!("{}.mp4", film.name)), film_address(&film.poster_file()));
    let title = film.title.clone();
    let seconds = film.seconds;
    let name = StoredValue::new(film.name);
    let seen = move || name.with_value(|name| note_seen(name));
    let look = move || {
        let at = video.get_untracked().map_or(0.0, |video| position(&video));
        if at > seconds * SEEN {
            seen();
        }
    };
    let lose = move || {
        lost_at.set(Some(video.get_untracked().map_or(0.0, |video| position(&video))));
        is_read.set(true);
    };
    let again = move |()| {
        let from = lost_at.get_untracked().unwrap_or_default();
        lost_at.set(None);
        if let Some(video) = video.get_untracked() {
            load_again(&video, from);
        }
    };
    let choose = move |name: &'static str| {
        speed.set(name.to_owned());
        let known = SPEEDS.into_iter().find(|(known, _)| *known == name);
        if let (Some((_, times)), Some(video)) = (known, video.get_untracked()) {
            set_speed(&video, times);
        }
    };
    let speeds = SPEEDS.map(|(name, times)| {
        let digits = name.split_once('.').map_or(0, |(_, digits)| digits.len());
        (name, TextProp::from(move || number(times, digits, locale.get())))
    });
    view! {
        <div class="film-screen">
            <video
                controls
                playsinline
                preload="none"
                node_ref=video
                poster=poster
                src=source
                aria-label=move || title.in_language(language::name(locale.get())).to_owned()
                on:loadedmetadata=move |_| first()
                on:timeupdate=move |_| look()
                on:ended=move |_| seen()
                on:error=move |_| lose()
            >
                {tracks}
            </video>
        </div>
        <Show when=move || lost_at.with(Option::is_some)>
            <Notice tone=Tone::Calm text=text!(film_broken)>
                <Button look="quiet" text=text!(try_again) on_press=again/>
            </Notice>
        </Show>
        <Choices legend=text!(film_speed) name="film-speed" choices=speeds.to_vec() said=speed on_choose=choose/>
    }
}
