//! One meeting as a contact sees it: what was proposed and agreed, how it was, and the ways to say something.

use super::New;
use super::of_young::path_of_meeting;
use super::saying::{Draft, button_of};
use super::writing::Writing;
use crate::components::{Fold, Points};
use crate::pages::words::{from_whom, kind_name, level_name, question};
use crate::state::{describe, describe_day, describe_occasion};
use crate::texts::{Text, text, words};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use plan::Level;
use plan::attendance::Names;
use plan::author::{
    ACTOR, AGREEMENT, ATTENDANCE, CAME, DATE, DUE, INVITEE, PLACE, PROPOSAL, REFLECTION, TIME, WHAT, WHO, WHY, WORDS,
};
use plan::meeting::QUESTIONS;
use plan::template::ACTORS;
use protocol::{
    AgreementView, AttendanceView, ByView, InviteeView, ProposalView, ReflectionView, ReviewMeeting, ReviewText,
};

#[component]
pub fn MeetingView(meeting: ReviewMeeting) -> impl IntoView {
    let to = StoredValue::new(meeting.on);
    let own = meeting.reflections.iter().find(|it| it.by.own.is_some()).cloned();
    let reflections: Vec<_> = meeting.own_reflection.into_iter().chain(meeting.reflections).collect();
    let has_reflections = !reflections.is_empty();
    let young = use_params_map().read_untracked().get("id").unwrap_or_default();
    let during = to.with_value(|on| path_of_meeting(&young, on, 0));
    let (came, attendance, brought) = (meeting.came, meeting.attendance, meeting.brought);
    view! {
        <div class="stack no-print">
            <A href=during attr:class="button quiet">
                {text!(staff_during)}
            </A>
            <Fold summary=text!(staff_expect_before)>
                <Points text=text!(staff_meet_before_you)/>
            </Fold>
        </div>
        <BroughtView brought/>
        {meeting.proposals.into_iter().map(|proposal| view! { <Proposal proposal/> }).collect_view()}
        <Say does=text!(staff_proposal) kind=PROPOSAL to fields=[DATE, TIME, PLACE].map(|field| (field, String::new())).to_vec()/>
        {meeting.invitees.into_iter().map(|invitee| view! { <Invitee invitee/> }).collect_view()}
        <Say does=text!(staff_invitee) kind=INVITEE to fields=[ACTOR, WHY].map(|field| (field, String::new())).to_vec()/>
        <CameView came attendance to/>
        <Agreements all=meeting.agreements to/>
        <div class="words">
            <h3 class="label">{text!(reflection_title)}</h3>
            {(!has_reflections).then(|| view! { <p class="soft">{text!(staff_reflections_none)}</p> })}
            {reflections.into_iter().map(|reflection| view! { <Reflection reflection/> }).collect_view()}
            <OwnReflection own to/>
            <div class="no-print">
                <Fold summary=text!(staff_expect_after)>
                    <Points text=text!(staff_meet_after_you)/>
                </Fold>
            </div>
        </div>
    }
}

/// What was agreed, and the way to write down more.
#[component]
pub fn Agreements(all: Vec<AgreementView>, to: StoredValue<String>) -> impl IntoView {
    let is_none = all.is_empty();
    let agreements = all.into_iter().map(|agreement| view! { <Agreement agreement to/> });
    view! {
        <div class="words">
            <h3 class="label">{text!(agreements_title)}</h3>
            {is_none.then(|| view! { <p class="soft">{text!(staff_agreements_none)}</p> })}
            <ul class="own-list">{agreements.collect_view()}</ul>
            <Say does=text!(staff_agreement) kind=AGREEMENT to fields=[WHAT, WHO, DUE].map(|field| (field, String::new())).to_vec()/>
        </div>
    }
}

/// What the young person brings from Vigtigt om mig. On paper it stands there, or nowhere: a copy of the meeting has no words of another part.
#[component]
pub fn BroughtView(brought: Vec<ReviewText>) -> impl IntoView {
    let one = |text: ReviewText| view! { <li class="own" lang="">{text.text}</li> };
    (!brought.is_empty()).then(|| {
        view! {
            <div class="words no-print">
                <h3 class="label">{text!(staff_brought)}</h3>
                <ul class="own-list">{brought.into_iter().map(one).collect_view()}</ul>
            </div>
        }
    })
}

/// Who came, as each has said it.
#[component]
pub fn CameView(came: String, attendance: Vec<AttendanceView>, to: StoredValue<String>) -> impl IntoView {
    let own = attendance.iter().find(|it| it.by.own.is_some()).map(|it| it.kinds.clone()).unwrap_or_default();
    let names = |kinds: &str| {
        let kinds = Names::read(kinds);
        move || {
            let known = ACTORS.into_iter().filter(|kind| kinds.has(kind)).map(|kind| kind_name(kind).get());
            known.collect::<Vec<_>>().join(", ")
        }
    };
    let told = move |it: AttendanceView| {
        (!it.kinds.is_empty()).then(|| {
            view! {
                <div class="answer">
                    <p>{names(&it.kinds)}</p>
                    <By by=it.by/>
                </div>
            }
        })
    };
    view! {
        <div class="words">
            <h3 class="label">{text!(came_title)}</h3>
            {(!came.is_empty())
                .then(|| {
                    view! {
                        <div class="answer">
                            <p>{names(&came)}</p>
                            <p class="soft">{text!(staff_came_young)}</p>
                        </div>
                    }
                })}
            {attendance.into_iter().filter_map(told).collect_view()}
            <Say does=text!(staff_came) kind=ATTENDANCE to fields=vec![(CAME, own)]/>
        </div>
    }
}

