//! The store on SQLite: one file, write-ahead log, one writer with group commit, readers apart.
//!
//! Everything that a person has written is sealed before it reaches a statement. `secure_delete` overwrites what is deleted,
//! and the log is emptied after every erasure, so that nothing of it is left in the folder.

mod consents;
mod copies;
mod epochs;
mod erasures;
mod guests;
mod looks;
mod messages;
mod open;
mod ops;
mod profiles;
mod readers;
mod rows;
mod schema;
mod secrets;
mod seen;
mod staff;
mod stand_ins;
mod summaries;
mod writer;

pub use open::OpenError;

use super::{
    Answer, Appended, Asked, CustodyAnswer, DeviceRecord, DeviceRow, Given, Grant, GuestLink, GuestRecord, GuestRow,
    InvitationRecord, InvitationRow, LoginRecord, Look, NewGuest, OwnStandIn, Read, Records, Seen, SessionRecord,
    StandingIn, Store, StoreError, StoredOp, Thread, Visit, Written, Yes, YoungRow,
};
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
use crate::seal::Keys;
use ops::{Append, Page};
use plan::{Day, Facts, Part, Parts, Profile, Record};
use protocol::{Code, CopyKind, GuestEnd};
use readers::Readers;
use rows::{get_uint, int};
use rusqlite::{Connection, OptionalExtension, params};
use staff::Looking;
use std::path::Path;
use std::sync::Arc;
use writer::{Tx, Writer};

/// The file in the data folder.
pub const FILE: &str = "min-plan.sqlite3";

/// The store on SQLite.
pub struct SqliteStore {
    writer: Arc<Writer>,
    readers: Readers,
    keys: Keys,
}

impl SqliteStore {
    /// Opens the database in a folder, or makes one.
    ///
    /// # Errors
    /// When the file is not ours, from a newer build, or of another master key; it is not touched then.
    pub fn open(folder: &Path, keys: Keys) -> Result<Self, OpenError> {
        let path = folder.join(FILE);
        let connection = open::open_writer(&path, &keys)?;
        let readers = Readers::open(&path, keys.clone())?;
        let epoch = epochs::draw(&connection)?;
        let writer = Arc::new(Writer::start(connection, keys.clone(), epoch)?);
        Ok(Self { writer, readers, keys })
    }

    fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection, &Keys) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer<'_, T> {
        Box::pin(self.readers.read(question))
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer<'static, T> {
        let queued = self.writer.write(work);
        Box::pin(async move { queued?.await.map_err(|_| StoreError::Busy)? })
    }
}

impl Records for SqliteStore {
    fn find_device(&self, token: TokenHash) -> Answer<'_, Option<DeviceRecord>> {
        self.read(move |connection, keys| consents::find_device(connection, keys, token))
    }

    fn find_session(&self, token: TokenHash) -> Answer<'_, Option<SessionRecord>> {
        self.read(move |connection, _| staff::find_session(connection, token))
    }

    fn find_invitation(&self, code: &Code) -> Answer<'_, Option<InvitationRecord>> {
        let code = self.keys.hash_code(code);
        self.read(move |connection, keys| consents::find_invitation(connection, keys, code.0))
    }

    fn find_guest(&self, link: &Secret, code: &Code) -> Answer<'_, Option<GuestRecord>> {
        let (link, code) = (link.clone(), code.clone());
        self.read(move |connection, keys| guests::find(connection, keys, &link, &code))
    }

    fn list_grants(&self, young: &YoungId) -> Answer<'_, (Vec<Grant>, u64)> {
        let young = young.clone();
        self.read(move |connection, keys| rows::list_grants(connection, keys, &young))
    }
}

