//! What the young person can expect of each view of a meeting, and what they can do: folded away, for who wants to know.

use crate::components::{Fold, Points};
use crate::texts::{Text, text};
use leptos::prelude::*;

#[component]
pub fn Expect(
    /// As the handout has it.
    what: Text,
) -> impl IntoView {
    view! {
        <Fold summary=text!(expect_title)>
            <Points text=what/>
        </Fold>
    }
}
