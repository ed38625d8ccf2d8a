//! Providers and the route list.

use crate::pages::{
    about::AboutPage, code::CodePage, consent::ConsentPage, devices::DevicesPage, hard::HardPage, home::HomePage,
    meeting::MeetingPage, missing::MissingPage, more::MorePage, plan::PlanPage, share::SharePage,
};
use crate::pages::staff::{desk::DeskPage, invite::InvitePage, review::ReviewPage, sign_in::SignInPage};
use crate::platform::events;
use crate::state::Session;
use crate::state::staff::Desk;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

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
                    <Routes fallback=MissingPage>
                        <Route path=path!("/") view=HomePage/>
                        <Route path=path!("/plan/:section?") view=PlanPage/>
                        <Route path=path!("/om-mig/:section?") view=AboutPage/>
                        <Route path=path!("/moede/:section?") view=MeetingPage/>
                        <Route path=path!("/svaert") view=HardPage/>
                        <Route path=path!("/del") view=SharePage/>
                        <Route path=path!("/del/kode") view=CodePage/>
                        <Route path=path!("/del/:consent") view=ConsentPage/>
                        <Route path=path!("/mere") view=MorePage/>
                        <Route path=path!("/mere/telefoner") view=DevicesPage/>
                    </Routes>
                </Router>
            }
        })
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
