//! The two apps: what they are given, and which page is shown at an address.

use crate::pages::staff::{
    DeskPage, DuringPage, GuidePage, GuidesPage, HardPage as StaffHardPage, InvitePage, MessagesPage, ProfilePage,
    ReviewPage, SignInPage, StandInMessagesPage,
};
use crate::pages::{
    AboutPage, Arrived, GuestPage, HardPage, HomePage, Lazy, LazyPage, MissingPage, PlanPage, provide_chunks,
};
use crate::platform::events;
use crate::routes::Place;
use crate::state::language::{provide_language, take_up_tapped, use_template};
use crate::state::staff::Desk;
use crate::state::{Session, was_tapped};
use crate::texts::{text, use_language};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;
use std::time::Duration;

/// The young person's app: opens what is on the phone, then shows the page that the address names.
#[component]
pub fn Young() -> impl IntoView {
    let language = provide_language();
    let words = use_template();
    let session = Session::new(language);
    provide_context(session);
    Effect::new(move |_| session.remember_begun());
    let is_open = RwSignal::new(false);
    spawn_local(async move {
        session.start().await;
        words.ready().await;
        // By itself: a phone that reads and draws in one go answers no tap meanwhile.
        set_timeout(
            move || {
                take_up_tapped(language);
                if was_tapped("svaert") {
                    events::replace_path(&Place::Hard.path());
                }
                is_open.set(true);
                events::remove_shell();
            },
            Duration::ZERO,
        );
    });
    move || is_open.get().then(|| view! { <Pages/> })
}

#[component]
fn Pages() -> impl IntoView {
    provide_context(Arrived::new());
    provide_chunks();
    view! {
        <Router>
            <FlatRoutes fallback=MissingPage>
                <Route path=path!("/") view=show(Page::Home)/>
                <Route path=path!("/plan/:section?") view=show(Page::Plan)/>
                <Route path=path!("/om-mig/:section?") view=show(Page::About)/>
                <Route path=path!("/moede/:section?") view=show(Page::Lazy(Lazy::of_meeting))/>
                <Route path=path!("/beskeder/:section?") view=show(Page::Lazy(Lazy::of_messages))/>
                <Route path=path!("/svaert") view=show(Page::Hard)/>
                <Route path=path!("/del/:section?") view=show(Page::Lazy(Lazy::of_sharing))/>
                <Route path=path!("/mere/:section?") view=show(Page::Lazy(Lazy::of_more))/>
                <Route path=path!("/film/:section?") view=show(Page::Lazy(Lazy::of_films))/>
            </FlatRoutes>
        </Router>
    }
}

/// The pages, as one type: the router makes its code anew for every type of page, and for every form of address.
#[derive(Clone, Copy)]
enum Page {
    Home,
    Plan,
    About,
    Hard,
    Lazy(fn(Option<&str>) -> Option<Lazy>),
}

fn show(page: Page) -> impl Fn() -> AnyView + Send + Sync + Clone {
    move || match page {
        Page::Home => view! { <HomePage/> }.into_any(),
        Page::Plan => view! { <PlanPage/> }.into_any(),
        Page::About => view! { <AboutPage/> }.into_any(),
        Page::Hard => view! { <HardPage/> }.into_any(),
        Page::Lazy(pages) => view! { <LazyPage pages/> }.into_any(),
    }
}

/// Where a guest reads the agenda of a meeting. Their page comes with the staff app, and knows nothing of who is signed in there.
const GUEST: &str = "/gaest";

/// The staff app: everything behind signing in, and the page of a guest.
#[component]
pub fn Staff() -> impl IntoView {
    let language = provide_language();
    if events::path() == GUEST {
        Effect::new(move |_| events::say_title(text!(guest_title).0(language.get())));
        events::remove_shell();
        return view! { <GuestPage/> }.into_any();
    }
    view! { <StaffDesk/> }.into_any()
}

#[component]
fn StaffDesk() -> impl IntoView {
    let language = use_language();
    Effect::new(move |_| events::say_title(text!(staff_brand).0(language.get())));
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
                            <Route path=path!("/personale/mig") view=ProfilePage/>
                            <Route path=path!("/personale/ung/:id") view=ReviewPage/>
                            <Route path=path!("/personale/ung/:id/svaert") view=StaffHardPage/>
                            <Route path=path!("/personale/ung/:id/beskeder") view=MessagesPage/>
                            <Route path=path!("/personale/vikar/:contact/:id") view=StandInMessagesPage/>
                            <Route path=path!("/personale/ung/:id/moede/:meeting/:del") view=DuringPage/>
                            <Route path=path!("/personale/vejledning") view=GuidesPage/>
                            <Route path=path!("/personale/vejledning/:guide") view=GuidePage/>
                        </FlatRoutes>
                    </Show>
                </Router>
            }
        })
    }
}
