//! The app's machine: everything that is decided between the screen, the disk, the network and the other tabs.
//!
//! Something happens ([`Event`], or a command of a person's), and the [`Machine`] answers with what is to be done about it
//! ([`Effect`]). What may be sent, what is on its way, what is saved, what somebody is typing and in which order a yes, a
//! no and an erasure reach the server lives in here and nowhere else.
//!
//! What this crate must not do: touch a browser, read a clock, wait, or draw a random number. Time and randomness come in as
//! arguments, so that a simulator can play it (`tests/session`).

mod commands;
mod effect;
mod faults;
mod few;
mod link;
mod machine;
mod outcome;
mod pump;
mod reading;
mod remote;
mod saving;
mod sharing;
mod sharing_text;
mod storage;
mod typing;
mod wire;
mod yes;

pub use effect::{Effect, Event};
#[cfg(feature = "faults")]
pub use faults::Fault;
pub use link::Contact;
pub use machine::Machine;
pub use reading::{Reader, reader};
pub use remote::{Remote, remote};
pub use saving::Saving;
pub use sharing::Sharing;
pub use storage::{Batch, Draft, Loaded, NewEntry, StoreError};
pub use typing::Unfinished;
pub use wire::{Answer, Call, Failure, Request, read};
pub use yes::Wish;
