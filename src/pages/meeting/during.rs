//! During a meeting: five parts, one thing at a time, in large words. The pause is always in reach.

use super::after::AgreementList;
use super::brought::BroughtWords;
use super::came::Came;
use super::expect::Expect;
use super::place::{MeetingPlace, STEPS, View};
use crate::components::{Button, Link, Sheet, Show, focus_soon, live};
use crate::pages::answers::Answers;
use crate::pages::frame::{Head, Troubles, arrive};
use crate::pages::words::actor_name;
use crate::routes::Place;
use crate::state::use_session;
use crate::texts::{Text, text, words};
use leptos::prelude::*;
use plan::{Entry, template};

const PAUSE: &str = "pause-title";

/// What each part is called, and what one does in it.
const PARTS: [(Text, Text); STEPS] = [
    (text!(during_start), text!(during_start_help)),
    (text!(during_now), text!(during_now_help)),
    (text!(during_need), text!(during_need_help)),
    (text!(agreements_title), text!(during_agree_help)),
    (text!(during_end), text!(during_end_help)),
];

#[component]
pub fn During(here: MeetingPlace, step: usize) -> impl IntoView {
    arrive(true);
    let is_paused = RwSignal::new(false);
    let end_pause = move |()| {
        is_paused.set(false);
        focus_soon(".stage-foot button".to_owned());
    };
    let (title, help) = PARTS[step];
    let to = |step: usize| here.with_view(View::During(step)).place();
    let (before, after) = (step.checked_sub(1).map(to), Some(step + 1).filter(|next| *next < STEPS).map(to));
    let body = match step {
        0 => view! {
            <Said list=here.list(template::PEOPLE)/>
            <Came meeting=here.entity()/>
            <Expect what=text!(handout_during_text)/>
        }
        .into_any(),
        1 => view! {
            <Said list=here.list("m_hvorfor")/>
            <BroughtWords meeting=here.entity()/>
        }
        .into_any(),
        2 => view! { <Points list=here.list(template::AGENDA)/> }.into_any(),
        3 => view! {
            <AgreementList
                meeting=here.entity()
                write=here.with_section(Some(template::AGREEMENTS.to_owned()))
                asks=false
            />
        }
        .into_any(),
        _ => view! {
            <Link to=here.with_view(View::After).place() look="button quiet" text=text!(reflection_title)/>
        }
        .into_any(),
    };
    view! {
        <Head title/>
        <main id="main" class="stage" tabindex="-1">
            <Troubles/>
            <p class="soft">{live(words!(during_step, n = step + 1, of = STEPS))}</p>
            <p class="lead">{help}</p>
            {body}
        </main>
        <nav class="stage-foot" aria-label=text!(during_nav)>
            {match before {
                Some(to) => view! { <Link to look="button quiet" text=text!(consent_back)/> }.into_any(),
                None => view! { <Link to=here.with_view(View::Before).place() look="button quiet" text=text!(during_leave)/> }.into_any(),
            }}
            <Button look="quiet" text=text!(during_pause) on_press=move |()| is_paused.set(true)/>
            {match after {
                Some(to) => view! { <Link to look="button primary" text=text!(welcome_next)/> }.into_any(),
                None => view! { <Link to=here.with_view(View::After).place() look="button primary" text=text!(done)/> }.into_any(),
            }}
        </nav>
        <Show when=move || is_paused.get()>
            <Pause on_end=end_pause/>
        </Show>
    }
}

/// Nobody has to say anything now.
#[component]
fn Pause(#[prop(into)] on_end: Callback<()>) -> impl IntoView {
    view! {
        <Sheet heading=PAUSE on_close=on_end>
            <div class="sheet-head">
                <h2 id=PAUSE>{text!(during_pause)}</h2>
                <p class="lead">{text!(during_pause_text)}</p>
            </div>
            <div class="sheet-foot">
                <Link to=Place::Hard look="button hard" icon="storm" text=text!(hard_now)/>
                <Button look="primary" text=text!(during_go_on) on_press=on_end/>
            </div>
        </Sheet>
    }
}

/// What stands in one of the meeting's lists, to be read from afar.
#[component]
fn Said(list: String) -> impl IntoView {
    let session = use_session();
    let entries = Memo::new(move |_| session.find_in_meeting(&list).map(|it| it.entries).unwrap_or_default());
    let one = |entry: Entry| match entry.texts.is_empty() {
        // Somebody who has no name yet.
        true => view! { <p class="own">{actor_name(&entry.kind)}</p> }.into_any(),
        false => view! { <p class="own" lang="">{entry.texts.shown().to_owned()}</p> }.into_any(),
    };
    let is_said = |entry: &Entry| !entry.texts.is_empty() || !entry.kind.is_empty();
    live(move || entries.get().into_iter().filter(is_said).map(one).collect_view())
}

/// One point at a time.
#[component]
fn Points(list: String) -> impl IntoView {
    let session = use_session();
    let points = Memo::new(move |_| session.find_in_meeting(&list).map(|it| it.entries).unwrap_or_default());
    let chosen = RwSignal::new(0_usize);
    // One may be deleted while it is shown.
    let at = Memo::new(move |_| chosen.get().min(points.with(Vec::len).saturating_sub(1)));
    let count = Memo::new(move |_| points.with(Vec::len));
    let point = Memo::new(move |_| points.with(|all| all.get(at.get()).cloned()));
    let one = |point: Entry| {
        view! {
            <p class="own" lang="">{point.texts.shown().to_owned()}</p>
            <Answers on=point.on/>
        }
    };
    let is_last = move || at.get() + 1 >= count.get();
    view! {
        <Show when=move || count.get() == 0>
            <p class="soft">{text!(after_no_points)}</p>
        </Show>
        <div class="stack">{live(move || point.get().map(one))}</div>
        <Show when=move || { let several = count.get(); several > 1 }>
            <div class="decide">
                <p class="soft">{live(move || words!(during_point, n = at.get() + 1, of = count.get())())}</p>
                {live(move || match is_last() {
                    true => view! { <Button look="quiet" text=text!(during_first_point) on_press=move |()| chosen.set(0)/> }.into_any(),
                    false => view! { <Button look="quiet" text=text!(during_next_point) on_press=move |()| chosen.set(at.get_untracked() + 1)/> }.into_any(),
                })}
            </div>
        </Show>
    }
}
