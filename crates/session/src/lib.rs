//! The app's machine: everything that is decided between the screen, the disk, the network and the other tabs.
//!
//! Something happens ([`Event`], or a command of a person's), and the [`Machine`] answers with what is to be done about it
//! ([`Effect`]). What may be sent, what is on its way, what is saved, what somebody is typing and in which order a yes, a
//! no and an erasure reach the server lives in here and nowhere else.
//!
//! What this crate must not do: touch a browser, read a clock, wait, or draw a random number. Time and randomness come in as
//! arguments, so that a simulator can play it (`tests/session`).

mod effect;
mod faults;
mod few;
mod link;
mod machine;
mod storage;
mod wire;
mod yes;

pub use effect::{Effect, Event, Heard};
#[cfg(feature = "faults")]
pub use faults::Fault;
pub use link::Contact;
pub use machine::{Machine, Reader, Remote, Saving, Sharing, Unfinished, Wish, reader, remote};
pub use storage::{Batch, Draft, Loaded, NewEntry, StoreError};
pub use wire::{Answer, Call, Failure, Request, read};
