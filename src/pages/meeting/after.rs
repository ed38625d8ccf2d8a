//! After a meeting: what came of the points, what was agreed, and how it was.

use super::came::Came;
use super::expect::Expect;
use super::place::{MeetingPlace, View};
use crate::components::{Button, Choices, Link, Rows, Show, live};
use crate::pages::answers::Answers;
use crate::pages::own::{OwnField, TwoVersions};
use crate::pages::voice::use_fact;
use crate::pages::words::{from_whom, level_name, list_levels, question};
use crate::state::{describe, describe_day, use_session};
use crate::texts::{text, words};
use leptos::prelude::*;
use plan::author::{OUTCOME, WORDS};
use plan::meeting::QUESTIONS;
use plan::{Agreement, Consent, Entity, Level, Part, template};

#[component]
pub fn After(here: MeetingPlace) -> impl IntoView {
    let meeting = here.entity();
    view! {
        <Expect what=text!(handout_after_text)/>
        <Came meeting=meeting.clone()/>
        <Points list=here.list(template::AGENDA)/>
        <Agreements meeting=meeting.clone() write=here.with_section(Some(template::AGREEMENTS.to_owned()))/>
        <Reflection meeting=meeting.clone()/>
        <OthersReflections meeting/>
        <Link to=here.with_view(View::Minutes).place() look="button add" icon="plan" text=text!(minutes_title)/>
    }
}

/// Every point with what was said to it.
#[component]
fn Points(list: String) -> impl IntoView {
    let session = use_session();
    let points = Memo::new(move |_| {
        let agenda = session.find_in_meeting(&list);
        agenda.map(|agenda| agenda.entries).unwrap_or_default()
    });
    let one = move |point: plan::Entry| {
        let on = StoredValue::new(point.on.clone());
        let has_answer =
            move || session.look(Part::Meeting, |set| on.with_value(|on| !set.list_answers(on).is_empty()));
        view! {
            <li class="words">
                <span class="own" lang="">{point.texts.shown().to_owned()}</span>
                <Answers on=point.on/>
                {live(move || (!has_answer()).then(|| view! { <p class="soft">{text!(after_no_answer)}</p> }))}
            </li>
        }
    };
    view! {
        <section class="zone plain">
            <h2>{text!(after_points)}</h2>
            <ul class="sections">{live(move || points.get().into_iter().map(one).collect_view())}</ul>
            {live(move || points.with(Vec::is_empty).then(|| view! { <p class="soft">{text!(after_no_points)}</p> }))}
        </section>
    }
}

#[component]
fn Agreements(meeting: Entity, write: MeetingPlace) -> impl IntoView {
    view! {
        <section class="zone plain">
            <h2>{text!(agreements_title)}</h2>
            <AgreementList meeting write asks=true/>
        </section>
    }
}

/// What was agreed, by whom it is done and by when, and the way to write more.
#[component]
pub fn AgreementList(
    meeting: Entity,
    write: MeetingPlace,
    /// Whether each came to something.
    asks: bool,
) -> impl IntoView {
    let session = use_session();
    let agreements = Memo::new(move |_| session.look(Part::Meeting, |set| set.list_agreements(&meeting)));
    let keys = move || agreements.with(|all| all.iter().map(|it| it.on.as_str().to_owned()).collect::<Vec<_>>());
    let row =
        move |key: String| key.parse::<Entity>().ok().map(|on| view! { <AgreementRow on agreements asks/> }).into_any();
    view! {
        <ul class="sections">
            <Rows keys row/>
        </ul>
        <Link to=write.place() scroll=false look="button add" icon="plus" text=text!(agreement_write)/>
    }
}

