//! What an adult asks to write, looked at before it is taken: by the table of who writes what ([`crate::author`]), and by what each
//! field can be.

use crate::attendance;
use crate::author::{Author, DATE, Form, KindRows, PROPOSAL, REASON, Right, find, right};
use crate::date::Day;
use crate::id::Entity;
use crate::limits::{MAX_LINE, MAX_TEXT};
use crate::meeting::Level;
use crate::said::Said;
use crate::template;

/// Why an adult's words are not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unfit {
    /// The field is not theirs, or none that is known.
    NotTheirs,
    /// The value is none that the field can have.
    Value,
    /// Characters that were written; more than a text may have.
    TooLong(usize),
    /// A no, or a later, and why is not said.
    NoReason,
}

/// One thing that an adult writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Writing {
    pub on: Entity,
    pub field: String,
    pub text: String,
}

/// Whether an adult may write all of this in one go. What belongs together is written together: an answer is none without
/// its reason, an agreement none without what was agreed.
///
/// # Errors
/// The first reason why not.
pub fn check_writings(author: Author<'_>, writings: &[Writing]) -> Result<(), Unfit> {
    for Writing { on, field, text } in writings {
        let row = find(on, field).filter(|_| right(author, on, field) == Right::Writes);
        let form = row.ok_or(Unfit::NotTheirs)?.form;
        let asks_why = form == Form::Said && Said::from_name(text).is_some_and(Said::needs_reason);
        if asks_why && !says_something(last(writings, on, REASON)) {
            return Err(Unfit::NoReason);
        }
        check_value(form, text)?;
        let kind = on.kind_name();
        if KindRows::find_of_staff(kind)
            .is_some_and(|kind| kind.staff_fields().any(|row| !is_written(writings, on, row.field)))
        {
            return Err(Unfit::Value);
        }
        // A place alone is no proposal.
        if kind == PROPOSAL && last(writings, on, DATE).is_empty() {
            return Err(Unfit::Value);
        }
    }
    Ok(())
}

fn check_value(form: Form, text: &str) -> Result<(), Unfit> {
    let length = text.chars().count();
    let most = if form == Form::Line { MAX_LINE } else { MAX_TEXT };
    if length > most {
        return Err(Unfit::TooLong(length));
    }
    let fits = match form {
        Form::None => false,
        Form::Text => true,
        Form::Words => says_something(text),
        Form::Line => !text.chars().any(char::is_control),
        Form::Day => text.is_empty() || text.parse::<Day>().is_ok(),
        Form::Time => text.is_empty() || is_time(text),
        Form::Said => Said::from_name(text).is_some(),
        Form::Level => Level::from_name(text).is_some(),
        Form::Kinds => attendance::is_kinds(text),
        Form::Kind => template::ACTORS.contains(&text),
    };
    if fits { Ok(()) } else { Err(Unfit::Value) }
}

/// `00:00` to `23:59`.
fn is_time(text: &str) -> bool {
    let number = |digits: &str| {
        let fine = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        fine.then(|| digits.parse::<u8>().ok()).flatten()
    };
    text.split_once(':').is_some_and(|(hour, minute)| {
        number(hour).is_some_and(|hour| hour < 24) && number(minute).is_some_and(|minute| minute < 60)
    })
}

fn is_written(writings: &[Writing], on: &Entity, field: &str) -> bool {
    writings.iter().any(|it| it.on == *on && it.field == field)
}

/// What a field ends up as.
fn last<'a>(writings: &'a [Writing], on: &Entity, field: &str) -> &'a str {
    let mut all = writings.iter().filter(|it| it.on == *on && it.field == field);
    all.next_back().map_or("", |it| it.text.as_str())
}

fn says_something(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// The entity that a member of staff writes on when they say something to another. `None`: that is nothing which can be said to it.
pub fn entity(kind: &str, to: &Entity, slot: Option<&str>, staff: &str) -> Option<Entity> {
    // Of what nobody knows, who may write it says that it is not theirs.
    let Some(known) = KindRows::find_of_staff(kind) else { return Entity::of_staff(kind, to, slot, staff).ok() };
    let is_slot = |slot: &str| {
        slot.len() == SLOT && slot.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let has_slot = slot.map_or(!known.has_slots, |slot| known.has_slots && is_slot(slot));
    if to.kind_name() == known.said_to && has_slot { Entity::of_staff(kind, to, slot, staff).ok() } else { None }
}

/// The characters of a slot: as many hexadecimal digits in small letters.
pub const SLOT: usize = 16;
