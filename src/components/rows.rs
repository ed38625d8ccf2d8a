//! A list in which each row stays the same element for as long as its key is there, so that nobody is thrown out of a field
//! they write in.

use super::focus::Remade;
use leptos::prelude::*;

#[component]
pub fn Rows(
    /// What each row is known by, in their order.
    #[prop(into)]
    keys: Signal<Vec<String>>,
    /// Makes a row, once, from its key. What it shows has to follow signals of its own.
    #[prop(into)]
    row: Callback<String, AnyView>,
) -> impl IntoView {
    let remade = Remade::default();
    let each = move || {
        remade.keep_focus();
        keys.get()
    };
    view! { <For each key=String::clone children=move |key| row.run(key)/> }
}
