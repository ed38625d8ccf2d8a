//! What is written between a young person and one contact, as the contact reads it.

use serde::{Deserialize, Serialize};

/// `GET /api/v1/staff/young-people/{id}/messages`: what is written between the young person and the contact who asks. With the answer
/// the young person's are read, and they are told so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MessagesView {
    pub label: String,
    /// What a reply is said to.
    pub thread: String,
    /// The latest [`crate::MAX_MESSAGES`], the earliest of them first.
    pub messages: Vec<MessageView>,
    /// Whether there are earlier ones.
    pub more: bool,
}

/// One message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MessageView {
    pub on: String,
    pub text: String,
    /// Words of the plan that go with it; may be empty.
    pub quote: String,
    /// The name and the home of an adult; empty for the young person.
    pub from: String,
    /// By the server's clock, or by the young person's phone.
    pub at: u64,
    /// Whether it was not read before.
    pub new: bool,
}
