//! The clock and the dice. Nothing else in the app reads either.

use js_sys::{Function, Promise};
use std::pin::pin;
use std::task::Poll;
use wasm_bindgen_futures::JsFuture;

/// Milliseconds since 1970 by this phone's clock, which may be wrong.
pub fn now() -> u64 {
    // A clock before 1970 reads as 1970.
    js_sys::Date::now().max(0.0) as u64
}

/// 64 random bits; `None` when the browser has none to give, and then nothing can be written.
pub fn random() -> Option<u64> {
    getrandom::u64().ok()
}

/// 256 random bits in hexadecimal characters.
pub fn secret() -> Option<String> {
    (0..4).map(|_| random().map(|bits| format!("{bits:016x}"))).collect()
}

/// Ends a wait that nobody answers: `None` when this many milliseconds have passed before.
pub async fn within<T>(millis: u64, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut limit) = (pin!(work), pin!(sleep(millis)));
    std::future::poll_fn(move |context| {
        if let Poll::Ready(value) = work.as_mut().poll(context) {
            return Poll::Ready(Some(value));
        }
        limit.as_mut().poll(context).map(|()| None)
    })
    .await
}

/// Waits. For what has no event of its own.
pub async fn sleep(millis: u64) {
    let promise = Promise::new(&mut |resolve: Function, _| {
        if let Some(window) = web_sys::window() {
            let millis = i32::try_from(millis).unwrap_or(i32::MAX);
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// A moment as day and time where the reader is: `3. december kl. 14.05`.
pub fn describe(millis: u64) -> String {
    let date = js_sys::Date::new(&(millis as f64).into());
    format!("{} kl. {}.{:02}", day_and_month(&date), date.get_hours(), date.get_minutes())
}

/// A day with its year: `3. december 2027`.
pub fn describe_date(millis: u64) -> String {
    let date = js_sys::Date::new(&(millis as f64).into());
    format!("{} {}", day_and_month(&date), date.get_full_year())
}

fn day_and_month(date: &js_sys::Date) -> String {
    const MONTHS: [&str; 12] = [
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ];
    let month = MONTHS.get(date.get_month() as usize).copied().unwrap_or_default();
    format!("{}. {month}", date.get_date())
}

/// A day as it is said: `fredag 4. december`. Takes `2026-12-04`.
pub fn describe_day(day: &str) -> Option<String> {
    const DAYS: [&str; 7] = ["søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"];
    let date = js_sys::Date::new(&format!("{day}T12:00").into());
    let name = DAYS.get(date.get_day() as usize)?;
    Some(format!("{name} {}", day_and_month(&date)))
}

/// Today, as `2026-12-04`, where the reader is.
pub fn today() -> String {
    let date = js_sys::Date::new_0();
    format!("{:04}-{:02}-{:02}", date.get_full_year(), date.get_month() + 1, date.get_date())
}
