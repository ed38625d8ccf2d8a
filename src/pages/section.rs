//! The sheet over a page: one section, with everything in it and room for more.

use super::entry::EntryRow;
use super::frame::{Saved, Undo};
use super::words;
use crate::components::{Field, Sheet};
use crate::routes;
use crate::state::{Session, new_entry};
use crate::texts as t;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use leptos_router::NavigateOptions;
use plan::limits::MAX_AGENDA;
use plan::{Entity, Part, Section, template};

/// The id of a sheet's heading.
const HEADING: &str = "sheet-title";

/// Opens the section that the address names, over the page it belongs to.
#[component]
pub fn SectionSheet(parts: &'static [Part], page: &'static str) -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.read().get("section"));
    move || name.get().map(|name| view! { <OpenSection parts=parts page=page name=name/> })
}

#[component]
fn OpenSection(parts: &'static [Part], page: &'static str, name: String) -> impl IntoView {
    let session = Session::get();
    let navigate = use_navigate();
    let name = StoredValue::new(name);
    let content = Memo::new(move |_| {
        session.set.with(|set| {
            let mut sections = parts.iter().flat_map(|part| set.list_sections(*part));
            name.with_value(|name| sections.find(|section| section.on.name() == name))
        })
    });
    let close = Callback::new(move |()| {
        session.begin_change();
        navigate(page, NavigateOptions { scroll: false, replace: true, ..NavigateOptions::default() });
    });
    let part = content.with_untracked(|content| content.as_ref().map(|section| section.part));
    let Some(part) = part else {
        return view! {
            <Sheet labelled_by=HEADING on_close=close>
                <h2 id=HEADING>{t::SECTION_GONE}</h2>
                <div class="sheet-foot">
                    <button class="button primary" on:click=move |_| close.run(())>{t::DONE}</button>
                </div>
            </Sheet>
        }
        .into_any();
    };
    // What is being written right now stands in the field below the list, and not in the list as well.
    let composing = RwSignal::new(None::<Entity>);
    let rows = Memo::new(move |_| {
        content.with(|content| {
            let entries = content.iter().flat_map(|section| &section.entries);
            entries.map(|entry| entry.on.clone()).filter(|on| composing.with(|now| now.as_ref() != Some(on))).collect::<Vec<_>>()
        })
    });
    let is_agenda = name.with_value(|name| part == Part::Meeting && name == template::AGENDA);
    let is_people = name.with_value(|name| part == Part::Meeting && name == template::PEOPLE);
    let is_voice = name.with_value(|name| part == Part::Meeting && name == "m_stemme");
    let full = Memo::new(move |_| is_agenda && rows.with(|rows| rows.len() >= MAX_AGENDA));
    let title = move || content.with(|content| content.as_ref().map(|section| section.title.clone()));
    let help = content.with_untracked(|content| content.as_ref().map_or("", |section| section.help));
    let body = if is_voice {
        view! { <super::meeting::Voice/> }.into_any()
    } else {
        view! {
            <ol class="entries" class:numbered=is_agenda>
                <For each=move || rows.get() key=|on| on.clone() let:on>
                    <EntryRow on=on part=part section=name content=content/>
                </For>
            </ol>
            <Show when=move || !full.get() fallback=|| view! { <p class="soft">{t::AGENDA_FULL}</p> }>
                <Composer part=part section=name composing=composing content=content people=is_people/>
            </Show>
        }
        .into_any()
    };
    view! {
        <Sheet labelled_by=HEADING on_close=close>
            <div class="sheet-head">
                <h2 id=HEADING>{title}</h2>
                <p class="soft">{help}</p>
            </div>
            {body}
            <Deleted part=part section=name/>
            <Show when=move || part != Part::Meeting>
                <Settings content=content on_hidden=close/>
            </Show>
            <div class="sheet-foot">
                <Saved/>
                <Undo/>
                <button class="button primary" on:click=move |_| close.run(())>{t::DONE}</button>
            </div>
        </Sheet>
    }
    .into_any()
}

