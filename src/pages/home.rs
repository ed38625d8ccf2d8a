//! The first place: the plan, or three short questions the first time. Every one of them can be skipped.

use super::entry::Content;
use super::frame::{Head, Saved, Troubles, arrive};
use super::section::Composer;
use crate::components::{Button, Link, go_to_main, live};
use crate::routes::{Place, use_go};
use crate::state::use_session;
use crate::texts as t;
use ::plan::{Entity, Part};
use leptos::prelude::*;
use leptos_router::components::Redirect;

/// Where each answer stands afterwards, and how it is asked for.
const QUESTIONS: [(Part, &str, &str, &str); 3] = [
    (Part::AboutMe, "vigtigt", t::WELCOME_1, t::WELCOME_1_HELP),
    (Part::PlanYellow, "y_gor", t::WELCOME_2, t::WELCOME_2_HELP),
    (Part::PlanRed, "r_tal", t::WELCOME_3, t::WELCOME_3_HELP),
];

#[component]
pub fn HomePage() -> impl IntoView {
    // Decided once: the first answer must not take the other questions away.
    if use_session().welcomed.get_untracked() {
        return view! { <Redirect path=Place::Plan(None).path()/> }.into_any();
    }
    view! { <Welcome/> }.into_any()
}

#[component]
fn Welcome() -> impl IntoView {
    let session = use_session();
    let go = use_go();
    arrive();
    let step = RwSignal::new(0_usize);
    let next = Callback::new(move |()| {
        session.begin_change();
        if step.get_untracked() == QUESTIONS.len() {
            session.end_welcome();
            go.instead(&Place::Plan(None));
        } else {
            step.update(|step| *step += 1);
            // What was pressed is gone, or means something else now: the next stop is the question.
            go_to_main();
        }
    });
    view! {
        <Head title=move || if step.get() == 0 { t::WELCOME_TITLE } else { t::APP_NAME }/>
        <main id="main" class="welcome" tabindex="-1">
            {live(move || match step.get() {
                0 => view! { <Hello on_begin=next/> }.into_any(),
                step => view! { <Question number=step on_next=next/> }.into_any(),
            })}
        </main>
    }
}

#[component]
fn Hello(on_begin: Callback<()>) -> impl IntoView {
    view! {
        <div class="stack">
            <Troubles/>
            <svg class="face" viewBox="0 0 320 150" aria-hidden="true"><use href="#face"/></svg>
            <div class="card">
                <p class="lead">{t::CONSENT_BEFORE}</p>
                <p>{t::WELCOME_LEAD}</p>
            </div>
        </div>
        <div class="welcome-foot">
            <Link to=Place::Code look="button quiet" text=t::WELCOME_HAS_CODE/>
            <Button look="primary" text=t::WELCOME_BEGIN on_press=move |()| on_begin.run(())/>
        </div>
    }
}

#[component]
fn Question(number: usize, on_next: Callback<()>) -> impl IntoView {
    let session = use_session();
    let (part, section, question, help) = QUESTIONS[number - 1];
    let name = StoredValue::new(section.to_owned());
    let content: Content = Memo::new(move |_| {
        session.sections(part).with(|all| all.iter().find(|content| content.on.name() == section).cloned())
    });
    let composing = RwSignal::new(None::<Entity>);
    let written = Memo::new(move |_| content.with(|content| content.as_ref().is_some_and(|c| !c.entries.is_empty())));
    // What is being written right now stands in the field below, and not here as well.
    let answers = move || {
        content.with(|content| {
            let entries = content.iter().flat_map(|content| &content.entries);
            let rest = entries.filter(|entry| composing.with(|now| Some(&entry.on) != now.as_ref()));
            rest.map(|entry| view! { <p class="words own">{entry.texts.shown().to_owned()}</p> }).collect_view()
        })
    };
    view! {
        <div class="stack">
            <Troubles/>
            <section class="card question">
                <p class="soft">{t::WELCOME_STEP.replace("{n}", &number.to_string())}</p>
                <h2>{question}</h2>
                <p class="soft">{help}</p>
                <div class="sections">{live(answers)}</div>
                <Composer part name composing content people=false/>
            </section>
        </div>
        <div class="welcome-foot">
            <Saved/>
            <Button
                look="primary"
                text=move || if written.get() { t::WELCOME_NEXT } else { t::WELCOME_SKIP }
                on_press=on_next
            />
        </div>
    }
}
