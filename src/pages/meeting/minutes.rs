//! Referat: what was said and agreed at a meeting, on paper. Under the meeting's own headings, or under those of an ordinary plan
//! for coordination or discharge, so that an adult can put it there as it is.

use super::lines::{agreement_line, kinds, person, plain, point};
use super::ordinary::list_ordinary;
use super::paper::{Choice, Fact, Line, Paper, PaperPage, Piece};
use super::place::{MeetingPlace, View};
use crate::pages::words::{from_whom, level_name, question};
use crate::state::language::{TemplateWords, use_template};
use crate::state::use_session;
use crate::texts::{Text, text};
use leptos::prelude::*;
use plan::meeting::QUESTIONS;
use plan::minutes::{Minutes, Private};
use plan::{Agreement, Part, Reflection, template};

/// Whose headings it has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Headings {
    Own,
    OrdinaryPlan,
}

impl Headings {
    const ALL: [(Self, Text); 2] =
        [(Self::Own, text!(minutes_own_headings)), (Self::OrdinaryPlan, text!(minutes_plan_headings))];
}

#[component]
pub fn MinutesPage(here: MeetingPlace) -> impl IntoView {
    let session = use_session();
    let template = use_template();
    let headings = RwSignal::new(Headings::Own);
    let private = RwSignal::new(Private::LeftOut);
    let (meeting, back) = (here.entity(), here.with_view(View::After).place());
    let minutes = Memo::new(move |_| {
        let private = private.get();
        session.look(Part::Meeting, |set| set.minutes(&meeting, private))
    });
    let paper = Memo::new(move |_| {
        let pieces = |minutes: &Minutes| match headings.get() {
            Headings::Own => list_own(minutes, template),
            Headings::OrdinaryPlan => list_ordinary(minutes),
        };
        minutes.with(|minutes| {
            let pieces = pieces(minutes).into_iter().chain(reflections(minutes)).collect();
            Paper::about(text!(minutes_title).get(), text!(minutes_file).get(), &minutes.occasion, pieces)
        })
    });
    let choice = move |(value, text): (Headings, Text)| {
        view! {
            <Choice
                text
                kind="radio"
                name="headings"
                checked=Signal::derive(move || headings.get() == value)
                on_change=move |()| headings.set(value)
            />
        }
    };
    view! {
        <PaperPage title=text!(minutes_title) back paper>
            <fieldset class="choices">
                <legend class="soft">{text!(minutes_headings)}</legend>
                {Headings::ALL.map(choice).collect_view()}
            </fieldset>
            <Asked text=text!(minutes_with_reflections) name="reflections" private/>
        </PaperPage>
    }
}

/// The tick that takes along what is left out otherwise.
#[component]
pub fn Asked(text: Text, name: &'static str, private: RwSignal<Private>) -> impl IntoView {
    view! {
        <Choice
            text
            kind="checkbox"
            name
            checked=Signal::derive(move || private.get() == Private::AskedFor)
            on_change=move |()| private.update(|private| {
                *private = match private {
                    Private::LeftOut => Private::AskedFor,
                    Private::AskedFor => Private::LeftOut,
                };
            })
        />
    }
}

/// What stands in the meeting, as it is called there.
fn list_own(minutes: &Minutes, template: TemplateWords) -> Vec<Piece> {
    let content = template.get();
    let title = |name| template::find(Part::Meeting, name).map_or("", |known| content.of(known).title);
    let agreement = |agreement: &Agreement| {
        let facts = [text!(agreement_who), text!(agreement_due), text!(agreement_outcome)];
        agreement_line(agreement, facts.map(Some))
    };
    vec![
        Piece::list(title(template::PEOPLE), minutes.people.iter().map(person).collect()),
        Piece::list(text!(came_title).get(), kinds(&minutes.came)),
        Piece::list(title(template::REASONS), plain(&minutes.reasons)),
        Piece::numbered(text!(after_points).get(), minutes.points.iter().map(point).collect()),
        Piece::list(text!(agreements_title).get(), minutes.agreements.iter().map(agreement).collect()),
    ]
}

/// How it was, when it is asked for and somebody has said it.
fn reflections(minutes: &Minutes) -> Option<Piece> {
    let one = |Reflection { levels, words, by, .. }: &Reflection| {
        let said = QUESTIONS.into_iter().zip(levels).filter_map(|(field, level)| {
            let level = level_name((*level)?).get();
            Some(Fact::new(format!("{} {level}", question(field).get()), ""))
        });
        let own = Some(Fact::new("", words.trim())).filter(|fact| !fact.words.is_empty());
        let who =
            if by.from.is_empty() { text!(minutes_me).get().to_owned() } else { from_whom(&by.from).get().to_string() };
        Line { words: who, facts: said.chain(own).collect() }
    };
    let lines: Vec<Line> = minutes.reflections.iter().map(one).collect();
    (!lines.is_empty()).then(|| Piece::list(text!(reflection_title).get(), lines))
}
