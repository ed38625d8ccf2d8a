//! A statement of Vigtigt om mig that is shown at a meeting: it stays where it is, and a mark says which meetings it is brought to.

use super::words::form_name;
use crate::components::{live, stay_if};
use crate::state::{Session, use_session};
use crate::texts::{text, words};
use leptos::prelude::*;
use plan::author::BROUGHT;
use plan::{Entity, Meeting, Part, Refused};

/// Brings a statement to a meeting, or takes it out again.
pub fn bring(session: Session, statement: &Entity, meeting: &str) -> Result<(), Refused> {
    let names = untrack(|| session.look(Part::AboutMe, |set| set.names(statement, BROUGHT)));
    session.shown(statement.clone(), BROUGHT).set(&names.toggled(meeting))
}

/// A tick for each meeting that there is.
#[component]
pub fn Bring(statement: Entity) -> impl IntoView {
    let session = use_session();
    let meetings = Memo::new(move |_| session.look(Part::Meeting, plan::OpSet::list_meetings));
    let statement = StoredValue::new(statement);
    let names = Memo::new(move |_| {
        session.look(Part::AboutMe, |set| statement.with_value(|statement| set.names(statement, BROUGHT)))
    });
    let tick = move |Meeting { on, form, .. }: Meeting| {
        let is_only = meetings.with_untracked(|all| all.len() < 2);
        let known = on.clone();
        let change = move |event| {
            let done = statement.with_value(|it| bring(session, it, on.name()));
            stay_if(&event, done.is_err());
            session.report(done);
        };
        view! {
            <label class="choice small">
                <input
                    type="checkbox"
                    prop:checked=Signal::derive(move || names.with(|names| names.has(known.name())))
                    on:click=change
                />
                <span>
                    {live(move || match is_only {
                        true => text!(bring).get().to_owned(),
                        false => words!(bring_to, meeting = form_name(form).get())(),
                    })}
                </span>
            </label>
        }
    };
    view! { <div class="kinds">{live(move || meetings.get().into_iter().map(tick).collect_view())}</div> }
}
