//! A field that saves itself: what is typed is handed on after a short rest, or at once when the field or the app is left.

use leptos::ev;
use leptos::html::Textarea;
use leptos::prelude::*;
use std::time::Duration;

/// Rest after the last keystroke before the words are handed on.
const REST: Duration = Duration::from_millis(400);
/// However fast somebody types, the words are handed on this often.
const AT_MOST: Duration = Duration::from_millis(2_000);

/// A text that can be written in.
#[component]
pub fn Field(
    /// The words as they stand elsewhere.
    #[prop(into)]
    value: Signal<String>,
    /// What the field is called, for those who cannot see where it stands.
    #[prop(into)]
    label: String,
    #[prop(optional, into)] placeholder: String,
    /// Every keystroke.
    #[prop(into)]
    on_draft: Callback<String>,
    /// The words to keep.
    #[prop(into)]
    on_text: Callback<String>,
    /// Writing begins.
    #[prop(optional, into)]
    on_begin: Option<Callback<()>>,
    /// Writing has ended, and everything has been handed on.
    #[prop(optional, into)]
    on_end: Option<Callback<()>>,
    /// Something to say about what was written.
    #[prop(optional, into)]
    problem: Signal<Option<String>>,
    #[prop(optional)] node: NodeRef<Textarea>,
) -> impl IntoView {
    let typed = StoredValue::new(None::<String>);
    let timers = StoredValue::new((None::<TimeoutHandle>, None::<TimeoutHandle>));
    let hand_on = move || {
        timers.try_update_value(|(rest, limit)| {
            for timer in [rest.take(), limit.take()].into_iter().flatten() {
                timer.clear();
            }
        });
        if let Some(Some(text)) = typed.try_update_value(Option::take) {
            on_text.run(text);
        }
    };
    let on_input = move |text: String| {
        on_draft.run(text.clone());
        typed.set_value(Some(text));
        timers.update_value(|(rest, limit)| {
            if let Some(rest) = rest.take() {
                rest.clear();
            }
            *rest = set_timeout_with_handle(hand_on, REST).ok();
            if limit.is_none() {
                *limit = set_timeout_with_handle(hand_on, AT_MOST).ok();
            }
        });
    };
    let leaving = [
        window_event_listener(ev::visibilitychange, move |_| hand_on()),
        window_event_listener(ev::Custom::<web_sys::Event>::new("pagehide"), move |_| hand_on()),
    ];
    on_cleanup(move || {
        hand_on();
        for listener in leaving {
            listener.remove();
        }
    });
    // As tall as its words, since a field that scrolls hides what was written.
    let rows = move || value.with(|text| text.lines().map(|line| line.chars().count() / 30 + 1).sum::<usize>().clamp(1, 12));
    view! {
        <textarea
            class="field"
            node_ref=node
            rows=rows
            aria-label=label
            aria-invalid=move || problem.with(Option::is_some).then_some("true")
            placeholder=placeholder
            autocapitalize="sentences"
            prop:value=move || value.get()
            on:focus=move |_| if let Some(begin) = on_begin { begin.run(()) }
            on:input:target=move |event| on_input(event.target().value())
            on:blur=move |_| {
                hand_on();
                if let Some(end) = on_end {
                    end.run(());
                }
            }
        ></textarea>
        {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
    }
}
