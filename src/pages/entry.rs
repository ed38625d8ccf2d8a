//! One thing written in a section: its words, its other version if there is one, and what can be done with it.

use super::words;
use crate::components::{Field, Icon};
use crate::state::Session;
use crate::texts as t;
use leptos::prelude::*;
use plan::document::Version;
use plan::edit::Direction;
use plan::{Entity, Entry, Part, Section};

/// An entry that is written in where it stands.
#[component]
pub fn EntryRow(
    on: Entity,
    part: Part,
    /// The section's name.
    section: StoredValue<String>,
    content: Memo<Option<Section>>,
) -> impl IntoView {
    let session = Session::get();
    let problem = RwSignal::new(None::<String>);
    let id = StoredValue::new(on);
    let entry = Memo::new(move |_| {
        content.with(|content| {
            let entries = content.as_ref()?.entries.iter();
            id.with_value(|on| entries.clone().position(|entry| entry.on == *on).zip(entries.clone().find(|e| e.on == *on).cloned()))
        })
    });
    let last = Memo::new(move |_| content.with(|content| content.as_ref().map_or(0, |c| c.entries.len().saturating_sub(1))));
    let place = Memo::new(move |_| entry.with(|entry| entry.as_ref().map_or(0, |(at, _)| *at)));
    let text = Memo::new(move |_| entry.with(|entry| entry.as_ref().map(|(_, e)| e.texts.shown().to_owned()).unwrap_or_default()));
    let kind = Memo::new(move |_| entry.with(|entry| entry.as_ref().map(|(_, e)| e.kind.clone()).unwrap_or_default()));
    let say = move |done: Result<(), plan::Refused>| problem.set(done.err().map(words::refused));
    let with = move |run: &dyn Fn(&Entity) -> Result<(), plan::Refused>| say(id.with_value(run));
    let shift = move |direction| {
        with(&|on| section.with_value(|section| session.move_entry(part, section, on, direction)));
    };
    view! {
        <li class="entry">
            <Show when=move || !kind.with(String::is_empty)>
                <span class="label">{move || words::actor_name(&kind.get())}</span>
            </Show>
            <Field
                value=text
                label=t::ENTRY_LABEL
                problem=problem
                on_begin=Callback::new(move |()| session.begin_change())
                on_draft=Callback::new(move |text: String| {
                    id.with_value(|on| session.keep_draft(on.as_str(), "text", &text));
                })
                on_text=Callback::new(move |text: String| with(&|on| session.set_text(on, "text", &text)))
            />
            <TwoVersions entry=entry on=id/>
            <div class="tools">
                <button
                    class="tool"
                    aria-label=t::MOVE_UP
                    disabled=move || place.get() == 0
                    on:click=move |_| shift(Direction::Up)
                >
                    <Icon name="up"/>
                </button>
                <button
                    class="tool"
                    aria-label=t::MOVE_DOWN
                    disabled={move || place.get() >= last.get()}
                    on:click=move |_| shift(Direction::Down)
                >
                    <Icon name="down"/>
                </button>
                <button
                    class="tool"
                    aria-label=t::DELETE
                    on:click=move |_| with(&|on| session.delete_entry(on))
                >
                    <Icon name="bin"/>
                </button>
            </div>
            <Earlier on=id/>
        </li>
    }
}

/// "To udgaver": both are there until the young person chooses.
#[component]
fn TwoVersions(entry: Memo<Option<(usize, Entry)>>, on: StoredValue<Entity>) -> impl IntoView {
    let session = Session::get();
    let versions = Memo::new(move |_| {
        entry.with(|entry| entry.as_ref().filter(|(_, e)| !e.texts.others().is_empty()).map(|(_, e)| e.texts.0.clone()))
    });
    let choose = move |text: &str| {
        session.begin_change();
        // Choosing one of the texts that are there cannot be too long.
        session.tell(on.with_value(|on| session.set_text(on, "text", text)));
    };
    move || {
        versions.get().map(|versions| {
            view! {
                <div class="versions">
                    <p class="versions-title">{t::TWO_VERSIONS}</p>
                    {versions
                        .into_iter()
                        .map(|Version { text, .. }| {
                            let shown = if text.is_empty() { t::EMPTY_VERSION.to_owned() } else { text.clone() };
                            view! {
                                <div class="version">
                                    <p class="own">{shown}</p>
                                    <button class="button quiet" on:click=move |_| choose(&text)>
                                        {t::KEEP_THIS}
                                    </button>
                                </div>
                            }
                        })
                        .collect_view()}
                </div>
            }
        })
    }
}

/// What was written here before, to take back.
#[component]
fn Earlier(on: StoredValue<Entity>) -> impl IntoView {
    let session = Session::get();
    let open = RwSignal::new(false);
    let any = Memo::new(move |_| {
        session.set.with(|set| on.with_value(|on| set.list_on(on, "text").count() > 1))
    });
    let earlier = move || {
        if !open.get() {
            return Vec::new();
        }
        session.set.with(|set| on.with_value(|on| set.history(on, "text")))
    };
    let bring_back = move |text: &str| {
        session.begin_change();
        session.tell(on.with_value(|on| session.set_text(on, "text", text)));
    };
    view! {
        <Show when=move || any.get()>
            <details class="fold" on:toggle=move |_| open.update(|open| *open = !*open)>
                <summary>{t::EARLIER}</summary>
                {move || {
                    let earlier = earlier();
                    if earlier.is_empty() {
                        return view! { <p class="soft">{t::EARLIER_NONE}</p> }.into_any();
                    }
                    earlier
                        .into_iter()
                        .map(|Version { text, .. }| {
                            let shown = text.clone();
                            view! {
                                <div class="version">
                                    <p class="own">{shown}</p>
                                    <button class="button quiet" on:click=move |_| bring_back(&text)>
                                        {t::BRING_BACK}
                                    </button>
                                </div>
                            }
                        })
                        .collect_view()
                        .into_any()
                }}
            </details>
        </Show>
    }
}
