//! What the young person's app and the server say to each other.

use plan::consent::{Consent, Custody};
use plan::{Profile, StandIn};
use serde::{Deserialize, Serialize};

/// `POST /api/v1/invitations/find`: who is behind a code? Uses nothing up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FindInvitationRequest {
    pub code: String,
}

/// The answer: who asks, before anything is given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InvitationView {
    pub kind: InvitationKind,
    /// The contact's name; empty for a device.
    pub name: String,
    /// The home or department.
    pub unit: String,
    pub expires_at: u64,
    /// What the contact tells about themselves, as in a [`ConsentView`].
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub hours: String,
    #[serde(default)]
    pub away: String,
}

/// What an invitation is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationKind {
    /// A contact asks to be shared with.
    Contact,
    /// The young person adds a phone of their own.
    Device,
}

/// `POST /api/v1/consents`: the yes. With an invitation's code the first time, which also makes the young person known to
/// the server and signs the device in; with `replaces` when an earlier yes to the same recipient is changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GiveConsentRequest {
    /// Made by the phone for this one yes, so that it can ask again when the answer got lost: 64 hexadecimal characters in
    /// small letters, drawn at random. A client that sends none is answered as before there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    pub parts: Vec<String>,
    pub turns_15: String,
    pub turns_18: String,
}

/// `POST /api/v1/consents/settle`: did the yes with this secret come through? When it did not, it never will.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SettleConsentRequest {
    pub secret: String,
    /// Whether it is taken back, should it be there.
    #[serde(default)]
    pub withdraw: bool,
}

/// A consent as both sides know it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConsentView {
    pub id: String,
    /// The contact's name.
    pub recipient: String,
    /// The contact's identity, which is the owner of what they write and of the thread with them.
    #[serde(default)]
    pub staff: String,
    pub unit: String,
    pub parts: Vec<String>,
    pub given_at: u64,
    pub expires_at: u64,
    pub custody: CustodyView,
    #[serde(default)]
    pub withdrawn_at: Option<u64>,
    pub turns_15: String,
    /// What the contact tells about themselves; nothing when the yes is over.
    #[serde(default)]
    pub about: String,
    /// When they usually read.
    #[serde(default)]
    pub hours: String,
    /// Who reads when they are away.
    #[serde(default)]
    pub away: String,
    /// Who stands in for them now; told as the rest of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stand_in: Option<Box<StandInView>>,
}

/// Who reads and answers what is written to a contact while they are away.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StandInView {
    /// Their identity.
    pub staff: String,
    pub name: String,
    /// The last day.
    pub until: String,
}

impl From<StandIn> for StandInView {
    fn from(StandIn { staff, name, until }: StandIn) -> Self {
        Self { staff, name, until: until.to_string() }
    }
}

impl StandInView {
    /// `None` when the day is not a day, which no server of ours sends.
    fn to_stand_in(&self) -> Option<StandIn> {
        Some(StandIn { staff: self.staff.clone(), name: self.name.clone(), until: self.until.parse().ok()? })
    }
}

/// What the custody holder has said.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustodyView {
    NotNeeded,
    Waiting,
    Yes,
    No,
}

impl From<Custody> for CustodyView {
    fn from(custody: Custody) -> Self {
        match custody {
            Custody::NotNeeded => Self::NotNeeded,
            Custody::Waiting => Self::Waiting,
            Custody::Yes => Self::Yes,
            Custody::No => Self::No,
        }
    }
}

impl From<CustodyView> for Custody {
    fn from(custody: CustodyView) -> Self {
        match custody {
            CustodyView::NotNeeded => Self::NotNeeded,
            CustodyView::Waiting => Self::Waiting,
            CustodyView::Yes => Self::Yes,
            CustodyView::No => Self::No,
        }
    }
}

impl From<&Consent> for ConsentView {
    fn from(consent: &Consent) -> Self {
        Self {
            id: consent.id.clone(),
            recipient: consent.recipient.clone(),
            staff: consent.staff.clone(),
            unit: consent.unit.clone(),
            parts: crate::part_names(consent.parts),
            given_at: consent.given_at,
            expires_at: consent.expires_at,
            custody: consent.custody.into(),
            withdrawn_at: consent.withdrawn_at,
            turns_15: consent.turns_15.to_string(),
            about: consent.profile.about.clone(),
            hours: consent.profile.hours.clone(),
            away: consent.profile.away.clone(),
            stand_in: consent.profile.stand_in.clone().map(|one| Box::new(one.into())),
        }
    }
}

