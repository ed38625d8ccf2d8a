//! What the pages about one young person stand in: the way back and on, and the rule that what may be read no more is gone from the
//! screen.

use super::guides::Guide;
use super::{StaffPage, words};
use crate::components::{Notice, Tone};
use crate::routes::StaffPlace;
use crate::state::Failure;
use crate::texts::{Text, text};
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_router::components::A;
use protocol::ErrorCode;

/// Where a meeting is held on the contact's side, in one of its parts, counted from 0; `on` is the meeting's entity.
pub fn path_of_meeting(young: &str, on: &str, part: usize) -> String {
    let name = on.rsplit('/').next().unwrap_or_default();
    StaffPlace::During { young, meeting: name, part }.path()
}

/// One of the pages about a young person.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Here {
    Review,
    Hard,
    During,
    Messages,
    /// The messages alone, for somebody else: there is no way on to anything.
    StandIn,
}

/// What the server has told of a young person, and what went wrong the last time that it was asked.
pub struct Found<T: 'static> {
    pub view: RwSignal<Option<T>>,
    pub problem: RwSignal<Option<Failure>>,
    on_over: Callback<()>,
}

impl<T> Clone for Found<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Found<T> {}

impl<T: Send + Sync> Found<T> {
    /// `on_over` is run when nothing of this young person may be read any more.
    pub fn new(on_over: impl Fn() + Send + Sync + 'static) -> Self {
        let on_over = Callback::new(move |()| on_over());
        Self { view: RwSignal::new(None), problem: RwSignal::new(None), on_over }
    }

    /// What the server has answered: `None` when it is what was known. The page may be gone by now.
    pub fn take(self, answer: Result<Option<T>, Failure>) {
        match answer {
            Ok(found) => {
                if found.is_some() {
                    self.view.try_set(found);
                }
                self.problem.try_set(None);
            }
            Err(error) => {
                // What may not be read any more must not stay on the screen either. Of a server that has trouble nobody knows that.
                if is_over(error) {
                    self.view.try_set(None);
                    self.on_over.try_run(());
                }
                self.problem.try_set(Some(error));
            }
        }
    }

    /// What the contact calls the young person, and until that is known something else.
    pub fn title(self, label: fn(&T) -> &String, otherwise: Text) -> Signal<String> {
        Signal::derive(move || {
            let label = self.view.with(|view| view.as_ref().map(|view| label(view).clone()));
            label.unwrap_or_else(|| otherwise.get().to_owned())
        })
    }
}

/// Whether nothing of this young person may be read any more.
fn is_over(error: Failure) -> bool {
    use ErrorCode::{Forbidden, NoConsent, NotFound, SignedOut};
    matches!(error, Failure::Refused(NoConsent | NotFound | SignedOut | Forbidden))
}

#[component]
pub fn YoungPage(
    young: StoredValue<String>,
    here: Here,
    #[prop(into)] title: TextProp,
    problem: RwSignal<Option<Failure>>,
    children: Children,
) -> impl IntoView {
    let way = move |to: Here, path: String, name: Text| {
        (here != to && here != Here::StandIn).then(|| {
            view! {
                <A href=path attr:class="button quiet">
                    {name}
                </A>
            }
        })
    };
    view! {
        <StaffPage title>
            <p class="desk-links no-print">
                <A href=StaffPlace::Desk.path() attr:class="button quiet">
                    {text!(staff_back)}
                </A>
                {way(Here::Hard, young.with_value(|young| StaffPlace::Hard(young).path()), text!(staff_hard))}
                {way(Here::Review, young.with_value(|young| StaffPlace::Review(young).path()), text!(staff_review_title))}
                {(here == Here::Review)
                    .then(|| {
                        view! {
                            <A href=StaffPlace::Guide(Guide::Questions.name()).path() attr:class="button quiet">
                                {text!(staff_guide_questions)}
                            </A>
                        }
                    })}
            </p>
            {move || problem.get().map(|error| view! { <Notice tone=Tone::Careful text=words::error(error)/> })}
            {children()}
        </StaffPage>
    }
}
