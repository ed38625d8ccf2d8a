//! A code from a contact, or from the young person's other phone: who is it from, what may they see, yes or no.

use super::frame::Page;
use super::parts::PartTicks;
use super::words;
use crate::components::{Notice, Tone};
use crate::routes;
use crate::state::{Session, code_in_link, describe, now};
use crate::texts as t;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use plan::consent::{Birthdays, Custody};
use plan::{Day, Parts};
use protocol::{Code, InvitationKind, InvitationView};

/// Where the reader has come to.
#[derive(Clone, PartialEq)]
enum Step {
    Code,
    Asked(String, InvitationView),
    /// Yes was said; under 15 it waits for the custody holder.
    Given { waits: bool },
    Added,
    No,
}

#[component]
pub fn CodePage() -> impl IntoView {
    let step = RwSignal::new(Step::Code);
    view! {
        <Page title=t::CODE_TITLE>
            {move || match step.get() {
                Step::Code => view! { <Ask step=step/> }.into_any(),
                Step::Asked(code, view) => {
                    match view.kind {
                        InvitationKind::Contact => view! { <Decide step=step code=code from=view/> }.into_any(),
                        InvitationKind::Device => view! { <Join step=step code=code/> }.into_any(),
                    }
                }
                Step::Given { waits } => {
                    let text = if waits { t::GIVEN_WAITS } else { t::GIVEN };
                    view! { <End text=text/> }.into_any()
                }
                Step::Added => view! { <End text=t::DEVICE_ADDED/> }.into_any(),
                Step::No => view! { <End text=t::SAID_NO/> }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn End(text: &'static str) -> impl IntoView {
    view! {
        <section class="card">
            <p class="lead" role="status">
                {text}
            </p>
            <A href=routes::SHARE attr:class="button primary">
                {t::GIVEN_SEE}
            </A>
        </section>
    }
}

#[component]
fn Ask(step: RwSignal<Step>) -> impl IntoView {
    let session = Session::get();
    let code = RwSignal::new(code_in_link());
    let problem = RwSignal::new(None::<&'static str>);
    let busy = RwSignal::new(false);
    let look = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(typed) = code.with_untracked(|code| code.parse::<Code>()) else {
            return problem.set(Some(t::ERROR_NOT_A_CODE));
        };
        busy.set(true);
        spawn_local(async move {
            match session.find_invitation(typed.as_str().to_owned()).await {
                Ok(view) => step.set(Step::Asked(typed.as_str().to_owned(), view)),
                Err(error) => problem.set(Some(words::share_error(error))),
            }
            busy.set(false);
        });
    };
    view! {
        <form class="card" on:submit=look>
            <p>{t::CODE_LEAD}</p>
            <label class="stack">
                <span class="label">{t::CODE_LABEL}</span>
                <input
                    class="field code"
                    type="text"
                    name="code"
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    placeholder="ABCDE-12345"
                    prop:value=move || code.get()
                    on:input:target=move |event| code.set(event.target().value())
                />
            </label>
            {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
            <button class="button primary" disabled=move || busy.get()>
                {t::CODE_GO}
            </button>
        </form>
    }
}

#[component]
fn Decide(step: RwSignal<Step>, code: String, from: InvitationView) -> impl IntoView {
    let session = Session::get();
    let parts = RwSignal::new(Parts::NONE);
    let birth = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<&'static str>);
    let busy = RwSignal::new(false);
    let born = Memo::new(move |_| {
        let known = session.sharing.birthdays.get();
        known.or_else(|| birth.with(|birth| birth.parse::<Day>().ok()).map(Birthdays::from_birth))
    });
    let under_15 = move || born.get().is_some_and(|born| born.is_under_15(now()));
    let code = StoredValue::new(code);
    let yes = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(born) = born.get_untracked() else { return problem.set(Some(t::ERROR_BIRTHDAY)) };
        let parts = parts.get_untracked();
        if parts.is_empty() {
            return problem.set(Some(t::ERROR_NO_PARTS));
        }
        busy.set(true);
        spawn_local(async move {
            match session.give_consent(&code.get_value(), born, parts).await {
                Ok(consent) => step.set(Step::Given { waits: consent.custody == Custody::Waiting }),
                Err(error) => problem.set(Some(words::share_error(error))),
            }
            busy.set(false);
        });
    };
    view! {
        <form class="stack" on:submit=yes>
            <section class="card from">
                <p class="soft">{t::FROM_LABEL}</p>
                <h2>{from.name.clone()}</h2>
                <p>{from.unit.clone()}</p>
                <p class="soft">{t::FROM_UNTIL.replace("{day}", &describe(from.expires_at))}</p>
            </section>
            <section class="card consent-text">
                {t::CONSENT_TEXT.split(". ").map(sentence).collect_view()}
            </section>
            <Show when=move || session.sharing.birthdays.get().is_none()>
                <section class="card">
                    <label class="stack">
                        <span class="label">{t::BIRTH_LABEL}</span>
                        <input
                            class="field"
                            type="date"
                            name="birth"
                            prop:value=move || birth.get()
                            on:input:target=move |event| birth.set(event.target().value())
                        />
                    </label>
                    <p class="soft">{t::BIRTH_HELP}</p>
                </section>
            </Show>
            <Show when=under_15>
                <Notice tone=Tone::Calm>
                    <p>{t::CONSENT_UNDER_15}</p>
                </Notice>
            </Show>
            <section class="card">
                <PartTicks legend=t::PARTS_LEGEND.replace("{name}", &from.name) parts=parts/>
            </section>
            {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
            <div class="decide">
                <button class="button quiet" type="button" on:click=move |_| step.set(Step::No)>
                    {t::CONSENT_NO}
                </button>
                <button class="button primary" disabled=move || busy.get()>
                    {t::CONSENT_YES}
                </button>
            </div>
        </form>
    }
}

fn sentence(text: &'static str) -> impl IntoView {
    view! { <p>{text.trim_end_matches('.')} "."</p> }
}

#[component]
fn Join(step: RwSignal<Step>, code: String) -> impl IntoView {
    let session = Session::get();
    let problem = RwSignal::new(None::<&'static str>);
    let join = move |_| {
        let code = code.clone();
        spawn_local(async move {
            match session.add_this_device(&code).await {
                Ok(()) => step.set(Step::Added),
                Err(error) => problem.set(Some(words::share_error(error))),
            }
        });
    };
    view! {
        <section class="card">
            <h2>{t::JOIN_TITLE}</h2>
            <p>{t::JOIN_TEXT}</p>
            {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
            <button class="button primary" on:click=join>{t::JOIN_DO}</button>
        </section>
    }
}
