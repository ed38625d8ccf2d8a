//! Min Plan: four kinds of weather, the young person's own words in each.

use super::frame::{Page, Undo};
use super::section::{SectionList, SectionSheet};
use crate::components::Icon;
use crate::routes;
use crate::texts as t;
use leptos::prelude::*;
use plan::Part;

#[component]
pub fn PlanPage() -> impl IntoView {
    let zones = [
        (Part::PlanGreen, "sun", t::ZONE_GREEN),
        (Part::PlanYellow, "cloud", t::ZONE_YELLOW),
        (Part::PlanRed, "storm", t::ZONE_RED),
        (Part::PlanAfter, "dawn", t::ZONE_AFTER),
    ];
    view! {
        <Page title=t::PLAN_TITLE>
            {zones
                .map(|(part, weather, name)| {
                    view! {
                        <section class=format!("zone {weather}")>
                            <div class="zone-head">
                                <Icon name=weather/>
                                <h2>{name}</h2>
                            </div>
                            <SectionList part=part page=routes::PLAN/>
                        </section>
                    }
                })
                .collect_view()}
            <div class="page-foot">
                <Undo/>
            </div>
        </Page>
        <SectionSheet parts=&Part::ZONES page=routes::PLAN/>
    }
}
