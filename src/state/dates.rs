//! Days, times and numbers as the language writes them. Each reads the language, so what shows one follows it.

use crate::platform::clock;
use crate::texts::{Locale, use_language, words};
use js_sys::Date;
use leptos::prelude::*;

const DAY_AND_MONTH: &[(&str, &str)] = &[("day", "numeric"), ("month", "long")];

/// The language of now, as the browser names it.
fn tag() -> &'static str {
    match use_language().get() {
        Locale::da => "da-DK",
        Locale::en => "en-GB",
    }
}

fn format(date: &Date, pieces: &[(&str, &str)]) -> String {
    clock::format(tag(), date, pieces)
}

/// Which of two texts says so many of something: the singular, or the one for more.
pub fn choose_plural<T>(count: u64, singular: T, plural: T) -> T {
    if clock::is_singular(tag(), count) { singular } else { plural }
}

/// The day and its month, which stay on one line: `4. december`, and what is asked for besides.
fn format_day(date: &Date, besides: &[(&str, &str)]) -> String {
    format(date, &[DAY_AND_MONTH, besides].concat()).replacen(' ', "\u{a0}", 1)
}

/// A moment: `4. december kl. 14.05`.
pub fn describe(millis: u64) -> String {
    let date = clock::moment(millis);
    let time = format(&date, &[("hour", "2-digit"), ("minute", "2-digit")]);
    words!(moment, day = format_day(&date, &[]), time = time.clone())()
}

/// A day and the time on it, where there is one: `fredag 4. december kl. 14.05`.
pub fn describe_occasion(day: String, time: &str) -> String {
    match describe_time(time) {
        time if time.is_empty() => day,
        time => words!(moment, day = day.clone(), time = time.clone())(),
    }
}

/// A day far away, with its year: `4. december 2027`.
pub fn describe_date(millis: u64) -> String {
    format_day(&clock::moment(millis), &[("year", "numeric")])
}

/// A day as it is said: `fredag 4. december`. `None` when it is not a day.
pub fn describe_day(day: &str) -> Option<String> {
    day.parse::<plan::Day>().ok()?;
    let date = clock::noon(day);
    Some(format!("{} {}", format(&date, &[("weekday", "long")]), format_day(&date, &[])))
}

/// The same with its year: `4. december 2026`. `None` when it is not a day.
pub fn describe_year_day(day: &str) -> Option<String> {
    day.parse::<plan::Day>().ok()?;
    Some(format_day(&clock::noon(day), &[("year", "numeric")]))
}

/// A time of day like `14:05`, as it is written.
pub fn describe_time(time: &str) -> String {
    match use_language().get() {
        Locale::da => time.replace(':', "."),
        Locale::en => time.to_owned(),
    }
}
