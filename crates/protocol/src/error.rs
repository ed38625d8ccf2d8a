//! Errors on the wire: a code for programs, a sentence for people who write them. Never content.

use serde::{Deserialize, Serialize};

/// The body of every answer that is not a success.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErrorBody {
    pub code: ErrorCode,
    pub message: String,
}

/// What went wrong. The app has a Danish sentence for each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// 400: the body is not what this endpoint takes.
    Malformed,
    /// 400: an adult said no, or later, and not why.
    NoReason,
    /// 413: the body, or something in it, is larger than the limit.
    TooLarge,
    /// 400: the protocol version is not spoken here.
    UnknownVersion,
    /// 401: nobody is signed in, or the device or session has been ended.
    SignedOut,
    /// 401: the login or the password is wrong.
    WrongPassword,
    /// 403: signed in, but this is not theirs to do.
    Forbidden,
    /// 403: no consent covers this now: not given, waiting, run out or taken back.
    NoConsent,
    /// 404: there is no such thing.
    NotFound,
    /// 410: what something is said to is not there any more.
    Gone,
    /// 404: no invitation has this code.
    WrongCode,
    /// 410: the invitation was used.
    UsedCode,
    /// 410: the invitation is older than 72 hours, or was taken back.
    ExpiredCode,
    /// 409: the device belongs to another young person already.
    AlreadyConnected,
    /// 409: as many as there may be are open: of a contact's suggestions, or of links for guests.
    TooManyOpen,
    /// 429: too many tries; wait some minutes.
    TooManyTries,
    /// 503: the server is stopping or has too much to do; the request may be sent again.
    Busy,
    /// 500: a fault of the server's own.
    Internal,
    /// From a newer server.
    #[serde(other)]
    Unknown,
}

impl ErrorCode {
    /// The HTTP status that goes with it.
    pub fn status(self) -> u16 {
        match self {
            Self::Malformed | Self::UnknownVersion | Self::NoReason => 400,
            Self::SignedOut | Self::WrongPassword => 401,
            Self::Forbidden | Self::NoConsent => 403,
            Self::NotFound | Self::WrongCode => 404,
            Self::AlreadyConnected | Self::TooManyOpen => 409,
            Self::UsedCode | Self::ExpiredCode | Self::Gone => 410,
            Self::TooLarge => 413,
            Self::TooManyTries => 429,
            Self::Busy => 503,
            Self::Internal | Self::Unknown => 500,
        }
    }
}
