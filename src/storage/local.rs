//! What gloo-storage keeps outside the database. It panics where storage is blocked, so everybody asks here first.

use gloo_storage::{LocalStorage, Storage};

/// Whether the browser lets us use local storage at all.
pub fn is_available() -> bool {
    web_sys::window().is_some_and(|window| matches!(window.local_storage(), Ok(Some(_))))
}

/// A small choice that was made on this phone.
pub fn read(name: &str) -> Option<String> {
    is_available().then(|| LocalStorage::raw().get_item(name).ok().flatten()).flatten()
}

/// Keeps a small choice; one that cannot be kept holds until the app is closed.
pub fn write(name: &str, value: &str) {
    if is_available() {
        let _ = LocalStorage::raw().set_item(name, value);
    }
}
