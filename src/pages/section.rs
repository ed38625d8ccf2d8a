//! The sheet over a page: one section, with everything in it and room for more. And the list of sections on a page.

use super::App;
use super::entry::{Content, entry_row};
use super::frame::{saved, undo};
use super::meeting::voice;
use super::words;
use crate::components::dom::{effect, focus_soon, is_open, on_submit, typed};
use crate::components::{El, Field, button, el, field, fold, icon, labelled, link, memo, problem, sheet, title};
use crate::routes::Place;
use crate::state::NewEntry;
use crate::texts as t;
use leptos::prelude::*;
use plan::limits::MAX_AGENDA;
use plan::{Entity, Part, Section, Seen, template};

/// The id of a sheet's heading.
const HEADING: &str = "sheet-title";

/// Opens the section that the address names, over the page it belongs to.
pub fn section_sheet(app: App, parts: &'static [Part]) -> El {
    let open = memo(move || app.place.with(Place::section));
    let last = StoredValue::new(None::<String>);
    effect(Box::new(move || {
        let now = open.get();
        // Whoever closes a sheet goes on from what led to it.
        if let Some(left) =
            last.try_update_value(|last| std::mem::replace(last, now.clone())).flatten().filter(|_| now.is_none())
        {
            let href = app.place.with_untracked(|place| place.with_section(Some(left))).path();
            focus_soon(format!("a[href='{href}']"));
        }
    }));
    el("div").live(move || open.get().map(|name| open_section(app, parts, name)).into_iter().collect())
}

fn open_section(app: App, parts: &'static [Part], name: String) -> El {
    let session = app.session;
    let name = StoredValue::new(name);
    let content: Content = memo(move || {
        let named = |section: &&Section| name.with_value(|name| section.on.name() == name);
        parts.iter().find_map(|part| session.sections(*part).with(|all| all.iter().find(named).cloned()))
    });
    let page = app.place.get_untracked().with_section(None);
    let close = StoredValue::new(page);
    let close = move || {
        session.begin_change();
        // A sheet that closes because the phone went back is on its way already.
        if app.place.with_untracked(Place::section).is_some() {
            close.with_value(|page| app.replace(page));
        }
    };
    let done = button("primary", t::DONE).press(close);
    let Some(section) = content.get_untracked() else {
        let gone = title("h2", t::SECTION_GONE).id(HEADING);
        return sheet(HEADING, close, vec![gone, el("div").class("sheet-foot").child(done)]);
    };
    let part = section.part;
    let heading = el("h2")
        .id(HEADING)
        .live_text(move || content.with(|c| c.as_ref().map(|c| c.title.clone()).unwrap_or_default()));
    let mut body = vec![el("div").class("sheet-head").child(heading).child(el("p").class("soft").text(section.help))];
    if part == Part::Meeting && section.on.name() == "m_stemme" {
        body.push(voice(app));
    } else {
        body.extend(lists(app, part, name, content));
        body.push(deleted(app, part, name));
    }
    if part != Part::Meeting {
        body.push(settings(app, section, content, close));
    }
    body.push(el("div").class("sheet-foot").child(saved(app)).child(undo(app, "undo-sheet")).child(done));
    sheet(HEADING, close, body)
}

/// What has been written, and room for more.
fn lists(app: App, part: Part, name: StoredValue<String>, content: Content) -> [El; 2] {
    let of_meeting = |which: &str| name.with_value(|name| part == Part::Meeting && name == which);
    let (is_agenda, is_people) = (of_meeting(template::AGENDA), of_meeting(template::PEOPLE));
    // What is being written right now stands in the field below the list, and not in the list as well.
    let composing = RwSignal::new(None::<Entity>);
    let keys = move || {
        content.with(|content| {
            let all = content.iter().flat_map(|content| &content.entries).map(|entry| &entry.on);
            composing.with(|now| {
                all.filter(|on| now.as_ref() != Some(on)).map(|on| on.as_str().to_owned()).collect::<Vec<_>>()
            })
        })
    };
    let full = memo(move || is_agenda && keys().len() >= MAX_AGENDA);
    let rows = el("ol").class(if is_agenda { "entries numbered" } else { "entries" }).keyed(keys, move |key| {
        match key.parse::<Entity>() {
            Ok(on) => entry_row(app, on, part, name, content),
            Err(_) => el("li"),
        }
    });
    let room = el("div").live(move || {
        if full.get() {
            return vec![el("p").class("soft").text(t::AGENDA_FULL)];
        }
        vec![composer(app, part, name, composing, content, is_people)]
    });
    [rows, room]
}

