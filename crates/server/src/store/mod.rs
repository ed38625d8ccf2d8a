//! What a store must be able to do. One contract suite (`tests/server/contract`) says it in tests; every store passes it.
//!
//! A store speaks of young people, consents and operations, and keeps what they wrote sealed. It decides nothing about who
//! may do what: what touches content takes a permission from [`crate::authorise`], and every answer to a write is given
//! when the write is on disk, never before.

pub mod sqlite;

pub use crate::records::{
    Answer, DeviceRecord, Given, Grant, GuestRecord, InvitationRecord, Inviter, Records, SessionRecord, StoreError,
};
pub use sqlite::SqliteStore;

use crate::audit;
use crate::authorise::contact::{
    CopyPermission, CustodyPermission, ReviewPermission, ThreadPermission, WritePermission,
};
use crate::authorise::guest::{GuestPermission, ReflectPermission, ReleasePermission};
use crate::authorise::{
    ConsentPermission, ErasePermission, GivePermission, InvitationPermission, SecretPermission, StaffPermission,
    SyncPermission, YoungPermission,
};
use crate::cursor::Cursor;
use crate::ids::{DeviceId, GuestId, InvitationId, Secret, StaffId, TokenHash, UnitId, YoungId};
use crate::scope::Scopes;
use plan::{Birthdays, Custody, Day, Entity, Facts, OpId, Parts, Profile, Record, StandIn};
use protocol::{Code, CopyKind, GuestEnd};
use std::collections::BTreeSet;

/// Operations that are kept of one young person. `docs/protocol.md` has the calculation.
pub const KEPT_OPS: u64 = 100_000;
/// And how large they may be together, sealed: all of it is in memory when a contact reads.
pub const KEPT_BYTES: u64 = 32 * 1024 * 1024;
/// Where that is used up, erasures are taken still, up to this many more: what is to go must be able to go.
pub const RESERVED_OPS: u64 = 2_000;
pub const RESERVED_BYTES: u64 = 2 * 1024 * 1024;
/// Of all operations those that one member of staff has written may be this many, and this large together, so that adults
/// cannot fill a young person's room.
pub const KEPT_WORDS: u64 = 2_000;
pub const KEPT_WORDS_BYTES: u64 = 1024 * 1024;
/// And with those that have lost their words so many.
pub const KEPT_WORDS_EVER: u64 = 20_000;

/// Copies that one member of staff has taken of what one young person shares.
pub const MOST_COPIES: u64 = 5_000;
/// And of these on one day.
pub const MOST_COPIES_A_DAY: u64 = 50;
/// Asked for again by the same name, within this long of the first time and with nothing written in between, it is the same copy.
pub const SAME_COPY_MILLIS: u64 = 10 * 60 * 1000;

/// Phones of one young person: who has a new one signs an old one out.
pub const MOST_DEVICES: u64 = 16;

/// A login that exists.
pub struct LoginRecord {
    pub staff: StaffId,
    pub password: String,
}

/// What a young person says yes to.
#[derive(Clone, Debug)]
pub struct Yes {
    pub parts: Parts,
    pub birthdays: Birthdays,
    /// The token of the device, when the yes makes the young person known and comes without a secret.
    pub token: Option<TokenHash>,
}

/// What has become of a secret.
pub enum Asked {
    Given(Box<Given>),
    /// It was asked for before a yes came with it: none comes any more.
    Void,
    Unknown,
}

/// Where the operations stand after some were taken in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Appended {
    /// The last sequence number before this, and where they end after it.
    pub before: u64,
    pub end: Cursor,
    pub generation: String,
    /// What those are of that were not here before.
    pub new: Scopes,
    /// Those that there was no room for.
    pub no_room: Vec<OpId>,
    /// Those by somebody else that this server has not minted, or whose author has no yes now.
    pub not_taken: Vec<OpId>,
}

/// An operation with its sequence number and when it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredOp {
    pub seq: u64,
    pub arrived_at: u64,
    pub raw: String,
}

/// What was looked at before something is said to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    pub entries: Vec<Entity>,
    /// The last sequence number that was there.
    pub last_seq: u64,
    /// What who says it has offered and what waits for an answer, in these parts: all that they may read.
    pub open: Vec<Entity>,
    pub parts: Parts,
}

/// What is written between a young person and one contact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Thread {
    /// What the contact calls the young person.
    pub label: String,
    pub ops: Vec<StoredOp>,
    /// Up to where who reads has read it, or the contact for whom they do.
    pub read_seq: u64,
}

