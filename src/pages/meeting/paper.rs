//! A page about a meeting that can be printed and kept as a text. What stands on it is made once, for the screen, the paper and the
//! text, so that none of them says anything else than the others.

use crate::components::{Button, Link, live};
use crate::pages::frame::Frame;
use crate::pages::words::form_name;
use crate::routes::Place;
use crate::state::{copy_text, describe_day, describe_occasion, describe_year_day, print_page, save_text};
use crate::texts::{Text, text};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use plan::Day;
use plan::minutes::{Occasion, lines as lines_of};
use std::fmt::Write as _;

/// What stands on it, in the language of now.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Paper {
    /// What its file is called, without an ending.
    pub name: String,
    pub title: String,
    /// When and where, each a line; the words of people.
    pub head: Vec<String>,
    pub pieces: Vec<Piece>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    pub heading: String,
    /// None: there is room to write by hand.
    pub lines: Vec<Line>,
    pub is_numbered: bool,
}

/// What somebody has written, and what belongs to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub words: String,
    pub facts: Vec<Fact>,
}

/// What is said about a line: by the app, and after that by people. Either may be empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact {
    pub label: String,
    pub words: String,
}

impl Fact {
    pub fn new(label: impl Into<String>, words: impl Into<String>) -> Self {
        Self { label: label.into(), words: words.into() }
    }