#[component]
fn AgreementRow(on: Entity, agreements: Memo<Vec<Agreement>>, asks: bool) -> impl IntoView {
    let session = use_session();
    let outcome = session.shown(on.clone(), OUTCOME);
    let name = format!("outcome-{}", on.name());
    let on = StoredValue::new(on);
    let agreement = move || on.with_value(|on| agreements.with(|all| all.iter().find(|it| it.on == *on).cloned()));
    let words = move || {
        agreement().map(|Agreement { what, who, due, by, .. }| {
            let due = describe_day(&due);
            let remove = move |()| session.report(session.delete_entry(&on.with_value(|on| session.see(on))));
            let is_theirs = !by.from.is_empty();
            let from = by.from;
            view! {
                <p class="own" lang="">{what}</p>
                {(!who.is_empty()).then(|| view! { <p lang="">{who}</p> })}
                {due.map(|due| view! { <p class="soft">{words!(agreement_by, day = due.clone())}</p> })}
                {is_theirs.then(move || {
                    view! {
                        <p class="soft">{words!(answer_from, from = from.clone(), day = describe(by.at.millis))}</p>
                        {asks.then(|| view! { <Button look="quiet" text=text!(agreement_remove) on_press=remove/> })}
                    }
                })}
            }
        })
    };
    let said = Memo::new(move |_| outcome.text());
    let is_no = move || said.with(|said| said == Level::No.name());
    view! {
        <li class="words">
            {live(words)}
            {asks
                .then(|| {
                    view! {
                        <Choices
                            legend=text!(agreement_outcome)
                            name
                            choices=list_levels()
                            said
                            on_choose=move |level| session.report(outcome.set(level))
                        />
                    }
                })}
            {live(move || {
                (asks && is_no())
                    .then(|| {
                        view! {
                            <p class="soft">{text!(agreement_told)}</p>
                            <Tell what=move || agreement().map(|agreement| agreement.what).unwrap_or_default()/>
                        }
                    })
            })}
        </li>
    }
}

/// That it came to nothing is written to a contact with one tap.
#[component]
fn Tell(#[prop(into)] what: Signal<String>) -> impl IntoView {
    let session = use_session();
    let one = move |Consent { staff, recipient, .. }: Consent| {
        let (thread, name) = (staff.clone(), recipient.clone());
        let is_told = move || {
            let what = what.get();
            session.look(Part::Messages, |set| set.list_messages(&thread).iter().any(|it| it.quote == what))
        };
        let tell = move |()| {
            let text = text!(agreement_nothing);
            session.report(session.write_message(&staff, untrack(|| text.get()), &what.get_untracked()));
        };
        let told = words!(agreement_told_to, name = recipient.clone());
        view! {
            <Show
                when=is_told
                fallback=move || {
                    let name = name.clone();
                    view! {
                        <Button look="add" icon="talk" text=Signal::derive(words!(agreement_tell, name = name.clone())) on_press=tell.clone()/>
                    }
                }
            >
                <p class="soft" role="status">
                    {live(told.clone())}
                </p>
            </Show>
        }
    };
    live(move || session.list_recipients().into_iter().map(one).collect_view())
}

/// Three questions, a tap each, and words for who has some.
#[component]
fn Reflection(meeting: Entity) -> impl IntoView {
    let session = use_session();
    let words = session.shown(meeting.clone(), WORDS);
    let problem = RwSignal::new(None);
    let versions = Memo::new(move |_| words.versions());
    let ask = |field: &'static str| {
        let (shown, said) = use_fact(&meeting, field);
        view! {
            <Choices
                legend=question(field)
                name=field
                choices=list_levels()
                said
                on_choose=move |level| session.report(shown.set(level))
            />
        }
    };
    view! {
        <section class="card">
            <h2>{text!(reflection_title)}</h2>
            <p class="soft">{text!(reflection_lead)}</p>
            {QUESTIONS.map(ask).collect_view()}
            <label class="stack">
                <span class="label">{text!(reflection_words)}</span>
                <OwnField shown=words label=text!(reflection_words) problem/>
            </label>
            <TwoVersions shown=words versions/>
        </section>
    }
}

/// How it was for the adults who took part.
#[component]
fn OthersReflections(meeting: Entity) -> impl IntoView {
    let session = use_session();
    let all = Memo::new(move |_| session.look(Part::Meeting, |set| set.list_reflections(&meeting)));
    let one = move |reflection: plan::Reflection| {
        let plan::Reflection { on, levels, words, by } = reflection;
        let remove = move |()| session.report(session.delete_entry(&session.see(&on)));
        let said = QUESTIONS.into_iter().zip(levels).filter_map(|(field, level)| {
            let level = level_name(level?);
            Some(view! { <p>{question(field)} " " <b>{level}</b></p> })
        });
        view! {
            <div class="answer">
                {said.collect_view()}
                {(!words.trim().is_empty()).then(|| view! { <p class="own" lang="">{words}</p> })}
                <p class="soft">{words!(answer_from, from = from_whom(&by.from).get(), day = describe(by.at.millis))}</p>
                <Button look="quiet" text=text!(answer_remove) on_press=remove/>
            </div>
        }
    };
    live(move || {
        let all = Some(all.get()).filter(|all| !all.is_empty())?;
        Some(view! {
            <section class="card">
                <h2>{text!(reflections_title)}</h2>
                {all.into_iter().map(one).collect_view()}
            </section>
        })
    })
}
