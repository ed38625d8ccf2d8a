//! What a contact may: read what is shared with them, take a copy of it, answer it, and write down what the custody holder has said.

use super::{Denied, SecretPermission, StaffPermission, voices};
use crate::ids::{Secret, StaffId, YoungId};
use crate::records::{Grant, Records};
use crate::scope::Scopes;
use plan::author::{Author, REPLY};
use plan::writing::{Unfit, Writing};
use plan::{Consent, Custody, Part, Parts, Status};
use protocol::ErrorCode;

/// What a young person shares with this contact may be read.
#[derive(Debug)]
pub struct ReviewPermission {
    pub(crate) staff: StaffId,
    pub(crate) young: YoungId,
    pub(crate) revision: u64,
    consent: Consent,
    voices: Vec<(StaffId, Parts)>,
}

impl ReviewPermission {
    pub fn consent(&self) -> &Consent {
        &self.consent
    }

    /// What is read in a review. Messages are read by themselves.
    pub fn parts(&self) -> Parts {
        self.consent.parts.without(Part::Messages).without(Part::StandIn)
    }

    /// Who has a yes now, and to which parts: what others have said to the young person is read as long as theirs holds.
    pub fn voices(&self) -> &[(StaffId, Parts)] {
        &self.voices
    }
}

/// What a young person has said yes to at one contact, what all have a yes to, and the revision of both.
async fn grants_to(
    records: &dyn Records,
    staff: &StaffPermission,
    young: &YoungId,
    now: u64,
) -> Result<(Vec<Grant>, Vec<(StaffId, Parts)>, u64), Denied> {
    let (all, revision) = records.list_grants(young).await?;
    let voices = voices(&all, now).collect();
    let own: Vec<Grant> = all.into_iter().filter(|grant| grant.staff == staff.staff).collect();
    if own.is_empty() {
        return Err(ErrorCode::NotFound.into());
    }
    Ok((own, voices, revision))
}

/// # Errors
/// `NotFound` when this young person has never said yes to this contact, `NoConsent` when no yes is active now.
pub async fn review(
    records: &dyn Records,
    staff: &StaffPermission,
    young: &YoungId,
    now: u64,
) -> Result<ReviewPermission, Denied> {
    let (grants, voices, revision) = grants_to(records, staff, young, now).await?;
    let grant = grants.into_iter().find(|grant| grant.consent.is_active(now)).ok_or(ErrorCode::NoConsent)?;
    Ok(ReviewPermission { staff: grant.staff, young: grant.young, revision, consent: grant.consent, voices })
}

/// The messages between a young person and a contact may be read, which the young person is told of.
#[derive(Clone, Debug)]
pub struct ThreadPermission {
    /// Whose thread it is.
    pub(crate) staff: StaffId,
    /// Who reads: the contact, or who stands in for them.
    pub(crate) reader: StaffId,
    pub(crate) young: YoungId,
    pub(crate) revision: u64,
    /// By which they are read.
    pub(crate) consent: String,
    /// What who reads is called.
    pub(crate) name: String,
}

/// # Errors
/// `NoConsent` when the yes that they read by has no messages in it.
pub fn thread(review: &ReviewPermission) -> Result<ThreadPermission, ErrorCode> {
    let ReviewPermission { staff, young, revision, consent, .. } = review;
    if !consent.parts.contains(Part::Messages) {
        return Err(ErrorCode::NoConsent);
    }
    let (staff, young, consent) = (staff.clone(), young.clone(), consent.id.clone());
    let name = review.consent.recipient.clone();
    Ok(ThreadPermission { reader: staff.clone(), staff, young, revision: *revision, consent, name })
}

/// Who stands in for a contact reads and answers what is written to them; nothing else of the young person.
///
/// # Errors
/// `NotFound` when this member of staff does not stand in for the contact now, or the young person has never said yes to the contact;
/// `NoConsent` when no yes that is active now has a tick at both the messages and standing in.
pub async fn stand_in(
    records: &dyn Records,
    staff: &StaffPermission,
    contact: &StaffId,
    young: &YoungId,
    now: u64,
) -> Result<ThreadPermission, Denied> {
    let (grants, revision) = records.list_grants(young).await?;
    let stands_in = |grant: &&Grant| {
        let one = grant.consent.profile.stand_in.as_ref();
        grant.staff == *contact && one.is_some_and(|one| one.staff == staff.staff.as_str() && one.is_here(now))
    };
    let of_contact: Vec<_> = grants.iter().filter(stands_in).collect();
    if of_contact.is_empty() {
        return Err(ErrorCode::NotFound.into());
    }
    let open = of_contact.into_iter().find(|grant| grant.consent.lets_stand_in(now).is_some());
    let consent = open.ok_or(ErrorCode::NoConsent)?.consent.id.clone();
    let (name, reader) = (staff.name.clone(), staff.staff.clone());
    Ok(ThreadPermission { staff: contact.clone(), reader, young: young.clone(), revision, consent, name })
}

