//! What a young person shares with the contact, laid out for reading before a meeting. What is new is marked by a word.

use super::New;
use super::copies::{CopySheet, OPENS_COPIES, OnPaper, written};
use super::copy_text::template_title;
use super::meeting::MeetingView;
use super::news::{News, place_of};
use super::of_young::{Found, Here, YoungPage};
use super::saying::{Draft, button_of};
use super::suggestions::{Full, Suggestions};
use super::writing::{Drafts, Writing, WritingSheet};
use crate::components::{Icon, Notice, Tone, live};
use crate::pages::said_text;
use crate::pages::words::{form_name, kind_name, part_name};
use crate::state::language::use_template;
use crate::state::staff::{use_desk, while_shown};
use crate::state::{describe, describe_date, describe_day, describe_time, now};
use crate::texts::{Text, text, words};
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_router::hooks::use_params_map;
use plan::author::{ANSWER, REASON, SAID};
use plan::meeting::Form;
use plan::{Part, Said, template};
use protocol::{AnswerView, ReviewFact, ReviewPart, ReviewSection, ReviewText, ReviewView};

#[component]
pub fn ReviewPage() -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    let id = StoredValue::new(params.read_untracked().get("id").unwrap_or_default());
    let drafts = Drafts::provide();
    let copying = RwSignal::new(false);
    let found = Found::<ReviewView>::new(move || {
        drafts.clear();
        copying.set(false);
    });
    let again = while_shown(move || async move {
        let version = found.view.with_untracked(|known| known.as_ref().map(|known| known.version.clone()));
        found.take(desk.find_review(&id.get_value(), &version.unwrap_or_default()).await);
    });
    let review = found.view;
    OnPaper::provide();
    let title = found.title(|view| &view.label, text!(staff_review_title));
    view! {
        <YoungPage young=id here=Here::Review title problem=found.problem>
            {live(move || review.get().map(|view| view! { <Review view copying/> }))}
            <WritingSheet young=id drafts on_said=again/>
            <CopySheet young=id review open=copying/>
        </YoungPage>
    }
}

#[component]
fn Review(view: ReviewView, copying: RwSignal<bool>) -> impl IntoView {
    let last: TextProp = match view.last_look {
        Some(at) => words!(staff_last_look, day = describe(at)).into(),
        None => text!(staff_first_look).into(),
    };
    let empty = view.parts.iter().all(is_empty);
    let full = Full::of(&view.parts);
    provide_context(full);
    let paper: OnPaper = expect_context();
    let who = use_desk().who.get_untracked();
    let from = who.map(|who| format!("{}, {}", who.name, who.unit)).unwrap_or_default();
    let news = view.parts.clone();
    let has_words = !written(&view.parts).is_empty();
    let parts: Vec<_> = view.parts.into_iter().filter(|part| !is_empty(part)).collect();
    // What is read first stands first, and beside the rest where there is room.
    let group = |class: &'static str, takes: fn(Option<Part>) -> bool| {
        let some: Vec<_> = parts.iter().filter(|part| takes(Part::from_name(&part.part))).cloned().collect();
        (!some.is_empty()).then(|| {
            let views = some.into_iter().map(|part| view! { <PartView part/> }).collect_view();
            view! { <div class=class>{views}</div> }
        })
    };
    view! {
        <div class="review-top no-print">
            <div>
                <p class="soft">{move || last.get()}</p>
                <p class="soft">{text!(staff_look_logged)}</p>
            </div>
            {has_words
                .then(|| {
                    view! {
                        <button id=OPENS_COPIES class="button quiet" type="button" on:click=move |_| copying.set(true)>
                            {text!(staff_copy)}
                        </button>
                    }
                })}
        </div>
        {full.0.then(|| view! { <Notice tone=Tone::Calm text=text!(staff_suggestion_full)/> })}
        {empty.then(|| view! { <p class="card">{text!(staff_nothing_shared)}</p> })}
        <News parts=news last_look=view.last_look/>
        <p class="print-only">{text!(staff_print_here)}</p>
        <div class="review guarded" class:released=move || paper.is_any()>
            <p class="print-only">{words!(staff_printed, day = describe_date(now()), from = from.clone())}</p>
            <p class="print-only">{text!(staff_print_own_words)}</p>
            {group("review-about", |part| part == Some(Part::AboutMe))}
            {group("review-plan", |part| part.is_some_and(|part| Part::ZONES.contains(&part)))}
            {group("review-meetings", |part| part == Some(Part::Meeting))}
            {group("review-rest", |part| part.is_none())}
        </div>
    }
}

fn weather(part: &str) -> &'static str {
    match Part::from_name(part) {
        Some(Part::PlanGreen) => "sun",
        Some(Part::PlanYellow) => "cloud",
        Some(Part::PlanRed) => "storm",
        Some(Part::PlanAfter) => "dawn",
        Some(Part::Meeting) => "meet",
        _ => "me",
    }
}

/// Nothing to show: a meeting is something to propose a day for, also when nothing is written for it.
fn is_empty(part: &ReviewPart) -> bool {
    part.sections.is_empty() && part.facts.is_empty() && part.meeting.is_none()
}

