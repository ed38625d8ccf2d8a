//! What the browser tells the whole app: shown again, hidden, back on the network; and time passing.

use leptos::ev;
use leptos::prelude::{set_interval, window_event_listener};
use std::time::Duration;

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

/// Runs when another tab of ours has kept or changed something outside the database.
pub fn on_storage(run: impl Fn() + 'static) {
    window_event_listener(ev::Custom::<web_sys::Event>::new("storage"), move |_| run());
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

/// Says which language the page is in.
pub fn say_language(name: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(root) = document.and_then(|document| document.document_element()) {
        let _ = root.set_attribute("lang", name);
    }
}

/// Takes the first paint away when the app shows its own first screen.
pub fn remove_shell() {
    let shell = web_sys::window().and_then(|window| window.document()).and_then(|d| d.get_element_by_id("shell"));
    if let Some(shell) = shell {
        shell.remove();
    }
}
