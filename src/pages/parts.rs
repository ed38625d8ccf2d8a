//! The ticks: per part, what somebody may see.

use super::words;
use crate::components::live;
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use plan::{Part, Parts};

#[component]
pub fn PartTicks(#[prop(into)] legend: TextProp, parts: RwSignal<Parts>) -> impl IntoView {
    let tick = move |part: Part, on: bool| {
        parts.update(|parts| *parts = if on { parts.with(part) } else { parts.without(part) });
        // Nobody stands in for who may read no messages.
        if !parts.with_untracked(|parts| parts.contains(Part::Messages)) {
            parts.update(|parts| *parts = parts.without(Part::StandIn));
        }
    };
    let choice = move |part: Part| {
        view! {
            <label class="choice">
                <input
                    type="checkbox"
                    name=part.name()
                    disabled=move || part == Part::StandIn && !parts.get().contains(Part::Messages)
                    prop:checked=Signal::derive(move || parts.get().contains(part))
                    on:change:target=move |event| tick(part, event.target().checked())
                />
                <span>{words::part_name(part)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choices">
            <legend>{live(move || legend.get())}</legend>
            {Part::ALL.map(choice).collect_view()}
        </fieldset>
    }
}
