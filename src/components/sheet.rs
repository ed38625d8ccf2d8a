//! A sheet from below for writing: a native dialog, closed by its button, Escape, or the phone's own way back.

use leptos::html::Dialog;
use leptos::prelude::*;

/// Opens when it is put on the page; `on_close` should take it away again.
#[component]
pub fn Sheet(
    /// The id of the heading that names it.
    labelled_by: &'static str,
    #[prop(into)] on_close: Callback<()>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get()
            && !dialog.open()
        {
            // It is on the page by now; a second call would be an error, so it is asked first.
            let _ = dialog.show_modal();
        }
    });
    view! {
        <dialog class="sheet" node_ref=dialog aria-labelledby=labelled_by on:close=move |_| on_close.run(())>
            <div class="sheet-body">{children()}</div>
        </dialog>
    }
}
