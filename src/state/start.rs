//! The start: read what is on the phone, take up what was being typed, listen to the other tabs and to the browser.

use super::sharing::SHARING;
use super::{Inner, Session};
use crate::platform::tabs::Tabs;
use crate::platform::{clock, events, worker};
use crate::storage::journal::Journal;
use crate::storage::{Batch, IndexedDb, Loaded, Store, StoreError};
use leptos::prelude::*;
use leptos::task::spawn_local;
use plan::{OpId, Record};
use std::time::Duration;

/// The database's name in the browser.
const DATABASE: &str = "min-plan";
/// Replaced and deleted words are kept this long, so that they can be taken back.
const KEEP_MILLIS: u64 = 30 * plan::date::DAY_MILLIS;

impl Session {
    /// Reads everything; the pages are shown when this has ended. Storage that cannot be had is not an error here: the
    /// app starts empty and says so.
    pub async fn start(&self) {
        self.open().await;
        self.listen();
    }

    /// Opens the store and takes up what is in it, in addition to what has been written meanwhile.
    async fn open(&self) {
        let opened = match IndexedDb::open(DATABASE).await {
            Ok(db) => db.load().await.map(|loaded| (db, loaded)),
            Err(error) => Err(error),
        };
        match opened {
            Ok((db, loaded)) => {
                self.trouble.set(None);
                self.take_up(db, loaded);
            }
            Err(error) => self.trouble.set(Some(error)),
        }
    }

    /// Tries again to have a store, when there was none at the start.
    async fn open_again(&self) {
        let missing =
            self.inner.try_update_value(|inner| inner.db.is_none() && !std::mem::replace(&mut inner.opening, true));
        if missing == Some(true) {
            self.open().await;
            self.inner.update_value(|inner| inner.opening = false);
        }
    }

    fn take_up(&self, db: IndexedDb, loaded: Loaded) {
        let mut set = self.set.get_untracked();
        let mut unreadable = loaded.unreadable;
        for raw in &loaded.ops {
            match Record::parse(raw) {
                Ok(record) => drop(set.insert(record)),
                Err(_) => unreadable += 1,
            }
        }
        let pruned = set.prune(clock::now(), KEEP_MILLIS);
        let batch = Batch {
            ops: pruned
                .iter()
                .filter_map(|id| set.get(*id))
                .map(|r| (r.op.id.to_string(), r.raw().to_owned()))
                .collect(),
            ..Batch::default()
        };
        self.inner.update_value(|inner| {
            inner.journal = Journal::new(db.sealer(), &tab_name(inner));
            inner.db = Some(db);
            inner.outbox.extend(loaded.outbox.iter().filter_map(|id| id.parse::<OpId>().ok()));
            inner.cursor = loaded.meta("cursor").and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
            inner.generation = loaded.meta("generation").unwrap_or_default().to_owned();
        });
        self.welcomed.set(loaded.meta("welcomed").is_some() || !set.is_empty());
        self.sharing.take_up(&loaded);
        self.set.set(set);
        if unreadable > 0 {
            // Nothing is removed; a build that can read it will show it.
            self.trouble.set(Some(StoreError::Newer));
        }
        self.enqueue(batch);
        self.take_up_drafts();
    }

    fn listen(&self) {
        let this = *self;
        self.inner.update_value(|inner| {
            inner.tabs = Tabs::open(move |texts| {
                if let Some((SHARING, told)) = texts.split_first().map(|(first, told)| (first.as_str(), told)) {
                    return this.sharing.hear(told);
                }
                let records = texts.iter().filter_map(|raw| Record::parse(raw).ok()).collect();
                // The other tab stores them; this one shows them.
                drop(this.take_in(records, false));
            });
        });
        events::on_return(move || this.returned());
        events::every(Duration::from_secs(5), move || {
            spawn_local(async move {
                this.open_again().await;
                this.retry_saving();
                this.take_up_young_drafts();
                this.sync_in_time();
            });
        });
        worker::register(move || this.update.set(true));
        self.sync_soon();
    }

    fn returned(&self) {
        let this = *self;
        spawn_local(async move {
            this.open_again().await;
            let db = this.inner.try_update_value(|inner| inner.db.clone()).flatten();
            if let Some(db) = db {
                db.probe().await;
            }
            this.retry_saving();
            this.sync_now();
            worker::look_for_update();
        });
    }

    /// The first questions are behind us.
    pub fn end_welcome(&self) {
        self.welcomed.set(true);
        self.enqueue(Batch { meta: vec![("welcomed".into(), Some("1".into()))], ..Batch::default() });
    }

    /// Uses the newer build that waits, when nothing is unsaved.
    pub fn take_update(&self) {
        if self.is_all_saved() {
            worker::take_update();
        } else {
            self.retry_saving();
        }
    }
}

fn tab_name(inner: &Inner) -> String {
    format!("{:016x}", inner.editor.change().replica.0)
}
