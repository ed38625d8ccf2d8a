//! Providers and the route list.

use crate::texts;
use leptos::prelude::*;

/// The young person's app.
#[component]
pub fn Young() -> impl IntoView {
    view! { <h1>{texts::APP_NAME}</h1> }
}

/// The staff app.
#[component]
pub fn Staff() -> impl IntoView {
    view! { <h1>{texts::APP_NAME}</h1> }
}
