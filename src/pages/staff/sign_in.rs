//! Signing in with login and password.

use super::{StaffPage, words};
use crate::state::staff::Desk;
use crate::texts as t;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn SignInPage() -> impl IntoView {
    let desk = Desk::get();
    let (login, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let problem = RwSignal::new(None::<&'static str>);
    let busy = RwSignal::new(false);
    let sign_in = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        spawn_local(async move {
            let done = desk.sign_in(login.get_untracked(), password.get_untracked()).await;
            problem.set(done.err().map(words::error));
            password.set(String::new());
            busy.set(false);
        });
    };
    view! {
        <StaffPage title=Signal::stored(t::STAFF_SIGN_IN_TITLE.to_owned())>
            <form class="card narrow" on:submit=sign_in>
                <label class="stack">
                    <span class="label">{t::STAFF_LOGIN}</span>
                    <input
                        class="field"
                        type="text"
                        name="login"
                        autocomplete="username"
                        prop:value=move || login.get()
                        on:input:target=move |event| login.set(event.target().value())
                    />
                </label>
                <label class="stack">
                    <span class="label">{t::STAFF_PASSWORD}</span>
                    <input
                        class="field"
                        type="password"
                        name="password"
                        autocomplete="current-password"
                        prop:value=move || password.get()
                        on:input:target=move |event| password.set(event.target().value())
                    />
                </label>
                {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
                <button class="button primary" disabled=move || busy.get()>
                    {t::STAFF_SIGN_IN}
                </button>
            </form>
        </StaffPage>
    }
}
