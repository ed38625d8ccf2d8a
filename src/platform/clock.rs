//! The clock, the dice, and what the browser knows of how languages write. Nothing else in the app reads these.

use js_sys::Intl::PluralRules;
use js_sys::{Array, Function, Object, Promise};
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

/// A moment where the reader is, as the browser writes it in this language: those pieces of it that are named, each in the
/// form that `Intl.DateTimeFormat` knows.
pub fn format(language: &str, date: &js_sys::Date, pieces: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (piece, form) in pieces {
        let _ = js_sys::Reflect::set(&options, &(*piece).into(), &(*form).into());
    }
    date.to_locale_string(language, &options).into()
}

/// Whether this language says so many of something in its singular, as the browser knows it.
pub fn is_singular(language: &str, count: u64) -> bool {
    let rules = PluralRules::new(&Array::of1(&language.into()), &Object::new());
    rules.select(count as f64) == "one"
}

/// The moment so many milliseconds after the beginning of 1970.
pub fn moment(millis: u64) -> js_sys::Date {
    js_sys::Date::new(&(millis as f64).into())
}

/// The middle of a day like `2026-12-04`, where the reader is.
pub fn noon(day: &str) -> js_sys::Date {
    js_sys::Date::new(&format!("{day}T12:00").into())
}

/// Today, as `2026-12-04`, where the reader is.
pub fn today() -> String {
    let date = js_sys::Date::new_0();
    format!("{:04}-{:02}-{:02}", date.get_full_year(), date.get_month() + 1, date.get_date())
}
