//! Requests and answers, and how each is spelled on the wire. See `docs/protocol.md`.

use protocol::{
    ConsentView, EraseResponse, ErrorBody, ErrorCode, GiveConsentRequest, MeView, SettleConsentRequest, SyncRequest,
    SyncResponse,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Something that the machine asks the server.
#[derive(Clone, Debug)]
pub enum Request {
    Sync(SyncRequest),
    Withdraw(String),
    Settle(SettleConsentRequest),
    Give(GiveConsentRequest),
    Erase,
    Me,
}

impl PartialEq for Request {
    fn eq(&self, other: &Self) -> bool {
        self.call() == other.call()
    }
}

/// A request as it leaves: what is asked for under `/api/v1/`, and the body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    pub method: &'static str,
    pub path: String,
    pub body: Option<String>,
    /// Whether it is to be sent to its end also when the page is closed in the same moment.
    pub outlives_page: bool,
    /// The member of staff whom the page believes to be signed in: in another window somebody else may have signed in since.
    pub staff: Option<String>,
}

impl Call {
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), body: None, outlives_page: false, staff: None }
    }

    pub fn post(path: impl Into<String>, body: &impl Serialize) -> Self {
        // Wire types are texts, numbers and lists of them: there is nothing in them that cannot be written as JSON.
        let body = serde_json::to_string(body).unwrap_or_default();
        Self { method: "POST", path: path.into(), body: Some(body), outlives_page: false, staff: None }
    }

    pub fn put(path: impl Into<String>, body: &impl Serialize) -> Self {
        Self { method: "PUT", ..Self::post(path, body) }
    }

    pub fn delete(path: impl Into<String>) -> Self {
        Self { method: "DELETE", ..Self::get(path) }
    }
}

/// Why a request came to nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// No answer: no network, or no server.
    Offline,
    /// The server's own word for it.
    Refused(ErrorCode),
}

/// What the server answered.
#[derive(Clone, Debug)]
pub enum Answer {
    Sync(SyncResponse),
    /// To a yes, to a no, and to the question what became of a yes.
    Consent(ConsentView),
    Erased(EraseResponse),
    Me(MeView),
}

/// A body without a field.
#[derive(Serialize)]
struct Empty {}

impl Request {
    pub fn call(&self) -> Call {
        match self {
            Self::Sync(request) => Call::post("sync", request),
            Self::Withdraw(id) => {
                Call { outlives_page: true, ..Call::post(format!("consents/{id}/withdraw"), &Empty {}) }
            }
            Self::Settle(request) => Call { outlives_page: request.withdraw, ..Call::post("consents/settle", request) },
            Self::Give(request) => Call::post("consents", request),
            Self::Erase => Call::post("erase", &Empty {}),
            Self::Me => Call::get("me"),
        }
    }

    /// Reads an answer: whether it was a success, and its body.
    ///
    /// # Errors
    /// What the server says went wrong. A proxy in between answers without our error body; its own faults are like no
    /// answer.
    pub fn read(&self, success: bool, body: &str) -> Result<Answer, Failure> {
        Ok(match self {
            Self::Sync(_) => Answer::Sync(read(success, body)?),
            Self::Withdraw(_) | Self::Settle(_) | Self::Give(_) => Answer::Consent(read(success, body)?),
            Self::Erase => Answer::Erased(read(success, body)?),
            Self::Me => Answer::Me(read(success, body)?),
        })
    }
}

/// Reads the body of any answer.
///
/// # Errors
/// As [`Request::read`].
pub fn read<T: DeserializeOwned>(success: bool, body: &str) -> Result<T, Failure> {
    if !success {
        let error = serde_json::from_str::<ErrorBody>(body);
        return Err(error.map_or(Failure::Offline, |error| Failure::Refused(error.code)));
    }
    let body = if body.is_empty() { "null" } else { body };
    serde_json::from_str(body).map_err(|_| Failure::Refused(ErrorCode::Unknown))
}
