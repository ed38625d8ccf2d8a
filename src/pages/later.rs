//! The pieces of the eager pages that come in a chunk, a moment after the page: what stands there until then, and what is said
//! when they could not be had.

use super::entry::Content;
use crate::components::{Button, Notice, Show, Tone, live};
use crate::state::Trouble;
use crate::state::language::use_template;
use crate::texts::text;
use leptos::children::ViewFn;
use leptos::prelude::*;
use leptos::task::spawn_local;
use plan::{Entity, Part, Section};

/// A piece of an eager page that may come later than the page.
#[derive(Clone)]
pub enum Detail {
    Undo,
    Trouble(Trouble),
    Update,
    Unseen,
    Suggested(Vec<Entity>),
    UnfinishedWords,
    AddSection(Part),
    Written { part: Part, name: StoredValue<String>, content: Content, composing: RwSignal<Option<Entity>> },
    Kinds(RwSignal<&'static str>, StoredValue<String>),
    Deleted(Part, StoredValue<String>),
    Settings(Section, Content, Callback<()>),
    Voice(StoredValue<String>),
}

/// How they are made.
pub type Details = fn(Detail) -> AnyView;

/// What has come of them.
#[derive(Clone, Copy)]
pub struct Pieces {
    made: RwSignal<Option<Details>>,
    are_under_way: StoredValue<bool>,
    are_missing: RwSignal<bool>,
    bring: fn(Pieces),
}

impl Pieces {
    /// `bring` fetches them, and ends with [`Pieces::take`].
    pub fn new(bring: fn(Self)) -> Self {
        Self {
            made: RwSignal::new(None),
            are_under_way: StoredValue::new(false),
            are_missing: RwSignal::new(false),
            bring,
        }
    }

    /// A page that shows some asks for them each time, also when they could not be had before.
    pub fn fetch(self) {
        if self.made.with_untracked(Option::is_none) && !self.are_under_way.get_value() {
            self.are_under_way.set_value(true);
            (self.bring)(self);
        }
    }

    pub fn take(self, brought: Option<Details>) {
        self.are_under_way.set_value(false);
        self.are_missing.set(brought.is_none());
        if brought.is_some() {
            self.made.set(brought);
        }
    }
}

/// A piece of an eager page that is there when its chunk is.
#[component]
pub fn Later(
    detail: Detail,
    /// What stands there until then.
    #[prop(into, optional)]
    meanwhile: ViewFn,
    /// Whether its chunk is asked for; not by what is made anew with every word.
    #[prop(default = true)]
    asks: bool,
) -> impl IntoView {
    let pieces: Pieces = expect_context();
    if asks {
        pieces.fetch();
    }
    live(move || match pieces.made.get() {
        Some(make) => make(detail.clone()),
        None => meanwhile.run(),
    })
}

/// What there is to say when the pieces that come later, or the words of the template in English, could not be had.
#[component]
pub fn Incomplete() -> impl IntoView {
    let pieces: Pieces = expect_context();
    let words = use_template();
    let again = move |()| {
        pieces.fetch();
        spawn_local(words.fetch());
    };
    view! {
        <Show when=move || pieces.are_missing.get() || words.are_missing()>
            <Notice tone=Tone::Calm text=text!(pieces_not_here)>
                <Button look="quiet" text=text!(try_again) on_press=again/>
            </Notice>
        </Show>
    }
}
