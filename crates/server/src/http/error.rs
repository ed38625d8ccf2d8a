//! The one place where a fault becomes an answer: a code for the app, a sentence for who writes one, and a line in the log
//! for who runs the server. Never content.

use crate::authorise::Denied;
use crate::limits::TooMany;
use crate::store::StoreError;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::{ErrorBody, ErrorCode};

/// A refusal, on its way out.
#[derive(Debug)]
pub struct ApiError {
    code: ErrorCode,
    status: u16,
    message: String,
    retry_after: Option<u64>,
}

impl ApiError {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, status: code.status(), message: message.into(), retry_after: None }
    }

    /// 405 has no code of its own: what was sent is not what the endpoint takes.
    pub fn wrong_method() -> Self {
        Self { status: 405, ..Self::new(ErrorCode::Malformed, "this endpoint does not take this method") }
    }

    /// A request that took too long: the server has too much to do.
    pub fn busy(message: &str) -> Self {
        Self { retry_after: Some(1), ..Self::new(ErrorCode::Busy, message) }
    }

    pub fn code(&self) -> ErrorCode {
        self.code
    }
}

fn sentence(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Malformed => "the request is not what this endpoint takes",
        ErrorCode::NoReason => "a no and a later need a reason",
        ErrorCode::TooLarge => "the request is larger than the limit",
        ErrorCode::UnknownVersion => "this server does not speak this version of the protocol",
        ErrorCode::SignedOut => "nobody is signed in here",
        ErrorCode::WrongPassword => "the login or the password is wrong",
        ErrorCode::Forbidden => "this is not yours to do",
        ErrorCode::NoConsent => "no consent covers this now",
        ErrorCode::NotFound => "there is no such thing",
        ErrorCode::Gone => "what it is about is not there any more",
        ErrorCode::WrongCode => "no invitation has this code",
        ErrorCode::UsedCode => "the invitation has been used",
        ErrorCode::ExpiredCode => "the invitation is not open any more",
        ErrorCode::AlreadyConnected => "this device belongs to a young person already",
        ErrorCode::TooManyOpen => "as much as there may be waits for the young person's answer",
        ErrorCode::TooManyTries => "too many tries: wait some minutes",
        ErrorCode::Busy => "the server is busy: send the request again",
        ErrorCode::Internal | ErrorCode::Unknown => "a fault of the server's own",
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, sentence(code))
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(code) => code.into(),
            StoreError::Busy | StoreError::Stale => Self::busy(sentence(ErrorCode::Busy)),
            StoreError::Seal(_) | StoreError::Inner(_) => {
                tracing::error!(%error, "a request failed in the store");
                ErrorCode::Internal.into()
            }
        }
    }
}

impl From<getrandom::Error> for ApiError {
    fn from(error: getrandom::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::For(code) => code.into(),
            Denied::Store(error) => error.into(),
        }
    }
}

impl From<TooMany> for ApiError {
    fn from(too_many: TooMany) -> Self {
        Self { retry_after: Some(too_many.retry_after_seconds), ..ErrorCode::TooManyTries.into() }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(ErrorBody { code: self.code, message: self.message })).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
