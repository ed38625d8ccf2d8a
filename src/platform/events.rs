//! What the browser tells the whole app: shown again, hidden, back on the network; and time passing.

use leptos::ev;
use leptos::prelude::{document, request_animation_frame, set_interval, window_event_listener};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Whether anybody is looking.
pub fn is_visible() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| !document.hidden())
}

/// Runs when the app may have been away: shown again, back from the page cache, or back on the network.
pub fn on_return(run: impl Fn() + Clone + 'static) {
    let (shown, online) = (run.clone(), run.clone());
    window_event_listener(ev::visibilitychange, move |_| {
        if is_visible() {
            shown();
        }
    });
    window_event_listener(ev::online, move |_| online());
    window_event_listener(ev::Custom::<web_sys::Event>::new("pageshow"), move |_| run());
}

/// Runs when the page is left, also when the browser keeps it as it is.
pub fn on_leave(run: impl Fn() + 'static) {
    window_event_listener(ev::Custom::<web_sys::Event>::new("pagehide"), move |_| run());
}

/// Runs when a page that was left is shown again as it was.
pub fn on_return_to_page(run: impl Fn() + 'static) {
    window_event_listener(ev::Custom::<web_sys::PageTransitionEvent>::new("pageshow"), move |event| {
        if event.persisted() {
            run();
        }
    });
}

/// Runs when somebody begins to look, or no longer does.
pub fn on_visibility(run: impl Fn() + 'static) {
    window_event_listener(ev::visibilitychange, move |_| run());
}

/// Runs when another tab of ours has kept something else of this name outside the database.
pub fn on_kept(name: &'static str, run: impl Fn() + 'static) {
    window_event_listener(ev::storage, move |event| {
        if event.key().as_deref() == Some(name) {
            run();
        }
    });
}

/// Runs again and again while somebody is looking.
pub fn every(period: Duration, run: impl Fn() + 'static) {
    set_interval(
        move || {
            if is_visible() {
                run();
            }
        },
        period,
    );
}

/// Where in the app the address bar is after `#`, without it.
pub fn fragment() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// The address of the page, without the origin and what is behind it.
pub fn path() -> String {
    web_sys::window().and_then(|window| window.location().pathname().ok()).unwrap_or_default()
}

/// Says what the page is called.
pub fn say_title(title: &str) {
    document().set_title(title);
}

/// Says which language the page is in.
pub fn say_language(name: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", name);
    }
}

/// What was tapped in the first paint, which has no program: it stands in the address after `#`, once.
pub fn take_fragment(name: &str) -> bool {
    replace_fragment(name, "")
}

/// Goes on to another address, before anything is shown of this one.
pub fn replace_path(path: &str) {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(path));
    }
}

/// The same, and leaves something else there.
pub fn replace_fragment(name: &str, rest: &str) -> bool {
    let is_there = fragment() == name;
    if is_there && let Some(window) = web_sys::window() {
        let mut path = window.location().pathname().unwrap_or_default();
        if !rest.is_empty() {
            path = path + "#" + rest;
        }
        replace_path(&path);
    }
    is_there
}

/// Whether what was drawn before the program was there is the first screen of a new phone.
pub fn shows_welcome() -> bool {
    document().query_selector("#shell .welcome").is_ok_and(|found| found.is_some())
}

/// Takes the first paint away when the app shows its own first screen. Whoever stood on one of its links stands on the same
/// one of that screen.
pub fn remove_shell() {
    let document = document();
    if let Some(early) = document.get_element_by_id("svaert") {
        early.remove();
    }
    let Some(shell) = document.get_element_by_id("shell") else { return };
    let focused = document.active_element();
    let stop = list(&shell, "a").into_iter().position(|link| Some(&link) == focused.as_ref());
    shell.remove();
    // With Trunk both first paints stand in the page.
    while let Some(other) = document.get_element_by_id("shell") {
        other.remove();
    }
    if let Some(stop) = stop {
        request_animation_frame(move || {
            let body = leptos::prelude::document().body();
            let stops = body.map(|body| list(&body, ".top a, main a, main button")).unwrap_or_default();
            if let Some(stop) = stops.get(stop).and_then(|stop| stop.dyn_ref::<HtmlElement>()) {
                let _ = stop.focus();
            }
        });
    }
}

fn list(below: &Element, css: &str) -> Vec<Element> {
    let found = below.query_selector_all(css).ok();
    let nodes = found.iter().flat_map(|found| (0..found.length()).filter_map(|at| found.get(at)));
    nodes.filter_map(|node| node.dyn_into().ok()).collect()
}
