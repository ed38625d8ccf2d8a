//! The small pieces that screens are put together from.

use super::live;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// An icon beside a word; it says nothing by itself.
#[component]
pub fn Icon(
    /// The symbol's name in the sprite of the page.
    name: &'static str,
) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" viewBox="0 0 24 24">
            <use href=format!("#{name}")></use>
        </svg>
    }
}

/// A quiet label over what it names.
#[component]
pub fn Labelled(#[prop(into)] label: TextProp, children: Children) -> impl IntoView {
    view! {
        <label class="stack">
            <span class="label">{live(move || label.get())}</span>
            {children()}
        </label>
    }
}

/// Something that opens when it is asked for.
#[component]
pub fn Fold(
    #[prop(into)] summary: TextProp,
    /// Whether it stands open at first.
    #[prop(optional)]
    open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="fold" open=open>
            <summary>{live(move || summary.get())}</summary>
            {children()}
        </details>
    }
}

/// How a notice looks; never by colour alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Calm,
    Careful,
}

/// A calm line about something the reader should know, with room for more.
#[component]
pub fn Notice(tone: Tone, #[prop(into)] text: TextProp, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let (class, role, icon) = match tone {
        Tone::Calm => ("notice", "status", "tick"),
        Tone::Careful => ("notice careful", "alert", "info"),
    };
    view! {
        <div class=class role=role>
            <Icon name=icon/>
            <div>
                <p>{live(move || text.get())}</p>
                {children.map(|children| children())}
            </div>
        </div>
    }
}

/// What is wrong with what was written, where it was written.
#[component]
pub fn Problem(#[prop(into)] text: Signal<Option<TextProp>>) -> impl IntoView {
    live(move || text.get().map(|text| view! { <p class="problem" role="alert">{text.get()}</p> }))
}

/// A text of several lines, each of them a point of a list.
#[component]
pub fn Points(#[prop(into)] text: TextProp) -> impl IntoView {
    let points = move || text.get().lines().map(|line| view! { <li>{line.to_owned()}</li> }).collect_view();
    view! { <ul class="points">{live(points)}</ul> }
}
