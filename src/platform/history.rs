//! The address bar, the phone's way back, and the links between the pages of the app.

use leptos::ev;
use leptos::prelude::window_event_listener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, MouseEvent};

/// Where in the app the address bar is.
pub fn path() -> String {
    web_sys::window().and_then(|window| window.location().pathname().ok()).unwrap_or_default()
}

/// Puts an address in the bar, after this place in the history.
pub fn push(path: &str) {
    let Some(window) = web_sys::window() else { return };
    if window.history().is_ok_and(|history| history.push_state_with_url(&JsValue::NULL, "", Some(path)).is_ok()) {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Puts an address in the bar, in this place's stead.
pub fn replace(path: &str) {
    let history = web_sys::window().and_then(|window| window.history().ok());
    // The browser says no to an address of another origin, and there is none in this program.
    let _ = history.map(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(path)));
}

/// Calls back when somebody goes back or forward.
pub fn on_move(run: impl Fn() + 'static) {
    window_event_listener(ev::popstate, move |_| run());
}

/// Calls back when a link to another place in the app is pressed, instead of loading the app anew.
pub fn on_link(go: impl Fn(String) + 'static) {
    window_event_listener(ev::click, move |event| {
        if let Some(path) = path_of(&event) {
            event.prevent_default();
            go(path);
        }
    });
}

/// Where a press leads, when that is in the app and is meant to open here.
fn path_of(event: &MouseEvent) -> Option<String> {
    let elsewhere = event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key();
    if elsewhere || event.button() != 0 || event.default_prevented() {
        return None;
    }
    let link = event.target()?.dyn_into::<Element>().ok()?.closest("a").ok()??;
    link.get_attribute("href").filter(|href| href.starts_with('/'))
}
