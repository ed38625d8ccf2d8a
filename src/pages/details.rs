//! What is folded away or seldom seen on the eager pages: it comes in a chunk, a moment after the first page.

use super::entry::{Content, EntryRow, list_written};
use super::later::Detail;
use super::own::{OneLine, OwnField, TwoVersions};
use super::suggestions::Suggested;
use super::voice::Voice;
use super::words;
use crate::components::{Button, Fold, Labelled, Notice, Problem, Rows, Show, Tone, live};
use crate::state::{Trouble, use_session};
use crate::texts::{Text, text};
use leptos::html::Input;
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use plan::{Entity, Part, Section, template};

/// Makes a piece.
pub fn detail(detail: Detail) -> AnyView {
    match detail {
        Detail::Undo => view! { <Undo/> }.into_any(),
        Detail::Trouble(trouble) => view! { <TroubleNotice trouble/> }.into_any(),
        Detail::Update => view! { <Update/> }.into_any(),
        Detail::Suggested(beside) => view! { <Suggested beside/> }.into_any(),
        Detail::Unseen => view! { <Unseen/> }.into_any(),
        Detail::UnfinishedWords => view! { <UnfinishedWords/> }.into_any(),
        Detail::AddSection(part) => view! { <AddSection part/> }.into_any(),
        Detail::Kinds(kind, name) => view! { <Kinds kind name/> }.into_any(),
        Detail::Written { part, name, content, composing } => {
            view! { <Written part name content composing/> }.into_any()
        }
        Detail::Deleted(part, name) => view! { <Deleted part name/> }.into_any(),
        Detail::Settings(section, content, on_hidden) => view! { <Settings section content on_hidden/> }.into_any(),
        Detail::Voice(list) => {
            let meeting = list.with_value(|list| Entity::meeting(template::meeting_of(list)));
            view! { <Voice meeting name="voice-sheet"/> }.into_any()
        }
    }
}

/// Takes the latest change back.
#[component]
fn Undo() -> impl IntoView {
    let session = use_session();
    let undo = move |()| session.report(session.undo());
    view! {
        <div class="undo">
            <Show when=move || session.can_undo.get()>
                <Button look="quiet" icon="undo" text=text!(undo) on_press=undo/>
            </Show>
        </div>
    }
}

/// What is wrong with storage, and the way round it.
#[component]
fn TroubleNotice(trouble: Trouble) -> impl IntoView {
    let session = use_session();
    view! {
        <Notice tone=Tone::Careful text=trouble_words(trouble)>
            <Button look="quiet" text=text!(save_as_file) on_press=move |()| session.save_as_file()/>
        </Notice>
    }
}

fn trouble_words(trouble: Trouble) -> Text {
    match trouble {
        Trouble::Blocked => text!(trouble_blocked),
        Trouble::Full => text!(trouble_full),
        Trouble::Dead => text!(trouble_dead),
        Trouble::Newer => text!(trouble_newer),
    }
}

/// A newer version waits to be used.
#[component]
fn Update() -> impl IntoView {
    let session = use_session();
    view! {
        <Notice tone=Tone::Calm text=text!(update_ready)>
            <Button look="quiet" text=text!(update_take) on_press=move |()| session.take_update()/>
        </Notice>
    }
}

/// A contact has written something that was not seen on this phone: a dot, and never a number.
#[component]
fn Unseen() -> impl IntoView {
    let session = use_session();
    view! {
        <Show when=move || session.has_unseen()>
            <span class="dot" role="img" aria-label=text!(messages_unseen)></span>
        </Show>
    }
}

/// What was typed and cannot be kept as it is: all of it, to be made shorter or let go of.
#[component]
fn UnfinishedWords() -> impl IntoView {
    let session = use_session();
    let keys = move || {
        session.unfinished.with(|all| all.iter().map(|it| format!("{} {}", it.on, it.field)).collect::<Vec<_>>())
    };
    let row = |key: String| {
        let (on, field) = key.split_once(' ').unwrap_or_default();
        let on = on.parse::<Entity>().ok();
        on.map(|on| view! { <UnfinishedText on field=field.to_owned()/> }).into_any()
    };
    view! {
        <div class="troubles">
            <Rows keys row/>
        </div>
    }
}

#[component]
fn UnfinishedText(on: Entity, field: String) -> impl IntoView {
    let session = use_session();
    let place = StoredValue::new((on, field));
    let wrong = RwSignal::new(None::<TextProp>);
    let text = move || place.with_value(|(on, field)| session.own_words(on, field)).unwrap_or_default();
    let typed = move |text: String| place.with_value(|(on, field)| session.keep_unfinished(on, field, &text));
    let keep = move |()| {
        let done = place.with_value(|(on, field)| session.finish(on, field, &untrack(text)));
        wrong.try_set(done.err().map(words::refused));
    };
    let discard = move |()| place.with_value(|(on, field)| session.discard(on, field));
    view! {
        <Notice tone=Tone::Careful text=text!(unfinished)>
            <textarea
                class="field"
                lang=""
                rows="6"
                aria-label=text!(unfinished_label)
                prop:value=Signal::derive(text)
                on:input:target=move |event| typed(event.target().value())
            ></textarea>
            <Problem text=wrong/>
            <Button look="primary" text=text!(unfinished_keep) on_press=keep/>
            <Fold summary=text!(unfinished_discard)>
                <Button look="danger" text=text!(unfinished_discard_yes) on_press=discard/>
            </Fold>
        </Notice>
    }
}

