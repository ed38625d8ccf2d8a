//! The staff app: sign in, my young people, invite, what one tells of oneself, record the custody holder's yes, review, a
//! meeting that is held, copies, and the guides.

mod copies;
mod copy_text;
mod desk;
mod during;
mod guides;
mod hard;
mod invite;
mod meeting;
mod messages;
mod news;
mod of_young;
mod order;
mod profile;
mod review;
mod saying;
mod sign_in;
mod stand_in;
mod suggestions;
mod words;
mod writing;
mod young;

pub use desk::DeskPage;
pub use during::DuringPage;
pub use guides::{GuidePage, GuidesPage};
pub use hard::HardPage;
pub use invite::InvitePage;
pub use messages::{MessagesPage, StandInMessagesPage};
pub use profile::ProfilePage;
pub use review::ReviewPage;
pub use sign_in::SignInPage;

use crate::pages::language::LanguageSwitch;
use crate::routes::StaffPlace;
use crate::state::staff::use_desk;
use crate::texts::text;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

/// What came after the last look.
#[component]
fn New() -> impl IntoView {
    view! { <span class="badge">{text!(staff_new)}</span> }
}

/// Goes to the list, without leaving this place in the history: whoever uses the computer next begins there too.
fn use_list() -> Callback<()> {
    let navigate = StoredValue::new_local(use_navigate());
    Callback::new(move |()| {
        let options = NavigateOptions { replace: true, ..Default::default() };
        navigate.try_with_value(|navigate| navigate(&StaffPlace::Desk.path(), options));
    })
}

/// What every page of the staff app stands in.
#[component]
pub fn StaffPage(#[prop(into)] title: TextProp, children: Children) -> impl IntoView {
    let desk = use_desk();
    let go_to_list = use_list();
    let out = move |_| {
        go_to_list.run(());
        spawn_local(async move { desk.sign_out().await });
    };
    view! {
        <a class="skip" href="#main" rel="external">
            {text!(skip)}
        </a>
        <header class="desk-top no-print">
            <A href=StaffPlace::Desk.path() attr:class="brand">
                {text!(staff_brand)}
            </A>
            <LanguageSwitch/>
            <Show when=move || desk.who.with(Option::is_some)>
                <span class="who">{move || desk.who.get().map(|who| format!("{} · {}", who.name, who.unit))}</span>
                <button class="button quiet" on:click=out>
                    {text!(staff_sign_out)}
                </button>
            </Show>
        </header>
        <main id="main" class="desk" tabindex="-1">
            <h1>{move || title.get()}</h1>
            {children()}
        </main>
    }
}
