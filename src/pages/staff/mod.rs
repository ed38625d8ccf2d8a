//! The staff app: sign in, my young people, invite, record the custody holder's yes, review.

pub mod desk;
pub mod invite;
pub mod review;
pub mod sign_in;
mod words;

use crate::state::staff::Desk;
use crate::texts as t;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

/// What every page of the staff app stands in.
#[component]
pub fn StaffPage(#[prop(into)] title: Signal<String>, children: Children) -> impl IntoView {
    let desk = Desk::get();
    let out = move |_| spawn_local(async move { desk.sign_out().await });
    view! {
        <a class="skip" href="#main">
            {t::SKIP}
        </a>
        <header class="desk-top no-print">
            <A href="/personale" attr:class="brand">
                {t::STAFF_BRAND}
            </A>
            <Show when=move || desk.who.with(Option::is_some)>
                <span class="who">{move || desk.who.get().map(|who| format!("{} · {}", who.name, who.unit))}</span>
                <button class="button quiet" on:click=out>
                    {t::STAFF_SIGN_OUT}
                </button>
            </Show>
        </header>
        <main id="main" class="desk" tabindex="-1">
            <h1>{title}</h1>
            {children()}
        </main>
    }
}
