//! What a contact tells about themselves, and who stands in for them.

use crate::young::StandInView;
use serde::{Deserialize, Serialize};

/// `GET` and `PUT /api/v1/staff/profile`: what a contact tells about themselves, at most [`plan::limits::MAX_ABOUT`] and twice
/// [`plan::limits::MAX_HOURS`] characters.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct ProfileView {
    pub about: String,
    /// When they usually read.
    pub hours: String,
    /// Who reads when they are away.
    pub away: String,
}

impl From<plan::Profile> for ProfileView {
    fn from(plan::Profile { about, hours, away, .. }: plan::Profile) -> Self {
        Self { about, hours, away }
    }
}

impl From<ProfileView> for plan::Profile {
    fn from(ProfileView { about, hours, away }: ProfileView) -> Self {
        Self { about, hours, away, stand_in: None }
    }
}

/// `GET /api/v1/staff/stand-in`, and the answer to `PUT` and `DELETE`: who stands in for the contact who asks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OwnStandInView {
    /// Who could: everybody else of the same home, by name.
    pub colleagues: Vec<ColleagueView>,
    #[serde(default)]
    pub stand_in: Option<StandInView>,
}

/// Somebody of the same home.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ColleagueView {
    pub id: String,
    pub name: String,
}

/// `PUT /api/v1/staff/stand-in`: from now on who stands in reads and answers what is written to the contact, of the young people who let
/// them. At most [`plan::limits::MAX_STAND_IN_DAYS`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StandInRequest {
    pub staff: String,
    /// The last day, `2026-12-04`.
    pub until: String,
}

/// A young person whose messages to somebody else the one who asks may read and answer now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StandingInView {
    /// Whom the messages are to.
    pub contact: String,
    pub contact_name: String,
    pub young: String,
    /// What the contact calls the young person.
    pub label: String,
    /// Whether something was written that the one who asks has not read, nor the contact.
    pub has_messages: bool,
    /// The last day of standing in.
    pub until: String,
}
