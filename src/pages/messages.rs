//! Beskeder: what is written to a contact and by them. Written offline too; sent when there is a network, and only by a yes.

use super::contact::Hours;
use super::frame::Frame;
use super::own::OwnField;
use super::words;
use crate::components::{Button, Fold, Link, Rows, Show, Tool, live};
use crate::routes::Place;
use crate::state::{Contact, describe, describe_day, now, use_session};
use crate::texts::{text, words};
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_router::hooks::use_params_map;
use plan::author::{QUOTE, TEXT};
use plan::{Consent, Entity, Message, Part, Profile, StandIn};

/// Somebody with whom there is a thread.
#[derive(Clone, PartialEq)]
struct Recipient {
    staff: String,
    name: String,
    unit: String,
    /// There is no yes to it any more. What was written stays with the young person.
    is_over: bool,
}

#[component]
pub fn MessagesPage() -> impl IntoView {
    let session = use_session();
    let params = use_params_map();
    let named = |all: Vec<Consent>, is_over| {
        let one = move |Consent { staff, recipient: name, unit, .. }| Recipient { staff, name, unit, is_over };
        all.into_iter().map(one).collect::<Vec<_>>()
    };
    let all = Memo::new(move |_| {
        let now = named(session.list_recipients(), false);
        [now, named(session.list_former_recipients(), true)].concat()
    });
    let open = Memo::new(move |_| {
        let named = params.with(|params| params.get("section"));
        all.with(|all| match (named, &all[..]) {
            (Some(staff), _) => all.iter().find(|one| one.staff == staff).cloned(),
            (None, [only]) if !only.is_over => Some(only.clone()),
            (None, _) => None,
        })
    });
    let body = move || match open.get() {
        Some(recipient) => view! { <Thread recipient/> }.into_any(),
        None => view! { <Recipients all/> }.into_any(),
    };
    view! { <Frame title=text!(messages_title)>{live(body)}</Frame> }
}

/// Whom to write to, or the way to somebody, and what was written with others before.
#[component]
fn Recipients(all: Memo<Vec<Recipient>>) -> impl IntoView {
    let consents = use_session().sharing.consents;
    let one = |Recipient { staff, name, unit, .. }: Recipient| {
        view! {
            <li>
                <Link to=Place::Messages(Some(staff)) look="button quiet wide" icon="talk" text=format!("{name}, {unit}")/>
            </li>
        }
    };
    let has = move |is_over| all.with(|all| all.iter().any(|one| one.is_over == is_over));
    let list = move |is_over| {
        let rows = move || all.get().into_iter().filter(|it| it.is_over == is_over).map(one).collect_view();
        view! { <ul class="sections">{live(rows)}</ul> }
    };
    // Who has a yes to something else already need only be ticked.
    let others = move || {
        let now = now();
        let asks = |consent: &&Consent| consent.is_active(now) && !consent.parts.contains(Part::Messages);
        let all = consents.with(|all| all.iter().filter(asks).cloned().collect::<Vec<_>>());
        let to = |Consent { id, recipient, .. }: Consent| {
            let name = recipient.clone();
            view! {
                <Link to=Place::Consent(id) look="button quiet wide" text=Signal::derive(words!(messages_allow, name = name.clone()))/>
            }
        };
        all.into_iter().map(to).collect_view()
    };
    view! {
        <Show
            when=move || has(false)
            fallback=move || {
                view! {
                    <section class="card">
                        <p class="lead">{text!(messages_none)}</p>
                        <p>{text!(messages_none_help)}</p>
                    </section>
                    <div class="stack">{live(others)}</div>
                    <Link to=Place::Code look="button primary wide" icon="plus" text=text!(share_has_code)/>
                }
            }
        >
            {list(false)}
        </Show>
        <Show when=move || has(true)>
            <h2>{text!(messages_former)}</h2>
            {list(true)}
        </Show>
    }
}

