//! A server that was put back from a backup: whoever heard from what was lost is noticed, also when somebody else has written since.

use crate::world::*;
use protocol::*;
use serde_json::json;
use server::cursor::Cursor;
use std::path::PathBuf;

const ON: &str = "red/section/r_nu";

fn text(n: u64) -> String {
    op(n, ON, "text", &[], format!("{n}").into())
}

/// Two phones of one young person, and what they have in common.
struct Phones {
    world: World,
    a: Client,
    b: Client,
}

impl Phones {
    async fn new() -> Self {
        let world = World::new().await;
        let mut sara = world.staff(SARA).await;
        let (mut a, _) = world.young(&mut sara, "M", &["red"]).await;
        let code: DeviceInvitationView = a.post("devices/invitations", &json!({})).await.ok();
        let mut b = world.nobody();
        let _: MeView = b.post("devices", &AddDeviceRequest { code: code.code }).await.ok();
        Self { world, a, b }
    }

    async fn restart(&mut self) {
        self.world.restart().await;
        self.a.router = self.world.router.clone();
        self.b.router = self.world.router.clone();
    }

    /// A copy of the database as README says that it is made.
    async fn back_up(&mut self) -> PathBuf {
        let copy = self.world.folder.path().join("backup");
        self.world.store.close().await.unwrap();
        std::fs::copy(self.world.folder.path().join("min-plan.sqlite3"), &copy).unwrap();
        self.restart().await;
        copy
    }

    async fn put_back(&mut self, copy: PathBuf) {
        self.world.store.close().await.unwrap();
        std::fs::copy(copy, self.world.folder.path().join("min-plan.sqlite3")).unwrap();
        self.restart().await;
    }
}

async fn sync(phone: &mut Client, cursor: u64, ops: &[String]) -> SyncResponse {
    phone.sync(cursor, ops).await.ok()
}

/// The phone that comes first after it is none that has heard of what is lost, and brings the sequence past where the other one is.
async fn noticed_behind_another(lost_lives: usize) {
    let mut phones = Phones::new().await;
    let both = sync(&mut phones.a, 0, &[text(1)]).await;
    let known = sync(&mut phones.b, 0, &[]).await;
    let copy = phones.back_up().await;
    let mut ahead = sync(&mut phones.a, both.cursor, &[text(2)]).await;
    for life in 1..lost_lives {
        phones.restart().await;
        ahead = sync(&mut phones.a, ahead.cursor, &[text(2 + life as u64)]).await;
    }
    phones.put_back(copy).await;
    let others: Vec<String> = (10..20).map(text).collect();
    let theirs = sync(&mut phones.b, known.cursor, &others).await;
    assert_eq!(theirs.generation, known.generation, "B has lost nothing");

    let comes = sync(&mut phones.a, ahead.cursor, &[]).await;
    assert_ne!(comes.generation, ahead.generation, "A is told to compare");
    assert_eq!(comes.ops.len(), 11, "and is given everything");
    // As the client's algorithm has it: everything once more, from the start.
    let again: Vec<String> = (1..2 + lost_lives as u64).map(text).collect();
    let sent = sync(&mut phones.a, 0, &again).await;
    assert_eq!(sent.stored.len(), again.len());
    let told = sync(&mut phones.b, theirs.cursor, &[]).await;
    assert_eq!(told.generation, sent.generation, "B hears of it as well");
    let all = sync(&mut phones.b, 0, &[]).await;
    assert_eq!(all.ops.len(), 10 + again.len(), "nothing is lost");
}

#[tokio::test]
async fn who_heard_of_what_was_lost_is_noticed_behind_another_phone() {
    noticed_behind_another(1).await;
}

#[tokio::test]
async fn who_heard_of_a_whole_life_that_was_lost_is_noticed_behind_another_phone() {
    noticed_behind_another(3).await;
}

#[tokio::test]
async fn starts_are_no_loss_however_far_a_phone_is_behind() {
    let mut phones = Phones::new().await;
    let first = sync(&mut phones.a, 0, &[text(1), text(2)]).await;
    let mut behind = vec![first.cursor, Cursor::from(first.cursor).at(1).into(), 2, 1];
    for n in 3..6 {
        phones.restart().await;
        let next = sync(&mut phones.b, behind[0], &[text(n)]).await;
        assert!(!behind.contains(&next.cursor));
        behind.insert(0, next.cursor);
    }
    phones.restart().await;
    for cursor in behind {
        let answer = sync(&mut phones.a, cursor, &[]).await;
        let seq = Cursor::from(cursor).seq;
        assert_eq!((answer.ops.len() as u64, answer.generation), (5 - seq, first.generation.clone()), "from {seq}");
    }
}

#[tokio::test]
async fn a_cursor_that_no_server_gave_begins_anew() {
    let mut phones = Phones::new().await;
    let ops = entry(1, "red", "r_nu", "Ring til mor");
    let first = sync(&mut phones.a, 0, &ops).await;
    let epoch = Cursor::from(first.cursor).epoch;
    let made_up =
        [900, u64::MAX, u64::from(Cursor { epoch: epoch ^ 1, seq: 1 }), Cursor::from(first.cursor).at(4).into()];
    let mut generation = first.generation;
    for cursor in made_up {
        let answer = sync(&mut phones.a, cursor, &[]).await;
        assert_eq!((answer.ops, answer.cursor), (ops.clone(), first.cursor), "{cursor}");
        assert_ne!(answer.generation, generation);
        generation = answer.generation;
        assert_eq!(sync(&mut phones.a, answer.cursor, &[]).await.generation, generation);
    }
}