/// Which messages a contact has read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Read {
    /// The young person's, that were not read before.
    pub messages: Vec<Entity>,
    /// The last sequence number that was there.
    pub last_seq: u64,
}

/// Who stands in for a member of staff, and who could.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwnStandIn {
    /// Also when it is over.
    pub stand_in: Option<StandIn>,
    /// Everybody else of the same home, by name.
    pub colleagues: Vec<(StaffId, String)>,
}

/// A young person whose messages to somebody else may be read and answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StandingIn {
    pub contact: StaffId,
    pub contact_name: String,
    pub young: YoungId,
    /// What the contact calls the young person.
    pub label: String,
    /// Whether something was written that was not read, by who stands in or by the contact.
    pub has_messages: bool,
    pub until: Day,
}

/// What a contact has written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    pub ids: Vec<OpId>,
    /// What those are of that were not here before.
    pub new: Scopes,
}

/// A device of a young person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceRow {
    pub id: DeviceId,
    pub added_at: u64,
}

/// A link for a guest that is about to be made.
#[derive(Clone)]
pub struct NewGuest {
    /// What was drawn for this link: the same makes the same link, for the same meeting and kind.
    pub drawn: Secret,
    /// What kind of person it is.
    pub kind: String,
}

/// What a guest is given.
pub struct GuestLink {
    pub id: GuestId,
    pub link: Secret,
    pub code: Code,
}

/// A link in the young person's list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GuestRow {
    pub id: GuestId,
    pub meeting: Entity,
    pub kind: String,
    pub made_at: u64,
    pub first_opened: Option<u64>,
    pub last_opened: Option<u64>,
    pub ended_at: Option<u64>,
    /// `None` also when that is not known.
    pub ended_for: Option<GuestEnd>,
}

/// One visit by one contact, or a copy that they have taken, as often as they have on one day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Look {
    pub name: String,
    pub unit: String,
    pub parts: Parts,
    pub from: u64,
    pub until: u64,
    pub copy: Option<CopyKind>,
    /// How often the same was copied on that day; of a look once.
    pub times: u64,
}

/// An invitation in its sender's list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InvitationRow {
    pub id: InvitationId,
    pub label: String,
    pub expires_at: u64,
}

/// A young person in a contact's list.
#[derive(Clone, PartialEq, Debug)]
pub struct YoungRow {
    pub grant: Grant,
    pub label: String,
    /// When the last shared operation came, and when the contact last looked.
    pub last_arrival: Option<u64>,
    pub last_look: Option<u64>,
    /// Whether something was written to the contact that they have not read, as far as there is a yes to it.
    pub has_messages: bool,
    /// When the first yes to this contact was given, of those that are known.
    pub first_given: u64,
    /// What has happened, if it is known; of who has taken the yes back it is not.
    pub facts: Option<Facts>,
}

/// Where a review stands, without the words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visit {
    /// When the visit before this one ended.
    pub previous: Option<u64>,
    /// When this one began.
    pub began: u64,
    /// The last sequence number among what the young person shares.
    pub last_seq: u64,
    /// Whose words are read beside that, in which part, and the last sequence number among them.
    pub heard: BTreeSet<(StaffId, &'static str, u64)>,
    pub label: String,
}

/// What the custody holder said.
#[derive(Clone, Debug)]
pub struct CustodyAnswer {
    pub custody: Custody,
    pub given_by: String,
    pub on: Day,
}

