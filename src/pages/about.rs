//! Vigtigt om mig: the nine fields and the young person's free statements.

use super::frame::Frame;
use super::later::{Detail, Later};
use super::plan::Zone;
use super::section::{SectionSheet, use_open_section};
use crate::routes::Place;
use crate::state::use_session;
use crate::texts::text;
use leptos::prelude::*;
use plan::Part;

#[component]
pub fn AboutPage() -> impl IntoView {
    let here = || Place::About(None);
    let session = use_session();
    let find = move |name: String| session.find_section(Part::AboutMe, &name);
    view! {
        <Frame title=text!(about_title)>
            <Zone part=Part::AboutMe weather="me" name=text!(about_lead) here=here()/>
            <div class="page-foot">
                <Later detail=Detail::Undo/>
            </div>
        </Frame>
        <SectionSheet open=use_open_section() at=Place::About find=find/>
    }
}
