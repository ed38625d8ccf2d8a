//! Who may do what. Every decision is here and nowhere else, and each ends in a permission: a value that only this module
//! can make and that a store asks for before it touches anybody's data.
//!
//! A permission is made anew for every request, so that a no works with the very next one. It carries the revision of the
//! consents it was made from: a store refuses it as stale when they have changed meanwhile.
//!
//! What this module must not do: read content, or remember anything between requests.

pub mod contact;
pub mod guest;

use crate::cursor::Cursor;
use crate::ids::{DeviceId, InvitationId, Secret, StaffId, Token, TokenHash, YoungId};
use crate::records::{DeviceRecord, Given, Grant, InvitationRecord, Inviter, Records, SessionRecord, StoreError};
use crate::scope::Scopes;
use plan::{Birthdays, Consent, Part, Parts, Permit, Status};
use protocol::{Code, ErrorCode};
use std::collections::BTreeSet;

/// A session of staff ends after this long.
pub const SESSION_MILLIS: u64 = 8 * 60 * 60 * 1000;
/// And when it has not been used for this long.
pub const IDLE_MILLIS: u64 = 60 * 60 * 1000;

/// A refusal: the reason for the other side, or the store's trouble.
#[derive(Debug)]
pub enum Denied {
    For(ErrorCode),
    Store(StoreError),
}

impl From<StoreError> for Denied {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ErrorCode> for Denied {
    fn from(code: ErrorCode) -> Self {
        Self::For(code)
    }
}

/// A device of a young person is signed in: they may see and change what is about themselves.
#[derive(Debug)]
pub struct YoungPermission(DeviceRecord);

impl YoungPermission {
    pub fn young(&self) -> &YoungId {
        &self.0.young
    }

    pub fn device(&self) -> &DeviceId {
        &self.0.device
    }

    pub fn consents(&self) -> impl Iterator<Item = &Consent> {
        self.0.grants.iter().map(|grant| &grant.consent)
    }

    fn find(&self, consent: &str) -> Option<&Grant> {
        self.0.grants.iter().find(|grant| grant.consent.id == consent)
    }
}

/// # Errors
/// `SignedOut` without a token that belongs to a device.
pub async fn young(records: &dyn Records, token: Option<&Token>) -> Result<YoungPermission, Denied> {
    let token = token.ok_or(ErrorCode::SignedOut)?;
    let record = records.find_device(token.hash()).await?;
    Ok(YoungPermission(record.ok_or(ErrorCode::SignedOut)?))
}

/// Operations may be taken in and given out, for the parts of a permit.
#[derive(Debug)]
pub struct SyncPermission<'c> {
    pub(crate) young: YoungId,
    pub(crate) revision: u64,
    pub(crate) end: Cursor,
    pub(crate) generation: String,
    permit: Permit<'c>,
    /// Whose words reach the young person now, and of which parts.
    pub(crate) voices: Vec<(StaffId, Parts)>,
}

impl SyncPermission<'_> {
    pub fn permit(&self) -> &Permit<'_> {
        &self.permit
    }
}

/// # Errors
/// `NoConsent` when none is active now.
pub fn sync(young: &YoungPermission, now: u64) -> Result<SyncPermission<'_>, Denied> {
    let permit = plan::consent::permit(young.consents(), now).ok_or(ErrorCode::NoConsent)?;
    let DeviceRecord { young, revision, end, generation, grants, .. } = &young.0;
    Ok(SyncPermission {
        young: young.clone(),
        revision: *revision,
        end: *end,
        generation: generation.clone(),
        permit,
        voices: voices(grants, now).collect(),
    })
}

/// Who may read something of these now.
pub fn readers(grants: &[Grant], scopes: &Scopes, now: u64) -> impl Iterator<Item = StaffId> {
    let has_a_yes = voices(grants, now).filter(|(staff, theirs)| Scopes::of(staff, *theirs).has_common(scopes));
    let reads_for = move |grant: &Grant| {
        let stands_in = grant.consent.lets_stand_in(now)?;
        let thread = Scopes::of(&grant.staff, Parts::NONE.with(Part::Messages));
        thread.has_common(scopes).then(|| StaffId(stands_in.staff.clone()))
    };
    has_a_yes.map(|(staff, _)| staff).chain(grants.iter().filter_map(reads_for))
}

/// Who has a yes that counts now, and to what.
fn voices(grants: &[Grant], now: u64) -> impl Iterator<Item = (StaffId, Parts)> {
    let active = grants.iter().filter(move |grant| grant.consent.is_active(now));
    active.map(|grant| (grant.staff.clone(), grant.consent.parts))
}

/// Whether somebody has a yes to this part that counts now.
pub fn is_shared(grants: &[Grant], part: Part, now: u64) -> bool {
    voices(grants, now).any(|(_, parts)| parts.contains(part))
}

