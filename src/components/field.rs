//! A field that saves itself: what is typed is handed on after a short rest, or at once when the field or the app is left.

use super::dom::{El, after, el, on_window, typed};
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// Rest after the last keystroke before the words are handed on.
const REST: Duration = Duration::from_millis(400);
/// However fast somebody types, the words are handed on this often.
const AT_MOST: Duration = Duration::from_millis(2_000);

/// What a field is made of.
pub struct Field {
    /// The words to show.
    pub value: Box<dyn Fn() -> String>,
    /// What the field is called, for those who cannot see where it stands.
    pub label: String,
    pub placeholder: &'static str,
    /// Something to say about what was written.
    pub problem: RwSignal<Option<String>>,
    /// Writing begins.
    pub on_begin: Box<dyn Fn()>,
    /// Every keystroke.
    pub on_draft: Box<dyn Fn(&str)>,
    /// The latest words are to be kept.
    pub on_text: Box<dyn Fn()>,
    /// Writing has ended, and everything has been handed on.
    pub on_end: Box<dyn Fn()>,
}

/// The two clocks that run until what was typed is handed on.
#[derive(Default)]
struct Clocks {
    rest: Option<TimeoutHandle>,
    limit: Option<TimeoutHandle>,
}

impl Clocks {
    /// Whether one of them ran.
    fn stop(&mut self) -> bool {
        let running = [self.rest.take(), self.limit.take()].into_iter().flatten();
        running.map(|clock| clock.clear()).count() > 0
    }
}

/// A text that can be written in.
pub fn field(parts: Field) -> Vec<El> {
    let Field { value, label, placeholder, problem, on_begin, on_draft, on_text, on_end } = parts;
    let clocks: Rc<RefCell<Clocks>> = Rc::default();
    let hand_on: Rc<dyn Fn()> = {
        let clocks = clocks.clone();
        Rc::new(move || {
            let waits = clocks.borrow_mut().stop();
            if waits {
                on_text();
            }
        })
    };
    let (leaving, hiding, resting) = (hand_on.clone(), hand_on.clone(), hand_on.clone());
    let on_input = move |text: String| {
        on_draft(&text);
        let mut clocks = clocks.borrow_mut();
        if let Some(rest) = clocks.rest.take() {
            rest.clear();
        }
        let (rest, limit) = (resting.clone(), resting.clone());
        clocks.rest = after(REST, Box::new(move || rest()));
        if clocks.limit.is_none() {
            clocks.limit = after(AT_MOST, Box::new(move || limit()));
        }
    };
    on_window("visibilitychange", move |_| leaving());
    on_window("pagehide", move |_| hiding());
    let end: Rc<dyn Fn()> = Rc::new(move || {
        hand_on();
        on_end();
    });
    // A field that goes away is left, too, and hands on what it has first.
    let last = StoredValue::new_local(end.clone());
    on_cleanup(move || {
        last.try_with_value(|end| end());
    });
    let value: Rc<dyn Fn() -> String> = value.into();
    let counted = value.clone();
    let area = el("textarea")
        .class("field")
        .attr("aria-label", &label)
        .attr("placeholder", placeholder)
        .attr("autocapitalize", "sentences")
        // As tall as its words, since a field that scrolls hides what was written.
        .live_attr("rows", move || Some(rows(&counted()).to_string()))
        .live_attr("aria-invalid", move || problem.with(Option::is_some).then(|| "true".to_owned()))
        .live_value(move || value())
        .on("focus", move |_| on_begin())
        .on("input", move |event| on_input(typed(&event)))
        .on("blur", move |_| end());
    vec![area, super::pieces::problem(problem)]
}

fn rows(text: &str) -> usize {
    text.lines().map(|line| line.chars().count() / 30 + 1).sum::<usize>().clamp(1, 12)
}
