//! What has been suggested beside an entry and what came of it, and the way to suggest something. The entry is the young person's.

use super::meeting::{By, Say};
use crate::texts::{Text, text};
use leptos::prelude::*;
use plan::author::{SUGGESTION, TEXT};
use plan::limits::MAX_OPEN_SUGGESTIONS;
use protocol::{ReviewPart, ReviewText, SuggestionView};

/// Whether as many of the reader's suggestions as there may be wait for an answer.
#[derive(Clone, Copy)]
pub struct Full(pub bool);

impl Full {
    pub fn of(parts: &[ReviewPart]) -> Self {
        let texts = parts.iter().flat_map(|part| &part.sections).flat_map(|section| &section.texts);
        let suggestions = texts.flat_map(|text| &text.suggestions);
        Self(suggestions.filter(|it| it.by.own.is_some() && it.taken.is_none()).count() >= MAX_OPEN_SUGGESTIONS)
    }
}

/// What came of it.
fn outcome(taken: Option<bool>) -> Text {
    match taken {
        None => text!(staff_proposal_waits),
        Some(true) => text!(staff_suggestion_taken),
        Some(false) => text!(proposal_decline),
    }
}

#[component]
pub fn Suggestions(text: ReviewText) -> impl IntoView {
    let Full(is_full) = expect_context();
    let ReviewText { on, text: point, suggestions, .. } = text;
    let (to, about) = (StoredValue::new(on), point.clone());
    let one = move |SuggestionView { text, taken, by }: SuggestionView| {
        let known = by.own.clone().filter(|_| taken.is_none());
        let (point, words) = (point.clone(), text.clone());
        let change = move |slot: String| {
            let fields = vec![(TEXT, words.clone())];
            view! {
                <Say
                    does=text!(staff_suggestion_change)
                    kind=SUGGESTION
                    to
                    known=slot
                    fields
                    about=words
                    point
                />
            }
        };
        view! {
            <div class="answer">
                <p lang="">{text}</p>
                <p>
                    <b>{outcome(taken)}</b>
                </p>
                <By by/>
                {known.map(change)}
            </div>
        }
    };
    let shown = suggestions.into_iter().map(one).collect_view();
    let point = about.clone();
    view! {
        {shown}
        {(!is_full)
            .then(move || {
                let fields = vec![(TEXT, String::new())];
                view! { <Say does=text!(staff_suggestion) kind=SUGGESTION to fields about point/> }
            })}
    }
}