    fn to_text(&self) -> String {
        [self.label.trim(), self.words.trim()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

impl Line {
    pub fn plain(words: String) -> Self {
        Self { words, facts: Vec::new() }
    }
}

impl Piece {
    pub fn list(heading: impl Into<String>, lines: Vec<Line>) -> Self {
        Self { heading: heading.into(), lines, is_numbered: false }
    }

    pub fn numbered(heading: impl Into<String>, lines: Vec<Line>) -> Self {
        Self { is_numbered: true, ..Self::list(heading, lines) }
    }
}

impl Paper {
    /// A paper about a meeting, with when and where it is.
    pub fn about(title: &str, file: &str, occasion: &Occasion, pieces: Vec<Piece>) -> Self {
        let day = occasion.date.parse::<Day>().map(|_| format!("-{}", occasion.date));
        let name = format!("{file}{}", day.unwrap_or_default());
        let title = format!("{title}: {}", form_name(occasion.form).get());
        let head = [when(occasion), Some(occasion.place.trim().to_owned())].into_iter().flatten();
        Self { name, title, head: head.filter(|line| !line.is_empty()).collect(), pieces }
    }

    /// The same for people to read where there is nothing but text.
    fn to_text(&self) -> String {
        let mut out = format!("{}\n", self.title);
        for line in &self.head {
            // Writing to a string does not fail.
            let _ = writeln!(out, "{}", lines_of(line).collect::<Vec<_>>().join(" "));
        }
        for Piece { heading, lines, is_numbered } in &self.pieces {
            let _ = write!(out, "\n{heading}\n");
            for (at, line) in lines.iter().enumerate() {
                let mark = if *is_numbered { format!("{}. ", at + 1) } else { "- ".to_owned() };
                let room = " ".repeat(mark.len());
                let facts = line.facts.iter().map(Fact::to_text);
                let all = std::iter::once(line.words.clone()).chain(facts).collect::<Vec<_>>().join("\n");
                for (nth, text) in lines_of(&all).enumerate() {
                    let _ = writeln!(out, "{}{text}", if nth == 0 { &mark } else { &room });
                }
            }
        }
        out
    }
}

/// `Fredag 6. december 2030 kl. 14.30`: on paper a day has its year. `None` while there is no day.
fn when(Occasion { date, time, .. }: &Occasion) -> Option<String> {
    let (said, full) = (describe_day(date)?, describe_year_day(date)?);
    let weekday = said.split(' ').next().unwrap_or_default();
    Some(describe_occasion(format!("{weekday} {full}"), time))
}

/// The page: what can be chosen, the paper, and the ways out of the phone.
#[component]
pub fn PaperPage(
    title: Text,
    /// Where one came from.
    back: Place,
    paper: Memo<Paper>,
    /// What is chosen above it.
    children: Children,
) -> impl IntoView {
    let save = move |()| paper.with_untracked(|paper| save_text(&paper.name, &paper.to_text()));
    let copied = RwSignal::new(None::<Text>);
    let copy = move |()| {
        let text = paper.with_untracked(Paper::to_text);
        spawn_local(async move {
            let is_done = copy_text(&text).await;
            // The page may be gone by now.
            copied.try_set(Some(if is_done { text!(paper_copied) } else { text!(paper_not_copied) }));
        });
    };
    view! {
        <Frame title>
            <section class="card">{children()}</section>
            <article class="paper">{live(move || paper.with(show))}</article>
            <p class="soft">{text!(paper_care)}</p>
            <div class="decide">
                <Link to=back look="button quiet" text=text!(consent_back)/>
                <Button look="quiet" text=text!(paper_copy) on_press=copy/>
                <Button look="quiet" text=text!(save_as_file) on_press=save/>
                <Button look="primary" text=text!(paper_print) on_press=move |()| print_page()/>
            </div>
            <p class="soft" role="status">
                {live(move || copied.get().map(Text::get))}
            </p>
        </Frame>
    }
}

fn show(paper: &Paper) -> impl IntoView + use<> {
    let head = paper.head.iter().map(|line| view! { <p>{line.clone()}</p> });
    view! {
        <header>
            <h2>{paper.title.clone()}</h2>
            {head.collect_view()}
        </header>
        {paper.pieces.iter().map(show_piece).collect_view()}
    }
}

fn show_piece(Piece { heading, lines, is_numbered }: &Piece) -> AnyView {
    let all = lines.iter().map(show_line).collect_view();
    let body = match (lines.is_empty(), is_numbered) {
        (true, _) => view! { <p class="paper-room soft">{text!(paper_room)}</p> }.into_any(),
        (false, true) => view! { <ol>{all}</ol> }.into_any(),
        (false, false) => view! { <ul>{all}</ul> }.into_any(),
    };
    view! {
        <section>
            <h3>{heading.clone()}</h3>
            {body}
        </section>
    }
    .into_any()
}

fn show_line(Line { words, facts }: &Line) -> impl IntoView + use<> {
    let fact = |Fact { label, words }: &Fact| {
        view! {
            <p>
                {label.clone()} " "
                <span lang="">{words.clone()}</span>
            </p>
        }
    };
    view! {
        <li>
            <p class="own" lang="">{words.clone()}</p>
            {facts.iter().map(fact).collect_view()}
        </li>
    }
}

/// One of a few, above the paper.
#[component]
pub fn Choice(
    #[prop(into)] text: TextProp,
    /// `radio` or `checkbox`.
    kind: &'static str,
    name: &'static str,
    #[prop(into)] checked: Signal<bool>,
    #[prop(into)] on_change: Callback<()>,
) -> impl IntoView {
    view! {
        <label class="choice small">
            <input type=kind name=name prop:checked=checked on:change=move |_| on_change.run(())/>
            <span>{live(move || text.get())}</span>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_everything_that_stands_on_the_paper() {
        let paper = Paper {
            name: String::new(),
            title: "Referat: Mit Møde".to_owned(),
            head: vec!["Det gule rum".to_owned()],
            pieces: vec![
                Piece::numbered(
                    "Punkter",
                    vec![
                        Line { words: "Hjem\ni weekenden".to_owned(), facts: vec![Fact::new("Nej", "Ikke før jul")] },
                        Line {
                            words: "Skole".to_owned(),
                            facts: vec![Fact::new("Ja", " "), Fact::new("", "Sara\rFormål")],
                        },
                    ],
                ),
                Piece::list("Formål", vec![]),
                Piece::list("Deltagere", vec![Line::plain("Mor".to_owned())]),
            ],
        };
        let text = "Referat: Mit Møde\nDet gule rum\n\nPunkter\n1. Hjem\n   i weekenden\n   Nej Ikke før jul\n2. Skole\n   Ja\n   \
                    Sara\n   Formål\n\nFormål\n\nDeltagere\n- Mor\n";
        assert_eq!(paper.to_text(), text);
    }
}
