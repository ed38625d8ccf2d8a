//! The store on IndexedDB, in a browser: the contract that every store keeps, and what only this one has to: that a write
//! is on disk when it answers, that nothing lies there in the clear, and that a connection which dies is replaced.
//!
//! `cargo xtask test` plays it in Chromium and Firefox. Natively there is nothing here.

#![cfg(target_arch = "wasm32")]
#![expect(clippy::expect_used, reason = "clippy knows `#[test]` only, and these are tests, too")]

use min_plan::storage::journal::Journal;
use min_plan::storage::{Batch, IndexedDb, Loaded, Store, StoreError, contract};
use plan::limits::MAX_TEXT;
use session::{Draft, NewEntry};
use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Storage as LocalStorage;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/storage.js")]
extern "C" {
    #[wasm_bindgen(js_name = takeWrites)]
    fn take_writes() -> Vec<String>;
    #[wasm_bindgen(js_name = killConnections)]
    fn kill_connections() -> u32;
    #[wasm_bindgen(catch)]
    async fn remove(name: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(catch)]
    async fn everything(name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn damage(name: &str, store: &str, key: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_name = makeNewer)]
    async fn make_newer(name: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(catch)]
    async fn version(name: &str) -> Result<JsValue, JsValue>;
    fn block();
    fn unblock();
}

const WORDS: &str = "Musik i begge ører";

thread_local! {
    static DATABASES: Cell<u32> = const { Cell::new(0) };
}

/// A name that no test before this one has used.
fn fresh() -> String {
    DATABASES.set(DATABASES.get() + 1);
    format!("test-{}", DATABASES.get())
}

async fn open(name: &str) -> IndexedDb {
    IndexedDb::open(name).await.expect("the browser gives a database")
}

async fn load(store: &IndexedDb) -> Loaded {
    store.load().await.expect("the store can be read")
}

fn op(n: u32, text: &str) -> Batch {
    let id = format!("00000000000000aa-{n}");
    Batch { ops: vec![(id.clone(), text.to_owned())], outbox_add: vec![id], ..Batch::default() }
}

/// Waits for two at once.
async fn both<T>(first: impl Future<Output = T>, second: impl Future<Output = T>) -> (T, T) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut one, mut other) = (None, None);
    poll_fn(|context| {
        if one.is_none()
            && let Poll::Ready(value) = first.as_mut().poll(context)
        {
            one = Some(value);
        }
        if other.is_none()
            && let Poll::Ready(value) = second.as_mut().poll(context)
        {
            other = Some(value);
        }
        if one.is_none() || other.is_none() {
            return Poll::Pending;
        }
        one.take().zip(other.take()).map_or(Poll::Pending, Poll::Ready)
    })
    .await
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[wasm_bindgen_test]
async fn the_contract_holds() {
    let name = fresh();
    contract::check(async || open(&name).await).await;
}

#[wasm_bindgen_test]
async fn a_write_that_answers_is_on_disk() {
    let store = open(&fresh()).await;
    drop(take_writes());
    for n in 1..=3 {
        store.write(&op(n, WORDS)).await.expect("it is written");
        assert_eq!(take_writes(), ["strict completed"]);
    }
}

#[wasm_bindgen_test]
async fn two_tabs_that_start_together_read_each_other() {
    let name = fresh();
    let (first, second) = both(open(&name), open(&name)).await;
    first.write(&op(1, "fra den ene")).await.expect("the first tab writes");
    second.write(&op(2, "fra den anden")).await.expect("the second tab writes");
    for store in [first, second, open(&name).await] {
        let loaded = load(&store).await;
        assert_eq!(loaded.ops, ["fra den ene", "fra den anden"]);
        assert_eq!(loaded.unreadable, 0);
    }
}

