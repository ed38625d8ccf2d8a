//! What is being written to a young person: the sheet that is open, and the drafts that wait beside it.

use super::saying::{Draft, SayingSheet};
use crate::components::focus_soon;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Opens the sheet in which something is said to a young person.
#[derive(Clone, Copy)]
pub struct Writing(pub Callback<Draft>);

/// The drafts of one page. They stand beside what is read, which is made anew with every change of it.
#[derive(Clone, Copy)]
pub struct Drafts {
    open: RwSignal<Option<ArcRwSignal<Draft>>>,
    // Counted: what a button makes goes with the button, which is made anew with every change of the page.
    kept: StoredValue<BTreeMap<String, ArcRwSignal<Draft>>>,
}

impl Drafts {
    /// For a page and everything in it.
    pub fn provide() -> Self {
        let drafts = Self { open: RwSignal::new(None), kept: StoredValue::new(BTreeMap::new()) };
        provide_context(Writing(Callback::new(move |draft| drafts.write(draft))));
        drafts
    }

    fn write(self, draft: Draft) {
        let button = draft.button.clone();
        let known = self.kept.with_value(|all| all.get(&button).cloned());
        self.open.set(Some(known.unwrap_or_else(|| {
            let draft = ArcRwSignal::new(draft);
            self.kept.update_value(|all| {
                all.insert(button, draft.clone());
            });
            draft
        })));
    }

    /// Nothing may be said any more.
    pub fn clear(self) {
        self.open.set(None);
        self.kept.update_value(BTreeMap::clear);
    }

    /// What was written by this button is said.
    fn end(self, said: &str) {
        self.kept.update_value(|all| {
            all.remove(said);
        });
        if self.open.with_untracked(|draft| draft.as_ref().is_some_and(|draft| button(draft) == said)) {
            self.open.set(None);
        }
    }
}

fn button(draft: &ArcRwSignal<Draft>) -> String {
    draft.with_untracked(|draft| draft.button.clone())
}

/// The sheet that is open, if one is.
#[component]
pub fn WritingSheet(
    /// Whom it is said to.
    young: StoredValue<String>,
    /// In whose thread, by who stands in for them.
    #[prop(optional_no_strip)]
    standing_in_for: Option<StoredValue<String>>,
    drafts: Drafts,
    #[prop(into)] on_said: Callback<()>,
) -> impl IntoView {
    let Drafts { open, .. } = drafts;
    let said = move |of: String| {
        drafts.end(&of);
        on_said.run(());
    };
    // What led to the sheet may have been made anew while it was open.
    Effect::new(move |before: Option<Option<String>>| {
        let now = open.get().map(|draft| button(&draft));
        if let (Some(Some(button)), None) = (before, &now) {
            focus_soon(format!("#{button}"));
        }
        now
    });
    move || {
        open.get().map(|draft| {
            view! { <SayingSheet young standing_in_for draft on_close=move |()| open.set(None) on_said=said/> }
        })
    }
}
