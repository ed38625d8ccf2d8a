//! The border to everything that speaks with the server or of sharing. None of it is needed to write the first words, so an app
//! may bring it a moment later.
//!
//! Until it is there nothing is sent, and what is read or heard of sharing is kept in its order. The rest of the machine names
//! none of it: it goes through the functions that [`remote`] hands out, and through commands of a person's that are said on
//! pages which need it anyway.

use super::{HELLO, Machine, SHARING};
use crate::link::Work;
use crate::storage::Batch;
use crate::wire::{Answer, Failure};

/// The remote half of the machine.
#[derive(Clone, Copy)]
pub struct Remote {
    pump: fn(&mut Machine, u64),
    answered: fn(&mut Machine, u64, u64, Outcome),
    learn: fn(&mut Machine, News),
}

/// What came of a request; `None` when nothing did in its time.
type Outcome = Option<Result<Answer, Failure>>;

/// Something about sharing that has come from elsewhere on this phone.
#[derive(Debug)]
pub(crate) enum News {
    /// What lies on the disk, and up to which of the wishes to erase it has happened there.
    Disk { meta: Vec<(String, String)>, erased: u64 },
    /// What another tab tells.
    Heard(Vec<String>),
    /// Another tab has just read the disk.
    Hello,
}

impl News {
    /// What another tab has said, when it is about sharing.
    pub(crate) fn from_tab(kind: &str, rest: &[String]) -> Option<Self> {
        match kind {
            SHARING => Some(Self::Heard(rest.to_vec())),
            HELLO => Some(Self::Hello),
            _ => None,
        }
    }
}

/// The remote half. This is the only place that names it.
pub fn remote() -> Remote {
    Remote { pump: Machine::send_what_is_due, answered: Machine::take_outcome, learn: Machine::take_news }
}

impl Machine {
    /// Brings the remote half. What has waited for it is done now, in its order.
    pub fn attach(&mut self, now: u64, remote: Remote) {
        if self.remote.replace(remote).is_some() {
            return;
        }
        for news in std::mem::take(&mut self.unheard) {
            (remote.learn)(self, news);
        }
        self.reset_back_off();
        self.pump(now);
    }

    /// Whether the remote half is here.
    pub fn is_attached(&self) -> bool {
        self.remote.is_some()
    }

    /// Ends every change: gives up what may not be under way any more, and sends what may and should be.
    pub(crate) fn pump(&mut self, now: u64) {
        self.notice_sleep(now);
        if let Some(remote) = self.remote {
            (remote.pump)(self, now);
        }
    }

    /// Only what was sent is answered, so there is somebody to hear it.
    pub(crate) fn answered(&mut self, now: u64, id: u64, outcome: Outcome) {
        if let Some(remote) = self.remote {
            (remote.answered)(self, now, id, outcome);
        }
    }

    pub(crate) fn learn_news(&mut self, news: News) {
        match self.remote {
            Some(remote) => (remote.learn)(self, news),
            None => {
                if let News::Heard(texts) = &news {
                    self.keep_noes(texts);
                }
                self.unheard.push(news);
            }
        }
    }

    /// The tab that has said a no may not live to store it, and neither may this one until it can tell what follows from it.
    fn keep_noes(&mut self, texts: &[String]) {
        let pairs = texts.chunks_exact(2).filter(|pair| pair[0].starts_with("no/") && !pair[1].is_empty());
        let meta = pairs.map(|pair| (pair[0].clone(), Some(pair[1].clone()))).collect();
        self.enqueue(Batch { meta, ..Batch::default() });
    }

    fn take_outcome(&mut self, now: u64, id: u64, outcome: Outcome) {
        if outcome.is_none()
            && let Some(Work::Sync { any: true, .. }) = self.link.flights.get(&id)
        {
            self.link.fit_room(false);
        }
        self.take_answer(now, id, outcome.unwrap_or(Err(Failure::Offline)));
    }

    fn take_news(&mut self, news: News) {
        match news {
            News::Disk { meta, erased } => {
                // What is on the disk of an erasure is known there with what follows from it.
                self.sharing.erased = self.sharing.erased.max(erased);
                self.read_sharing(&meta);
            }
            News::Heard(texts) => self.receive_sharing(&texts),
            News::Hello => self.answer_greeting(),
        }
    }
}
