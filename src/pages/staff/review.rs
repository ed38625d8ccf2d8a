//! What a young person shares with the contact, laid out for reading before a meeting. What is new is marked by a word.

use super::{StaffPage, words};
use crate::components::{Icon, Notice, Tone};
use crate::pages::words::{actor_name, part_name};
use crate::state::staff::{use_desk, while_shown};
use crate::state::{Failure, describe, describe_day};
use crate::texts as t;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use plan::Part;
use protocol::{ReviewFact, ReviewPart, ReviewSection, ReviewText, ReviewView};

#[component]
pub fn ReviewPage() -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    let id = params.read_untracked().get("id").unwrap_or_default();
    let id = StoredValue::new(id);
    let review = RwSignal::new(None::<ReviewView>);
    let problem = RwSignal::new(None::<Failure>);
    let look = move || async move {
        let version = review.with_untracked(|known| known.as_ref().map(|known| known.version.clone()));
        match desk.find_review(&id.get_value(), &version.unwrap_or_default()).await {
            Ok(Some(found)) => {
                review.set(Some(found));
                problem.set(None);
            }
            Ok(None) => problem.set(None),
            Err(error) => {
                // What may not be read any more must not stay on the screen either.
                if error != Failure::Offline {
                    review.set(None);
                }
                problem.set(Some(error));
            }
        }
    };
    while_shown(look);
    let title = Signal::derive(move || {
        review.with(|r| r.as_ref().map_or_else(|| t::STAFF_REVIEW_TITLE.to_owned(), |r| r.label.clone()))
    });
    view! {
        <StaffPage title=title>
            <p class="no-print">
                <A href="/personale" attr:class="button quiet">
                    {t::STAFF_BACK}
                </A>
            </p>
            {move || {
                problem
                    .get()
                    .map(|error| view! { <Notice tone=Tone::Careful text=words::error(error)/> })
            }}
            {move || review.get().map(|view| view! { <Review view=view/> })}
        </StaffPage>
    }
}

#[component]
fn Review(view: ReviewView) -> impl IntoView {
    let last = match view.last_look {
        Some(at) => t::STAFF_LAST_LOOK.replace("{day}", &describe(at)),
        None => t::STAFF_FIRST_LOOK.to_owned(),
    };
    let empty = view.parts.iter().all(|part| part.sections.is_empty() && part.facts.is_empty());
    view! {
        <p class="soft">{last}</p>
        <p class="soft">{t::STAFF_LOOK_LOGGED}</p>
        {empty.then(|| view! { <p class="card">{t::STAFF_NOTHING_SHARED}</p> })}
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

#[component]
fn PartView(part: ReviewPart) -> impl IntoView {
    if part.sections.is_empty() && part.facts.is_empty() {
        return ().into_any();
    }
    let icon = weather(&part.part);
    let name = Part::from_name(&part.part).map_or(t::STAFF_PART_UNKNOWN, part_name);
    view! {
        <section class=format!("zone {icon}")>
            <div class="zone-head">
                <Icon name=icon/>
                <h2>{name}</h2>
            </div>
            {part.facts.into_iter().map(|fact| view! { <Fact fact=fact/> }).collect_view()}
            {part.sections.into_iter().map(|section| view! { <SectionView section=section/> }).collect_view()}
        </section>
    }
    .into_any()
}

#[component]
fn Fact(fact: ReviewFact) -> impl IntoView {
    let (label, text) = match fact.field.as_str() {
        "date" => (t::WHEN_DATE, describe_day(&fact.text).unwrap_or(fact.text)),
        "time" => (t::WHEN_TIME, fact.text.replace(':', ".")),
        "place" => (t::WHEN_PLACE, fact.text),
        "voice" => (
            t::VOICE_TITLE,
            match fact.text.as_str() {
                "self" => t::STAFF_VOICE_SELF,
                "screen" => t::STAFF_VOICE_SCREEN,
                _ => t::STAFF_VOICE_OTHER,
            }
            .to_owned(),
        ),
        _ => return ().into_any(),
    };
    view! {
        <div class="words" class:new=fact.new>
            <span class="label">{label} {fact.new.then(|| view! { <New/> })}</span>
            <span class="own">{text}</span>
        </div>
    }
    .into_any()
}

#[component]
fn New() -> impl IntoView {
    view! { <span class="badge">{t::STAFF_NEW}</span> }
}

#[component]
fn SectionView(section: ReviewSection) -> impl IntoView {
    view! {
        <div class="words">
            <h3 class="label">{section.title}</h3>
            <ul class="own-list">
                {section.texts.into_iter().map(|text| view! { <TextView text=text/> }).collect_view()}
            </ul>
        </div>
    }
}

#[component]
fn TextView(text: ReviewText) -> impl IntoView {
    view! {
        <li class:new=text.new>
            <span class="own">{text.text}</span>
            {(!text.kind.is_empty()).then(|| view! { <span class="soft">{actor_name(&text.kind)}</span> })}
            {text.new.then(|| view! { <New/> })}
            {(!text.others.is_empty())
                .then(|| {
                    view! {
                        <span class="soft block">{t::STAFF_OTHER_VERSION}</span>
                        {text
                            .others
                            .into_iter()
                            .map(|other| view! { <span class="own block">{other}</span> })
                            .collect_view()}
                    }
                })}
        </li>
    }
}
