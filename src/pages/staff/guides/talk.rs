//! For professionals: Min Plan in a conversation.

use crate::components::Points;
use crate::texts::{Text, text};
use leptos::prelude::*;

#[component]
pub fn Talk() -> impl IntoView {
    let piece = |heading: Text, points: Text| {
        view! {
            <section class="card">
                <h2>{heading}</h2>
                <Points text=points/>
            </section>
        }
    };
    view! {
        <p class="lead">{text!(staff_guide_talk_lead)}</p>
        <div class="guide-pieces">
            {piece(text!(staff_talk_begin), text!(staff_talk_begin_text))}
            {piece(text!(staff_talk_about), text!(staff_talk_about_text))}
            {piece(text!(staff_talk_words), text!(staff_talk_words_text))}
            {piece(text!(staff_talk_hard), text!(staff_talk_hard_text))}
            {piece(text!(staff_talk_signs), text!(staff_talk_signs_text))}
            {piece(text!(staff_talk_force), text!(staff_talk_force_text))}
            {piece(text!(staff_talk_end), text!(staff_talk_end_text))}
        </div>
    }
}
