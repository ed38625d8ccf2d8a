//! What the machine wants done, done: on the disk, on the network, in the other tabs and in the journal. Each thing that has
//! an answer comes back to the machine as an event.

use super::Session;
use super::remote::{Reading, Remote};
use crate::platform::tabs::{self, Tabs};
use crate::platform::{clock, files};
use crate::storage::journal::Journal;
use crate::storage::{IndexedDb, Store, StoreError};
use crate::sync::api::Stop;
use crate::sync::line::Line;
use leptos::prelude::*;
use leptos::task::spawn_local;
use plan::ReplicaId;
use session::{Effect, Event, Failure, Loaded};
use std::rc::Rc;

/// A draft younger than this may belong to a tab that lives, where the browser cannot tell which do.
const QUIET_MILLIS: u64 = 5_000;

/// How long another tab that lives may take to answer.
const LISTEN_MILLIS: u64 = 200;

/// What came of a yes: the consent's identity, or why not.
pub(super) type Outcome = Result<String, Failure>;

/// Whoever said the latest yes and wants to know what comes of it, by the yes's secret.
pub(super) type Asker = (String, Rc<dyn Fn(Outcome)>);

/// Where effects go.
pub(super) struct Outside {
    pub(super) db: Option<IndexedDb>,
    pub(super) opening: bool,
    pub(super) journal: Journal,
    pub(super) tabs: Tabs,
    pub(super) asker: Option<Asker>,
    /// What reads operations and drafts, once it is here.
    pub(super) reading: Option<Reading>,
    /// What speaks with the server, once it is here.
    pub(super) remote: Option<Remote>,
    /// It is on its way.
    pub(super) wants_remote: bool,
    /// The line on which the server says that there is something new.
    pub(super) line: Line,
    /// The requests that are under way.
    flights: Vec<(u64, Stop)>,
}

impl Outside {
    pub(super) fn new(replica: ReplicaId) -> Self {
        Self {
            db: None,
            opening: false,
            journal: Journal::new(&format!("{:016x}", replica.0)),
            tabs: Tabs::default(),
            asker: None,
            reading: None,
            remote: None,
            wants_remote: false,
            line: Line::default(),
            flights: Vec::new(),
        }
    }

    /// A request has come to its end.
    pub(super) fn landed(&mut self, id: u64) {
        self.flights.retain(|(known, _)| *known != id);
    }
}

impl Session {
    /// Does what the machine wants done. Answers with what there is to say of it at once.
    pub(super) fn carry_out(&self, effect: Effect) -> Option<Event> {
        let this = *self;
        let mut outside = self.outside();
        match effect {
            Effect::Store(batch) => {
                let Some(db) = outside.db.clone() else {
                    return Some(Event::StoreFailed(self.trouble.get_untracked().unwrap_or(StoreError::Blocked)));
                };
                spawn_local(async move {
                    this.handle(match db.write(&batch).await {
                        Ok(()) => Event::Stored,
                        Err(error) => Event::StoreFailed(error),
                    });
                });
            }
            Effect::ReadNews(wake) => {
                // Without a disk there is nothing on it that another tab could have said.
                let Some(db) = outside.db.clone() else { return Some(Event::NewsRead(wake, Some(Loaded::default()))) };
                spawn_local(async move {
                    let knows = |id: &str| this.machine().borrow().knows(id);
                    this.handle(Event::NewsRead(wake, db.load_news(&knows).await.ok()));
                });
            }
            Effect::Send { id, request, limit_millis } => match (outside.remote, Stop::new()) {
                (Some(remote), Ok(stop)) => {
                    outside.flights.push((id, stop.clone()));
                    drop(outside);
                    (remote.send)(this, id, request, limit_millis, stop);
                }
                _ => return Some(Event::Answered(id, Err(Failure::Offline))),
            },
            Effect::Abort(id) => {
                outside.flights.iter().filter(|(known, _)| *known == id).for_each(|(_, stop)| stop.now());
            }
            Effect::Broadcast(texts) => outside.tabs.broadcast(texts),
            Effect::Greet(texts) => {
                outside.tabs.broadcast(texts);
                spawn_local(async move {
                    // This tab is among them, since it asked for its mark first: when it lives alone, nobody can answer.
                    if tabs::list_living().await.is_none_or(|living| living.len() > 1) {
                        clock::sleep(LISTEN_MILLIS).await;
                    }
                    this.handle(Event::Listened);
                });
            }
            Effect::KeepDraft(draft) => outside.journal.write(&draft),
            Effect::DropDraft { on, field } => outside.journal.remove(&on, &field),
            Effect::ForgetDraft(name) => outside.journal.forget(&name),
            Effect::FindLeftBehind => spawn_local(async move {
                let living = tabs::list_living().await;
                let journal = this.outside().journal.clone();
                let event = match this.bring_reading().await {
                    Ok(reading) => {
                        let read = reading.left_behind;
                        let (drafts, others) = read(&journal, clock::now(), QUIET_MILLIS, living.as_deref());
                        Event::LeftBehind { drafts, others }
                    }
                    // There may be some; with the next tick they are looked for again.
                    Err(_) => Event::LeftBehind { drafts: Vec::new(), others: true },
                };
                this.handle(event);
            }),
            // Not waited for: Firefox asks the young person, and may never get an answer.
            Effect::AskToPersist => spawn_local(async {
                files::ask_to_persist().await;
            }),
            Effect::YesAnswered { secret, outcome } => {
                let asker = outside.asker.clone().filter(|(known, _)| *known == secret);
                // Without an answer there may be one later still.
                if asker.is_some() && outcome != Err(Failure::Offline) {
                    outside.asker = None;
                }
                drop(outside);
                if let Some((_, run)) = asker {
                    run(outcome);
                }
            }
        }
        None
    }
}
