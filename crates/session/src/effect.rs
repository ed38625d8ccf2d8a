//! What happens to the machine, and what it wants done.

use crate::storage::{Batch, Draft, Loaded, StoreError};
use crate::wire::{Answer, Failure, Request};

/// Something that happened outside. What a person does is a method of the machine instead, since it has an outcome.
#[derive(Clone, Debug)]
pub enum Event {
    /// The disk has been read.
    Loaded(Loaded),
    /// There is no disk to be had.
    NotLoaded(StoreError),
    /// What [`Effect::ReadNews`] asked for, with the same number; `None` when it could not be read.
    NewsRead(u64, Option<Loaded>),
    /// The batch is on disk.
    Stored,
    /// Nothing of the batch is on disk, as far as anybody knows.
    StoreFailed(StoreError),
    /// A request was answered, or broke.
    Answered(u64, Result<Answer, Failure>),
    /// A request had no answer within its time, and was given up.
    TimedOut(u64),
    /// Another tab of this phone has told something.
    Heard(Vec<String>),
    /// Drafts of tabs that are gone, each with the name it lies under; and whether there are others, of tabs
    /// that may live.
    LeftBehind { drafts: Vec<(String, Draft)>, others: bool },
    /// Whoever lives has had time to answer one [`Effect::Greet`].
    Listened,
    /// The app is shown again, or the network is back.
    Returned,
    /// Something was heard of the line to the server.
    Line(Heard),
    /// Some seconds have passed.
    Tick,
}

/// What is heard of the line to the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Heard {
    /// There may be something new.
    Changed,
    /// It is there.
    Alive,
    /// It is not there any more.
    Lost,
}

/// Something to be done outside.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// One strict transaction; answered with [`Event::Stored`] or [`Event::StoreFailed`]. There is one at a time.
    Store(Batch),
    /// Reads what is on disk and not known here (see [`crate::Machine::knows`]), since this tab may have slept while another one
    /// was used: operations with another name, everything that waits to be sent, and everything beside.
    ReadNews(u64),
    /// Sends a request; answered with [`Event::Answered`], or with [`Event::TimedOut`] after the limit.
    Send {
        id: u64,
        request: Request,
        limit_millis: u64,
    },
    /// Gives a request up in this moment. Whatever comes of it is not heard.
    Abort(u64),
    /// Tells the other tabs of this phone.
    Broadcast(Vec<String>),
    /// Tells the other tabs of this phone, too, and is followed by [`Event::Listened`] when those that live have had time to
    /// answer.
    Greet(Vec<String>),
    /// Keeps a draft in this tab's journal, in the place of what was there for the same field.
    KeepDraft(Draft),
    DropDraft {
        on: String,
        field: String,
    },
    /// Removes another tab's draft, by the name it was found under.
    ForgetDraft(String),
    /// Looks for drafts of tabs that are gone; answered with [`Event::LeftBehind`].
    FindLeftBehind,
    /// The first words are on disk: the browser may be asked to keep them.
    AskToPersist,
    /// What came of a yes, for whoever said it: the consent's identity, or why not.
    YesAnswered {
        secret: String,
        outcome: Result<String, Failure>,
    },
}
