//! A store that lets something happen between one of its answers and who asked for it: what falls between two steps of a
//! request can be told, and does not wait for luck.

use plan::{Day, Facts, Profile, Record};
use protocol::{Code, CopyKind, GuestEnd};
use server::audit;
use server::authorise::contact::{
    CopyPermission, CustodyPermission, ReviewPermission, ThreadPermission, WritePermission,
};
use server::authorise::guest::{GuestPermission, ReflectPermission, ReleasePermission};
use server::authorise::{
    ConsentPermission, ErasePermission, GivePermission, InvitationPermission, SecretPermission, StaffPermission,
    SyncPermission, YoungPermission,
};
use server::cursor::Cursor;
use server::ids::{DeviceId, GuestId, InvitationId, Secret, StaffId, TokenHash, UnitId, YoungId};
use server::store::{
    Answer, Appended, Asked, CustodyAnswer, DeviceRecord, DeviceRow, Given, Grant, GuestLink, GuestRecord, GuestRow,
    InvitationRecord, InvitationRow, LoginRecord, Look, NewGuest, OwnStandIn, Read, Records, Seen, SessionRecord,
    StandingIn, Store, StoredOp, Thread, Visit, Written, Yes, YoungRow,
};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

type Happening = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What is to happen, by the method after whose next answer it does.
#[derive(Clone, Default)]
pub struct Between(Arc<Mutex<BTreeMap<&'static str, Happening>>>);

impl Between {
    pub fn after(&self, method: &'static str, happening: impl Future<Output = ()> + Send + 'static) {
        self.0.lock().unwrap().insert(method, Box::pin(happening));
    }

    fn take(&self, method: &str) -> Option<Happening> {
        self.0.lock().unwrap().remove(method)
    }
}

pub struct Watched {
    pub inner: Arc<dyn Store>,
    pub between: Between,
}

impl Watched {
    fn pass<'a, T: Send + 'a>(&self, method: &'static str, answer: Answer<'a, T>) -> Answer<'a, T> {
        let between = self.between.clone();
        Box::pin(async move {
            let answer = answer.await;
            if let Some(happening) = between.take(method) {
                happening.await;
            }
            answer
        })
    }
}

macro_rules! pass {
    ($($name:ident($($given:ident: $type:ty),*) -> $answer:ty;)*) => {$(
        fn $name(&self, $($given: $type),*) -> $answer {
            self.pass(stringify!($name), self.inner.$name($($given),*))
        }
    )*};
}

impl Records for Watched {
    pass! {
        find_device(token: TokenHash) -> Answer<'_, Option<DeviceRecord>>;
        find_session(token: TokenHash) -> Answer<'_, Option<SessionRecord>>;
        find_invitation(code: &Code) -> Answer<'_, Option<InvitationRecord>>;
        find_guest(link: &Secret, code: &Code) -> Answer<'_, Option<GuestRecord>>;
        list_grants(young: &YoungId) -> Answer<'_, (Vec<Grant>, u64)>;
    }
}

