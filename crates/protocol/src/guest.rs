//! Guests: who reads the agenda of one meeting by a link and a code, without an account.

use serde::{Deserialize, Serialize};

/// `POST /api/v1/guests`: the young person lets somebody read the agenda of one meeting.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreateGuestRequest {
    /// `meeting/meeting/m1`.
    pub meeting: String,
    /// What kind of person it is, one of [`plan::guest::KINDS`].
    pub kind: String,
}

/// The answer: what the guest is given. Neither is told again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GuestLinkView {
    pub id: String,
    /// The secret is behind the `#`, so that no server and no log has it.
    pub link: String,
    pub code: String,
}

/// `GET /api/v1/guests`: every link that there is, the latest first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GuestsView {
    pub guests: Vec<GuestView>,
}

/// A link that a guest was given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GuestView {
    pub id: String,
    pub meeting: String,
    pub kind: String,
    pub made_at: u64,
    /// When the agenda was read first, and last.
    #[serde(default)]
    pub first_opened: Option<u64>,
    #[serde(default)]
    pub last_opened: Option<u64>,
    /// When it was ended, by a tap or by a no. What ends with its day is not told here.
    #[serde(default)]
    pub ended_at: Option<u64>,
}

/// `POST /api/v1/guests/agenda`: what a guest shows to read it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenAgendaRequest {
    /// What stands behind the `#` of the link.
    pub secret: String,
    pub code: String,
}

/// The agenda, and nothing else.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AgendaView {
    /// `network`, `quick` or `adult`.
    pub form: String,
    /// Each may be empty.
    pub date: String,
    pub time: String,
    pub place: String,
    pub points: Vec<String>,
    /// Whether it can be said how it was: from the meeting's day on.
    #[serde(default)]
    pub can_reflect: bool,
}

/// `POST /api/v1/guests/reflection`: how it was, from a guest, once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReflectRequest {
    pub secret: String,
    pub code: String,
    /// Each is `yes`, `partly` or `no`.
    pub heard: String,
    pub safe: String,
    pub informed: String,
    /// May be empty.
    pub words: String,
}
