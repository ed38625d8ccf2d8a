//! Where the focus goes when what had it is moved or goes away: whoever works with the keyboard, or listens, stays where they
//! were.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Moves the focus to what the selector finds a moment from now, or to the page when that is not there or not shown.
pub fn focus_soon(css: String) {
    request_animation_frame(move || {
        for css in [css.as_str(), "main"] {
            if let Some(element) = document().query_selector(css).ok().flatten() {
                focus(&element);
                if document().active_element().as_ref() == Some(&element) {
                    return;
                }
            }
        }
    });
}

/// Goes past the title to what is on the page.
pub fn go_to_main() {
    focus_soon("main".to_owned());
}

fn is_body(element: &Element) -> bool {
    document().body().is_some_and(|body| *element == *body)
}

/// Called just before rows are moved, made anew or taken away: what had the focus gets it back, or what has its name now, or what is
/// around it when it is gone.
pub(super) fn keep_focus() {
    // Nothing has it, at the start for one: to look for it then would have the browser lay out the page before it is drawn.
    let Some(focused) = document().active_element().filter(|focused| !is_body(focused)) else { return };
    let around = focused.closest("dialog, main").ok().flatten();
    queue_microtask(move || {
        let is_lost = document().active_element().is_none_or(|now| is_body(&now));
        if !is_lost {
            return;
        }
        let name = focused.id();
        let again = if focused.is_connected() { Some(focused) } else { document().get_element_by_id(&name).or(around) };
        again.iter().for_each(focus);
    });
}
