//! One of a few, or some of them, with everything in sight.

use super::live;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// What is refused has not been pressed: the browser shows what it showed before, and sends nothing.
pub fn stay_if(event: &MouseEvent, is_refused: bool) {
    if is_refused {
        event.prevent_default();
    }
}

/// A question with a few answers, of which one holds or none does yet.
#[component]
pub fn Choices(
    #[prop(into)] legend: TextProp,
    /// What the choices are known by in the page.
    #[prop(into)]
    name: String,
    /// The value of each, and what it is called.
    choices: Vec<(&'static str, TextProp)>,
    /// One below the other and easy to hit, where the choice is what one came for.
    #[prop(optional)]
    large: bool,
    /// What is asked is only an explanation.
    #[prop(optional)]
    soft: bool,
    #[prop(into)] said: Signal<String>,
    #[prop(into)] on_choose: Callback<&'static str>,
) -> impl IntoView {
    let choose = move |event: MouseEvent, value: &'static str| {
        let holds = move || said.with_untracked(|said| said == value);
        if !holds() {
            on_choose.run(value);
            stay_if(&event, !holds());
        }
    };
    let (fields, one) = if large { ("choices", "choice") } else { ("kinds", "choice small") };
    let choice = move |(value, label): (&'static str, TextProp)| {
        view! {
            <label class=one>
                <input
                    type="radio"
                    name=name.clone()
                    value=value
                    prop:checked=Signal::derive(move || said.with(|said| said == value))
                    on:click=move |event| choose(event, value)
                />
                <span>{live(move || label.get())}</span>
            </label>
        }
    };
    view! {
        <fieldset class=fields>
            <legend class:soft=soft>{live(move || legend.get())}</legend>
            {choices.into_iter().map(choice).collect_view()}
        </fieldset>
    }
}

/// A question with a few answers, of which any may hold.
#[component]
pub fn Ticks(
    #[prop(into)] legend: TextProp,
    /// What they are known by in the page.
    name: &'static str,
    /// The value of each, and what it is called.
    choices: Vec<(&'static str, TextProp)>,
    /// Whether one of them holds.
    #[prop(into)]
    has: Callback<&'static str, bool>,
    #[prop(into)] on_tick: Callback<&'static str>,
) -> impl IntoView {
    let tick = move |event: MouseEvent, value: &'static str| {
        let held = untrack(|| has.run(value));
        on_tick.run(value);
        stay_if(&event, untrack(|| has.run(value)) == held);
    };
    let choice = move |(value, label): (&'static str, TextProp)| {
        view! {
            <label class="choice small">
                <input
                    type="checkbox"
                    name=name
                    value=value
                    prop:checked=Signal::derive(move || has.run(value))
                    on:click=move |event| tick(event, value)
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
