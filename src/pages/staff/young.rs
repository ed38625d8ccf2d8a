//! One young person in the list: how it stands, what is due, and the quiet line of what has happened.

use super::words;
use crate::components::{Labelled, Problem, Show, live};
use crate::pages::words::form_name;
use crate::pages::words::part_name;
use crate::routes::StaffPlace;
use crate::state::staff::{today, use_desk};
use crate::state::{describe_date, describe_day, describe_year_day};
use crate::texts::{Text, text, words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use leptos_router::components::A;
use plan::Part;
use plan::meeting::Form;
use protocol::{ConsentView, NextMeetingView, StatusView, StepName, StepState, StepView, YoungPersonView};

#[component]
pub fn Young(young: ArcRwSignal<YoungPersonView>, again: Callback<()>) -> impl IntoView {
    let young = RwSignal::from(young);
    let id = StoredValue::new(young.with_untracked(|young| young.id.clone()));
    // Each by itself: what is being written or read stands when something else about them is another.
    // Another yes is asked about anew, with nothing of what was said to the one before.
    let waits = Memo::new(move |_| {
        young.with(|young| (young.status == StatusView::WaitingForCustody).then(|| young.consent.clone()))
    });
    let course = Memo::new(move |_| young.with(|young| young.course.clone()));
    view! {
        <li class="card young">
            {live(move || head(young.get()))} <Course course/>
            {live(move || waits.get().map(|consent| view! { <Custody id consent again/> }))}
        </li>
    }
}

fn head(young: YoungPersonView) -> AnyView {
    let YoungPersonView { id, label, consent, status, has_news, has_messages, .. } = young;
    let YoungPersonView { review_due, days_left, next_meeting, .. } = young;
    let ends = consent.expires_at;
    let is_active = status == StatusView::Active;
    let shares = |part: Part| is_active && consent.parts.iter().any(|known| known == part.name());
    let (writes, helps) = (shares(Part::Messages), shares(Part::PlanRed) || shares(Part::PlanYellow));
    view! {
        <h2>{label}</h2>
        <p class="soft">{words::status(status)}</p>
        {has_messages.then(|| view! { <p class="badge">{text!(staff_messages_new)}</p> })}
        {has_news.then(|| view! { <p class="badge">{text!(staff_news)}</p> })}
        {next_meeting.map(|next| view! { <p>{live(move || meeting_words(&next))}</p> })}
        {days_left.map(|_| view! { <p class="due">{live(words!(staff_consent_ends, day = describe_date(ends)))}</p> })}
        {(review_due && !has_news).then(|| view! { <p class="due">{text!(staff_review_due)}</p> })}
        <p class="desk-links">
            {is_active
                .then(|| {
                    view! {
                        <A
                            href=StaffPlace::Review(&id).path()
                            attr:class="button primary"
                            attr:id=format!("read-{id}")
                        >
                            {text!(staff_read)}
                        </A>
                    }
                })}
            {helps
                .then(|| {
                    view! {
                        <A
                            href=StaffPlace::Hard(&id).path()
                            attr:class="button quiet"
                            attr:id=format!("hard-{id}")
                        >
                            {text!(staff_hard)}
                        </A>
                    }
                })}
            {writes
                .then(|| {
                    view! {
                        <A
                            href=StaffPlace::Messages(&id).path()
                            attr:class="button quiet"
                            attr:id=format!("write-{id}")
                        >
                            {text!(staff_messages_open)}
                        </A>
                    }
                })}
        </p>
    }
    .into_any()
}

fn meeting_words(next: &NextMeetingView) -> String {
    let day = describe_day(&next.date).unwrap_or_default();
    let form = form_name(Form::from_name(&next.form)).get();
    words!(staff_next_meeting, form = form, day = day.clone())()
}

fn step_name(step: StepName) -> Text {
    match step {
        StepName::Consent => text!(staff_step_consent),
        StepName::Begun => text!(staff_step_begun),
        StepName::Statement => text!(staff_step_statement),
        StepName::Prepared => text!(staff_step_prepared),
        StepName::FirstMeeting => text!(staff_step_first_meeting),
        StepName::Revised => text!(staff_step_revised),
        StepName::SecondMeeting => text!(staff_step_second_meeting),
        StepName::Yearly => text!(staff_step_yearly),
    }
}

fn look(state: StepState) -> &'static str {
    match state {
        StepState::Done => "done",
        StepState::NotYet => "not-yet",
        StepState::Due => "time",
        StepState::NotShared => "not-shared",
    }
}

