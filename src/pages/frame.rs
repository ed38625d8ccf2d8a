//! What every page of the young person's app stands in: the title, the way to the hard-times page, the bar below.

use super::App;
use super::words;
use crate::components::dom::typed;
use crate::components::{El, Tone, button, el, fold, icon, link, notice, problem, title};
use crate::routes::{Page, Place};
use crate::state::{Saving, Trouble};
use crate::texts as t;
use leptos::prelude::*;
use plan::Entity;

/// The bar's places.
const TABS: [(Place, Page, &str, &str); 5] = [
    (Place::Plan(None), Page::Plan, "plan", t::TAB_PLAN),
    (Place::About(None), Page::About, "me", t::TAB_ABOUT),
    (Place::Meeting(None), Page::Meeting, "meet", t::TAB_MEETING),
    (Place::Share, Page::Share, "share", t::TAB_SHARE),
    (Place::More, Page::More, "more", t::TAB_MORE),
];

/// A page with its heading.
pub fn frame(app: App, heading: &str, body: Vec<El>) -> Vec<El> {
    let main = el("main").id("main").attr("tabindex", "-1").child(troubles(app)).child(unfinished(app)).children(body);
    vec![link("skip", "#main").text(t::SKIP), head(heading), main, bar(app)]
}

/// The title, and the way to the hard-times page in the same corner everywhere.
pub fn head(heading: &str) -> El {
    let hard = link("button hard", &Place::Hard.path()).child(icon("storm")).text(t::HARD_NOW);
    el("header").class("top").child(title("h1", heading)).child(hard)
}

fn bar(app: App) -> El {
    let here = match app.place.with_untracked(Place::page) {
        Page::Code | Page::Consent => Page::Share,
        Page::Devices => Page::More,
        Page::Home => Page::Plan,
        page => page,
    };
    let tabs = TABS.iter().map(|(place, page, name, text)| {
        let tab = link("", &place.path()).child(el("span").class("pill").child(icon(name))).text(text);
        if *page == here { tab.attr("aria-current", "page") } else { tab }
    });
    el("nav").class("bar").attr("aria-label", t::NAV_LABEL).children(tabs.collect())
}

/// What the app has to say about storage, refused commands and newer builds, above everything else.
pub fn troubles(app: App) -> El {
    let session = app.session;
    el("div").class("troubles").live(move || {
        let mut all = Vec::new();
        if let Some(trouble) = session.trouble.get() {
            let save = button("quiet", t::SAVE_AS_FILE).press(move || session.save_as_file());
            all.push(notice(Tone::Careful, trouble_words(trouble), vec![save]));
        }
        if let Some(why) = session.refused.get() {
            all.push(notice(Tone::Careful, &words::refused(why), Vec::new()));
        }
        if session.update.get() {
            let take = button("quiet", t::UPDATE_TAKE).press(move || session.take_update());
            all.push(notice(Tone::Calm, t::UPDATE_READY, vec![take]));
        }
        all
    })
}

/// What was typed and cannot be kept as it is: all of it, to be made shorter or let go of.
fn unfinished(app: App) -> El {
    let session = app.session;
    let keys = move || session.unfinished.with(|all| all.iter().map(|it| format!("{} {}", it.on, it.field)).collect());
    el("div").class("troubles").keyed(keys, move |key| {
        let (on, field) = key.split_once(' ').unwrap_or_default();
        let Ok(on) = on.parse::<Entity>() else { return el("div") };
        let place = StoredValue::new((on, field.to_owned()));
        let wrong = RwSignal::new(None::<String>);
        let area = el("textarea").class("field").attr("rows", "6").attr("aria-label", t::UNFINISHED_LABEL);
        let text = move || place.with_value(|(on, field)| session.own_words(on, field)).unwrap_or_default();
        let area = area.live_value(text).on("input", move |event| {
            place.with_value(|(on, field)| session.keep_unfinished(on, field, &typed(&event)));
        });
        let written = area.clone();
        let keep = button("primary", t::UNFINISHED_KEEP).press(move || {
            let done = place.with_value(|(on, field)| session.finish(on, field, &written.value()));
            wrong.set(done.err().map(words::refused));
        });
        let discard = button("danger", t::UNFINISHED_DISCARD_YES)
            .press(move || place.with_value(|(on, field)| session.let_go(on, field)));
        let discard = fold(t::UNFINISHED_DISCARD).child(discard);
        notice(Tone::Careful, t::UNFINISHED, vec![area, problem(wrong), keep, discard])
    })
}

fn trouble_words(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Blocked => t::TROUBLE_BLOCKED,
        Trouble::Full => t::TROUBLE_FULL,
        Trouble::Dead => t::TROUBLE_DEAD,
        Trouble::Newer => t::TROUBLE_NEWER,
    }
}

/// "Gemt på din telefon", where the eye is. Said when it is on disk, and not before.
pub fn saved(app: App) -> El {
    el("span").class("saved").attr("role", "status").live(move || {
        let (name, text) = match app.session.saving.get() {
            Saving::Idle => return Vec::new(),
            Saving::Working => return vec![el("span").text(t::SAVING)],
            Saving::Saved => ("tick", t::SAVED),
            Saving::Failed(_) | Saving::Refused => ("info", t::NOT_SAVED),
        };
        vec![icon(name), el("span").text(text)]
    })
}

/// Takes the latest change back.
pub fn undo(app: App, id: &'static str) -> El {
    let session = app.session;
    el("div").class("undo").live(move || {
        if !session.can_undo.get() {
            return Vec::new();
        }
        let undo = el("button").class("button quiet").id(id).attr("type", "button").child(icon("undo")).text(t::UNDO);
        vec![undo.press(move || session.tell(session.undo()))]
    })
}
