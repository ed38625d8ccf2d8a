//! One yes: change what it covers, or take it back. Both are as easy as giving it was.

use super::frame::Frame;
use super::parts::PartTicks;
use super::share::status_words;
use super::words;
use crate::components::{Button, Link, Problem, Show, live};
use crate::routes::{Place, use_go};
use crate::state::{now, use_session};
use crate::texts as t;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use plan::{Consent, Parts};

#[component]
pub fn ConsentPage() -> impl IntoView {
    let consents = use_session().sharing.consents;
    let params = use_params_map();
    let consent = move || {
        let id = params.with(|params| params.get("consent"))?;
        consents.with(|all| all.iter().find(|consent| consent.id == id).cloned())
    };
    // What is ticked here stays, whatever is heard of this yes meanwhile, until it is over.
    let is_over = Memo::new(move |_| consent().is_none_or(|consent| consent.withdrawn_at.is_some()));
    let body = move || match (is_over.get(), untrack(consent)) {
        (false, Some(consent)) => view! { <Change consent/> }.into_any(),
        (_, Some(_)) => view! {
            <p class="lead" role="status">
                {t::CONSENT_WITHDRAWN_SHORT}
            </p>
        }
        .into_any(),
        (_, None) => view! { <p>{t::MISSING_TEXT}</p> }.into_any(),
    };
    view! {
        <Frame title=t::CONSENT_TITLE>
            <div class="stack">{live(body)}</div>
            <Link to=Place::Share look="button quiet" text=t::CONSENT_BACK/>
        </Frame>
    }
}

#[component]
fn Change(consent: Consent) -> impl IntoView {
    let session = use_session();
    let go = use_go();
    let parts = RwSignal::new(consent.parts);
    let wrong = RwSignal::new(None::<String>);
    let id = StoredValue::new(consent.id.clone());
    let (before, is_active) = (consent.parts, consent.is_active(now()));
    let keep = move |()| {
        let parts = parts.get_untracked();
        if parts == Parts::NONE {
            return wrong.set(Some(t::ERROR_NO_PARTS.to_owned()));
        }
        session.change_consent(id.get_value(), parts, move |outcome| match outcome {
            Ok(_) => go.to(&Place::Share),
            // The page may be gone by now.
            Err(error) => drop(wrong.try_set(Some(words::share_error(error).to_owned()))),
        });
        // Taking something back holds already.
        if is_active && parts.iter().all(|part| before.contains(part)) {
            go.to(&Place::Share);
        }
    };
    let withdraw = move |()| {
        session.withdraw(&id.get_value());
        go.to(&Place::Share);
    };
    let status = status_words(&consent);
    view! {
        <section class="card">
            <h2>{consent.recipient.clone()}</h2>
            <p class="soft">{consent.unit}</p>
            <p>{status}</p>
            <PartTicks legend=t::PARTS_LEGEND.replace("{name}", &consent.recipient) parts/>
            <Problem text=wrong/>
            <Show when=move || parts.get() != before>
                <Button look="primary" text=t::CONSENT_KEEP on_press=keep/>
            </Show>
        </section>
        <section class="card">
            <h2>{t::WITHDRAW_TITLE}</h2>
            <p>{t::WITHDRAW_TEXT}</p>
            <Button look="danger" text=t::WITHDRAW on_press=withdraw/>
        </section>
    }
}
