//! What everybody can expect of a meeting: before, during and after.

use crate::components::Points;
use crate::texts::{Text, text};
use leptos::prelude::*;

#[component]
pub fn Meeting() -> impl IntoView {
    // What the young person, the contact and the others can expect, in this order.
    let time = |heading: Text, [young, you, others]: [Text; 3]| {
        view! {
            <section class="card">
                <h2>{heading}</h2>
                <h3>{text!(staff_meet_young)}</h3>
                <Points text=young/>
                <h3>{text!(staff_meet_you)}</h3>
                <Points text=you/>
                <h3>{text!(staff_meet_others)}</h3>
                <Points text=others/>
            </section>
        }
    };
    view! {
        <p class="lead">{text!(staff_guide_meet_lead)}</p>
        <div class="guide-pieces">
            {time(
                text!(meeting_before),
                [text!(staff_meet_before_young), text!(staff_meet_before_you), text!(staff_meet_before_others)],
            )}
            {time(
                text!(meeting_during),
                [text!(staff_meet_during_young), text!(staff_meet_during_you), text!(staff_meet_during_others)],
            )}
            {time(
                text!(meeting_after),
                [text!(staff_meet_after_young), text!(staff_meet_after_you), text!(staff_meet_after_others)],
            )}
        </div>
    }
}
