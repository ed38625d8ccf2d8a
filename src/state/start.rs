//! The start: listen to the other tabs, read what is on the phone, and tell the machine what the browser tells the app.

use super::Session;
use crate::platform::tabs::{self, Tabs};
use crate::platform::{clock, events, worker};
use crate::storage::{IndexedDb, Loaded, Store, StoreError};
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::{Event, Saving};
use std::time::Duration;

/// The database's name in the browser.
const DATABASE: &str = "min-plan";
/// A tick of the machine's clock.
const TICK: Duration = Duration::from_secs(5);
/// The start does not wait longer than this for what reads the disk: the hard-times page has to be there.
const READING_LIMIT_MILLIS: u64 = 3_000;
/// What speaks with the server comes this long after the start, so that it is not in the way of the first page.
const QUIET: Duration = Duration::from_millis(50);

impl Session {
    /// Reads everything; the pages are shown when this has ended. Storage that cannot be had is not an error here: the
    /// app starts empty and says so.
    pub async fn start(&self) {
        let this = *self;
        // Before the disk is read: what another tab says after that is on neither of the two ways otherwise.
        let tabs = Tabs::open(move |texts| this.handle(Event::Heard(texts)));
        self.outside().tabs = tabs;
        // Before there is anything that another tab could take for left behind.
        tabs::live(self.outside().journal.tab());
        // A phone that has something on its disk reads it in a moment; what reads it is fetched while the disk is opened.
        if !events::shows_welcome() {
            spawn_local(async move {
                let _ = this.bring_reading().await;
            });
        }
        self.open().await;
        events::on_return(move || {
            // First of all: another tab may have said no while this one slept.
            this.handle(Event::Returned);
            this.want_remote();
            spawn_local(async move {
                this.open().await;
                let db = this.outside().db.clone();
                if let Some(db) = db {
                    db.probe().await;
                }
                worker::look_for_update();
            });
        });
        events::every(TICK, move || {
            spawn_local(async move {
                this.open().await;
                this.want_remote();
                this.handle(Event::Tick);
            });
        });
        set_timeout(move || this.want_remote(), QUIET);
        worker::register(move || this.update.set(true));
    }

    /// Opens the store when there is none, and gives the machine what is in it.
    async fn open(&self) {
        let is_open = self.outside().db.is_some();
        if is_open || std::mem::replace(&mut self.outside().opening, true) {
            return;
        }
        let opened = match IndexedDb::open(DATABASE).await {
            Ok(db) => self.read(&db).await.map(|loaded| (db, loaded)),
            Err(error) => Err(error),
        };
        self.outside().opening = false;
        self.handle(match opened {
            Ok((db, loaded)) => {
                let mut outside = self.outside();
                outside.journal.unlock(db.sealer());
                outside.db = Some(db);
                Event::Loaded(loaded)
            }
            Err(error) => Event::NotLoaded(error),
        });
    }

    /// What is on the disk, and what reads it.
    async fn read(&self, db: &IndexedDb) -> Result<Loaded, StoreError> {
        let loaded = db.load().await?;
        if !loaded.ops.is_empty() {
            // Goes on when the start waits no longer.
            let this = *self;
            spawn_local(async move {
                let _ = this.bring_reading().await;
            });
            // Without it this is a disk that cannot be had now; it is opened again with the next tick.
            let brought = clock::within(READING_LIMIT_MILLIS, self.bring_reading()).await;
            brought.ok_or(StoreError::Dead)?.map_err(|_| StoreError::Dead)?;
        }
        Ok(loaded)
    }

    /// So that the first paint is the right one when the app is opened again.
    pub fn remember_begun(&self) {
        if self.welcomed.get() {
            worker::skip_welcome();
        }
    }

    /// Uses the newer build that waits, as soon as everything is saved.
    pub fn take_update(&self) {
        let this = *self;
        this.act(|machine, _| machine.retry_saving());
        spawn_local(async move {
            this.until_stored().await;
            if matches!(this.saving.get_untracked(), Saving::Idle | Saving::Saved) {
                worker::take_update().await;
            }
        });
    }

    /// Until nothing is on its way to the disk any more, whatever came of it.
    pub(super) async fn until_stored(&self) {
        while self.saving.get_untracked() == Saving::Working {
            clock::sleep(20).await;
        }
    }
}
