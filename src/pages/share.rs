//! Del: who may see what, who has looked, and the way in for a new code.

use super::contact::{AboutContact, about_title};
use super::frame::Frame;
use super::words;
use crate::components::{Button, Fold, Icon, Link, Notice, Show, Tone, live};
use crate::routes::Place;
use crate::state::{Contact, choose_plural, describe, describe_date, now, use_question, use_session};
use crate::texts::{Text, text, words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use plan::consent::to_show;
use plan::{Consent, Part, Profile, Status};
use protocol::{CopyKind, LookView};

#[component]
pub fn SharePage() -> impl IntoView {
    let session = use_session();
    let sharing = session.sharing;
    // Who comes here wants to know how it goes.
    session.sync_now();
    let is_new = move || {
        !sharing.has_sent.get()
            && !sharing.consents.with(|all| all.iter().any(|consent| consent.withdrawn_at.is_none()))
    };
    let consents = move || {
        let card = |consent: &Consent| view! { <ConsentCard consent=consent.clone()/> };
        sharing.consents.with(|all| to_show(all, now()).into_iter().map(card).collect_view())
    };
    view! {
        <Frame title=text!(share_title)>
            <Show when=is_new>
                <section class="card">
                    <p class="lead">{text!(consent_before)}</p>
                    <p>{text!(share_lead)}</p>
                </section>
            </Show>
            <SyncLine/>
            <EraseSent/>
            <div class="stack">{live(consents)}</div>
            <Link to=Place::Code look="button primary wide" icon="plus" text=text!(share_has_code)/>
            <Show when=move || sharing.connected.get()>
                <Looks/>
            </Show>
        </Frame>
    }
}

/// How it goes with the server, in one calm line.
#[component]
fn SyncLine() -> impl IntoView {
    let session = use_session();
    let line = move || match session.contact.get() {
        _ if session.sharing.no_waits.get() => Some(text!(sync_no_waits)),
        Contact::Quiet => None,
        Contact::Working => Some(text!(sync_working)),
        Contact::UpToDate => Some(text!(sync_done)),
        Contact::Offline => Some(text!(sync_offline)),
        Contact::Refused(code) => Some(words::server_error(code)),
    };
    view! {
        <p class="soft sync" role="status">
            {live(move || line().map(Text::get))}
        </p>
    }
}

/// What was sent and nobody may see any more can be erased, too. It is a question of its own.
#[component]
fn EraseSent() -> impl IntoView {
    let session = use_session();
    let sharing = session.sharing;
    let what = move || {
        let now = now();
        let (any, active, over) = sharing.consents.with(|all| {
            let over = |consent: &Consent| {
                matches!(consent.status(now), Status::Withdrawn | Status::Expired | Status::TurnedFifteen)
            };
            (!all.is_empty(), all.iter().any(|consent| consent.is_active(now)), all.iter().all(over))
        });
        match (sharing.can_erase.get(), active) {
            (true, true) => Some(Sent::Some),
            (true, false) => Some(Sent::All),
            (false, _) => (any && over).then_some(Sent::Erased),
        }
    };
    live(move || match what() {
        None => ().into_any(),
        Some(Sent::Erased) => view! {
            <p class="soft" role="status">
                {text!(erased_sent)}
            </p>
        }
        .into_any(),
        Some(sent) => view! {
            <Notice tone=Tone::Calm text=if sent == Sent::Some { text!(erase_some) } else { text!(consent_withdrawn) }>
                <Show
                    when=move || sharing.erasing.get()
                    fallback=move || {
                        view! {
                            <Button look="danger" text=text!(erase_sent) on_press=move |()| session.erase_sent()/>
                        }
                    }
                >
                    <p role="status">{text!(erase_waits)}</p>
                </Show>
            </Notice>
        }
        .into_any(),
    })
}

/// What of the words on the server nobody may see any more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    Some,
    All,
    Erased,
}