/// What has been written in a section.
#[component]
fn Written(
    part: Part,
    name: StoredValue<String>,
    content: Content,
    composing: RwSignal<Option<Entity>>,
) -> impl IntoView {
    let row =
        move |key: String| key.parse::<Entity>().ok().map(|on| view! { <EntryRow on part name content/> }).into_any();
    view! { <Rows keys=move || list_written(content, composing) row/> }
}

/// Whom somebody may have with them that not everybody has heard of.
fn kind_help(kind: &str) -> Option<Text> {
    match kind {
        "support" => Some(text!(kind_support_help)),
        "peer" => Some(text!(kind_peer_help)),
        _ => None,
    }
}

/// What kind of person it is. Who it is need not be known yet.
#[component]
fn Kinds(kind: RwSignal<&'static str>, name: StoredValue<String>) -> impl IntoView {
    let session = use_session();
    let add = move |()| {
        session.begin_change();
        let done = name.with_value(|name| session.add_entry(Part::Meeting, name, "", Some(kind.get_untracked())));
        session.report(done);
    };
    let choice = |name: &'static str| {
        view! {
            <label class="choice small">
                <input
                    type="radio"
                    name="kind"
                    value=name
                    prop:checked=Signal::derive(move || kind.get() == name)
                    on:change=move |_| kind.set(name)
                />
                <span>{words::actor_name(name)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="kinds">
            <legend>{text!(kind_label)}</legend>
            {template::ACTORS.iter().map(|name| choice(name)).collect_view()}
        </fieldset>
        {live(move || kind_help(kind.get()).map(|help| view! { <p class="soft">{help}</p> }))}
        <Button look="quiet" text=text!(kind_add) on_press=add/>
    }
}

/// What was deleted here, for thirty days; or gone for good, now.
#[component]
fn Deleted(part: Part, name: StoredValue<String>) -> impl IntoView {
    let session = use_session();
    let deleted = Memo::new(move |_| session.look(part, |set| name.with_value(|name| set.list_deleted(part, name))));
    let rows = move || {
        let row = |entry: plan::Entry| {
            let (back, gone) = (entry.on.clone(), session.see(&entry.on));
            view! {
                <div class="version">
                    <p class="own" lang="">{entry.texts.shown().to_owned()}</p>
                    <Button look="quiet" text=text!(bring_back) on_press=move |()| session.report(session.restore_entry(&back))/>
                    <Button look="quiet danger" text=text!(erase) on_press=move |()| session.report(session.erase(&gone))/>
                </div>
            }
        };
        deleted.get().into_iter().map(row).collect_view()
    };
    view! {
        <Show when=move || !deleted.with(Vec::is_empty)>
            <Fold summary=text!(deleted)>
                <p class="soft">{text!(deleted_help)}</p>
                {live(rows)}
            </Fold>
        </Show>
    }
}

/// A section's name, and whether it is shown.
#[component]
fn Settings(section: Section, content: Content, on_hidden: Callback<()>) -> impl IntoView {
    let session = use_session();
    let wrong = RwSignal::new(None::<TextProp>);
    let shown = session.shown(section.on.clone(), "title");
    let title = move || content.with(|c| c.as_ref().map(|c| c.title.clone()).unwrap_or_default());
    let versions = Memo::new(move |_| shown.versions());
    let hide = move |()| {
        session.report(session.set_flag(&section.on, "hidden", true));
        on_hidden.run(());
    };
    view! {
        <Fold summary=text!(section_settings)>
            <OneLine label=text!(section_name)>
                <OwnField shown label=text!(section_name) problem=wrong otherwise=title/>
            </OneLine>
            <TwoVersions shown versions/>
            <p class="soft">{text!(section_hide_help)}</p>
            <Button look="quiet" text=text!(section_hide) on_press=hide/>
        </Fold>
    }
}

#[component]
fn AddSection(part: Part) -> impl IntoView {
    let session = use_session();
    let wrong = RwSignal::new(None::<TextProp>);
    let input = NodeRef::<Input>::new();
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(input) = input.get_untracked() else { return };
        let title = input.value().trim().to_owned();
        if title.is_empty() {
            return;
        }
        let done = session.add_section(part, &title);
        if done.is_ok() {
            input.set_value("");
        }
        wrong.set(done.err().map(words::refused));
    };
    view! {
        <form class="add-section" on:submit=add>
            <Labelled label=text!(section_name)>
                <input class="field" lang="" type="text" id=format!("add-{}", part.name()) node_ref=input/>
            </Labelled>
            <button class="button quiet" type="submit">
                {text!(section_add_do)}
            </button>
            <Problem text=wrong/>
        </form>
    }
}
