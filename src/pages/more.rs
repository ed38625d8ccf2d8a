//! Mere: phones, files, and how the app is kept.

use super::App;
use super::frame::frame;
use crate::components::dom::input_of;
use crate::components::{El, button, el, icon, link, title};
use crate::routes::Place;
use crate::state::Restored;
use crate::texts as t;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Which version this is, for whoever is asked for help.
const VERSION: &str = match option_env!("MIN_PLAN_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

pub fn page(app: App) -> Vec<El> {
    let session = app.session;
    let said = RwSignal::new("");
    let file = el("input").attr("type", "file").attr("accept", ".txt").on("change", move |event| {
        let Some(input) = input_of(&event) else { return };
        spawn_local(async move {
            said.set(match session.restore(input).await {
                Restored::New(0) => t::RESTORE_NOTHING,
                Restored::New(_) => t::RESTORE_DONE,
                Restored::NotOurs => t::RESTORE_NOT_OURS,
            });
        });
    });
    let phones = link("button quiet", &Place::Devices.path()).child(icon("handset")).text(t::DEVICES_OPEN);
    let copy = card(t::FILE_TITLE, t::FILE_LEAD)
        .child(button("quiet", t::SAVE_AS_FILE).press(move || session.save_as_file()))
        .child(el("label").class("button quiet file").text(t::RESTORE).child(file))
        .child(el("p").attr("role", "status").live_text(move || said.get().to_owned()));
    let body = vec![
        card(t::DEVICES_TITLE, t::DEVICES_LEAD).child(phones),
        copy,
        card(t::INSTALL_TITLE, t::INSTALL_TEXT),
        card(t::KEPT_TITLE, t::KEPT_TEXT),
        el("p").class("soft").text(&t::VERSION.replace("{version}", VERSION)),
    ];
    frame(app, t::MORE_TITLE, body)
}

fn card(heading: &str, text: &str) -> El {
    el("section").class("card").child(title("h2", heading)).child(el("p").text(text))
}
