//! The young person's own phones: add one with a code from the first, sign out one that is lost.

use super::frame::Frame;
use super::words;
use crate::components::{Button, Icon, Link, Problem, Show, live};
use crate::routes::Place;
use crate::state::{Session, describe, use_session};
use crate::texts as t;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{DeviceInvitationView, DeviceView};

#[component]
pub fn DevicesPage() -> impl IntoView {
    let connected = use_session().sharing.connected;
    let not_yet = || {
        view! {
            <section class="card">
                <p>{t::DEVICES_NOT_YET}</p>
            </section>
        }
    };
    view! {
        <Frame title=t::DEVICES_TITLE>
            <Show when=move || connected.get() fallback=not_yet>
                <Invite/>
                <Devices/>
            </Show>
            <section class="card">
                <p>{t::DEVICES_JOIN}</p>
                <Link to=Place::Code look="button quiet" text=t::SHARE_HAS_CODE/>
            </section>
        </Frame>
    }
}

/// A code for another phone.
#[component]
fn Invite() -> impl IntoView {
    let session = use_session();
    let code = RwSignal::new(None::<DeviceInvitationView>);
    let wrong = RwSignal::new(None::<String>);
    let invite = move |()| {
        spawn_local(async move {
            // The page may be gone by now.
            match session.invite_device().await {
                Ok(view) => drop(code.try_set(Some(view))),
                Err(error) => drop(wrong.try_set(Some(words::share_error(error).to_owned()))),
            }
        });
    };
    let shown = move || {
        code.get().map(|view| {
            view! {
                <p class="big-code" translate="no">
                    {view.code}
                </p>
                <p class="soft">{t::FROM_UNTIL.replace("{day}", &describe(view.expires_at))}</p>
            }
        })
    };
    view! {
        <section class="card">
            <h2>{t::INVITE_DEVICE_TITLE}</h2>
            <p>{t::INVITE_DEVICE_TEXT}</p>
            <div role="status">{live(shown)}</div>
            <Problem text=wrong/>
            <Button look="primary" text=t::INVITE_DEVICE on_press=invite/>
        </section>
    }
}

/// The phones that there are.
#[component]
fn Devices() -> impl IntoView {
    let session = use_session();
    let devices = RwSignal::new(Vec::<DeviceView>::new());
    fetch(session, devices);
    view! {
        <section class="card">
            <h2>{t::DEVICES_LIST}</h2>
            <ul class="look-list">
                <For each=move || devices.get() key=|device| device.id.clone() let:device>
                    <DeviceRow device devices/>
                </For>
            </ul>
        </section>
    }
}

fn fetch(session: Session, devices: RwSignal<Vec<DeviceView>>) {
    spawn_local(async move {
        // Without network the list stays as it was; the page says elsewhere that there is none.
        if let Ok(me) = session.find_me().await {
            devices.try_set(me.devices);
        }
    });
}

#[component]
fn DeviceRow(device: DeviceView, devices: RwSignal<Vec<DeviceView>>) -> impl IntoView {
    let session = use_session();
    let id = StoredValue::new(device.id);
    let remove = move |()| {
        spawn_local(async move {
            let Some(id) = id.try_get_value() else { return };
            if session.remove_device(&id).await.is_ok() {
                fetch(session, devices);
            }
        });
    };
    view! {
        <li>
            <Icon name="handset"/>
            <span>
                {if device.this { t::DEVICE_THIS } else { t::DEVICE_OTHER }}
                <span class="soft block">{describe(device.added_at)}</span>
            </span>
            {(!device.this)
                .then(|| {
                    view! {
                        <Button look="danger" text=t::DEVICE_REMOVE on_press=remove/>
                    }
                })}
        </li>
    }
}
