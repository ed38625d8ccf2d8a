//! An address that leads nowhere.

use super::frame::Page;
use crate::routes;
use crate::texts as t;
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub fn MissingPage() -> impl IntoView {
    view! {
        <Page title=t::MISSING_TITLE>
            <p>{t::MISSING_TEXT}</p>
            <A href=routes::PLAN attr:class="button primary">
                {t::MISSING_BACK}
            </A>
        </Page>
    }
}
