//! The first place: the plan, or three short questions the first time. Every one of them can be skipped.

use super::App;
use super::entry::Content;
use super::frame::{head, saved, troubles};
use super::plan;
use super::section::composer;
use crate::components::{El, button, el, link, memo, title};
use crate::routes::Place;
use crate::texts as t;
use ::plan::{Entity, Part};
use leptos::prelude::*;

/// Where each answer stands afterwards, and how it is asked for.
const QUESTIONS: [(Part, &str, &str, &str); 3] = [
    (Part::AboutMe, "vigtigt", t::WELCOME_1, t::WELCOME_1_HELP),
    (Part::PlanYellow, "y_gor", t::WELCOME_2, t::WELCOME_2_HELP),
    (Part::PlanRed, "r_tal", t::WELCOME_3, t::WELCOME_3_HELP),
];

pub fn page(app: App) -> Vec<El> {
    // Decided once: the first answer must not take the other questions away.
    if app.session.welcomed.get_untracked() {
        return plan::page(app);
    }
    let step = RwSignal::new(0_usize);
    let next = move || {
        app.session.begin_change();
        if step.get_untracked() == QUESTIONS.len() {
            app.session.end_welcome();
            app.replace(&Place::Plan(None));
        } else {
            step.update(|step| *step += 1);
        }
    };
    vec![
        el("div").live(move || vec![head(if step.get() == 0 { t::WELCOME_TITLE } else { t::APP_NAME })]),
        el("main").id("main").class("welcome").attr("tabindex", "-1").live(move || match step.get() {
            0 => hello(app, next),
            step => question(app, step - 1, next),
        }),
    ]
}

fn hello(app: App, next: impl Fn() + 'static) -> Vec<El> {
    let foot = el("div")
        .class("welcome-foot")
        .child(link("button quiet", &Place::Code.path()).text(t::WELCOME_HAS_CODE))
        .child(button("primary", t::WELCOME_BEGIN).press(next));
    let words = el("div").class("card").child(el("p").class("lead").text(t::CONSENT_BEFORE));
    vec![el("div").class("stack").child(troubles(app)).child(words.child(el("p").text(t::WELCOME_LEAD))), foot]
}

fn question(app: App, at: usize, next: impl Fn() + 'static) -> Vec<El> {
    let session = app.session;
    let (part, section, question, help) = QUESTIONS[at];
    let name = StoredValue::new(section.to_owned());
    let content: Content = memo(move || {
        session.sections(part).with(|all| all.iter().find(|content| content.on.name() == section).cloned())
    });
    let composing = RwSignal::new(None::<Entity>);
    let written = memo(move || content.with(|content| content.as_ref().is_some_and(|c| !c.entries.is_empty())));
    let answers = el("div").class("sections").live(move || {
        let now = composing.get();
        content.with(|content| {
            let entries = content.iter().flat_map(|content| &content.entries);
            let rest = entries.filter(|entry| Some(&entry.on) != now.as_ref());
            rest.map(|entry| el("p").class("words own").text(entry.texts.shown())).collect()
        })
    });
    let next_text = move || (if written.get() { t::WELCOME_NEXT } else { t::WELCOME_SKIP }).to_owned();
    let card = el("section")
        .class("card question")
        .child(el("p").class("soft").text(&t::WELCOME_STEP.replace("{n}", &(at + 1).to_string())))
        .child(title("h2", question))
        .child(el("p").class("soft").text(help))
        .child(answers)
        .child(composer(app, part, name, composing, content, false));
    let go = button("primary", "").live_text(next_text).press(next);
    let body = el("div").class("stack").child(troubles(app)).child(card);
    vec![body, el("div").class("welcome-foot").child(saved(app)).child(go)]
}
