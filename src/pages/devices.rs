//! The young person's own phones: add one with a code from the first, sign out one that is lost.

use super::frame::Frame;
use super::words;
use crate::components::{Button, Icon, Link, Problem, Show, live};
use crate::routes::Place;
use crate::state::{Question, Session, describe, use_question, use_session};
use crate::texts::{text, words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use protocol::{DeviceInvitationView, DeviceView};

#[component]
pub fn DevicesPage() -> impl IntoView {
    let connected = use_session().sharing.connected;
    let not_yet = || {
        view! {
            <section class="card">
                <p>{text!(devices_not_yet)}</p>
            </section>
        }
    };
    view! {
        <Frame title=text!(devices_title)>
            <Show when=move || connected.get() fallback=not_yet>
                <Invite/>
                <Devices/>
            </Show>
            <section class="card">
                <p>{text!(devices_join)}</p>
                <Link to=Place::Code look="button quiet" text=text!(share_has_code)/>
            </section>
        </Frame>
    }
}

/// A code for another phone.
#[component]
fn Invite() -> impl IntoView {
    let session = use_session();
    let code = RwSignal::new(None::<DeviceInvitationView>);
    let wrong = RwSignal::new(None::<TextProp>);
    let invite = move |()| {
        spawn_local(async move {
            // The page may be gone by now.
            match session.invite_device().await {
                Ok(view) => drop(code.try_set(Some(view))),
                Err(error) => drop(wrong.try_set(Some(words::share_error(error).into()))),
            }
        });
    };
    let shown = move || {
        code.get().map(|view| {
            view! {
                <p class="big-code" translate="no">
                    {view.code}
                </p>
                <p class="soft">{words!(from_until, day = describe(view.expires_at))()}</p>
            }
        })
    };
    view! {
        <section class="card">
            <h2>{text!(invite_device_title)}</h2>
            <p>{text!(invite_device_text)}</p>
            <div role="status">{live(shown)}</div>
            <Problem text=wrong/>
            <Button look="primary" text=text!(invite_device) on_press=invite/>
        </section>
    }
}

/// The phones that there are.
#[component]
fn Devices() -> impl IntoView {
    let session = use_session();
    let devices = RwSignal::new(Vec::<DeviceView>::new());
    let question = use_question();
    fetch(session, question, devices);
    view! {
        <section class="card">
            <h2>{text!(devices_list)}</h2>
            <ul class="look-list">
                <For each=move || devices.get() key=|device| device.id.clone() let:device>
                    <DeviceRow device devices question/>
                </For>
            </ul>
        </section>
    }
}

fn fetch(session: Session, question: Question, devices: RwSignal<Vec<DeviceView>>) {
    spawn_local(async move {
        // Without network the list stays as it was; the page says elsewhere that there is none.
        if let Some(Ok(me)) = question.answer(async |stop| session.find_me(stop).await).await {
            devices.try_set(me.devices);
        }
    });
}

#[component]
fn DeviceRow(device: DeviceView, devices: RwSignal<Vec<DeviceView>>, question: Question) -> impl IntoView {
    let session = use_session();
    let id = StoredValue::new(device.id);
    let remove = move |()| {
        spawn_local(async move {
            let Some(id) = id.try_get_value() else { return };
            if session.remove_device(&id).await.is_ok() {
                devices.try_update(|all| all.retain(|device| device.id != id));
                fetch(session, question, devices);
            }
        });
    };
    view! {
        <li>
            <Icon name="handset"/>
            <span>
                {if device.this { text!(device_this) } else { text!(device_other) }}
                <span class="soft block">{live(move || describe(device.added_at))}</span>
            </span>
            {(!device.this)
                .then(|| {
                    view! {
                        <Button look="danger" text=text!(device_remove) on_press=remove/>
                    }
                })}
        </li>
    }
}
