//! The two apps: what they are given, and which page is shown at an address.

use crate::pages::staff::{DeskPage, InvitePage, ReviewPage, SignInPage};
use crate::pages::{AboutPage, Arrived, HardPage, HomePage, LazyPage, MissingPage, Page, PlanPage, provide_chunks};
use crate::platform::events;
use crate::state::Session;
use crate::state::staff::Desk;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

/// The young person's app: opens what is on the phone, then shows the page that the address names.
#[component]
pub fn Young() -> impl IntoView {
    let session = Session::new();
    provide_context(session);
    let is_open = RwSignal::new(false);
    spawn_local(async move {
        session.start().await;
        is_open.set(true);
        events::remove_shell();
    });
    move || is_open.get().then(|| view! { <Pages/> })
}

#[component]
fn Pages() -> impl IntoView {
    provide_context(Arrived::default());
    provide_chunks();
    view! {
        <Router>
            <FlatRoutes fallback=MissingPage>
                <Route path=path!("/") view=HomePage/>
                <Route path=path!("/plan/:section?") view=PlanPage/>
                <Route path=path!("/om-mig/:section?") view=AboutPage/>
                <Route path=path!("/moede/:section?") view=|| view! { <LazyPage page=Page::Meeting/> }/>
                <Route path=path!("/svaert") view=HardPage/>
                <Route path=path!("/del") view=|| view! { <LazyPage page=Page::Share/> }/>
                <Route path=path!("/del/kode") view=|| view! { <LazyPage page=Page::Code/> }/>
                <Route path=path!("/del/:consent") view=|| view! { <LazyPage page=Page::Consent/> }/>
                <Route path=path!("/mere") view=|| view! { <LazyPage page=Page::More/> }/>
                <Route path=path!("/mere/telefoner") view=|| view! { <LazyPage page=Page::Devices/> }/>
            </FlatRoutes>
        </Router>
    }
}

/// The staff app: everything behind signing in.
#[component]
pub fn Staff() -> impl IntoView {
    let desk = Desk::new();
    provide_context(desk);
    let asked = RwSignal::new(false);
    spawn_local(async move {
        desk.resume().await;
        asked.set(true);
        events::remove_shell();
    });
    let signed_in = Memo::new(move |_| desk.who.with(Option::is_some));
    move || {
        asked.get().then(|| {
            view! {
                <Router>
                    <Show when=move || signed_in.get() fallback=SignInPage>
                        <FlatRoutes fallback=DeskPage>
                            <Route path=path!("/personale") view=DeskPage/>
                            <Route path=path!("/personale/inviter") view=InvitePage/>
                            <Route path=path!("/personale/ung/:id") view=ReviewPage/>
                        </FlatRoutes>
                    </Show>
                </Router>
            }
        })
    }
}
