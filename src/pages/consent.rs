//! One yes: change what it covers, or take it back. Both are as easy as giving it was.

use super::frame::Frame;
use super::parts::PartTicks;
use super::share::status_words;
use super::words;
use crate::components::{Button, Link, Notice, Problem, Show, Tone, live};
use crate::routes::{Place, use_go};
use crate::state::{now, use_session};
use crate::texts::{text, words};
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_router::hooks::use_params_map;
use plan::{Consent, Day, Parts};

#[component]
pub fn ConsentPage() -> impl IntoView {
    let consents = use_session().sharing.consents;
    let params = use_params_map();
    // The one at this address, or what has become of it: it may have been changed since, here or on another phone.
    let consent = move || {
        let id = params.with(|params| params.get("section"))?;
        consents.with(|all| {
            let own = all.iter().find(|one| one.id == id)?;
            let has_place = |one: &&Consent| one.is_to_same(own) && one.stands(now());
            let other = || all.iter().find(has_place);
            own.withdrawn_at.and_then(|_| other()).or(Some(own)).cloned()
        })
    };
    // What is ticked here stays, whatever is heard of this yes meanwhile, until it is over.
    let shown = Memo::new(move |_| consent().map(|consent| (consent.id, consent.withdrawn_at.is_some())));
    let body = move || match (shown.get(), untrack(consent)) {
        (Some((_, false)), Some(consent)) => view! { <Change consent/> }.into_any(),
        (_, Some(consent)) => {
            let status = status_words(&consent);
            view! {
                <p class="lead" role="status">
                    {live(move || status.get())}
                </p>
            }
            .into_any()
        }
        (_, None) => view! { <p>{text!(missing_text)}</p> }.into_any(),
    };
    view! {
        <Frame title=text!(consent_title)>
            <div class="stack">{live(body)}</div>
            <Link to=Place::Share look="button quiet" text=text!(consent_back)/>
        </Frame>
    }
}

#[component]
fn Change(consent: Consent) -> impl IntoView {
    let session = use_session();
    let go = use_go();
    let parts = RwSignal::new(consent.parts);
    let wrong = RwSignal::new(None::<TextProp>);
    let id = StoredValue::new(consent.id.clone());
    let (before, is_active) = (consent.parts, consent.is_active(now()));
    let keep = move |()| {
        let parts = parts.get_untracked();
        if parts == Parts::NONE {
            return wrong.set(Some(text!(error_no_parts).into()));
        }
        session.change_consent(id.get_value(), parts, move |outcome| match outcome {
            Ok(_) => go.to(&Place::Share),
            // The page may be gone by now.
            Err(error) => drop(wrong.try_set(Some(words::share_error(error).into()))),
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
    let asks_custody = is_active && Day::at(now()) < consent.turns_15;
    let is_more = move || parts.get().iter().any(|part| !before.contains(part));
    let (status, recipient) = (status_words(&consent), consent.recipient.clone());
    let name = recipient.clone();
    let waits = words!(consent_more_under_15, name = name.clone());
    view! {
        <section class="card">
            <h2>{consent.recipient.clone()}</h2>
            <p class="soft">{consent.unit}</p>
            <p>{live(move || status.get())}</p>
            <PartTicks legend=words!(parts_legend, name = recipient.clone()) parts/>
            <Show when=move || asks_custody && is_more()>
                <Notice tone=Tone::Calm text=waits.clone()/>
            </Show>
            <Problem text=wrong/>
            <Show when=move || parts.get() != before>
                <Button look="primary" text=text!(consent_keep) on_press=keep/>
            </Show>
        </section>
        <section class="card">
            <h2>{text!(withdraw_title)}</h2>
            <p>{text!(withdraw_text)}</p>
            <Button look="danger" text=text!(withdraw) on_press=withdraw/>
        </section>
    }
}
