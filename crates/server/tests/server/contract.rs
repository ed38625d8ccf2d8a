//! What every store must do, whatever it is built on. A new store gets a `Place` and one line at the end of this file.

use crate::world::{START, keys};
use plan::{Birthdays, Day, Part, Parts, Record};
use protocol::{Code, ErrorCode};
use server::authorise::{self, Denied, StaffPermission, YoungPermission};
use server::ids::{StaffId, Token};
use server::store::{SqliteStore, Store, StoreError, Yes};
use std::sync::Arc;
use tempfile::TempDir;

/// Where a store keeps its things, so that it can be opened again.
pub trait Place {
    fn new() -> Self;
    fn open(&self) -> Arc<dyn Store>;
}

macro_rules! store_contract {
    ($name:ident, $place:ty) => {
        mod $name {
            use super::*;
            store_contract!(@each $place: an_invitation_is_used_by_one, a_stale_permission_is_refused,
                one_recipient_has_one_consent, operations_are_numbered_without_gaps, a_job_that_fails_takes_nobody_along,
                what_is_answered_survives, a_closed_store_is_busy, names_are_taken_once);
        }
    };
    (@each $place:ty: $($test:ident),*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            super::$test(&<$place>::new()).await;
        })*
    };
}

async fn contact(store: &dyn Store, login: &str) -> StaffId {
    let unit = match store.find_unit("Lindely").await.unwrap() {
        Some(unit) => unit,
        None => store.create_unit("Lindely", START).await.unwrap(),
    };
    store.create_staff(&unit, login, login, "hash", START).await.unwrap()
}

async fn session(store: &dyn Store, staff: &StaffId) -> StaffPermission {
    let token = Token::new().unwrap();
    store.create_session(staff, token.hash(), 0, START).await.unwrap();
    authorise::staff(store, Some(&token), START).await.unwrap()
}

async fn invite(store: &dyn Store, staff: &StaffId) -> Code {
    let code = Code::from_random(u64::from_be_bytes(server::ids::random().unwrap()));
    let permission = session(store, staff).await;
    store.create_invitation(&permission, "M", &code, START + 1000, START).await.unwrap();
    code
}

fn birthdays() -> Birthdays {
    let turns_15 = Day::new(2024, 6, 1).unwrap();
    Birthdays { turns_15, turns_18: turns_15.plus_years(3) }
}

fn yes(parts: &[Part], token: Option<&Token>) -> Yes {
    Yes { parts: parts.iter().copied().collect(), birthdays: birthdays(), token: token.map(Token::hash) }
}

async fn accept(store: &dyn Store, code: &Code, token: &Token) -> Result<YoungPermission, StoreError> {
    let invitation = authorise::invitation(store, code, START).await.map_err(|denied| match denied {
        Denied::For(code) => StoreError::Refused(code),
        Denied::Store(error) => error,
    })?;
    let permission = authorise::give(None, Some(invitation), None, &birthdays(), None).unwrap();
    store.give_consent(permission, yes(&[Part::PlanRed], Some(token)), START).await?;
    Ok(young(store, token).await)
}

async fn young(store: &dyn Store, token: &Token) -> YoungPermission {
    authorise::young(store, Some(token)).await.unwrap()
}

fn ops(replica: u64, seqs: std::ops::Range<u64>) -> Vec<Record> {
    let raw = |seq| {
        format!(
            r#"{{"v":1,"id":"{replica:016x}-{seq}","at":"1.0","by":"young","on":"red/section/x","f":"text","p":[],"c":1,"val":"{seq}"}}"#
        )
    };
    seqs.map(|seq| Record::parse(&raw(seq)).unwrap()).collect()
}

/// A young person who shares with a contact.
async fn shared(store: &dyn Store) -> (StaffId, Token) {
    let staff = contact(store, "sara").await;
    let token = Token::new().unwrap();
    accept(store, &invite(store, &staff).await, &token).await.unwrap();
    (staff, token)
}

