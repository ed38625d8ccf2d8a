//! The server: it keeps what a young person has said yes to sharing, and shows it to whom they said yes to.
//!
//! It is not a place where plans are made: a plan's operations come from the young person's own devices. What adults say to it is
//! minted here (`words.rs`), on fields of their own. Every decision about who may do what is in [`authorise`]; stores give out
//! content only against a permission from there. Layers point down: `http` -> `authorise` -> `store` -> `seal`.

pub mod audit;
pub mod authorise;
pub mod cli;
pub mod clock;
mod commands;
pub mod connections;
pub mod cursor;
mod failure;
mod files;
pub mod films;
pub mod http;
pub mod ids;
pub mod limits;
pub mod live;
pub mod password;
pub mod records;
pub mod review;
mod scope;
pub mod seal;
mod serve;
pub mod store;
mod trial;
mod words;
