//! Pieces of screen: props in, callbacks out. They know neither storage nor network nor what a plan is.
//!
//! The young person's app is built with [`dom`], the staff app (in [`staff`]) with Leptos' views; `docs/adr` says why.

pub mod dom;
mod field;
mod pieces;
pub mod staff;

pub use dom::{El, el, memo};
pub use field::{Field, field};
pub use pieces::{Tone, button, fold, icon, labelled, link, notice, press, problem, sheet, title};
