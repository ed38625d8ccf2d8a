//! What gloo-storage keeps outside the database. It panics where storage is blocked, so everybody asks here first.

/// Whether the browser lets us use local storage at all.
pub fn is_available() -> bool {
    web_sys::window().is_some_and(|window| matches!(window.local_storage(), Ok(Some(_))))
}