/// Room for something new: the first words make the entry, the next ones go on in it, leaving the field ends it.
pub fn composer(
    app: App,
    part: Part,
    name: StoredValue<String>,
    composing: RwSignal<Option<Entity>>,
    content: Content,
    people: bool,
) -> El {
    let session = app.session;
    let wrong = RwSignal::new(None::<String>);
    let kind = RwSignal::new(template::ACTORS[0]);
    let chosen = move || people.then(|| kind.get_untracked());
    let own = move || composing.get().and_then(|on| session.own_words(&on, "text"));
    let draft = move |words: &str| {
        // An undo may have ended what was being written: what comes then is something new.
        if untrack(own).is_none() {
            composing.set(Some(session.name_entry(part)));
        }
        let new = NewEntry { section: name.get_value(), kind: chosen().map(str::to_owned) };
        if let Some(on) = composing.get_untracked() {
            session.type_words(&Seen::nothing(on), "text", words, Some(&new));
        }
    };
    let keep = move || {
        if let Some(on) = composing.get_untracked() {
            wrong.set(session.hand_on(&on, "text").err().map(words::refused));
        }
    };
    let end = move || {
        if let Some(on) = composing.get_untracked() {
            if untrack(own).is_some_and(|words| words.trim().is_empty()) {
                session.tell(session.delete_entry(&Seen::nothing(on.clone())));
            }
            session.leave(&on, "text");
        }
        // What could not be kept stays in the field, with the reason under it.
        if untrack(own).is_none() {
            composing.set(None);
            session.begin_change();
        }
    };
    let begin = move || {
        if composing.with_untracked(Option::is_none) {
            session.begin_change();
        }
    };
    let examples = move || {
        content.with(|content| {
            let Some(section) = content else { return Vec::new() };
            let written = |example: &str| section.entries.iter().any(|entry| entry.texts.shown() == example);
            section.examples.iter().copied().filter(|example| !written(example)).collect()
        })
    };
    let chip = move |example: &'static str| {
        el("button").class("chip").attr("type", "button").text(example).press(move || {
            let done = name.with_value(|name| session.add_entry(part, name, example, chosen()));
            // What stands in the field and was refused is so still.
            if let Err(why) = done {
                wrong.set(Some(words::refused(why)));
            }
        })
    };
    let words = field(Field {
        value: Box::new(move || own().unwrap_or_default()),
        label: content.with_untracked(|content| content.as_ref().map(|c| c.title.clone()).unwrap_or_default()),
        placeholder: if people { t::COMPOSER_PERSON } else { t::COMPOSER_HINT },
        problem: wrong,
        on_begin: Box::new(begin),
        on_draft: Box::new(draft),
        on_text: Box::new(keep),
        on_end: Box::new(end),
    });
    el("div")
        .class("composer")
        .maybe(people.then(|| kinds(kind)))
        .children(words)
        .child(el("div").class("chips").live(move || examples().into_iter().map(chip).collect()))
}

/// What kind of person it is.
fn kinds(kind: RwSignal<&'static str>) -> El {
    let choices = template::ACTORS.iter().map(|name| {
        let input = el("input")
            .attr("type", "radio")
            .attr("name", "kind")
            .attr("value", name)
            .live_checked(move || kind.get() == *name)
            .on("change", move |_| kind.set(name));
        el("label").class("choice small").child(input).child(el("span").text(words::actor_name(name)))
    });
    el("fieldset").class("kinds").child(title("legend", t::KIND_LABEL)).children(choices.collect())
}

/// What was deleted here, for thirty days; or gone for good, now.
fn deleted(app: App, part: Part, name: StoredValue<String>) -> El {
    let session = app.session;
    let deleted = memo(move || session.look(part, |set| name.with_value(|name| set.list_deleted(part, name))));
    el("div").live(move || {
        let deleted = deleted.get();
        if deleted.is_empty() {
            return Vec::new();
        }
        let all = deleted.into_iter().map(|entry| {
            let text = entry.texts.shown().to_owned();
            let (back, gone) = (entry.on.clone(), session.see(&entry.on));
            el("div")
                .class("version")
                .child(el("p").class("own").text(&text))
                .child(button("quiet", t::BRING_BACK).press(move || session.tell(session.restore_entry(&back))))
                .child(button("quiet danger", t::ERASE).press(move || session.tell(session.erase(&gone))))
        });
        vec![fold(t::DELETED).child(el("p").class("soft").text(t::DELETED_HELP)).children(all.collect())]
    })
}

