//! Mit Møde: the young person's meetings, each with what is before it, the meeting itself, and what is after.

mod after;
mod agenda;
mod before;
mod brought;
mod came;
mod during;
mod expect;
mod guests;
mod invitees;
mod lines;
mod minutes;
mod ordinary;
mod paper;
mod place;
mod proposals;
mod steps;

use crate::components::{Button, Fold, Link, live};
use crate::pages::frame::Frame;
use crate::pages::later::{Detail, Later};
use crate::pages::section::{SectionSheet, use_open_section};
use crate::pages::words::form_name;
use crate::routes::use_go;
use crate::state::{describe_day, use_session};
use crate::texts::{Text, text, use_language};
use after::After;
use agenda::AgendaPage;
use before::Before;
use during::During;
use leptos::prelude::*;
use minutes::MinutesPage;
pub(super) use place::MeetingPlace;
use place::View;
use plan::meeting::Form;
use plan::{Meeting, Part};

#[component]
pub fn MeetingPage() -> impl IntoView {
    let session = use_session();
    let rest = use_open_section();
    let meetings = Memo::new(move |_| session.look(Part::Meeting, plan::OpSet::list_meetings));
    let place = Memo::new(move |_| {
        let is_meeting = |name: &str| meetings.with(|all| all.iter().any(|meeting| meeting.on.name() == name));
        MeetingPlace::read(rest.get().as_deref(), is_meeting)
    });
    let here = Memo::new(move |_| place.get().with_section(None));
    let form = Memo::new(move |_| {
        let on = here.get().entity();
        meetings.with(|all| all.iter().find(|meeting| meeting.on == on).map(|meeting| meeting.form).unwrap_or_default())
    });
    let language = use_language();
    let open = Signal::derive(move || place.get().open());
    let at = move |list: Option<String>| {
        let section = list.map(|list| plan::template::section_of(&list).to_owned());
        here.get_untracked().with_section(section).place()
    };
    let page = move || match here.get() {
        now @ MeetingPlace { view: View::During(step), .. } => view! { <During here=now step/> }.into_any(),
        now @ MeetingPlace { view: View::Agenda, .. } => view! { <AgendaPage here=now/> }.into_any(),
        now @ MeetingPlace { view: View::Minutes, .. } => view! { <MinutesPage here=now/> }.into_any(),
        now => view! {
            <Frame title=move || form_name(form.get()).0(language.get())>
                <Views here/>
                {match now.view {
                    View::After => view! { <After here=now/> }.into_any(),
                    _ => view! { <Before here=now/> }.into_any(),
                }}
                <Meetings here meetings/>
                <div class="page-foot">
                    <Later detail=Detail::Undo/>
                </div>
            </Frame>
        }
        .into_any(),
    };
    view! {
        {live(page)}
        <SectionSheet open at find=move |list: String| session.find_in_meeting(&list)/>
    }
}

const VIEWS: [(View, Text); 3] = [
    (View::Before, text!(meeting_before)),
    (View::During(0), text!(meeting_during)),
    (View::After, text!(meeting_after)),
];

/// The way between before a meeting, the meeting itself, and after it.
#[component]
fn Views(here: Memo<MeetingPlace>) -> impl IntoView {
    let link = move |view: View, text: Text| {
        let place = here.get().with_view(view).place();
        let is_here = here.get().view == view;
        view! {
            <li aria-current=is_here.then_some("true")>
                <Link to=place look="button" text/>
            </li>
        }
    };
    view! {
        <nav aria-label=text!(meeting_steps)>
            <ul class="views">
                {live(move || VIEWS.map(|(view, text)| link(view, text)).collect_view())}
            </ul>
        </nav>
    }
}

/// The other meetings, and a new one.
#[component]
fn Meetings(here: Memo<MeetingPlace>, meetings: Memo<Vec<Meeting>>) -> impl IntoView {
    let session = use_session();
    let go = use_go();
    let others = move || {
        let now = here.get().entity();
        let others = meetings.get().into_iter().filter(|meeting| meeting.on != now);
        let link = |Meeting { on, form, date }: Meeting| {
            let day = describe_day(&date);
            view! {
                <li>
                    <Link to=MeetingPlace::before(on.name()).place() look="start" icon="meet" text=form_name(form)>
                        {day.map(|day| view! { <span class="soft">{day}</span> })}
                    </Link>
                </li>
            }
        };
        others.map(link).collect_view()
    };
    let make = move |form: Form| {
        let make = move |()| match session.add_meeting(form) {
            Ok(on) => go.to(&MeetingPlace::before(on.name()).place()),
            Err(why) => session.report(Err(why)),
        };
        view! { <Button look="quiet" text=form_name(form) on_press=make/> }
    };
    let delete = move |()| {
        let gone = here.get_untracked().entity();
        match session.delete_meeting(&gone) {
            Ok(()) => go.to(&MeetingPlace::before(plan::template::FIRST_MEETING).place()),
            Err(why) => session.report(Err(why)),
        }
    };
    view! {
        <section class="zone plain">
            <h2>{text!(meetings_title)}</h2>
            <ul class="starts">{live(others)}</ul>
            <Fold summary=text!(meetings_new)>
                <div class="chips">{Form::ALL.map(make).collect_view()}</div>
            </Fold>
            {live(move || {
                (!here.get().is_first())
                    .then(|| view! { <Button look="danger" text=text!(meetings_delete) on_press=delete/> })
            })}
        </section>
    }
}
