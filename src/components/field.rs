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
    /// The words as they stand elsewhere.
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
    /// The words to keep.
    pub on_text: Box<dyn Fn(String)>,
    /// Writing has ended, and everything has been handed on.
    pub on_end: Box<dyn Fn()>,
}

/// What was typed and not handed on, and the two clocks that run until it is.
#[derive(Default)]
struct Typing {
    text: Option<String>,
    rest: Option<TimeoutHandle>,
    limit: Option<TimeoutHandle>,
}

impl Typing {
    fn stop(&mut self) -> Option<String> {
        for timer in [self.rest.take(), self.limit.take()].into_iter().flatten() {
            timer.clear();
        }
        self.text.take()
    }
}

/// A text that can be written in.
pub fn field(parts: Field) -> Vec<El> {
    let Field { value, label, placeholder, problem, on_begin, on_draft, on_text, on_end } = parts;
    let typing: Rc<RefCell<Typing>> = Rc::default();
    let hand_on: Rc<dyn Fn()> = {
        let typing = typing.clone();
        Rc::new(move || {
            let text = typing.borrow_mut().stop();
            if let Some(text) = text {
                on_text(text);
            }
        })
    };
    let (leaving, hiding, resting) = (hand_on.clone(), hand_on.clone(), hand_on.clone());
    let written = typing.clone();
    let on_input = move |text: String| {
        on_draft(&text);
        let mut typing = written.borrow_mut();
        typing.text = Some(text);
        if let Some(rest) = typing.rest.take() {
            rest.clear();
        }
        let (rest, limit) = (resting.clone(), resting.clone());
        typing.rest = after(REST, Box::new(move || rest()));
        if typing.limit.is_none() {
            typing.limit = after(AT_MOST, Box::new(move || limit()));
        }
    };
    on_window("visibilitychange", move |_| leaving());
    on_window("pagehide", move |_| hiding());
    // A field that goes away hands on what it has first.
    let last = StoredValue::new_local(hand_on.clone());
    on_cleanup(move || {
        last.try_with_value(|hand_on| hand_on());
    });
    // What is being typed is not replaced by what another tab or phone has written meanwhile.
    let value: Rc<dyn Fn() -> String> = Rc::new(move || {
        let stored = value();
        typing.borrow().text.clone().unwrap_or(stored)
    });
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
        .on("blur", move |_| {
            hand_on();
            on_end();
        });
    vec![area, super::pieces::problem(problem)]
}

fn rows(text: &str) -> usize {
    text.lines().map(|line| line.chars().count() / 30 + 1).sum::<usize>().clamp(1, 12)
}
