//! A code from a contact, or from the young person's other phone: who is it from, what may they see, yes or no.

use super::contact::{AboutContact, about_title};
use super::frame::Frame;
use super::parts::PartTicks;
use super::words;
use crate::components::{Button, Labelled, Link, Notice, Problem, SendButton, Show, Tone, live};
use crate::routes::Place;
use crate::state::{Failure, code_in_link, describe, now, use_question, use_session};
use crate::texts::{Text, text, words};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use plan::consent::{Birthdays, Custody};
use plan::{Consent, Day, Parts, Profile};
use protocol::{Code, InvitationKind, InvitationView};

/// Where the reader has come to.
#[derive(Clone, PartialEq)]
enum Step {
    Code,
    Asked(String, InvitationView),
    /// It has been answered, one way or another.
    End(Answered),
}

#[derive(Clone, Copy, PartialEq)]
enum Answered {
    Yes,
    /// Somebody else has to say it, too.
    YesWaits,
    No,
    Joined,
}

impl Answered {
    fn title(self) -> Text {
        match self {
            Self::Yes | Self::YesWaits => text!(given_title),
            Self::No => text!(said_no_title),
            Self::Joined => text!(join_title),
        }
    }

    fn text(self) -> Text {
        match self {
            Self::Yes => text!(given),
            Self::YesWaits => text!(given_waits),
            Self::No => text!(said_no),
            Self::Joined => text!(device_added),
        }
    }
}

#[component]
pub fn CodePage() -> impl IntoView {
    let step = RwSignal::new(Step::Code);
    let title = move || match step.get() {
        Step::Code => text!(code_title),
        Step::End(answered) => answered.title(),
        Step::Asked(_, from) if from.kind == InvitationKind::Contact => text!(decide_title),
        Step::Asked(..) => text!(join_title),
    };
    let body = move || match step.get() {
        Step::Code => view! { <Ask step/> }.into_any(),
        Step::Asked(code, from) if from.kind == InvitationKind::Contact => {
            view! { <Decide step code from/> }.into_any()
        }
        Step::Asked(code, _) => view! { <Join step code/> }.into_any(),
        Step::End(answered) => view! { <End text=answered.text()/> }.into_any(),
    };
    view! {
        <Frame title>
            <div class="stack">{live(body)}</div>
        </Frame>
    }
}

#[component]
fn End(text: Text) -> impl IntoView {
    view! {
        <section class="card">
            <p class="lead" role="status">
                {text}
            </p>
            <Link to=Place::Share look="button primary" text=text!(given_see)/>
        </section>
    }
}

fn fail(wrong: RwSignal<Option<TextProp>>, error: Failure) {
    wrong.try_set(Some(words::share_error(error).into()));
}

/// Which code?
#[component]
fn Ask(step: RwSignal<Step>) -> impl IntoView {
    let session = use_session();
    let code = RwSignal::new(code_in_link());
    let wrong = RwSignal::new(None::<TextProp>);
    let busy = RwSignal::new(false);
    let question = use_question();
    let look = move |event: SubmitEvent| {
        event.prevent_default();
        let Ok(typed) = code.with_untracked(|code| code.parse::<Code>()) else {
            return wrong.set(Some(text!(error_not_a_code).into()));
        };
        busy.set(true);
        spawn_local(async move {
            let ask = async |stop: &_| session.find_invitation(stop, typed.as_str().to_owned()).await;
            let Some(found) = question.answer(ask).await else { return };
            busy.try_set(false);
            match found {
                Ok(from) => drop(step.try_set(Step::Asked(typed.as_str().to_owned(), from))),
                Err(error) => fail(wrong, error),
            }
        });
    };
    view! {
        <form class="card" on:submit=look>
            <p>{text!(code_lead)}</p>
            <Labelled label=text!(code_label)>
                <input
                    class="field code"
                    type="text"
                    name="code"
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    placeholder="ABCDE-12345"
                    prop:value=code.get_untracked()
                    on:input:target=move |event| code.set(event.target().value())
                />
            </Labelled>
            <Problem text=wrong/>
            <SendButton text=text!(code_go) busy/>
        </form>
    }
}