impl ConsentView {
    /// The domain's consent. Parts that this build does not know are left out: they are shared with nobody from here.
    /// `None` when the day is not a day, which no server of ours sends.
    pub fn to_consent(&self) -> Option<Consent> {
        Some(Consent {
            id: self.id.clone(),
            recipient: self.recipient.clone(),
            staff: self.staff.clone(),
            unit: self.unit.clone(),
            parts: self.parts.iter().filter_map(|name| plan::Part::from_name(name)).collect(),
            given_at: self.given_at,
            expires_at: self.expires_at,
            custody: self.custody.into(),
            withdrawn_at: self.withdrawn_at,
            turns_15: self.turns_15.parse().ok()?,
            profile: Profile {
                about: self.about.clone(),
                hours: self.hours.clone(),
                away: self.away.clone(),
                stand_in: self.stand_in.as_deref().and_then(StandInView::to_stand_in),
            },
        })
    }
}

/// `POST /api/v1/sync`: what is new here, for what is new there. One round trip for one edit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SyncRequest {
    pub protocol: u32,
    /// What the server gave last, as it was given: up to there this device has everything. 0 at first.
    pub cursor: u64,
    /// Operations as the exact text they are stored in, at most [`crate::MAX_OPS`].
    pub ops: Vec<String>,
}

/// The answer. Everything in `stored` is on the server's disk.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SyncResponse {
    /// Where to go on from next time.
    pub cursor: u64,
    /// Operations after the cursor that was sent, in the server's order.
    pub ops: Vec<String>,
    /// Whether there is more to fetch right away.
    pub more: bool,
    /// The identities that were taken in, now or earlier.
    pub stored: Vec<String>,
    /// The identities that were not, each with its reason. They stay on the phone.
    #[serde(default)]
    pub refused: Vec<RefusedOp>,
    /// Every consent of this young person.
    pub consents: Vec<ConsentView>,
    /// Which copy the server has. When it is not the one this device knew, the server may lack what it once took in (a
    /// new consent, an erasure, a backup put back): start again from cursor 0 and send every permitted operation again.
    #[serde(default)]
    pub generation: String,
}

/// An operation that the server did not take.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RefusedOp {
    /// The identity, or the place in the request (`#3`) when it has none that can be read.
    pub id: String,
    pub reason: crate::ErrorCode,
}

/// `GET /api/v1/me`: what the server knows about this young person, without any of their words.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MeView {
    pub consents: Vec<ConsentView>,
    pub devices: Vec<DeviceView>,
}

/// A phone that is signed in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeviceView {
    pub id: String,
    pub added_at: u64,
    /// The one that asks.
    pub this: bool,
}

/// `POST /api/v1/devices/invitations`: a code for a second phone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeviceInvitationView {
    pub code: String,
    pub expires_at: u64,
}

/// `POST /api/v1/devices`: the second phone signs in with the code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddDeviceRequest {
    pub code: String,
}

/// `POST /api/v1/erase`: the answer says what is gone and what is not.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EraseResponse {
    /// How many operations are gone.
    pub erased: u64,
    /// The consents that are over for good, of which nothing is kept any more.
    #[serde(default)]
    pub over: Vec<String>,
    /// The parts that an active consent covers, which stay.
    #[serde(default)]
    pub kept: Vec<String>,
}

/// `GET /api/v1/looks`: who has read, latest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LooksView {
    pub looks: Vec<LookView>,
}

/// One look by one adult, or a copy that they have taken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LookView {
    pub name: String,
    pub unit: String,
    /// When the look began, and when it was last renewed; of a copy when it was taken first and last on that day.
    pub from: u64,
    pub until: u64,
    pub parts: Vec<String>,
    /// What kind of copy it is; `None` when it is a look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<CopyKind>,
    /// How often the same was copied on that day; `None` when it was once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
}

/// How a contact takes along what they read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyKind {
    Print,
    Text,
    /// From a newer build.
    #[serde(other)]
    Other,
}

impl CopyKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Print => "print",
            Self::Text => "text",
            Self::Other => "other",
        }
    }

    pub fn from_name(name: &str) -> Self {
        [Self::Print, Self::Text].into_iter().find(|kind| kind.name() == name).unwrap_or(Self::Other)
    }
}
