//! My young people: who has said yes, who waits, what is due and what is new, and who has not answered yet.

use super::order::{Choice, First, Only};
use super::stand_in::StandingIn;
use super::young::Young;
use super::{StaffPage, words};
use crate::components::{Icon, Labelled, Problem, Rows, live};
use crate::routes::StaffPlace;
use crate::state::staff::{use_desk, while_shown};
use crate::state::{Failure, describe, now};
use crate::texts::{Text, text, words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use protocol::{StaffInvitationView, YoungPeopleView, YoungPersonView};
use std::collections::{BTreeMap, BTreeSet};

/// What is shown of each young person, which follows what the server says while the row stays.
type People = BTreeMap<String, ArcRwSignal<YoungPersonView>>;

#[component]
pub fn DeskPage() -> impl IntoView {
    let desk = use_desk();
    let list = RwSignal::new(None::<YoungPeopleView>);
    let people = StoredValue::new(People::new());
    let choice = RwSignal::new(Choice::default());
    let problem = RwSignal::new(None::<Failure>);
    let look = move || async move {
        let version = list.with_untracked(|list| list.as_ref().map(|list| list.version.clone())).unwrap_or_default();
        // The page may be gone by now.
        match desk.list_young_people(&version).await {
            Ok(found) => {
                if let Some(found) = found {
                    people.try_update_value(|people| take_up(people, &found.young_people));
                    list.try_set(Some(found));
                }
                problem.try_set(None);
            }
            Err(error) => drop(problem.try_set(Some(error))),
        }
    };
    let again = while_shown(look);
    let shown = Memo::new(move |_| {
        let choice = choice.get();
        list.with(|list| list.as_ref().map(|list| choice.of(&list.young_people, now())).unwrap_or_default())
    });
    let row = move |id: String| {
        let young = people.with_value(|people| people.get(&id).cloned());
        young.map(|young| view! { <Young young again/> }).into_any()
    };
    let standing_in =
        Memo::new(move |_| list.with(|list| list.as_ref().map(|list| list.standing_in.clone()).unwrap_or_default()));
    let count = move || list.with(|list| list.as_ref().map(|list| list.young_people.len()));
    let has_any = move || count().is_some_and(|count| count != 0);
    let told = move || {
        let (some, all) = (shown.with(Vec::len), count().unwrap_or_default());
        match some {
            0 => Some(text!(staff_found_none).get().to_owned()),
            _ if some < all => Some(words!(staff_shown, n = some, all = all)()),
            _ => None,
        }
    };
    view! {
        <StaffPage title=text!(staff_people_title)>
            <p class="desk-links">
                <A href=StaffPlace::Invite.path() attr:class="button primary">
                    <Icon name="plus"/>
                    {text!(staff_invite)}
                </A>
                <A href=StaffPlace::Profile.path() attr:class="button quiet">
                    {text!(staff_profile)}
                </A>
                <A href=StaffPlace::Guides.path() attr:class="button quiet">
                    {text!(staff_guides)}
                </A>
            </p>
            <Problem text=Signal::derive(move || problem.get().map(words::problem))/>
            <Show when=move || count() == Some(0)>
                <p class="card">{text!(staff_people_none)}</p>
            </Show>
            <Show when=has_any>
                <Tools list choice/>
                <p class="soft" role="status">
                    {live(told)}
                </p>
            </Show>
            <ul class="desk-list">
                <Rows keys=shown row/>
            </ul>
            <StandingIn list=standing_in/>
            <Show when=move || list.with(|list| list.as_ref().is_some_and(|list| !list.invitations.is_empty()))>
                <h2>{text!(staff_invitations)}</h2>
                <ul class="desk-list">
                    {move || {
                        let all = list.get().map(|list| list.invitations).unwrap_or_default();
                        all.into_iter().map(|one| view! { <Open invitation=one again=again/> }).collect_view()
                    }}
                </ul>
            </Show>
        </StaffPage>
    }
}

/// Rows that are there stay; what is the same about them is not said again.
fn take_up(people: &mut People, found: &[YoungPersonView]) {
    let ids: BTreeSet<&String> = found.iter().map(|young| &young.id).collect();
    people.retain(|id, _| ids.contains(id));
    for young in found {
        match people.get(&young.id) {
            Some(known) if known.with_untracked(|known| known == young) => {}
            Some(known) => known.set(young.clone()),
            None => drop(people.insert(young.id.clone(), ArcRwSignal::new(young.clone()))),
        }
    }
}

fn first_name(first: First) -> Text {
    match first {
        First::News => text!(staff_sort_news),
        First::Meeting => text!(staff_sort_meeting),
        First::Name => text!(staff_sort_name),
        First::Consent => text!(staff_sort_consent),
    }
}

fn only_words(only: Only, n: usize) -> String {
    match only {
        Only::MeetingSoon => words!(staff_only_meetings, n = n)(),
        Only::Consent => words!(staff_only_consents, n = n)(),
        Only::News => words!(staff_only_news, n = n)(),
    }
}

/// What there is to see at a glance, which leaves the others out when it is tapped; finding somebody by name; and the order.
#[component]
fn Tools(list: RwSignal<Option<YoungPeopleView>>, choice: RwSignal<Choice>) -> impl IntoView {
    let only = move |only: Only| {
        let count = move || {
            let now = now();
            let all = |list: &YoungPeopleView| list.young_people.iter().filter(|young| only.takes(young, now)).count();
            list.with(|list| list.as_ref().map_or(0, all))
        };
        let is_on = move || choice.with(|choice| choice.only == Some(only));
        let press = move |_| {
            choice.update(|choice| choice.only = if choice.only == Some(only) { None } else { Some(only) });
        };
        view! {
            <button class="button quiet" type="button" aria-pressed=move || is_on().to_string() on:click=press>
                {live(move || only_words(only, count()))}
            </button>
        }
    };
    let option = |first: First| {
        view! { <option value=first.name()>{first_name(first)}</option> }
    };
    let sort = move |name: String| {
        if let Some(first) = First::from_name(&name) {
            choice.update(|choice| choice.first = first);
        }
    };
    view! {
        <div class="desk-tools">
            <div class="only" role="group" aria-label=text!(staff_only)>
                {Only::ALL.map(only).collect_view()}
            </div>
            <Labelled label=text!(staff_search)>
                <input
                    class="field"
                    type="search"
                    name="search"
                    autocomplete="off"
                    prop:value=move || choice.with(|choice| choice.search.clone())
                    on:input:target=move |event| choice.update(|choice| choice.search = event.target().value())
                />
            </Labelled>
            <Labelled label=text!(staff_sort)>
                <select
                    class="field"
                    name="sort"
                    prop:value=move || choice.with(|choice| choice.first.name())
                    on:change:target=move |event| sort(event.target().value())
                >
                    {First::ALL.map(option).collect_view()}
                </select>
            </Labelled>
        </div>
    }
}

#[component]
fn Open(invitation: StaffInvitationView, again: Callback<()>) -> impl IntoView {
    let desk = use_desk();
    let id = StoredValue::new(invitation.id.clone());
    let delete = move |_| {
        spawn_local(async move {
            // Gone or not, the list says how it stands.
            let _ = desk.delete_invitation(&id.get_value()).await;
            again.run(());
        });
    };
    view! {
        <li class="card young">
            <h3>{invitation.label.clone()}</h3>
            <p class="soft">{words!(staff_invitation_until, day = describe(invitation.expires_at))}</p>
            <button class="button quiet" on:click=delete>
                {text!(staff_invitation_delete)}
            </button>
        </li>
    }
}
