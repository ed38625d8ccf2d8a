//! What is known of devices, sessions, invitations and consents: what is decided on before anything is allowed.

use crate::cursor::Cursor;
use crate::ids::{DeviceId, GuestId, InvitationId, Secret, StaffId, Token, TokenHash, YoungId};
use crate::seal::SealError;
use plan::{Consent, Entity, Profile};
use protocol::{Code, ErrorCode};
use std::fmt;
use std::pin::Pin;

/// What every method answers with.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Why a store did not do it. Nothing was changed.
#[derive(Debug)]
pub enum StoreError {
    /// The store is stopping or has too much to do.
    Busy,
    /// Consents have changed since the permission was given: ask for it again.
    Stale,
    /// What was asked is not possible any more; two requests wanted the same.
    Refused(ErrorCode),
    Seal(SealError),
    /// The store's own trouble.
    Inner(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("the store is busy"),
            Self::Stale => f.write_str("consents have changed meanwhile"),
            Self::Refused(code) => write!(f, "refused: {code:?}"),
            Self::Seal(error) => write!(f, "sealing: {error}"),
            Self::Inner(error) => write!(f, "the store failed: {error}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<SealError> for StoreError {
    fn from(error: SealError) -> Self {
        Self::Seal(error)
    }
}

impl From<getrandom::Error> for StoreError {
    fn from(error: getrandom::Error) -> Self {
        Self::Seal(SealError::Randomness(error))
    }
}

/// A consent with who gave it to whom.
#[derive(Clone, PartialEq, Debug)]
pub struct Grant {
    pub consent: Consent,
    pub young: YoungId,
    pub staff: StaffId,
}

/// The owner of a device token.
#[derive(Clone, Debug)]
pub struct DeviceRecord {
    pub young: YoungId,
    pub device: DeviceId,
    /// Grows with every change of consents.
    pub revision: u64,
    /// See [`protocol::SyncResponse::generation`].
    pub generation: String,
    /// Where the operations end.
    pub end: Cursor,
    pub grants: Vec<Grant>,
}

/// The owner of a session token.
#[derive(Clone, Debug)]
pub struct SessionRecord {
    pub staff: StaffId,
    pub name: String,
    pub unit: String,
    pub created_at: u64,
    pub seen_at: u64,
}

/// Who is behind an invitation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Inviter {
    Contact { staff: StaffId, name: String, unit: String, profile: Profile },
    Device { young: YoungId },
}

/// An invitation that exists, whatever has become of it.
#[derive(Clone, Debug)]
pub struct InvitationRecord {
    pub id: InvitationId,
    pub inviter: Inviter,
    pub expires_at: u64,
    pub used: bool,
    pub taken_back: bool,
    /// The consent that it led to.
    pub consent: Option<String>,
}

/// A guest's link that exists, whatever has become of it.
#[derive(Clone, Debug)]
pub struct GuestRecord {
    pub id: GuestId,
    pub young: YoungId,
    pub meeting: Entity,
    /// Whether the code that was shown with it is its own.
    pub is_code: bool,
    pub made_at: u64,
    pub is_ended: bool,
}

/// A yes that is written down.
pub struct Given {
    pub grant: Grant,
    /// The token of the device that its secret signs in, as long as that device is there.
    pub device: Option<Token>,
}

/// Looks up what authorisation decides on.
pub trait Records: Send + Sync {
    fn find_device(&self, token: TokenHash) -> Answer<'_, Option<DeviceRecord>>;
    fn find_session(&self, token: TokenHash) -> Answer<'_, Option<SessionRecord>>;
    fn find_invitation(&self, code: &Code) -> Answer<'_, Option<InvitationRecord>>;
    /// `None` also when everything of whoever made it was erased.
    fn find_guest(&self, link: &Secret, code: &Code) -> Answer<'_, Option<GuestRecord>>;
    /// What this young person has said yes to, whoever asked them, with the revision of their consents.
    fn list_grants(&self, young: &YoungId) -> Answer<'_, (Vec<Grant>, u64)>;
}
