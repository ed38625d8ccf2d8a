//! The first place: the plan, or three short questions the first time. Every one of them can be skipped.

use super::entry::Content;
use super::frame::{Head, Saved, Troubles, arrive};
use super::language::LanguageSwitch;
use super::section::Composer;
use crate::components::{Button, Link, go_to_main, live};
use crate::routes::{Place, use_go};
use crate::state::language::take_up_tapped;
use crate::state::{use_session, was_tapped};
use crate::texts::{Text, text, use_language, words};
use ::plan::{Entity, Part};
use leptos::ev;
use leptos::prelude::*;
use leptos_router::components::Redirect;

/// Where each answer stands afterwards, and how it is asked for.
const QUESTIONS: [(Part, &str, Text, Text); 3] = [
    (Part::AboutMe, "vigtigt", text!(welcome_1), text!(welcome_1_help)),
    (Part::PlanYellow, "y_gor", text!(welcome_2), text!(welcome_2_help)),
    (Part::PlanRed, "r_tal", text!(welcome_3), text!(welcome_3_help)),
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
    arrive(true);
    let step = RwSignal::new(0_usize);
    let language = use_language();
    let take_up = move || {
        take_up_tapped(language);
        if was_tapped("svaert") {
            go.to(&Place::Hard);
        }
        if step.get_untracked() == 0 && was_tapped("begynd") {
            step.set(1);
            go_to_main();
        }
    };
    take_up();
    // What was tapped in the very last moment of the first paint comes into the address after this.
    let late = window_event_listener(ev::hashchange, move |_| take_up());
    on_cleanup(move || late.remove());
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
        <Head title=move || if step.get() == 0 { text!(welcome_title) } else { text!(app_name) }/>
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
                <p class="lead">{text!(consent_before)}</p>
                <p>{text!(welcome_lead)}</p>
            </div>
            <LanguageSwitch/>
        </div>
        <div class="welcome-foot">
            <Link to=Place::Code look="button quiet" text=text!(welcome_has_code)/>
            <Button look="primary" text=text!(welcome_begin) on_press=move |()| on_begin.run(())/>
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
            rest.map(|entry| view! { <p class="words own" lang="">{entry.texts.shown().to_owned()}</p> }).collect_view()
        })
    };
    view! {
        <div class="stack">
            <Troubles/>
            <section class="card question">
                <p class="soft">{live(words!(welcome_step, n = number))}</p>
                <h2>{question}</h2>
                <p class="soft">{help}</p>
                <div class="sections">{live(answers)}</div>
                <Composer part name composing content people=false/>
            </section>
        </div>
        <div class="welcome-foot question-foot" class:even=number.is_multiple_of(2)>
            <Saved/>
            <Button
                look="primary"
                text=move || if written.get() { text!(welcome_next) } else { text!(welcome_skip) }
                on_press=on_next
            />
        </div>
    }
}
