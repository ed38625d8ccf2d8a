//! The domain's tests: one target, a module per subject.

mod consent;
mod edit;
mod fixtures;
mod merge;
