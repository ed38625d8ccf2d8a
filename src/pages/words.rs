//! Sentences for what can go wrong, and names for parts and people.

use crate::state::Failure;
use crate::texts as t;
use plan::{Part, Refused};
use protocol::ErrorCode;

/// A refused command in plain words.
pub fn refused(why: Refused) -> String {
    match why {
        Refused::TextTooLong(length) => t::REFUSED_TEXT.replace("{n}", &thousands(length)),
        Refused::TitleTooLong(_) => t::REFUSED_TITLE.to_owned(),
        Refused::SectionFull => t::REFUSED_SECTION_FULL.to_owned(),
        Refused::AgendaFull => t::REFUSED_AGENDA_FULL.to_owned(),
        Refused::WrittenByNewerApp => t::REFUSED_NEWER.to_owned(),
        Refused::Gone => t::REFUSED_GONE.to_owned(),
    }
}

fn thousands(number: usize) -> String {
    if number < 1_000 { number.to_string() } else { format!("{}.{:03}", number / 1_000, number % 1_000) }
}

/// What went wrong with the server, in plain words.
pub fn share_error(error: Failure) -> &'static str {
    match error {
        Failure::Offline => t::ERROR_OFFLINE,
        Failure::Refused(code) => server_error(code),
    }
}

pub fn server_error(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::WrongCode => t::ERROR_WRONG_CODE,
        ErrorCode::UsedCode => t::ERROR_USED_CODE,
        ErrorCode::ExpiredCode => t::ERROR_EXPIRED_CODE,
        ErrorCode::TooManyTries => t::ERROR_TOO_MANY,
        ErrorCode::SignedOut => t::ERROR_SIGNED_OUT,
        ErrorCode::AlreadyConnected => t::ERROR_ALREADY_CONNECTED,
        ErrorCode::NoConsent | ErrorCode::Forbidden => t::ERROR_NO_CONSENT,
        ErrorCode::UnknownVersion => t::ERROR_OLD_APP,
        _ => t::ERROR_SERVER,
    }
}

/// What a part is called where it is ticked.
pub fn part_name(part: Part) -> &'static str {
    match part {
        Part::AboutMe => t::PART_ABOUT,
        Part::PlanGreen => t::PART_GREEN,
        Part::PlanYellow => t::PART_YELLOW,
        Part::PlanRed => t::PART_RED,
        Part::PlanAfter => t::PART_AFTER,
        Part::Meeting => t::PART_MEETING,
    }
}

/// What kind of person comes to the meeting.
pub fn actor_name(kind: &str) -> &'static str {
    match kind {
        "relative" => t::ACTOR_RELATIVE,
        "support" => t::ACTOR_SUPPORT,
        "contact" => t::ACTOR_CONTACT,
        "home" => t::ACTOR_HOME,
        "bua" => t::ACTOR_BUA,
        "municipality" => t::ACTOR_MUNICIPALITY,
        "school" => t::ACTOR_SCHOOL,
        "doctor" => t::ACTOR_DOCTOR,
        _ => t::ACTOR_OTHER,
    }
}
