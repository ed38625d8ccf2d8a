//! Pieces of the staff app's screens.

mod icon;
mod notice;

pub use crate::components::Tone;
pub use icon::Icon;
pub use notice::Notice;
