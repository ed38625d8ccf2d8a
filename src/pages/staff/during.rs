//! Under: a meeting on the contact's side while it is held, beside the young person's phone. The same five parts in the contact's own
//! words, one point at a time, with what was said to it, and beside it what is agreed.

use super::meeting::{Agreements, BroughtView, CameView, OwnReflection};
use super::news::place_of;
use super::of_young::{Found, Here, YoungPage, path_of_meeting};
use super::review::{AnswersView, Fact};
use super::writing::{Drafts, WritingSheet};
use crate::components::{Fold, Points, go_to_main, live};
use crate::pages::words::kind_name;
use crate::state::language::use_template;
use crate::state::staff::{use_desk, while_shown};
use crate::texts::{Text, text, words};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use plan::{Part, template};
use protocol::{AgreementView, ReviewPart, ReviewText, ReviewView};

/// What each part is called on this side, and what a contact does in it.
const PARTS: [(Text, Text); 5] = [
    (text!(during_start), text!(staff_during_start)),
    (text!(during_now), text!(staff_during_now)),
    (text!(staff_during_points), text!(staff_during_need)),
    (text!(agreements_title), text!(staff_during_agree)),
    (text!(during_end), text!(staff_during_end)),
];

/// The part that an address names, counted from 0; the first one for what is none.
fn read_part(address: &str) -> usize {
    let part = address.parse::<usize>().ok().and_then(|part| part.checked_sub(1));
    part.filter(|part| *part < PARTS.len()).unwrap_or_default()
}

/// The meeting of this name, of what may be read.
fn find(view: &ReviewView, name: &str) -> Option<ReviewPart> {
    let is_here = |on: &str| on.rsplit('/').next() == Some(name);
    view.parts.iter().find(|part| part.meeting.as_ref().is_some_and(|meeting| is_here(&meeting.on))).cloned()
}

/// What stands in one section of it.
fn list(part: &ReviewPart, name: &str) -> Vec<ReviewText> {
    part.sections.iter().filter(|section| section.id == name).flat_map(|section| section.texts.clone()).collect()
}

#[component]
pub fn DuringPage() -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    let piece = move |name: &str| params.read_untracked().get(name).unwrap_or_default();
    let (id, name) = (StoredValue::new(piece("id")), StoredValue::new(piece("meeting")));
    let at = Memo::new(move |_| read_part(&params.read().get("del").unwrap_or_default()));
    let drafts = Drafts::provide();
    let found = Found::<ReviewView>::new(move || drafts.clear());
    let again = while_shown(move || async move {
        let version = found.view.with_untracked(|known| known.as_ref().map(|known| known.version.clone()));
        found.take(desk.find_review(&id.get_value(), &version.unwrap_or_default()).await);
    });
    let is_read = Memo::new(move |_| found.view.with(Option::is_some));
    let part = Memo::new(move |_| {
        found.view.with(|view| name.with_value(|name| view.as_ref().and_then(|view| find(view, name))))
    });
    // Which point is shown stays when something new comes.
    let chosen = RwSignal::new(0_usize);
    // Whoever works with the keyboard, or listens, goes on from the part that was chosen.
    Effect::new(move |before: Option<usize>| {
        let now = at.get();
        if before.is_some_and(|before| before != now) {
            go_to_main();
        }
        now
    });
    let title = found.title(|view| &view.label, text!(staff_during));
    let stage = move || match (part.get(), is_read.get()) {
        (Some(part), _) => view! { <Stage part at=at.get() chosen/> }.into_any(),
        (None, true) => view! { <p class="card">{text!(staff_during_gone)}</p> }.into_any(),
        (None, false) => ().into_any(),
    };
    view! {
        <YoungPage young=id here=Here::During title problem=found.problem>
            <Way id name/>
            <div class="held guarded">{live(stage)}</div>
            // Not before what stands above it, which would move it away from under a finger.
            {live(move || is_read.get().then(|| view! { <OnAndBack id name at=at.get()/> }))}
            <p class="print-only">{text!(staff_print_here)}</p>
            <WritingSheet young=id drafts on_said=again/>
        </YoungPage>
    }
}

/// The way between the five parts.
#[component]
fn Way(id: StoredValue<String>, name: StoredValue<String>) -> impl IntoView {
    let link = move |(at, (title, _)): (usize, (Text, Text))| {
        let path = id.with_value(|id| name.with_value(|name| path_of_meeting(id, name, at)));
        view! {
            <li>
                <A href=path exact=true attr:class="button quiet">
                    {title}
                </A>
            </li>
        }
    };
    view! {
        <nav class="no-print" aria-label=text!(during_nav)>
            <ol class="held-parts">{PARTS.into_iter().enumerate().map(link).collect_view()}</ol>
        </nav>
    }
}

/// To the part before and the one after.
#[component]
fn OnAndBack(id: StoredValue<String>, name: StoredValue<String>, at: usize) -> impl IntoView {
    let link = |at: usize, look: &'static str, does: Text| {
        let path = id.with_value(|id| name.with_value(|name| path_of_meeting(id, name, at)));
        view! {
            <A href=path attr:class=look>
                {does}
            </A>
        }
    };
    let after = Some(at + 1).filter(|after| *after < PARTS.len());
    view! {
        <p class="desk-links no-print">
            {at.checked_sub(1).map(|before| link(before, "button quiet", text!(consent_back)))}
            {after.map(|after| link(after, "button primary", text!(welcome_next)))}
        </p>
    }
}

