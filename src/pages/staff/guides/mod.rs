//! The guides: for whoever talks with a young person about their plan, and for the young. Read here or printed.

mod meeting;
mod questions;
mod talk;

use super::StaffPage;
use crate::components::Button;
use crate::pages::handout::Handout;
use crate::routes::StaffPlace;
use crate::state::print_page;
use crate::texts::{Text, text};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;

/// One of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Guide {
    Talk,
    Questions,
    Meeting,
    Handout,
}

impl Guide {
    const ALL: [Self; 4] = [Self::Talk, Self::Questions, Self::Meeting, Self::Handout];

    /// As it stands in the address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Talk => "samtale",
            Self::Questions => "spoergsmaal",
            Self::Meeting => "moedet",
            Self::Handout => "til-unge",
        }
    }

    fn title(self) -> Text {
        match self {
            Self::Talk => text!(staff_guide_talk),
            Self::Questions => text!(staff_guide_questions),
            Self::Meeting => text!(staff_guide_meet),
            Self::Handout => text!(handout_title),
        }
    }

    fn view(self) -> AnyView {
        match self {
            Self::Talk => view! { <talk::Talk/> }.into_any(),
            Self::Questions => view! { <questions::Questions/> }.into_any(),
            Self::Meeting => view! { <meeting::Meeting/> }.into_any(),
            Self::Handout => view! { <Handout/> }.into_any(),
        }
    }
}

#[component]
pub fn GuidesPage() -> impl IntoView {
    let link = |guide: Guide| {
        view! {
            <li>
                <A href=StaffPlace::Guide(guide.name()).path() attr:class="start">
                    {guide.title()}
                </A>
            </li>
        }
    };
    view! {
        <StaffPage title=text!(staff_guides)>
            <p>{text!(staff_guides_lead)}</p>
            <ul class="card narrow guide-list">{Guide::ALL.map(link).collect_view()}</ul>
            <p>
                <A href=StaffPlace::Desk.path() attr:class="button quiet">
                    {text!(staff_back)}
                </A>
            </p>
        </StaffPage>
    }
}

#[component]
pub fn GuidePage() -> impl IntoView {
    let params = use_params_map();
    let name = params.read_untracked().get("guide").unwrap_or_default();
    let guide = Guide::ALL.into_iter().find(|guide| guide.name() == name).unwrap_or(Guide::Talk);
    view! {
        <StaffPage title=guide.title()>
            <p class="desk-links no-print">
                <A href=StaffPlace::Guides.path() attr:class="button quiet">
                    {text!(staff_guides_back)}
                </A>
                <Button look="quiet" text=text!(staff_print) on_press=move |()| print_page()/>
            </p>
            <div class="guide">{guide.view()}</div>
        </StaffPage>
    }
}
