//! Mit Møde: the young person's own agenda, who should come, how it should be.

use super::App;
use super::frame::{frame, undo};
use super::section::section_sheet;
use super::words;
use crate::components::dom::typed;
use crate::components::{El, el, fold, icon, labelled, link, memo, press, title};
use crate::routes::Place;
use crate::state::{Shown, describe_day};
use crate::texts as t;
use leptos::prelude::*;
use plan::limits::MAX_AGENDA;
use plan::{Entry, Part, Section, edit::Direction, template};

/// Who says it: the young person, the screen, or somebody who reads it aloud.
const VOICES: [(&str, &str); 3] = [("self", t::VOICE_SELF), ("screen", t::VOICE_SCREEN), ("other", t::VOICE_OTHER)];

pub fn page(app: App) -> Vec<El> {
    let say = el("section").class("card").child(title("h2", t::VOICE_TITLE)).child(voice(app));
    let body = vec![
        when(app),
        people(app),
        agenda(app),
        plain(app, "m_hvorfor", "zone plain"),
        plain(app, "m_hvor", "zone plain"),
        plain(app, "m_ikke", "zone dawn"),
        say,
        el("div").class("page-foot").child(undo(app, "undo-page")),
    ];
    let mut page = frame(app, t::MEETING_TITLE, body);
    page.push(section_sheet(app, &[Part::Meeting]));
    page
}

fn open(name: &str) -> String {
    Place::Meeting(Some(name.to_owned())).path()
}

fn heading(name: &str) -> El {
    title("h2", template::find(Part::Meeting, name).map_or("", |known| known.title))
}

fn entries(app: App, name: &'static str) -> Memo<Vec<Entry>> {
    memo(move || {
        let named =
            |all: &Vec<Section>| all.iter().find(|section| section.on.name() == name).map(|s| s.entries.clone());
        app.session.sections(Part::Meeting).with(named).unwrap_or_default()
    })
}

/// A field of the meeting that is one text.
fn fact(app: App, name: &'static str) -> (Shown, Memo<String>) {
    let shown = app.session.shown(template::first_meeting(), name);
    (shown, memo(move || shown.text()))
}

/// When and where.
fn when(app: App) -> El {
    let [date, time, place] = ["date", "time", "place"].map(|name| fact(app, name));
    let said = move || match (describe_day(&date.1.get()), time.1.get()) {
        (Some(day), time) if time.is_empty() => capital(&day),
        (Some(day), time) => format!("{} kl. {}", capital(&day), time.replace(':', ".")),
        (None, _) => t::WHEN_TITLE.to_owned(),
    };
    let input = |kind: &str, name: &'static str, label: &str, (shown, value): (Shown, Memo<String>)| {
        let input = el("input").class("field").attr("type", kind).attr("name", name);
        let set = move |event| app.session.tell(shown.set(&typed(&event)));
        let input = input.live_value(move || value.get()).on("change", set);
        labelled(label, input)
    };
    let fields = el("div").class("when").children(vec![
        input("date", "date", t::WHEN_DATE, date),
        input("time", "time", t::WHEN_TIME, time),
        input("text", "place", t::WHEN_PLACE, place),
    ]);
    let edit = fold(t::WHEN_EDIT).child(fields);
    let edit = if date.1.with_untracked(String::is_empty) { edit.attr("open", "") } else { edit };
    el("section")
        .class("card")
        .child(el("h2").live_text(said))
        .child(el("p").class("own").live_text(move || place.1.get()))
        .child(edit)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    // The names of days begin with plain letters.
    letters.next().map(|first| std::iter::once(first.to_ascii_uppercase()).chain(letters).collect()).unwrap_or_default()
}

/// Who should come, each with what kind of person they are.
fn people(app: App) -> El {
    let people = entries(app, template::PEOPLE);
    let person = |person: &Entry| {
        let name = el("span").class("own").text(person.texts.shown());
        el("li").child(name).child(el("span").class("soft").text(words::actor_name(&person.kind)))
    };
    el("section")
        .class("card")
        .child(heading(template::PEOPLE))
        .child(el("ul").class("people").live(move || people.with(|all| all.iter().map(person).collect())))
        .child(link("button add", &open(template::PEOPLE)).child(icon("plus")).text(t::PEOPLE_ADD))
}

/// At most five points, the most important first.
fn agenda(app: App) -> El {
    let points = entries(app, template::AGENDA);
    let point = move |at: usize, point: &Entry| {
        let (on, text) = (point.on.clone(), point.texts.shown());
        let up = press("up", &format!("{}: {text}", t::MOVE_UP)).id(&format!("point-{}", on.name()));
        let up = if at == 0 { up.attr("aria-disabled", "true") } else { up };
        let up = up.press(move || {
            app.session.tell(app.session.move_entry(Part::Meeting, template::AGENDA, &on, Direction::Up));
        });
        let number = el("b").attr("aria-hidden", "true").text(&(at + 1).to_string());
        el("li").class("point").child(number).child(el("span").class("own").text(text)).child(up)
    };
    let more = move || match points.with(Vec::len) {
        0 => t::AGENDA_FIRST,
        MAX_AGENDA.. => t::AGENDA_EDIT,
        _ => t::AGENDA_MORE,
    };
    let list = el("ol").class("points");
    let list = list.live(move || points.with(|all| all.iter().enumerate().map(|(at, one)| point(at, one)).collect()));
    let add = link("button add", &open(template::AGENDA)).child(icon("plus"));
    let add = add.child(el("span").live_text(move || more().to_owned()));
    el("section").class("stack").child(heading(template::AGENDA)).child(list).child(add)
}

/// A section that reads as it was written.
fn plain(app: App, name: &'static str, class: &'static str) -> El {
    let entries = entries(app, name);
    let icon_before = class.ends_with("dawn").then(|| icon("dawn"));
    let title = template::find(Part::Meeting, name).map_or("", |known| known.title);
    let write = link("button add", &open(name)).child(icon("pen")).text(t::WRITE);
    let written = move || {
        entries.with(|all| {
            let written = all.iter().filter(|entry| !entry.texts.is_empty());
            written.map(|entry| el("p").class("words own").text(entry.texts.shown())).collect()
        })
    };
    el("section")
        .class(class)
        .child(el("div").class("zone-head").maybe(icon_before).child(heading(name)))
        .child(el("div").class("sections").live(written))
        .child(write.child(el("span").class("sr").text(&format!(": {title}"))))
}

/// Who says it at the meeting.
pub fn voice(app: App) -> El {
    let (shown, voice) = fact(app, "voice");
    let choices = VOICES.iter().map(|(value, name)| {
        let input = el("input")
            .attr("type", "radio")
            .attr("name", "voice")
            .attr("value", value)
            .live_checked(move || voice.with(|voice| voice == value))
            .on("change", move |_| app.session.tell(shown.set(value)));
        el("label").class("choice").child(input).child(el("span").text(name))
    });
    el("fieldset").class("choices").child(el("legend").class("soft").text(t::VOICE_HELP)).children(choices.collect())
}