#[component]
fn Stage(part: ReviewPart, at: usize, chosen: RwSignal<usize>) -> impl IntoView {
    let Some(meeting) = part.meeting.clone() else { return ().into_any() };
    let (title, help) = PARTS[at];
    let on = StoredValue::new(meeting.on);
    let told = |name: &'static str| view! { <Told name texts=list(&part, name)/> };
    let body = match at {
        0 => {
            let facts = part.facts.iter().cloned();
            let facts = facts.map(|fact| {
                let place = on.with_value(|on| place_of(&[on, &fact.field]));
                view! { <Fact place fact/> }
            });
            view! {
                {facts.collect_view()}
                {[template::PEOPLE, "m_hvor", "m_ikke"].map(told).collect_view()}
                <CameView came=meeting.came attendance=meeting.attendance to=on/>
                <Fold summary=text!(staff_expect_during)>
                    <Points text=text!(staff_meet_during_you)/>
                </Fold>
            }
            .into_any()
        }
        1 => view! {
            {told("m_hvorfor")}
            <BroughtView brought=meeting.brought/>
            {list(&part, "m_hvorfor").is_empty().then(|| view! { <p class="soft">{text!(staff_during_no_words)}</p> })}
        }
        .into_any(),
        2 => view! { <PointsView points=list(&part, template::AGENDA) agreements=meeting.agreements on chosen/> }
            .into_any(),
        3 => view! { <Agreements all=meeting.agreements to=on/> }.into_any(),
        _ => {
            let own = meeting.reflections.into_iter().find(|it| it.by.own.is_some());
            view! {
                <OwnReflection own to=on/>
                <Fold summary=text!(staff_expect_after)>
                    <Points text=text!(staff_meet_after_you)/>
                </Fold>
            }
            .into_any()
        }
    };
    view! {
        <section class="card">
            <p class="soft">{words!(during_step, n = at + 1, of = PARTS.len())}</p>
            <h2>{title}</h2>
            <p class="lead">{help}</p>
            {body}
        </section>
    }
    .into_any()
}

/// What the young person has written in a section; nothing where nothing is.
#[component]
fn Told(name: &'static str, texts: Vec<ReviewText>) -> impl IntoView {
    let content = use_template();
    let title = move || template::find(Part::Meeting, name).map_or("", |known| content.get().of(known).title);
    let one = |text: ReviewText| {
        let kind = (!text.kind.is_empty()).then(|| kind_name(&text.kind));
        view! {
            <li>
                <span class="own" lang="">{text.text}</span>
                {kind.map(|kind| view! { <span class="soft">{kind}</span> })}
            </li>
        }
    };
    (!texts.is_empty()).then(|| {
        view! {
            <div class="words">
                <h3 class="label">{title}</h3>
                <ul class="own-list">{texts.into_iter().map(one).collect_view()}</ul>
            </div>
        }
    })
}

/// One point with what was said to it, the way to the others, and what is agreed beside it.
#[component]
fn PointsView(
    points: Vec<ReviewText>,
    agreements: Vec<AgreementView>,
    on: StoredValue<String>,
    chosen: RwSignal<usize>,
) -> impl IntoView {
    let count = points.len();
    let (is_none, has_more) = (count == 0, count > 1);
    let points = StoredValue::new(points);
    // One may have been deleted since it was chosen.
    let at = move || chosen.get().min(count.saturating_sub(1));
    let choice = move |number: usize| {
        view! {
            <button
                class="button quiet"
                type="button"
                id=format!("point-{number}")
                aria-pressed=move || if at() == number { "true" } else { "false" }
                on:click=move |_| chosen.set(number)
            >
                {words!(staff_during_point, n = number + 1)}
            </button>
        }
    };
    let point = move || points.with_value(|points| points.get(at()).cloned());
    let one = |text: ReviewText| {
        let words = text.text.clone();
        view! {
            <p class="own held-point" lang="">{words}</p>
            <AnswersView text/>
        }
    };
    view! {
        {is_none.then(|| view! { <p class="soft">{text!(staff_during_no_points)}</p> })}
        {has_more.then(|| view! { <div class="only no-print">{(0..count).map(choice).collect_view()}</div> })}
        <div class="held-beside">
            <div class="words">{live(move || point().map(one))}</div>
            <Agreements all=agreements to=on/>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::ReviewMeeting;

    #[test]
    fn every_part_is_read_as_it_is_written() {
        for at in 0..PARTS.len() {
            let path = path_of_meeting("y1", "meeting/meeting/m1", at);
            assert_eq!(path, format!("/personale/ung/y1/moede/m1/{}", at + 1));
            assert_eq!(read_part(path.rsplit('/').next().unwrap()), at);
        }
        for address in ["", "0", "6", "-1", "to"] {
            assert_eq!(read_part(address), 0, "{address}");
        }
    }

    #[test]
    fn only_the_meeting_that_is_named_is_found() {
        let part = |on: &str| ReviewPart {
            part: "meeting".to_owned(),
            facts: Vec::new(),
            sections: Vec::new(),
            meeting: Some(ReviewMeeting {
                on: on.to_owned(),
                form: "network".to_owned(),
                agreements: Vec::new(),
                proposals: Vec::new(),
                invitees: Vec::new(),
                own_reflection: None,
                reflections: Vec::new(),
                came: String::new(),
                attendance: Vec::new(),
                brought: Vec::new(),
            }),
        };
        let view = ReviewView {
            label: String::new(),
            version: String::new(),
            last_look: None,
            expires_at: 0,
            parts: vec![part("meeting/meeting/m1"), part("meeting/meeting/00c0ffee00c0ffee-1")],
        };
        let found = |name: &str| find(&view, name).and_then(|part| part.meeting).map(|meeting| meeting.on);
        assert_eq!(found("00c0ffee00c0ffee-1").as_deref(), Some("meeting/meeting/00c0ffee00c0ffee-1"));
        assert_eq!(found("m1").as_deref(), Some("meeting/meeting/m1"));
        assert_eq!((found("1"), found("")), (None, None));
    }
}
