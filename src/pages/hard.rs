//! Når det er svært: three things to do, people to call, something to hold on to. Needs no network and little reading.

use super::App;
use crate::components::{El, el, icon, link, title};
use crate::routes::Place;
use crate::texts as t;
use leptos::prelude::*;
use plan::{Part, template};

/// More than this is not read by somebody who is very upset.
const ACTIONS: usize = 3;
const CALLS: usize = 3;

fn texts(app: App, part: Part, section: &str, most: usize) -> Vec<String> {
    app.session.sections(part).with(|all| {
        let entries = all.iter().filter(|known| known.on.name() == section).flat_map(|known| &known.entries);
        let texts = entries.map(|entry| entry.texts.shown().trim().to_owned());
        texts.filter(|text| !text.is_empty()).take(most).collect()
    })
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

pub fn page(app: App) -> Vec<El> {
    let actions = move || {
        let mut actions = texts(app, Part::PlanRed, template::HARD_ACTIONS, ACTIONS);
        // What helps early helps some now, and is better than an empty page.
        actions.extend(texts(app, Part::PlanYellow, "y_gor", ACTIONS - actions.len()));
        if actions.is_empty() {
            actions = vec![t::HARD_BREATHE.to_owned(), t::HARD_ADULT.to_owned()];
        }
        actions
    };
    let people = move || {
        let mut people = texts(app, Part::PlanRed, template::HARD_PEOPLE, CALLS);
        people.extend(texts(app, Part::PlanRed, "r_fag", CALLS - people.len()));
        people
    };
    let reasons = move || texts(app, Part::PlanRed, template::HARD_REASONS, 3);
    let hide = link("button hide", &Place::Plan(None).path()).child(icon("hide")).text(t::HARD_HIDE);
    let top = el("header").class("top").child(title("h1", t::HARD_TITLE)).child(hide);
    let acts =
        el("ol").class("acts").live(move || actions().iter().enumerate().map(|(at, text)| act(at, text)).collect());
    let calls = el("div").class("acts").live(move || {
        let people = people();
        if people.is_empty() {
            return vec![el("p").class("act").text(t::HARD_NEAREST)];
        }
        people.iter().map(|text| call(text)).collect()
    });
    let hold = el("div").class("acts").live(move || {
        let reasons = reasons();
        let heading = (!reasons.is_empty()).then(|| title("h2", t::HARD_HOLD).class("soft"));
        let reasons = reasons.iter().map(|text| el("p").class("act small").text(text));
        heading.into_iter().chain(reasons).collect()
    });
    let lines = el("p")
        .class("lines")
        .child(link("button", "tel:116111").text(t::HARD_CHILDLINE))
        .child(link("button", "tel:112").text(t::HARD_112));
    let main = el("main").id("main").attr("tabindex", "-1");
    let main = main.children(vec![acts, title("h2", t::HARD_TALK).class("soft"), calls, hold, lines]);
    vec![el("div").class("calm").child(top).child(main)]
}

fn act(at: usize, text: &str) -> El {
    let number = el("b").attr("aria-hidden", "true").text(&(at + 1).to_string());
    el("li").class("act").child(number).child(el("span").text(text))
}

fn call(text: &str) -> El {
    let (name, number) = split_call(text);
    match number {
        Some(number) => {
            let small = el("small").text(&format!("{} {number}", t::HARD_CALL));
            let words = el("span").text(&name).child(small);
            link("call", &format!("tel:{number}")).child(icon("phone")).child(words)
        }
        None => el("p").class("call").child(icon("talk")).child(el("span").text(&name)),
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
