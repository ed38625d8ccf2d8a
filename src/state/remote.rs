//! What comes in chunks of its own: what reads the disk, and what speaks with the server. The latter is the largest
//! part of the app that is not needed to write the first words, so it comes as soon as the first page is there.

use super::Session;
use crate::lazy::{Missing, lazy};
use crate::platform::{clock, events};
use crate::storage::journal::Journal;
use crate::sync::api::{self, Stop};
use crate::sync::line;
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::{Draft, Event, Machine, Request};

/// As long as a chunk may take (`CHUNK_TIMEOUT_MILLIS` in `xtask/src/bundle.rs`).
const REMOTE_LIMIT_MILLIS: u64 = 20_000;

type ListLeftBehind = fn(&Journal, u64, u64, Option<&[String]>) -> (Vec<(String, Draft)>, bool);

/// What reads the operations and drafts on the disk. A new phone has none, and does without it for the first words.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    operations: session::Reader,
    pub(super) left_behind: ListLeftBehind,
}

/// What speaks with the server.
#[derive(Clone, Copy)]
pub(super) struct Remote {
    machine: session::Remote,
    pub(super) show: fn(&Session, &Machine),
    pub(super) send: fn(Session, u64, Request, u64, Stop),
    listen: fn(Session),
}

lazy! {
    fn reading() -> Reading {
        Reading { operations: session::reader(), left_behind: Journal::list_left_behind }
    }
}

lazy! {
    fn remote() -> Remote {
        Remote {
            machine: session::remote(),
            show: |session, machine| session.sharing.show(machine.sharing()),
            send: |session, id, request, limit_millis, stop| {
                spawn_local(session.send(id, request, limit_millis, stop));
            },
            listen: Session::listen,
        }
    }
}

impl Session {
    /// Brings what reads operations, unless it is here.
    ///
    /// # Errors
    /// When its chunk cannot be had now.
    pub(super) async fn bring_reading(&self) -> Result<Reading, Missing> {
        let known = self.outside().reading;
        if let Some(known) = known {
            return Ok(known);
        }
        let brought = reading().await?;
        self.outside().reading = Some(brought);
        self.act(|machine, now| machine.bring_reader(now, brought.operations));
        Ok(brought)
    }

    /// Brings what speaks with the server, unless it is here. What has waited for it is done then.
    ///
    /// # Errors
    /// When its chunk cannot be had now. Nothing is sent until it can.
    async fn bring_remote(&self) -> Result<(), Missing> {
        if self.outside().remote.is_none() {
            self.bring_reading().await?;
            let brought = remote().await?;
            // Others may have waited for it, too, and it is one of them that does what has to be done then.
            if self.outside().remote.replace(brought).is_none() {
                self.act(|machine, now| machine.attach(now, brought.machine));
                (brought.listen)(*self);
                self.has_remote.set(true);
            }
        }
        Ok(())
    }

    /// The same for a page. It may have been asked for before: whoever waits here does not wait for that attempt and one more.
    /// `None` when it is not here then.
    pub async fn bring_remote_in_time(&self) -> Option<()> {
        clock::within(REMOTE_LIMIT_MILLIS, self.bring_remote()).await?.ok()
    }

    /// The same when nobody waits for it; what cannot be had now is tried again with the next tick.
    pub(super) fn want_remote(&self) {
        let this = *self;
        if self.outside().remote.is_some() || std::mem::replace(&mut self.outside().wants_remote, true) {
            return;
        }
        spawn_local(async move {
            let _ = this.bring_remote().await;
            this.outside().wants_remote = false;
        });
    }

    /// Hears the server from now on, while somebody looks at this phone and it is connected.
    fn listen(self) {
        self.keep_line();
        events::every(line::TICK, move || self.keep_line());
        events::on_visibility(move || self.keep_line());
        events::on_return(move || {
            self.outside().line.retry_now();
            self.keep_line();
        });
    }

    fn keep_line(self) {
        let wanted = events::is_visible() && self.sharing.connected.get_untracked();
        self.outside().line.keep(wanted, "events", move |heard| self.handle(Event::Line(heard)));
    }

    async fn send(self, id: u64, request: Request, limit_millis: u64, stop: Stop) {
        let answer = api::fetch(&request.call(), limit_millis, &stop).await;
        self.outside().landed(id);
        self.handle(match answer {
            Some(answer) => Event::Answered(id, answer.and_then(|(is_success, body)| request.read(is_success, &body))),
            None => Event::TimedOut(id),
        });
    }
}
