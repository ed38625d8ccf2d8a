//! The parts a young person ticks one by one when sharing.

/// One part of what the young person writes. A consent names parts; an operation belongs to exactly one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Part {
    AboutMe,
    PlanGreen,
    PlanYellow,
    PlanRed,
    PlanAfter,
    Meeting,
    /// What is written to one contact and by them: a thread for each, read by nobody else. See [`crate::message`].
    Messages,
    /// That who stands in for a contact may read and answer what is written to them. Nothing is written in it; see
    /// [`crate::consent::Consent::lets_stand_in`].
    StandIn,
}

impl Part {
    pub const ALL: [Self; 8] = [
        Self::AboutMe,
        Self::PlanGreen,
        Self::PlanYellow,
        Self::PlanRed,
        Self::PlanAfter,
        Self::Meeting,
        Self::Messages,
        Self::StandIn,
    ];

    /// The four zones of Min Plan, in the order in which they are shown.
    pub const ZONES: [Self; 4] = [Self::PlanGreen, Self::PlanYellow, Self::PlanRed, Self::PlanAfter];

    /// The name on the wire and in storage. Never changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::AboutMe => "about",
            Self::PlanGreen => "green",
            Self::PlanYellow => "yellow",
            Self::PlanRed => "red",
            Self::PlanAfter => "after",
            Self::Meeting => "meeting",
            Self::Messages => "messages",
            Self::StandIn => "stand-in",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of parts.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Parts(u8);

impl Parts {
    pub const NONE: Self = Self(0);

    pub fn all() -> Self {
        Part::ALL.into_iter().collect()
    }

    pub fn contains(self, part: Part) -> bool {
        self.0 & part.bit() != 0
    }

    #[must_use]
    pub fn with(self, part: Part) -> Self {
        Self(self.0 | part.bit())
    }

    #[must_use]
    pub fn without(self, part: Part) -> Self {
        Self(self.0 & !part.bit())
    }

    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The parts that both have.
    #[must_use]
    pub fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that the other has not.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Part> {
        Part::ALL.into_iter().filter(move |part| self.contains(*part))
    }
}

impl FromIterator<Part> for Parts {
    fn from_iter<I: IntoIterator<Item = Part>>(parts: I) -> Self {
        parts.into_iter().fold(Self::NONE, Self::with)
    }
}
