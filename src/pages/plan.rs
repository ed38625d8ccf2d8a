//! Min Plan: four kinds of weather, the young person's own words in each.

use super::frame::Frame;
use super::later::{Detail, Later};
use super::section::{SectionSheet, use_open_section};
use super::sections::SectionList;
use crate::components::Icon;
use crate::routes::Place;
use crate::state::use_session;
use crate::texts::{Text, text};
use leptos::prelude::*;
use plan::Part;

#[component]
pub fn PlanPage() -> impl IntoView {
    let here = || Place::Plan(None);
    let session = use_session();
    let find = move |name: String| Part::ZONES.into_iter().find_map(|part| session.find_section(part, &name));
    view! {
        <Frame title=text!(plan_title)>
            <Zone part=Part::PlanGreen weather="sun" name=text!(zone_green) here=here()/>
            <Zone part=Part::PlanYellow weather="cloud" name=text!(zone_yellow) here=here()/>
            <Zone part=Part::PlanRed weather="storm" name=text!(zone_red) here=here()/>
            <Zone part=Part::PlanAfter weather="dawn" name=text!(zone_after) here=here()/>
            <div class="page-foot">
                <Later detail=Detail::Undo/>
            </div>
        </Frame>
        <SectionSheet open=use_open_section() at=Place::Plan find=find/>
    }
}

/// One part as it stands on its page.
#[component]
pub fn Zone(part: Part, weather: &'static str, name: Text, here: Place) -> impl IntoView {
    view! {
        <section class=format!("zone {weather}")>
            <div class="zone-head">
                <Icon name=weather/>
                <h2>{name}</h2>
            </div>
            <SectionList part here/>
        </section>
    }
}
