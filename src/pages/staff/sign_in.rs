//! Signing in with login and password.

use super::{StaffPage, use_list, words};
use crate::components::{Labelled, Problem, SendButton};
use crate::state::staff::use_desk;
use crate::texts::text;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;

#[component]
pub fn SignInPage() -> impl IntoView {
    let desk = use_desk();
    let (login, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let problem = RwSignal::new(None::<TextProp>);
    let busy = RwSignal::new(false);
    let go_to_list = use_list();
    let sign_in = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        // The address may be where somebody else has been.
        go_to_list.run(());
        spawn_local(async move {
            let done = desk.sign_in(login.get_untracked(), password.get_untracked()).await;
            problem.set(done.err().map(words::problem));
            password.set(String::new());
            busy.set(false);
        });
    };
    view! {
        <StaffPage title=text!(staff_sign_in_title)>
            <form class="card narrow" on:submit=sign_in>
                <Labelled label=text!(staff_login)>
                    <input
                        class="field"
                        type="text"
                        name="login"
                        autocomplete="username"
                        prop:value=move || login.get()
                        on:input:target=move |event| login.set(event.target().value())
                    />
                </Labelled>
                <Labelled label=text!(staff_password)>
                    <input
                        class="field"
                        type="password"
                        name="password"
                        autocomplete="current-password"
                        prop:value=move || password.get()
                        on:input:target=move |event| password.set(event.target().value())
                    />
                </Labelled>
                <Problem text=problem/>
                <SendButton text=text!(staff_sign_in) busy/>
            </form>
        </StaffPage>
    }
}