#[wasm_bindgen_test]
async fn nothing_lies_in_the_clear() {
    let name = fresh();
    let store = open(&name).await;
    let mut batch = op(1, WORDS);
    batch.meta.push(("consents".into(), Some(WORDS.to_owned())));
    store.write(&batch).await.expect("it is written");
    assert_eq!(load(&store).await.ops, [WORDS]);

    let stored = js_sys::Uint8Array::from(everything(&name).await.expect("the database can be looked into")).to_vec();
    assert!(contains(&stored, b"00000000000000aa-1"), "what is looked into is what was written");
    let two_bytes: Vec<u8> = "Musik".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(!contains(&stored, "ører".as_bytes()) && !contains(&stored, b"Musik") && !contains(&stored, &two_bytes));

    let storage = empty_local_storage();
    let draft = draft(WORDS);
    Journal::new("tab-without-a-key").write(&draft);
    assert_eq!(storage.length(), Ok(0));
    journal("tab-1", &store).write(&draft);
    let slot = find_slot(&storage, "tab-1");
    let kept = storage.get_item(&slot).ok().flatten().expect("and something in it");
    let hex: String = "Musik".bytes().map(|byte| format!("{byte:02x}")).collect();
    assert!(!kept.contains("Musik") && !kept.contains(&hex));
    // Another tab finds it when the first lives no more; where nobody can tell, by its age, whichever way the clock was set.
    let second = journal("tab-2", &open(&name).await);
    let found = |now: u64, living: Option<&[&str]>| {
        let living: Option<Vec<String>> = living.map(|tabs| tabs.iter().map(|tab| (*tab).to_owned()).collect());
        second.list_left_behind(now, 5_000, living.as_deref())
    };
    let left_behind = (vec![(slot, draft)], false);
    let nothing_yet = (Vec::new(), true);
    assert_eq!(found(10_000, Some(&["tab-2"])), left_behind);
    assert_eq!(found(100_000_000, Some(&["tab-2", "tab-1"])), nothing_yet);
    assert_eq!(found(10_000, None), left_behind);
    assert_eq!(found(0, None), nothing_yet);
    assert_eq!(journal("tab-1", &store).list_left_behind(100_000, 5_000, None), (Vec::new(), false), "its own");
    storage.clear().expect("local storage can be emptied");
}

fn draft(text: &str) -> Draft {
    Draft {
        on: "red/entry/00000000000000aa-0".into(),
        field: "text".into(),
        text: text.into(),
        at: 1_000,
        seen: Some(vec!["00000000000000aa-1".into()]),
        new: Some(NewEntry { section: "r_nu".into(), kind: None }),
        ops: vec![text.into()],
    }
}

fn journal(tab: &str, store: &IndexedDb) -> Journal {
    let mut journal = Journal::new(tab);
    journal.unlock(store.sealer());
    journal
}

fn empty_local_storage() -> LocalStorage {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten()).expect("local storage");
    storage.clear().expect("local storage can be emptied");
    storage
}

fn find_slot(storage: &LocalStorage, tab: &str) -> String {
    let names = (0..storage.length().expect("it can be counted")).filter_map(|at| storage.key(at).ok().flatten());
    names.into_iter().find(|name| name.contains(tab)).expect("the draft has a slot")
}

/// Takes all the room that there is, to the last character.
fn fill(storage: &LocalStorage) {
    let mut filler = 0;
    for size in [100_000, 1_000, 50, 1] {
        while storage.set_item(&format!("{filler:06}"), &"x".repeat(size)).is_ok() {
            filler += 1;
        }
    }
}

#[wasm_bindgen_test]
async fn a_phone_that_is_full_has_room_for_what_is_being_typed() {
    let storage = empty_local_storage();
    let store = open(&fresh()).await;
    let first = journal("tab-1", &store);
    fill(&storage);
    // Every letter is written, and the longest text still has room at its end.
    let longest = "å".repeat(MAX_TEXT);
    for text in ["Jeg", "Jeg vil", &longest] {
        first.write(&draft(text));
        fill(&storage);
        let (found, _) = journal("tab-2", &store).list_left_behind(10_000, 5_000, Some(&[]));
        assert_eq!(found.into_iter().map(|(_, draft)| draft.text).collect::<Vec<_>>(), [text]);
    }
    storage.clear().expect("local storage can be emptied");
}

/// As often as the app is closed and opened before there is room: each new tab writes the draft into a slot of its own, and the
/// database takes what it can get before the first has gone and after.
async fn take_up_again_and_again(text: &str) {
    let storage = empty_local_storage();
    let store = open(&fresh()).await;
    let first = journal("tab-0", &store);
    fill(&storage);
    first.write(&draft(text));
    for tab in 1..20 {
        let journal = journal(&format!("tab-{tab}"), &store);
        fill(&storage);
        let (found, _) = journal.list_left_behind(10_000, 5_000, Some(&[]));
        let (name, draft) = found.into_iter().next().expect("the words are there");
        assert_eq!(draft.text, text);
        journal.write(&draft);
        journal.forget(&name);
        fill(&storage);
    }
    storage.clear().expect("local storage can be emptied");
}

#[wasm_bindgen_test]
async fn what_is_kept_free_is_kept_free_again() {
    take_up_again_and_again(&"Ring til Mormor".repeat(100)).await;
}

