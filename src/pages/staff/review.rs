//! What a young person shares with the contact, laid out for reading before a meeting. What is new is marked by a word.

use super::meeting::MeetingView;
use super::saying::{Draft, button_of};
use super::suggestions::{Full, Suggestions};
use super::writing::{Drafts, Writing, WritingSheet};
use super::{New, StaffPage, words};
use crate::components::{Icon, Notice, Tone, live};
use crate::pages::said_text;
use crate::pages::words::{actor_name, form_name, part_name};
use crate::state::language::use_template;
use crate::state::staff::{use_desk, while_shown};
use crate::state::{Failure, describe, describe_day, describe_time};
use crate::texts::{Text, text, words};
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use plan::author::{ANSWER, REASON, SAID};
use plan::meeting::Form;
use plan::template::{self, DANISH};
use plan::{Part, Said};
use protocol::{AnswerView, ErrorCode, ReviewFact, ReviewPart, ReviewSection, ReviewText, ReviewView};

#[component]
pub fn ReviewPage() -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    let id = params.read_untracked().get("id").unwrap_or_default();
    let id = StoredValue::new(id);
    let review = RwSignal::new(None::<ReviewView>);
    let problem = RwSignal::new(None::<Failure>);
    let drafts = Drafts::provide();
    let look = move || async move {
        let version = review.with_untracked(|known| known.as_ref().map(|known| known.version.clone()));
        match desk.find_review(&id.get_value(), &version.unwrap_or_default()).await {
            Ok(Some(found)) => {
                review.set(Some(found));
                problem.set(None);
            }
            Ok(None) => problem.set(None),
            Err(error) => {
                // What may not be read any more must not stay on the screen either. Of a server that has trouble nobody knows that.
                if is_over(error) {
                    review.set(None);
                    drafts.clear();
                }
                problem.set(Some(error));
            }
        }
    };
    let again = while_shown(look);
    let title = Signal::derive(move || {
        review.with(|r| r.as_ref().map_or_else(|| text!(staff_review_title).get().to_owned(), |r| r.label.clone()))
    });
    view! {
        <StaffPage title=title>
            <p class="no-print">
                <A href="/personale" attr:class="button quiet">
                    {text!(staff_back)}
                </A>
            </p>
            {move || {
                problem
                    .get()
                    .map(|error| view! { <Notice tone=Tone::Careful text=words::error(error)/> })
            }}
            {live(move || review.get().map(|view| view! { <Review view=view/> }))}
            <WritingSheet young=id drafts on_said=again/>
        </StaffPage>
    }
}

/// Whether nothing of this young person may be read any more.
pub(super) fn is_over(error: Failure) -> bool {
    use ErrorCode::{Forbidden, NoConsent, NotFound, SignedOut};
    matches!(error, Failure::Refused(NoConsent | NotFound | SignedOut | Forbidden))
}

#[component]
fn Review(view: ReviewView) -> impl IntoView {
    let last: TextProp = match view.last_look {
        Some(at) => words!(staff_last_look, day = describe(at)).into(),
        None => text!(staff_first_look).into(),
    };
    let empty = view.parts.iter().all(is_empty);
    let full = Full::of(&view.parts);
    provide_context(full);
    view! {
        <p class="soft">{move || last.get()}</p>
        <p class="soft">{text!(staff_look_logged)}</p>
        {full.0.then(|| view! { <Notice tone=Tone::Calm text=text!(staff_suggestion_full)/> })}
        {empty.then(|| view! { <p class="card">{text!(staff_nothing_shared)}</p> })}
        <div class="review">{view.parts.into_iter().map(|part| view! { <PartView part=part/> }).collect_view()}</div>
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
    let form = part.meeting.as_ref().map(|meeting| form_name(Form::from_name(&meeting.form)));
    let name = form.unwrap_or_else(|| known.map_or(text!(staff_part_unknown), part_name));
    view! {
        <section class=format!("zone {icon}")>
            <div class="zone-head">
                <Icon name=icon/>
                <h2>{name}</h2>
            </div>
            {part.facts.into_iter().map(|fact| view! { <Fact fact=fact/> }).collect_view()}
            {part.sections.into_iter().map(|section| view! { <SectionView section=section known=known/> }).collect_view()}
            {part.meeting.map(|meeting| view! { <MeetingView meeting/> })}
        </section>
    }
    .into_any()
}

#[component]
fn Fact(fact: ReviewFact) -> impl IntoView {
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
        <div class="words" class:new=fact.new>
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
    let template = part.and_then(|part| template::find(part, &section.id));
    let own = section.title.clone();
    let content = use_template();
    match template.filter(|known| DANISH.of(known).title == own) {
        Some(known) => view! { {move || content.get().of(known).title} }.into_any(),
        None if own == DANISH.untitled => view! { {move || content.get().untitled} }.into_any(),
        None => view! { <span lang="">{own}</span> }.into_any(),
    }
}

#[component]
fn SectionView(section: ReviewSection, known: Option<Part>) -> impl IntoView {
    let is_agenda = known == Some(Part::Meeting) && section.id == template::AGENDA;
    view! {
        <div class="words">
            <h3 class="label">{title(&section, known)}</h3>
            <ul class="own-list">
                {section.texts.into_iter().map(|text| view! { <TextView text=text is_agenda/> }).collect_view()}
            </ul>
        </div>
    }
}

#[component]
fn TextView(text: ReviewText, is_agenda: bool) -> impl IntoView {
    let answers = is_agenda.then(|| view! { <AnswersView text=text.clone()/> });
    // The text of a section itself is no entry.
    let suggestions = (!text.on.is_empty()).then(|| view! { <Suggestions text=text.clone()/> });
    view! {
        <li class:new=text.new>
            <span class="own" lang="">{text.text}</span>
            {(!text.kind.is_empty()).then(|| view! { <span class="soft">{actor_name(&text.kind)}</span> })}
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
fn AnswersView(text: ReviewText) -> impl IntoView {
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
