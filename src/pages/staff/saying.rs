//! What a contact says to a young person: an answer to a point, a suggestion, an agreement, a day and a place, how a meeting was. One
//! sheet for all of them.

use super::words;
use crate::components::{Choices, Labelled, Problem, Sheet, Show, Ticks};
use crate::pages::said_text;
use crate::pages::words::{kind_name, list_levels, question};
use crate::state::staff::{Saying, draw_secret, draw_slot, use_desk};
use crate::texts::{Text, text};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;
use plan::Said;
use plan::attendance::Names;
use plan::author::{
    ACTOR, AGREEMENT, ANSWER, ATTENDANCE, CAME, DATE, DUE, INVITEE, KindRows, PLACE, PROPOSAL, REASON, REFLECTION,
    REPLY, SAID, SUGGESTION, TEXT, TIME, WHAT, WHO, WHY, WORDS,
};
use plan::limits::{MAX_LINE, MAX_TEXT};
use plan::meeting::QUESTIONS;
use plan::template::ACTORS;

const HEADING: &str = "saying-title";

/// Something as it is being written. It stays while the page does, also when the sheet is closed in between.
#[derive(Clone)]
pub struct Draft {
    /// What the button that opens it is called in the page, and what the draft is known by.
    pub button: String,
    /// What it is said to, as it reads; empty where that is the whole meeting.
    point: String,
    saying: Saying,
    /// What was sent last, and its secret: the same again is the same request, and anything else is not.
    sent: Option<(String, Saying)>,
}

