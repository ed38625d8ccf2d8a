//! The helper tool: for each section of the plan some questions that one can ask, and leave.

use crate::components::{Icon, Points, live};
use crate::pages::words::part_name;
use crate::state::language::use_template;
use crate::texts::{Text, text};
use leptos::prelude::*;
use plan::Part;
use plan::template::{self, Template};

/// The parts that are talked about, each with its kind of weather.
const PARTS: [(Part, &str); 6] = [
    (Part::AboutMe, "me"),
    (Part::PlanGreen, "sun"),
    (Part::PlanYellow, "cloud"),
    (Part::PlanRed, "storm"),
    (Part::PlanAfter, "dawn"),
    (Part::Meeting, "meet"),
];

/// What can be asked about a section of the template.
fn questions(section: &str) -> Option<Text> {
    Some(match section {
        "navn" => text!(staff_ask_navn),
        "godt" => text!(staff_ask_godt),
        "styrker" => text!(staff_ask_styrker),
        "vigtigt" => text!(staff_ask_vigtigt),
        "hjaelp" => text!(staff_ask_hjaelp),
        "ikke" => text!(staff_ask_ikke),
        "krop" => text!(staff_ask_krop),
        "folk" => text!(staff_ask_folk),
        "drom" => text!(staff_ask_drom),
        "udsagn" => text!(staff_ask_udsagn),
        "g_tegn" => text!(staff_ask_g_tegn),
        "g_hver" => text!(staff_ask_g_hver),
        "y_trig" => text!(staff_ask_y_trig),
        "y_selv" => text!(staff_ask_y_selv),
        "y_andre" => text!(staff_ask_y_andre),
        "y_gor" => text!(staff_ask_y_gor),
        "y_sted" => text!(staff_ask_y_sted),
        "y_hjaelp" => text!(staff_ask_y_hjaelp),
        "y_vaerre" => text!(staff_ask_y_vaerre),
        "r_tegn" => text!(staff_ask_r_tegn),
        "r_nu" => text!(staff_ask_r_nu),
        "r_tal" => text!(staff_ask_r_tal),
        "r_fag" => text!(staff_ask_r_fag),
        "r_sikker" => text!(staff_ask_r_sikker),
        "r_grunde" => text!(staff_ask_r_grunde),
        "i_vil" => text!(staff_ask_i_vil),
        "i_ikke" => text!(staff_ask_i_ikke),
        "i_besked" => text!(staff_ask_i_besked),
        "a_bagefter" => text!(staff_ask_a_bagefter),
        "a_hjem" => text!(staff_ask_a_hjem),
        "a_igen" => text!(staff_ask_a_igen),
        "m_hvorfor" => text!(staff_ask_m_hvorfor),
        "m_hvem" => text!(staff_ask_m_hvem),
        "m_hvor" => text!(staff_ask_m_hvor),
        "m_dagsorden" => text!(staff_ask_m_dagsorden),
        "m_ikke" => text!(staff_ask_m_ikke),
        "m_stemme" => text!(staff_ask_m_stemme),
        "m_aftaler" => text!(staff_ask_m_aftaler),
        _ => return None,
    })
}

#[component]
pub fn Questions() -> impl IntoView {
    let content = use_template();
    let section = move |section: &'static Template| {
        let points = questions(section.id)?;
        Some(view! {
            <div class="words">
                <h3>{live(move || content.get().of(section).title)}</h3>
                <Points text=points/>
            </div>
        })
    };
    let part = move |(part, icon): (Part, &'static str)| {
        view! {
            <section class=format!("zone {icon}")>
                <div class="zone-head">
                    <Icon name=icon/>
                    <h2>{part_name(part)}</h2>
                </div>
                {template::sections(part).filter_map(section).collect_view()}
            </section>
        }
    };
    view! {
        <p class="lead">{text!(staff_guide_questions_lead)}</p>
        <div class="guide-pieces">{PARTS.map(part).collect_view()}</div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_something_to_ask_about_every_section_of_the_plan() {
        for section in template::SECTIONS.iter().filter(|section| section.part != Part::Meeting) {
            assert!(questions(section.id).is_some(), "{}", section.id);
        }
        let of_meeting = template::sections(Part::Meeting).filter(|section| questions(section.id).is_some());
        assert!(of_meeting.count() > 3);
    }
}
