//! The staff app's sentences for errors and states.

use crate::pages::words;
use crate::state::Failure;
use crate::texts as t;
use protocol::{ErrorCode, StatusView};

pub fn error(error: Failure) -> &'static str {
    match error {
        Failure::Offline => t::STAFF_ERROR_OFFLINE,
        Failure::Refused(ErrorCode::WrongPassword) => t::STAFF_ERROR_PASSWORD,
        Failure::Refused(ErrorCode::SignedOut) => t::STAFF_ERROR_SIGNED_OUT,
        Failure::Refused(ErrorCode::NoConsent) => t::STAFF_ERROR_NO_CONSENT,
        Failure::Refused(ErrorCode::Forbidden | ErrorCode::NotFound) => t::STAFF_ERROR_NOT_YOURS,
        Failure::Refused(ErrorCode::Malformed | ErrorCode::TooLarge) => t::STAFF_ERROR_FORM,
        Failure::Refused(code) => words::server_error(code),
    }
}

/// The same, to stand where it went wrong.
pub fn problem(error: Failure) -> String {
    self::error(error).to_owned()
}

pub fn status(status: StatusView) -> &'static str {
    match status {
        StatusView::Active => t::STAFF_STATUS_ACTIVE,
        StatusView::WaitingForCustody => t::STAFF_STATUS_WAITING,
        StatusView::RefusedByCustody => t::STAFF_STATUS_REFUSED,
        StatusView::TurnedFifteen => t::STAFF_STATUS_FIFTEEN,
        StatusView::Expired => t::STAFF_STATUS_EXPIRED,
        StatusView::Withdrawn => t::STAFF_STATUS_WITHDRAWN,
    }
}
