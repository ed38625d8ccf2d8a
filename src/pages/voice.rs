//! What Mit Møde and its sheets both show: who says it at the meeting.

use crate::components::Choices;
use crate::state::{Shown, use_session};
use crate::texts::{Text, text};
use leptos::prelude::*;
use plan::Entity;

/// Who says it: the young person, the screen, or somebody who reads it aloud.
const VOICES: [(&str, Text); 3] =
    [("self", text!(voice_self)), ("screen", text!(voice_screen)), ("other", text!(voice_other))];

/// What is said about that on paper; `None` while nobody has chosen.
pub fn voice_name(voice: &str) -> Option<Text> {
    VOICES.into_iter().find(|(value, _)| *value == voice).map(|(_, name)| name)
}

/// A field of a meeting that is one text.
pub fn use_fact(meeting: &Entity, name: &'static str) -> (Shown, Memo<String>) {
    let shown = use_session().shown(meeting.clone(), name);
    (shown, Memo::new(move |_| shown.text()))
}

/// Who says it at the meeting.
#[component]
pub fn Voice(
    meeting: Entity,
    /// What the choices are known by in the page: there may be the same over it.
    name: &'static str,
) -> impl IntoView {
    let session = use_session();
    let (shown, voice) = use_fact(&meeting, "voice");
    view! {
        <Choices
            legend=text!(voice_help)
            name
            choices=VOICES.map(|(value, name)| (value, name.into())).to_vec()
            large=true
            soft=true
            said=voice
            on_choose=move |value| session.report(shown.set(value))
        />
    }
}