impl Store for SqliteStore {
    fn find_login(&self, login: &str) -> Answer<'_, Option<LoginRecord>> {
        let login = login.to_owned();
        self.read(move |connection, _| staff::find_login(connection, &login))
    }

    fn give_consent(&self, permission: GivePermission, yes: Yes, now: u64) -> Answer<'static, (Given, Vec<StaffId>)> {
        self.write(move |tx| consents::give(tx, &permission, &yes, now))
    }

    fn find_secret(&self, permission: &SecretPermission) -> Answer<'_, Asked> {
        let secret = permission.secret.clone();
        self.read(move |connection, keys| secrets::find(connection, keys, &secret))
    }

    fn void_secret(&self, permission: &SecretPermission, forget_before: u64, now: u64) -> Answer<'_, Option<Given>> {
        let secret = permission.secret.clone();
        self.write(move |tx| secrets::void(tx, &secret, forget_before, now))
    }

    fn withdraw_consent(&self, permission: ConsentPermission, now: u64) -> Answer<'static, Grant> {
        self.write(move |tx| consents::withdraw(tx, &permission, now))
    }

    fn is_here(&self, permission: &SyncPermission<'_>, cursor: Cursor) -> Answer<'_, bool> {
        let young = permission.young.clone();
        self.read(move |connection, _| epochs::is_here(connection, &young, cursor))
    }

    fn append_ops(
        &self,
        permission: &SyncPermission<'_>,
        ops: Vec<Record>,
        restart: bool,
        now: u64,
    ) -> Answer<'static, Appended> {
        let (young, voices) = (permission.young.clone(), ops::voices_text(&permission.voices));
        let append = Append { young, revision: permission.revision, voices, ops, restart, now };
        self.write(move |tx| ops::append(tx, &append))
    }

    fn list_ops(
        &self,
        permission: &SyncPermission<'_>,
        after: u64,
        last: u64,
        limit: usize,
    ) -> Answer<'_, Vec<StoredOp>> {
        let (young, scopes) = (permission.young.clone(), Scopes::of_all(&permission.voices).to_text());
        let voices = ops::voices_text(&permission.voices);
        let page = Page { young, revision: permission.revision, scopes, voices, after, last, limit };
        self.read(move |connection, keys| ops::list(connection, keys, &page))
    }

    fn erase(&self, permission: ErasePermission, now: u64) -> Answer<'static, u64> {
        self.write(move |tx| erasures::erase(tx, &permission, now))
    }

    fn list_devices(&self, permission: &YoungPermission) -> Answer<'_, Vec<DeviceRow>> {
        let young = permission.young().clone();
        self.read(move |connection, _| {
            let mut statement =
                connection.prepare_cached("SELECT id, added_at FROM devices WHERE young = ?1 ORDER BY rowid")?;
            let rows = statement.query_map([young.as_str()], |row| {
                Ok(DeviceRow { id: DeviceId(row.get(0)?), added_at: get_uint(row, 1)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn create_device_invitation(
        &self,
        permission: &YoungPermission,
        code: &Code,
        expires_at: u64,
        now: u64,
    ) -> Answer<'_, ()> {
        let (young, code) = (permission.young().clone(), self.keys.hash_code(code));
        self.write(move |tx| consents::invite_device(tx, &young, code.0, expires_at, now))
    }

    fn create_device(&self, permission: InvitationPermission, token: TokenHash, now: u64) -> Answer<'_, ()> {
        self.write(move |tx| consents::add_device(tx, &permission, token, now))
    }

    fn delete_device(&self, permission: &YoungPermission, device: &DeviceId, now: u64) -> Answer<'static, bool> {
        let (young, device) = (permission.young().clone(), device.clone());
        self.write(move |tx| consents::delete_device(tx, &young, &device, now))
    }

    fn list_looks(&self, permission: &YoungPermission, limit: usize) -> Answer<'_, Vec<Look>> {
        let young = permission.young().clone();
        self.read(move |connection, _| copies::list_looks(connection, &young, limit))
    }

    fn create_guest(&self, permission: ReleasePermission, guest: NewGuest, now: u64) -> Answer<'static, GuestLink> {
        self.write(move |tx| guests::create(tx, &permission, &guest, now))
    }

    fn list_guests(&self, permission: &YoungPermission) -> Answer<'_, Vec<GuestRow>> {
        let young = permission.young().clone();
        self.read(move |connection, keys| guests::list(connection, keys, &young))
    }

    fn end_guest(
        &self,
        permission: &YoungPermission,
        guest: &GuestId,
        why: GuestEnd,
        now: u64,
    ) -> Answer<'static, bool> {
        let (young, guest) = (permission.young().clone(), guest.clone());
        self.write(move |tx| guests::end(tx, &young, &guest, why, now))
    }

    fn count_wrong_code(&self, link: &Secret, code: &Code, now: u64) -> Answer<'static, ()> {
        let (link, code) = (link.clone(), code.clone());
        self.write(move |tx| guests::count_wrong_code(tx, &link, &code, now))
    }

    fn list_released_ops(&self, permission: &GuestPermission) -> Answer<'_, Vec<StoredOp>> {
        let page = guests::page(permission);
        self.read(move |connection, keys| ops::list(connection, keys, &page))
    }

    fn reflect(&self, permission: ReflectPermission, seen: Seen, now: u64) -> Answer<'static, ()> {
        self.write(move |tx| guests::reflect(tx, &permission, &seen, now))
    }

    fn record_opening(&self, permission: GuestPermission, now: u64) -> Answer<'static, ()> {
        self.write(move |tx| guests::record_opening(tx, &permission, now))
    }

    fn create_session(&self, staff: &StaffId, token: TokenHash, ended_before: u64, now: u64) -> Answer<'_, ()> {
        let staff = staff.clone();
        self.write(move |tx| staff::create_session(tx, &staff, token, ended_before, now))
    }

    fn renew_session(&self, token: TokenHash, now: u64) -> Answer<'_, ()> {
        self.write(move |tx| {
            let seen = params![token.0.as_slice(), int(now)];
            tx.connection.execute("UPDATE sessions SET seen_at = ?2 WHERE token = ?1", seen)?;
            Ok(())
        })
    }

    fn delete_session(&self, permission: &StaffPermission, token: TokenHash, now: u64) -> Answer<'static, ()> {
        let staff = permission.staff.clone();
        self.write(move |tx| staff::delete_session(tx, &staff, token, now))
    }

    fn note_failed_sign_in(&self, staff: Option<&StaffId>, now: u64) -> Answer<'_, ()> {
        let staff = staff.cloned();
        self.write(move |tx| staff::note_failed_sign_in(tx, staff.as_ref(), now))
    }

    fn create_invitation(
        &self,
        permission: &StaffPermission,
        label: &str,
        code: &Code,
        expires_at: u64,
        now: u64,
    ) -> Answer<'_, InvitationId> {
        let (staff, label, code) = (permission.staff.clone(), label.to_owned(), self.keys.hash_code(code));
        self.write(move |tx| staff::create_invitation(tx, &staff, &label, code.0, expires_at, now))
    }

    fn delete_invitation(&self, permission: &StaffPermission, id: &InvitationId, now: u64) -> Answer<'_, bool> {
        let (staff, id) = (permission.staff.clone(), id.clone());
        self.write(move |tx| staff::delete_invitation(tx, &staff, &id, now))
    }

    fn list_invitations(&self, permission: &StaffPermission, now: u64) -> Answer<'_, Vec<InvitationRow>> {
        let staff = permission.staff.clone();
        self.read(move |connection, keys| staff::list_invitations(connection, keys, &staff, now))
    }

    fn list_young_people(&self, permission: &StaffPermission) -> Answer<'_, Vec<YoungRow>> {
        let staff = permission.staff.clone();
        self.read(move |connection, keys| staff::list_young_people(connection, keys, &staff))
    }

    fn summarise(&self, permission: &ReviewPermission) -> Answer<'_, Facts> {
        let (young, revision) = (permission.young.clone(), permission.revision);
        let made = self.read(move |connection, keys| summaries::make(connection, keys, &young, revision));
        Box::pin(async move {
            let made = made.await?;
            let facts = made.facts.clone();
            // Nobody waits for it: what could not be kept is made once more.
            let _queued = self.writer.write(move |tx| summaries::keep(tx, &made));
            Ok(facts)
        })
    }

    fn find_profile(&self, permission: &StaffPermission) -> Answer<'_, Profile> {
        let staff = permission.staff.clone();
        self.read(move |connection, keys| profiles::find(connection, keys, &staff))
    }

    fn update_profile(&self, permission: &StaffPermission, profile: Profile, now: u64) -> Answer<'_, ()> {
        let staff = permission.staff.clone();
        self.write(move |tx| staff::update_profile(tx, &staff, profile, now))
    }

    fn record_custody(&self, permission: CustodyPermission, answer: CustodyAnswer, now: u64) -> Answer<'static, ()> {
        self.write(move |tx| consents::record_custody(tx, &permission, &answer, now))
    }

    fn record_look(&self, permission: &ReviewPermission, visit_millis: u64, now: u64) -> Answer<'_, Visit> {
        let looking = Looking {
            staff: permission.staff.clone(),
            young: permission.young.clone(),
            revision: permission.revision,
            consent: permission.consent().id.clone(),
            parts: permission.parts(),
            voices: permission.voices().to_vec(),
        };
        self.write(move |tx| staff::record_look(tx, &looking, visit_millis, now))
    }

    fn record_copy(&self, permission: CopyPermission, id: &str, kind: CopyKind, now: u64) -> Answer<'static, ()> {
        let id = id.to_owned();
        self.write(move |tx| copies::record(tx, &permission, &id, kind, now))
    }

    fn list_shared_ops(&self, permission: &ReviewPermission) -> Answer<'_, Vec<StoredOp>> {
        let page = Page {
            young: permission.young.clone(),
            revision: permission.revision,
            scopes: Scopes::of(&permission.staff, permission.parts()).to_text(),
            voices: ops::voices_text(permission.voices()),
            after: 0,
            last: u64::MAX,
            limit: usize::MAX,
        };
        self.read(move |connection, keys| ops::list(connection, keys, &page))
    }

    fn list_thread(&self, permission: &ThreadPermission) -> Answer<'_, Thread> {
        let voice = (permission.staff.clone(), Parts::NONE.with(Part::Messages));
        let page = Page {
            young: permission.young.clone(),
            revision: permission.revision,
            scopes: Scopes::of_all([&voice]).to_text(),
            voices: ops::voices_text(&[voice]),
            after: 0,
            last: u64::MAX,
            limit: usize::MAX,
        };
        let permission = permission.clone();
        self.read(move |connection, keys| messages::list(connection, keys, &page, &permission))
    }

    fn mark_read(&self, permission: ThreadPermission, read: Read, visit_millis: u64, now: u64) -> Answer<'static, ()> {
        self.write(move |tx| messages::mark_read(tx, &permission, &read, visit_millis, now))
    }

    fn find_stand_in(&self, permission: &StaffPermission) -> Answer<'_, OwnStandIn> {
        let staff = permission.staff.clone();
        self.read(move |connection, _| stand_ins::find(connection, &staff))
    }

    fn set_stand_in(
        &self,
        permission: &StaffPermission,
        stand_in: Option<(StaffId, Day)>,
        now: u64,
    ) -> Answer<'static, (Vec<YoungId>, Option<StaffId>)> {
        let staff = permission.staff.clone();
        self.write(move |tx| stand_ins::set(tx, &staff, stand_in.as_ref(), now))
    }

    fn list_told_stand_ins(&self, young: &YoungId, contacts: Vec<StaffId>) -> Answer<'_, Vec<StaffId>> {
        let young = young.clone();
        self.read(move |connection, _| stand_ins::list_told(connection, &young, &contacts))
    }

    fn list_standing_in(&self, permission: &StaffPermission, now: u64) -> Answer<'_, Vec<StandingIn>> {
        let staff = permission.staff.clone();
        self.read(move |connection, keys| stand_ins::list(connection, keys, &staff, now))
    }

    fn write_words(&self, permission: WritePermission, seen: Seen, now: u64) -> Answer<'static, Written> {
        self.write(move |tx| ops::write_words(tx, &permission, &seen, now))
    }

    fn create_unit(&self, name: &str, now: u64) -> Answer<'_, UnitId> {
        let name = name.to_owned();
        self.write(move |tx| staff::create_unit(tx, &name, now))
    }

    fn find_unit(&self, name: &str) -> Answer<'_, Option<UnitId>> {
        let name = name.to_owned();
        self.read(move |connection, _| {
            let unit = connection.query_row("SELECT id FROM units WHERE name = ?1", [name], |row| row.get(0));
            Ok(unit.optional()?.map(UnitId))
        })
    }

    fn create_staff(&self, unit: &UnitId, name: &str, login: &str, password: &str, now: u64) -> Answer<'_, StaffId> {
        let (unit, name, login, password) = (unit.clone(), name.to_owned(), login.to_owned(), password.to_owned());
        self.write(move |tx| staff::create_staff(tx, &unit, &name, &login, &password, now))
    }

    fn list_audit(&self) -> Answer<'_, Vec<audit::Row>> {
        self.read(|connection, _| staff::list_audit(connection))
    }

    fn close(&self) -> Answer<'_, ()> {
        Box::pin(async move {
            // Readers first: the last checkpoint can empty the log only when nobody reads.
            self.readers.close().await;
            let writer = self.writer.clone();
            tokio::task::spawn_blocking(move || writer.close()).await.map_err(|error| StoreError::Inner(error.into()))
        })
    }
}