/// A consent of the young person who asks: theirs to take back, whatever its state.
#[derive(Debug)]
pub struct ConsentPermission {
    pub(crate) young: YoungId,
    pub(crate) consent: String,
}

/// # Errors
/// `NotFound` when this young person has given no such consent.
pub fn own_consent(young: &YoungPermission, consent: &str) -> Result<ConsentPermission, Denied> {
    let grant = young.find(consent).ok_or(ErrorCode::NotFound)?;
    Ok(of_grant(grant))
}

/// Whoever has a yes's secret is the phone that made it: it may ask for that yes and take it back, signed in or not.
#[derive(Debug)]
pub struct SecretPermission {
    pub(crate) secret: Secret,
}

/// # Errors
/// `Malformed` when it is none of ours.
pub fn secret(text: &str) -> Result<SecretPermission, Denied> {
    let secret = Secret::from_text(text).ok_or(ErrorCode::Malformed)?;
    Ok(SecretPermission { secret })
}

/// The yes that a secret has led to is that phone's to take back.
pub fn given_consent(given: &Given) -> ConsentPermission {
    of_grant(&given.grant)
}

fn of_grant(grant: &Grant) -> ConsentPermission {
    ConsentPermission { young: grant.young.clone(), consent: grant.consent.id.clone() }
}

/// Which token the phone that shows a secret is given: its own when it is signed in, or else that of the device that the
/// yes has made.
///
/// # Errors
/// `AlreadyConnected` when it is signed in as somebody else, `SignedOut` when there is no such device any more.
pub fn device_of<'a>(
    young: Option<&YoungPermission>,
    own: Option<&'a Token>,
    given: &'a Given,
) -> Result<&'a Token, Denied> {
    match (young, own) {
        (Some(young), Some(own)) if young.0.young == given.grant.young => Ok(own),
        (Some(_), _) => Err(ErrorCode::AlreadyConnected.into()),
        (None, _) => Ok(given.device.as_ref().ok_or(ErrorCode::SignedOut)?),
    }
}

/// What is no longer shared may be erased.
#[derive(Debug)]
pub struct ErasePermission {
    pub(crate) young: YoungId,
    pub(crate) revision: u64,
    /// What an active consent covers: it stays.
    pub(crate) keep: Scopes,
    /// The same by its parts, for the answer.
    pub(crate) parts: Parts,
    /// Consents that are over for good: what their contacts wrote about the young person goes.
    pub(crate) over: Vec<String>,
    /// Contacts that have no other consent than those: what they have said to the young person goes.
    pub(crate) silenced: Vec<StaffId>,
    /// No consent can become active again: the key goes too.
    pub(crate) everything: bool,
}

/// The young person may always erase.
pub fn erase(young: &YoungPermission, now: u64) -> ErasePermission {
    // One that waits for the custody holder, or has had their no, may count yet.
    let is_over =
        |consent: &&Consent| matches!(consent.status(now), Status::Withdrawn | Status::Expired | Status::TurnedFifteen);
    ErasePermission {
        young: young.0.young.clone(),
        revision: young.0.revision,
        parts: voices(&young.0.grants, now).fold(Parts::NONE, |all, (_, parts)| all.union(parts)),
        keep: Scopes::of_all(&voices(&young.0.grants, now).collect::<Vec<_>>()),
        over: young.consents().filter(is_over).map(|consent| consent.id.clone()).collect(),
        silenced: {
            let grants = &young.0.grants;
            let may_count =
                |staff: &StaffId| grants.iter().any(|grant| grant.staff == *staff && !is_over(&&grant.consent));
            let all = grants.iter().map(|grant| &grant.staff).filter(|staff| !may_count(staff));
            all.cloned().collect::<BTreeSet<_>>().into_iter().collect()
        },
        everything: young.consents().all(|consent| is_over(&consent)),
    }
}

/// A code that is right, open and unused.
#[derive(Debug)]
pub struct InvitationPermission {
    pub(crate) id: InvitationId,
    inviter: Inviter,
    expires_at: u64,
}

impl InvitationPermission {
    pub fn inviter(&self) -> &Inviter {
        &self.inviter
    }

    pub fn expires_at(&self) -> u64 {
        self.expires_at
    }
}

/// # Errors
/// `WrongCode`, `UsedCode` or `ExpiredCode`.
pub async fn invitation(records: &dyn Records, code: &Code, now: u64) -> Result<InvitationPermission, Denied> {
    let record = records.find_invitation(code).await?.ok_or(ErrorCode::WrongCode)?;
    Ok(open(record, now)?)
}

