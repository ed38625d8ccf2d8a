//! What a film is about goes on the agenda with one tap, as a point to be changed.

use crate::components::{Button, Link, Problem, focus_soon, live};
use crate::pages::later::{Detail, Later};
use crate::pages::meeting::MeetingPlace;
use crate::pages::words;
use crate::state::{describe_day, language, use_session};
use crate::texts::{text, use_language, words};
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use plan::{Meeting, Part, template};
use protocol::films::FilmText;

/// A way to the agenda of each meeting that there is.
#[component]
pub fn Talk(idea: FilmText) -> impl IntoView {
    let session = use_session();
    let locale = use_language();
    let idea = StoredValue::new(idea);
    let words = move || idea.with_value(|idea| idea.in_language(language::name(locale.get())).to_owned());
    let meetings = Memo::new(move |_| session.look(Part::Meeting, plan::OpSet::list_meetings));
    let wrong = RwSignal::new(None::<TextProp>);
    let row = move |meeting: Meeting| {
        let is_only = meetings.with_untracked(|all| all.len() < 2);
        let here = MeetingPlace::before(meeting.on.name());
        let list = StoredValue::new(here.list(template::AGENDA));
        let point = StoredValue::new(here.with_section(Some(template::AGENDA.to_owned())).place());
        let is_point = Memo::new(move |_| {
            let agenda = list.with_value(|list| session.find_in_meeting(list));
            let is_said = |text: &str| idea.with_value(|idea| text == idea.da || Some(text) == idea.en.as_deref());
            agenda.is_some_and(|agenda| agenda.entries.iter().any(|point| is_said(point.texts.shown())))
        });
        let id = format!("talk-{}", meeting.on.name());
        let taken = StoredValue::new(false);
        let way = StoredValue::new(format!("#{id} a"));
        let take = move |()| {
            // Two taps may come before the first has changed the page.
            if is_point.get_untracked() {
                return;
            }
            taken.set_value(true);
            session.begin_change();
            let done = list.with_value(|list| session.add_entry(Part::Meeting, list, &untrack(words), None));
            if done.is_ok() {
                focus_soon(way.get_value());
            }
            wrong.set(done.err().map(words::refused));
        };
        let day = describe_day(&meeting.date);
        let called = move || {
            let form = words::form_name(meeting.form).get();
            day.as_ref().map_or_else(|| form.to_owned(), |day| format!("{form}, {day}"))
        };
        let called = StoredValue::new(called);
        let button = move || match is_only {
            true => text!(film_talk).get().to_owned(),
            false => words!(film_talk_at, meeting = called.with_value(|called| called()))(),
        };
        let row = move || match is_point.get() {
            true => view! {
                <p class="soft" role="status">
                    {text!(at_meeting)}
                </p>
                <Link to=point.get_value() look="button quiet" icon="pen" text=text!(film_to_point)/>
                // What else could be undone has nothing to do with the film.
                {taken.get_value().then(|| view! { <Later detail=Detail::Undo/> })}
            }
            .into_any(),
            false => view! { <Button look="quiet" icon="plus" text=button on_press=take/> }.into_any(),
        };
        view! {
            <div class="film-talk" id=id>
                {live(row)}
            </div>
        }
    };
    view! {
        <section class="card">
            <h2>{text!(film_idea)}</h2>
            <p class="own">{live(words)}</p>
            {live(move || meetings.get().into_iter().map(row).collect_view())}
            <Problem text=wrong/>
        </section>
    }
}
