//! Del: who may see what, who has looked, and the way in for a new code.

use super::frame::Page;
use super::words;
use crate::components::{Icon, Notice, Tone};
use crate::routes;
use crate::state::{Contact, Session, describe, now};
use crate::texts as t;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use plan::{Consent, Status};
use protocol::LookView;

#[component]
pub fn SharePage() -> impl IntoView {
    let session = Session::get();
    let consents = session.sharing.consents;
    let any = move || consents.with(|all| all.iter().any(|consent| consent.withdrawn_at.is_none()));
    view! {
        <Page title=t::SHARE_TITLE>
            <Show when=move || !any()>
                <section class="card">
                    <p class="lead">{t::CONSENT_BEFORE}</p>
                    <p>{t::SHARE_LEAD}</p>
                </section>
            </Show>
            <SyncLine/>
            <EraseSent/>
            {move || {
                let mut all = consents.get();
                all.sort_by_key(|consent| (consent.withdrawn_at.is_some(), std::cmp::Reverse(consent.given_at)));
                all.into_iter().map(|consent| view! { <ConsentCard consent=consent/> }).collect_view()
            }}
            <A href=routes::CODE attr:class="button primary wide">
                <Icon name="plus"/>
                {t::SHARE_HAS_CODE}
            </A>
            <Show when=move || session.sharing.connected.get()>
                <Looks/>
            </Show>
        </Page>
    }
}

/// How it goes with the server, in one calm line.
#[component]
fn SyncLine() -> impl IntoView {
    let session = Session::get();
    let line = move || match session.contact.get() {
        _ if !session.sharing.unsent.with(Vec::is_empty) => Some(t::SYNC_NO_WAITS),
        Contact::Quiet => None,
        Contact::Working => Some(t::SYNC_WORKING),
        Contact::UpToDate => Some(t::SYNC_DONE),
        Contact::Offline => Some(t::SYNC_OFFLINE),
        Contact::Refused(code) => Some(words::server_error(code)),
    };
    view! { <p class="soft sync" role="status">{line}</p> }
}

/// After a no: what was sent can be erased too. It is a question of its own.
#[component]
fn EraseSent() -> impl IntoView {
    let session = Session::get();
    let stopped = move || {
        let now = now();
        session.sharing.consents.with(|all| !all.is_empty() && all.iter().all(|consent| !consent.is_active(now)))
    };
    view! {
        <Show when=move || session.sharing.sent.get() && stopped()>
            <Notice tone=Tone::Calm>
                <p>{t::CONSENT_WITHDRAWN}</p>
                <Show
                    when=move || !session.sharing.erasing.get()
                    fallback=|| view! { <p role="status">{t::ERASE_WAITS}</p> }
                >
                    <button class="button quiet danger" on:click=move |_| session.erase_sent()>
                        {t::ERASE_SENT}
                    </button>
                </Show>
            </Notice>
        </Show>
        <Show when=move || !session.sharing.sent.get() && stopped()>
            <p class="soft" role="status">
                {t::ERASED_SENT}
            </p>
        </Show>
    }
}

pub(super) fn status_words(consent: &Consent) -> String {
    let now = now();
    match consent.status(now) {
        Status::Active => match consent.reminder(now) {
            Some(days) => t::STATUS_ENDS_SOON.replace("{n}", &days.to_string()),
            None => t::STATUS_ACTIVE.replace("{day}", &describe(consent.expires_at)),
        },
        Status::WaitingForCustody => t::STATUS_WAITING.to_owned(),
        Status::RefusedByCustody => t::STATUS_REFUSED.to_owned(),
        Status::TurnedFifteen => t::STATUS_FIFTEEN.to_owned(),
        Status::Expired => t::STATUS_EXPIRED.to_owned(),
        Status::Withdrawn => t::STATUS_WITHDRAWN.to_owned(),
    }
}

#[component]
fn ConsentCard(consent: Consent) -> impl IntoView {
    let names: Vec<&str> = consent.parts.iter().map(words::part_name).collect();
    let open = consent.withdrawn_at.is_none();
    view! {
        <section class="card consent" class:ended=!open>
            <h2>{consent.recipient.clone()}</h2>
            <p class="soft">{consent.unit.clone()}</p>
            <p>{status_words(&consent)}</p>
            {open
                .then(|| {
                    view! {
                        <ul class="ticked">
                            {names
                                .into_iter()
                                .map(|name| {
                                    view! {
                                        <li>
                                            <Icon name="tick"/>
                                            {name}
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ul>
                        <A href=routes::consent(&consent.id) attr:class="button quiet">
                            {t::CONSENT_CHANGE}
                        </A>
                    }
                })}
        </section>
    }
}

/// Who has read, and when.
#[component]
fn Looks() -> impl IntoView {
    let session = Session::get();
    let looks = RwSignal::new(None::<Vec<LookView>>);
    let problem = RwSignal::new(None::<&'static str>);
    let fetch = move || {
        spawn_local(async move {
            match session.list_looks().await {
                Ok(found) => {
                    looks.set(Some(found));
                    problem.set(None);
                }
                Err(error) => problem.set(Some(words::share_error(error))),
            }
        });
    };
    fetch();
    view! {
        <section class="card looks">
            <h2>{t::LOOKS_TITLE}</h2>
            {move || match (looks.get(), problem.get()) {
                (Some(looks), _) if looks.is_empty() => view! { <p class="soft">{t::LOOKS_NONE}</p> }.into_any(),
                (Some(looks), _) => {
                    view! {
                        <ul class="look-list">
                            {looks
                                .into_iter()
                                .map(|look| {
                                    view! {
                                        <li>
                                            <Icon name="eye"/>
                                            <span>
                                                <b>{look.name}</b>
                                                " · "
                                                {look.unit}
                                                <span class="soft block">{describe(look.from)}</span>
                                            </span>
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ul>
                    }
                        .into_any()
                }
                (None, Some(problem)) => view! { <p class="soft">{problem}</p> }.into_any(),
                (None, None) => ().into_any(),
            }}
            <button class="button quiet" on:click=move |_| fetch()>
                {t::LOOKS_AGAIN}
            </button>
        </section>
    }
}
