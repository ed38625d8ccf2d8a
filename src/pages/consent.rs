//! One yes: change what it covers, or take it back. Both are as easy as giving it was.

use super::App;
use super::frame::frame;
use super::parts::part_ticks;
use super::share::status_words;
use super::words;
use crate::components::{El, button, el, link, memo, problem, title};
use crate::routes::Place;
use crate::state::now;
use crate::texts as t;
use leptos::prelude::*;
use plan::{Consent, Parts};

pub fn page(app: App) -> Vec<El> {
    let consents = app.session.sharing.consents;
    let consent = move || match app.place.get() {
        Place::Consent(id) => consents.with(|all| all.iter().find(|consent| consent.id == id).cloned()),
        _ => None,
    };
    // What is ticked here stays, whatever is heard of this yes meanwhile, until it is over.
    let is_over = memo(move || consent().is_none_or(|consent| consent.withdrawn_at.is_some()));
    let body = el("div").class("stack").live(move || match (is_over.get(), untrack(consent)) {
        (false, Some(consent)) => change(app, consent),
        (_, Some(_)) => vec![el("p").class("lead").attr("role", "status").text(t::CONSENT_WITHDRAWN_SHORT)],
        (_, None) => vec![el("p").text(t::MISSING_TEXT)],
    });
    let back = link("button quiet", &Place::Share.path()).text(t::CONSENT_BACK);
    frame(app, t::CONSENT_TITLE, vec![body, back])
}

fn change(app: App, consent: Consent) -> Vec<El> {
    let session = app.session;
    let parts = RwSignal::new(consent.parts);
    let wrong = RwSignal::new(None::<String>);
    let id = StoredValue::new(consent.id.clone());
    let (before, is_active) = (consent.parts, consent.is_active(now()));
    let keep = move || {
        let parts = parts.get_untracked();
        if parts == Parts::NONE {
            return wrong.set(Some(t::ERROR_NO_PARTS.to_owned()));
        }
        session.change_consent(id.get_value(), parts, move |outcome| match outcome {
            Ok(_) => app.go(&Place::Share),
            // The page may be gone by now.
            Err(error) => drop(wrong.try_set(Some(words::share_error(error).to_owned()))),
        });
        // Taking something back holds already.
        if is_active && parts.iter().all(|part| before.contains(part)) {
            app.go(&Place::Share);
        }
    };
    let changed = el("div").live(move || {
        (parts.get() != before).then(|| button("primary", t::CONSENT_KEEP).press(keep)).into_iter().collect()
    });
    let what = el("section")
        .class("card")
        .child(title("h2", &consent.recipient))
        .child(el("p").class("soft").text(&consent.unit))
        .child(el("p").text(&status_words(&consent)))
        .child(part_ticks(&t::PARTS_LEGEND.replace("{name}", &consent.recipient), parts))
        .child(problem(wrong))
        .child(changed);
    let withdraw = button("danger", t::WITHDRAW).press(move || {
        session.withdraw(&id.get_value());
        app.go(&Place::Share);
    });
    let stop = el("section").class("card").child(title("h2", t::WITHDRAW_TITLE)).child(el("p").text(t::WITHDRAW_TEXT));
    vec![what, stop.child(withdraw)]
}
