//! The icons of the app: one stroke, 24 units, from the sprite in the page itself.

use leptos::prelude::*;

/// An icon beside a word; it says nothing by itself.
#[component]
pub fn Icon(
    /// The symbol's name in the sprite.
    name: &'static str,
) -> impl IntoView {
    view! { <svg class="icon" aria-hidden="true" viewBox="0 0 24 24"><use href=format!("#{name}")/></svg> }
}
