//! Before a meeting: the young person's own agenda, who should come, how it should be.

use super::brought::Brought;
use super::expect::Expect;
use super::guests::Guests;
use super::invitees::Invitees;
use super::place::{MeetingPlace, View};
use super::proposals::Proposals;
use super::steps::{Guide, How};
use crate::components::{Button, Fold, Icon, Labelled, Link, Rows, Show, Tool, live};
use crate::pages::answers::Answers;
use crate::pages::own::{OneLine, OwnField, TwoVersions};
use crate::pages::suggestions::Suggested;
use crate::pages::voice::{Voice, use_fact};
use crate::pages::words;
use crate::routes::Place;
use crate::state::language::use_template;
use crate::state::{Shown, describe_day, describe_occasion, use_session};
use crate::texts::{Text, text};
use leptos::prelude::*;
use plan::limits::MAX_AGENDA;
use plan::{Entity, Entry, Part, edit::Direction, template};

#[component]
pub fn Before(here: MeetingPlace) -> impl IntoView {
    let here = StoredValue::new(here);
    let meeting = here.with_value(MeetingPlace::entity);
    view! {
        <Expect what=text!(handout_before_text)/>
        <Link to=Place::Film(None) look="button add" icon="eye" text=text!(film_open)/>
        <When meeting=meeting.clone()/>
        <People here/>
        <Agenda here/>
        <Plain here name="m_hvorfor"/>
        <Brought meeting=meeting.clone()/>
        <Plain here name="m_hvor"/>
        <Plain here name="m_ikke" weather="dawn"/>
        <section class="card">
            <h2>{text!(voice_title)}</h2>
            <Voice meeting=meeting.clone() name="voice"/>
            <Guide here section="m_stemme"/>
        </section>
        <Guests meeting/>
        <Link
            to=here.with_value(|here| here.with_view(View::Agenda).place())
            look="button add"
            icon="plan"
            text=text!(agenda_on_paper)
        />
    }
}

/// The meeting that is shown.
type Here = StoredValue<MeetingPlace>;

fn place_of(here: Here, name: &str) -> Place {
    here.with_value(|here| here.with_section(Some(name.to_owned())).place())
}

