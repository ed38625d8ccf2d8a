//! My young people: who has said yes, who waits, what is new, and who has not answered yet.

use super::{StaffPage, words};
use crate::components::{Icon, Labelled, Problem};
use crate::state::staff::{today, use_desk, while_shown};
use crate::state::{Failure, describe};
use crate::texts::{text, words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use leptos_router::components::A;
use plan::Part;
use protocol::{StaffInvitationView, StatusView, YoungPeopleView, YoungPersonView};

#[component]
pub fn DeskPage() -> impl IntoView {
    let desk = use_desk();
    let people = RwSignal::new(None::<YoungPeopleView>);
    let problem = RwSignal::new(None::<Failure>);
    let look = move || async move {
        match desk.list_young_people().await {
            // Setting what is there already would take the focus from a form that is being filled in.
            Ok(found) => {
                let same = people.with_untracked(|known| {
                    known.as_ref().is_some_and(|known| {
                        known.young_people == found.young_people && known.invitations == found.invitations
                    })
                });
                if !same {
                    people.set(Some(found));
                }
                problem.set(None);
            }
            Err(error) => problem.set(Some(error)),
        }
    };
    let again = while_shown(look);
    view! {
        <StaffPage title=text!(staff_people_title)>
            <p>
                <A href="/personale/inviter" attr:class="button primary">
                    <Icon name="plus"/>
                    {text!(staff_invite)}
                </A>
            </p>
            <Problem text=Signal::derive(move || problem.get().map(words::problem))/>
            <Show when=move || people.with(|people| people.as_ref().is_some_and(|p| p.young_people.is_empty()))>
                <p class="card">{text!(staff_people_none)}</p>
            </Show>
            <ul class="desk-list">
                {move || {
                    let all = people.get().map(|people| people.young_people).unwrap_or_default();
                    all.into_iter().map(|young| view! { <Young young=young again=again/> }).collect_view()
                }}
            </ul>
            <Show when=move || people.with(|people| people.as_ref().is_some_and(|p| !p.invitations.is_empty()))>
                <h2>{text!(staff_invitations)}</h2>
                <ul class="desk-list">
                    {move || {
                        let all = people.get().map(|people| people.invitations).unwrap_or_default();
                        all.into_iter().map(|one| view! { <Open invitation=one again=again/> }).collect_view()
                    }}
                </ul>
            </Show>
        </StaffPage>
    }
}

#[component]
fn Young(young: YoungPersonView, again: Callback<()>) -> impl IntoView {
    let href = format!("/personale/ung/{}", young.id);
    let messages = format!("{href}/beskeder");
    let writes =
        young.status == StatusView::Active && young.consent.parts.iter().any(|part| part == Part::Messages.name());
    let custody = young.status == StatusView::WaitingForCustody;
    view! {
        <li class="card young">
            <h2>{young.label.clone()}</h2>
            <p class="soft">{words::status(young.status)}</p>
            {young.has_messages.then(|| view! { <p class="badge">{text!(staff_messages_new)}</p> })}
            {young.has_news.then(|| view! { <p class="badge">{text!(staff_news)}</p> })}
            {(young.status == StatusView::Active)
                .then(|| {
                    view! {
                        <A href=href attr:class="button primary">
                            {text!(staff_read)}
                        </A>
                    }
                })}
            {writes
                .then(|| {
                    view! {
                        <A href=messages attr:class="button quiet">
                            {text!(staff_messages_open)}
                        </A>
                    }
                })}
            {custody.then(|| view! { <Custody id=young.id.clone() again=again/> })}
        </li>
    }
}

/// What the custody holder has said, recorded by the contact.
#[component]
fn Custody(id: String, again: Callback<()>) -> impl IntoView {
    let desk = use_desk();
    let given_by = RwSignal::new(String::new());
    let on = RwSignal::new(today());
    let problem = RwSignal::new(None::<TextProp>);
    let id = StoredValue::new(id);
    let record = move |yes: bool| {
        if given_by.with_untracked(|by| by.trim().is_empty()) {
            return problem.set(Some(text!(staff_custody_who_missing).into()));
        }
        spawn_local(async move {
            let by = given_by.with_untracked(|by| by.trim().to_owned());
            match desk.record_custody(&id.get_value(), yes, by, on.get_untracked()).await {
                Ok(()) => again.run(()),
                Err(error) => problem.set(Some(words::problem(error))),
            }
        });
    };
    view! {
        <form class="custody" on:submit=move |event| event.prevent_default()>
            <p>{text!(staff_custody_lead)}</p>
            <Labelled label=text!(staff_custody_who)>
                <input
                    class="field"
                    type="text"
                    name="given_by"
                    maxlength="80"
                    prop:value=move || given_by.get()
                    on:input:target=move |event| given_by.set(event.target().value())
                />
            </Labelled>
            <Labelled label=text!(staff_custody_day)>
                <input
                    class="field"
                    type="date"
                    prop:value=move || on.get()
                    on:input:target=move |event| on.set(event.target().value())
                />
            </Labelled>
            <Problem text=problem/>
            <div class="decide">
                <button class="button quiet" type="button" on:click=move |_| record(false)>
                    {text!(staff_custody_no)}
                </button>
                <button class="button primary" type="button" on:click=move |_| record(true)>
                    {text!(staff_custody_yes)}
                </button>
            </div>
        </form>
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
