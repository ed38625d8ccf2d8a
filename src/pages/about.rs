//! Vigtigt om mig: the nine fields and the young person's free statements.

use super::App;
use super::frame::{frame, undo};
use super::plan::zone;
use super::section::section_sheet;
use crate::components::{El, el};
use crate::texts as t;
use plan::Part;

pub fn page(app: App) -> Vec<El> {
    let foot = el("div").class("page-foot").child(undo(app, "undo-page"));
    let mut page = frame(app, t::ABOUT_TITLE, vec![zone(app, Part::AboutMe, "me", t::ABOUT_LEAD), foot]);
    page.push(section_sheet(app, &[Part::AboutMe]));
    page
}
