//! Who may write what: one table, for the server that takes words in and for the phone that shows them.
//!
//! What an adult writes is an operation like any other, on entities of its own kinds. The server mints it for whoever is
//! signed in; no phone and no other client can. A kind or a field that is not in the table is a newer build's: the young
//! person's is kept and sent on as ever, an adult's is kept and not shown.

use crate::id::{BadName, Entity};
use crate::op::{DELETED, ERASED, Op, VERSION, YOUNG};

/// The server itself, for what it adds to an adult's words.
pub const SERVER: &str = "server";
const STAFF: &str = "staff:";
/// Who has a link to a meeting: nobody is to know which of them it was. Also what stands where an adult's name does.
pub const GUEST: &str = "guest";
/// What the owner of an entity begins with that a guest writes on.
const OF_GUEST: &str = "guest-";

/// Who wrote an operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Author<'a> {
    Young,
    /// A member of staff, by their identity.
    Staff(&'a str),
    /// One of the young person's guests; it is not said which.
    Guest,
    /// What the server says about an adult's words: who they are from.
    Server,
}

impl<'a> Author<'a> {
    /// As an operation's `by` says it. `None`: a newer build's kind of author.
    pub fn from_name(by: &'a str) -> Option<Self> {
        match by {
            YOUNG => Some(Self::Young),
            SERVER => Some(Self::Server),
            GUEST => Some(Self::Guest),
            _ => by.strip_prefix(STAFF).filter(|id| !id.is_empty()).map(Self::Staff),
        }
    }
}

impl std::fmt::Display for Author<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Young => f.write_str(YOUNG),
            Self::Staff(id) => write!(f, "{STAFF}{id}"),
            Self::Guest => f.write_str(GUEST),
            Self::Server => f.write_str(SERVER),
        }
    }
}

/// What the table says of an author and a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Right {
    Writes,
    /// It is somebody else's.
    Never,
    /// This build does not know the field.
    Unknown,
}

/// What an adult's value has to be like. Of the young person's none is refused for what it says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// Never an adult's.
    None,
    /// May be empty.
    Text,
    /// Something has to be said.
    Words,
    /// May be empty; has no line breaks.
    Line,
    /// May be empty.
    Day,
    /// `14:30`, or empty.
    Time,
    Said,
    Level,
    /// Kinds of people, as [`crate::attendance`] writes them; may be empty.
    Kinds,
    /// One kind of people.
    Kind,
}

/// Who writes a field; nobody else does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Writes {
    Young,
    /// Who has a yes to the part, on an entity that is named after them.
    Contact,
    Server,
}

/// One row: a field, who writes it, and what it is like.
pub(crate) struct Row {
    pub(crate) field: &'static str,
    writes: Writes,
    pub(crate) form: Form,
}

const fn young(field: &'static str) -> Row {
    Row { field, writes: Writes::Young, form: Form::None }
}

const fn contact(field: &'static str, form: Form) -> Row {
    Row { field, writes: Writes::Contact, form }
}

/// A kind of entity, and its fields.
pub struct KindRows {
    pub name: &'static str,
    /// The kind of entity that it is said to, of what only adults make; empty for what is the young person's.
    pub said_to: &'static str,
    /// Whether one member of staff can say more than one to the same.
    pub has_slots: bool,
    fields: &'static [Row],
}

/// The young person's, on everything: what adults have said is theirs to take away, too.
const EVERYWHERE: &[Row] = &[young(DELETED), young(ERASED)];
/// Of everything that adults say.
const OF_STAFF: &Row = &Row { field: FROM, writes: Writes::Server, form: Form::None };

