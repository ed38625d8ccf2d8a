//! Guests: who reads the agenda of one meeting by a link and a code, without an account.

use serde::{Deserialize, Serialize};

/// `POST /api/v1/guests`: the young person lets somebody read the agenda of one meeting.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreateGuestRequest {
    /// Drawn at random by the phone for this one link, 64 hexadecimal characters in small letters: sent again it is the same link. Without
    /// it every request makes one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// `meeting/meeting/m1`.
    pub meeting: String,
    /// What kind of person it is, one of [`plan::guest::KINDS`].
    pub kind: String,
}

/// The answer: what the guest is given. Neither is told again, but to who sends the same request with its secret.
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
    /// On which day the agenda was read first, and last: when that day began, in UTC.
    #[serde(default)]
    pub first_opened: Option<u64>,
    #[serde(default)]
    pub last_opened: Option<u64>,
    /// When it was ended. What ends with its day is not always told here.
    #[serde(default)]
    pub ended_at: Option<u64>,
    /// And why; `None` also when that was not written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_for: Option<GuestEnd>,
}

/// Why a link has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuestEnd {
    /// The young person has closed it.
    Tap,
    /// It was shown with ten codes that were not its own.
    WrongCodes,
    /// Nobody has a yes to the meeting any more.
    NoConsent,
    /// Its time is over, or the meeting is there no more.
    Over,
    /// From a newer server.
    #[serde(other)]
    Other,
}

impl GuestEnd {
    const ALL: [Self; 4] = [Self::Tap, Self::WrongCodes, Self::NoConsent, Self::Over];

    /// The name in storage, which is the one on the wire. Never changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tap => "tap",
            Self::WrongCodes => "wrong_codes",
            Self::NoConsent => "no_consent",
            Self::Over => "over",
            Self::Other => "other",
        }
    }

    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|end| end.name() == name).unwrap_or(Self::Other)
    }
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