/// What the template calls a section of the meeting, in the language of now.
fn title_of(name: &'static str) -> impl Fn() -> &'static str + Copy + Send + Sync {
    let content = use_template();
    move || template::find(Part::Meeting, name).map_or("", |known| content.get().of(known).title)
}

fn use_entries(here: Here, name: &'static str) -> Memo<Vec<Entry>> {
    let session = use_session();
    let list = here.with_value(|here| here.list(name));
    Memo::new(move |_| session.find_in_meeting(&list).map(|section| section.entries).unwrap_or_default())
}

/// When and where.
#[component]
fn When(meeting: Entity) -> impl IntoView {
    let session = use_session();
    let [date, time, place] = ["date", "time", "place"].map(|name| use_fact(&meeting, name));
    let proposals = view! { <Proposals meeting=meeting.clone()/> };
    let meeting = StoredValue::new(meeting);
    let said = move || match describe_day(&date.1.get()) {
        Some(day) => describe_occasion(capital(&day), &time.1.get()),
        None => text!(when_title).get().to_owned(),
    };
    let has_day = move || describe_day(&date.1.get()).is_some();
    let input = move |kind, name, label: Text, (shown, value): (Shown, Memo<String>)| {
        view! {
            <Labelled label>
                <input
                    class="field"
                    type=kind
                    name=name
                    prop:value=value
                    on:change:target=move |event| session.report(shown.set_from(&event.target()))
                />
            </Labelled>
        }
    };
    let problem = RwSignal::new(None);
    let versions = Memo::new(move |_| place.0.versions());
    view! {
        <section class="card">
            <h2>{live(said)}</h2>
            <p class="own" lang="">{live(move || place.1.get())}</p>
            {proposals}
            <Fold summary=text!(when_edit) open=date.1.with_untracked(String::is_empty)>
                <div class="when">
                    {input("date", "date", text!(when_date), date)} {input("time", "time", text!(when_time), time)}
                    <OneLine label=text!(when_place)>
                        <OwnField shown=place.0 label=text!(when_place) problem/>
                    </OneLine>
                    <TwoVersions shown=place.0 versions/>
                </div>
            </Fold>
            <Show when=has_day>
                <Button look="quiet" text=text!(when_calendar) on_press=move |()| meeting.with_value(|on| session.save_in_calendar(on))/>
            </Show>
        </section>
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    // The names of days begin with plain letters.
    letters.next().map(|first| std::iter::once(first.to_ascii_uppercase()).chain(letters).collect()).unwrap_or_default()
}

/// Who should come, each with what kind of person they are.
#[component]
fn People(here: Here) -> impl IntoView {
    let people = use_entries(here, template::PEOPLE);
    let meeting = StoredValue::new(here.with_value(MeetingPlace::entity));
    let person = |person: Entry| {
        view! {
            <li>
                <span class="own" lang="">{person.texts.shown().to_owned()}</span>
                <span class="soft">{words::actor_name(&person.kind)}</span>
            </li>
        }
    };
    view! {
        <section class="card">
            <h2>{live(title_of(template::PEOPLE))}</h2>
            <ul class="people">{live(move || people.get().into_iter().map(person).collect_view())}</ul>
            <Invitees meeting/>
            <Link to=place_of(here, template::PEOPLE) scroll=false look="button add" icon="plus" text=text!(people_add)/>
            <Guide here section=template::PEOPLE/>
        </section>
    }
}

/// At most five points, the most important first.
#[component]
fn Agenda(here: Here) -> impl IntoView {
    let points = use_entries(here, template::AGENDA);
    let keys = move || points.with(|all| all.iter().map(|point| point.on.as_str().to_owned()).collect::<Vec<_>>());
    let row = move |key: String| key.parse::<Entity>().ok().map(|on| view! { <Point here on points/> }).into_any();
    let more = move || match points.with(Vec::len) {
        0 => text!(agenda_first),
        MAX_AGENDA.. => text!(agenda_edit),
        _ => text!(agenda_more),
    };
    view! {
        <section class="stack">
            <h2>{live(title_of(template::AGENDA))}</h2>
            <ol class="points">
                <Rows keys row/>
            </ol>
            <Link to=place_of(here, template::AGENDA) scroll=false look="button add" icon="plus" text=more/>
            <Guide here section=template::AGENDA/>
        </section>
    }
}

#[component]
fn Point(here: Here, on: Entity, points: Memo<Vec<Entry>>) -> impl IntoView {
    let session = use_session();
    let id = format!("point-{}", on.name());
    let answers = view! {
        <Suggested beside=vec![on.clone()]/>
        <Answers on=on.clone()/>
    };
    let on = StoredValue::new(on);
    let at = move || on.with_value(|on| points.with(|all| all.iter().position(|point| point.on == *on).unwrap_or(0)));
    let text = move || points.with(|all| all.get(at()).map(|point| point.texts.shown().to_owned()).unwrap_or_default());
    let up = move |()| {
        let list = here.with_value(|here| here.list(template::AGENDA));
        let done = on.with_value(|on| session.move_entry(Part::Meeting, &list, on, Direction::Up));
        session.report(done);
    };
    view! {
        <li class="point">
            <b aria-hidden="true">{live(move || at() + 1)}</b>
            <span class="own" lang="">{live(text)}</span>
            <Tool
                icon="up"
                label=move || format!("{}: {}", text!(move_up).get(), text())
                id
                off=move || at() == 0
                on_press=up
            />
            {answers}
        </li>
    }
}

/// A section that reads as it was written.
#[component]
fn Plain(here: Here, name: &'static str, #[prop(optional)] weather: Option<&'static str>) -> impl IntoView {
    let entries = use_entries(here, name);
    let written = move || {
        entries.with(|all| {
            let written = all.iter().filter(|entry| !entry.texts.is_empty());
            written
                .map(|entry| view! { <p class="words own" lang="">{entry.texts.shown().to_owned()}</p> })
                .collect_view()
        })
    };
    view! {
        <section class=format!("zone {}", weather.unwrap_or("plain"))>
            <div class="zone-head">{weather.map(|name| view! { <Icon name/> })} <h2>{live(title_of(name))}</h2></div>
            <div class="sections">{live(written)}</div>
            <Link to=place_of(here, name) scroll=false look="button add" icon="pen" text=text!(write)>
                <span class="sr">": " {live(title_of(name))}</span>
            </Link>
            {match name {
                "m_hvor" => view! { <How here/> }.into_any(),
                _ => view! { <Guide here section=name/> }.into_any(),
            }}
        </section>
    }
}