#[wasm_bindgen_test]
async fn a_draft_that_there_is_no_room_for_twice_takes_the_place_of_itself() {
    take_up_again_and_again(&"🌧".repeat(3_000)).await;
}

#[wasm_bindgen_test]
async fn what_a_draft_gives_back_is_kept_free() {
    let storage = empty_local_storage();
    let store = open(&fresh()).await;
    let journal = journal("tab-1", &store);
    fill(&storage);
    let on_the_disk = || {
        let other = self::journal("tab-2", &store);
        let mut found = other.list_left_behind(10_000, 5_000, Some(&[])).0;
        found.pop().map(|(_, draft)| draft.text.chars().count())
    };
    // It becomes shorter, and longer again.
    for length in [3_000, 3, 3_000] {
        journal.write(&draft(&"🌧".repeat(length)));
        fill(&storage);
        assert_eq!(on_the_disk(), Some(length));
    }
    // What is too long for all of it leaves what was there, and the room for something else.
    journal.write(&draft(&"🌧".repeat(5 * MAX_TEXT)));
    fill(&storage);
    assert_eq!(on_the_disk(), Some(3_000));
    journal.remove(&draft("").on, "text");
    fill(&storage);
    journal.write(&draft("Jeg"));
    assert_eq!(on_the_disk(), Some(3));
    storage.clear().expect("local storage can be emptied");
}

/// There is less room than is to be kept free.
#[wasm_bindgen_test]
async fn what_is_to_be_had_is_kept_free() {
    let storage = empty_local_storage();
    let store = open(&fresh()).await;
    fill(&storage);
    storage.remove_item(&storage.key(0).ok().flatten().expect("it is full")).expect("it can be removed");
    let large = "x".repeat(80_000);
    let _ = storage.set_item("large", &large);
    let journal = journal("tab-1", &store);
    fill(&storage);
    journal.write(&draft("Jeg vil hjem"));
    find_slot(&storage, "tab-1");
    storage.clear().expect("local storage can be emptied");
}

#[wasm_bindgen_test]
async fn a_connection_that_dies_is_replaced() {
    let name = fresh();
    let store = open(&name).await;
    let other = open(&name).await;
    store.write(&op(1, "før")).await.expect("it is written");
    other.write(&op(2, "også før")).await.expect("it is written");

    assert!(kill_connections() >= 2);
    store.write(&op(3, "efter")).await.expect("a write heals");
    assert_eq!(load(&other).await.ops, ["før", "også før", "efter"], "a read heals, too");

    kill_connections();
    store.probe().await;
    store.write(&op(4, "igen")).await.expect("coming back to the foreground heals");
    assert_eq!(load(&store).await.ops.len(), 4);
    assert_eq!(load(&store).await.unreadable, 0);
}

#[wasm_bindgen_test]
async fn a_database_that_was_taken_away_is_made_again() {
    let name = fresh();
    let (store, other) = (open(&name).await, open(&name).await);
    store.write(&op(1, "før")).await.expect("it is written");
    remove(&name).await.expect("nobody holds on to the database");
    store.write(&op(2, "efter")).await.expect("a new one is made");
    assert_eq!(load(&other).await.ops, ["efter"]);
}

#[wasm_bindgen_test]
async fn what_cannot_be_unsealed_is_counted_and_left() {
    let name = fresh();
    let store = open(&name).await;
    store.write(&op(1, "et")).await.expect("it is written");
    store.write(&op(2, "to")).await.expect("it is written");
    damage(&name, "ops", "00000000000000aa-1").await.expect("a bit is turned");
    for _ in 0..2 {
        let loaded = load(&open(&name).await).await;
        assert_eq!((loaded.ops.as_slice(), loaded.unreadable), (["to".to_owned()].as_slice(), 1));
    }
}

#[wasm_bindgen_test]
async fn a_database_from_a_newer_build_is_left_alone() {
    let name = fresh();
    make_newer(&name).await.expect("next year's database is made");
    assert_eq!(IndexedDb::open(&name).await.err(), Some(StoreError::Newer));
    assert_eq!(version(&name).await.ok().and_then(|version| version.as_f64()), Some(2.0));
    let stored = js_sys::Uint8Array::from(everything(&name).await.expect("the database can be looked into")).to_vec();
    assert!(contains(&stored, b"from next year"));
}

#[wasm_bindgen_test]
async fn blocked_storage_is_an_answer() {
    block();
    let opened = IndexedDb::open(&fresh()).await.err();
    unblock();
    assert_eq!(opened, Some(StoreError::Blocked));
    drop(open(&fresh()).await);
}
