//! One file per place in the app: composes components and gives commands to the session. No logic of its own.

pub mod about;
pub mod code;
pub mod consent;
mod entry;
mod frame;
pub mod devices;
pub mod hard;
pub mod home;
pub mod meeting;
pub mod missing;
pub mod more;
mod parts;
pub mod plan;
mod section;
pub mod share;
pub mod staff;
mod words;