impl Store for Watched {
    pass! {
        give_consent(permission: GivePermission, yes: Yes, now: u64) -> Answer<'static, (Given, Vec<StaffId>)>;
        find_secret(permission: &SecretPermission) -> Answer<'_, Asked>;
        void_secret(permission: &SecretPermission, forget_before: u64, now: u64) -> Answer<'_, Option<Given>>;
        withdraw_consent(permission: ConsentPermission, now: u64) -> Answer<'static, Grant>;
        is_here(permission: &SyncPermission<'_>, cursor: Cursor) -> Answer<'_, bool>;
        append_ops(permission: &SyncPermission<'_>, ops: Vec<Record>, restart: bool, now: u64) -> Answer<'static, Appended>;
        list_ops(permission: &SyncPermission<'_>, after: u64, last: u64, limit: usize) -> Answer<'_, Vec<StoredOp>>;
        erase(permission: ErasePermission, now: u64) -> Answer<'static, u64>;
        list_devices(permission: &YoungPermission) -> Answer<'_, Vec<DeviceRow>>;
        create_device_invitation(permission: &YoungPermission, code: &Code, expires_at: u64, now: u64) -> Answer<'_, ()>;
        create_device(permission: InvitationPermission, token: TokenHash, now: u64) -> Answer<'_, ()>;
        delete_device(permission: &YoungPermission, device: &DeviceId, now: u64) -> Answer<'static, bool>;
        list_looks(permission: &YoungPermission, limit: usize) -> Answer<'_, Vec<Look>>;
        create_guest(permission: ReleasePermission, guest: NewGuest, now: u64) -> Answer<'static, GuestLink>;
        list_guests(permission: &YoungPermission) -> Answer<'_, Vec<GuestRow>>;
        end_guest(permission: &YoungPermission, guest: &GuestId, why: GuestEnd, now: u64) -> Answer<'static, bool>;
        count_wrong_code(link: &Secret, code: &Code, now: u64) -> Answer<'static, ()>;
        list_released_ops(permission: &GuestPermission) -> Answer<'_, Vec<StoredOp>>;
        reflect(permission: ReflectPermission, seen: Seen, now: u64) -> Answer<'static, ()>;
        record_opening(permission: GuestPermission, now: u64) -> Answer<'static, ()>;
        find_login(login: &str) -> Answer<'_, Option<LoginRecord>>;
        create_session(staff: &StaffId, token: TokenHash, ended_before: u64, now: u64) -> Answer<'_, ()>;
        renew_session(token: TokenHash, now: u64) -> Answer<'_, ()>;
        delete_session(permission: &StaffPermission, token: TokenHash, now: u64) -> Answer<'static, ()>;
        note_failed_sign_in(staff: Option<&StaffId>, now: u64) -> Answer<'_, ()>;
        create_invitation(
            permission: &StaffPermission, label: &str, code: &Code, expires_at: u64, now: u64
        ) -> Answer<'_, InvitationId>;
        delete_invitation(permission: &StaffPermission, id: &InvitationId, now: u64) -> Answer<'_, bool>;
        list_invitations(permission: &StaffPermission, now: u64) -> Answer<'_, Vec<InvitationRow>>;
        list_young_people(permission: &StaffPermission) -> Answer<'_, Vec<YoungRow>>;
        summarise(permission: &ReviewPermission) -> Answer<'_, Facts>;
        find_profile(permission: &StaffPermission) -> Answer<'_, Profile>;
        update_profile(permission: &StaffPermission, profile: Profile, now: u64) -> Answer<'_, ()>;
        record_custody(permission: CustodyPermission, answer: CustodyAnswer, now: u64) -> Answer<'static, ()>;
        record_look(permission: &ReviewPermission, visit_millis: u64, now: u64) -> Answer<'_, Visit>;
        record_copy(permission: CopyPermission, id: &str, kind: CopyKind, now: u64) -> Answer<'static, ()>;
        list_shared_ops(permission: &ReviewPermission) -> Answer<'_, Vec<StoredOp>>;
        list_thread(permission: &ThreadPermission) -> Answer<'_, Thread>;
        mark_read(permission: ThreadPermission, read: Read, visit_millis: u64, now: u64) -> Answer<'static, ()>;
        find_stand_in(permission: &StaffPermission) -> Answer<'_, OwnStandIn>;
        set_stand_in(
            permission: &StaffPermission, stand_in: Option<(StaffId, Day)>, now: u64
        ) -> Answer<'static, (Vec<YoungId>, Option<StaffId>)>;
        list_told_stand_ins(young: &YoungId, contacts: Vec<StaffId>) -> Answer<'_, Vec<StaffId>>;
        list_standing_in(permission: &StaffPermission, now: u64) -> Answer<'_, Vec<StandingIn>>;
        write_words(permission: WritePermission, seen: Seen, now: u64) -> Answer<'static, Written>;
        create_unit(name: &str, now: u64) -> Answer<'_, UnitId>;
        find_unit(name: &str) -> Answer<'_, Option<UnitId>>;
        create_staff(unit: &UnitId, name: &str, login: &str, password: &str, now: u64) -> Answer<'_, StaffId>;
        list_audit() -> Answer<'_, Vec<audit::Row>>;
        close() -> Answer<'_, ()>;
    }
}
