//! The ticks: per part, what somebody may see.

use super::words;
use crate::components::dom::ticked;
use crate::components::{El, el, title};
use leptos::prelude::*;
use plan::{Part, Parts};

pub fn part_ticks(legend: &str, parts: RwSignal<Parts>) -> El {
    let ticks = Part::ALL.into_iter().map(|part| {
        let input = el("input")
            .attr("type", "checkbox")
            .attr("name", part.name())
            .live_checked(move || parts.get().contains(part))
            .on("change", move |event| {
                let on = ticked(&event);
                parts.update(|parts| *parts = if on { parts.with(part) } else { parts.without(part) });
            });
        el("label").class("choice").child(input).child(el("span").text(words::part_name(part)))
    });
    el("fieldset").class("choices").child(title("legend", legend)).children(ticks.collect())
}
