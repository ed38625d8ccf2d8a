//! Somebody whom an adult thinks should be at the meeting, for the young person to ask or not.

use crate::components::{Button, live};
use crate::pages::words::actor_name;
use crate::state::use_session;
use crate::texts::{text, words};
use leptos::prelude::*;
use plan::author::OUTCOME;
use plan::{Entity, Invitee, Level, Part};

#[component]
pub fn Invitees(#[prop(into)] meeting: StoredValue<Entity>) -> impl IntoView {
    let session = use_session();
    let open = Memo::new(move |_| {
        let mut all = session.look(Part::Meeting, |set| meeting.with_value(|on| set.list_invitees(on)));
        all.retain(|invitee| invitee.taken.is_none());
        all
    });
    live(move || {
        let one = |invitee| view! { <Open invitee meeting/> };
        open.get().into_iter().map(one).collect_view()
    })
}

#[component]
fn Open(invitee: Invitee, meeting: StoredValue<Entity>) -> impl IntoView {
    let session = use_session();
    let Invitee { on, kind, why, by, .. } = invitee;
    let on = StoredValue::new(on);
    let take = move |()| {
        session.report(meeting.with_value(|meeting| on.with_value(|on| session.take_invitee(meeting, on))));
    };
    let decline = move |()| {
        session.report(session.shown(on.get_value(), OUTCOME).set(Level::No.name()));
    };
    view! {
        <div class="answer proposal">
            <p class="soft">{words!(invitee_from, from = by.from.clone())}</p>
            <p>
                <b>{actor_name(&kind)}</b>
            </p>
            <p lang="">{why}</p>
            <div class="decide">
                <Button look="quiet" text=text!(proposal_decline) on_press=decline/>
                <Button look="primary" text=text!(invitee_take) on_press=take/>
            </div>
        </div>
    }
}
