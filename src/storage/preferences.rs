//! Preferences that are not sensitive, through gloo-storage. It panics where storage is blocked, so it is probed first.

use gloo_storage::{LocalStorage, Storage as _};

/// Whether the browser lets us use local storage at all.
pub fn is_available() -> bool {
    web_sys::window().is_some_and(|window| matches!(window.local_storage(), Ok(Some(_))))
}

/// Reads a preference.
pub fn get(name: &str) -> Option<String> {
    is_available().then(|| LocalStorage::get(name).ok()).flatten()
}

/// Keeps a preference; where it cannot be kept, the next start asks again.
pub fn set(name: &str, value: &str) {
    if is_available() {
        let _ = LocalStorage::set(name, value);
    }
}
