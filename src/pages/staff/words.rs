//! The staff app's sentences for errors and states.

use crate::pages::words;
use crate::state::Failure;
use crate::texts::{Text, text};
use leptos::text_prop::TextProp;
use plan::suggestion::offered_in;
use protocol::{ErrorCode, StatusView};

pub fn error(error: Failure) -> Text {
    match error {
        Failure::Offline => text!(staff_error_offline),
        Failure::Refused(ErrorCode::WrongPassword) => text!(staff_error_password),
        Failure::Refused(ErrorCode::SignedOut) => text!(staff_error_signed_out),
        Failure::Refused(ErrorCode::NoConsent) => text!(staff_error_no_consent),
        Failure::Refused(ErrorCode::Forbidden | ErrorCode::NotFound) => text!(staff_error_not_yours),
        Failure::Refused(ErrorCode::Gone) => text!(staff_answer_gone),
        Failure::Refused(ErrorCode::TooManyOpen) => text!(staff_suggestion_full),
        Failure::Refused(ErrorCode::NoReason) => text!(staff_answer_why),
        Failure::Refused(ErrorCode::Malformed | ErrorCode::TooLarge) => text!(staff_error_form),
        Failure::Refused(code) => words::server_error(code),
    }
}

/// The same, to stand where it went wrong.
pub fn problem(error: Failure) -> TextProp {
    self::error(error).into()
}

/// The same of what somebody has written and wants sent, which nothing sends by itself; of the kind that it is.
pub fn unsent(kind: &str, error: Failure) -> TextProp {
    match error {
        Failure::Offline => text!(staff_error_unsent).into(),
        Failure::Refused(ErrorCode::Gone) if offered_in(kind).is_some() => text!(staff_suggestion_gone).into(),
        error => problem(error),
    }
}

pub fn status(status: StatusView) -> Text {
    match status {
        StatusView::Active => text!(staff_status_active),
        StatusView::WaitingForCustody => text!(staff_status_waiting),
        StatusView::RefusedByCustody => text!(staff_status_refused),
        StatusView::TurnedFifteen => text!(staff_status_fifteen),
        StatusView::Expired => text!(staff_status_expired),
        StatusView::Withdrawn => text!(staff_status_withdrawn),
    }
}
