//! Help to prepare a meeting: calm questions to take or leave, and examples of how it can be. Each tap is an entry like any other.

use super::place::MeetingPlace;
use crate::components::{Fold, live};
use crate::state::use_session;
use crate::texts::{Text, text};
use leptos::prelude::*;
use plan::Part;

type Here = StoredValue<MeetingPlace>;

/// How a meeting can be: a question, and what others have answered.
const HOW: [(Text, &[Text]); 5] = [
    (text!(how_place), &[text!(how_place_home), text!(how_place_known), text!(how_place_screen)]),
    (text!(how_length), &[text!(how_length_half), text!(how_length_hour), text!(how_length_stop)]),
    (text!(how_break), &[text!(how_break_middle), text!(how_break_ask), text!(how_break_out)]),
    (text!(how_seat), &[text!(how_seat_door), text!(how_seat_beside), text!(how_seat_window)]),
    (text!(how_begin), &[text!(how_begin_me), text!(how_begin_contact), text!(how_begin_good)]),
];

/// What can be asked about a section of the meeting.
fn questions(section: &str) -> &'static [Text] {
    match section {
        "m_hvorfor" => &[text!(ask_why_change), text!(ask_why_now), text!(ask_why_understand)],
        "m_hvem" => &[text!(ask_who_safe), text!(ask_who_explain), text!(ask_who_not)],
        "m_dagsorden" => &[text!(ask_point_now), text!(ask_point_decide), text!(ask_point_answer)],
        "m_ikke" => &[text!(ask_not_hard), text!(ask_not_own)],
        _ => &[text!(ask_voice_easy), text!(ask_voice_stop)],
    }
}

/// Whether a question can be written down as it is: it reads like something that the young person asks.
fn is_taken(section: &str) -> bool {
    matches!(section, "m_hvorfor" | "m_dagsorden")
}

/// Texts that become an entry with a tap, without those that stand there already.
#[component]
fn Chips(here: Here, section: &'static str, texts: &'static [Text]) -> impl IntoView {
    let session = use_session();
    let list = here.with_value(|here| here.list(section));
    let known = list.clone();
    let written = Memo::new(move |_| {
        let found = session.find_in_meeting(&known).map(|it| it.entries).unwrap_or_default();
        found.into_iter().map(|entry| entry.texts.shown().to_owned()).collect::<Vec<_>>()
    });
    let list = StoredValue::new(list);
    let chip = move |text: Text| {
        let take = move |_| {
            session.begin_change();
            let words = untrack(|| text.get());
            session.report(list.with_value(|list| session.add_entry(Part::Meeting, list, words, None)));
        };
        view! {
            <button class="chip" type="button" on:click=take>
                {text}
            </button>
        }
    };
    let open = move || {
        let open = texts.iter().copied().filter(|text| written.with(|all| !all.iter().any(|it| it == text.get())));
        open.map(chip).collect_view()
    };
    view! { <div class="chips">{live(open)}</div> }
}

/// How it can be: where, how long, with which breaks, who sits where, who begins.
#[component]
pub fn How(here: Here) -> impl IntoView {
    let step = move |(question, texts): (Text, &'static [Text])| {
        view! {
            <Fold summary=question>
                <Chips here section="m_hvor" texts/>
            </Fold>
        }
    };
    HOW.map(step).collect_view()
}

/// Questions that one can take or leave.
#[component]
pub fn Guide(here: Here, section: &'static str) -> impl IntoView {
    let texts = questions(section);
    let line = |text: Text| view! { <li>{text}</li> };
    let body = match is_taken(section) {
        true => view! {
            <p class="soft">{text!(guide_take)}</p>
            <Chips here section texts/>
        }
        .into_any(),
        false => view! { <ul class="asks">{texts.iter().copied().map(line).collect_view()}</ul> }.into_any(),
    };
    view! { <Fold summary=text!(guide_title)>{body}</Fold> }
}
