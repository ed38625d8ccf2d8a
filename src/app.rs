//! The two apps: what they are given, and how an address becomes a page.

use crate::components::El;
use crate::pages::staff::{desk::DeskPage, invite::InvitePage, review::ReviewPage, sign_in::SignInPage};
use crate::pages::{App, screen};
use crate::platform::events;
use crate::routes::Place;
use crate::state::Session;
use crate::state::staff::Desk;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{FlatRoutes, Route, Router, Routes};
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::{NavigateOptions, WildcardSegment, path};

/// The young person's app: opens what is on the phone, then shows the page that the address names.
#[component]
pub fn Young() -> impl IntoView {
    let session = Session::new();
    provide_context(session);
    let ready = RwSignal::new(false);
    spawn_local(async move {
        session.start().await;
        ready.set(true);
        events::remove_shell();
    });
    move || {
        ready.get().then(|| {
            view! {
                <Router>
                    // Without routes the router would never put an address in the bar.
                    <FlatRoutes fallback=|| ()>
                        <Route path=WildcardSegment("") view=Screen/>
                    </FlatRoutes>
                </Router>
            }
        })
    }
}

/// The one view: everything in it is built by the pages. The router gives the address, the history and the links; which
/// page an address means is a [`Place`], since a type per route would cost a tenth of the app.
#[component]
fn Screen() -> impl IntoView {
    let pathname = use_location().pathname;
    let place = Memo::new(move |_| pathname.with(|path| Place::parse(path)));
    let navigate = use_navigate();
    let go = Box::new(move |path: String, replace| {
        navigate(&path, NavigateOptions { replace, scroll: !replace, ..NavigateOptions::default() });
    });
    let app = App::new(expect_context(), place, go);
    let host = NodeRef::<Div>::new();
    host.on_load(move |host| screen(El::existing(host.into()), app));
    view! { <div node_ref=host></div> }
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
                    <Show when=move || signed_in.get() fallback=|| view! { <SignInPage/> }>
                        <Routes fallback=DeskPage>
                            <Route path=path!("/personale") view=DeskPage/>
                            <Route path=path!("/personale/inviter") view=InvitePage/>
                            <Route path=path!("/personale/ung/:id") view=ReviewPage/>
                        </Routes>
                    </Show>
                </Router>
            }
        })
    }
}