fn open(record: InvitationRecord, now: u64) -> Result<InvitationPermission, ErrorCode> {
    if record.used {
        return Err(ErrorCode::UsedCode);
    }
    if record.taken_back || now >= record.expires_at {
        return Err(ErrorCode::ExpiredCode);
    }
    let InvitationRecord { id, inviter, expires_at, .. } = record;
    Ok(InvitationPermission { id, inviter, expires_at })
}

/// The consent that this code has led to, when it is the same young person who asks again: their answer got lost.
pub async fn own_answer<'a>(
    records: &dyn Records,
    young: &'a YoungPermission,
    code: &Code,
) -> Result<Option<&'a Consent>, Denied> {
    let record = records.find_invitation(code).await?;
    let given = record.and_then(|record| record.consent);
    Ok(given.and_then(|id| young.find(&id)).map(|grant| &grant.consent))
}

/// A yes may be given to this contact.
#[derive(Debug)]
pub struct GivePermission {
    /// `None`: the yes makes the young person known.
    pub(crate) young: Option<YoungId>,
    pub(crate) staff: StaffId,
    pub(crate) invitation: Option<InvitationId>,
    pub(crate) replaces: Option<String>,
    pub(crate) secret: Option<Secret>,
}

/// A yes answers an invitation, or changes an earlier yes of one's own.
///
/// # Errors
/// `SignedOut` or `NotFound` for an earlier yes that is not theirs; `WrongCode` for a code that is for a device;
/// `Malformed` when there is neither a code nor an earlier yes; `Forbidden` for who has become older than they said before:
/// nobody gets around the custody holder by another birthday; `NoConsent` when a yes with a secret changes one that was
/// taken back: the no is later than what that phone knew. Without a secret it is the way to say yes again.
pub fn give(
    young: Option<&YoungPermission>,
    invitation: Option<InvitationPermission>,
    replaces: Option<&str>,
    birthdays: &Birthdays,
    secret: Option<SecretPermission>,
) -> Result<GivePermission, Denied> {
    let replaced = match replaces {
        None => None,
        Some(id) => Some(young.ok_or(ErrorCode::SignedOut)?.find(id).ok_or(ErrorCode::NotFound)?),
    };
    if secret.is_some() && replaced.is_some_and(|grant| grant.consent.withdrawn_at.is_some()) {
        return Err(ErrorCode::NoConsent.into());
    }
    let staff = match (&invitation, replaced) {
        (Some(InvitationPermission { inviter: Inviter::Contact { staff, .. }, .. }), _) => staff,
        (Some(_), _) => return Err(ErrorCode::WrongCode.into()),
        (None, Some(grant)) => &grant.staff,
        (None, None) => return Err(ErrorCode::Malformed.into()),
    };
    let said_before = young.into_iter().flat_map(YoungPermission::consents).map(|consent| consent.turns_15).max();
    if said_before.is_some_and(|before| birthdays.turns_15 < before) {
        return Err(ErrorCode::Forbidden.into());
    }
    Ok(GivePermission {
        young: young.map(|young| young.0.young.clone()),
        staff: staff.clone(),
        replaces: replaced.map(|grant| grant.consent.id.clone()),
        invitation: invitation.map(|invitation| invitation.id),
        secret: secret.map(|permission| permission.secret),
    })
}

/// A member of staff is signed in: they may see and change what is their own.
#[derive(Debug)]
pub struct StaffPermission {
    pub(crate) staff: StaffId,
    name: String,
    unit: String,
    expires_at: u64,
    seen_at: u64,
}

impl StaffPermission {
    pub fn id(&self) -> &StaffId {
        &self.staff
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn unit(&self) -> &str {
        &self.unit
    }

    pub fn expires_at(&self) -> u64 {
        self.expires_at
    }

    /// When the session is over, if it is not used again before.
    pub fn ends_at(&self) -> u64 {
        self.expires_at.min(self.seen_at.saturating_add(IDLE_MILLIS))
    }

    /// When the session was last used, to the minute.
    pub fn seen_at(&self) -> u64 {
        self.seen_at
    }
}

/// # Errors
/// `SignedOut` without a token of a session that is still open.
pub async fn staff(records: &dyn Records, token: Option<&Token>, now: u64) -> Result<StaffPermission, Denied> {
    let hash: TokenHash = token.ok_or(ErrorCode::SignedOut)?.hash();
    let session = records.find_session(hash).await?.ok_or(ErrorCode::SignedOut)?;
    let expires_at = session.created_at.saturating_add(SESSION_MILLIS);
    // A session from the future is not one: the clock was wrong then or is now, and signing in again is cheap.
    let skewed = session.created_at > now.saturating_add(IDLE_MILLIS);
    let SessionRecord { staff, name, unit, seen_at, .. } = session;
    let permission = StaffPermission { staff, name, unit, expires_at, seen_at };
    if now >= permission.ends_at() || skewed { Err(ErrorCode::SignedOut.into()) } else { Ok(permission) }
}
