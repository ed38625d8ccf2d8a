//! The young person's own phones: add one with a code from the first, sign out one that is lost.

use super::frame::Page;
use super::words;
use crate::components::Icon;
use crate::routes;
use crate::state::{Session, describe};
use crate::texts as t;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use protocol::{DeviceInvitationView, DeviceView};

#[component]
pub fn DevicesPage() -> impl IntoView {
    let session = Session::get();
    view! {
        <Page title=t::DEVICES_TITLE>
            <Show
                when=move || session.sharing.connected.get()
                fallback=|| view! { <section class="card"><p>{t::DEVICES_NOT_YET}</p></section> }
            >
                <Invite/>
                <List/>
            </Show>
            <section class="card">
                <p>{t::DEVICES_JOIN}</p>
                <A href=routes::CODE attr:class="button quiet">
                    {t::SHARE_HAS_CODE}
                </A>
            </section>
        </Page>
    }
}

#[component]
fn Invite() -> impl IntoView {
    let session = Session::get();
    let code = RwSignal::new(None::<DeviceInvitationView>);
    let problem = RwSignal::new(None::<&'static str>);
    let invite = move |_| {
        spawn_local(async move {
            match session.invite_device().await {
                Ok(view) => code.set(Some(view)),
                Err(error) => problem.set(Some(words::share_error(error))),
            }
        });
    };
    view! {
        <section class="card">
            <h2>{t::INVITE_DEVICE_TITLE}</h2>
            <p>{t::INVITE_DEVICE_TEXT}</p>
            {move || {
                code.get()
                    .map(|view| {
                        view! {
                            <p class="big-code" translate="no">
                                {view.code}
                            </p>
                            <p class="soft">{t::FROM_UNTIL.replace("{day}", &describe(view.expires_at))}</p>
                        }
                    })
            }}
            {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
            <button class="button primary" on:click=invite>{t::INVITE_DEVICE}</button>
        </section>
    }
}

#[component]
fn List() -> impl IntoView {
    let session = Session::get();
    let devices = RwSignal::new(Vec::<DeviceView>::new());
    let fetch = move || {
        spawn_local(async move {
            if let Ok(me) = session.find_me().await {
                devices.set(me.devices);
            }
        });
    };
    fetch();
    let remove = move |id: String| {
        spawn_local(async move {
            if session.remove_device(&id).await.is_ok() {
                fetch();
            }
        });
    };
    view! {
        <section class="card">
            <h2>{t::DEVICES_LIST}</h2>
            <ul class="look-list">
                <For each=move || devices.get() key=|device| device.id.clone() let:device>
                    <li>
                        <Icon name="handset"/>
                        <span>
                            {if device.this { t::DEVICE_THIS } else { t::DEVICE_OTHER }}
                            <span class="soft block">{describe(device.added_at)}</span>
                        </span>
                        {(!device.this)
                            .then(|| {
                                let id = device.id.clone();
                                view! {
                                    <button class="button quiet danger" on:click=move |_| remove(id.clone())>
                                        {t::DEVICE_REMOVE}
                                    </button>
                                }
                            })}
                    </li>
                </For>
            </ul>
        </section>
    }
}
