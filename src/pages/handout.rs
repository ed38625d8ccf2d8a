//! The handout for young people: what to expect before, during and after a meeting of one's own. In the app, and on one page of paper.

use super::frame::Frame;
use crate::components::Points;
use crate::texts::{Text, text};
use leptos::prelude::*;

/// The text itself, the same in both apps.
#[component]
pub fn Handout() -> impl IntoView {
    let piece = |heading: Text, points: Text| {
        view! {
            <section class="card">
                <h2>{heading}</h2>
                <Points text=points/>
            </section>
        }
    };
    view! {
        <p class="lead">{text!(handout_lead)}</p>
        <div class="handout">
            {piece(text!(handout_before), text!(handout_before_text))}
            {piece(text!(handout_during), text!(handout_during_text))}
            {piece(text!(handout_after), text!(handout_after_text))}
            {piece(text!(handout_words), text!(handout_words_text))}
            {piece(text!(handout_stuck), text!(handout_stuck_text))}
            {piece(text!(handout_hard), text!(handout_hard_text))}
        </div>
    }
}

#[component]
pub fn HandoutPage() -> impl IntoView {
    view! {
        <Frame title=text!(handout_title)>
            <Handout/>
        </Frame>
    }
}
