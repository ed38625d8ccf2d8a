//! Mere: phones, files, and how the app is kept.

use super::frame::Frame;
use crate::components::{Button, Link, live};
use crate::routes::Place;
use crate::state::{Restored, use_session};
use crate::texts as t;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Which version this is, for whoever is asked for help.
const VERSION: &str = match option_env!("MIN_PLAN_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

#[component]
pub fn MorePage() -> impl IntoView {
    let session = use_session();
    let said = RwSignal::new("");
    let file = NodeRef::<Input>::new();
    let restore = move |_| {
        let Some(file) = file.get_untracked() else { return };
        spawn_local(async move {
            let restored = session.restore(file).await;
            // The page may be gone by now.
            said.try_set(match restored {
                Restored::New(0) => t::RESTORE_NOTHING,
                Restored::New(_) => t::RESTORE_DONE,
                Restored::NotOurs => t::RESTORE_NOT_OURS,
            });
        });
    };
    view! {
        <Frame title=t::MORE_TITLE>
            <section class="card">
                <h2>{t::DEVICES_TITLE}</h2>
                <p>{t::DEVICES_LEAD}</p>
                <Link to=Place::Devices look="button quiet" icon="handset" text=t::DEVICES_OPEN/>
            </section>
            <section class="card">
                <h2>{t::FILE_TITLE}</h2>
                <p>{t::FILE_LEAD}</p>
                <Button look="quiet" text=t::SAVE_AS_FILE on_press=move |()| session.save_as_file()/>
                <label class="button quiet file">
                    {t::RESTORE} <input type="file" accept=".txt" node_ref=file on:change=restore/>
                </label>
                <p role="status">{live(move || said.get())}</p>
            </section>
            <section class="card">
                <h2>{t::INSTALL_TITLE}</h2>
                <p>{t::INSTALL_TEXT}</p>
            </section>
            <section class="card">
                <h2>{t::KEPT_TITLE}</h2>
                <p>{t::KEPT_TEXT}</p>
            </section>
            <p class="soft">{t::VERSION.replace("{version}", VERSION)}</p>
        </Frame>
    }
}
