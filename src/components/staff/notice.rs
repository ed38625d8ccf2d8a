//! A calm line about something the reader should know.

use super::Icon;
use crate::components::Tone;
use leptos::prelude::*;

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