/// A section's name, and whether it is shown.
fn settings(app: App, section: Section, content: Content, hidden: impl Fn() + 'static) -> El {
    let session = app.session;
    let wrong = RwSignal::new(None::<String>);
    let shown = session.shown(section.on.clone(), "title");
    let title = move || {
        let own = shown.text();
        let title = || content.with(|c| c.as_ref().map(|c| c.title.clone()).unwrap_or_default());
        if own.is_empty() { title() } else { own }
    };
    let name = el("input")
        .class("field")
        .attr("type", "text")
        .live_value(title)
        .on("focus", move |_| session.begin_change())
        .on("change", move |event| {
            shown.type_words(typed(&event).trim());
            wrong.set(shown.hand_on().err().map(words::refused));
            shown.leave();
        });
    let hide = button("quiet", t::SECTION_HIDE).press(move || {
        session.tell(session.set_flag(&section.on, "hidden", true));
        hidden();
    });
    fold(t::SECTION_SETTINGS)
        .child(labelled(t::SECTION_NAME, name))
        .child(problem(wrong))
        .child(el("p").class("soft").text(t::SECTION_HIDE_HELP))
        .child(hide)
}

/// The sections of a part: what has been written as big words, the rest as quiet lines to begin on.
pub fn section_list(app: App, part: Part) -> El {
    let session = app.session;
    let sections = session.sections(part);
    let more_open = StoredValue::new(sections.with_untracked(|all| all.iter().all(is_empty)));
    el("div").class("sections").live(move || {
        let page = app.place.get_untracked();
        let (hidden, shown): (Vec<_>, Vec<_>) = sections.get().into_iter().partition(|section| section.hidden);
        let (open, written): (Vec<_>, Vec<_>) = shown.into_iter().partition(is_empty);
        let mut all: Vec<El> = written.iter().map(|section| words_card(&page, section)).collect();
        let starts = open.iter().map(|section| start(&page, section)).chain(hidden.into_iter().map(|s| unhide(app, s)));
        let list = el("ul").class("starts").children(starts.collect());
        let more = fold(t::SEE_MORE).child(list).child(add_section(app, part));
        let more = if more_open.get_value() { more.attr("open", "") } else { more };
        all.push(more.on("toggle", move |event| {
            more_open.set_value(is_open(&event));
        }));
        all
    })
}

fn is_empty(section: &Section) -> bool {
    section.entries.iter().all(|entry| entry.texts.is_empty())
}

fn words_card(page: &Place, section: &Section) -> El {
    let two = section.entries.iter().any(|entry| !entry.texts.others().is_empty());
    let words = section.entries.iter().filter(|entry| !entry.texts.is_empty());
    let words = words.map(|entry| el("span").class("own").text(entry.texts.shown()));
    link("words", &page.with_section(Some(section.on.name().to_owned())).path())
        .child(el("span").class("label").text(&section.title))
        .children(words.collect())
        .maybe(two.then(|| el("span").class("badge").text(t::TWO_VERSIONS)))
}

fn start(page: &Place, section: &Section) -> El {
    let href = page.with_section(Some(section.on.name().to_owned())).path();
    el("li").child(link("start", &href).child(icon("pen")).text(&section.title))
}

fn unhide(app: App, section: Section) -> El {
    let session = app.session;
    let show =
        button("quiet", t::SECTION_SHOW).press(move || session.tell(session.set_flag(&section.on, "hidden", false)));
    el("li").class("hidden-section").child(el("span").class("soft").text(&section.title)).child(show)
}

fn add_section(app: App, part: Part) -> El {
    let session = app.session;
    let wrong = RwSignal::new(None::<String>);
    let name = el("input").class("field").attr("type", "text").id(&format!("add-{}", part.name()));
    let typed = name.clone();
    let add = move || {
        let title = typed.value().trim().to_owned();
        if title.is_empty() {
            return;
        }
        let done = session.add_section(part, &title);
        if done.is_ok() {
            typed.set_value("");
        }
        wrong.set(done.err().map(words::refused));
    };
    let form = el("form")
        .class("add-section")
        .child(labelled(t::SECTION_NAME, name))
        .child(button("quiet", t::SECTION_ADD_DO).attr("type", "submit"))
        .child(problem(wrong));
    fold(t::SECTION_ADD).child(on_submit(form, add))
}