#[component]
fn Thread(recipient: Recipient) -> impl IntoView {
    let session = use_session();
    let Recipient { staff, name, unit, is_over } = recipient;
    let staff = StoredValue::new(staff);
    let messages =
        Memo::new(move |_| session.look(Part::Messages, |set| staff.with_value(|staff| set.list_messages(staff))));
    Effect::new(move |_| {
        messages.track();
        staff.with_value(|staff| session.note_seen(staff));
    });
    let keys = move || messages.with(|all| all.iter().map(|it| it.on.as_str().to_owned()).collect::<Vec<_>>());
    let reader = StoredValue::new(name.clone());
    let row = move |key: String| {
        key.parse::<Entity>().ok().map(|on| view! { <MessageRow on messages reader is_over/> }).into_any()
    };
    let is_first = Memo::new(move |_| messages.with(Vec::is_empty));
    // By itself: what they tell may change while somebody writes to them.
    let told = Memo::new(move |_| {
        let now = now();
        let of =
            |consent: &Consent| staff.with_value(|staff| consent.staff == *staff).then(|| consent.told(now).cloned());
        session.sharing.consents.with(|all| all.iter().filter_map(of).flatten().next()).unwrap_or_default()
    });
    let away = move || {
        let now = now();
        session.sharing.consents.with(|all| {
            let mut of = all.iter().filter(|consent| staff.with_value(|staff| consent.staff == *staff));
            let consent = of.find(|consent| consent.is_active(now))?;
            let stand_in = consent.profile.stand_in.clone().filter(|one| one.is_here(now))?;
            let may_read = consent.lets_stand_in(now).is_some();
            Some((stand_in, may_read, consent.id.clone()))
        })
    };
    let away = Memo::new(move |_| away());
    let before = move || {
        let about = view! { <Before name=reader.get_value() told/> };
        match is_first.get() {
            true => view! {
                <section class="card">
                    <h2>{text!(messages_before)}</h2>
                    {about}
                </section>
            }
            .into_any(),
            false => view! { <Fold summary=text!(messages_before)>{about}</Fold> }.into_any(),
        }
    };
    view! {
        <p class="soft">{name}" · "{unit}</p>
        {match is_over {
            true => view! { <p class="card">{live(words!(messages_over, name = reader.get_value()))}</p> }.into_any(),
            false => view! {
                {live(move || away.get().map(|(stand_in, may_read, consent)| view! { <Away name=reader.get_value() stand_in may_read consent/> }))}
                {live(before)}
            }
            .into_any(),
        }}
        <ol class="thread">
            <Rows keys row/>
        </ol>
        {(!is_over).then(|| view! { <Compose staff/> })}
    }
}

/// Who stands in while the contact is away, and the way to let them read where that has not been said yes to.
#[component]
fn Away(name: String, stand_in: StandIn, may_read: bool, consent: String) -> impl IntoView {
    let StandIn { name: other, until, .. } = stand_in;
    let day = until.to_string();
    let day = move || describe_day(&day).unwrap_or_default();
    let to = other.clone();
    view! {
        <section class="card" id="away">
            <p>{live(words!(messages_away, name = name.clone(), day = day()))}</p>
            {match may_read {
                true => view! { <p>{live(words!(messages_stand_in, name = other.clone()))}</p> }.into_any(),
                false => view! {
                    <p>{live(words!(messages_stand_in_could, name = other.clone()))}</p>
                    <Link to=Place::Consent(consent) look="button quiet" text=Signal::derive(words!(messages_stand_in_allow, name = to.clone()))/>
                }
                .into_any(),
            }}
        </section>
    }
}

/// What to know before the first message: when it is read, what it is not for, and what an adult has to do.
#[component]
fn Before(name: String, told: Memo<Profile>) -> impl IntoView {
    let [reads, notifies] = [name.clone(), name.clone()];
    view! {
        <p>{live(words!(messages_reads, name = reads.clone()))}</p>
        {live(move || view! { <Hours name=name.clone() told=told.get()/> })}
        <p>{text!(messages_urgent)}</p>
        <p>{live(words!(messages_notify, name = notifies.clone()))}</p>
    }
}

