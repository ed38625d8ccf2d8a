//! Guests of a meeting: a link for each, seen and ended by the young person.

use crate::components::{Button, Fold, Icon, Labelled, Problem, Show, live};
use crate::pages::words::{actor_name, share_error};
use crate::state::{
    Failure, Question, Session, copy_text, describe_day, draw_link_secret, now, use_question, use_session,
};
use crate::texts::{Text, text, words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use plan::guest::{KINDS, is_over};
use plan::{Day, Entity};
use protocol::{ErrorCode, GuestEnd, GuestLinkView, GuestView};

/// What the server knows of the links, of every meeting.
#[derive(Clone, Copy)]
struct Known {
    guests: RwSignal<Vec<GuestView>>,
    question: Question,
}

impl Known {
    async fn fetch(self, session: Session) {
        // Without a network the list stays as it was.
        if let Some(Ok(guests)) = self.question.answer(async |stop| session.list_guests(stop).await).await {
            self.guests.try_set(guests);
        }
    }
}

#[component]
pub fn Guests(meeting: Entity) -> impl IntoView {
    let session = use_session();
    let known = Known { guests: RwSignal::new(Vec::new()), question: use_question() };
    let is_shared = Memo::new(move |_| session.shares_meeting());
    Effect::new(move |_| {
        if is_shared.get() {
            spawn_local(known.fetch(session));
        }
    });
    let meeting = StoredValue::new(meeting);
    let body = move || {
        let meeting = meeting.get_value();
        view! {
            <List meeting=meeting.clone() known/>
            <Invite meeting known/>
        }
    };
    view! {
        <section class="card">
            <h2>{text!(guests_title)}</h2>
            <p>{text!(guests_text)}</p>
            <Show when=is_shared fallback=|| view! { <p class="soft">{text!(guests_not_yet)}</p> }>
                {body()}
            </Show>
        </section>
    }
}

/// A new link. It and its code are shown until one goes on, and never again.
#[component]
fn Invite(meeting: Entity, known: Known) -> impl IntoView {
    let session = use_session();
    let made = RwSignal::new(None::<GuestLinkView>);
    let wrong = RwSignal::new(None::<TextProp>);
    let is_busy = StoredValue::new(false);
    // What was asked for last and is not answered: asked for again, it is the same link.
    let asked = StoredValue::new(None::<(&'static str, Option<String>)>);
    let meeting = StoredValue::new(meeting);
    let invite = move |kind: &'static str| {
        // Two quick taps are one link.
        if is_busy.try_update_value(|busy| std::mem::replace(busy, true)) != Some(false) {
            return;
        }
        let before = asked.get_value().filter(|(of, _)| *of == kind);
        let (_, secret) = before.unwrap_or_else(|| (kind, draw_link_secret()));
        asked.set_value(Some((kind, secret.clone())));
        spawn_local(async move {
            let Some(meeting) = meeting.try_get_value() else { return };
            let outcome = session.invite_guest(&meeting, kind, secret).await;
            is_busy.try_set_value(false);
            if matches!(outcome, Ok(_) | Err(Failure::Refused(ErrorCode::Gone))) {
                asked.try_set_value(None);
            }
            // The page may be gone by now.
            wrong.try_set(outcome.as_ref().err().map(|error| match error {
                Failure::Refused(ErrorCode::TooManyOpen) => text!(guests_full).into(),
                error => share_error(*error).into(),
            }));
            if let Ok(link) = outcome {
                made.try_set(Some(link));
                known.fetch(session).await;
            }
        });
    };
    let chip = move |kind: &'static str| {
        view! { <Button look="quiet" text=actor_name(kind) on_press=move |()| invite(kind)/> }
    };
    view! {
        <Fold summary=text!(guests_new)>
            <p class="label">{text!(guests_who)}</p>
            <div class="chips">{KINDS.map(chip).collect_view()}</div>
        </Fold>
        <Problem text=wrong/>
        <div role="status">{live(move || made.get().map(|link| view! { <Made link/> }))}</div>
    }
}

#[component]
fn Made(link: GuestLinkView) -> impl IntoView {
    let GuestLinkView { link, code, .. } = link;
    let is_copied = RwSignal::new(false);
    let text = StoredValue::new(link.clone());
    let copy = move |()| {
        spawn_local(async move {
            let Some(link) = text.try_get_value() else { return };
            let done = copy_text(&link).await;
            is_copied.try_set(done);
        });
    };
    view! {
        <div class="stack guest-link">
            <p>{text!(guests_made)}</p>
            <Labelled label=text!(guests_link)>
                <input class="field" type="text" readonly prop:value=link/>
            </Labelled>
            <Button look="quiet" text=text!(guests_copy) on_press=copy/>
            <Show when=is_copied>
                <p class="soft" role="status">{text!(guests_copied)}</p>
            </Show>
            <p class="label">{text!(guests_code)}</p>
            <p class="big-code" translate="no">{code}</p>
        </div>
    }
}

#[component]
fn List(meeting: Entity, known: Known) -> impl IntoView {
    let name = meeting.to_string();
    let here = Memo::new(move |_| {
        known.guests.with(|all| all.iter().filter(|guest| guest.meeting == name).cloned().collect::<Vec<_>>())
    });
    let meeting = StoredValue::new(meeting);
    view! {
        <ul class="look-list">
            <For each=move || here.get() key=|guest| (guest.id.clone(), guest.last_opened, guest.ended_at) let:guest>
                <Guest guest meeting known/>
            </For>
        </ul>
    }
}

#[component]
fn Guest(guest: GuestView, meeting: StoredValue<Entity>, known: Known) -> impl IntoView {
    let session = use_session();
    let GuestView { id, kind, made_at, last_opened, ended_at, ended_for, .. } = guest;
    let who = actor_name(&kind);
    let is_over = move || {
        let date =
            meeting.with_value(|on| session.look(plan::Part::Meeting, |set| set.texts(on, "date").shown().to_owned()));
        is_over(&date, made_at, now())
    };
    // What was over stays closed when the meeting is put off.
    let was_closed = ended_at.is_some() || untrack(is_over);
    let is_closed = move || was_closed || is_over();
    let id = StoredValue::new(id);
    let end = move |()| {
        spawn_local(async move {
            let Some(id) = id.try_get_value() else { return };
            if session.end_guest(&id).await.is_ok() {
                let is_ended = |guest: &&mut GuestView| guest.id == id && guest.ended_at.is_none();
                known.guests.try_update(|all| {
                    all.iter_mut().filter(is_ended).for_each(|guest| guest.ended_at = Some(now()));
                });
                known.fetch(session).await;
            }
        });
    };
    // It is told to the day.
    let opened = move || match last_opened.map(Day::at) {
        Some(day) if day == Day::at(now()) => text!(guests_opened_today).get().to_owned(),
        Some(day) => words!(guests_opened, day = describe_day(&day.to_string()).unwrap_or_default())(),
        None => text!(guests_unopened).get().to_owned(),
    };
    view! {
        <li>
            <Icon name="eye"/>
            <span>
                {who} <span class="soft block">{live(opened)}</span>
                <Show when=is_closed>
                    <span class="soft block">{closed(ended_for)}</span>
                </Show>
            </span>
            <Show when=move || !is_closed()>
                <button
                    class="button danger"
                    type="button"
                    aria-label=words!(guests_end_of, who = who.get())
                    on:click=move |_| end(())
                >
                    {text!(guests_end)}
                </button>
            </Show>
        </li>
    }
}

/// That a link is closed, and why, when that was not the young person's own tap.
fn closed(why: Option<GuestEnd>) -> Text {
    match why {
        Some(GuestEnd::WrongCodes) => text!(guests_over_codes),
        Some(GuestEnd::NoConsent) => text!(guests_over_no_consent),
        Some(GuestEnd::Over) => text!(guests_over_time),
        Some(GuestEnd::Tap | GuestEnd::Other) | None => text!(guests_over),
    }
}
