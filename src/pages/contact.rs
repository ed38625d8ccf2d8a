//! What a contact tells about themselves, before a yes and for as long as it holds.

use crate::components::live;
use crate::texts::words;
use leptos::prelude::*;
use plan::Profile;

/// Who says it, by the first of their names: `Sara om sig selv`.
pub fn about_title(name: &str) -> impl Fn() -> String + Send + Sync + Clone + use<> {
    let name = first_name(name);
    words!(contact_about, name = name.clone())
}

fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or_default().to_owned()
}

/// Their own words, with when they usually read. What they have not told is not asked for.
#[component]
pub fn AboutContact(name: String, told: Profile) -> impl IntoView {
    let about = words_of(told.about.clone());
    view! {
        {about}
        <Hours name told/>
    }
}

/// When they usually read, and who does when they are away.
#[component]
pub fn Hours(name: String, told: Profile) -> impl IntoView {
    let Profile { hours, away, .. } = told;
    let name = first_name(&name);
    let of = name.clone();
    view! {
        {(!hours.is_empty()).then(|| view! { <p class="label">{live(words!(contact_hours, name = of.clone()))}</p> })}
        {words_of(hours)}
        {(!away.is_empty()).then(|| view! { <p class="label">{live(words!(contact_away, name = name.clone()))}</p> })}
        {words_of(away)}
    }
}

fn words_of(text: String) -> Option<impl IntoView> {
    (!text.is_empty()).then(|| {
        view! {
            <p class="own" lang="">
                {text}
            </p>
        }
    })
}
