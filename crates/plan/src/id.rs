//! Names: who wrote (a replica), what was written (an operation) and about what (an entity).

use crate::part::Part;
use std::fmt;
use std::str::FromStr;

/// One copy of the app that can write: a tab from its load to its end. Random, so that two tabs never share a sequence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ReplicaId(pub u64);

/// An operation's identity: the replica that wrote it, and its number there (from 1). Text form: `0123456789abcdef-17`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OpId {
    pub replica: ReplicaId,
    pub seq: u64,
}

/// A name was not one of ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadName;

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a valid name")
    }
}

impl std::error::Error for BadName {}

impl fmt::Display for OpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}-{}", self.replica.0, self.seq)
    }
}

impl FromStr for OpId {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let (replica, seq) = text.split_once('-').ok_or(BadName)?;
        // One spelling per identity: anything else would let one operation be stored twice.
        if replica.len() != 16 || replica.bytes().any(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(BadName);
        }
        if seq.starts_with('0') || seq.len() > 19 || !seq.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BadName);
        }
        Ok(Self {
            replica: ReplicaId(u64::from_str_radix(replica, 16).map_err(|_| BadName)?),
            seq: seq.parse().map_err(|_| BadName)?,
        })
    }
}

/// What an entity is. A newer build may know more kinds: they are kept and sent on, and not shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A section of the plan, or one of the nine fields of Vigtigt om mig.
    Section,
    /// Something written in a section's list: an entry, a statement, an agenda point, a person for the meeting.
    Entry,
    /// A meeting's own fields.
    Meeting,
}

/// What an operation is about: `part/kind/name`. The part comes first because it is what a consent speaks of.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Entity(String);

impl Entity {
    pub fn section(part: Part, name: &str) -> Self {
        Self::of_part(part, "section", name)
    }

    pub fn entry(part: Part, name: &str) -> Self {
        Self::of_part(part, "entry", name)
    }

    pub fn meeting(name: &str) -> Self {
        Self::of_part(Part::Meeting, "meeting", name)
    }

    pub(crate) fn of_part(part: Part, kind: &str, name: &str) -> Self {
        Self(format!("{}/{kind}/{name}", part.name()))
    }

    /// What one member of staff says to something: each has an entity of their own, so that none writes in another's. Of what can
    /// be said more than once, each has a `slot` of its own.
    ///
    /// # Errors
    /// When that is none of the parts that this build knows, or a name is too long or of other characters.
    pub fn of_staff(kind: &str, to: &Self, slot: Option<&str>, staff: &str) -> Result<Self, BadName> {
        let part = to.part().ok_or(BadName)?.name();
        let slot = slot.map(|slot| format!("_{slot}")).unwrap_or_default();
        format!("{part}/{kind}/{}{slot}_{staff}", to.name()).parse()
    }

    /// The lower bound of everything that begins so; only for looking up ranges.
    pub(crate) fn prefix(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part that a consent must cover before this leaves the phone. `None`: a newer build's part, shared with nobody.
    pub fn part(&self) -> Option<Part> {
        Part::from_name(self.0.split('/').next()?)
    }

    pub fn kind(&self) -> Option<Kind> {
        match self.0.split('/').nth(1)? {
            "section" => Some(Kind::Section),
            "entry" => Some(Kind::Entry),
            "meeting" => Some(Kind::Meeting),
            _ => None,
        }
    }

    /// As it is written, also when it is a newer build's.
    pub fn kind_name(&self) -> &str {
        self.0.split('/').nth(1).unwrap_or_default()
    }

    /// Whose it is, of what belongs to one adult.
    pub fn owner(&self) -> Option<&str> {
        self.name().rsplit_once('_').map(|(_, owner)| owner).filter(|owner| !owner.is_empty())
    }

    pub fn name(&self) -> &str {
        self.0.splitn(3, '/').nth(2).unwrap_or("")
    }
}

impl FromStr for Entity {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        if text.len() > 120 {
            return Err(BadName);
        }
        // In one go, since the start of the app waits for thousands of them.
        let (mut slashes, mut before) = (0, b'/');
        for byte in text.bytes() {
            match byte {
                b'/' if before != b'/' => slashes += 1,
                b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => {}
                _ => return Err(BadName),
            }
            before = byte;
        }
        if slashes == 2 && before != b'/' { Ok(Self(text.to_owned())) } else { Err(BadName) }
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
