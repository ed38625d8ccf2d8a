//! A field that saves itself: what is typed is handed on after a short rest, or at once when the field or the app is left.

use super::Problem;
use leptos::ev;
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use std::time::Duration;

/// Rest after the last keystroke before the words are handed on.
const REST: Duration = Duration::from_millis(400);
/// However fast somebody types, the words are handed on this often.
const AT_MOST: Duration = Duration::from_millis(2_000);

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
#[component]
pub fn Field(
    /// The words to show. Typing is not disturbed by what says the same.
    #[prop(into)]
    value: Signal<String>,
    /// What the field is called, for those who cannot see where it stands.
    #[prop(into)]
    label: TextProp,
    #[prop(into, optional)] placeholder: TextProp,
    /// Something to say about what was written.
    #[prop(into)]
    problem: Signal<Option<TextProp>>,
    /// Whoever looks at another window and comes back goes on where they were.
    #[prop(optional)]
    stays: bool,
    /// Writing begins.
    #[prop(into)]
    on_begin: Callback<()>,
    /// Every keystroke, with all that stands there.
    #[prop(into)]
    on_draft: Callback<String>,
    /// The latest words are to be kept.
    #[prop(into)]
    on_text: Callback<()>,
    /// Writing has ended, and everything has been handed on.
    #[prop(into)]
    on_end: Callback<()>,
) -> impl IntoView {
    let clocks = StoredValue::new_local(Clocks::default());
    let flush = move || {
        if clocks.try_update_value(Clocks::stop) == Some(true) {
            on_text.run(());
        }
    };
    let draft = move |text: String| {
        on_draft.run(text);
        clocks.try_update_value(|clocks| {
            if let Some(rest) = clocks.rest.take() {
                rest.clear();
            }
            clocks.rest = set_timeout_with_handle(flush, REST).ok();
            if clocks.limit.is_none() {
                clocks.limit = set_timeout_with_handle(flush, AT_MOST).ok();
            }
        });
    };
    let end = move || {
        // The browser leaves a field that is taken away with somebody in it, when all that was done about it is gone.
        if !clocks.is_disposed() {
            flush();
            on_end.run(());
        }
    };
    let hides = window_event_listener(ev::visibilitychange, move |_| flush());
    let leaves = window_event_listener(ev::Custom::<web_sys::Event>::new("pagehide"), move |_| flush());
    on_cleanup(move || {
        hides.remove();
        leaves.remove();
        // A field that goes away is left, too, and hands on what it has first.
        end();
    });
    view! {
        <textarea
            class="field"
            // In whatever language they write, which nobody here knows.
            lang=""
            // As tall as its words, since a field that scrolls hides what was written.
            rows=move || value.with(|text| rows(text))
            aria-label=label
            aria-invalid=move || problem.with(Option::is_some).then_some("true")
            placeholder=placeholder
            autocapitalize="sentences"
            prop:value=value
            on:focus=move |_| on_begin.run(())
            on:input:target=move |event| draft(event.target().value())
            on:blur:target=move |event| {
                // The browser also says so when another window comes before this one.
                let is_in_it = document().active_element().as_ref() == Some(&event.target());
                if stays && is_in_it { flush() } else { end() }
            }
        ></textarea>
        <Problem text=problem/>
    }
}

fn rows(text: &str) -> usize {
    text.lines().map(|line| line.chars().count() / 30 + 1).sum::<usize>().clamp(1, 12)
}
