//! When to speak to the server, and what to do with its answers. What may be sent is decided by the permit alone.

use super::{Session, Sharing};
use crate::platform::clock;
use crate::storage::Batch;
use crate::sync::api::{self, Failure};
use crate::sync::driver::{self, Patience};
use leptos::prelude::*;
use leptos::task::spawn_local;
use plan::{OpId, Record};
use protocol::{ErrorCode, SyncResponse};
use std::collections::BTreeSet;

/// How it goes with the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Contact {
    /// Nothing to say, or nothing may be said.
    Quiet,
    Working,
    /// Everything that may be sent has been, and is on the server's disk.
    UpToDate,
    Offline,
    /// The server said no.
    Refused(ErrorCode),
}

impl Session {
    /// Speaks to the server at once, however often it has not answered: somebody is back, or wants to know.
    pub fn sync_now(&self) {
        self.inner.update_value(|inner| inner.patience = Patience::default());
        self.sync_soon();
    }

    /// Time has passed: there may be something new, and a server that did not answer may be there again.
    pub(super) fn sync_in_time(&self) {
        self.inner.update_value(|inner| inner.patience.tick());
        self.sync_soon();
    }

    /// Speaks to the server when there is a reason to. Calls while it does so make it look again afterwards.
    pub fn sync_soon(&self) {
        let this = *self;
        let rests = self.inner.with_value(|inner| !inner.patience.is_over());
        if rests || !self.sharing.connected.get_untracked() {
            return;
        }
        let begun = self.inner.try_update_value(|inner| {
            inner.sync_again = inner.syncing;
            !std::mem::replace(&mut inner.syncing, true)
        });
        if begun != Some(true) {
            return;
        }
        spawn_local(async move {
            loop {
                let end = this.sync().await;
                this.contact.set(match end {
                    Ok(contact) => contact,
                    Err(Failure::Offline) => Contact::Offline,
                    Err(Failure::Refused(code)) => Contact::Refused(code),
                });
                let again = this.inner.try_update_value(|inner| {
                    match end {
                        Ok(_) => inner.patience = Patience::default(),
                        Err(_) => inner.patience.fail(clock::random().unwrap_or_default()),
                    }
                    let again = std::mem::take(&mut inner.sync_again) && end.is_ok();
                    inner.syncing = again;
                    again
                });
                if again != Some(true) {
                    return;
                }
            }
        });
    }

    async fn sync(&self) -> Result<Contact, Failure> {
        self.send_withdrawals().await?;
        self.send_erasure().await?;
        if !self.sharing.may_send() {
            // Nothing may be sent. A yes that waits for the custody holder, or one given on another phone, is asked for.
            let me = api::me().await?;
            self.learn(&me.consents, Batch::default());
            return Ok(Contact::Quiet);
        }
        match self.exchange_all().await {
            Err(Failure::Refused(ErrorCode::NoConsent)) => {
                // Another phone has taken the yes back, or the clock here is wrong: the server knows.
                let me = api::me().await?;
                self.learn(&me.consents, Batch::default());
                Ok(Contact::Quiet)
            }
            end => end.map(|()| Contact::UpToDate),
        }
    }

    async fn send_withdrawals(&self) -> Result<(), Failure> {
        for consent in self.sharing.unsent.get_untracked() {
            match api::withdraw(&consent).await {
                // A consent that the server does not know cannot be read by anybody either.
                Ok(()) | Err(Failure::Refused(ErrorCode::NotFound)) => {}
                Err(failure) => return Err(failure),
            }
            self.sharing.unsent.update(|unsent| unsent.retain(|known| *known != consent));
            self.enqueue(self.sharing.to_batch());
        }
        Ok(())
    }

