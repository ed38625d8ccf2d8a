//! One file per place in the app: composes components and gives commands to the session. No logic of its own.

mod about;
mod app;
mod chunks;
mod code;
mod consent;
mod devices;
mod entry;
mod frame;
mod hard;
mod home;
mod meeting;
mod missing;
mod more;
mod parts;
mod plan;
mod section;
mod share;
pub mod staff;
mod words;

pub use app::{App, screen};
