//! An invitation: on the screen to be scanned, or on paper to be given.

use super::{StaffPage, words};
use crate::components::{Labelled, Problem};
use crate::state::describe;
use crate::state::staff::{print, use_desk};
use crate::texts as t;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use protocol::StaffInvitationView;

#[component]
pub fn InvitePage() -> impl IntoView {
    let desk = use_desk();
    let label = RwSignal::new(String::new());
    let made = RwSignal::new(None::<StaffInvitationView>);
    let problem = RwSignal::new(None::<String>);
    let create = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = label.with_untracked(|label| label.trim().to_owned());
        if name.is_empty() {
            return problem.set(Some(t::STAFF_INVITE_LABEL_MISSING.to_owned()));
        }
        spawn_local(async move {
            match desk.create_invitation(name).await {
                Ok(view) => made.set(Some(view)),
                Err(error) => problem.set(Some(words::problem(error))),
            }
        });
    };
    view! {
        <StaffPage title=t::STAFF_INVITE_TITLE>
            {move || match made.get() {
                Some(view) => view! { <Invitation view=view/> }.into_any(),
                None => {
                    view! {
                        <form class="card narrow" on:submit=create>
                            <p>{t::STAFF_INVITE_LEAD}</p>
                            <Labelled label=t::STAFF_INVITE_LABEL>
                                <input
                                    class="field"
                                    type="text"
                                    name="label"
                                    maxlength="80"
                                    prop:value=move || label.get()
                                    on:input:target=move |event| label.set(event.target().value())
                                />
                            </Labelled>
                            <Problem text=problem/>
                            <button class="button primary">{t::STAFF_INVITE_DO}</button>
                        </form>
                    }
                        .into_any()
                }
            }}
            <p class="no-print">
                <A href="/personale" attr:class="button quiet">
                    {t::STAFF_BACK}
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
            <h2>{t::STAFF_PAPER_TITLE}</h2>
            <p>{t::STAFF_PAPER_TEXT}</p>
            <p>{from}</p>
            {view
                .qr
                .map(|qr| {
                    view! {
                        <svg
                            class="qr"
                            role="img"
                            aria-label=t::STAFF_QR
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
            <p class="soft">{t::STAFF_INVITATION_UNTIL.replace("{day}", &describe(view.expires_at))}</p>
            <button class="button primary no-print" on:click=move |_| print()>
                {t::STAFF_PRINT}
            </button>
        </section>
    }
}
