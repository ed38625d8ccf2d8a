//! The network: how a request is sent, and the questions that somebody waits for. What the machine of [`session`] sends
//! comes through [`api::fetch`] as well. Only that there is something new is heard in another way, on a [`line`].
//!
//! What this module must not do: keep anything, or decide what is sent.

pub mod api;
pub mod films;
pub mod line;
pub mod staff;
