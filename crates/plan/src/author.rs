//! Who may write what: one table, for the server that takes words in and for the phone that shows them.
//!
//! What an adult writes is an operation like any other, on entities of its own kinds. The server mints it for whoever is
//! signed in; no phone and no other client can. A kind or a field that is not in the table is a newer build's: the young
//! person's is kept and sent on as ever, an adult's is kept and not shown.

use crate::id::Entity;
use crate::op::{DELETED, ERASED, Op, VERSION, YOUNG};

/// The server itself, for what it adds to an adult's words.
pub const SERVER: &str = "server";
const STAFF: &str = "staff:";

/// Who wrote an operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Author<'a> {
    Young,
    /// A member of staff, by their identity.
    Staff(&'a str),
    /// What the server says about an adult's words: who they are from.
    Server,
}

impl<'a> Author<'a> {
    /// As an operation's `by` says it. `None`: a newer build's kind of author.
    pub fn from_name(by: &'a str) -> Option<Self> {
        match by {
            YOUNG => Some(Self::Young),
            SERVER => Some(Self::Server),
            _ => by.strip_prefix(STAFF).filter(|id| !id.is_empty()).map(Self::Staff),
        }
    }
}

impl std::fmt::Display for Author<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Young => f.write_str(YOUNG),
            Self::Staff(id) => write!(f, "{STAFF}{id}"),
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
}

/// One row: a field of one kind of entity, and who writes it.
pub(crate) struct Row {
    kind: &'static str,
    pub(crate) field: &'static str,
    young: bool,
    /// Who has a yes to the part, on an entity that is named after them.
    pub(crate) contact: bool,
    server: bool,
    pub(crate) form: Form,
}

const fn young(kind: &'static str, field: &'static str) -> Row {
    Row { kind, field, young: true, contact: false, server: false, form: Form::None }
}

const fn contact(kind: &'static str, field: &'static str, form: Form) -> Row {
    Row { kind, field, young: false, contact: true, server: false, form }
}

const fn server(kind: &'static str, field: &'static str) -> Row {
    Row { kind, field, young: false, contact: false, server: true, form: Form::None }
}

/// A kind of entity that only adults make.
#[derive(PartialEq, Eq, Debug)]
pub struct StaffKind {
    pub name: &'static str,
    /// The kind of entity that it is said to.
    pub to: &'static str,
    /// Whether one member of staff can say more than one to the same.
    pub has_slots: bool,
}

impl StaffKind {
    pub const ALL: [Self; 4] = [
        Self { name: ANSWER, to: "entry", has_slots: false },
        Self { name: AGREEMENT, to: "meeting", has_slots: true },
        Self { name: PROPOSAL, to: "meeting", has_slots: true },
        Self { name: REFLECTION, to: "meeting", has_slots: false },
    ];

    pub fn find(name: &str) -> Option<&'static Self> {
        const ALL: &[StaffKind] = &StaffKind::ALL;
        ALL.iter().find(|kind| kind.name == name)
    }
}

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
/// What came of an agreement or a proposal: the young person says it.
pub const OUTCOME: &str = "outcome";
/// How a meeting was for who took part: three questions, and words if there are any.
pub const REFLECTION: &str = "reflection";
pub const HEARD: &str = "heard";
pub const SAFE: &str = "safe";
pub const INFORMED: &str = "informed";
pub const WORDS: &str = "words";
/// The name and the home of who wrote it.
pub const FROM: &str = "from";

const TABLE: &[Row] = &[
    young("section", "text"),
    young("section", "title"),
    young("section", "hidden"),
    young("section", "made"),
    young("section", DELETED),
    young("section", ERASED),
    young("entry", "list"),
    young("entry", "order"),
    young("entry", "text"),
    young("entry", "kind"),
    young("entry", WHO),
    young("entry", DUE),
    young("entry", OUTCOME),
    young("entry", DELETED),
    young("entry", ERASED),
    young("meeting", DATE),
    young("meeting", TIME),
    young("meeting", PLACE),
    young("meeting", "voice"),
    young("meeting", "made"),
    young("meeting", "form"),
    young("meeting", HEARD),
    young("meeting", SAFE),
    young("meeting", INFORMED),
    young("meeting", WORDS),
    young("meeting", DELETED),
    young("meeting", ERASED),
    contact(ANSWER, SAID, Form::Said),
    contact(ANSWER, REASON, Form::Text),
    server(ANSWER, FROM),
    // What an adult has said is the young person's to take away.
    young(ANSWER, DELETED),
    young(ANSWER, ERASED),
    contact(AGREEMENT, WHAT, Form::Words),
    contact(AGREEMENT, WHO, Form::Line),
    contact(AGREEMENT, DUE, Form::Day),
    server(AGREEMENT, FROM),
    young(AGREEMENT, OUTCOME),
    young(AGREEMENT, DELETED),
    young(AGREEMENT, ERASED),
    contact(PROPOSAL, DATE, Form::Day),
    contact(PROPOSAL, TIME, Form::Time),
    contact(PROPOSAL, PLACE, Form::Line),
    server(PROPOSAL, FROM),
    young(PROPOSAL, OUTCOME),
    young(PROPOSAL, DELETED),
    young(PROPOSAL, ERASED),
    contact(REFLECTION, HEARD, Form::Level),
    contact(REFLECTION, SAFE, Form::Level),
    contact(REFLECTION, INFORMED, Form::Level),
    contact(REFLECTION, WORDS, Form::Text),
    server(REFLECTION, FROM),
    young(REFLECTION, DELETED),
    young(REFLECTION, ERASED),
];

/// The row of a field.
pub(crate) fn find(on: &Entity, field: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.kind == on.kind_name() && row.field == field)
}

/// The fields that a member of staff writes on a kind of entity.
pub(crate) fn staff_fields(kind: &str) -> impl Iterator<Item = &'static Row> {
    TABLE.iter().filter(move |row| row.kind == kind && row.contact)
}

/// Every field that this build knows, with its kind: for tests that go through all of them.
pub fn fields() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.iter().map(|row| (row.kind, row.field))
}

/// Whether an author may write a field.
pub fn right(author: Author<'_>, on: &Entity, field: &str) -> Right {
    let Some(row) = find(on, field) else { return Right::Unknown };
    let may = match author {
        Author::Young => row.young,
        Author::Staff(id) => row.contact && on.owner() == Some(id),
        Author::Server => row.server && on.owner().is_some(),
    };
    if may { Right::Writes } else { Right::Never }
}

/// Whether an operation may be known to this copy at all. What somebody else than its field's author has written is not; of
/// what a newer build has written this one cannot tell.
pub fn is_rightful(op: &Op) -> bool {
    if op.version > VERSION {
        return true;
    }
    match Author::from_name(&op.by) {
        Some(author) => right(author, &op.on, &op.field) != Right::Never,
        None => find(&op.on, &op.field).is_none(),
    }
}
