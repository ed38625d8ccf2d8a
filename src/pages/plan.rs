//! Min Plan: four kinds of weather, the young person's own words in each.

use super::App;
use super::frame::{frame, undo};
use super::section::{section_list, section_sheet};
use crate::components::{El, el, icon, title};
use crate::texts as t;
use plan::Part;

pub fn page(app: App) -> Vec<El> {
    let zones = [
        (Part::PlanGreen, "sun", t::ZONE_GREEN),
        (Part::PlanYellow, "cloud", t::ZONE_YELLOW),
        (Part::PlanRed, "storm", t::ZONE_RED),
        (Part::PlanAfter, "dawn", t::ZONE_AFTER),
    ];
    let mut body: Vec<El> = zones.into_iter().map(|(part, weather, name)| zone(app, part, weather, name)).collect();
    body.push(el("div").class("page-foot").child(undo(app, "undo-page")));
    let mut page = frame(app, t::PLAN_TITLE, body);
    page.push(section_sheet(app, &Part::ZONES));
    page
}

/// One part as it stands on its page.
pub fn zone(app: App, part: Part, weather: &'static str, name: &'static str) -> El {
    let head = el("div").class("zone-head").child(icon(weather)).child(title("h2", name));
    el("section").class(&format!("zone {weather}")).child(head).child(section_list(app, part))
}