fn state_words(step: &StepView) -> String {
    match step.state {
        StepState::Done => step.on.as_deref().and_then(describe_year_day).unwrap_or_default(),
        StepState::NotYet => text!(staff_step_not_yet).get().to_owned(),
        StepState::Due => text!(staff_step_due).get().to_owned(),
        StepState::NotShared => text!(staff_step_not_shared).get().to_owned(),
    }
}

/// What the line says while it is folded: what it is time for, or else what was done last.
fn summary(course: &[StepView]) -> String {
    let due = course.iter().find(|step| step.state == StepState::Due);
    if let Some(step) = due {
        return words!(staff_course_due, step = step_name(step.step).get())();
    }
    let last = course.iter().rev().find(|step| step.state == StepState::Done);
    last.map_or_else(String::new, |step| words!(staff_course, step = step_name(step.step).get())())
}

/// Eight small steps: their forms tell them apart, and words do when it is opened.
#[component]
fn Course(course: Memo<Vec<StepView>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let steps = move || {
        let all = course.get().into_iter().map(|step| view! { <i class=look(step.state)></i> });
        all.collect_view()
    };
    let list = move || {
        let all = course.get().into_iter().map(|step| {
            view! {
                <li>
                    <i class=look(step.state) aria-hidden="true"></i>
                    <span>{step_name(step.step)}</span>
                    <span class="soft">{live(move || state_words(&step))}</span>
                </li>
            }
        });
        all.collect_view()
    };
    view! {
        <Show when=move || course.with(|course| !course.is_empty())>
            <details class="fold course" on:toggle=move |_| open.update(|open| *open = !*open)>
                <summary>
                    <span class="steps" aria-hidden="true">
                        {live(steps)}
                    </span>
                    <span>{live(move || course.with(|course| summary(course)))}</span>
                </summary>
                <Show when=open>
                    <ol class="step-list">{live(list)}</ol>
                    <p class="soft">{text!(staff_course_help)}</p>
                </Show>
            </details>
        </Show>
    }
}

/// What the custody holder has said, recorded by the contact.
#[component]
fn Custody(id: StoredValue<String>, consent: ConsentView, again: Callback<()>) -> impl IntoView {
    let desk = use_desk();
    let parts: Vec<Part> = consent.parts.iter().filter_map(|name| Part::from_name(name)).collect();
    let consent = StoredValue::new(consent.id);
    let given_by = RwSignal::new(String::new());
    let on = RwSignal::new(today());
    let problem = RwSignal::new(None::<TextProp>);
    let record = move |yes: bool| {
        if given_by.with_untracked(|by| by.trim().is_empty()) {
            return problem.set(Some(text!(staff_custody_who_missing).into()));
        }
        spawn_local(async move {
            let by = given_by.with_untracked(|by| by.trim().to_owned());
            let (id, consent) = (id.get_value(), consent.get_value());
            match desk.record_custody(&id, consent, yes, by, on.get_untracked()).await {
                Ok(()) => again.run(()),
                Err(error) => drop(problem.try_set(Some(words::problem(error)))),
            }
        });
    };
    view! {
        <form class="custody" on:submit=move |event| event.prevent_default()>
            <p>{text!(staff_custody_lead)}</p>
            <p class="label">{text!(staff_custody_parts)}</p>
            <ul class="asked">
                {parts.into_iter().map(|part| view! { <li>{part_name(part)}</li> }).collect_view()}
            </ul>
            <Labelled label=text!(staff_custody_who)>
                <input
                    class="field"
                    lang=""
                    type="text"
                    name="given_by"
                    maxlength="80"
                    prop:value=move || given_by.get()
                    on:input:target=move |event| given_by.set(event.target().value())
                />
            </Labelled>
            <Labelled label=text!(staff_custody_day)>
                <input
                    class="field"
                    type="date"
                    prop:value=move || on.get()
                    on:input:target=move |event| on.set(event.target().value())
                />
            </Labelled>
            <Problem text=problem/>
            <div class="decide">
                <button class="button quiet" type="button" on:click=move |_| record(false)>
                    {text!(staff_custody_no)}
                </button>
                <button class="button primary" type="button" on:click=move |_| record(true)>
                    {text!(staff_custody_yes)}
                </button>
            </div>
        </form>
    }
}
