//! The agenda of a meeting, for a guest with a link and a code: no account, and nothing that is kept.

use crate::components::{Choices, Labelled, Problem, SendButton, Show, live};
use crate::pages::language::LanguageSwitch;
use crate::pages::words::{form_name, list_levels, question, share_error};
use crate::state::{Failure, describe_day, describe_occasion, describe_time, open_agenda, reflect, shown_link};
use crate::texts::{Text, text};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use plan::limits::MAX_TEXT;
use plan::meeting::{Form, QUESTIONS};
use protocol::{AgendaView, ErrorCode};

#[component]
pub fn GuestPage() -> impl IntoView {
    let agenda = RwSignal::new(None::<AgendaView>);
    let code = RwSignal::new(String::new());
    view! {
        <header class="desk-top no-print">
            <span class="brand">{text!(app_name)}</span>
            <LanguageSwitch/>
        </header>
        <main id="main" class="desk guest" tabindex="-1">
            {live(move || match agenda.get() {
                Some(agenda) => view! { <Agenda agenda code/> }.into_any(),
                None => view! { <Door agenda code/> }.into_any(),
            })}
        </main>
    }
}

/// The code, before there is anything to see.
#[component]
fn Door(agenda: RwSignal<Option<AgendaView>>, code: RwSignal<String>) -> impl IntoView {
    let (problem, busy) = (RwSignal::new(None::<TextProp>), RwSignal::new(false));
    let open = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(secret) = shown_link() else { return problem.set(Some(text!(guest_no_link).into())) };
        busy.set(true);
        spawn_local(async move {
            match open_agenda(secret, code.get_untracked()).await {
                Ok(read) => agenda.set(Some(read)),
                Err(Failure::Refused(ErrorCode::WrongCode)) => problem.set(Some(text!(guest_wrong).into())),
                Err(error) => problem.set(Some(share_error(error).into())),
            }
            busy.set(false);
        });
    };
    view! {
        <h1>{text!(guest_title)}</h1>
        <p class="lead">{text!(guest_lead)}</p>
        <form class="card narrow" on:submit=open>
            <Labelled label=text!(guests_code)>
                <input
                    class="field code"
                    type="text"
                    name="code"
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    prop:value=move || code.get()
                    on:input:target=move |event| code.set(event.target().value())
                />
            </Labelled>
            <Problem text=problem/>
            <SendButton text=text!(guest_open) busy/>
        </form>
    }
}

#[component]
fn Agenda(agenda: AgendaView, code: RwSignal<String>) -> impl IntoView {
    let AgendaView { form, date, time, place, points, can_reflect } = agenda;
    let has_points = !points.is_empty();
    let when = move || match describe_day(&date) {
        Some(day) => describe_occasion(day, &time),
        None => describe_time(&time),
    };
    let point = |point: String| view! { <li class="own" lang="">{point}</li> };
    view! {
        <h1>{form_name(Form::from_name(&form))}</h1>
        <section class="card">
            <p class="lead guest-when">{live(when)}</p>
            <p class="own" lang="">{place}</p>
        </section>
        <section class="card">
            <h2>{text!(guest_points)}</h2>
            <Show when=move || has_points fallback=|| view! { <p class="soft">{text!(guest_no_points)}</p> }>
                <ol class="guest-points">{points.clone().into_iter().map(point).collect_view()}</ol>
            </Show>
        </section>
        {can_reflect.then(|| view! { <Reflection code/> })}
        <section class="card">
            <Expect title=text!(guest_before) text=text!(guest_before_text)/>
            <Expect title=text!(guest_during) text=text!(guest_during_text)/>
            <Expect title=text!(guest_after) text=text!(guest_after_text)/>
        </section>
    }
}

/// The three questions that everybody is asked, from the day of the meeting on.
#[component]
fn Reflection(code: RwSignal<String>) -> impl IntoView {
    let levels = QUESTIONS.map(|_| RwSignal::new(String::new()));
    let words = RwSignal::new(String::new());
    let (problem, busy, is_sent) = (RwSignal::new(None::<TextProp>), RwSignal::new(false), RwSignal::new(false));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let said = levels.map(|level| level.get_untracked());
        if said.iter().any(String::is_empty) {
            return problem.set(Some(text!(guest_reflect_all).into()));
        }
        busy.set(true);
        spawn_local(async move {
            match reflect(code.get_untracked(), said, words.get_untracked()).await {
                Ok(()) => is_sent.set(true),
                Err(Failure::Refused(ErrorCode::Gone)) => problem.set(Some(text!(guest_reflect_gone).into())),
                Err(Failure::Refused(ErrorCode::WrongCode)) => problem.set(Some(text!(guest_wrong).into())),
                Err(error) => problem.set(Some(share_error(error).into())),
            }
            busy.set(false);
        });
    };
    let ask = move || {
        let each = QUESTIONS.into_iter().zip(levels).map(|(field, level)| {
            view! {
                <Choices
                    legend=question(field)
                    name=field
                    choices=list_levels()
                    said=level
                    on_choose=move |value: &'static str| level.set(value.to_owned())
                />
            }
        });
        view! {
            <form class="stack" on:submit=send>
                {each.collect_view()}
                <Labelled label=text!(guest_reflect_words)>
                    <textarea
                        class="field"
                        lang=""
                        rows="3"
                        maxlength=MAX_TEXT.to_string()
                        prop:value=move || words.get()
                        on:input:target=move |event| words.set(event.target().value())
                    ></textarea>
                </Labelled>
                <Problem text=problem/>
                <SendButton text=text!(guest_reflect_send) busy/>
            </form>
        }
    };
    view! {
        <section class="card stack no-print">
            <h2>{text!(guest_reflect_title)}</h2>
            <p class="soft">{text!(guest_reflect_text)}</p>
            <Show when=is_sent fallback=ask>
                <p role="status">{text!(guest_reflect_sent)}</p>
            </Show>
        </section>
    }
}

/// What a guest can expect, and what is expected of them.
#[component]
fn Expect(title: Text, text: Text) -> impl IntoView {
    view! {
        <h2>{title}</h2>
        <p>{text}</p>
    }
}
