//! Når det er svært: three things to do, people to call, something to hold on to. Needs no network and little reading.

use super::frame::arrive;
use crate::components::{Icon, Link, Show, live};
use crate::routes::Place;
use crate::state::{Session, use_session};
use crate::texts::text;
use leptos::prelude::*;
use plan::hard::{self, MOST, Sections};

fn texts(session: Session, sections: Sections) -> Vec<String> {
    let mut found = Vec::new();
    for (part, name) in sections {
        session.sections(*part).with(|all| {
            let entries = all.iter().filter(|known| known.on.name() == *name).flat_map(|known| &known.entries);
            let texts = entries.map(|entry| entry.texts.shown().trim().to_owned());
            found.extend(texts.filter(|text| !text.is_empty()));
        });
    }
    found.truncate(MOST);
    found
}

/// A name and a number, from words like "Mor 12 34 56 78, også om natten".
fn split_call(text: &str) -> (String, Option<String>) {
    let starts = |c: char| c.is_ascii_digit() || c == '+';
    let Some(from) = text.find(starts) else { return (text.to_owned(), None) };
    let length = text[from..].find(|c: char| !(starts(c) || c == ' ' || c == '-')).unwrap_or(text.len() - from);
    let number: String = text[from..from + length].chars().filter(|c| starts(*c)).collect();
    if number.len() < 3 {
        return (text.to_owned(), None);
    }
    let rest = format!("{} {}", text[..from].trim(), text[from + length..].trim());
    let name = rest.trim().trim_end_matches([':', ',', '-']).trim();
    (if name.is_empty() { number.clone() } else { name.to_owned() }, Some(number))
}

#[component]
pub fn HardPage() -> impl IntoView {
    let session = use_session();
    arrive(true);
    let actions = move || {
        let own = texts(session, hard::ACTIONS);
        // What stands there before anything is written is ours, and in the language of the page.
        let lang = (!own.is_empty()).then_some("");
        let ours = [text!(hard_breathe), text!(hard_adult)].map(|text| text.get().to_owned());
        let all = if own.is_empty() { ours.into() } else { own };
        (1..).zip(all).map(|(at, text)| view! { <Act at text lang/> }).collect_view()
    };
    let people = move || texts(session, hard::PEOPLE);
    let reasons = move || texts(session, hard::REASONS);
    view! {
        <div class="calm">
            <header class="top">
                <h1>{text!(hard_title)}</h1>
                <Link to=Place::Plan(None) look="button hide" icon="hide" text=text!(hard_hide)/>
            </header>
            <main id="main" tabindex="-1">
                <ol class="acts">
                    {live(actions)}
                </ol>
                <h2 class="soft">{text!(hard_talk)}</h2>
                <div class="acts">
                    {live(move || people().into_iter().map(|text| view! { <Call text/> }).collect_view())}
                    <Show when=move || people().is_empty()>
                        <p class="act">{text!(hard_nearest)}</p>
                    </Show>
                </div>
                <div class="acts">
                    <Show when=move || !reasons().is_empty()>
                        <h2 class="soft">{text!(hard_hold)}</h2>
                    </Show>
                    {live(move || reasons().into_iter().map(|text| view! { <p class="act small" lang="">{text}</p> }).collect_view())}
                </div>
                <p class="lines">
                    <a class="button" href="tel:116111">
                        {text!(hard_childline)}
                    </a>
                    <a class="button" href="tel:112">
                        {text!(hard_112)}
                    </a>
                </p>
            </main>
        </div>
    }
}

/// Something to do. Own words are in no language that is known.
#[component]
pub fn Act(at: usize, text: String, #[prop(default = Some(""))] lang: Option<&'static str>) -> impl IntoView {
    view! {
        <li class="act">
            <b aria-hidden="true">{at}</b>
            <span lang=lang>{text}</span>
        </li>
    }
}

/// Somebody to talk to, and the way to ring them where there is a number.
#[component]
pub fn Call(text: String) -> impl IntoView {
    let (name, number) = split_call(&text);
    match number {
        Some(number) => view! {
            <a class="call" href=format!("tel:{number}")>
                <Icon name="phone"/>
                <span><span lang="">{name}</span> <small>{text!(hard_call)} " " {number.clone()}</small></span>
            </a>
        }
        .into_any(),
        None => view! {
            <p class="call">
                <Icon name="talk"/>
                <span lang="">{name}</span>
            </p>
        }
        .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::split_call;

    #[test]
    fn a_number_is_found_among_words() {
        for (text, name, number) in [
            ("Mor 12 34 56 78", "Mor", Some("12345678")),
            ("Mor: 12345678, også om natten", "Mor: , også om natten", Some("12345678")),
            ("+45 12 34 56 78", "+4512345678", Some("+4512345678")),
            ("112", "112", Some("112")),
            ("Vagten i huset", "Vagten i huset", None),
            ("Søren på 3. sal", "Søren på 3. sal", None),
        ] {
            assert_eq!(split_call(text), (name.to_owned(), number.map(str::to_owned)), "{text}");
        }
    }
}
