//! The two apps: the young person's and the staff's.

pub mod app;
pub mod texts;
