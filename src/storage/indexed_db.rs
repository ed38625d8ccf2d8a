//! The store: IndexedDB, every value sealed, every write one strict transaction.
//!
//! The connection dies in real life: WebKit loses it in the background, Chromium's files go bad, `open` may never answer.
//! So every piece of work that fails for that reason drops the handle and tries again, three times at most.

use super::local::is_available;
use super::request::{begin, complete, on, result, why};
use super::seal::{KEY, Sealer};
use super::{Batch, Loaded, Store, StoreError};
use crate::platform::clock;
use js_sys::{Array, Function, Reflect, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbFactory, IdbObjectStore, IdbOpenDbRequest};

/// The version of the database's layout. A newer one is left alone.
const LAYOUT: u32 = 1;
const OPS: &str = "ops";
const OUTBOX: &str = "outbox";
const META: &str = "meta";
const KEYS: &str = "keys";
/// How long the browser gets to answer, in milliseconds.
const TIMEOUT_MILLIS: u64 = 5_000;
const TRIES: usize = 3;

/// The phone's database. Clones share the connection.
#[derive(Clone)]
pub struct IndexedDb {
    name: Rc<str>,
    connection: Rc<RefCell<Option<Connection>>>,
}

#[derive(Clone)]
struct Connection {
    db: IdbDatabase,
    sealer: Sealer,
}

impl IndexedDb {
    /// Opens the database, and makes it when it is not there.
    ///
    /// # Errors
    /// When the browser gives none.
    pub async fn open(name: &str) -> Result<Self, StoreError> {
        let this = Self { name: name.into(), connection: Rc::default() };
        this.connected().await?;
        Ok(this)
    }

    /// Seals and opens what is kept outside the database with the same key.
    pub fn sealer(&self) -> Option<Sealer> {
        self.connection.borrow().as_ref().map(|connection| connection.sealer.clone())
    }

    /// Finds out whether the connection still lives, and gets a new one when it does not. For when the app comes back
    /// to the foreground.
    pub async fn probe(&self) {
        let alive = self.with(async |connection: Connection| {
            let transaction = begin(&connection.db, &[KEYS], "readonly")?;
            let store = object_store(&transaction, KEYS)?;
            result(store.count().map_err(dead)?).await.map(|_| ())
        });
        // A connection that cannot be had shows at the next write, with its own message.
        let _ = alive.await;
    }

    async fn connected(&self) -> Result<Connection, StoreError> {
        if let Some(connection) = self.connection.borrow().clone() {
            return Ok(connection);
        }
        let connection = clock::within(TIMEOUT_MILLIS, connect(&self.name)).await.unwrap_or(Err(StoreError::Dead))?;
        for event in ["close", "versionchange"] {
            let (held, db) = (Rc::downgrade(&self.connection), connection.db.clone());
            on(&connection.db, event, move || {
                db.close();
                if let Some(held) = held.upgrade() {
                    held.borrow_mut().take();
                }
            });
        }
        *self.connection.borrow_mut() = Some(connection.clone());
        Ok(connection)
    }

    async fn with<T>(&self, work: impl AsyncFn(Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut last = StoreError::Dead;
        for _ in 0..TRIES {
            let done = match self.connected().await {
                Ok(connection) => {
                    clock::within(TIMEOUT_MILLIS, work(connection)).await.unwrap_or(Err(StoreError::Dead))
                }
                Err(error) => Err(error),
            };
            match done {
                Err(StoreError::Dead) => last = StoreError::Dead,
                done => return done,
            }
            if let Some(connection) = self.connection.borrow_mut().take() {
                connection.db.close();
            }
        }
        Err(last)
    }
}

impl Store for IndexedDb {
    async fn load_news(&self, knows: &dyn Fn(&str) -> bool) -> Result<Loaded, StoreError> {
        self.with(async |connection| load(&connection, knows).await).await
    }

    async fn write(&self, batch: &Batch) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        self.with(async |connection| write(&connection, batch).await).await
    }
}

fn dead(error: JsValue) -> StoreError {
    why(error.dyn_into().ok())
}

fn object_store(transaction: &web_sys::IdbTransaction, name: &str) -> Result<IdbObjectStore, StoreError> {
    transaction.object_store(name).map_err(dead)
}

async fn connect(name: &str) -> Result<Connection, StoreError> {
    // `indexedDB` itself throws where storage is blocked, and is null in some private windows.
    let factory: IdbFactory = web_sys::window()
        .and_then(|window| Reflect::get(&window, &"indexedDB".into()).ok())
        .and_then(|factory| factory.dyn_into().ok())
        .ok_or(StoreError::Blocked)?;
    let opening: IdbOpenDbRequest = factory.open_with_u32(name, LAYOUT).map_err(|_| StoreError::Blocked)?;
    let request = opening.clone();
    on(&opening, "upgradeneeded", move || {
        let Some(db) = request.result().ok().and_then(|db| db.dyn_into::<IdbDatabase>().ok()) else { return };
        for store in [OPS, OUTBOX, META, KEYS] {
            // One that cannot be made fails the first transaction on it, which is where it is handled.
            let _ = db.create_object_store(store);
        }
    });
    let db: IdbDatabase = match result(opening.clone().into()).await {
        Ok(db) => db.dyn_into().map_err(|_| StoreError::Dead)?,
        Err(StoreError::Dead) if refuses(&opening) || !is_available() => return Err(StoreError::Blocked),
        Err(error) => return Err(error),
    };
    let sealer = Sealer::new(&device_key(&db).await?);
    Ok(Connection { db, sealer })
}