/// A button that opens the sheet for something to say.
#[component]
pub fn Say(
    does: Text,
    kind: &'static str,
    to: StoredValue<String>,
    /// Of what is written already.
    #[prop(optional)]
    known: Option<String>,
    fields: Vec<(&'static str, String)>,
    /// What it is about, where there are several such buttons.
    #[prop(optional)]
    about: String,
    /// What it is said to, as it reads in the sheet.
    #[prop(optional)]
    point: String,
) -> impl IntoView {
    let Writing(write) = expect_context();
    let id = to.with_value(|to| button_of(kind, to, known.as_deref()));
    let about = StoredValue::new(about);
    let name = move || match about.get_value() {
        about if about.is_empty() => None,
        about => Some(words!(staff_answer_to, does = does.get(), point = about.clone())()),
    };
    let open = move |_| {
        let fields: Vec<(&'static str, &str)> = fields.iter().map(|(field, text)| (*field, text.as_str())).collect();
        write.run(Draft::new(kind, &to.get_value(), known.clone(), point.clone(), &fields));
    };
    view! {
        <button class="button quiet no-print" id=id aria-label=name on:click=open>
            {does}
        </button>
    }
}

/// Who has written it, when, and whether that is new.
#[component]
pub fn By(by: ByView) -> impl IntoView {
    let ByView { from, at, new, .. } = by;
    let who = match from.is_empty() {
        true => view! { {words!(staff_by_young, day = describe(at))} }.into_any(),
        false => view! { {words!(answer_from, from = from_whom(&from).get(), day = describe(at))} }.into_any(),
    };
    view! { <p class="soft">{who} " " {new.then(|| view! { <New/> })}</p> }
}

/// What the young person has said to it.
fn became(taken: Option<bool>) -> Text {
    match taken {
        None => text!(staff_proposal_waits),
        Some(true) => text!(staff_proposal_taken),
        Some(false) => text!(staff_proposal_declined),
    }
}

#[component]
fn Proposal(proposal: ProposalView) -> impl IntoView {
    let ProposalView { date, time, place, taken, by } = proposal;
    let when = move || describe_occasion(describe_day(&date).unwrap_or_else(|| date.clone()), &time);
    view! {
        <div class="words">
            <span class="label">{text!(staff_proposal_one)}</span>
            <span>{when}</span>
            <span lang="">{place}</span>
            <b>{became(taken)}</b>
            <By by/>
        </div>
    }
}

#[component]
fn Invitee(invitee: InviteeView) -> impl IntoView {
    let InviteeView { actor, why, taken, by } = invitee;
    view! {
        <div class="words">
            <span class="label">{text!(staff_invitee_one)}</span>
            <span>{kind_name(&actor)}</span>
            <span lang="">{why}</span>
            <b>{became(taken)}</b>
            <By by/>
        </div>
    }
}

#[component]
fn Agreement(agreement: AgreementView, to: StoredValue<String>) -> impl IntoView {
    let AgreementView { what, who, due, outcome, by } = agreement;
    let (own, new) = (by.own.clone(), by.new);
    let fields = vec![(WHAT, what.clone()), (WHO, who.clone()), (DUE, due.clone())];
    let outcome = Level::from_name(&outcome).map(|level| match level {
        Level::Yes => text!(staff_outcome_yes),
        Level::Partly => text!(staff_outcome_partly),
        Level::No => text!(staff_outcome_no),
    });
    let has_day = describe_day(&due).is_some();
    let day = move || describe_day(&due).unwrap_or_default();
    view! {
        <li class:new=new>
            <span class="own" lang="">{what.clone()}</span>
            {(!who.is_empty()).then(|| view! { <span class="block" lang="">{who}</span> })}
            {has_day.then(|| view! { <span class="soft block">{words!(agreement_by, day = day())}</span> })}
            {outcome.map(|outcome| view! { <b class="block">{outcome}</b> })}
            <By by/>
            {own.map(|slot| view! { <Say does=text!(staff_agreement_change) kind=AGREEMENT to known=slot fields about=what/> })}
        </li>
    }
}

#[component]
fn Reflection(reflection: ReflectionView) -> impl IntoView {
    let ReflectionView { heard, safe, informed, words, by } = reflection;
    let said = QUESTIONS.into_iter().zip([heard, safe, informed]).filter_map(|(field, level)| {
        let level = level_name(Level::from_name(&level)?);
        Some(view! { <p>{question(field)} " " <b>{level}</b></p> })
    });
    view! {
        <div class="answer">
            {said.collect_view()}
            {(!words.trim().is_empty()).then(|| view! { <p class="own" lang="">{words}</p> })}
            <By by/>
        </div>
    }
}

/// The three questions, for who reads.
#[component]
pub fn OwnReflection(own: Option<ReflectionView>, to: StoredValue<String>) -> impl IntoView {
    let does = if own.is_some() { text!(staff_reflection_change) } else { text!(staff_reflection) };
    let said = own.map(|own| [own.heard, own.safe, own.informed, own.words]).unwrap_or_default();
    let [heard, safe, informed] = QUESTIONS;
    let fields = [heard, safe, informed, WORDS].into_iter().zip(said).collect::<Vec<_>>();
    view! { <Say does kind=REFLECTION to fields/> }
}
