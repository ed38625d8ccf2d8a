//! A day and a place that an adult has proposed, for the young person to take or not.

use crate::components::{Button, live};
use crate::state::{describe_day, describe_occasion, use_session};
use crate::texts::{text, words};
use leptos::prelude::*;
use plan::author::OUTCOME;
use plan::{Entity, Level, Part, Proposal};

#[component]
pub fn Proposals(meeting: Entity) -> impl IntoView {
    let session = use_session();
    let meeting = StoredValue::new(meeting);
    let open = Memo::new(move |_| {
        let mut all = session.look(Part::Meeting, |set| meeting.with_value(|on| set.list_proposals(on)));
        all.retain(|proposal| proposal.taken.is_none());
        all
    });
    live(move || {
        let one = |proposal| view! { <Open proposal meeting/> };
        open.get().into_iter().map(one).collect_view()
    })
}

#[component]
fn Open(proposal: Proposal, meeting: StoredValue<Entity>) -> impl IntoView {
    let session = use_session();
    let Proposal { on, date, time, place, by, .. } = proposal;
    let on = StoredValue::new(on);
    let when = move || describe_occasion(describe_day(&date).unwrap_or_else(|| date.clone()), &time);
    let take = move |()| {
        session.report(meeting.with_value(|meeting| on.with_value(|on| session.take_proposal(meeting, on))));
    };
    let decline = move |()| {
        session.report(session.shown(on.get_value(), OUTCOME).set(Level::No.name()));
    };
    view! {
        <div class="answer proposal">
            <p class="soft">{words!(proposal_from, from = by.from.clone())}</p>
            <p>
                <b>{live(when)}</b>
            </p>
            <p lang="">{place}</p>
            <div class="decide">
                <Button look="quiet" text=text!(proposal_decline) on_press=decline/>
                <Button look="primary" text=text!(proposal_take) on_press=take/>
            </div>
        </div>
    }
}
