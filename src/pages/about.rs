//! Vigtigt om mig: the nine fields and the young person's free statements.

use super::frame::{Page, Undo};
use super::section::{SectionList, SectionSheet};
use crate::components::Icon;
use crate::routes;
use crate::texts as t;
use leptos::prelude::*;
use plan::Part;

#[component]
pub fn AboutPage() -> impl IntoView {
    view! {
        <Page title=t::ABOUT_TITLE>
            <section class="zone me">
                <div class="zone-head">
                    <Icon name="me"/>
                    <h2>{t::ABOUT_LEAD}</h2>
                </div>
                <SectionList part=Part::AboutMe page=routes::ABOUT/>
            </section>
            <div class="page-foot">
                <Undo/>
            </div>
        </Page>
        <SectionSheet parts=&[Part::AboutMe] page=routes::ABOUT/>
    }
}
