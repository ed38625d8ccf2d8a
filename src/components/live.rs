//! What follows signals. Leptos makes the code that follows a closure once for every closure; these make it once, and keep what
//! is different about each behind a pointer. Over all pages that is a fifth of a first visit (see `docs/adr`).

use super::focus::Remade;
use leptos::children::ViewFn;
use leptos::prelude::*;

/// A piece of screen that is made again when something that it read has changed. Whoever had the focus in it is not thrown out
/// to the top of the page.
pub fn live<V>(view: impl Fn() -> V + Send + Sync + 'static) -> impl IntoView
where
    V: RenderHtml + Send + 'static,
{
    follow(ViewFn::from(view))
}

fn follow(view: ViewFn) -> impl IntoView + use<> {
    let remade = Remade::default();
    move || {
        remade.keep_focus();
        view.run()
    }
}

/// What is shown while something holds; Leptos' `<Show>` with less code.
#[component]
pub fn Show(
    #[prop(into)] when: Signal<bool>,
    /// What is shown while it does not.
    #[prop(into, optional)]
    fallback: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let when = Memo::new(move |_| when.get());
    let remade = Remade::default();
    move || {
        let now = when.get();
        remade.keep_focus();
        if now { children() } else { fallback.run() }
    }
}
