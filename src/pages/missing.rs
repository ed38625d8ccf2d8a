//! An address that leads nowhere.

use super::frame::Frame;
use crate::components::Link;
use crate::routes::Place;
use crate::texts::text;
use leptos::prelude::*;

#[component]
pub fn MissingPage() -> impl IntoView {
    view! {
        <Frame title=text!(missing_title)>
            <p>{text!(missing_text)}</p>
            <Link to=Place::Plan(None) look="button primary" text=text!(missing_back)/>
        </Frame>
    }
}
