//! What adults suggest beside an entry: under it, in a box of its own and never in the words, for the young person to take or not.

use super::words;
use crate::components::{Button, Field, Problem, Rows, Show, focus_soon, live};
use crate::state::{NewEntry, describe, use_session};
use crate::texts::{text, words};
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use plan::{Entity, Seen, Suggestion};

#[component]
pub fn Suggestions(
    /// The entry that they are said to.
    on: Entity,
    /// The list that it stands in.
    name: StoredValue<String>,
) -> impl IntoView {
    let session = use_session();
    let part = on.part();
    let open = Memo::new(move |_| {
        let mut all = part.map(|part| session.look(part, |set| set.list_suggestions(&on))).unwrap_or_default();
        all.retain(|suggestion| suggestion.taken.is_none());
        all
    });
    let keys = move || open.with(|all| all.iter().map(|it| it.on.as_str().to_owned()).collect::<Vec<_>>());
    let row = move |key: String| key.parse::<Entity>().ok().map(|on| view! { <Open on name open/> }).into_any();
    view! { <Rows keys row/> }
}

/// Where entries only stand: whether a suggestion beside one of them waits for an answer.
#[component]
pub fn Suggested(beside: Vec<Entity>) -> impl IntoView {
    let session = use_session();
    let waits = Memo::new(move |_| {
        beside.iter().any(|on| {
            let is_open = |set: &plan::OpSet| set.list_suggestions(on).iter().any(|it| it.taken.is_none());
            on.part().is_some_and(|part| session.look(part, is_open))
        })
    });
    view! {
        <Show when=move || waits.get()>
            <span class="badge">{text!(suggestion_waits)}</span>
        </Show>
    }
}

/// One that waits for an answer.
#[component]
fn Open(on: Entity, name: StoredValue<String>, open: Memo<Vec<Suggestion>>) -> impl IntoView {
    let session = use_session();
    let id = on.as_str().replace('/', "-");
    let part = on.part();
    let (on, box_id) = (StoredValue::new(on), StoredValue::new(id.clone()));
    let suggestion = move || on.with_value(|on| open.with(|all| all.iter().find(|it| it.on == *on).cloned()));
    let text = move || suggestion().map(|it| it.text).unwrap_or_default();
    let from = Memo::new(move |_| {
        let by = suggestion().map(|it| it.by);
        by.map(|by| words!(suggestion_from, from = by.from.clone(), day = describe(by.at.millis))()).unwrap_or_default()
    });
    let problem = RwSignal::new(None::<TextProp>);
    // What is made of it stands under a name of its own in the journal until it is taken: the phone may be put out in the middle.
    let draft = RwSignal::new(None::<Entity>);
    let typed = move || draft.get().and_then(|draft| session.own_words(&draft, "text"));
    let is_edited = move || draft.with(Option::is_some);
    let let_go = move || {
        if let Some(draft) = draft.try_update(Option::take).flatten() {
            session.discard(&draft, "text");
        }
    };
    let focus = move |what: &str| focus_soon(format!("#{} {what}", box_id.get_value()));
    let take = move |()| {
        let words = untrack(move || typed().unwrap_or_else(text));
        if words.trim().is_empty() {
            return problem.set(Some(text!(suggestion_empty).into()));
        }
        match on.with_value(|on| session.take_suggestion(on, &words)) {
            Ok(()) => let_go(),
            Err(why) => drop(problem.try_set(Some(words::refused(why)))),
        }
    };
    let decline = move |()| {
        let done = on.with_value(|on| session.decline_suggestion(on));
        problem.try_set(done.err().map(words::refused));
    };
    let edit = move |()| {
        problem.set(None);
        draft.set(part.map(|part| session.name_entry(part)));
        focus("textarea");
    };
    let back = move |()| {
        problem.set(None);
        let_go();
        focus("button");
    };
    let type_words = move |words: String| {
        problem.set(None);
        if let Some(draft) = draft.get_untracked() {
            let new = NewEntry { section: name.get_value(), kind: None };
            session.type_words(&Seen::nothing(draft), "text", &words, Some(&new));
        }
    };
    // Whoever closes the sheet with words of theirs in the field keeps them: taken, or for themselves where that cannot be any more.
    on_cleanup(move || {
        let Some(draft) = draft.try_get_untracked().flatten() else { return };
        let Some(words) = untrack(|| session.own_words(&draft, "text")) else { return };
        match on.with_value(|on| session.take_suggestion(on, &words)) {
            Ok(()) => session.discard(&draft, "text"),
            Err(_) => {
                let _ = session.flush(&draft, "text");
                session.leave(&draft, "text");
            }
        }
    });
    let offered = move || {
        view! {
            <p class="own" lang="">{live(text)}</p>
            <Problem text=problem/>
            <div class="decide">
                <Button look="primary" text=text!(suggestion_take) on_press=take/>
                <Button look="quiet" text=text!(suggestion_edit) on_press=edit/>
                <Button look="quiet" text=text!(proposal_decline) on_press=decline/>
            </div>
        }
    };
    view! {
        <div class="answer suggestion" id=id role="group" aria-label=move || from.get()>
            <p class="soft">{live(move || from.get())}</p>
            <Show when=is_edited fallback=offered>
                <Field
                    value=move || typed().unwrap_or_else(text)
                    label=text!(suggestion_words)
                    problem
                    on_begin=|()| ()
                    on_draft=type_words
                    on_text=|()| ()
                    on_end=|()| ()
                />
                <div class="decide">
                    <Button look="primary" text=text!(suggestion_take) on_press=take/>
                    <Button look="quiet" text=text!(consent_back) on_press=back/>
                </div>
            </Show>
        </div>
    }
}
