//! One thing written in a section: its words, its other version if there is one, and what can be done with it.

use super::App;
use super::words;
use crate::components::{El, Field, button, el, field, fold, memo, press};
use crate::state::Shown;
use crate::texts as t;
use leptos::prelude::*;
use plan::document::Version;
use plan::edit::Direction;
use plan::{Entity, Entry, Part, Refused, Section};

/// The section that is open, as it stands now.
pub type Content = Memo<Option<Section>>;

/// An entry that is written in where it stands.
pub fn entry_row(app: App, on: Entity, part: Part, name: StoredValue<String>, content: Content) -> El {
    let session = app.session;
    let problem = RwSignal::new(None::<String>);
    let id = on.as_str().replace('/', "-");
    let shown = session.shown(on.clone(), "text");
    let on = StoredValue::new(on);
    let here = move |entry: &Entry| on.with_value(|on| entry.on == *on);
    let entry = move || content.with(|content| content.as_ref()?.entries.iter().find(|entry| here(entry)).cloned());
    let place = move || {
        content.with(|content| {
            let entries = content.as_ref().map(|content| content.entries.as_slice()).unwrap_or_default();
            (entries.iter().position(here).unwrap_or(0), entries.len().saturating_sub(1))
        })
    };
    let say = move |done: Result<(), Refused>| problem.set(done.err().map(words::refused));
    let shift = move |way: Direction| {
        say(name.with_value(|name| on.with_value(|on| session.move_entry(part, name, on, way))));
    };
    let kind = entry().map(|entry| entry.kind).filter(|kind| !kind.is_empty());
    let words = field(Field {
        value: Box::new(move || shown.text()),
        label: t::ENTRY_LABEL.to_owned(),
        placeholder: "",
        problem,
        on_begin: Box::new(move || session.begin_change()),
        on_draft: Box::new(move |text| shown.type_words(text)),
        on_text: Box::new(move || say(shown.hand_on())),
        on_end: Box::new(move || shown.leave()),
    });
    let tools = el("div")
        .class("tools")
        .child(
            press("up", t::MOVE_UP)
                .id(&format!("up-{id}"))
                .live_off(move || place().0 == 0)
                .press(move || shift(Direction::Up)),
        )
        .child(
            press("down", t::MOVE_DOWN)
                .id(&format!("down-{id}"))
                .live_off(move || place().0 >= place().1)
                .press(move || shift(Direction::Down)),
        )
        .child(press("bin", t::DELETE).press(move || say(shown.delete())));
    el("li")
        .class("entry")
        .maybe(kind.map(|kind| el("span").class("label").text(words::actor_name(&kind))))
        .children(words)
        .child(two_versions(app, shown, entry))
        .child(tools)
        .child(earlier(app, shown, on, part))
}

/// A text, and a button to put it in the field.
fn version(app: App, shown: Shown, text: String, does: &str) -> El {
    let words = el("p").class("own").text(if text.is_empty() { t::EMPTY_VERSION } else { &text });
    let choose = button("quiet", does).press(move || app.session.tell(shown.set(&text)));
    el("div").class("version").child(words).child(choose)
}

/// "To udgaver": both are there until the young person chooses.
fn two_versions(app: App, shown: Shown, entry: impl Fn() -> Option<Entry> + 'static) -> El {
    el("div").live(move || {
        let versions = entry().filter(|entry| !entry.texts.others().is_empty()).map(|entry| entry.texts.0);
        let Some(versions) = versions else { return Vec::new() };
        let all = versions.into_iter().map(|Version { text, .. }| version(app, shown, text, t::KEEP_THIS));
        let title = el("p").class("versions-title").text(t::TWO_VERSIONS);
        vec![el("div").class("versions").attr("role", "status").child(title).children(all.collect())]
    })
}

/// What was written here before, to take back.
fn earlier(app: App, shown: Shown, on: StoredValue<Entity>, part: Part) -> El {
    let session = app.session;
    let history = memo(move || session.look(part, |set| on.with_value(|on| set.history(on, "text"))));
    el("div").live(move || {
        let history = history.get();
        if history.is_empty() {
            return Vec::new();
        }
        let all = history.into_iter().map(|Version { text, .. }| version(app, shown, text, t::BRING_BACK));
        vec![fold(t::EARLIER).children(all.collect())]
    })
}
