//! Pieces of screen for both apps: props in, callbacks out. They know neither storage nor network nor what a plan is.

mod choices;
mod field;
mod focus;
mod live;
mod pieces;
mod press;
mod rows;
mod sheet;

pub use choices::{Choices, Ticks, stay_if};
pub use field::Field;
pub use focus::{focus_main, focus_soon, go_to_main};
pub use live::{Show, live};
pub use pieces::{Fold, Icon, Labelled, Notice, Points, Problem, Tone};
pub use press::{Button, Link, SendButton, Tool};
pub use rows::Rows;
pub use sheet::Sheet;