/// What a contact says to a point of the agenda.
pub const ANSWER: &str = "answer";
/// Yes, no or later.
pub const SAID: &str = "said";
pub const REASON: &str = "reason";
/// What was agreed at a meeting, written down by an adult: what, who does it, and by which day.
pub const AGREEMENT: &str = "agreement";
pub const WHAT: &str = "what";
pub const WHO: &str = "who";
pub const DUE: &str = "due";
/// A day and a place for a meeting, for the young person to take or not.
pub const PROPOSAL: &str = "proposal";
pub const DATE: &str = "date";
pub const TIME: &str = "time";
pub const PLACE: &str = "place";
/// A kind of person that somebody thinks should be at a meeting, and why; for the young person to ask to come or not.
pub const INVITEE: &str = "invitee";
pub const ACTOR: &str = "actor";
pub const WHY: &str = "why";
/// What an adult thinks could stand beside an entry, for the young person to take in their own words or not.
pub const SUGGESTION: &str = "suggestion";
/// What came of an agreement, a proposal, somebody to ask or a suggestion: the young person says it.
pub const OUTCOME: &str = "outcome";
/// How a meeting was for who took part: three questions, and words if there are any.
pub const REFLECTION: &str = "reflection";
pub const HEARD: &str = "heard";
pub const SAFE: &str = "safe";
pub const INFORMED: &str = "informed";
pub const WORDS: &str = "words";
/// Who came to a meeting, by kind of person.
pub const ATTENDANCE: &str = "attendance";
pub const CAME: &str = "came";
/// The meetings that a statement is brought to.
pub const BROUGHT: &str = "brought";
/// What the young person writes to one contact, and what they are about to.
pub const MESSAGE: &str = "message";
pub const DRAFT: &str = "draft";
/// Words of the plan that go with a message.
pub const QUOTE: &str = "quote";
/// The day on which the contact has read it, as the server says.
pub const READ: &str = "read";
/// What a contact's messages are said to, and what they write in it.
pub const THREAD: &str = "thread";
pub const REPLY: &str = "reply";
pub const TEXT: &str = "text";
pub const MADE: &str = "made";
/// The name and the home of who wrote it.
pub const FROM: &str = "from";

const fn of_young(name: &'static str, fields: &'static [Row]) -> KindRows {
    KindRows { name, said_to: "", has_slots: false, fields }
}

const fn of_staff(name: &'static str, said_to: &'static str, has_slots: bool, fields: &'static [Row]) -> KindRows {
    KindRows { name, said_to, has_slots, fields }
}

const TABLE: &[KindRows] = &[
    of_young("section", &[young(TEXT), young("title"), young("hidden"), young(MADE)]),
    of_young(
        "entry",
        &[
            young("list"),
            young("order"),
            young(TEXT),
            young("kind"),
            young(WHO),
            young(DUE),
            young(OUTCOME),
            young(BROUGHT),
        ],
    ),
    of_young(
        "meeting",
        &[
            young(DATE),
            young(TIME),
            young(PLACE),
            young("voice"),
            young(MADE),
            young("form"),
            young(CAME),
            young(HEARD),
            young(SAFE),
            young(INFORMED),
            young(WORDS),
        ],
    ),
    of_staff(ANSWER, "entry", false, &[contact(SAID, Form::Said), contact(REASON, Form::Text)]),
    of_staff(SUGGESTION, "entry", true, &[contact(TEXT, Form::Words), young(OUTCOME)]),
    of_staff(
        AGREEMENT,
        "meeting",
        true,
        &[contact(WHAT, Form::Words), contact(WHO, Form::Line), contact(DUE, Form::Day), young(OUTCOME)],
    ),
    of_staff(
        PROPOSAL,
        "meeting",
        true,
        &[contact(DATE, Form::Day), contact(TIME, Form::Time), contact(PLACE, Form::Line), young(OUTCOME)],
    ),
    of_staff(INVITEE, "meeting", true, &[contact(ACTOR, Form::Kind), contact(WHY, Form::Line), young(OUTCOME)]),
    of_staff(
        REFLECTION,
        "meeting",
        false,
        &[
            contact(HEARD, Form::Level),
            contact(SAFE, Form::Level),
            contact(INFORMED, Form::Level),
            contact(WORDS, Form::Text),
        ],
    ),
    of_staff(ATTENDANCE, "meeting", false, &[contact(CAME, Form::Kinds)]),
    of_young(
        MESSAGE,
        &[young(MADE), young(TEXT), young(QUOTE), Row { field: READ, writes: Writes::Server, form: Form::None }],
    ),
    of_young(DRAFT, &[young(TEXT), young(QUOTE)]),
    of_staff(REPLY, THREAD, true, &[contact(TEXT, Form::Words)]),
];

