//! What can be pressed: buttons, and links to other places in the app.

use super::{Icon, live, stay_if};
use crate::routes::Place;
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_router::components::A;

/// A button with a word on it, and maybe an icon before it.
#[component]
pub fn Button(
    #[prop(into)] text: TextProp,
    /// How it looks: `primary`, `quiet`, `danger` and others of `style/button.css`.
    look: &'static str,
    #[prop(optional)] icon: Option<&'static str>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button class=format!("button {look}") type="button" on:click=move |_| on_press.run(())>
            {icon.map(|name| view! { <Icon name/> })}
            {live(move || text.get())}
        </button>
    }
}

/// A button that sends the form that it is in, and has nothing to do while that is sent. It keeps the focus all the same, and
/// Enter in a field of the form presses it, too.
#[component]
pub fn SendButton(#[prop(into)] text: TextProp, busy: RwSignal<bool>) -> impl IntoView {
    view! {
        <button
            class="button primary"
            type="submit"
            aria-disabled=move || busy.get().then_some("true")
            on:click=move |event| stay_if(&event, busy.get_untracked())
        >
            {live(move || text.get())}
        </button>
    }
}

/// A button that is only an icon, with its name for those who do not see it.
#[component]
pub fn Tool(
    icon: &'static str,
    #[prop(into)] label: TextProp,
    id: String,
    /// It has nothing to do right now. It keeps the focus all the same, so that whoever has just used it is not thrown out of
    /// where they were.
    #[prop(into, optional)]
    off: Signal<bool>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            class="tool"
            type="button"
            id=id
            aria-label=label
            aria-disabled=move || off.get().then_some("true")
            on:click=move |_| on_press.run(())
        >
            <Icon name=icon/>
        </button>
    }
}

/// A link to another place in the app, with a word on it and maybe an icon before it.
#[component]
pub fn Link(
    to: Place,
    /// How it looks, as a class of the style sheets.
    look: &'static str,
    #[prop(into, optional)] text: TextProp,
    #[prop(optional)] icon: Option<&'static str>,
    /// Whether the page there is seen from its top, as a page that is new is.
    #[prop(default = true)]
    scroll: bool,
    /// What stands after the word.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <A href=to.path() scroll=scroll attr:class=look>
            {icon.map(|name| view! { <Icon name/> })}
            {live(move || text.get())}
            {children.map(|children| children())}
        </A>
    }
}