impl Draft {
    /// A draft of one kind about `to`, with what its fields are now.
    pub fn new(
        kind: &'static str,
        to: &str,
        slot: Option<String>,
        point: String,
        fields: &[(&'static str, &str)],
    ) -> Self {
        let button = button_of(kind, to, slot.as_deref());
        let has_slots = KindRows::find_of_staff(kind).is_some_and(|kind| kind.has_slots);
        let fields = fields.iter().map(|(field, text)| (*field, (*text).to_owned())).collect();
        let slot = slot.or_else(|| has_slots.then(draw_slot).flatten());
        Self { button, point, saying: Saying { to: to.to_owned(), kind, slot, fields }, sent: None }
    }

    fn get(&self, field: &str) -> String {
        self.saying.fields.iter().find(|(name, _)| *name == field).map(|(_, text)| text.clone()).unwrap_or_default()
    }

    fn set(&mut self, field: &str, text: String) {
        if let Some((_, value)) = self.saying.fields.iter_mut().find(|(name, _)| *name == field) {
            *value = text;
        }
    }

    /// What is sent now. `None` when the browser has no randomness to give.
    fn send(&mut self) -> Option<(String, Saying)> {
        if self.sent.as_ref().is_none_or(|(_, sent)| *sent != self.saying) {
            self.sent = Some((draw_secret()?, self.saying.clone()));
        }
        self.sent.clone()
    }

    /// What is missing, before anything is sent.
    fn problem(&self) -> Option<Text> {
        match self.saying.kind {
            ANSWER => match Said::from_name(&self.get(SAID)) {
                None => Some(text!(staff_answer_choose)),
                Some(said) if said.needs_reason() && self.get(REASON).trim().is_empty() => {
                    Some(text!(staff_answer_why))
                }
                Some(_) => None,
            },
            AGREEMENT if self.get(WHAT).trim().is_empty() => Some(text!(staff_agreement_missing)),
            REPLY if self.get(TEXT).trim().is_empty() => Some(text!(staff_reply_missing)),
            SUGGESTION if self.get(TEXT).trim().is_empty() => Some(text!(staff_suggestion_missing)),
            PROPOSAL if self.get(DATE).is_empty() => Some(text!(staff_proposal_missing)),
            INVITEE if self.get(ACTOR).is_empty() => Some(text!(staff_invitee_missing)),
            REFLECTION if QUESTIONS.iter().any(|field| self.get(field).is_empty()) => {
                Some(text!(staff_reflection_missing))
            }
            _ => None,
        }
    }
}

/// What the button that opens a draft is called in the page.
pub fn button_of(kind: &str, to: &str, slot: Option<&str>) -> String {
    format!("{kind}-{}-{}", to.replace('/', "-"), slot.unwrap_or_default())
}

fn title(kind: &str) -> (Text, Text) {
    match kind {
        ATTENDANCE => (text!(came_title), text!(staff_came_send)),
        AGREEMENT => (text!(staff_agreement_title), text!(staff_agreement_send)),
        PROPOSAL => (text!(staff_proposal_title), text!(staff_proposal_send)),
        INVITEE => (text!(staff_invitee_title), text!(staff_proposal_send)),
        REFLECTION => (text!(staff_reflection_title), text!(staff_reflection_send)),
        REPLY => (text!(staff_reply_title), text!(staff_reply_send)),
        SUGGESTION => (text!(staff_suggestion_title), text!(staff_proposal_send)),
        _ => (text!(staff_answer_title), text!(staff_answer_send)),
    }
}

#[component]
pub fn SayingSheet(
    /// Whom it is said to.
    young: StoredValue<String>,
    /// In whose thread, by who stands in for them.
    #[prop(optional_no_strip)]
    standing_in_for: Option<StoredValue<String>>,
    draft: ArcRwSignal<Draft>,
    #[prop(into)] on_close: Callback<()>,
    /// It is said: the draft of this button.
    #[prop(into)]
    on_said: Callback<String>,
) -> impl IntoView {
    let desk = use_desk();
    let kind = draft.with_untracked(|draft| draft.saying.kind);
    let kept = draft.clone();
    let draft = RwSignal::from(draft);
    let problem = RwSignal::new(None::<TextProp>);
    let is_sending = StoredValue::new(false);
    // Somebody has changed it meanwhile, and wants that sent.
    let wants_again = StoredValue::new(false);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(missing) = draft.with_untracked(Draft::problem) {
            return problem.set(Some(missing.into()));
        }
        if is_sending.try_update_value(|now| std::mem::replace(now, true)) == Some(true) {
            return wants_again.set_value(true);
        }
        let kept = kept.clone();
        spawn_local(async move {
            // The sheet may be closed by the time it is answered, and the page left.
            let failed: Option<TextProp> = loop {
                wants_again.try_set_value(false);
                let sending = kept.try_update(Draft::send).flatten();
                let Some((secret, saying)) = sending else { break Some(text!(staff_error_form).into()) };
                let contact = standing_in_for.map(|contact| contact.get_value());
                if let Err(error) = desk.write(&young.get_value(), contact.as_deref(), secret, &saying).await {
                    break Some(words::unsent(kind, error));
                }
                if kept.with_untracked(|draft| draft.saying == saying) {
                    on_said.try_run(kept.with_untracked(|draft| draft.button.clone()));
                    break None;
                }
                // What was sent is not what stands here now.
                if wants_again.try_get_value() != Some(true) {
                    break None;
                }
            };
            is_sending.try_set_value(false);
            problem.try_set(failed);
        });
    };
    let (heading, does) = title(kind);
    let change = Callback::new(move |(field, text): (&'static str, String)| {
        draft.update(|draft| draft.set(field, text));
        problem.set(None);
    });
    view! {
        <Sheet heading=HEADING on_close=on_close>
            <div class="sheet-head">
                <h2 id=HEADING>{heading}</h2>
                <p class="own" lang="">{move || draft.with(|draft| draft.point.clone())}</p>
            </div>
            <form class="stack" on:submit=send>
                <Fields kind draft change/>
                <p class="soft">{text!(staff_answer_seen)}</p>
                <Problem text=problem/>
                <div class="sheet-foot">
                    <button class="button primary">{does}</button>
                    <button type="button" class="button quiet" on:click=move |_| on_close.run(())>
                        {text!(staff_answer_cancel)}
                    </button>
                </div>
            </form>
        </Sheet>
    }
}

#[component]
fn Fields(kind: &'static str, draft: RwSignal<Draft>, change: Callback<(&'static str, String)>) -> impl IntoView {
    let needs_reason = move || draft.with(|draft| Said::from_name(&draft.get(SAID)).is_some_and(Said::needs_reason));
    match kind {
        AGREEMENT => view! {
            <Words draft change field=WHAT label=text!(staff_agreement_what)/>
            <Line draft change field=WHO kind="text" label=text!(agreement_who)/>
            <Line draft change field=DUE kind="date" label=text!(agreement_due)/>
        }
        .into_any(),
        SUGGESTION => view! {
            <p class="soft">{text!(staff_suggestion_lead)}</p>
            <Words draft change field=TEXT label=text!(staff_suggestion_text)/>
        }
        .into_any(),
        PROPOSAL => view! {
            <p class="soft">{text!(staff_proposal_lead)}</p>
            <Line draft change field=DATE kind="date" label=text!(when_date)/>
            <Line draft change field=TIME kind="time" label=text!(when_time)/>
            <Line draft change field=PLACE kind="text" label=text!(when_place)/>
        }
        .into_any(),
        INVITEE => view! {
            <p class="soft">{text!(staff_invitee_lead)}</p>
            <Choice draft change field=ACTOR legend=text!(staff_invitee_who) choices=list_kinds()/>
            <Line draft change field=WHY kind="text" label=text!(staff_invitee_why)/>
        }
        .into_any(),
        ATTENDANCE => view! { <Kinds draft change/> }.into_any(),
        REPLY => view! { <Words draft change field=TEXT label=text!(staff_reply_words)/> }.into_any(),
        REFLECTION => {
            let all = QUESTIONS.map(|field| {
                view! { <Choice draft change field legend=question(field) choices=list_levels()/> }
            });
            view! {
                {all.collect_view()}
                <Words draft change field=WORDS label=text!(reflection_words)/>
            }
            .into_any()
        }
        _ => {
            let choices = Said::ALL.map(|said| (said.name(), said_text(said).into()));
            view! {
                <Choice draft change field=SAID legend=text!(staff_answer_said) choices=choices.to_vec()/>
                <Words draft change field=REASON label=text!(staff_answer_reason)/>
                <Show when=needs_reason>
                    <p class="soft">{text!(staff_answer_why_help)}</p>
                </Show>
            }
            .into_any()
        }
    }
}

