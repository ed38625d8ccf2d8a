//! The network: the server's endpoints, and the one way for words to leave the phone.
//!
//! What this module must not do: keep anything, or send an operation without a [`plan::Permit`].

pub mod api;
pub mod driver;
pub mod staff;
