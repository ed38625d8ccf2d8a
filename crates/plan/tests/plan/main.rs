//! The domain's tests: one target, a module per subject.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a helper that stumbles is a test that fails")]

mod answers;
mod attendance;
mod consent;
mod course;
mod edit;
mod fixtures;
mod history;
mod meetings;
mod merge;
mod messages;
mod minutes;
mod rng;
mod seeds;
mod seen;
mod set;
mod simulator;
mod suggestions;
mod undo;
mod undo_erased;

use seeds::{figure_from_env, for_each_seed, report};
