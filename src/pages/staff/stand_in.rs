//! Who stands in for the contact: a colleague who reads and answers their messages for a while. And whom the contact stands in for.

use super::words;
use crate::components::{Button, Labelled, Problem, SendButton, Show, live};
use crate::routes::StaffPlace;
use crate::state::describe_day;
use crate::state::staff::{today, use_desk};
use crate::texts::{text, words};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use leptos_router::components::A;
use protocol::{ColleagueView, OwnStandInView, StandInRequest, StandInView, StandingInView};

/// Naming somebody, and seeing who it is now.
#[component]
pub fn StandInCard() -> impl IntoView {
    let desk = use_desk();
    let own = RwSignal::new(None::<OwnStandInView>);
    let problem = RwSignal::new(None::<TextProp>);
    let busy = RwSignal::new(false);
    let staff = RwSignal::new(String::new());
    let until = RwSignal::new(String::new());
    // The page may be gone by the time it is answered.
    let take = move |answer: Result<OwnStandInView, _>| match answer {
        Ok(found) => {
            problem.try_set(None);
            own.try_set(Some(found));
        }
        Err(error) => drop(problem.try_set(Some(words::problem(error)))),
    };
    let find = move |()| spawn_local(async move { take(desk.find_stand_in().await) });
    find(());
    let name = move |event: SubmitEvent| {
        event.prevent_default();
        let request = StandInRequest { staff: staff.get_untracked(), until: until.get_untracked() };
        if request.staff.is_empty() || request.until.is_empty() {
            return problem.set(Some(text!(staff_stand_in_missing).into()));
        }
        busy.set(true);
        spawn_local(async move {
            let done = desk.name_stand_in(&request).await;
            busy.try_set(false);
            take(done);
        });
    };
    let end = move |()| spawn_local(async move { take(desk.end_stand_in().await) });
    let now = move || own.with(|own| own.as_ref().and_then(|own| own.stand_in.clone()));
    let colleagues = Memo::new(move |_| own.get().map(|own| own.colleagues).unwrap_or_default());
    let told = move |StandInView { name, until, .. }: StandInView| {
        let day = move || describe_day(&until).unwrap_or_default();
        view! {
            <p id="stand-in-now">{live(words!(staff_stand_in_now, name = name.clone(), day = day()))}</p>
            <p>
                <Button look="quiet" text=text!(staff_stand_in_end) on_press=end/>
            </p>
        }
    };
    let option = |ColleagueView { id, name }: ColleagueView| view! { <option value=id>{name}</option> };
    view! {
        <section class="card narrow stack" id="stand-in">
            <h2>{text!(staff_stand_in_title)}</h2>
            <p>{text!(staff_stand_in_lead)}</p>
            <div class="stack" role="status">
                {live(move || now().map(told))}
            </div>
            <Show
                when=move || own.with(Option::is_none) || colleagues.with(|all| !all.is_empty())
                fallback=move || view! { <p class="soft">{text!(staff_stand_in_nobody)}</p> }
            >
                <form class="stack" on:submit=name>
                    <Labelled label=text!(staff_stand_in_who)>
                        <select
                            class="field"
                            name="stand-in"
                            prop:value=move || staff.get()
                            on:change:target=move |event| staff.set(event.target().value())
                        >
                            <option value="">{text!(staff_stand_in_choose)}</option>
                            {live(move || colleagues.get().into_iter().map(option).collect_view())}
                        </select>
                    </Labelled>
                    <Labelled label=text!(staff_stand_in_until)>
                        <input
                            class="field"
                            type="date"
                            name="stand-in-until"
                            min=today()
                            prop:value=move || until.get()
                            on:input:target=move |event| until.set(event.target().value())
                        />
                    </Labelled>
                    <SendButton text=text!(staff_stand_in_save) busy/>
                </form>
            </Show>
            <Problem text=problem/>
            <Show when=move || own.with(Option::is_none) && problem.with(Option::is_some)>
                <p>
                    <Button look="quiet" text=text!(try_again) on_press=find/>
                </p>
            </Show>
        </section>
    }
}

/// Whose messages the one who is signed in reads and answers for somebody else.
#[component]
pub fn StandingIn(#[prop(into)] list: Signal<Vec<StandingInView>>) -> impl IntoView {
    let one = |StandingInView { contact, contact_name, young, label, has_messages, until }: StandingInView| {
        let day = move || describe_day(&until).unwrap_or_default();
        view! {
            <li class="card young">
                <h3>{label}</h3>
                <p class="soft">{live(words!(staff_standing_in_for, name = contact_name.clone(), day = day()))}</p>
                {has_messages.then(|| view! { <p class="badge">{text!(staff_messages_new)}</p> })}
                <p class="desk-links">
                    <A
                        href=StaffPlace::StandIn { contact: &contact, young: &young }.path()
                        attr:class="button primary"
                        attr:id=format!("stand-in-{young}")
                    >
                        {text!(staff_messages_open)}
                    </A>
                </p>
            </li>
        }
    };
    view! {
        <Show when=move || list.with(|list| !list.is_empty())>
            <section class="stack">
                <h2>{text!(staff_standing_in)}</h2>
                <ul class="desk-list">{live(move || list.get().into_iter().map(one).collect_view())}</ul>
            </section>
        </Show>
    }
}
