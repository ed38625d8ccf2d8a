//! The pieces that screens are put together from.

use super::dom::{El, el, svg};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

/// An icon beside a word; it says nothing by itself.
pub fn icon(name: &str) -> El {
    let href = format!("#{name}");
    svg("svg")
        .attr("class", "icon")
        .attr("aria-hidden", "true")
        .attr("viewBox", "0 0 24 24")
        .child(svg("use").attr("href", &href))
}

/// A button with a word on it.
pub fn button(class: &str, text: &str) -> El {
    el("button").class(&format!("button {class}")).attr("type", "button").text(text)
}

/// A button that is only an icon, with its name for those who do not see it.
pub fn press(name: &str, label: &str) -> El {
    el("button").class("tool").attr("type", "button").attr("aria-label", label).child(icon(name))
}

/// A way to another place in the app.
pub fn link(class: &str, href: &str) -> El {
    el("a").class(class).attr("href", href)
}

pub fn title(level: &str, text: &str) -> El {
    el(level).text(text)
}

/// A quiet label over what it names.
pub fn labelled(label: &str, field: El) -> El {
    el("label").class("stack").child(el("span").class("label").text(label)).child(field)
}

/// Something that opens when it is asked for.
pub fn fold(summary: &str) -> El {
    el("details").class("fold").child(el("summary").text(summary))
}

/// How a notice looks; never by colour alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Calm,
    Careful,
}

/// A calm line about something the reader should know, with room for more.
pub fn notice(tone: Tone, text: &str, more: Vec<El>) -> El {
    let (class, role, name) = match tone {
        Tone::Calm => ("notice", "status", "tick"),
        Tone::Careful => ("notice careful", "alert", "info"),
    };
    let body = el("div").child(el("p").text(text)).children(more);
    el("div").class(class).attr("role", role).child(icon(name)).child(body)
}

/// What is wrong with what was written, where it was written.
pub fn problem(text: RwSignal<Option<String>>) -> El {
    el("div").live(move || {
        text.get().map(|text| el("p").class("problem").attr("role", "alert").text(&text)).into_iter().collect()
    })
}

/// A sheet from below for writing: a native dialog, closed by its buttons, Escape, or the phone's own way back.
pub fn sheet(heading: &str, on_close: impl FnMut() + 'static, body: Vec<El>) -> El {
    let mut on_close = on_close;
    let dialog = el("dialog")
        .class("sheet")
        .attr("tabindex", "-1")
        .attr("aria-labelledby", heading)
        .on("close", move |_| on_close());
    let opened = dialog.node().clone();
    // It can only be opened when it is on the page, which it is a moment from now.
    request_animation_frame(move || {
        if let Some(dialog) =
            opened.dyn_ref::<HtmlDialogElement>().filter(|dialog| dialog.is_connected() && !dialog.open())
        {
            let _ = dialog.show_modal();
        }
    });
    dialog.child(el("div").class("sheet-body").children(body))
}