/// Firefox answers `open` with an `InvalidStateError` where storage is switched off. Chromium says nothing in particular,
/// but has no local storage either then.
fn refuses(opening: &IdbOpenDbRequest) -> bool {
    opening.error().ok().flatten().is_some_and(|error| error.name() == "InvalidStateError")
}

/// The key that everything on this phone is sealed with: drawn at random once, in one transaction, so that two tabs that
/// start together get the same one.
async fn device_key(db: &IdbDatabase) -> Result<[u8; KEY], StoreError> {
    // To read it is enough, but for the first time: whoever writes waits for everybody who does.
    let transaction = begin(db, &[KEYS], "readonly")?;
    if let Some(key) = find_key(&object_store(&transaction, KEYS)?).await? {
        return Ok(key);
    }
    let transaction = begin(db, &[KEYS], "readwrite")?;
    let store = object_store(&transaction, KEYS)?;
    if let Some(key) = find_key(&store).await? {
        return Ok(key);
    }
    let mut key = [0; KEY];
    getrandom::fill(&mut key).map_err(|_| StoreError::Blocked)?;
    store.put_with_key(&Uint8Array::from(key.as_slice()), &"device".into()).map_err(dead)?;
    commit(transaction).await?;
    Ok(key)
}

async fn find_key(store: &IdbObjectStore) -> Result<Option<[u8; KEY]>, StoreError> {
    let found = result(store.get(&"device".into()).map_err(dead)?).await?;
    let bytes = found.dyn_ref::<Uint8Array>().filter(|bytes| bytes.length() as usize == KEY);
    Ok(bytes.map(|bytes| {
        let mut key = [0; KEY];
        bytes.copy_to(&mut key);
        key
    }))
}

async fn load(connection: &Connection, knows: &dyn Fn(&str) -> bool) -> Result<Loaded, StoreError> {
    let transaction = begin(&connection.db, &[OPS, OUTBOX, META], "readonly")?;
    // All requests go out before the first is waited for, so that they read one moment.
    let mut asked = Vec::new();
    for name in [OPS, META, OUTBOX] {
        let store = object_store(&transaction, name)?;
        asked.push(result(store.get_all_keys().map_err(dead)?));
        if name != OUTBOX {
            asked.push(result(store.get_all().map_err(dead)?));
        }
    }
    let mut answers = Vec::new();
    for answer in asked {
        answers.push(Array::from(&answer.await?));
    }
    let mut loaded = Loaded::default();
    let mut answers = answers.iter();
    for store in [OPS, META] {
        let (Some(keys), Some(values)) = (answers.next(), answers.next()) else { break };
        for (key, value) in keys.iter().zip(values.iter()) {
            let name = key.as_string().unwrap_or_default();
            if store == OPS && knows(&name) {
                continue;
            }
            let sealed = value.dyn_ref().map(Uint8Array::to_vec).unwrap_or_default();
            match connection.sealer.open(&name, sealed) {
                Some(text) if store == OPS => loaded.ops.push(text),
                Some(text) => loaded.meta.push((name, text)),
                None => loaded.unreadable += 1,
            }
        }
    }
    loaded.outbox = answers.flat_map(|keys| keys.iter()).filter_map(|key| key.as_string()).collect();
    Ok(loaded)
}

async fn write(connection: &Connection, batch: &Batch) -> Result<(), StoreError> {
    let transaction = begin(&connection.db, &[OPS, OUTBOX, META], "readwrite")?;
    if let Err(error) = put_all(connection, &transaction, batch) {
        // All of it or none: what was put before the failure must not stay. One that is over already is aborted.
        let _ = transaction.abort();
        return Err(error);
    }
    commit(transaction).await
}

/// There is nothing more to ask of it. One that is left to end by itself waits for the page to hear each answer: a page that is left
/// meanwhile never does, and in WebKit it then keeps the next one from the disk.
async fn commit(transaction: web_sys::IdbTransaction) -> Result<(), StoreError> {
    // A browser without this ends it by itself.
    if let Ok(commit) = Reflect::get(&transaction, &"commit".into()).and_then(JsCast::dyn_into::<Function>) {
        let _ = commit.call0(&transaction);
    }
    complete(transaction).await
}

fn put_all(connection: &Connection, transaction: &web_sys::IdbTransaction, batch: &Batch) -> Result<(), StoreError> {
    let (ops, outbox) = (object_store(transaction, OPS)?, object_store(transaction, OUTBOX)?);
    let meta = object_store(transaction, META)?;
    let put = |store: &IdbObjectStore, name: &str, text: &str| -> Result<(), StoreError> {
        let sealed = connection.sealer.seal(name, text).ok_or(StoreError::Blocked)?;
        store.put_with_key(&Uint8Array::from(sealed.as_slice()), &name.into()).map_err(dead)?;
        Ok(())
    };
    for (id, text) in &batch.ops {
        put(&ops, id, text)?;
    }
    for id in &batch.outbox_add {
        outbox.put_with_key(&JsValue::TRUE, &id.as_str().into()).map_err(dead)?;
    }
    for id in &batch.outbox_remove {
        outbox.delete(&id.as_str().into()).map_err(dead)?;
    }
    for (name, value) in &batch.meta {
        match value {
            Some(value) => put(&meta, name, value)?,
            None => drop(meta.delete(&name.as_str().into()).map_err(dead)?),
        }
    }
    Ok(())
}