    async fn send_erasure(&self) -> Result<(), Failure> {
        if !self.sharing.erasing.get_untracked() {
            return Ok(());
        }
        api::erase().await?;
        // The server holds nothing of it now, so a later yes sends everything again.
        let mut batch = self.begin_again();
        self.sharing.erasing.set(false);
        self.sharing.sent.set(false);
        batch.append(self.sharing.to_batch());
        self.enqueue(batch);
        Ok(())
    }

    /// Everything is to be sent and fetched again: the server's copy is not the one this phone knew.
    fn begin_again(&self) -> Batch {
        let mut batch = Batch::default();
        self.set.with_untracked(|set| {
            let ids: BTreeSet<OpId> = set.iter().map(|record| record.op.id).collect();
            batch.outbox_add = ids.iter().map(ToString::to_string).collect();
            self.inner.update_value(|inner| {
                inner.outbox = ids;
                inner.cursor = 0;
            });
        });
        batch.meta.push(("cursor".into(), Some("0".into())));
        batch
    }

    async fn exchange_all(&self) -> Result<(), Failure> {
        let mut skip = BTreeSet::new();
        loop {
            // A no to one recipient does not wait until everything for another has been sent.
            self.send_withdrawals().await?;
            let consents = self.sharing.consents.get_untracked();
            let Some(permit) = plan::consent::permit(&consents, clock::now()) else { return Ok(()) };
            let next = self.inner.try_update_value(|inner| {
                let ops = self.set.with_untracked(|set| driver::select(&permit, set, &inner.outbox, &skip));
                (ops, inner.cursor)
            });
            let Some((ops, cursor)) = next else { return Ok(()) };
            let any = !ops.is_empty();
            if any && !self.sharing.sent.get_untracked() {
                self.sharing.sent.set(true);
                self.enqueue(self.sharing.to_batch());
            }
            // Nothing to say and nothing to show: asking every few seconds is not work worth a word.
            if any {
                self.contact.set(Contact::Working);
            }
            let response = driver::exchange(&permit, cursor, ops).await?;
            skip.extend(response.refused.iter().filter_map(|refused| refused.id.parse::<OpId>().ok()));
            let (more, progress) = (response.more, !response.stored.is_empty());
            let anew = self.take_answer(response);
            if !(more || anew || any && progress) {
                return Ok(());
            }
        }
    }

    /// Takes an answer in; says whether everything has to be exchanged again.
    fn take_answer(&self, response: SyncResponse) -> bool {
        let records: Vec<Record> = response.ops.iter().filter_map(|raw| Record::parse(raw).ok()).collect();
        let mut batch = if records.is_empty() { Batch::default() } else { self.take_in(records, false) };
        let stored: Vec<OpId> = response.stored.iter().filter_map(|id| id.parse().ok()).collect();
        let moved = self.inner.try_update_value(|inner| {
            for id in &stored {
                inner.outbox.remove(id);
            }
            inner.tabs.tell(response.ops.clone());
            std::mem::replace(&mut inner.cursor, response.cursor) != response.cursor
        });
        batch.outbox_remove = response.stored;
        if moved == Some(true) {
            batch.meta.push(("cursor".into(), Some(response.cursor.to_string())));
        }
        let known =
            self.inner.try_update_value(|inner| std::mem::replace(&mut inner.generation, response.generation.clone()));
        let known = known.unwrap_or_default();
        let anew = known != response.generation && !known.is_empty();
        if known != response.generation {
            batch.meta.push(("generation".into(), Some(response.generation)));
        }
        if anew {
            batch.append(self.begin_again());
        }
        self.learn(&response.consents, batch);
        anew
    }

    fn learn(&self, consents: &[protocol::ConsentView], mut batch: Batch) {
        if self.sharing.merge(consents) {
            batch.append(self.sharing.to_batch());
        }
        if !batch.is_empty() {
            self.enqueue(batch);
        }
    }
}

impl Sharing {
    /// Whether anything may be sent now.
    fn may_send(&self) -> bool {
        self.consents.with_untracked(|consents| plan::consent::permit(consents, clock::now()).is_some())
    }
}
