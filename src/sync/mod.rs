//! The network: how a request is sent, and the questions that somebody waits for. What the machine of [`session`] sends
//! comes through [`api::fetch`] as well.
//!
//! What this module must not do: keep anything, or decide what is sent.

pub mod api;
pub mod staff;
