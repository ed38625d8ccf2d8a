//! The app's machine, played with the real server: what a person, a disk, a network and other tabs can do to it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a helper that stumbles is a test that fails")]

mod asleep;
mod attached_late;
mod attacked;
mod attacked_again;
mod check;
mod details;
mod details_of_requests;
mod details_of_sharing;
mod fifth;
mod flow;
mod fourth;
mod guest;
mod heard;
mod machine;
mod network;
mod odd;
mod oracle;
mod person;
mod phone;
mod released;
#[path = "../../../plan/tests/plan/rng.rs"]
mod rng;
mod said;
mod said_again;
mod screen;
#[path = "../../../plan/tests/plan/seeds.rs"]
mod seeds;
mod server;
mod sharing;
mod simulator;
mod sixth;
mod standing_in;
mod tab;
mod taken_back;
mod taken_up;
mod third;
mod trouble;
mod without_end;
mod world;
