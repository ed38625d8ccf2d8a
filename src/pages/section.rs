//! The sheet over a page: one section, with everything in it and room for more.

use super::entry::{Content, list_written};
use super::frame::{Refusal, Saved};
use super::later::{Detail, Incomplete, Later};
use super::sections::lang_of_title;
use super::words;
use crate::components::{Button, Field, Sheet, Show, focus_soon, live};
use crate::routes::{Place, use_go};
use crate::state::{NewEntry, use_session};
use crate::texts::text;
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_router::hooks::use_params_map;
use plan::limits::MAX_AGENDA;
use plan::{Entity, Part, Section, Seen, template};

/// The id of a sheet's heading.
const HEADING: &str = "sheet-title";

/// The section that the address names.
pub fn use_open_section() -> Signal<Option<String>> {
    let params = use_params_map();
    Signal::derive(move || params.with(|params| params.get("section")))
}

/// Opens a section over the page it belongs to.
#[component]
pub fn SectionSheet(
    /// The list that is open.
    open: Signal<Option<String>>,
    /// The address of the page, with a list open over it or without.
    #[prop(into)]
    at: Callback<Option<String>, Place>,
    /// Finds the section with a list, as it stands now.
    #[prop(into)]
    find: Callback<String, Option<Section>>,
) -> impl IntoView {
    let open = Memo::new(move |_| open.get());
    Effect::new(move |before: Option<Option<String>>| {
        let now = open.get();
        // Whoever closes a sheet goes on from what led to it.
        if let Some(left) = before.flatten().filter(|_| now.is_none()) {
            let href = at.run(Some(left)).path();
            focus_soon(format!("a[href='{href}']"));
        }
        now
    });
    live(move || open.get().map(|name| view! { <OpenSection open at find name=StoredValue::new(name)/> }))
}

#[component]
fn OpenSection(
    open: Memo<Option<String>>,
    at: Callback<Option<String>, Place>,
    find: Callback<String, Option<Section>>,
    name: StoredValue<String>,
) -> impl IntoView {
    let session = use_session();
    let go = use_go();
    let content: Content = Memo::new(move |_| find.run(name.get_value()));
    let close = Callback::new(move |()| {
        session.begin_change();
        // A sheet that closes because the phone went back is on its way already.
        if open.with_untracked(Option::is_some) {
            go.instead(&at.run(None));
        }
    });
    let title =
        move || content.with(|c| c.as_ref().map_or_else(|| text!(section_gone).get().to_owned(), |c| c.title.clone()));
    let lang = move || content.with(|c| c.as_ref().and_then(lang_of_title));
    let help = move || content.with(|c| c.as_ref().map_or("", |c| c.help));
    let section = content.get_untracked();
    let is_there = section.is_some();
    view! {
        <Sheet heading=HEADING on_close=close>
            <div class="sheet-head">
                <h2 id=HEADING lang=lang>{live(title)}</h2>
                {is_there.then(|| view! { <p class="soft">{live(help)}</p> })}
            </div>
            <Incomplete/>
            {section.map(|section| view! { <SectionBody section name content close/> })}
            <div class="sheet-foot">
                <Refusal/>
                <Saved/>
                <Later detail=Detail::Undo/>
                <Button look="primary" text=text!(done) on_press=move |()| close.run(())/>
            </div>
        </Sheet>
    }
}

#[component]
fn SectionBody(section: Section, name: StoredValue<String>, content: Content, close: Callback<()>) -> impl IntoView {
    let part = section.part;
    let is_voice = part == Part::Meeting && section.on.name() == "m_stemme";
    view! {
        {if is_voice {
            view! { <Later detail=Detail::Voice(name)/> }.into_any()
        } else {
            view! {
                <Entries part name content/>
                <Later detail=Detail::Deleted(part, name)/>
            }
                .into_any()
        }}
        {(part != Part::Meeting)
            .then(|| {
                // The sheet stands on the edge of the screen: what comes at its end must not push up what is about to be tapped.
                let meanwhile = || view! { <div class="fold-place"></div> };
                view! { <Later detail=Detail::Settings(section, content, close) meanwhile/> }
            })}
    }
}

