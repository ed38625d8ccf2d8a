//! One thing written in a section: its words, its other version if there is one, and what can be done with it.

use super::answers::Answers;
use super::bring::Bring;
use super::own::{OneLine, OwnField, TwoVersions, VersionView};
use super::suggestions::Suggestions;
use super::words;
use crate::components::{Button, Fold, Labelled, Show, Tool, live};
use crate::state::{Shown, use_session};
use crate::texts::text;
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use plan::author::{DUE, WHO};
use plan::document::Version;
use plan::edit::Direction;
use plan::{Entity, Entry, Part, Refused, Section, template};

/// The section that is open, as it stands now.
pub type Content = Memo<Option<Section>>;

/// What stands in the list. What is being written right now stands in the field below it, and not in the list as well.
pub fn list_written(content: Content, composing: RwSignal<Option<Entity>>) -> Vec<String> {
    content.with(|content| {
        let all = content.iter().flat_map(|content| &content.entries).map(|entry| &entry.on);
        composing.with(|now| all.filter(|on| now.as_ref() != Some(on)).map(|on| on.as_str().to_owned()).collect())
    })
}

/// An entry that is written in where it stands.
#[component]
pub fn EntryRow(on: Entity, part: Part, name: StoredValue<String>, content: Content) -> impl IntoView {
    let session = use_session();
    let problem = RwSignal::new(None::<TextProp>);
    let id = on.as_str().replace('/', "-");
    let shown = session.shown(on.clone(), "text");
    let said = view! {
        <Suggestions on=on.clone() name/>
        <Answers on=on.clone() editable=true/>
    };
    let on = StoredValue::new(on);
    let here = move |entry: &Entry| on.with_value(|on| entry.on == *on);
    let entry = move || content.with(|content| content.as_ref()?.entries.iter().find(|entry| here(entry)).cloned());
    let place = move || {
        content.with(|content| {
            let entries = content.as_ref().map(|content| content.entries.as_slice()).unwrap_or_default();
            (entries.iter().position(here).unwrap_or(0), entries.len().saturating_sub(1))
        })
    };
    let versions = move || entry().map(|entry| entry.texts.0).unwrap_or_default();
    let is_first = move || place().0 == 0;
    let is_last = move || place().0 >= place().1;
    let say = move |done: Result<(), Refused>| {
        // Whoever deletes a row or leaves it may have ended it.
        problem.try_set(done.err().map(words::refused));
    };
    let shift = move |way: Direction| {
        say(name.with_value(|name| on.with_value(|on| session.move_entry(part, name, on, way))));
    };
    let is_agreement = name.with_value(|name| template::section_of(name) == template::AGREEMENTS);
    let is_statement = part == Part::AboutMe && name.with_value(|name| name == template::STATEMENTS);
    let kind = untrack(entry).map(|entry| entry.kind).filter(|kind| !kind.is_empty());
    view! {
        <li class="entry">
            {kind.map(|kind| view! { <span class="label">{words::actor_name(&kind)}</span> })}
            <OwnField shown label=text!(entry_label) problem/>
            <TwoVersions shown versions/>
            {is_statement.then(|| view! { <Bring statement=on.get_value()/> })}
            {is_agreement.then(|| view! { <WhoAndWhen on=on.get_value()/> })}
            <div class="tools">
                {(part != Part::Meeting).then(|| view! { <ToMeeting shown say/> })}
                <Tool
                    icon="up"
                    label=text!(move_up)
                    id=format!("up-{id}")
                    off=is_first
                    on_press=move |()| shift(Direction::Up)
                />
                <Tool
                    icon="down"
                    label=text!(move_down)
                    id=format!("down-{id}")
                    off=is_last
                    on_press=move |()| shift(Direction::Down)
                />
                <Tool icon="bin" label=text!(delete) id=format!("bin-{id}") on_press=move |()| say(shown.delete())/>
            </div>
            {said}
            <Earlier shown on part/>
        </li>
    }
}

/// Who does what was agreed, and by when.
#[component]
fn WhoAndWhen(on: Entity) -> impl IntoView {
    let session = use_session();
    let [who, due] = [WHO, DUE].map(|field| session.shown(on.clone(), field));
    let problem = RwSignal::new(None);
    let versions = Memo::new(move |_| who.versions());
    view! {
        <OneLine label=text!(agreement_who)>
            <OwnField shown=who label=text!(agreement_who) problem/>
        </OneLine>
        <TwoVersions shown=who versions/>
        <Labelled label=text!(agreement_due)>
            <input
                class="field"
                type="date"
                prop:value=move || due.text()
                on:change:target=move |event| session.report(due.set_from(&event.target()))
            />
        </Labelled>
    }
}

/// What is written in the plan can be talked about at the meeting: it goes on the agenda with one tap, in the same words.
#[component]
fn ToMeeting(
    shown: Shown,
    /// Says what became of it.
    #[prop(into)]
    say: Callback<Result<(), Refused>>,
) -> impl IntoView {
    let session = use_session();
    let sections = session.sections(Part::Meeting);
    let is_point = Memo::new(move |_| {
        let words = shown.text();
        sections.with(|all| {
            let points = all.iter().filter(|section| section.on.name() == template::AGENDA);
            points.flat_map(|agenda| &agenda.entries).any(|point| point.texts.shown() == words)
        })
    });
    let take = move |()| {
        say.run(session.add_entry(Part::Meeting, template::AGENDA, &untrack(|| shown.text()), None));
    };
    let has_words = move || !shown.text().trim().is_empty();
    view! {
        <div class="to-meeting">
            <Show when=has_words>
                {live(move || match is_point.get() {
                    true => view! { <p class="soft at-meeting">{text!(at_meeting)}</p> }.into_any(),
                    false => view! { <Button look="add" icon="plus" text=text!(to_meeting) on_press=take/> }.into_any(),
                })}
            </Show>
        </div>
    }
}

/// What was written here before, to take back.
#[component]
fn Earlier(shown: Shown, on: StoredValue<Entity>, part: Part) -> impl IntoView {
    let session = use_session();
    let history = Memo::new(move |_| session.look(part, |set| on.with_value(|on| set.history(on, "text"))));
    let versions = move || {
        let all = history.get().into_iter();
        all.map(|Version { text, .. }| view! { <VersionView shown text does=text!(bring_back)/> }).collect_view()
    };
    view! {
        <Show when=move || !history.with(Vec::is_empty)>
            <Fold summary=text!(earlier)>{live(versions)}</Fold>
        </Show>
    }
}
