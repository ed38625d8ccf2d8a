//! Pieces of screen: props in, callbacks out. They know neither storage nor network nor what a plan is.

mod field;
mod icon;
mod sheet;
mod status;

pub use field::Field;
pub use icon::Icon;
pub use sheet::Sheet;
pub use status::{Notice, Tone};