#[component]
fn MessageRow(on: Entity, messages: Memo<Vec<Message>>, reader: StoredValue<String>, is_over: bool) -> impl IntoView {
    let session = use_session();
    let on = StoredValue::new(on);
    let message =
        Memo::new(move |_| on.with_value(|on| messages.with(|all| all.iter().find(|it| it.on == *on).cloned())));
    let is_own = message.with_untracked(|message| message.as_ref().is_some_and(|message| message.from.is_empty()));
    let state = move || -> Option<TextProp> {
        let message = message.get()?;
        if !message.from.is_empty() {
            return None;
        }
        // What has become of the line to the server says when to look again.
        let contact = session.contact.get();
        Some(match on.with_value(|on| session.is_waiting(on, TEXT)) {
            true if is_over => text!(message_unsent).into(),
            true => match contact {
                Contact::Refused(code) => words::server_error(code).into(),
                _ => text!(message_waits).into(),
            },
            false if message.is_read => {
                let name = if message.read_by.is_empty() { reader.get_value() } else { message.read_by };
                words!(message_read, name = name.clone()).into()
            }
            false => text!(message_sent).into(),
        })
    };
    let words = move || {
        message.get().map(|Message { text, quote, from, at, .. }| {
            view! {
                {(!quote.is_empty()).then(|| view! { <p class="quote" lang="">{quote}</p> })}
                {(!text.is_empty()).then(|| view! { <p class="own" lang="">{text}</p> })}
                <p class="soft">
                    {(!from.is_empty()).then(|| view! { <span>{from}" · "</span> })} {describe(at.millis)}
                </p>
            }
        })
    };
    let id = on.with_value(|on| on.as_str().replace('/', "-"));
    let delete = move |()| session.report(session.delete_entry(&on.with_value(|on| session.see(on))));
    view! {
        <li class="message" class:mine=is_own>
            {live(words)}
            <div class="message-foot">
                <p class="soft" role="status">
                    {live(move || state().map(|state| state.get()))}
                </p>
                <Tool icon="bin" label=text!(delete) id=format!("bin-{id}") on_press=delete/>
            </div>
        </li>
    }
}

/// Where the next message is written. It stays on this phone until it is sent.
#[component]
fn Compose(staff: StoredValue<String>) -> impl IntoView {
    let session = use_session();
    let draft = staff.with_value(|staff| Entity::of_draft(staff));
    let [words, quote] = [TEXT, QUOTE].map(|field| session.shown(draft.clone(), field));
    let problem = RwSignal::new(None::<TextProp>);
    let has_quote = move || !quote.text().is_empty();
    let is_empty = move || words.text().trim().is_empty() && !has_quote();
    let send = move |()| {
        if untrack(is_empty) {
            return problem.set(Some(text!(message_empty).into()));
        }
        // What cannot be kept cannot be sent either.
        if let Err(why) = words.flush() {
            return problem.set(Some(words::refused(why)));
        }
        words.leave();
        let done = staff.with_value(|staff| session.send_message(staff));
        problem.set(done.err().map(words::refused));
    };
    view! {
        <div class="composer message-composer">
            <Show when=has_quote>
                <div class="quote">
                    <p lang="">{live(move || quote.text())}</p>
                    <Button look="quiet" text=text!(message_quote_remove) on_press=move |()| session.report(quote.set(""))/>
                </div>
            </Show>
            <OwnField shown=words label=text!(message_label) placeholder=text!(message_label) problem/>
            <div class="message-foot">
                <Button look="primary" icon="talk" text=text!(message_send) on_press=send/>
            </div>
            <Quotes on_choose=move |text: String| session.report(quote.set(&text))/>
        </div>
    }
}

/// Something of the plan to go with a message: the points of the meeting first.
#[component]
fn Quotes(#[prop(into)] on_choose: Callback<String>) -> impl IntoView {
    const PARTS: [Part; 6] =
        [Part::Meeting, Part::AboutMe, Part::PlanGreen, Part::PlanYellow, Part::PlanRed, Part::PlanAfter];
    let session = use_session();
    let is_open = RwSignal::new(false);
    let list = move || {
        let all = PARTS.into_iter().flat_map(|part| session.sections(part).get());
        let entries = all.filter(|section| !section.hidden).flat_map(|section| section.entries);
        let texts = entries.map(|entry| entry.texts.shown().to_owned()).filter(|text| !text.trim().is_empty());
        let one = |text: String| {
            let words = text.clone();
            let choose = move |_| {
                is_open.set(false);
                on_choose.run(text.clone());
            };
            view! {
                <li>
                    <button class="quotable own" type="button" lang="" on:click=choose>
                        {words}
                    </button>
                </li>
            }
        };
        texts.map(one).collect_view()
    };
    view! {
        <Button look="add" icon="plus" text=text!(message_quote) on_press=move |()| is_open.update(|open| *open = !*open)/>
        <Show when=move || is_open.get()>
            <ul class="quotes">{live(list)}</ul>
        </Show>
    }
}
