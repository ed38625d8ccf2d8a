//! The guides: for whoever talks with a young person about their plan, and for the young. Read here or printed; they come in a chunk of
//! their own.

mod meeting;
mod questions;
mod talk;

use super::StaffPage;
use crate::components::{Button, live};
use crate::lazy::lazy;
use crate::pages::handout::Handout;
use crate::state::staff::print;
use crate::texts::{Text, text};
use leptos::prelude::*;
use leptos::task::spawn_local;
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

/// How they are made.
type Guides = fn(Guide) -> AnyView;

lazy! {
    fn guides() -> Guides {
        |guide| match guide {
            Guide::Talk => view! { <talk::Talk/> }.into_any(),
            Guide::Questions => view! { <questions::Questions/> }.into_any(),
            Guide::Meeting => view! { <meeting::Meeting/> }.into_any(),
            Guide::Handout => view! { <Handout/> }.into_any(),
        }
    }
}

impl Guide {
    const ALL: [Self; 4] = [Self::Talk, Self::Questions, Self::Meeting, Self::Handout];

    /// As it stands in the address.
    fn name(self) -> &'static str {
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
}

#[component]
pub fn GuidesPage() -> impl IntoView {
    let link = |guide: Guide| {
        view! {
            <li>
                <A href=format!("/personale/vejledning/{}", guide.name()) attr:class="start">
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
                <A href="/personale" attr:class="button quiet">
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
    let made = RwSignal::new(None::<Guides>);
    let is_missing = RwSignal::new(false);
    let fetch = move || {
        is_missing.set(false);
        spawn_local(async move {
            // The page may be gone by now.
            match guides().await {
                Ok(brought) => drop(made.try_set(Some(brought))),
                Err(_) => drop(is_missing.try_set(true)),
            }
        });
    };
    fetch();
    let body = move || match (made.get(), is_missing.get()) {
        (Some(make), _) => make(guide),
        (None, false) => view! { <p class="soft late" role="status">{text!(page_under_way)}</p> }.into_any(),
        (None, true) => view! {
            <p role="status">{text!(staff_error_offline)}</p>
            <p>
                <Button look="quiet" text=text!(try_again) on_press=move |()| fetch()/>
            </p>
        }
        .into_any(),
    };
    view! {
        <StaffPage title=guide.title()>
            <p class="desk-links no-print">
                <A href="/personale/vejledning" attr:class="button quiet">
                    {text!(staff_guides_back)}
                </A>
                <Button look="quiet" text=text!(staff_print) on_press=move |()| print()/>
            </p>
            <div class="guide">{live(body)}</div>
        </StaffPage>
    }
}
