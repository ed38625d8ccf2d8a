//! The two apps: what they are given, and how an address becomes a page.

use crate::components::dom::body_end;
use crate::pages::staff::{desk::DeskPage, invite::InvitePage, review::ReviewPage, sign_in::SignInPage};
use crate::pages::{App, screen};
use crate::platform::{events, history};
use crate::routes::Place;
use crate::state::Session;
use crate::state::staff::Desk;
use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use leptos::task::spawn_local;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

/// The young person's app: opens what is on the phone, then shows the page that the address names. It puts itself in the
/// page, since a view would bring much along.
pub fn young() {
    let session = Session::new();
    let owner = Owner::current().unwrap_or_default();
    spawn_local(async move {
        session.start().await;
        owner.with(|| show(session));
        events::remove_shell();
    });
}

/// What stands in the page. The browser gives the address, the history and the links; which page an address means is a
/// [`Place`].
fn show(session: Session) {
    let path = RwSignal::new(history::path());
    let place = Memo::new(move |_| path.with(|path| Place::parse(path)));
    let go = move |to: String, replaces| {
        if replaces {
            history::replace(&to);
        } else {
            history::push(&to);
        }
        path.set(to);
    };
    history::on_move(move || path.set(history::path()));
    history::on_link(move |to| go(to, false));
    screen(body_end(), App::new(session, place, Box::new(go)));
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