/// # Errors
/// `Forbidden` for everything but a reply in the thread; else as [`write`].
pub fn write_standing_in(
    staff: &StaffPermission,
    thread: &ThreadPermission,
    secret: SecretPermission,
    writings: Vec<Writing>,
) -> Result<WritePermission, ErrorCode> {
    check(staff, &writings)?;
    let is_reply = |it: &Writing| it.on.kind_name() == REPLY && it.on.thread() == Some(thread.staff.as_str());
    if !writings.iter().all(is_reply) {
        return Err(ErrorCode::Forbidden);
    }
    Ok(permit(staff, &thread.young, thread.revision, secret, writings))
}

/// These words may be written to a young person.
#[derive(Debug)]
pub struct WritePermission {
    pub(crate) staff: StaffId,
    pub(crate) young: YoungId,
    pub(crate) revision: u64,
    /// The name and the home of who writes.
    pub(crate) from: String,
    pub(crate) secret: Secret,
    pub(crate) writings: Vec<Writing>,
}

/// A contact writes on the fields that the table gives them, of parts that they have a yes to.
///
/// # Errors
/// `NoConsent` when one of the fields is of another part than the yes that they read by; `Forbidden`, `Malformed`, `TooLarge` or
/// `NoReason` for what the table does not take.
pub fn write(
    staff: &StaffPermission,
    review: &ReviewPermission,
    secret: SecretPermission,
    writings: Vec<Writing>,
) -> Result<WritePermission, ErrorCode> {
    check(staff, &writings)?;
    let mut written = Scopes::default();
    writings.iter().for_each(|writing| written.add(&writing.on));
    if !Scopes::of(&review.staff, review.consent.parts).contains_all(&written) {
        return Err(ErrorCode::NoConsent);
    }
    Ok(permit(staff, &review.young, review.revision, secret, writings))
}

fn check(staff: &StaffPermission, writings: &[Writing]) -> Result<(), ErrorCode> {
    plan::writing::check_writings(Author::Staff(staff.staff.as_str()), writings).map_err(|unfit| match unfit {
        Unfit::NotTheirs => ErrorCode::Forbidden,
        Unfit::Value => ErrorCode::Malformed,
        Unfit::TooLong(_) => ErrorCode::TooLarge,
        Unfit::NoReason => ErrorCode::NoReason,
    })
}

fn permit(
    staff: &StaffPermission,
    young: &YoungId,
    revision: u64,
    secret: SecretPermission,
    writings: Vec<Writing>,
) -> WritePermission {
    let from = format!("{}, {}", staff.name(), staff.unit());
    let (staff, young, secret) = (staff.staff.clone(), young.clone(), secret.secret);
    WritePermission { staff, young, revision, from, secret, writings }
}

/// A copy of what a contact reads may be taken, which the young person is told of.
#[derive(Debug)]
pub struct CopyPermission {
    pub(crate) staff: StaffId,
    pub(crate) young: YoungId,
    pub(crate) revision: u64,
    /// What is in it.
    pub(crate) parts: Parts,
}

/// # Errors
/// `NoConsent` when one of the parts is not in what they read.
pub fn copy(review: &ReviewPermission, parts: Parts) -> Result<CopyPermission, ErrorCode> {
    if !parts.minus(review.parts()).is_empty() {
        return Err(ErrorCode::NoConsent);
    }
    let ReviewPermission { staff, young, revision, .. } = review;
    Ok(CopyPermission { staff: staff.clone(), young: young.clone(), revision: *revision, parts })
}

/// The custody holder's answer may be written down.
#[derive(Debug)]
pub struct CustodyPermission {
    pub(crate) staff: StaffId,
    pub(crate) young: YoungId,
    pub(crate) revision: u64,
    pub(crate) consent: String,
}

/// Only for a consent to this contact that waits for the answer or has had one, and still could be active with it.
///
/// # Errors
/// `NotFound` when this young person has never said yes to this contact, `NoConsent` when the yes is over or needs no
/// other.
pub async fn custody(
    records: &dyn Records,
    staff: &StaffPermission,
    young: &YoungId,
    now: u64,
) -> Result<CustodyPermission, Denied> {
    let (grants, _, revision) = grants_to(records, staff, young, now).await?;
    let open = |consent: &Consent| match consent.status(now) {
        Status::WaitingForCustody | Status::RefusedByCustody => true,
        Status::Active => consent.custody == Custody::Yes,
        Status::TurnedFifteen | Status::Expired | Status::Withdrawn => false,
    };
    let grant = grants.into_iter().find(|grant| open(&grant.consent)).ok_or(ErrorCode::NoConsent)?;
    Ok(CustodyPermission { staff: grant.staff, young: grant.young, revision, consent: grant.consent.id })
}
