//! The ticks: per part, what somebody may see.

use super::words;
use leptos::prelude::*;
use plan::{Part, Parts};

#[component]
pub fn PartTicks(#[prop(into)] legend: String, parts: RwSignal<Parts>) -> impl IntoView {
    view! {
        <fieldset class="choices">
            <legend>{legend}</legend>
            {Part::ALL
                .map(|part| {
                    view! {
                        <label class="choice">
                            <input
                                type="checkbox"
                                name=part.name()
                                prop:checked=move || parts.get().contains(part)
                                on:change:target=move |event| {
                                    let on = event.target().checked();
                                    parts.update(|parts| *parts = if on { parts.with(part) } else { parts.without(part) });
                                }
                            />
                            <span>{words::part_name(part)}</span>
                        </label>
                    }
                })
                .collect_view()}
        </fieldset>
    }
}
