//! Mere: phones, files, and how the app is kept.

use super::frame::Frame;
use super::language::LanguageSwitch;
use crate::components::{Button, Link, live};
use crate::routes::Place;
use crate::state::{Restored, use_session};
use crate::texts::{Text, text, words};
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Which version this is, for whoever is asked for help.
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[component]
pub fn MorePage() -> impl IntoView {
    let session = use_session();
    let said = RwSignal::new(None::<Text>);
    let file = NodeRef::<Input>::new();
    let restore = move |_| {
        let Some(file) = file.get_untracked() else { return };
        spawn_local(async move {
            let restored = session.restore(file).await;
            // The page may be gone by now.
            said.try_set(Some(match restored {
                Restored::New(0) => text!(restore_nothing),
                Restored::New(_) => text!(restore_done),
                Restored::NotOurs => text!(restore_not_ours),
            }));
        });
    };
    view! {
        <Frame title=text!(more_title)>
            <section class="card">
                <h2>{text!(share_title)}</h2>
                <Link to=Place::Share look="button quiet" icon="share" text=text!(share_open)/>
            </section>
            <section class="card">
                <h2>{text!(handout_title)}</h2>
                <Link to=Place::Handout look="button quiet" icon="meet" text=text!(handout_open)/>
            </section>
            <section class="card">
                <h2>{text!(film_title)}</h2>
                <p>{text!(film_lead)}</p>
                <Link to=Place::Film(None) look="button quiet" icon="eye" text=text!(film_open)/>
            </section>
            <section class="card">
                <h2>{text!(devices_title)}</h2>
                <p>{text!(devices_lead)}</p>
                <Link to=Place::Devices look="button quiet" icon="handset" text=text!(devices_open)/>
            </section>
            <section class="card">
                <h2>{text!(file_title)}</h2>
                <p>{text!(file_lead)}</p>
                <Button look="quiet" text=text!(save_as_file) on_press=move |()| session.save_as_file()/>
                <label class="button quiet file">
                    {text!(restore)} <input type="file" accept=".txt" node_ref=file on:change=restore/>
                </label>
                <p role="status">{live(move || said.get().map(Text::get))}</p>
            </section>
            <section class="card">
                <h2>{text!(language_title)}</h2>
                <LanguageSwitch/>
            </section>
            <section class="card">
                <h2>{text!(install_title)}</h2>
                <p>{text!(install_text)}</p>
            </section>
            <section class="card">
                <h2>{text!(kept_title)}</h2>
                <p>{text!(kept_text)}</p>
            </section>
            <p class="soft">{live(words!(version, version = VERSION))}</p>
        </Frame>
    }
}
