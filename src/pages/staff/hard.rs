//! Når det er svært, as the young person has it, for whoever is with them now: from what the contact may read, and nothing else.

use super::of_young::{Found, Here, YoungPage};
use crate::components::live;
use crate::pages::hard::{Act, Call};
use crate::state::staff::{use_desk, while_shown};
use crate::texts::text;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use plan::Part;
use plan::hard::{self, MOST, Sections};
use protocol::{ReviewPart, ReviewView};

/// What stands in these sections, as few of it as on the young person's page.
fn texts(parts: &[ReviewPart], sections: Sections) -> Vec<String> {
    let of = |(part, name): &(Part, &str)| {
        let parts = parts.iter().filter(|known| known.part == part.name()).flat_map(|known| &known.sections);
        let texts = parts.filter(|section| section.id == *name).flat_map(|section| &section.texts);
        texts.map(|text| text.text.trim().to_owned()).filter(|text| !text.is_empty()).collect::<Vec<_>>()
    };
    sections.iter().flat_map(of).take(MOST).collect()
}

#[component]
pub fn HardPage() -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    let id = StoredValue::new(params.read_untracked().get("id").unwrap_or_default());
    let found = Found::<ReviewView>::new(|| {});
    while_shown(move || async move {
        let version = found.view.with_untracked(|known| known.as_ref().map(|known| known.version.clone()));
        found.take(desk.find_review(&id.get_value(), &version.unwrap_or_default()).await);
    });
    let title = found.title(|view| &view.label, text!(staff_hard));
    view! {
        <YoungPage young=id here=Here::Hard title problem=found.problem>
            {live(move || found.view.get().map(|view| view! { <Now view/> }))}
        </YoungPage>
    }
}

#[component]
fn Now(view: ReviewView) -> impl IntoView {
    let ReviewView { parts, .. } = view;
    let is_shared = parts.iter().any(|part| part.part == Part::PlanRed.name());
    let actions = texts(&parts, hard::ACTIONS);
    let people = texts(&parts, hard::PEOPLE);
    let reasons = texts(&parts, hard::REASONS);
    let (no_actions, no_people, any_reasons) = (actions.is_empty(), people.is_empty(), !reasons.is_empty());
    view! {
        <p class="soft no-print">{text!(staff_hard_lead)}</p>
        {(!is_shared).then(|| view! { <p class="card">{text!(staff_hard_not_shared)}</p> })}
        <section class="calm calm-now guarded">
            <h2>{text!(hard_title)}</h2>
            {(no_actions && is_shared).then(|| view! { <p class="act small">{text!(staff_hard_nothing)}</p> })}
            <ol class="acts">{(1..).zip(actions).map(|(at, text)| view! { <Act at text/> }).collect_view()}</ol>
            <h2 class="soft">{text!(hard_talk)}</h2>
            <div class="acts">
                {people.into_iter().map(|text| view! { <Call text/> }).collect_view()}
                {no_people.then(|| view! { <p class="act small">{text!(staff_hard_nobody)}</p> })}
            </div>
            {any_reasons.then(|| view! { <h2 class="soft">{text!(hard_hold)}</h2> })}
            <div class="acts">
                {reasons.into_iter().map(|text| view! { <p class="act small" lang="">{text}</p> }).collect_view()}
            </div>
        </section>
        <p class="print-only">{text!(staff_print_here)}</p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{ReviewSection, ReviewText};

    fn part(part: Part, sections: &[(&str, &[&str])]) -> ReviewPart {
        let text = |text: &&str| ReviewText {
            on: String::new(),
            text: (*text).to_owned(),
            others: Vec::new(),
            kind: String::new(),
            new: false,
            answers: Vec::new(),
            suggestions: Vec::new(),
        };
        let section = |(id, texts): &(&str, &[&str])| ReviewSection {
            id: (*id).to_owned(),
            title: String::new(),
            texts: texts.iter().map(text).collect(),
        };
        let sections = sections.iter().map(section).collect();
        ReviewPart { part: part.name().to_owned(), facts: Vec::new(), sections, meeting: None }
    }

    #[test]
    fn it_shows_three_at_most_and_what_helps_early_after_what_helps_now() {
        let yellow = part(Part::PlanYellow, &[("y_gor", &["Musik", "Gå en tur"])]);
        let red = part(Part::PlanRed, &[("r_nu", &["Koldt vand", " ", "Ring til mormor"]), ("r_fag", &["112"])]);
        let all = [yellow, red];
        assert_eq!(texts(&all, hard::ACTIONS), ["Koldt vand", "Ring til mormor", "Musik"]);
        assert_eq!(texts(&all, hard::PEOPLE), ["112"]);
        assert_eq!(texts(&all, hard::REASONS), Vec::<String>::new());
        // Of a part that is not shared there is nothing.
        assert_eq!(texts(&all[..1], hard::ACTIONS), ["Musik", "Gå en tur"]);
    }
}
