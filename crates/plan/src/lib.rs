//! The domain: what a plan is, how it changes, how two copies merge, and what a consent allows.
//!
//! A young person's document is a **set of operations** ([`OpSet`]). Its state is a pure function of that set, so that
//! merging two copies is set union: any order, any repetition and any partition of the same operations gives the same
//! document. Clocks only break ties and order lists.
//!
//! This crate does no I/O, reads no clock and knows no browser. Time and randomness come in as arguments.

pub mod answer;
pub mod attendance;
pub mod author;
pub mod consent;
pub mod course;
pub mod date;
pub mod document;
pub mod edit;
pub mod guest;
pub mod hard;
pub mod headings;
pub mod id;
pub mod invitee;
pub mod limits;
mod links;
pub mod meeting;
pub mod message;
pub mod minutes;
pub mod op;
pub mod order;
pub mod part;
pub mod profile;
mod said;
pub mod seen;
pub mod set;
mod sorted;
pub mod stamp;
pub mod suggestion;
pub mod template;
pub mod writing;

pub use answer::Answer;
pub use attendance::Attendance;
pub use consent::{Birthdays, Consent, Custody, Permit, Status};
pub use course::{Facts, Reach, Step};
pub use date::Day;
pub use document::{Entry, Section, Versions};
pub use edit::{Editor, Refused};
pub use guest::Agenda;
pub use headings::Heading;
pub use id::{Entity, Kind, OpId, ReplicaId};
pub use invitee::Invitee;
pub use meeting::{Agreement, Level, Meeting, Proposal, Reflection};
pub use message::Message;
pub use minutes::{Minutes, Occasion, PaperAgenda, Private};
pub use op::{Op, Record, Value};
pub use part::{Part, Parts};
pub use profile::{Profile, StandIn};
pub use said::Said;
pub use seen::Seen;
pub use set::OpSet;
pub use stamp::Stamp;
pub use suggestion::Suggestion;
