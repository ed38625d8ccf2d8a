//! The minutes under the headings of an ordinary plan for coordination or discharge. The words are those that adults know.

use super::lines::{agreement_line, kinds, person, plain, point};
use super::paper::{Fact, Line, Piece};
use crate::pages::words::level_name;
use crate::texts::text;
use plan::Agreement;
use plan::minutes::Minutes;

/// How it is now the meeting has no list for: it is written by hand.
pub fn list_ordinary(minutes: &Minutes) -> Vec<Piece> {
    let agreement = |agreement: &Agreement| {
        agreement_line(agreement, [Some(text!(ordinary_responsible)), Some(text!(ordinary_deadline)), None])
    };
    let came = |agreement: &Agreement| {
        let outcome = level_name(agreement.outcome?).get();
        Some(Line { words: agreement.what.clone(), facts: vec![Fact::new(text!(agreement_outcome).get(), outcome)] })
    };
    // Who was asked to come stands there as long as nobody has said who did.
    let people = match minutes.came.as_slice() {
        [] => minutes.people.iter().map(person).collect(),
        came => kinds(came),
    };
    vec![
        Piece::list(text!(ordinary_people).get(), people),
        Piece::list(text!(ordinary_purpose).get(), plain(&minutes.reasons)),
        Piece::list(text!(ordinary_situation).get(), Vec::new()),
        Piece::numbered(text!(ordinary_wishes).get(), minutes.points.iter().map(point).collect()),
        Piece::list(text!(ordinary_agreements).get(), minutes.agreements.iter().map(agreement).collect()),
        Piece::list(text!(ordinary_follow_up).get(), minutes.agreements.iter().filter_map(came).collect()),
    ]
}
