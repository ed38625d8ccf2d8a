//! What is new since the last look, listed at the top: each line leads to where it stands.

use crate::components::focus_soon;
use crate::pages::words::part_name;
use crate::texts::{Text, text};
use leptos::prelude::*;
use plan::Part;
use protocol::{ReviewMeeting, ReviewPart};

/// What a piece of the review is called in the page: letters, digits and hyphens of the names that lead to it.
pub fn place_of(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| name.replace(['/', '.'], "-")).collect();
    format!("at-{}", names.join("-"))
}

/// Something new, and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Piece {
    place: String,
    part: Option<Part>,
    /// Its own words; empty for what adults and the young person have said about a meeting.
    words: String,
}

fn has_news(meeting: &ReviewMeeting) -> bool {
    let ReviewMeeting { agreements, proposals, invitees, own_reflection, reflections, attendance, .. } = meeting;
    let said = own_reflection.iter().chain(reflections).map(|it| &it.by);
    agreements
        .iter()
        .map(|it| &it.by)
        .chain(proposals.iter().map(|it| &it.by))
        .chain(invitees.iter().map(|it| &it.by))
        .chain(attendance.iter().map(|it| &it.by))
        .chain(said)
        .any(|by| by.new)
}

fn list(parts: &[ReviewPart]) -> Vec<Piece> {
    let mut all = Vec::new();
    for ReviewPart { part: name, facts, sections, meeting } in parts {
        let part = Part::from_name(name);
        let on = meeting.as_ref().map_or(name.as_str(), |meeting| &meeting.on);
        for fact in facts.iter().filter(|fact| fact.new) {
            all.push(Piece { place: place_of(&[on, &fact.field]), part, words: String::new() });
        }
        for section in sections {
            for text in &section.texts {
                let own = if text.on.is_empty() { place_of(&[on, &section.id]) } else { place_of(&[&text.on]) };
                let suggested = text.suggestions.iter().any(|it| it.by.new);
                if text.new || suggested {
                    all.push(Piece { place: own, part, words: text.text.clone() });
                }
            }
        }
        if meeting.as_ref().is_some_and(has_news) {
            all.push(Piece { place: place_of(&[on]), part, words: String::new() });
        }
    }
    all
}

#[component]
pub fn News(
    parts: Vec<ReviewPart>,
    /// When there was a look before this one.
    last_look: Option<u64>,
) -> impl IntoView {
    let all = list(&parts);
    if last_look.is_none() && all.is_empty() {
        return ().into_any();
    }
    let is_none = all.is_empty();
    let line = |Piece { place, part, words }: Piece| {
        let name: Text = part.map_or(text!(staff_part_unknown), part_name);
        let is_bare = words.is_empty();
        // Made anew, it is known by this and keeps the focus.
        let id = format!("to-{place}");
        view! {
            <li>
                <button class="start" type="button" id=id on:click=move |_| focus_soon(format!("#{place}"))>
                    <span class="label">{name}</span>
                    {if is_bare {
                        view! { <span>{text!(staff_news_meeting)}</span> }.into_any()
                    } else {
                        view! { <span class="news-words" lang="">{words}</span> }.into_any()
                    }}
                </button>
            </li>
        }
    };
    view! {
        <section class="card news no-print">
            <h2>{text!(staff_news_title)}</h2>
            {is_none.then(|| view! { <p class="soft">{text!(staff_news_none)}</p> })}
            <ul>{all.into_iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{ByView, ProposalView, ReviewFact, ReviewSection, ReviewText};

    fn text(on: &str, words: &str, new: bool) -> ReviewText {
        ReviewText {
            on: on.to_owned(),
            text: words.to_owned(),
            others: Vec::new(),
            kind: String::new(),
            new,
            answers: Vec::new(),
            suggestions: Vec::new(),
        }
    }

    #[test]
    fn what_is_new_is_listed_where_it_stands_and_nothing_else() {
        let by = ByView { from: "Sara".to_owned(), at: 1, own: None, new: true };
        let proposal =
            ProposalView { date: "2026-12-04".to_owned(), time: String::new(), place: String::new(), taken: None, by };
        let section = |id: &str, texts| ReviewSection { id: id.to_owned(), title: String::new(), texts };
        let about = ReviewPart {
            part: "about".to_owned(),
            facts: Vec::new(),
            sections: vec![
                section("navn", vec![text("", "Em", true)]),
                section(
                    "godt",
                    vec![text("about/entry/00c0-1", "Hunde", true), text("about/entry/00c0-4", "Katte", false)],
                ),
            ],
            meeting: None,
        };
        let meeting = ReviewPart {
            part: "meeting".to_owned(),
            facts: vec![ReviewFact { field: "date".to_owned(), text: "2026-12-01".to_owned(), new: true }],
            sections: Vec::new(),
            meeting: Some(ReviewMeeting {
                on: "meeting/meeting/m1".to_owned(),
                form: "network".to_owned(),
                agreements: Vec::new(),
                proposals: vec![proposal],
                invitees: Vec::new(),
                own_reflection: None,
                reflections: Vec::new(),
                came: String::new(),
                attendance: Vec::new(),
                brought: Vec::new(),
            }),
        };
        let places: Vec<(String, String)> =
            list(&[about, meeting]).into_iter().map(|piece| (piece.place, piece.words)).collect();
        let expected = [
            ("at-about-navn", "Em"),
            ("at-about-entry-00c0-1", "Hunde"),
            ("at-meeting-meeting-m1-date", ""),
            ("at-meeting-meeting-m1", ""),
        ];
        assert_eq!(places, expected.map(|(place, words)| (place.to_owned(), words.to_owned())));
    }
}
