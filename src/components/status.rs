//! A calm line about something the reader should know.

use super::Icon;
use leptos::prelude::*;

/// How a notice looks; never by colour alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Calm,
    Careful,
}

/// A notice with room for a button.
#[component]
pub fn Notice(tone: Tone, children: Children) -> impl IntoView {
    let careful = tone == Tone::Careful;
    view! {
        <div class="notice" class:careful=careful role=if careful { "alert" } else { "status" }>
            <Icon name=if careful { "info" } else { "tick" }/>
            <div>{children()}</div>
        </div>
    }
}
