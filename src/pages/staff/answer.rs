//! Answering a point of the agenda: yes, no or later, and why.

use super::words;
use crate::components::{Labelled, Problem, Sheet, Show};
use crate::pages::said_text;
use crate::state::staff::{draw_secret, use_desk};
use crate::texts::text;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use plan::Said;
use plan::limits::MAX_TEXT;

const HEADING: &str = "answer-title";

/// An answer as it is being written. It stays while the page does, also when the sheet is closed in between.
#[derive(Clone)]
pub struct Draft {
    /// The point, and what it says.
    pub to: String,
    pub point: String,
    pub said: Option<Said>,
    pub reason: String,
    secret: Option<String>,
}

impl Draft {
    pub fn new(to: String, point: String, said: Option<Said>, reason: String) -> Self {
        Self { to, point, said, reason, secret: draw_secret() }
    }
}

#[component]
pub fn AnswerSheet(
    /// Whose point it is.
    young: StoredValue<String>,
    draft: ArcRwSignal<Draft>,
    #[prop(into)] on_close: Callback<()>,
    /// It is said, to this point.
    #[prop(into)]
    on_said: Callback<String>,
) -> impl IntoView {
    let desk = use_desk();
    let draft = RwSignal::from(draft);
    let problem = RwSignal::new(None::<TextProp>);
    let is_sending = StoredValue::new(false);
    let needs_reason = move || draft.with(|draft| draft.said.is_some_and(Said::needs_reason));
    let choice = move |said: Said| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="said"
                    value=said.name()
                    prop:checked=move || draft.with(|draft| draft.said == Some(said))
                    on:change=move |_| {
                        draft.update(|draft| draft.said = Some(said));
                        problem.set(None);
                    }
                />
                <span>{said_text(said)}</span>
            </label>
        }
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Draft { to, said, reason, secret, .. } = draft.get_untracked();
        let Some(said) = said else { return problem.set(Some(text!(staff_answer_choose).into())) };
        if said.needs_reason() && reason.trim().is_empty() {
            return problem.set(Some(text!(staff_answer_why).into()));
        }
        let Some(secret) = secret else { return problem.set(Some(text!(staff_error_form).into())) };
        if is_sending.try_update_value(|now| std::mem::replace(now, true)) == Some(true) {
            return;
        }
        spawn_local(async move {
            let done = desk.answer(&young.get_value(), &secret, &to, said, &reason).await;
            // The sheet may be closed by now, and the page left.
            is_sending.try_set_value(false);
            match done {
                Ok(()) => drop(on_said.try_run(to)),
                Err(error) => drop(problem.try_set(Some(words::problem(error)))),
            }
        });
    };
    view! {
        <Sheet heading=HEADING on_close=on_close>
            <div class="sheet-head">
                <h2 id=HEADING>{text!(staff_answer_title)}</h2>
                <p class="own" lang="">{move || draft.with(|draft| draft.point.clone())}</p>
            </div>
            <form class="stack" on:submit=send>
                <fieldset class="choices">
                    <legend>{text!(staff_answer_said)}</legend>
                    {Said::ALL.map(choice).collect_view()}
                </fieldset>
                <Labelled label=text!(staff_answer_reason)>
                    <textarea
                        class="field"
                        rows="4"
                        maxlength=MAX_TEXT.to_string()
                        prop:value=move || draft.with(|draft| draft.reason.clone())
                        on:input:target=move |event| {
                            draft.update(|draft| draft.reason = event.target().value());
                            problem.set(None);
                        }
                    ></textarea>
                </Labelled>
                <Show when=needs_reason>
                    <p class="soft">{text!(staff_answer_why_help)}</p>
                </Show>
                <p class="soft">{text!(staff_answer_seen)}</p>
                <Problem text=problem/>
                <div class="sheet-foot">
                    <button class="button primary">{text!(staff_answer_send)}</button>
                    <button type="button" class="button quiet" on:click=move |_| on_close.run(())>
                        {text!(staff_answer_cancel)}
                    </button>
                </div>
            </form>
        </Sheet>
    }
}
