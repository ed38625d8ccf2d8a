//! How long a film is and how much room it takes, as people read it.

use crate::texts::{Locale, use_language, words};
use leptos::prelude::*;

const MEGABYTE: f64 = 1_000_000.0;

/// A number with so many digits after the comma of the language.
pub fn number(value: f64, digits: usize, locale: Locale) -> String {
    let text = format!("{value:.digits$}");
    match locale {
        Locale::da => text.replace('.', ","),
        Locale::en => text,
    }
}

/// Minutes and seconds.
pub fn length(seconds: f64) -> impl Fn() -> String + Clone + Send + Sync {
    let seconds = seconds.round() as u64;
    words!(film_length, length = format!("{}:{:02}", seconds / 60, seconds % 60))
}

/// `1,4 MB`, or `28 GB` where there are many.
pub fn size(bytes: u64) -> String {
    let (megabytes, locale) = (bytes as f64 / MEGABYTE, use_language().get());
    if megabytes < 1000.0 {
        format!("{}\u{a0}MB", number(megabytes, usize::from(megabytes < 100.0), locale))
    } else {
        format!("{}\u{a0}GB", number(megabytes / 1000.0, 0, locale))
    }
}