/// Room for something new: the first words make the entry, the next ones go on in it, leaving the field ends it.
#[component]
pub fn Composer(
    part: Part,
    section: StoredValue<String>,
    composing: RwSignal<Option<Entity>>,
    content: Memo<Option<Section>>,
    /// Whether a kind of actor is asked for.
    people: bool,
) -> impl IntoView {
    let session = Session::get();
    let text = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let kind = RwSignal::new(template::ACTORS[0].to_owned());
    let add = move |words: &str| {
        let kind = people.then(|| kind.get_untracked());
        section.with_value(|section| session.add_entry(part, section, words, kind.as_deref()))
    };
    let keep = move |words: String| {
        let done = match composing.get_untracked() {
            Some(on) => session.set_text(&on, "text", &words),
            None if words.trim().is_empty() => Ok(()),
            None => add(&words).map(|on| composing.set(Some(on))),
        };
        text.set(words);
        problem.set(done.err().map(words::refused));
    };
    let end = move |()| {
        // What could not be kept stays in the field, with the reason under it.
        if problem.with_untracked(Option::is_some) {
            return;
        }
        if let Some(on) = composing.get_untracked().filter(|_| text.with_untracked(|text| text.trim().is_empty())) {
            session.tell(session.delete_entry(&on));
        }
        composing.set(None);
        text.set(String::new());
        session.begin_change();
    };
    let draft = move |words: String| match composing.get_untracked() {
        Some(on) => session.keep_draft(on.as_str(), "text", &words),
        None => section.with_value(|section| session.keep_draft(&new_entry(part, section), "text", &words)),
    };
    let examples = move || {
        content.with(|content| {
            let Some(section) = content else { return Vec::new() };
            let written = |example: &str| section.entries.iter().any(|entry| entry.texts.shown() == example);
            section.examples.iter().copied().filter(|example| !written(example)).collect()
        })
    };
    let label = content.with_untracked(|content| content.as_ref().map(|section| section.title.clone()).unwrap_or_default());
    view! {
        <div class="composer">
            {people
                .then(|| {
                    view! {
                        <fieldset class="kinds">
                            <legend>{t::KIND_LABEL}</legend>
                            {template::ACTORS
                                .iter()
                                .map(|name| {
                                    view! {
                                        <label class="choice small">
                                            <input
                                                type="radio"
                                                name="kind"
                                                value=*name
                                                prop:checked=move || kind.with(|kind| kind == name)
                                                on:change=move |_| kind.set((*name).to_owned())
                                            />
                                            <span>{words::actor_name(name)}</span>
                                        </label>
                                    }
                                })
                                .collect_view()}
                        </fieldset>
                    }
                })}
            <Field
                value=text
                label=label
                placeholder=if people { t::COMPOSER_PERSON } else { t::COMPOSER_HINT }
                problem=problem
                on_begin=Callback::new(move |()| {
                    if composing.with_untracked(Option::is_none) {
                        session.begin_change();
                    }
                })
                on_draft=Callback::new(draft)
                on_text=Callback::new(keep)
                on_end=Callback::new(end)
            />
            <div class="chips">
                <For each=examples key=|example| *example let:example>
                    <button
                        class="chip"
                        on:click=move |_| {
                            session.begin_change();
                            problem.set(add(example).err().map(words::refused));
                        }
                    >
                        {example}
                    </button>
                </For>
            </div>
        </div>
    }
}

/// What was deleted here, for thirty days; or gone for good, now.
#[component]
fn Deleted(part: Part, section: StoredValue<String>) -> impl IntoView {
    let session = Session::get();
    let deleted =
        Memo::new(move |_| session.set.with(|set| section.with_value(|section| set.list_deleted(part, section))));
    view! {
        <Show when=move || deleted.with(|deleted| !deleted.is_empty())>
            <details class="fold">
                <summary>{t::DELETED}</summary>
                <p class="soft">{t::DELETED_HELP}</p>
                <For each=move || deleted.get() key=|entry| entry.on.clone() let:entry>
                    {
                        let on = StoredValue::new(entry.on.clone());
                        view! {
                            <div class="version">
                                <p class="own">{entry.texts.shown().to_owned()}</p>
                                <button
                                    class="button quiet"
                                    on:click=move |_| session.tell(on.with_value(|on| session.restore_entry(on)))
                                >
                                    {t::BRING_BACK}
                                </button>
                                <button
                                    class="button quiet danger"
                                    on:click=move |_| session.tell(on.with_value(|on| session.erase(on)))
                                >
                                    {t::ERASE}
                                </button>
                            </div>
                        }
                    }
                </For>
            </details>
        </Show>
    }
}

