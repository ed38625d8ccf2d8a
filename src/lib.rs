//! The two apps: the young person's and the staff's. See `ARCHITECTURE.md` for the map.

pub mod app;
mod components;
mod lazy;
mod pages;
mod platform;
pub mod routes;
mod state;
pub mod storage;
mod sync;
mod texts;
