//! The wire types: the only types that leave a process. `docs/protocol.md` is their reference.
//!
//! Times are milliseconds since 1970 in UTC; days are `2026-11-22`; parts are the names of [`plan::Part`]. A reader
//! ignores fields that it does not know.

pub mod code;
mod contact;
mod error;
pub mod films;
mod guest;
mod message;
mod staff;
mod young;

pub use code::Code;
pub use contact::*;
pub use error::{ErrorBody, ErrorCode};
pub use guest::*;
pub use message::*;
pub use staff::*;
pub use young::*;

use plan::{Part, Parts};

/// The version of the protocol, sent with every synchronisation. A server refuses what it does not speak.
pub const PROTOCOL: u32 = 1;
/// Operations in one synchronisation, each way.
pub const MAX_OPS: usize = 500;
/// Fields that a member of staff writes in one request.
pub const MAX_WORDS: usize = 20;
/// Messages in one answer.
pub const MAX_MESSAGES: usize = 500;
/// Bytes in the body of one request.
pub const MAX_BODY: usize = 2 * 1024 * 1024;

/// Parts as they are written on the wire.
pub fn part_names(parts: Parts) -> Vec<String> {
    parts.iter().map(|part| part.name().to_owned()).collect()
}

/// Parts as they are read from the wire; `None` when one of them is not known, since a consent must not be guessed.
pub fn parse_parts(names: &[String]) -> Option<Parts> {
    names.iter().map(|name| Part::from_name(name)).collect()
}

/// In a request of the staff app: the member of staff whom the page believes to be signed in. When somebody else is, the answer is
/// `signed_out`, and nothing is read or written in their name. A request without it is one of whoever is signed in.
pub const STAFF_HEADER: &str = "x-min-plan-staff";
