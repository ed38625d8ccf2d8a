//! A code from a contact, or from the young person's other phone: who is it from, what may they see, yes or no.

use super::App;
use super::frame::frame;
use super::parts::part_ticks;
use super::words;
use crate::components::dom::{on_submit, typed};
use crate::components::{El, Tone, button, el, labelled, link, memo, notice, problem, title};
use crate::routes::Place;
use crate::state::{Failure, code_in_link, describe, now};
use crate::texts as t;
use leptos::prelude::*;
use leptos::task::spawn_local;
use plan::consent::{Birthdays, Custody};
use plan::{Consent, Day, Parts};
use protocol::{Code, InvitationKind, InvitationView};

/// Where the reader has come to.
#[derive(Clone, PartialEq)]
enum Step {
    Code,
    Asked(String, InvitationView),
    /// It has been answered, one way or another.
    End(&'static str),
}

pub fn page(app: App) -> Vec<El> {
    let step = RwSignal::new(Step::Code);
    let body = el("div").class("stack").live(move || match step.get() {
        Step::Code => vec![ask(app, step)],
        Step::Asked(code, from) if from.kind == InvitationKind::Contact => vec![decide(app, step, code, from)],
        Step::Asked(code, _) => vec![join(app, step, code)],
        Step::End(text) => vec![end(text)],
    });
    frame(app, t::CODE_TITLE, vec![body])
}

fn end(text: &str) -> El {
    let see = link("button primary", &Place::Share.path()).text(t::GIVEN_SEE);
    el("section").class("card").child(el("p").class("lead").attr("role", "status").text(text)).child(see)
}

/// A button that sends a form, and cannot be pressed while it is sent.
fn send(text: &str, busy: RwSignal<bool>) -> El {
    button("primary", text).attr("type", "submit").live_flag("disabled", move || busy.get())
}

fn fail(wrong: RwSignal<Option<String>>, error: Failure) {
    wrong.try_set(Some(words::share_error(error).to_owned()));
}

fn ask(app: App, step: RwSignal<Step>) -> El {
    let code = RwSignal::new(code_in_link());
    let wrong = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let look = move || {
        let Ok(typed) = code.with_untracked(|code| code.parse::<Code>()) else {
            return wrong.set(Some(t::ERROR_NOT_A_CODE.to_owned()));
        };
        busy.set(true);
        spawn_local(async move {
            match app.session.find_invitation(typed.as_str().to_owned()).await {
                Ok(from) => step.set(Step::Asked(typed.as_str().to_owned(), from)),
                Err(error) => fail(wrong, error),
            }
            busy.set(false);
        });
    };
    let input = el("input")
        .class("field code")
        .attr("type", "text")
        .attr("name", "code")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "characters")
        .attr("spellcheck", "false")
        .attr("placeholder", "ABCDE-12345")
        .live_value(move || code.get_untracked())
        .on("input", move |event| code.set(typed(&event)));
    let form = el("form")
        .class("card")
        .child(el("p").text(t::CODE_LEAD))
        .child(labelled(t::CODE_LABEL, input))
        .child(problem(wrong))
        .child(send(t::CODE_GO, busy));
    on_submit(form, look)
}

fn decide(app: App, step: RwSignal<Step>, code: String, from: InvitationView) -> El {
    let session = app.session;
    let answered = code.clone();
    let parts = RwSignal::new(Parts::NONE);
    let birth = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let known = session.sharing.birthdays;
    let born = move || known.get().or_else(|| birth.with(|birth| birth.parse::<Day>().ok()).map(Birthdays::from_birth));
    let heard = move |outcome: Result<String, Failure>| {
        // The page may be gone by now.
        busy.try_set(false);
        match outcome {
            Ok(id) => {
                let waits = |consent: &Consent| consent.id == id && consent.custody == Custody::Waiting;
                let waits = session.sharing.consents.with_untracked(|all| all.iter().any(waits));
                step.try_set(Step::End(if waits { t::GIVEN_WAITS } else { t::GIVEN }));
            }
            Err(error) => fail(wrong, error),
        }
    };
    let yes = move || {
        let Some(born) = untrack(born) else { return wrong.set(Some(t::ERROR_BIRTHDAY.to_owned())) };
        let parts = parts.get_untracked();
        if parts.is_empty() {
            return wrong.set(Some(t::ERROR_NO_PARTS.to_owned()));
        }
        busy.set(true);
        session.give_consent(code.clone(), born, parts, heard);
    };
    let sender = el("section")
        .class("card from")
        .child(el("p").class("soft").text(t::FROM_LABEL))
        .child(title("h2", &from.name))
        .child(el("p").text(&from.unit))
        .child(el("p").class("soft").text(&t::FROM_UNTIL.replace("{day}", &describe(from.expires_at))));
    let paragraphs = t::CONSENT_TEXT.lines().map(|paragraph| el("p").text(paragraph));
    let text = el("section").class("card consent-text").children(paragraphs.collect());
    let birthday = el("div").live(move || {
        if known.get().is_some() {
            return Vec::new();
        }
        let input = el("input").class("field").attr("type", "date").attr("name", "birth");
        let input = input.on("input", move |event| birth.set(typed(&event)));
        let help = el("p").class("soft").text(t::BIRTH_HELP);
        vec![el("section").class("card").child(labelled(t::BIRTH_LABEL, input)).child(help)]
    });
    let young = memo(move || born().is_some_and(|born| born.is_under_15(now())));
    let under_15 = el("div")
        .live(move || young.get().then(|| notice(Tone::Calm, t::CONSENT_UNDER_15, Vec::new())).into_iter().collect());
    let ticks = part_ticks(&t::PARTS_LEGEND.replace("{name}", &from.name), parts);
    let no = button("quiet", t::CONSENT_NO).press(move || {
        // Also a yes that was said to it on a page that is gone.
        session.take_back(&answered);
        step.set(Step::End(t::SAID_NO));
    });
    let form = el("form").class("stack").children(vec![
        sender,
        text,
        birthday,
        under_15,
        el("section").class("card").child(ticks),
        problem(wrong),
        el("div").class("decide").child(no).child(send(t::CONSENT_YES, busy)),
    ]);
    on_submit(form, yes)
}

fn join(app: App, step: RwSignal<Step>, code: String) -> El {
    let wrong = RwSignal::new(None::<String>);
    let join = button("primary", t::JOIN_DO).press(move || {
        let code = code.clone();
        spawn_local(async move {
            match app.session.add_this_device(code).await {
                Ok(()) => step.set(Step::End(t::DEVICE_ADDED)),
                Err(error) => fail(wrong, error),
            }
        });
    });
    let card = el("section").class("card").child(title("h2", t::JOIN_TITLE)).child(el("p").text(t::JOIN_TEXT));
    card.child(problem(wrong)).child(join)
}
