//! The way to the other language, called what those who read it call it.

use crate::state::language::{choose_language, name, other_language};
use crate::texts::{Locale, text, use_language};
use leptos::prelude::*;

#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let language = use_language();
    let other = move || other_language(language.get());
    let own_name = move || match other() {
        Locale::da => text!(language_danish),
        Locale::en => text!(language_english),
    };
    view! {
        <button
            class="button quiet"
            type="button"
            lang=move || name(other())
            on:click=move |_| choose_language(language, untrack(other))
        >
            {move || own_name().get()}
        </button>
    }
}
