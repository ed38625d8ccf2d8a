//! What is said to a point of the agenda.

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
