//! Del: who may see what, who has looked, and the way in for a new code.

use super::App;
use super::frame::frame;
use super::words;
use crate::components::{El, Tone, button, el, icon, link, notice, title};
use crate::routes::Place;
use crate::state::{Contact, describe, describe_date, now};
use crate::texts as t;
use leptos::prelude::*;
use leptos::task::spawn_local;
use plan::{Consent, Status};
use protocol::LookView;

pub fn page(app: App) -> Vec<El> {
    // Who comes here wants to know how it goes.
    app.session.sync_now();
    let sharing = app.session.sharing;
    let lead = el("div").live(move || {
        if sharing.has_sent.get()
            || sharing.consents.with(|all| all.iter().any(|consent| consent.withdrawn_at.is_none()))
        {
            return Vec::new();
        }
        let first = el("p").class("lead").text(t::CONSENT_BEFORE);
        vec![el("section").class("card").child(first).child(el("p").text(t::SHARE_LEAD))]
    });
    let consents = el("div").class("stack").live(move || {
        let mut all = sharing.consents.get();
        all.sort_unstable_by_key(|consent| (consent.withdrawn_at.is_some(), std::cmp::Reverse(consent.given_at)));
        all.iter().map(card).collect()
    });
    let seen = el("div").live(move || sharing.connected.get().then(|| looks(app)).into_iter().collect());
    let enter = link("button primary wide", &Place::Code.path()).child(icon("plus")).text(t::SHARE_HAS_CODE);
    frame(app, t::SHARE_TITLE, vec![lead, sync_line(app), erase_sent(app), consents, enter, seen])
}

/// How it goes with the server, in one calm line.
fn sync_line(app: App) -> El {
    let session = app.session;
    el("p").class("soft sync").attr("role", "status").live_text(move || {
        let line = match session.contact.get() {
            _ if session.sharing.no_waits.get() => t::SYNC_NO_WAITS,
            Contact::Quiet => "",
            Contact::Working => t::SYNC_WORKING,
            Contact::UpToDate => t::SYNC_DONE,
            Contact::Offline => t::SYNC_OFFLINE,
            Contact::Refused(code) => words::server_error(code),
        };
        line.to_owned()
    })
}

/// What was sent and nobody may see any more can be erased, too. It is a question of its own.
fn erase_sent(app: App) -> El {
    let session = app.session;
    let sharing = session.sharing;
    el("div").live(move || {
        let now = now();
        let (any, active, over) = sharing.consents.with(|all| {
            let over = |consent: &Consent| {
                matches!(consent.status(now), Status::Withdrawn | Status::Expired | Status::TurnedFifteen)
            };
            (!all.is_empty(), all.iter().any(|consent| consent.is_active(now)), all.iter().all(over))
        });
        if !sharing.can_erase.get() {
            let gone = (any && over).then(|| el("p").class("soft").attr("role", "status").text(t::ERASED_SENT));
            return gone.into_iter().collect();
        }
        let more = if sharing.erasing.get() {
            el("p").attr("role", "status").text(t::ERASE_WAITS)
        } else {
            button("danger", t::ERASE_SENT).press(move || session.erase_sent())
        };
        vec![notice(Tone::Calm, if active { t::ERASE_SOME } else { t::CONSENT_WITHDRAWN }, vec![more])]
    })
}

pub(super) fn status_words(consent: &Consent) -> String {
    let now = now();
    match consent.status(now) {
        Status::Active => match consent.reminder(now) {
            Some(days) => t::STATUS_ENDS_SOON.replace("{n}", &days.to_string()),
            None => t::STATUS_ACTIVE.replace("{day}", &describe_date(consent.expires_at)),
        },
        Status::WaitingForCustody => t::STATUS_WAITING.to_owned(),
        Status::RefusedByCustody => t::STATUS_REFUSED.to_owned(),
        Status::TurnedFifteen => t::STATUS_FIFTEEN.to_owned(),
        Status::Expired => t::STATUS_EXPIRED.to_owned(),
        Status::Withdrawn => t::STATUS_WITHDRAWN.to_owned(),
    }
}

fn card(consent: &Consent) -> El {
    let ended = consent.withdrawn_at.is_some();
    let card = el("section")
        .class(if ended { "card consent ended" } else { "card consent" })
        .child(title("h2", &consent.recipient))
        .child(el("p").class("soft").text(&consent.unit))
        .child(el("p").text(&status_words(consent)));
    if ended {
        return card;
    }
    let parts = consent.parts.iter().map(|part| el("li").child(icon("tick")).text(words::part_name(part)));
    let change = link("button quiet", &Place::Consent(consent.id.clone()).path()).text(t::CONSENT_CHANGE);
    card.child(el("ul").class("ticked").children(parts.collect())).child(change)
}

/// Who has read, and when.
fn looks(app: App) -> El {
    let looks = RwSignal::new(None::<Vec<LookView>>);
    let wrong = RwSignal::new("");
    let fetch = move || {
        spawn_local(async move {
            match app.session.list_looks().await {
                Ok(found) => {
                    wrong.set("");
                    looks.set(Some(found));
                }
                Err(error) => wrong.set(words::share_error(error)),
            }
        });
    };
    fetch();
    let list = el("ul").class("look-list").live(move || {
        let quiet = |text: &str| vec![el("li").class("soft").text(text)];
        match looks.get() {
            Some(looks) if looks.is_empty() => quiet(t::LOOKS_NONE),
            Some(looks) => looks.iter().map(look).collect(),
            None => quiet(wrong.get()),
        }
    });
    let again = button("quiet", t::LOOKS_AGAIN).press(fetch);
    el("section").class("card looks").child(title("h2", t::LOOKS_TITLE)).child(list).child(again)
}

fn look(look: &LookView) -> El {
    let who = el("span").child(el("b").text(&look.name)).text(" · ").text(&look.unit);
    let when = el("span").class("soft block").text(&describe(look.from));
    el("li").child(icon("eye")).child(who.child(when))
}
