//! What adults say to a point: under it, in their words, with the way to take it away where it is written in.

use crate::components::{Button, live};
use crate::state::{describe, use_session};
use crate::texts::{text, words};
use leptos::prelude::*;
use plan::{Answer, Entity, Said};

/// What was said.
pub fn said_text(said: Said) -> crate::texts::Text {
    match said {
        Said::Yes => text!(answer_yes),
        Said::No => text!(answer_no),
        Said::Later => text!(answer_later),
    }
}

#[component]
pub fn Answers(
    /// The entry that they are said to.
    on: Entity,
    /// Whether they can be taken away here.
    #[prop(optional)]
    editable: bool,
) -> impl IntoView {
    let session = use_session();
    let part = on.part();
    let answers =
        Memo::new(move |_| part.map(|part| session.look(part, |set| set.list_answers(&on))).unwrap_or_default());
    let one = move |Answer { on, said, reason, from, at }: Answer| {
        let remove = move |()| session.report(session.delete_entry(&session.see(&on)));
        view! {
            <div class="answer">
                <p>
                    <b>{said_text(said)}</b>
                </p>
                {(!reason.trim().is_empty()).then(|| view! { <p class="own" lang="">{reason.clone()}</p> })}
                <p class="soft">{words!(answer_from, from = from.clone(), day = describe(at.millis))}</p>
                {editable.then(|| view! { <Button look="quiet" text=text!(answer_remove) on_press=remove/> })}
            </div>
        }
    };
    live(move || answers.get().into_iter().map(one).collect_view())
}
