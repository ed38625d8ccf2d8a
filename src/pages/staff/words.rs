//! The staff app's sentences for errors and states.

use crate::pages::words;
use crate::state::ShareError;
use crate::texts as t;
use protocol::{ErrorCode, StatusView};

pub fn error(error: ShareError) -> &'static str {
    match error {
        ShareError::Offline => t::STAFF_ERROR_OFFLINE,
        ShareError::Server(ErrorCode::WrongPassword) => t::STAFF_ERROR_PASSWORD,
        ShareError::Server(ErrorCode::SignedOut) => t::STAFF_ERROR_SIGNED_OUT,
        ShareError::Server(ErrorCode::NoConsent) => t::STAFF_ERROR_NO_CONSENT,
        ShareError::Server(ErrorCode::Forbidden | ErrorCode::NotFound) => t::STAFF_ERROR_NOT_YOURS,
        ShareError::Server(ErrorCode::Malformed | ErrorCode::TooLarge) => t::STAFF_ERROR_FORM,
        ShareError::Server(code) => words::server_error(code),
    }
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
