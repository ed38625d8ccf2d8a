//! An invitation: on the screen to be scanned, or on paper to be given.

use super::{StaffPage, words};
use crate::components::{Labelled, Problem, live};
use crate::routes::StaffPlace;
use crate::state::describe;
use crate::state::print_page;
use crate::state::staff::use_desk;
use crate::texts::{text, words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use leptos_router::components::A;
use protocol::StaffInvitationView;

#[component]
pub fn InvitePage() -> impl IntoView {
    let desk = use_desk();
    let label = RwSignal::new(String::new());
    let made = RwSignal::new(None::<StaffInvitationView>);
    let problem = RwSignal::new(None::<TextProp>);
    let create = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = label.with_untracked(|label| label.trim().to_owned());
        if name.is_empty() {
            return problem.set(Some(text!(staff_invite_label_missing).into()));
        }
        spawn_local(async move {
            match desk.create_invitation(name).await {
                Ok(view) => made.set(Some(view)),
                Err(error) => problem.set(Some(words::problem(error))),
            }
        });
    };
    view! {
        <StaffPage title=text!(staff_invite_title)>
            {live(move || match made.get() {
                Some(view) => view! { <Invitation view=view/> }.into_any(),
                None => {
                    view! {
                        <form class="card narrow" on:submit=create>
                            <p>{text!(staff_invite_lead)}</p>
                            <Labelled label=text!(staff_invite_label)>
                                <input
                                    class="field"
                                    lang=""
                                    type="text"
                                    name="label"
                                    maxlength="80"
                                    prop:value=move || label.get()
                                    on:input:target=move |event| label.set(event.target().value())
                                />
                            </Labelled>
                            <Problem text=problem/>
                            <button class="button primary">{text!(staff_invite_do)}</button>
                        </form>
                    }
                        .into_any()
                }
            })}
            <p class="no-print">
                <A href=StaffPlace::Desk.path() attr:class="button quiet">
                    {text!(staff_back)}
                </A>
            </p>
        </StaffPage>
    }
}

#[component]
fn Invitation(view: StaffInvitationView) -> impl IntoView {
    let desk = use_desk();
    let from = desk.who.with_untracked(|who| who.as_ref().map(|who| format!("{} · {}", who.name, who.unit)));
    view! {
        <section class="card invitation">
            <h2>{text!(staff_paper_title)}</h2>
            <p>{text!(staff_paper_text)}</p>
            <p>{from}</p>
            {view
                .qr
                .map(|qr| {
                    view! {
                        <svg
                            class="qr"
                            role="img"
                            aria-label=text!(staff_qr)
                            viewBox=format!("0 0 {0} {0}", qr.size)
                            shape-rendering="crispEdges"
                        >
                            <path d=qr.path/>
                        </svg>
                    }
                })}
            <p class="big-code" translate="no">
                {view.code}
            </p>
            <p class="link">{view.link}</p>
            <p class="soft">{words!(staff_invitation_until, day = describe(view.expires_at))}</p>
            <button class="button primary no-print" on:click=move |_| print_page()>
                {text!(staff_print)}
            </button>
        </section>
    }
}
