//! Who may write what: one table, for the server that takes words in and for the phone that shows them.
//!
//! What an adult writes is an operation like any other, on entities of its own kinds. The server mints it for whoever is
//! signed in; no phone and no other client can. A kind or a field that is not in the table is a newer build's: the young
//! person's is kept and sent on as ever, an adult's is kept and not shown.

use crate::id::Entity;
use crate::limits::MAX_TEXT;
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
enum Form {
    /// Never an adult's.
    None,
    Text,
    Said,
}

/// One row: a field of one kind of entity, and who writes it.
struct Row {
    kind: &'static str,
    field: &'static str,
    young: bool,
    /// Who has a yes to the part, on an entity that is named after them.
    contact: bool,
    server: bool,
    form: Form,
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

/// What a contact says to a point of the agenda.
pub const ANSWER: &str = "answer";
/// Yes, no or later.
pub const SAID: &str = "said";
pub const REASON: &str = "reason";
/// The name and the home of who wrote it.
pub const FROM: &str = "from";

/// To a point one says yes, no or later.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Said {
    Yes,
    No,
    Later,
}

impl Said {
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::Later];

    /// What it is said to wants to know why.
    pub fn needs_reason(self) -> bool {
        self != Self::Yes
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|said| said.name() == name)
    }

    /// The name on the wire and in storage. Never changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Later => "later",
        }
    }
}

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
    young("entry", DELETED),
    young("entry", ERASED),
    young("meeting", "date"),
    young("meeting", "time"),
    young("meeting", "place"),
    young("meeting", "voice"),
    young("meeting", DELETED),
    young("meeting", ERASED),
    contact(ANSWER, SAID, Form::Said),
    contact(ANSWER, REASON, Form::Text),
    server(ANSWER, FROM),
    // What an adult has said is the young person's to take away.
    young(ANSWER, DELETED),
    young(ANSWER, ERASED),
];

/// Every field that this build knows, with its kind: for tests that go through all of them.
pub fn fields() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.iter().map(|row| (row.kind, row.field))
}

fn find(on: &Entity, field: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.kind == on.kind_name() && row.field == field)
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

/// Whether a member of staff may write all of this in one go.
///
/// # Errors
/// The first reason why not.
pub fn check_writings(staff: &str, writings: &[Writing]) -> Result<(), Unfit> {
    for Writing { on, field, text } in writings {
        let row = find(on, field).filter(|_| right(Author::Staff(staff), on, field) == Right::Writes);
        let fits = match row.ok_or(Unfit::NotTheirs)?.form {
            Form::None => false,
            Form::Said => match Said::from_name(text) {
                Some(said) if said.needs_reason() && !is_explained(on, writings) => return Err(Unfit::NoReason),
                said => said.is_some(),
            },
            Form::Text => {
                let length = text.chars().count();
                if length > MAX_TEXT {
                    return Err(Unfit::TooLong(length));
                }
                true
            }
        };
        // One is not what it was said for without the other.
        let is_whole = [SAID, REASON].iter().all(|part| writings.iter().any(|it| it.on == *on && it.field == *part));
        if !fits || (on.kind_name() == ANSWER && !is_whole) {
            return Err(Unfit::Value);
        }
    }
    Ok(())
}

fn is_explained(on: &Entity, writings: &[Writing]) -> bool {
    let mut reasons = writings.iter().filter(|other| other.on == *on && other.field == REASON);
    reasons.next_back().is_some_and(|reason| reason.text.chars().any(char::is_alphanumeric))
}
