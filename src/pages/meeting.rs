//! Mit Møde: the young person's own agenda, who should come, how it should be.

use super::frame::{Page, Undo};
use super::section::SectionSheet;
use super::words;
use crate::components::Icon;
use crate::routes;
use crate::state::{Session, describe_day};
use crate::texts as t;
use leptos::prelude::*;
use leptos_router::components::A;
use plan::limits::MAX_AGENDA;
use plan::{Entity, Part, Section, edit::Direction, template};

/// Who says it: the young person, the screen, or somebody who reads it aloud.
const VOICES: [(&str, &str); 3] =
    [("self", t::VOICE_SELF), ("screen", t::VOICE_SCREEN), ("other", t::VOICE_OTHER)];

#[component]
pub fn MeetingPage() -> impl IntoView {
    view! {
        <Page title=t::MEETING_TITLE>
            <When/>
            <People/>
            <Agenda/>
            <Plain name="m_hvorfor" tone="plain"/>
            <Plain name="m_hvor" tone="plain"/>
            <Plain name="m_ikke" tone="dawn"/>
            <section class="card">
                <h2>{t::VOICE_TITLE}</h2>
                <Voice/>
            </section>
            <div class="page-foot">
                <Undo/>
            </div>
        </Page>
        <SectionSheet parts=&[Part::Meeting] page=routes::MEETING/>
    }
}

fn find(name: &'static str) -> Memo<Option<Section>> {
    let session = Session::get();
    Memo::new(move |_| {
        session.set.with(|set| set.list_sections(Part::Meeting).into_iter().find(|section| section.on.name() == name))
    })
}

/// A field of the meeting that is one text.
fn fact(name: &'static str) -> Memo<String> {
    let session = Session::get();
    Memo::new(move |_| session.set.with(|set| set.texts(&template::first_meeting(), name).shown().to_owned()))
}

fn set_fact(name: &'static str, text: &str) {
    let session = Session::get();
    session.begin_change();
    // A day, a time and a place are far below the limit; a newer app shows its own notice.
    session.tell(session.set_text(&template::first_meeting(), name, text));
}

/// When and where.
#[component]
fn When() -> impl IntoView {
    let session = Session::get();
    let (date, time, place) = (fact("date"), fact("time"), fact("place"));
    let title = move || {
        let day = describe_day(&date.get());
        match (day, time.get()) {
            (Some(day), time) if time.is_empty() => capital(&day),
            (Some(day), time) => format!("{} kl. {}", capital(&day), time.replace(':', ".")),
            (None, _) => t::WHEN_TITLE.to_owned(),
        }
    };
    let input = move |kind: &'static str, name: &'static str, label: &'static str, value: Memo<String>| {
        view! {
            <label class="stack">
                <span class="label">{label}</span>
                <input
                    class="field"
                    type=kind
                    prop:value=move || value.get()
                    on:change:target=move |event| {
                        session.begin_change();
                        session.tell(session.set_text(&template::first_meeting(), name, &event.target().value()));
                    }
                />
            </label>
        }
    };
    view! {
        <section class="card">
            <h2>{title}</h2>
            <Show when=move || !place.with(String::is_empty)>
                <p class="own">{move || place.get()}</p>
            </Show>
            <details class="fold" open=move || date.with_untracked(String::is_empty)>
                <summary>{t::WHEN_EDIT}</summary>
                <div class="when">
                    {input("date", "date", t::WHEN_DATE, date)} {input("time", "time", t::WHEN_TIME, time)}
                    {input("text", "place", t::WHEN_PLACE, place)}
                </div>
            </details>
        </section>
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Who should come, each with what kind of person they are.
#[component]
fn People() -> impl IntoView {
    let people = find(template::PEOPLE);
    view! {
        <section class="card">
            <h2>{move || people.get().map(|section| section.title)}</h2>
            <ul class="people">
                {move || {
                    people
                        .get()
                        .map(|section| section.entries)
                        .unwrap_or_default()
                        .into_iter()
                        .map(|person| {
                            view! {
                                <li>
                                    <span class="own">{person.texts.shown().to_owned()}</span>
                                    <span class="soft">{words::actor_name(&person.kind)}</span>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            <A href=routes::section(routes::MEETING, template::PEOPLE) attr:class="button add">
                <Icon name="plus"/>
                {t::PEOPLE_ADD}
            </A>
        </section>
    }
}

/// At most five points, the most important first.
#[component]
fn Agenda() -> impl IntoView {
    let session = Session::get();
    let agenda = find(template::AGENDA);
    let points = move || agenda.get().map(|section| section.entries).unwrap_or_default();
    let up = move |on: &Entity| {
        session.tell(session.move_entry(Part::Meeting, template::AGENDA, on, Direction::Up));
    };
    view! {
        <section class="stack">
            <h2>{move || agenda.get().map(|section| section.title)}</h2>
            <ol class="points">
                {move || {
                    points()
                        .into_iter()
                        .enumerate()
                        .map(|(at, point)| {
                            let on = point.on.clone();
                            let text = point.texts.shown().to_owned();
                            view! {
                                <li class="point">
                                    <b aria-hidden="true">{at + 1}</b>
                                    <span class="own">{text.clone()}</span>
                                    <button
                                        class="tool"
                                        aria-label=format!("{}: {text}", t::MOVE_UP)
                                        disabled=at == 0
                                        on:click=move |_| up(&on)
                                    >
                                        <Icon name="up"/>
                                    </button>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ol>
            <A href=routes::section(routes::MEETING, template::AGENDA) attr:class="button add">
                <Icon name="plus"/>
                {move || match points().len() {
                    0 => t::AGENDA_FIRST,
                    MAX_AGENDA.. => t::AGENDA_EDIT,
                    _ => t::AGENDA_MORE,
                }}
            </A>
        </section>
    }
}

/// A section that reads as it was written.
#[component]
fn Plain(name: &'static str, tone: &'static str) -> impl IntoView {
    let section = find(name);
    view! {
        <section class=format!("zone {tone}")>
            <div class="zone-head">
                {(tone == "dawn").then(|| view! { <Icon name="dawn"/> })}
                <h2>{move || section.get().map(|section| section.title)}</h2>
            </div>
            {move || {
                let entries = section.get().map(|section| section.entries).unwrap_or_default();
                let written = entries.into_iter().filter(|entry| !entry.texts.is_empty());
                written.map(|e| view! { <p class="words own">{e.texts.shown().to_owned()}</p> }).collect_view()
            }}
            <A href=routes::section(routes::MEETING, name) attr:class="button add">
                <Icon name="pen"/>
                {t::WRITE}
                <span class="sr">{move || section.get().map(|section| format!(": {}", section.title))}</span>
            </A>
        </section>
    }
}

/// Who says it at the meeting.
#[component]
pub fn Voice() -> impl IntoView {
    let voice = fact("voice");
    view! {
        <fieldset class="choices">
            <legend class="soft">{t::VOICE_HELP}</legend>
            {VOICES
                .map(|(value, name)| {
                    view! {
                        <label class="choice">
                            <input
                                type="radio"
                                name="voice"
                                value=value
                                prop:checked=move || voice.with(|voice| voice == value)
                                on:change=move |_| set_fact("voice", value)
                            />
                            <span>{name}</span>
                        </label>
                    }
                })
                .collect_view()}
        </fieldset>
    }
}