/// What has been written, and room for more.
#[component]
fn Entries(part: Part, name: StoredValue<String>, content: Content) -> impl IntoView {
    let of_meeting = |which: &str| part == Part::Meeting && name.with_value(|name| template::section_of(name) == which);
    let (is_agenda, people) = (of_meeting(template::AGENDA), of_meeting(template::PEOPLE));
    let composing = RwSignal::new(None::<Entity>);
    let is_full = move || is_agenda && list_written(content, composing).len() >= MAX_AGENDA;
    // To be read until there is what it can be changed with.
    let words = move || {
        content.with(|content| {
            let now = composing.get();
            let all =
                content.iter().flat_map(|content| &content.entries).filter(|entry| now.as_ref() != Some(&entry.on));
            all.map(|entry| view! { <li class="entry own" lang="">{entry.texts.shown().to_owned()}</li> })
                .collect_view()
        })
    };
    view! {
        <ol class=if is_agenda { "entries numbered" } else { "entries" }>
            <Later detail=Detail::Written { part, name, content, composing } meanwhile=words/>
        </ol>
        <Show when=is_full fallback=move || view! { <Composer part name composing content people/> }>
            <p class="soft">{text!(agenda_full)}</p>
        </Show>
    }
}

/// Room for something new: the first words make the entry, the next ones go on in it, leaving the field ends it.
#[component]
pub fn Composer(
    part: Part,
    name: StoredValue<String>,
    composing: RwSignal<Option<Entity>>,
    content: Content,
    people: bool,
) -> impl IntoView {
    let session = use_session();
    let wrong = RwSignal::new(None::<TextProp>);
    let kind = RwSignal::new(template::ACTORS[0]);
    let chosen = move || people.then(|| kind.get_untracked());
    let own = move || composing.get().and_then(|on| session.own_words(&on, "text"));
    let draft = move |words: String| {
        // An undo may have ended what was being written: what comes then is something new.
        if untrack(own).is_none() {
            composing.set(Some(session.name_entry(part)));
        }
        let new = NewEntry { section: name.get_value(), kind: chosen().map(str::to_owned) };
        if let Some(on) = composing.get_untracked() {
            session.type_words(&Seen::nothing(on), "text", &words, Some(&new));
        }
    };
    let keep = move |()| {
        if let Some(on) = composing.get_untracked() {
            wrong.set(session.flush(&on, "text").err().map(words::refused));
        }
    };
    let end = move |()| {
        if let Some(on) = composing.get_untracked() {
            if untrack(own).is_some_and(|words| words.trim().is_empty()) {
                session.report(session.delete_entry(&Seen::nothing(on.clone())));
            }
            session.leave(&on, "text");
        }
        // What could not be kept stays in the field, with the reason under it.
        if untrack(own).is_none() {
            composing.set(None);
            session.begin_change();
        }
    };
    let begin = move |()| {
        if composing.with_untracked(Option::is_none) {
            session.begin_change();
        }
    };
    let examples = move || {
        content.with(|content| {
            let Some(section) = content else { return Vec::new() };
            let written = |example: &str| section.entries.iter().any(|entry| entry.texts.shown() == example);
            section.examples.iter().copied().filter(|example| !written(example)).collect::<Vec<_>>()
        })
    };
    let take = move |example: &'static str| {
        let done = name.with_value(|name| session.add_entry(part, name, example, chosen()));
        // What stands in the field and was refused is so still.
        if let Err(why) = done {
            wrong.set(Some(words::refused(why)));
        }
    };
    let title = move || content.with(|content| content.as_ref().map(|c| c.title.clone()).unwrap_or_default());
    view! {
        <div class="composer">
            {people.then(|| view! { <Later detail=Detail::Kinds(kind, name)/> })}
            <Field
                value=move || own().unwrap_or_default()
                label=title
                placeholder=if people { text!(composer_person) } else { text!(composer_hint) }
                problem=wrong
                stays=true
                on_begin=begin
                on_draft=draft
                on_text=keep
                on_end=end
            />
            <div class="chips">
                {live(move || {
                    let chip = |text| view! { <Chip text on_press=move |()| take(text)/> };
                    examples().into_iter().map(chip).collect_view()
                })}
            </div>
        </div>
    }
}

/// Something that others have written, to be taken as it is.
#[component]
fn Chip(text: &'static str, #[prop(into)] on_press: Callback<()>) -> impl IntoView {
    view! {
        <button class="chip" type="button" on:click=move |_| on_press.run(())>
            {text}
        </button>
    }
}
