//! Where the focus goes when what had it is moved or goes away: whoever works with the keyboard, or listens, stays where they
//! were.

use leptos::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
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
        let found = document().query_selector(&css).ok().flatten();
        found.iter().for_each(focus);
        if found.is_none() || document().active_element() != found {
            focus_main();
        }
    });
}

/// Goes past the title to what is on the page.
pub fn focus_main() {
    document().query_selector("main").ok().flatten().iter().for_each(focus);
}

/// The same a moment from now.
pub fn go_to_main() {
    request_animation_frame(focus_main);
}

fn is_body(element: &Element) -> bool {
    document().body().is_some_and(|body| *element == *body)
}

fn is_focus_lost() -> bool {
    document().active_element().is_none_or(|now| is_body(&now))
}

/// What makes a piece of screen, again and again.
#[derive(Default)]
pub(super) struct Remade(AtomicBool);

impl Remade {
    /// Called just before rows are moved, made anew or taken away; the first time there is nothing yet that could have the focus.
    pub(super) fn keep_focus(&self) {
        if self.0.swap(true, Ordering::Relaxed) {
            keep_focus();
        }
    }
}

/// What has the focus gets it back afterwards, or what has its name then, or what is around it when it is gone.
fn keep_focus() {
    // Nothing has it, at the start for one: to look for it then would have the browser lay out the page before it is drawn.
    let Some(focused) = document().active_element().filter(|focused| !is_body(focused)) else { return };
    let around = focused.closest("dialog, main").ok().flatten();
    queue_microtask(move || {
        if !is_focus_lost() {
            return;
        }
        if focused.is_connected() {
            return focus(&focused);
        }
        match find_again(&focused, around.is_none()).or(around.filter(|around| around.is_connected())) {
            Some(again) => focus(&again),
            // What led to a sheet may be about to get it back.
            None => request_animation_frame(|| {
                if is_focus_lost() {
                    focus_main();
                }
            }),
        }
    });
}

/// What stands in the place of something that has been made anew. Beside what is on the page, as in the bar, a link is known by
/// where it leads.
fn find_again(gone: &Element, is_beside: bool) -> Option<Element> {
    let named = document().get_element_by_id(&gone.id());
    if named.is_some() || !is_beside {
        return named;
    }
    let href = gone.get_attribute("href")?;
    document().query_selector(&format!("a[href='{href}']:not(main *)")).ok()?
}