pub(super) fn status_words(consent: &Consent) -> TextProp {
    let now = now();
    match consent.status(now) {
        Status::Active => match consent.reminder(now) {
            Some(days) => TextProp::from(move || {
                let in_days = words!(status_ends_in_days, n = days)();
                choose_plural(days, text!(status_ends_in_a_day).get().to_owned(), in_days)
            }),
            None => {
                let until = consent.expires_at;
                words!(status_active, day = describe_date(until)).into()
            }
        },
        Status::WaitingForCustody => text!(status_waiting).into(),
        Status::RefusedByCustody => text!(status_refused).into(),
        Status::TurnedFifteen => text!(status_fifteen).into(),
        Status::Expired => text!(status_expired).into(),
        Status::Withdrawn => text!(status_withdrawn).into(),
    }
}

#[component]
fn ConsentCard(consent: Consent) -> impl IntoView {
    let is_over = consent.withdrawn_at.is_some();
    let status = status_words(&consent);
    let told = consent.told(now()).filter(|told| **told != Profile::default()).cloned();
    let (name, title) = (consent.recipient.clone(), about_title(&consent.recipient));
    let part = |part| {
        view! {
            <li>
                <Icon name="tick"/>
                {words::part_name(part)}
            </li>
        }
    };
    view! {
        <section class="card consent" class:ended=is_over>
            <h2>{consent.recipient}</h2>
            <p class="soft">{consent.unit}</p>
            <p>{live(move || status.get())}</p>
            {(!is_over)
                .then(|| {
                    view! {
                        {told
                            .map(|told| {
                                view! {
                                    <Fold summary=title>
                                        <AboutContact name told/>
                                    </Fold>
                                }
                            })}
                        <ul class="ticked">{consent.parts.iter().map(part).collect_view()}</ul>
                        <Link to=Place::Consent(consent.id) look="button quiet" text=text!(consent_change)/>
                    }
                })}
        </section>
    }
}

/// Who has read, and when.
#[component]
fn Looks() -> impl IntoView {
    let session = use_session();
    let looks = RwSignal::new(None::<Vec<LookView>>);
    let wrong = RwSignal::new(None::<Text>);
    let question = use_question();
    let fetch = move || {
        // Whoever taps again while there is no answer waits for the same one.
        if question.is_open() {
            return;
        }
        spawn_local(async move {
            match question.answer(async |stop| session.list_looks(stop).await).await {
                Some(Ok(found)) => {
                    wrong.try_set(None);
                    looks.try_set(Some(found));
                }
                Some(Err(error)) => drop(wrong.try_set(Some(words::share_error(error)))),
                None => {}
            }
        });
    };
    fetch();
    let quiet = |text: Option<Text>| view! { <li class="soft">{text.map(Text::get)}</li> }.into_any();
    let list = move || match looks.get() {
        Some(looks) if looks.is_empty() => quiet(Some(text!(looks_none))),
        Some(looks) => looks.into_iter().map(|look| view! { <Look look/> }).collect_view().into_any(),
        None => quiet(wrong.get()),
    };
    view! {
        <section class="card looks">
            <h2>{text!(looks_title)}</h2>
            <ul class="look-list">{live(list)}</ul>
            <Button look="quiet" text=text!(looks_again) on_press=move |()| fetch()/>
        </section>
    }
}

#[component]
fn Look(look: LookView) -> impl IntoView {
    let LookView { name, unit, from, until, parts, copy, times } = look;
    let icon = if copy.is_some() { "plan" } else { "eye" };
    let who = move || {
        let name = name.clone();
        match copy {
            None => name,
            Some(CopyKind::Print) => words!(look_printed, name = name.clone())(),
            Some(CopyKind::Text) => words!(look_text, name = name.clone())(),
            Some(CopyKind::Other) => words!(look_copy, name = name.clone())(),
        }
    };
    let when = move || match times {
        Some(times) => words!(look_times, times = times.to_string(), day = describe(until))(),
        None => describe(from),
    };
    let parts: Vec<Part> = parts.iter().filter_map(|name| Part::from_name(name)).collect();
    let what = move || parts.iter().map(|part| words::part_name(*part).get()).collect::<Vec<_>>().join(", ");
    view! {
        <li>
            <Icon name=icon/>
            <span>
                <b>{live(who)}</b> " · " {unit} <span class="soft block">{live(when)}</span>
                {copy.map(|_| view! { <span class="soft block">{live(what)}</span> })}
            </span>
        </li>
    }
}
