//! A server that was put back from a backup: whoever heard from what was lost is noticed, also when somebody else has written since.

use crate::words::{answer, point};
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
        let (mut a, _) = world.young(&mut sara, "M", &["red", "meeting"]).await;
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

/// A database from before there were epochs: none is written down in it.
fn forget_epochs(phones: &Phones) {
    let database = rusqlite::Connection::open(phones.world.folder.path().join("min-plan.sqlite3")).unwrap();
    database.execute("DELETE FROM epochs", []).unwrap();
}

#[tokio::test]
async fn who_heard_of_what_was_lost_from_an_earlier_build_is_noticed_behind_another_phone() {
    let mut phones = Phones::new().await;
    sync(&mut phones.a, 0, &[text(1)]).await;
    forget_epochs(&phones);
    let known = sync(&mut phones.b, 0, &[]).await;
    assert_eq!(known.cursor, 1);
    let copy = phones.back_up().await;
    sync(&mut phones.a, known.cursor, &[text(2)]).await;
    forget_epochs(&phones);
    let ahead = sync(&mut phones.a, known.cursor, &[]).await;
    assert_eq!(ahead.cursor, 2);
    phones.put_back(copy).await;
    let theirs = sync(&mut phones.b, known.cursor, &(10..20).map(text).collect::<Vec<_>>()).await;
    assert_eq!(theirs.generation, known.generation, "B has lost nothing");
    let on_time = sync(&mut phones.b, known.cursor, &[]).await;
    assert_eq!(
        (on_time.ops.len(), on_time.generation),
        (10, known.generation),
        "nor has who was where the backup ends"
    );
    let comes = sync(&mut phones.a, ahead.cursor, &[]).await;
    assert_ne!(comes.generation, ahead.generation, "A is told to compare");
    assert_eq!(comes.ops.len(), 11, "and is given everything");
}

/// Whoever writes first after a start, the young person's phones go on where they are, page by page.
#[tokio::test]
async fn a_page_is_gone_on_from_after_starts_and_what_a_contact_wrote_first() {
    let mut phones = Phones::new().await;
    let (on, mut all) = point(2000, "Jeg vil hjem i weekenden");
    all.extend((1..1200).map(text));
    for some in all.chunks(MAX_OPS) {
        sync(&mut phones.a, 0, some).await;
    }
    let mut page = sync(&mut phones.b, 0, &[]).await;
    let (mut got, generation) = (page.ops.clone(), page.generation.clone());
    while page.more {
        phones.restart().await;
        let mut sara = phones.world.staff(SARA).await;
        let person = sara.only_young().await;
        let said = answer(got.len() as u64, &on, "no", &format!("{}", got.len()));
        let _: WriteResponse = sara.write(&person, &said).await.ok();
        page = sync(&mut phones.b, page.cursor, &[]).await;
        assert_eq!(page.generation, generation);
        got.extend(page.ops.clone());
    }
    assert_eq!(got[..all.len()], all);
    phones.restart().await;
    let rest = sync(&mut phones.b, page.cursor, &[]).await;
    assert_eq!((rest.ops.len(), rest.generation), (0, generation));
}

/// What the client's algorithm keeps.
#[derive(Clone, Default)]
struct Place {
    generation: String,
    cursor: u64,
    outbox: Vec<String>,
}

/// Asks as a client does, once. Answers whether there is more to do.
async fn turn(phone: &mut Client, place: &mut Place, own: &[String]) -> bool {
    let answer = sync(phone, place.cursor, &place.outbox).await;
    place.outbox.retain(|raw| !answer.stored.iter().any(|id| raw.contains(&format!("\"{id}\""))));
    let is_another = !place.generation.is_empty() && place.generation != answer.generation;
    (place.generation, place.cursor) = (answer.generation, if is_another { 0 } else { answer.cursor });
    if is_another {
        place.outbox = own.to_vec();
    }
    is_another || answer.more
}

/// Also when an earlier backup was put back twice, and the later file after it.
#[tokio::test]
async fn all_phones_come_to_rest_with_everything() {
    let mut phones = Phones::new().await;
    let mut own = [vec![text(1)], vec![text(1)]];
    let mut places = [Place { outbox: vec![text(1)], ..Place::default() }, Place::default()];
    let mut backups = Vec::new();
    let mut next = 2;
    for step in 0..8 {
        for who in 0..2 {
            let phone = if who == 0 { &mut phones.a } else { &mut phones.b };
            for _ in 0..=(step + who) % 3 {
                own[who].push(text(next));
                places[who].outbox.push(text(next));
                next += 1;
            }
            turn(phone, &mut places[who], &own[who]).await;
        }
        let kept = phones.world.folder.path().join(format!("backup-{step}"));
        std::fs::rename(phones.back_up().await, &kept).unwrap();
        backups.push(kept);
        if let Some(back) = [None, None, Some(0), Some(0), None, Some(2), Some(5), Some(1)][step] {
            phones.put_back(backups[back].clone()).await;
        }
    }
    let mut turns = 0;
    while turn(&mut phones.a, &mut places[0], &own[0]).await | turn(&mut phones.b, &mut places[1], &own[1]).await {
        turns += 1;
        assert!(turns < 8, "they begin anew without end");
    }
    let all = sync(&mut phones.a, 0, &[]).await;
    assert_eq!(all.ops.len() as u64, next - 1, "nothing is lost");
}

/// What was acknowledged with a page lies beyond the page's cursor.
#[tokio::test]
async fn what_was_taken_with_a_page_is_compared_when_it_was_lost() {
    let mut phones = Phones::new().await;
    let all: Vec<String> = (1..1200).map(text).collect();
    for some in all.chunks(MAX_OPS) {
        sync(&mut phones.a, 0, some).await;
    }
    let copy = phones.world.folder.path().join("hot");
    // While it runs, as `sqlite3 .backup` does it.
    let database = rusqlite::Connection::open(phones.world.folder.path().join("min-plan.sqlite3")).unwrap();
    database.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
    drop(database);
    let page = sync(&mut phones.b, 0, &[text(5000)]).await;
    assert!(page.more && page.stored.is_empty());
    phones.put_back(copy).await;
    let mut place = Place { generation: page.generation, cursor: page.cursor, outbox: vec![text(5000)] };
    let own = [all, vec![text(5000)]].concat();
    while turn(&mut phones.b, &mut place, &own).await {}
    let mut cursor = 0;
    let mut got = Vec::new();
    loop {
        let page = sync(&mut phones.a, cursor, &[]).await;
        got.extend(page.ops);
        cursor = page.cursor;
        if !page.more {
            break;
        }
    }
    assert!(got.contains(&text(5000)), "what was acknowledged is lost");
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
