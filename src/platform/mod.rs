//! Every browser call that is neither storage nor network: clock, randomness, files, other tabs, the service worker.

pub mod clock;
pub mod events;
pub mod files;
pub mod tabs;
pub mod video;
pub mod worker;
