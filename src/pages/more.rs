//! Mere: phones, files, and how the app is kept.

use super::frame::Page;
use crate::components::Icon;
use crate::routes;
use crate::state::{Restored, Session};
use crate::texts as t;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

#[component]
pub fn MorePage() -> impl IntoView {
    let session = Session::get();
    let said = RwSignal::new(None::<String>);
    let restore = move |input: web_sys::HtmlInputElement| {
        spawn_local(async move {
            said.set(Some(match session.restore(input).await {
                Restored::New(0) => t::RESTORE_NOTHING.to_owned(),
                Restored::New(_) => t::RESTORE_DONE.to_owned(),
                Restored::NotOurs => t::RESTORE_NOT_OURS.to_owned(),
            }));
        });
    };
    view! {
        <Page title=t::MORE_TITLE>
            <section class="card">
                <h2>{t::DEVICES_TITLE}</h2>
                <p>{t::DEVICES_LEAD}</p>
                <A href=routes::DEVICES attr:class="button quiet">
                    <Icon name="handset"/>
                    {t::DEVICES_OPEN}
                </A>
            </section>
            <section class="card">
                <h2>{t::FILE_TITLE}</h2>
                <p>{t::FILE_LEAD}</p>
                <button class="button quiet" on:click=move |_| session.save_as_file()>
                    {t::SAVE_AS_FILE}
                </button>
                <label class="button quiet file">
                    {t::RESTORE}
                    <input type="file" accept=".txt" on:change:target=move |event| restore(event.target())/>
                </label>
                <p role="status">{move || said.get()}</p>
            </section>
            <section class="card">
                <h2>{t::INSTALL_TITLE}</h2>
                <p>{t::INSTALL_TEXT}</p>
            </section>
            <section class="card">
                <h2>{t::KEPT_TITLE}</h2>
                <p>{t::KEPT_TEXT}</p>
            </section>
        </Page>
    }
}