/// Yes or no to a contact.
#[component]
fn Decide(step: RwSignal<Step>, code: String, from: InvitationView) -> impl IntoView {
    let session = use_session();
    let code = StoredValue::new(code);
    let parts = RwSignal::new(Parts::NONE);
    let birth = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<TextProp>);
    let busy = RwSignal::new(false);
    let known = session.sharing.birthdays;
    let born = move || known.get().or_else(|| birth.with(|birth| birth.parse::<Day>().ok()).map(Birthdays::from_birth));
    let heard = move |outcome: Result<String, Failure>| {
        // The page may be gone by now.
        busy.try_set(false);
        match outcome {
            Ok(id) => {
                let waits = |consent: &Consent| consent.id == id && consent.custody == Custody::Waiting;
                let waits = session.sharing.consents.with_untracked(|all| all.iter().any(waits));
                step.try_set(Step::End(if waits { Answered::YesWaits } else { Answered::Yes }));
            }
            Err(error) => fail(wrong, error),
        }
    };
    let yes = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(born) = untrack(born) else { return wrong.set(Some(text!(error_birthday).into())) };
        let parts = parts.get_untracked();
        if parts.is_empty() {
            return wrong.set(Some(text!(error_no_parts).into()));
        }
        busy.set(true);
        session.give_consent(code.get_value(), born, parts, heard);
    };
    let no = move |()| {
        // Also a yes that was said to it on a page that is gone.
        code.with_value(|code| session.take_back(code));
        step.set(Step::End(Answered::No));
    };
    let told = Profile { about: from.about, hours: from.hours, away: from.away, stand_in: None };
    let told = (told != Profile::default()).then_some(told);
    let (name, title) = (from.name.clone(), about_title(&from.name));
    let is_young = Memo::new(move |_| born().is_some_and(|born| born.is_under_15(now())));
    view! {
        <form class="stack" on:submit=yes>
            <section class="card from">
                <p class="soft">{text!(from_label)}</p>
                <h2>{from.name.clone()}</h2>
                <p>{from.unit}</p>
                <p class="soft">{live(words!(from_until, day = describe(from.expires_at)))}</p>
            </section>
            {told
                .map(|told| {
                    view! {
                        <section class="card">
                            <h2>{live(title)}</h2>
                            <AboutContact name told/>
                        </section>
                    }
                })}
            <section class="card consent-text">
                {live(|| text!(consent_text).get().lines().map(|paragraph| view! { <p>{paragraph}</p> }).collect_view())}
            </section>
            <Show when=move || known.get().is_none()>
                <section class="card">
                    <Labelled label=text!(birth_label)>
                        <input
                            class="field"
                            type="date"
                            name="birth"
                            on:input:target=move |event| birth.set(event.target().value())
                        />
                    </Labelled>
                    <p class="soft">{text!(birth_help)}</p>
                </section>
            </Show>
            <Show when=move || is_young.get()>
                <Notice tone=Tone::Calm text=text!(consent_under_15)/>
            </Show>
            <section class="card">
                <PartTicks legend=words!(parts_legend, name = from.name.clone()) parts/>
            </section>
            <Problem text=wrong/>
            <div class="decide">
                <Button look="quiet" text=text!(consent_no) on_press=no/>
                <SendButton text=text!(consent_yes) busy/>
            </div>
        </form>
    }
}

/// Another phone of the young person's own.
#[component]
fn Join(step: RwSignal<Step>, code: String) -> impl IntoView {
    let session = use_session();
    let code = StoredValue::new(code);
    let wrong = RwSignal::new(None::<TextProp>);
    let join = move |()| {
        let code = code.get_value();
        spawn_local(async move {
            match session.add_this_device(code).await {
                Ok(()) => drop(step.try_set(Step::End(Answered::Joined))),
                Err(error) => fail(wrong, error),
            }
        });
    };
    view! {
        <section class="card">
            <p>{text!(join_text)}</p>
            <Problem text=wrong/>
            <Button look="primary" text=text!(join_do) on_press=join/>
        </section>
    }
}
