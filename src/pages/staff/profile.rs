//! What a contact tells about themselves, as they write it. It stays in the fields until it is kept, or the page is left.

use super::stand_in::StandInCard;
use super::{StaffPage, words};
use crate::components::{Button, Labelled, Problem, SendButton};
use crate::routes::StaffPlace;
use crate::state::staff::use_desk;
use crate::texts::{Text, text};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use leptos_router::components::A;
use plan::limits::{MAX_ABOUT, MAX_HOURS};
use protocol::ProfileView;

#[component]
pub fn ProfilePage() -> impl IntoView {
    let desk = use_desk();
    // What stands in the fields, and what the server has: nothing of either before it has answered.
    let draft = RwSignal::new(None::<ProfileView>);
    let kept = RwSignal::new(None::<ProfileView>);
    let has_saved = RwSignal::new(false);
    let problem = RwSignal::new(None::<TextProp>);
    let busy = RwSignal::new(false);
    let fetch = move || {
        spawn_local(async move {
            // The page may be gone by now.
            match desk.find_profile().await {
                Ok(found) => {
                    problem.try_set(None);
                    kept.try_set(Some(found.clone()));
                    draft.try_set(Some(found));
                }
                Err(error) => drop(problem.try_set(Some(words::problem(error)))),
            }
        });
    };
    fetch();
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(sending) = draft.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            let done = desk.update_profile(&sending).await;
            busy.try_set(false);
            match done {
                // What was written meanwhile stays, and is not said to be kept.
                Ok(()) => {
                    problem.try_set(None);
                    has_saved.try_set(true);
                    kept.try_set(Some(sending));
                }
                Err(error) => drop(problem.try_set(Some(words::unsent("profile", error)))),
            }
        });
    };
    let is_here = Memo::new(move |_| draft.with(Option::is_some));
    let is_kept = move || has_saved.get() && draft.get() == kept.get();
    view! {
        <StaffPage title=text!(staff_profile)>
            <p class="narrow">{text!(staff_profile_lead)}</p>
            <Show
                when=move || is_here.get()
                fallback=move || {
                    view! {
                        <Problem text=problem/>
                        <Show when=move || problem.with(Option::is_some)>
                            <p>
                                <Button look="quiet" text=text!(try_again) on_press=move |()| fetch()/>
                            </p>
                        </Show>
                    }
                }
            >
                <form class="card narrow" on:submit=save>
                    <Part draft name="about" most=MAX_ABOUT label=text!(staff_profile_about) help=text!(staff_profile_about_help)/>
                    <Part draft name="hours" most=MAX_HOURS label=text!(staff_profile_hours) help=text!(staff_profile_hours_help)/>
                    <Part draft name="away" most=MAX_HOURS label=text!(staff_profile_away) help=text!(staff_profile_away_help)/>
                    <Problem text=problem/>
                    <SendButton text=text!(staff_profile_save) busy/>
                    <p class="soft" role="status">
                        {move || is_kept().then(|| text!(staff_profile_saved).get())}
                    </p>
                </form>
            </Show>
            <StandInCard/>
            <p>
                <A href=StaffPlace::Desk.path() attr:class="button quiet">
                    {text!(staff_back)}
                </A>
            </p>
        </StaffPage>
    }
}

/// One of the three, by its name.
fn field<'a>(profile: &'a mut ProfileView, name: &str) -> &'a mut String {
    match name {
        "about" => &mut profile.about,
        "hours" => &mut profile.hours,
        _ => &mut profile.away,
    }
}

#[component]
fn Part(
    draft: RwSignal<Option<ProfileView>>,
    name: &'static str,
    /// Characters that there is room for.
    most: usize,
    label: Text,
    help: Text,
) -> impl IntoView {
    let value = move || draft.get().map(|mut profile| std::mem::take(field(&mut profile, name))).unwrap_or_default();
    let write = move |text: String| {
        draft.update(|draft| {
            if let Some(profile) = draft {
                *field(profile, name) = text;
            }
        });
    };
    let rows = if most == MAX_ABOUT { "8" } else { "3" };
    view! {
        <div class="stack">
            <Labelled label>
                <textarea
                    class="field"
                    lang=""
                    name=name
                    rows=rows
                    maxlength=most.to_string()
                    prop:value=value
                    on:input:target=move |event| write(event.target().value())
                ></textarea>
            </Labelled>
            <p class="soft">{help}</p>
        </div>
    }
}
