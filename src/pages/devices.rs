//! The young person's own phones: add one with a code from the first, sign out one that is lost.

use super::App;
use super::frame::frame;
use super::words;
use crate::components::{El, button, el, icon, link, problem, title};
use crate::routes::Place;
use crate::state::describe;
use crate::texts as t;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{DeviceInvitationView, DeviceView};

pub fn page(app: App) -> Vec<El> {
    let connected = app.session.sharing.connected;
    let known = el("div").class("stack").live(move || {
        if connected.get() {
            return vec![invite(app), list(app)];
        }
        vec![el("section").class("card").child(el("p").text(t::DEVICES_NOT_YET))]
    });
    let enter = link("button quiet", &Place::Code.path()).text(t::SHARE_HAS_CODE);
    let join = el("section").class("card").child(el("p").text(t::DEVICES_JOIN)).child(enter);
    frame(app, t::DEVICES_TITLE, vec![known, join])
}

fn invite(app: App) -> El {
    let code = RwSignal::new(None::<DeviceInvitationView>);
    let wrong = RwSignal::new(None::<String>);
    let shown = el("div").attr("role", "status").live(move || {
        let Some(view) = code.get() else { return Vec::new() };
        let until = t::FROM_UNTIL.replace("{day}", &describe(view.expires_at));
        vec![el("p").class("big-code").attr("translate", "no").text(&view.code), el("p").class("soft").text(&until)]
    });
    let make = button("primary", t::INVITE_DEVICE).press(move || {
        spawn_local(async move {
            match app.session.invite_device().await {
                Ok(view) => code.set(Some(view)),
                Err(error) => wrong.set(Some(words::share_error(error).to_owned())),
            }
        });
    });
    el("section")
        .class("card")
        .child(title("h2", t::INVITE_DEVICE_TITLE))
        .child(el("p").text(t::INVITE_DEVICE_TEXT))
        .child(shown)
        .child(problem(wrong))
        .child(make)
}

fn list(app: App) -> El {
    let devices = RwSignal::new(Vec::<DeviceView>::new());
    fetch(app, devices);
    let list = el("ul").class("look-list");
    let list = list.live(move || devices.get().iter().map(|device| row(app, devices, device)).collect());
    el("section").class("card").child(title("h2", t::DEVICES_LIST)).child(list)
}

fn fetch(app: App, devices: RwSignal<Vec<DeviceView>>) {
    spawn_local(async move {
        // Without network the list stays as it was; the page says elsewhere that there is none.
        if let Ok(me) = app.session.find_me().await {
            devices.set(me.devices);
        }
    });
}

fn row(app: App, devices: RwSignal<Vec<DeviceView>>, device: &DeviceView) -> El {
    let name = if device.this { t::DEVICE_THIS } else { t::DEVICE_OTHER };
    let words = el("span").text(name).child(el("span").class("soft block").text(&describe(device.added_at)));
    let id = device.id.clone();
    let remove = (!device.this).then(|| {
        button("danger", t::DEVICE_REMOVE).press(move || {
            let id = id.clone();
            spawn_local(async move {
                if app.session.remove_device(&id).await.is_ok() {
                    fetch(app, devices);
                }
            });
        })
    });
    el("li").child(icon("handset")).child(words).maybe(remove)
}
