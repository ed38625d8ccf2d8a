//! One yes: change what it covers, or take it back. Both are as easy as giving it was.

use super::frame::Page;
use super::parts::PartTicks;
use super::share::status_words;
use super::words;
use crate::routes;
use crate::state::Session;
use crate::texts as t;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_params_map};
use plan::{Consent, Parts};

#[component]
pub fn ConsentPage() -> impl IntoView {
    let session = Session::get();
    let params = use_params_map();
    let consent = move || {
        let id = params.read().get("consent")?;
        session.sharing.consents.with(|all| all.iter().find(|consent| consent.id == id).cloned())
    };
    let body = move || match consent() {
        Some(consent) if consent.withdrawn_at.is_none() => view! { <Change consent=consent/> }.into_any(),
        Some(_) => view! { <p class="lead" role="status">{t::CONSENT_WITHDRAWN_SHORT}</p> }.into_any(),
        None => view! { <p>{t::MISSING_TEXT}</p> }.into_any(),
    };
    view! {
        <Page title=t::CONSENT_TITLE>
            {body}
            <A href=routes::SHARE attr:class="button quiet">
                {t::CONSENT_BACK}
            </A>
        </Page>
    }
}

#[component]
fn Change(consent: Consent) -> impl IntoView {
    let session = Session::get();
    let navigate = use_navigate();
    let parts = RwSignal::new(consent.parts);
    let problem = RwSignal::new(None::<&'static str>);
    let id = StoredValue::new(consent.id.clone());
    let before = consent.parts;
    let back = move || navigate(routes::SHARE, NavigateOptions::default());
    let withdraw = {
        let back = back.clone();
        move |_| {
            session.withdraw(&id.get_value());
            back();
        }
    };
    let keep = move |_| {
        let (parts, back) = (parts.get_untracked(), back.clone());
        if parts == Parts::NONE {
            return problem.set(Some(t::ERROR_NO_PARTS));
        }
        spawn_local(async move {
            match session.change_consent(&id.get_value(), parts).await {
                Ok(_) => back(),
                Err(error) => problem.set(Some(words::share_error(error))),
            }
        });
    };
    view! {
        <section class="card">
            <h2>{consent.recipient.clone()}</h2>
            <p class="soft">{consent.unit.clone()}</p>
            <p>{status_words(&consent)}</p>
            <PartTicks legend=t::PARTS_LEGEND.replace("{name}", &consent.recipient) parts=parts/>
            {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
            <Show when=move || parts.get() != before>
                <button class="button primary" on:click=keep.clone()>
                    {t::CONSENT_KEEP}
                </button>
            </Show>
        </section>
        <section class="card">
            <h2>{t::WITHDRAW_TITLE}</h2>
            <p>{t::WITHDRAW_TEXT}</p>
            <button class="button danger" on:click=withdraw>{t::WITHDRAW}</button>
        </section>
    }
}
