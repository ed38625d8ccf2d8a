//! Own words where they stand: a field that keeps what is written in it, and what else was written there.

use super::words;
use crate::components::{Button, Field, live};
use crate::state::{Shown, use_session};
use crate::texts::{Text, text};
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use plan::document::Version;

/// A field that shows what stands in the plan and writes it there.
#[component]
pub fn OwnField(
    shown: Shown,
    label: Text,
    problem: RwSignal<Option<TextProp>>,
    /// What it shows as long as nothing of one's own is there.
    #[prop(into, optional)]
    otherwise: Signal<String>,
    #[prop(into, optional)] placeholder: TextProp,
) -> impl IntoView {
    let session = use_session();
    let value = move || {
        let text = shown.text();
        if text.is_empty() && !shown.is_typed() { otherwise.get() } else { text }
    };
    view! {
        <Field
            value
            label
            placeholder
            problem
            on_begin=move |()| session.begin_change()
            on_draft=move |text: String| shown.type_words(&text)
            // Whoever deletes what it belongs to may have ended it.
            on_text=move |()| drop(problem.try_set(shown.flush().err().map(words::refused)))
            on_end=move |()| shown.leave()
        />
    }
}

/// A name for a field of one line: Enter makes no other.
#[component]
pub fn OneLine(label: Text, children: Children) -> impl IntoView {
    let keep = |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
        }
    };
    view! {
        <label class="stack" on:keydown=keep>
            <span class="label">{label}</span>
            {children()}
        </label>
    }
}

/// A text, and a button to put it in the field.
#[component]
pub fn VersionView(shown: Shown, text: String, does: Text) -> impl IntoView {
    let session = use_session();
    let words = text.clone();
    view! {
        <div class="version">
            {if text.is_empty() {
                view! { <p class="soft">{text!(empty_version)}</p> }.into_any()
            } else {
                view! { <p class="own" lang="">{words}</p> }.into_any()
            }}
            <Button look="quiet" text=does on_press=move |()| session.report(shown.set(&text))/>
        </div>
    }
}

/// "To udgaver": both are there until the young person chooses.
#[component]
pub fn TwoVersions(shown: Shown, #[prop(into)] versions: Signal<Vec<Version>>) -> impl IntoView {
    live(move || {
        let versions = Some(versions.get()).filter(|versions| versions.len() > 1)?;
        let all =
            versions.into_iter().map(|Version { text, .. }| view! { <VersionView shown text does=text!(keep_this)/> });
        Some(view! {
            <div class="versions" role="status">
                <p class="versions-title">{text!(two_versions)}</p>
                {all.collect_view()}
            </div>
        })
    })
}
