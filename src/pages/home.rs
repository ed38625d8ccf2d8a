//! The first place: the plan, or three short questions the first time. Every one of them can be skipped.

use super::frame::Saved;
use super::plan::PlanPage;
use super::section::Composer;
use crate::components::Icon;
use crate::routes;
use crate::state::Session;
use crate::texts as t;
use leptos::prelude::*;
use leptos_router::components::{A, Redirect};
use plan::{Entity, Part};

/// Where each answer stands afterwards, and how it is asked for.
const QUESTIONS: [(Part, &str, &str, &str); 3] = [
    (Part::AboutMe, "vigtigt", t::WELCOME_1, t::WELCOME_1_HELP),
    (Part::PlanYellow, "y_gor", t::WELCOME_2, t::WELCOME_2_HELP),
    (Part::PlanRed, "r_tal", t::WELCOME_3, t::WELCOME_3_HELP),
];

#[component]
pub fn HomePage() -> impl IntoView {
    let session = Session::get();
    // Decided once: the first answer must not take the other questions away.
    if session.welcomed.get_untracked() {
        return view! { <Redirect path=routes::PLAN/> }.into_any();
    }
    view! { <Welcome/> }.into_any()
}

#[component]
fn Welcome() -> impl IntoView {
    let session = Session::get();
    let step = RwSignal::new(0_usize);
    let done = RwSignal::new(false);
    let next = move |_| {
        session.begin_change();
        if step.get_untracked() == QUESTIONS.len() {
            session.end_welcome();
            done.set(true);
        } else {
            step.update(|step| *step += 1);
        }
    };
    view! {
        <Show when=move || !done.get() fallback=|| view! { <PlanPage/> }>
            <header class="top">
                <h1>{move || if step.get() == 0 { t::WELCOME_TITLE } else { t::APP_NAME }}</h1>
                <A href=routes::HARD attr:class="button hard">
                    <Icon name="storm"/>
                    {t::HARD_NOW}
                </A>
            </header>
            <main id="main" class="welcome">
                {move || match step.get() {
                    0 => {
                        view! {
                            <p class="lead">{t::CONSENT_BEFORE}</p>
                            <p>{t::WELCOME_LEAD}</p>
                            <div class="welcome-foot">
                                <A href=routes::CODE attr:class="button quiet">
                                    {t::WELCOME_HAS_CODE}
                                </A>
                                <button class="button primary" on:click=next>{t::WELCOME_BEGIN}</button>
                            </div>
                        }
                            .into_any()
                    }
                    step => view! { <Question at=step - 1 next=Callback::new(next)/> }.into_any(),
                }}
            </main>
        </Show>
    }
}

#[component]
fn Question(at: usize, next: Callback<leptos::ev::MouseEvent>) -> impl IntoView {
    let session = Session::get();
    let (part, section, title, help) = QUESTIONS[at];
    let name = StoredValue::new(section.to_owned());
    let content = Memo::new(move |_| {
        session.set.with(|set| set.list_sections(part).into_iter().find(|content| content.on.name() == section))
    });
    let composing = RwSignal::new(None::<Entity>);
    let written = Memo::new(move |_| content.with(|content| content.as_ref().is_some_and(|c| !c.entries.is_empty())));
    let words = move || {
        let now = composing.get();
        let entries = content.get().map(|content| content.entries).unwrap_or_default();
        let rest = entries.into_iter().filter(move |entry| Some(&entry.on) != now.as_ref());
        rest.map(|entry| view! { <p class="words own">{entry.texts.shown().to_owned()}</p> }).collect_view()
    };
    view! {
        <section class="card question">
            <p class="soft">{t::WELCOME_STEP.replace("{n}", &(at + 1).to_string())}</p>
            <h2>{title}</h2>
            <p class="soft">{help}</p>
            {words}
            <Composer part=part section=name composing=composing content=content people=false/>
        </section>
        <div class="welcome-foot">
            <Saved/>
            <button class="button primary" on:click=move |event| next.run(event)>
                {move || if written.get() { t::WELCOME_NEXT } else { t::WELCOME_SKIP }}
            </button>
        </div>
    }
}