#[component]
fn PartView(part: ReviewPart) -> impl IntoView {
    if is_empty(&part) {
        return ().into_any();
    }
    let icon = weather(&part.part);
    let known = Part::from_name(&part.part);
    let paper: OnPaper = expect_context();
    let is_left_out = move || !known.is_some_and(|part| paper.has(part));
    let on = part.meeting.as_ref().map_or_else(|| part.part.clone(), |meeting| meeting.on.clone());
    let facts =
        part.facts.into_iter().map(|fact| view! { <Fact place=place_of(&[&on, &fact.field]) fact/> }).collect_view();
    let sections =
        part.sections.into_iter().map(|section| view! { <SectionView on=on.clone() section known/> }).collect_view();
    let form = part.meeting.as_ref().map(|meeting| form_name(Form::from_name(&meeting.form)));
    let name = form.unwrap_or_else(|| known.map_or(text!(staff_part_unknown), part_name));
    view! {
        <section class=format!("zone {icon}") class:no-print=is_left_out id=place_of(&[&on]) tabindex="-1">
            <div class="zone-head">
                <Icon name=icon/>
                <h2>{name}</h2>
            </div>
            {facts}
            {sections}
            {part.meeting.map(|meeting| view! { <MeetingView meeting/> })}
        </section>
    }
    .into_any()
}

#[component]
pub fn Fact(place: String, fact: ReviewFact) -> impl IntoView {
    // Days, times and who says it are written by us, in the reader's language.
    let lang = (fact.field == "place").then_some("");
    let written = fact.text;
    let (label, text): (Text, TextProp) = match fact.field.as_str() {
        "date" => (text!(when_date), (move || describe_day(&written).unwrap_or_else(|| written.clone())).into()),
        "time" => (text!(when_time), (move || describe_time(&written)).into()),
        "place" => (text!(when_place), written.into()),
        "voice" => (
            text!(voice_title),
            match written.as_str() {
                "self" => text!(staff_voice_self),
                "screen" => text!(staff_voice_screen),
                _ => text!(staff_voice_other),
            }
            .into(),
        ),
        _ => return ().into_any(),
    };
    view! {
        <div class="words" class:new=fact.new id=place tabindex="-1">
            <span class="label">{label} {fact.new.then(|| view! { <New/> })}</span>
            <span class="own" lang=lang>
                {move || text.get()}
            </span>
        </div>
    }
    .into_any()
}

/// What a section is called: by the young person, in their own language, or by the template in the reader's.
fn title(section: &ReviewSection, part: Option<Part>) -> AnyView {
    let content = use_template();
    let (id, own) = (section.id.clone(), section.title.clone());
    let known = move || template_title(content.get(), part, &id, &own);
    if untrack(&known).is_some() {
        return view! { {known} }.into_any();
    }
    view! { <span lang="">{section.title.clone()}</span> }.into_any()
}

#[component]
fn SectionView(
    /// What it is a section of.
    on: String,
    section: ReviewSection,
    known: Option<Part>,
) -> impl IntoView {
    let is_agenda = known == Some(Part::Meeting) && section.id == template::AGENDA;
    view! {
        <div class="words">
            <h3 class="label">{title(&section, known)}</h3>
            <ul class="own-list">
                {section
                    .texts
                    .into_iter()
                    .map(|text| {
                        let place = if text.on.is_empty() { place_of(&[&on, &section.id]) } else { place_of(&[&text.on]) };
                        view! { <TextView place text is_agenda/> }
                    })
                    .collect_view()}
            </ul>
        </div>
    }
}

#[component]
fn TextView(place: String, text: ReviewText, is_agenda: bool) -> impl IntoView {
    let answers = is_agenda.then(|| view! { <AnswersView text=text.clone()/> });
    // The text of a section itself is no entry.
    let suggestions = (!text.on.is_empty()).then(|| view! { <Suggestions text=text.clone()/> });
    view! {
        <li class:new=text.new id=place tabindex="-1">
            <span class="own" lang="">{text.text}</span>
            {(!text.kind.is_empty()).then(|| view! { <span class="soft">{kind_name(&text.kind)}</span> })}
            {text.new.then(|| view! { <New/> })}
            {(!text.others.is_empty())
                .then(|| {
                    view! {
                        <span class="soft block">{text!(staff_other_version)}</span>
                        {text
                            .others
                            .into_iter()
                            .map(|other| view! { <span class="own block" lang="">{other}</span> })
                            .collect_view()}
                    }
                })}
            {answers}
            {suggestions}
        </li>
    }
}

/// What has been said to a point, and the way to say something.
#[component]
pub fn AnswersView(text: ReviewText) -> impl IntoView {
    let Writing(write) = expect_context();
    let own = text.answers.iter().find(|answer| answer.own);
    let fields = [
        (SAID, own.map(|own| own.said.clone()).unwrap_or_default()),
        (REASON, own.map(|own| own.reason.clone()).unwrap_or_default()),
    ];
    let does = if own.is_some() { text!(staff_answer_change) } else { text!(staff_answer) };
    let point = StoredValue::new(text.text.clone());
    // Begins with the words on the button, for who says them to the computer.
    let name = words!(staff_answer_to, does = does.get(), point = point.get_value());
    // Made anew, it is known by this and keeps the focus.
    let id = button_of(ANSWER, &text.on, None);
    let to = text.on;
    let open = move |_| {
        let fields = [0, 1].map(|at: usize| (fields[at].0, fields[at].1.as_str()));
        write.run(Draft::new(ANSWER, &to, None, point.get_value(), &fields));
    };
    let one = |view: AnswerView| {
        let said = Said::from_name(&view.said)?;
        Some(view! {
            <div class="answer">
                <p>
                    <b>{said_text(said)}</b>
                </p>
                {(!view.reason.trim().is_empty()).then(|| view! { <p lang="">{view.reason}</p> })}
                <p class="soft">{words!(answer_from, from = view.from.clone(), day = describe(view.at))}</p>
            </div>
        })
    };
    view! {
        {text.answers.into_iter().filter_map(one).collect_view()}
        <button
            class="button quiet no-print"
            id=id
            aria-label=name
            on:click=open
        >
            {does}
        </button>
    }
}