/// Everything the server keeps. What others are told of is under way when the method returns, and its answer may be waited for when
/// whoever asked has gone.
pub trait Store: Records {
    // The young person.
    /// Takes a yes: the invitation is used up, earlier consents to the same recipient are withdrawn, and without a young
    /// person a new one is made, all in one transaction. Of two with the same secret the second gets what the first has
    /// done, and does nothing. Answers also with the others whose yes has ended with it.
    fn give_consent(&self, permission: GivePermission, yes: Yes, now: u64) -> Answer<'static, (Given, Vec<StaffId>)>;
    fn find_secret(&self, permission: &SecretPermission) -> Answer<'_, Asked>;
    /// The yes that came with this secret; where none did, none is taken from now on. What was asked for at
    /// `forget_before` or earlier is forgotten.
    fn void_secret(&self, permission: &SecretPermission, forget_before: u64, now: u64) -> Answer<'_, Option<Given>>;
    /// Withdraws. Again is the same as once.
    fn withdraw_consent(&self, permission: ConsentPermission, now: u64) -> Answer<'static, Grant>;
    /// Whether what a phone has up to its cursor is what there is here up to it. Not after a backup was put back from before it.
    fn is_here(&self, permission: &SyncPermission<'_>, cursor: Cursor) -> Answer<'_, bool>;
    /// Takes operations in: in one transaction all that there is room for. `restart` begins a new generation first.
    fn append_ops(
        &self,
        permission: &SyncPermission<'_>,
        ops: Vec<Record>,
        restart: bool,
        now: u64,
    ) -> Answer<'static, Appended>;
    /// Operations with a sequence number in `after + 1 ..= last`, of parts in the permit, at most `limit`; of adults' words those
    /// of who has a yes to the part now. Stale when consents have changed since: what was written after a no is not read by a
    /// permission from before it.
    fn list_ops(
        &self,
        permission: &SyncPermission<'_>,
        after: u64,
        last: u64,
        limit: usize,
    ) -> Answer<'_, Vec<StoredOp>>;
    /// Erases operations outside the parts that are still shared, what the contacts of consents that are over have written,
    /// and the content key when nothing needs it any more.
    fn erase(&self, permission: ErasePermission, now: u64) -> Answer<'static, u64>;
    fn list_devices(&self, permission: &YoungPermission) -> Answer<'_, Vec<DeviceRow>>;
    /// Refused as `TooLarge` when there are [`MOST_DEVICES`] already.
    fn create_device_invitation(
        &self,
        permission: &YoungPermission,
        code: &Code,
        expires_at: u64,
        now: u64,
    ) -> Answer<'_, ()>;
    /// Refused as [`Store::create_device_invitation`]; the invitation can be used still, when one of the others is gone.
    fn create_device(&self, permission: InvitationPermission, token: TokenHash, now: u64) -> Answer<'_, ()>;
    /// Whether there was such a device of this young person.
    fn delete_device(&self, permission: &YoungPermission, device: &DeviceId, now: u64) -> Answer<'static, bool>;
    /// With the copies that were taken, those of the same on one day as one; latest first, at most `limit`. Of more than that the latest
    /// of each contact, in turn, so that none takes the place of another.
    fn list_looks(&self, permission: &YoungPermission, limit: usize) -> Answer<'_, Vec<Look>>;
    /// Of the same twice the second changes nothing, and is refused as `Gone` when the link was ended meanwhile. Refused as
    /// `TooManyOpen` when there are [`plan::guest::MAX_GUESTS`] already. Stale as [`Store::list_ops`].
    fn create_guest(&self, permission: ReleasePermission, guest: NewGuest, now: u64) -> Answer<'static, GuestLink>;
    /// Latest first.
    fn list_guests(&self, permission: &YoungPermission) -> Answer<'_, Vec<GuestRow>>;
    /// Whether there was such a link of this young person.
    fn end_guest(
        &self,
        permission: &YoungPermission,
        guest: &GuestId,
        why: GuestEnd,
        now: u64,
    ) -> Answer<'static, bool>;

    // Guests.
    /// A link was shown with a code that is not its own: after so many it is ended. Of a link that there is not, or that goes with this
    /// code, nothing is written.
    fn count_wrong_code(&self, link: &Secret, code: &Code, now: u64) -> Answer<'static, ()>;
    /// What the young person has written about their meetings, in the order of arrival. Stale as [`Store::list_ops`].
    fn list_released_ops(&self, permission: &GuestPermission) -> Answer<'_, Vec<StoredOp>>;
    /// Mints what a guest says of how a meeting was. Refused as `Gone` the second time, and when the link was ended; stale as
    /// [`Store::list_ops`], and when the meeting was written to since it was seen.
    fn reflect(&self, permission: ReflectPermission, seen: Seen, now: u64) -> Answer<'static, ()>;
    /// Writes down that the agenda is read. Refused as `WrongCode` when the link was ended meanwhile, stale as [`Store::list_ops`].
    fn record_opening(&self, permission: GuestPermission, now: u64) -> Answer<'static, ()>;

    // Staff.
    fn find_login(&self, login: &str) -> Answer<'_, Option<LoginRecord>>;
    /// `staff` has shown the right password. Sessions that have ended by `ended_before` are cleared away.
    fn create_session(&self, staff: &StaffId, token: TokenHash, ended_before: u64, now: u64) -> Answer<'_, ()>;
    fn renew_session(&self, token: TokenHash, now: u64) -> Answer<'_, ()>;
    fn delete_session(&self, permission: &StaffPermission, token: TokenHash, now: u64) -> Answer<'static, ()>;
    /// A sign-in that failed, for the audit log.
    fn note_failed_sign_in(&self, staff: Option<&StaffId>, now: u64) -> Answer<'_, ()>;
    fn create_invitation(
        &self,
        permission: &StaffPermission,
        label: &str,
        code: &Code,
        expires_at: u64,
        now: u64,
    ) -> Answer<'_, InvitationId>;
    /// Whether there was such an invitation, open and from this contact.
    fn delete_invitation(&self, permission: &StaffPermission, id: &InvitationId, now: u64) -> Answer<'_, bool>;
    /// Those that are open.
    fn list_invitations(&self, permission: &StaffPermission, now: u64) -> Answer<'_, Vec<InvitationRow>>;
    /// Everyone with a consent to this contact: the latest of each. Who has erased everything is not in it.
    fn list_young_people(&self, permission: &StaffPermission) -> Answer<'_, Vec<YoungRow>>;
    /// What has happened with a young person, from all of their operations. It is kept until one of them changes, so that a list need
    /// not make it again. Stale as [`Store::list_ops`].
    fn summarise(&self, permission: &ReviewPermission) -> Answer<'_, Facts>;
    /// What a contact tells about themselves; empty when nothing.
    fn find_profile(&self, permission: &StaffPermission) -> Answer<'_, Profile>;
    fn update_profile(&self, permission: &StaffPermission, profile: Profile, now: u64) -> Answer<'_, ()>;
    fn record_custody(&self, permission: CustodyPermission, answer: CustodyAnswer, now: u64) -> Answer<'static, ()>;
    /// Writes down that the contact looks now; within `visit_millis` of the last time it is the same visit.
    fn record_look(&self, permission: &ReviewPermission, visit_millis: u64, now: u64) -> Answer<'_, Visit>;
    /// Writes down that the contact takes a copy. Of the same `id`, kind and parts twice the second changes nothing, as long as it is the
    /// same that is copied ([`SAME_COPY_MILLIS`]). Refused as `TooLarge` when there are [`MOST_COPIES`] already, or
    /// [`MOST_COPIES_A_DAY`]. Stale as [`Store::list_ops`].
    fn record_copy(&self, permission: CopyPermission, id: &str, kind: CopyKind, now: u64) -> Answer<'static, ()>;
    /// Every operation that is shared with the contact, in the order of arrival. Stale as [`Store::list_ops`].
    fn list_shared_ops(&self, permission: &ReviewPermission) -> Answer<'_, Vec<StoredOp>>;

    /// What was written to the contact and by them, in the order of arrival. Stale as [`Store::list_ops`].
    fn list_thread(&self, permission: &ThreadPermission) -> Answer<'_, Thread>;
    /// Writes down that the contact has read these messages, and everything up to `last_seq`. Of the same twice the second changes
    /// nothing.
    fn mark_read(&self, permission: ThreadPermission, read: Read, visit_millis: u64, now: u64) -> Answer<'static, ()>;
    fn find_stand_in(&self, permission: &StaffPermission) -> Answer<'_, OwnStandIn>;
    /// Names who stands in, or nobody. Refused as `NotFound` when it is nobody of the same home. Answers with the young people who have
    /// said yes to the contact, whose permissions made before are stale, and with who stood in before.
    fn set_stand_in(
        &self,
        permission: &StaffPermission,
        stand_in: Option<(StaffId, Day)>,
        now: u64,
    ) -> Answer<'static, (Vec<YoungId>, Option<StaffId>)>;
    /// Who stands in for these contacts, as far as a yes of this young person's to them has ever let somebody.
    fn list_told_stand_ins(&self, young: &YoungId, contacts: Vec<StaffId>) -> Answer<'_, Vec<StaffId>>;
    /// For whom this member of staff stands in now.
    fn list_standing_in(&self, permission: &StaffPermission, now: u64) -> Answer<'_, Vec<StandingIn>>;

    /// Mints what a contact writes and keeps it. Of the same twice the second changes nothing. Stale also when something has come to what was seen: it may be deleted or erased by now.
    /// Refused as `TooManyOpen` when more suggestions than there may be would wait for an answer, and as `Gone` when one that is written
    /// again has been answered.
    fn write_words(&self, permission: WritePermission, seen: Seen, now: u64) -> Answer<'static, Written>;

    // Administration, from the command line of the machine itself.
    fn create_unit(&self, name: &str, now: u64) -> Answer<'_, UnitId>;
    fn find_unit(&self, name: &str) -> Answer<'_, Option<UnitId>>;
    fn create_staff(&self, unit: &UnitId, name: &str, login: &str, password: &str, now: u64) -> Answer<'_, StaffId>;
    fn list_audit(&self) -> Answer<'_, Vec<audit::Row>>;
    /// Finishes what is under way, checkpoints and closes.
    fn close(&self) -> Answer<'_, ()>;
}
