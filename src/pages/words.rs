//! Sentences for what can go wrong, and names for parts and people.

use crate::state::Failure;
use crate::texts::{Locale, Text, text, use_language, words};
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use plan::author::{GUEST, HEARD, SAFE};
use plan::meeting::Form;
use plan::{Level, Part, Refused};
use protocol::ErrorCode;

/// A refused command in plain words.
pub fn refused(why: Refused) -> TextProp {
    match why {
        Refused::TextTooLong(length) => words!(refused_text, n = thousands(length)).into(),
        Refused::TitleTooLong(_) => text!(refused_title).into(),
        Refused::SectionFull => text!(refused_section_full).into(),
        Refused::AgendaFull => text!(refused_agenda_full).into(),
        Refused::WrittenByNewerApp => text!(refused_newer).into(),
        Refused::Gone => text!(refused_gone).into(),
    }
}

/// A number with the mark between thousands that the language has.
fn thousands(number: usize) -> String {
    let mark = match use_language().get() {
        Locale::da => '.',
        Locale::en => ',',
    };
    if number < 1_000 { number.to_string() } else { format!("{}{mark}{:03}", number / 1_000, number % 1_000) }
}

/// What went wrong with the server, in plain words.
pub fn share_error(error: Failure) -> Text {
    match error {
        Failure::Offline => text!(error_offline),
        Failure::Refused(code) => server_error(code),
    }
}

pub fn server_error(code: ErrorCode) -> Text {
    match code {
        ErrorCode::WrongCode => text!(error_wrong_code),
        ErrorCode::UsedCode => text!(error_used_code),
        ErrorCode::ExpiredCode => text!(error_expired_code),
        ErrorCode::TooManyTries => text!(error_too_many),
        ErrorCode::SignedOut => text!(error_signed_out),
        ErrorCode::AlreadyConnected => text!(error_already_connected),
        ErrorCode::NoConsent | ErrorCode::Forbidden => text!(error_no_consent),
        ErrorCode::UnknownVersion => text!(error_old_app),
        _ => text!(error_server),
    }
}

/// What a part is called where it is ticked.
pub fn part_name(part: Part) -> Text {
    match part {
        Part::AboutMe => text!(part_about),
        Part::PlanGreen => text!(part_green),
        Part::PlanYellow => text!(part_yellow),
        Part::PlanRed => text!(part_red),
        Part::PlanAfter => text!(part_after),
        Part::Meeting => text!(part_meeting),
        Part::Messages => text!(part_messages),
        Part::StandIn => text!(part_stand_in),
    }
}

/// Who an adult's words are from: a name with a home, or a guest, of whom no name is told.
pub fn from_whom(from: &str) -> TextProp {
    if from == GUEST {
        return text!(guest_someone).into();
    }
    let from = from.to_owned();
    TextProp::from(move || from.clone())
}

/// What kind of person comes to the meeting.
pub fn actor_name(kind: &str) -> Text {
    match kind {
        "relative" => text!(actor_relative),
        "support" => text!(actor_support),
        "peer" => text!(actor_peer),
        "contact" => text!(actor_contact),
        "home" => text!(actor_home),
        "bua" => text!(actor_bua),
        "municipality" => text!(actor_municipality),
        "school" => text!(actor_school),
        "doctor" => text!(actor_doctor),
        _ => text!(actor_other),
    }
}

/// The same as anybody else says it, who is not the young person.
pub fn kind_name(kind: &str) -> Text {
    match kind {
        "relative" => text!(actor_relative),
        "support" => text!(kind_support),
        "peer" => text!(actor_peer),
        "contact" => text!(kind_contact),
        "home" => text!(kind_home),
        "bua" => text!(kind_bua),
        "municipality" => text!(kind_municipality),
        "school" => text!(kind_school),
        "doctor" => text!(kind_doctor),
        _ => text!(actor_other),
    }
}

/// One of the three questions after a meeting.
pub fn question(field: &str) -> Text {
    match field {
        HEARD => text!(reflection_heard),
        SAFE => text!(reflection_safe),
        _ => text!(reflection_informed),
    }
}

pub fn level_name(level: Level) -> Text {
    match level {
        Level::Yes => text!(answer_yes),
        Level::Partly => text!(level_partly),
        Level::No => text!(answer_no),
    }
}

/// Yes, a little or no: the value of each, and what it is called.
pub fn list_levels() -> Vec<(&'static str, TextProp)> {
    Level::ALL.map(|level| (level.name(), level_name(level).into())).into()
}

/// What a meeting is called.
pub fn form_name(form: Form) -> Text {
    match form {
        Form::Network => text!(meeting_title),
        Form::Quick => text!(meeting_quick),
        Form::Adult => text!(meeting_adult),
    }
}