/// One of a few, for a field of the draft.
#[component]
fn Choice(
    draft: RwSignal<Draft>,
    change: Callback<(&'static str, String)>,
    field: &'static str,
    legend: Text,
    choices: Vec<(&'static str, TextProp)>,
) -> impl IntoView {
    let said = Signal::derive(move || draft.with(|draft| draft.get(field)));
    let choose = move |value: &'static str| change.run((field, value.to_owned()));
    view! { <Choices legend name=field choices large=true said on_choose=choose/> }
}

/// Who came: a tick for each kind of person.
#[component]
fn Kinds(draft: RwSignal<Draft>, change: Callback<(&'static str, String)>) -> impl IntoView {
    let names = move || draft.with(|draft| Names::read(&draft.get(CAME)));
    view! {
        <Ticks
            legend=text!(staff_came_help)
            name=CAME
            choices=list_kinds()
            has=move |kind| names().has(kind)
            on_tick=move |kind| change.run((CAME, untrack(names).toggled(kind)))
        />
    }
}

fn list_kinds() -> Vec<(&'static str, TextProp)> {
    ACTORS.map(|kind| (kind, kind_name(kind).into())).into()
}

#[component]
fn Words(
    draft: RwSignal<Draft>,
    change: Callback<(&'static str, String)>,
    field: &'static str,
    label: Text,
) -> impl IntoView {
    view! {
        <Labelled label>
            <textarea
                class="field"
                lang=""
                rows="4"
                maxlength=MAX_TEXT.to_string()
                prop:value=move || draft.with(|draft| draft.get(field))
                on:input:target=move |event| change.run((field, event.target().value()))
            ></textarea>
        </Labelled>
    }
}

#[component]
fn Line(
    draft: RwSignal<Draft>,
    change: Callback<(&'static str, String)>,
    field: &'static str,
    kind: &'static str,
    label: Text,
) -> impl IntoView {
    view! {
        <Labelled label>
            <input
                class="field"
                lang=""
                type=kind
                name=field
                maxlength=MAX_LINE.to_string()
                prop:value=move || draft.with(|draft| draft.get(field))
                on:input:target=move |event| change.run((field, event.target().value()))
            />
        </Labelled>
    }
}
