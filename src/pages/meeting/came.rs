//! Who came to a meeting, by kind of person: a tap each, during it or after. What adults say of it stands below.

use crate::components::{Button, Ticks, live};
use crate::pages::words::{actor_name, kind_name};
use crate::state::{describe, use_session};
use crate::texts::{text, words};
use leptos::prelude::*;
use plan::attendance::Told;
use plan::author::CAME;
use plan::template::ACTORS;
use plan::{Entity, Part};

#[component]
pub fn Came(meeting: Entity) -> impl IntoView {
    let session = use_session();
    let shown = session.shown(meeting.clone(), CAME);
    let attendance = Memo::new(move |_| {
        // What is shown is what the next tick goes on top of.
        shown.text();
        session.look(Part::Meeting, |set| set.attendance(&meeting))
    });
    let tick = move |kind| session.report(shown.set(&attendance.with_untracked(|it| it.own.toggled(kind))));
    let told = move |Told { on, kinds, by }: Told| {
        let names = move || {
            let known = ACTORS.into_iter().filter(|kind| kinds.has(kind)).map(|kind| kind_name(kind).get());
            known.collect::<Vec<_>>().join(", ")
        };
        let remove = move |()| session.report(session.delete_entry(&session.see(&on)));
        view! {
            <div class="answer">
                <p>{live(names)}</p>
                <p class="soft">{words!(answer_from, from = by.from.clone(), day = describe(by.at.millis))}</p>
                <Button look="quiet" text=text!(answer_remove) on_press=remove/>
            </div>
        }
    };
    let theirs = move || {
        let theirs = attendance.with(|it| it.theirs.clone()).into_iter();
        theirs.filter(|told| !told.kinds.is_empty()).map(told).collect_view()
    };
    view! {
        <section class="zone plain">
            <Ticks
                legend=text!(came_title)
                name="came"
                choices=ACTORS.map(|kind| (kind, actor_name(kind).into())).to_vec()
                has=move |kind| attendance.with(|it| it.own.has(kind))
                on_tick=tick
            />
            {live(theirs)}
        </section>
    }
}