impl KindRows {
    fn rows(&self) -> impl Iterator<Item = &'static Row> {
        let of_staff = (!self.said_to.is_empty()).then_some(OF_STAFF);
        self.fields.iter().chain(EVERYWHERE).chain(of_staff)
    }

    /// The fields that a member of staff writes.
    pub(crate) fn staff_fields(&self) -> impl Iterator<Item = &'static Row> {
        self.fields.iter().filter(|row| row.writes == Writes::Contact)
    }

    /// The kind of this name, when it is one that only adults make.
    pub fn find_of_staff(name: &str) -> Option<&'static Self> {
        Self::list_of_staff().find(|kind| kind.name == name)
    }

    /// The kinds that only adults make.
    pub fn list_of_staff() -> impl Iterator<Item = &'static Self> {
        TABLE.iter().filter(|kind| !kind.said_to.is_empty())
    }
}

/// The row of a field.
pub(crate) fn find(on: &Entity, field: &str) -> Option<&'static Row> {
    let kind = TABLE.iter().find(|kind| kind.name == on.kind_name())?;
    kind.rows().find(|row| row.field == field)
}

/// Every field that this build knows, with its kind: for tests that go through all of them.
pub fn fields() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.iter().flat_map(|kind| kind.rows().map(|row| (kind.name, row.field)))
}

impl Entity {
    /// Whether it is a kind that only adults make.
    pub fn is_of_staff(&self) -> bool {
        KindRows::find_of_staff(self.kind_name()).is_some()
    }

    /// What a guest says of how a meeting was, by a name that says nothing of whose it is.
    ///
    /// # Errors
    /// When the name is too long, or of other characters.
    pub fn of_guest(meeting: &Self, name: &str) -> Result<Self, BadName> {
        Self::of_staff(REFLECTION, meeting, None, &format!("{OF_GUEST}{name}"))
    }

    /// Whether a guest writes on it, and so nobody else.
    pub fn is_of_guest(&self) -> bool {
        self.kind_name() == REFLECTION && self.owner().is_some_and(|owner| owner.starts_with(OF_GUEST))
    }

    /// What an adult's words are said to.
    pub fn said_to(&self) -> Option<Self> {
        let kind = KindRows::find_of_staff(self.kind_name())?;
        let (name, _) = self.name().rsplit_once('_')?;
        let to = if kind.has_slots { name.rsplit_once('_')?.0 } else { name };
        format!("{}/{}/{to}", self.part()?.name(), kind.said_to).parse().ok()
    }
}

/// Whether an author may write a field.
pub fn right(author: Author<'_>, on: &Entity, field: &str) -> Right {
    let Some(row) = find(on, field) else { return Right::Unknown };
    let may = match author {
        Author::Young => row.writes == Writes::Young,
        Author::Staff(id) => row.writes == Writes::Contact && on.owner() == Some(id),
        Author::Guest => row.writes == Writes::Contact && on.is_of_guest(),
        Author::Server => row.writes == Writes::Server && on.owner().is_some(),
    };
    if may { Right::Writes } else { Right::Never }
}

/// Whether an operation may be known to this copy at all. What somebody else than its field's author has written is not; of
/// what a newer build has written this one cannot tell.
pub fn is_rightful(op: &Op) -> bool {
    // Of these kinds every field is the young person's, and nearly all that is read at a start is of them.
    if op.version > VERSION || op.by == YOUNG && op.on.kind().is_some() {
        return true;
    }
    match Author::from_name(&op.by) {
        Some(author) => right(author, &op.on, &op.field) != Right::Never,
        None => find(&op.on, &op.field).is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_young_person_makes_is_theirs_in_every_field() {
        for (kind, field) in fields() {
            let on: Entity = format!("meeting/{kind}/x_y").parse().unwrap();
            if on.kind().is_some() {
                assert_eq!(right(Author::Young, &on, field), Right::Writes, "{kind} {field}");
            }
        }
    }
}
