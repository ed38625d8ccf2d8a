//! An address that leads nowhere.

use super::frame::Frame;
use crate::components::Link;
use crate::routes::Place;
use crate::texts as t;
use leptos::prelude::*;

#[component]
pub fn MissingPage() -> impl IntoView {
    view! {
        <Frame title=t::MISSING_TITLE>
            <p>{t::MISSING_TEXT}</p>
            <Link to=Place::Plan(None) look="button primary" text=t::MISSING_BACK/>
        </Frame>
    }
}
