//! One file per place in the app: composes components and gives commands to the session. No logic of its own.

mod about;
mod answers;
mod chunks;
mod code;
mod consent;
mod contact;
mod details;
mod devices;
mod entry;
mod frame;
mod hard;
mod home;
mod language;
mod later;
mod meeting;
mod messages;
mod missing;
mod more;
mod own;
mod parts;
mod plan;
mod section;
mod sections;
mod share;
pub mod staff;
mod suggestions;
mod voice;
mod words;

pub use about::AboutPage;
pub use answers::said_text;
pub use chunks::{Lazy, LazyPage, provide_chunks};
pub use frame::Arrived;
pub use hard::HardPage;
pub use home::HomePage;
pub use missing::MissingPage;
pub use plan::PlanPage;