/// A section's name, and whether it is shown.
#[component]
fn Settings(content: Memo<Option<Section>>, on_hidden: Callback<()>) -> impl IntoView {
    let session = Session::get();
    let problem = RwSignal::new(None::<String>);
    let on = StoredValue::new(content.with_untracked(|content| content.as_ref().map(|section| section.on.clone())));
    let title = Memo::new(move |_| content.with(|c| c.as_ref().map(|section| section.title.clone()).unwrap_or_default()));
    let rename = move |text: String| {
        let done = on.with_value(|on| on.as_ref().map(|on| session.set_text(on, "title", text.trim())));
        problem.set(done.and_then(Result::err).map(words::refused));
    };
    let hide = move |_| {
        let done = on.with_value(|on| on.as_ref().map(|on| session.set_flag(on, "hidden", true)));
        match done {
            Some(Err(error)) => problem.set(Some(words::refused(error))),
            _ => on_hidden.run(()),
        }
    };
    view! {
        <details class="fold">
            <summary>{t::SECTION_SETTINGS}</summary>
            <label class="stack">
                <span class="label">{t::SECTION_NAME}</span>
                <input
                    type="text"
                    class="field"
                    prop:value=move || title.get()
                    on:focus=move |_| session.begin_change()
                    on:change:target=move |event| rename(event.target().value())
                />
            </label>
            {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
            <p class="soft">{t::SECTION_HIDE_HELP}</p>
            <button class="button quiet" on:click=hide>{t::SECTION_HIDE}</button>
        </details>
    }
}

/// The sections of a part: what has been written as big words, the rest as quiet lines to begin on.
#[component]
pub fn SectionList(part: Part, page: &'static str) -> impl IntoView {
    let session = Session::get();
    let sections = Memo::new(move |_| session.set.with(|set| set.list_sections(part)));
    let written = move || sections.get().into_iter().filter(|s| !s.hidden && !is_empty(s)).collect::<Vec<_>>();
    let open = move || sections.get().into_iter().filter(|s| !s.hidden && is_empty(s)).collect::<Vec<_>>();
    let hidden = move || sections.get().into_iter().filter(|s| s.hidden).collect::<Vec<_>>();
    view! {
        {move || written().into_iter().map(|section| view! { <Written section=section page=page/> }).collect_view()}
        <Show when=move || sections.with(|all| all.iter().any(|s| s.hidden || is_empty(s)))>
            <details class="fold zone-more" open=move || sections.with_untracked(|all| all.iter().all(is_empty))>
                <summary>{t::SEE_MORE}</summary>
                <ul class="starts">
                    {move || {
                        open()
                            .into_iter()
                            .map(|section| {
                                let href = routes::section(page, section.on.name());
                                view! {
                                    <li>
                                        <leptos_router::components::A href=href attr:class="start">
                                            <crate::components::Icon name="pen"/>
                                            {section.title}
                                        </leptos_router::components::A>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                    {move || {
                        hidden()
                            .into_iter()
                            .map(|section| {
                                let on = section.on.clone();
                                view! {
                                    <li class="hidden-section">
                                        <span class="soft">{section.title}</span>
                                        <button
                                            class="button quiet"
                                            on:click=move |_| session.tell(session.set_flag(&on, "hidden", false))
                                        >
                                            {t::SECTION_SHOW}
                                        </button>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
                <AddSection part=part/>
            </details>
        </Show>
    }
}

fn is_empty(section: &Section) -> bool {
    section.entries.iter().all(|entry| entry.texts.is_empty())
}

#[component]
fn Written(section: Section, page: &'static str) -> impl IntoView {
    let href = routes::section(page, section.on.name());
    let two = section.entries.iter().any(|entry| !entry.texts.others().is_empty());
    let words = section.entries.iter().filter(|entry| !entry.texts.is_empty());
    let words: Vec<_> = words.map(|entry| view! { <span class="own">{entry.texts.shown().to_owned()}</span> }).collect();
    view! {
        <leptos_router::components::A href=href attr:class="words">
            <span class="label">{section.title}</span>
            {words}
            {two.then(|| view! { <span class="badge">{t::TWO_VERSIONS}</span> })}
        </leptos_router::components::A>
    }
}

#[component]
fn AddSection(part: Part) -> impl IntoView {
    let session = Session::get();
    let title = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = title.with_untracked(|title| title.trim().to_owned());
        if name.is_empty() {
            return;
        }
        match session.add_section(part, &name) {
            Ok(()) => {
                title.set(String::new());
                problem.set(None);
            }
            Err(error) => problem.set(Some(words::refused(error))),
        }
    };
    view! {
        <form class="add-section" on:submit=add>
            <label class="stack">
                <span class="label">{t::SECTION_ADD}</span>
                <input
                    type="text"
                    class="field"
                    prop:value=move || title.get()
                    on:input:target=move |event| title.set(event.target().value())
                />
            </label>
            <button class="button quiet">{t::SECTION_ADD_DO}</button>
            {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
        </form>
    }
}