async fn an_invitation_is_used_by_one(place: &impl Place) {
    let store = place.open();
    let staff = contact(store.as_ref(), "sara").await;
    for _ in 0..20 {
        let code = invite(store.as_ref(), &staff).await;
        let both = [(); 2].map(|()| {
            let (store, code) = (store.clone(), code.clone());
            tokio::spawn(async move { accept(store.as_ref(), &code, &Token::new().unwrap()).await })
        });
        let mut won = 0;
        for one in both {
            match one.await.unwrap() {
                Ok(_) => won += 1,
                Err(StoreError::Refused(ErrorCode::UsedCode)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(won, 1);
    }
}

async fn a_stale_permission_is_refused(place: &impl Place) {
    let store = place.open();
    let (staff, token) = shared(store.as_ref()).await;
    let before = young(store.as_ref(), &token).await;
    let sync = authorise::sync(&before, START).unwrap();
    let erase = authorise::erase(&before, START);
    let session = session(store.as_ref(), &staff).await;
    let review = authorise::contact::review(store.as_ref(), &session, before.young(), START).await.unwrap();
    // Somebody takes the yes back between the permission and its use.
    let consent = before.consents().next().unwrap().id.clone();
    store.withdraw_consent(authorise::own_consent(&before, &consent).unwrap(), START).await.unwrap();

    let answer = store.append_ops(&sync, ops(1, 1..4), false, START).await;
    assert!(matches!(answer, Err(StoreError::Stale)), "{answer:?}");
    assert!(matches!(store.erase(erase, START).await, Err(StoreError::Stale)));
    assert!(matches!(store.record_look(&review, 1000, START).await, Err(StoreError::Stale)));
    assert!(matches!(store.list_ops(&sync, 0, u64::MAX, 10).await, Err(StoreError::Stale)));
    assert!(matches!(store.list_shared_ops(&review).await, Err(StoreError::Stale)));
    let after = young(store.as_ref(), &token).await;
    assert!(matches!(authorise::sync(&after, START), Err(Denied::For(ErrorCode::NoConsent))));
    assert_eq!(store.erase(authorise::erase(&after, START), START).await.unwrap(), 0);
    assert_eq!(store.list_looks(&after, 10).await.unwrap(), []);
}

async fn one_recipient_has_one_consent(place: &impl Place) {
    let store = place.open();
    let (staff, token) = shared(store.as_ref()).await;
    for _ in 0..3 {
        let before = young(store.as_ref(), &token).await;
        let code = invite(store.as_ref(), &staff).await;
        let invitation = authorise::invitation(store.as_ref(), &code, START).await.unwrap();
        let permission = authorise::give(Some(&before), Some(invitation), None, &birthdays(), None).unwrap();
        store.give_consent(permission, yes(&[Part::AboutMe], None), START).await.unwrap();
    }
    let after = young(store.as_ref(), &token).await;
    let open: Vec<Parts> = after.consents().filter(|c| c.withdrawn_at.is_none()).map(|c| c.parts).collect();
    assert_eq!((after.consents().count(), open), (4, vec![Parts::NONE.with(Part::AboutMe)]));
    let session = session(store.as_ref(), &staff).await;
    assert_eq!(store.list_young_people(&session).await.unwrap().len(), 1);
}

async fn operations_are_numbered_without_gaps(place: &impl Place) {
    const WRITERS: u64 = 16;
    const EACH: u64 = 25;
    let store = place.open();
    let (_, token) = shared(store.as_ref()).await;
    let token = Arc::new(token);
    let writers: Vec<_> = (1..=WRITERS)
        .map(|replica| {
            let (store, token) = (store.clone(), token.clone());
            tokio::spawn(async move {
                for seq in 0..EACH {
                    let known = young(store.as_ref(), &token).await;
                    let permission = authorise::sync(&known, START).unwrap();
                    // Twice, as after a lost answer.
                    let first =
                        store.append_ops(&permission, ops(replica, seq + 1..seq + 2), false, START).await.unwrap();
                    let again =
                        store.append_ops(&permission, ops(replica, seq + 1..seq + 2), false, START).await.unwrap();
                    assert_eq!(first.end.seq, first.before + 1);
                    assert_eq!(again.end.seq, again.before);
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let known = young(store.as_ref(), &token).await;
    let permission = authorise::sync(&known, START).unwrap();
    let all = store.list_ops(&permission, 0, u64::MAX, usize::MAX).await.unwrap();
    assert!(all.iter().map(|op| op.seq).eq(1..=WRITERS * EACH));
    let some = store.list_ops(&permission, 10, 20, 5).await.unwrap();
    assert!(some.iter().map(|op| op.seq).eq(11..=15));
    assert_eq!(some, all[10..15]);
}

async fn a_job_that_fails_takes_nobody_along(place: &impl Place) {
    let store = place.open();
    let unit = store.create_unit("Lindely", START).await.unwrap();
    store.create_staff(&unit, "Sara", "sara", "hash", START).await.unwrap();
    let jobs: Vec<_> = (0..40)
        .map(|n| {
            let (store, unit) = (store.clone(), unit.clone());
            let login = if n % 2 == 0 { "sara".to_owned() } else { format!("staff{n}") };
            tokio::spawn(
                async move { store.create_staff(&unit, &format!("X{n}"), &login, "hash", START).await.is_ok() },
            )
        })
        .collect();
    for (n, job) in jobs.into_iter().enumerate() {
        assert_eq!(job.await.unwrap(), n % 2 == 1);
        assert_eq!(store.find_login(&format!("staff{n}")).await.unwrap().is_some(), n % 2 == 1);
    }
    let rows = store.list_audit().await.unwrap();
    assert_eq!(rows.len(), 22, "what failed is not in the log");
    server::audit::verify(&rows, &keys(), None).unwrap();
}

async fn what_is_answered_survives(place: &impl Place) {
    let store = place.open();
    let (staff, token) = shared(store.as_ref()).await;
    let known = young(store.as_ref(), &token).await;
    let permission = authorise::sync(&known, START).unwrap();
    let at = store.append_ops(&permission, ops(1, 1..101), false, START).await.unwrap();
    let before = store.list_ops(&permission, 0, at.end.seq, 1000).await.unwrap();
    store.close().await.unwrap();
    drop(store);

    let store = place.open();
    let known = young(store.as_ref(), &token).await;
    let permission = authorise::sync(&known, START).unwrap();
    assert_eq!(store.list_ops(&permission, 0, at.end.seq, 1000).await.unwrap(), before);
    let session = session(store.as_ref(), &staff).await;
    let list = store.list_young_people(&session).await.unwrap();
    assert_eq!((list[0].label.as_str(), list[0].last_arrival, list[0].last_look), ("M", Some(START), None));
    server::audit::verify(&store.list_audit().await.unwrap(), &keys(), None).unwrap();
}

async fn a_closed_store_is_busy(place: &impl Place) {
    let store = place.open();
    store.close().await.unwrap();
    assert!(matches!(store.create_unit("x", START).await, Err(StoreError::Busy)));
    assert!(matches!(store.find_login("x").await, Err(StoreError::Busy)));
    store.close().await.unwrap();
}

async fn names_are_taken_once(place: &impl Place) {
    let store = place.open();
    let unit = store.create_unit("Lindely", START).await.unwrap();
    assert!(store.create_unit("Lindely", START).await.is_err());
    assert_eq!(store.find_unit("Lindely").await.unwrap(), Some(unit.clone()));
    assert_eq!(store.find_unit("lindely").await.unwrap(), None);
    store.create_staff(&unit, "Sara", "sara", "hash", START).await.unwrap();
    assert!(store.create_staff(&unit, "Sara", "sara", "hash", START).await.is_err());
}

struct Sqlite(TempDir);

impl Place for Sqlite {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn open(&self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(self.0.path(), keys()).unwrap())
    }
}

store_contract!(sqlite, Sqlite);
