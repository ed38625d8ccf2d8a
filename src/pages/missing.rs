//! An address that leads nowhere.

use super::App;
use super::frame::frame;
use crate::components::{El, el, link};
use crate::routes::Place;
use crate::texts as t;

pub fn page(app: App) -> Vec<El> {
    let back = link("button primary", &Place::Plan(None).path()).text(t::MISSING_BACK);
    frame(app, t::MISSING_TITLE, vec![el("p").text(t::MISSING_TEXT), back])
}
