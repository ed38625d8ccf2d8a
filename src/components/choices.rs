//! One of a few, with everything in sight.

use super::live;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// A question with a few answers, of which one holds or none does yet.
#[component]
pub fn Choices(
    #[prop(into)] legend: TextProp,
    /// What the choices are known by in the page.
    #[prop(into)]
    name: String,
    /// The value of each, and what it is called.
    choices: Vec<(&'static str, TextProp)>,
    #[prop(into)] said: Signal<String>,
    #[prop(into)] on_choose: Callback<&'static str>,
) -> impl IntoView {
    let choice = move |(value, label): (&'static str, TextProp)| {
        view! {
            <label class="choice small">
                <input
                    type="radio"
                    name=name.clone()
                    value=value
                    prop:checked=Signal::derive(move || said.with(|said| said == value))
                    on:change=move |_| on_choose.run(value)
                />
                <span>{live(move || label.get())}</span>
            </label>
        }
    };
    view! {
        <fieldset class="kinds">
            <legend>{live(move || legend.get())}</legend>
            {choices.into_iter().map(choice).collect_view()}
        </fieldset>
    }
}
