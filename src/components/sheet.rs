//! A sheet from below for writing: a native dialog, closed by its buttons, Escape, or the phone's own way back.

use leptos::html::Dialog;
use leptos::prelude::*;

#[component]
pub fn Sheet(
    /// The id of the heading in it.
    heading: &'static str,
    #[prop(into)] on_close: Callback<()>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    // It can only be opened when it is on the page, which it is a moment from now.
    request_animation_frame(move || {
        if let Some(dialog) = dialog.try_get_untracked().flatten()
            && dialog.is_connected()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    view! {
        <dialog class="sheet" tabindex="-1" aria-labelledby=heading node_ref=dialog on:close=move |_| on_close.run(())>
            <div class="sheet-body">{children()}</div>
        </dialog>
    }
}
