//! The sections of a part as they stand on a page: what has been written as big words, the rest as quiet lines to begin on.

use super::later::{Detail, Later};
use crate::components::{Button, Fold, Link, live};
use crate::routes::Place;
use crate::state::use_session;
use crate::texts::text;
use leptos::prelude::*;
use plan::{Part, Section};

#[component]
pub fn SectionList(part: Part, here: Place) -> impl IntoView {
    let sections = use_session().sections(part);
    let here = StoredValue::new(here);
    let list = move |wanted: fn(&Section) -> bool| {
        sections.with(|all| all.iter().filter(|section| wanted(section)).cloned().collect::<Vec<_>>())
    };
    let written = move || list(|section| !section.hidden && !is_empty(section));
    let open = move || list(|section| !section.hidden && is_empty(section));
    let hidden = move || list(|section| section.hidden);
    view! {
        <div class="sections">
            {live(move || written().into_iter().map(|section| view! { <WordsCard here section/> }).collect_view())}
            <Fold summary=text!(see_more) open=sections.with_untracked(|all| all.iter().all(is_empty))>
                <ul class="starts">
                    {live(move || open().into_iter().map(|section| view! { <Start here section/> }).collect_view())}
                    {live(move || hidden().into_iter().map(|section| view! { <Unhide section/> }).collect_view())}
                </ul>
                <Fold summary=text!(section_add)>
                    <Later detail=Detail::AddSection(part)/>
                </Fold>
            </Fold>
        </div>
    }
}

fn is_empty(section: &Section) -> bool {
    section.entries.iter().all(|entry| entry.texts.is_empty())
}

/// Their own words are in whatever language they write; the template's are in the page's.
pub fn lang_of_title(section: &Section) -> Option<&'static str> {
    section.named.then_some("")
}

fn place_of(here: StoredValue<Place>, section: &Section) -> Place {
    here.with_value(|here| here.with_section(Some(section.on.name().to_owned())))
}

#[component]
fn WordsCard(here: StoredValue<Place>, section: Section) -> impl IntoView {
    let has_two = section.entries.iter().any(|entry| !entry.texts.others().is_empty());
    let beside = section.entries.iter().map(|entry| entry.on.clone()).collect();
    let words = section.entries.iter().filter(|entry| !entry.texts.is_empty());
    let words =
        words.map(|entry| view! { <span class="own" lang="">{entry.texts.shown().to_owned()}</span> }).collect_view();
    view! {
        <Link to=place_of(here, &section) scroll=false look="words">
            <span class="label" lang=lang_of_title(&section)>{section.title.clone()}</span>
            {words}
            {has_two.then(|| view! { <span class="badge">{text!(two_versions)}</span> })}
            <Later detail=Detail::Suggested(beside) asks=false/>
        </Link>
    }
}

#[component]
fn Start(here: StoredValue<Place>, section: Section) -> impl IntoView {
    view! {
        <li>
            <Link to=place_of(here, &section) scroll=false look="start" icon="pen">
                <span lang=lang_of_title(&section)>{section.title.clone()}</span>
            </Link>
        </li>
    }
}

/// A section that is not for this young person, and the way back.
#[component]
fn Unhide(section: Section) -> impl IntoView {
    let session = use_session();
    let lang = lang_of_title(&section);
    let show = move |()| session.report(session.set_flag(&section.on, "hidden", false));
    view! {
        <li class="hidden-section">
            <span class="soft" lang=lang>{section.title.clone()}</span>
            <Button look="quiet" text=text!(section_show) on_press=show/>
        </li>
    }
}
