//! A small harness that plays in real browsers what a person does: WebDriver for three engines, the real server, and a
//! recording proxy between them.
//!
//! It never waits for a time, only for something to be there; it ends only what it has started.

pub mod axe;
pub mod bench;
pub mod browser;
pub mod chunks;
pub mod client;
pub mod content;
mod deploy;
pub mod driver;
mod films;
pub mod guests;
pub mod http;
pub mod kill;
pub mod meeting;
pub mod process;
pub mod proxy;
pub mod scenarios;
pub mod server;
pub mod shots;
pub mod staff;
pub mod stand_in;
pub mod tour;
pub mod trunk;
pub mod webdriver;
pub mod world;
pub mod young;
