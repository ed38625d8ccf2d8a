//! Når det er svært: three things to do, people to call, something to hold on to. Needs no network and little reading.

use crate::components::Icon;
use crate::routes;
use crate::state::Session;
use crate::texts as t;
use leptos::prelude::*;
use leptos_router::components::A;
use plan::{OpSet, Part, template};

/// More than this is not read by somebody who is very upset.
const ACTIONS: usize = 3;
const CALLS: usize = 3;

fn texts(set: &OpSet, part: Part, section: &str, most: usize) -> Vec<String> {
    let entries = set.list_entries(part, section);
    let texts = entries.iter().map(|entry| entry.texts.shown().trim().to_owned());
    texts.filter(|text| !text.is_empty()).take(most).collect()
}

/// A name and a number, from words like "Mor 12 34 56 78, også om natten".
pub(super) fn split_call(text: &str) -> (String, Option<String>) {
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
    let session = Session::get();
    let actions = Memo::new(move |_| {
        session.set.with(|set| {
            let mut actions = texts(set, Part::PlanRed, template::HARD_ACTIONS, ACTIONS);
            // What helps early helps some now, and is better than an empty page.
            actions.extend(texts(set, Part::PlanYellow, "y_gor", ACTIONS - actions.len()));
            actions
        })
    });
    let people = Memo::new(move |_| {
        session.set.with(|set| {
            let mut people = texts(set, Part::PlanRed, template::HARD_PEOPLE, CALLS);
            people.extend(texts(set, Part::PlanRed, "r_fag", CALLS - people.len()));
            people
        })
    });
    let reasons = Memo::new(move |_| session.set.with(|set| texts(set, Part::PlanRed, template::HARD_REASONS, 3)));
    view! {
        <div class="calm">
            <header class="top">
                <h1>{t::HARD_TITLE}</h1>
                <A href=routes::PLAN attr:class="button hide">
                    <Icon name="hide"/>
                    {t::HARD_HIDE}
                </A>
            </header>
            <main id="main">
                <ol class="acts">
                    {move || {
                        let mut actions = actions.get();
                        if actions.is_empty() {
                            actions = vec![t::HARD_BREATHE.to_owned(), t::HARD_ADULT.to_owned()];
                        }
                        actions
                            .into_iter()
                            .enumerate()
                            .map(|(at, text)| {
                                view! {
                                    <li class="act">
                                        <b aria-hidden="true">{at + 1}</b>
                                        <span>{text}</span>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ol>
                <h2 class="soft">{t::HARD_TALK}</h2>
                {move || {
                    let people = people.get();
                    if people.is_empty() {
                        return view! { <p class="act">{t::HARD_NEAREST}</p> }.into_any();
                    }
                    people.into_iter().map(|text| view! { <Call text=text/> }).collect_view().into_any()
                }}
                <Show when=move || !reasons.with(Vec::is_empty)>
                    <h2 class="soft">{t::HARD_HOLD}</h2>
                    {move || {
                        reasons.get().into_iter().map(|text| view! { <p class="act small">{text}</p> }).collect_view()
                    }}
                </Show>
                <p class="lines">
                    <a class="button" href="tel:116111">
                        {t::HARD_CHILDLINE}
                    </a>
                    <a class="button" href="tel:112">
                        {t::HARD_112}
                    </a>
                </p>
            </main>
        </div>
    }
}

#[component]
fn Call(text: String) -> impl IntoView {
    let (name, number) = split_call(&text);
    match number {
        Some(number) => view! {
            <a class="call" href=format!("tel:{number}")>
                <Icon name="phone"/>
                <span>{name} <small>{t::HARD_CALL} " " {number.clone()}</small></span>
            </a>
        }
        .into_any(),
        None => view! {
            <p class="call">
                <Icon name="talk"/>
                <span>{name}</span>
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
