//! The machine as a whole: what it holds, what can happen to it, and what every change ends with.

mod commands;
mod giving;
mod outcome;
mod pump;
mod reading;
mod remote;
mod saving;
mod sharing;
mod sharing_text;
mod typing;

pub use giving::Wish;
pub use reading::{Reader, reader};
pub use remote::{Remote, remote};
pub use saving::Saving;
pub use sharing::Sharing;
pub use typing::Unfinished;

use crate::effect::{Effect, Event};
use crate::faults::Faults;
use crate::link::{Link, Position};
use crate::storage::{Batch, Loaded, StoreError};
use plan::date::DAY_MILLIS;
use plan::edit::Change;
use plan::{Editor, OpId, OpSet, Record, ReplicaId};
use remote::News;
use saving::Saver;
use typing::Typing;

/// Replaced and deleted words are kept this long, so that they can be taken back.
const KEEP_MILLIS: u64 = 30 * DAY_MILLIS;
/// Ticks are some seconds apart. A tab in which they were further apart has slept.
const SLEEP_MILLIS: u64 = 30_000;
/// The first lines of what one tab tells the others. An operation begins with a brace.
pub(crate) const NEW: &str = "new";
pub(crate) const KNOWN: &str = "known";
pub(crate) const SENT: &str = "sent";
pub(crate) const SHARING: &str = "sharing";
pub(crate) const TOOK: &str = "took";
pub(crate) const HELLO: &str = "hello";

/// One tab of the app, from its load to its end.
pub struct Machine {
    pub(crate) set: OpSet,
    pub(crate) editor: Editor,
    /// What can be taken back, latest last.
    pub(crate) undoable: Vec<Change>,
    pub(crate) saver: Saver,
    pub(crate) typing: Typing,
    pub(crate) sharing: Sharing,
    pub(crate) link: Link,
    /// What speaks with the server and of sharing, once it is here, and what waits for it.
    pub(crate) remote: Option<Remote>,
    pub(crate) unheard: Vec<News>,
    /// What reads operations, once it is here, and what waits for it.
    pub(crate) reader: Option<Reader>,
    pub(crate) unread: Vec<Event>,
    welcomed: bool,
    /// The days on which the app was opened, when the disk does not know them yet. They go there with the next words.
    pub(crate) opened: Option<String>,
    trouble: Option<StoreError>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) faults: Faults,
}

/// Where operations come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Written here, or put back from a file.
    Here,
    Server,
    /// Written in another tab of this phone, which may not live to send them.
    Tab,
}

impl Machine {
    /// `replica` must never have written before: it is drawn at random each time the app starts.
    pub fn new(replica: ReplicaId) -> Self {
        Self {
            set: OpSet::new(),
            editor: Editor::new(replica),
            undoable: Vec::new(),
            saver: Saver::default(),
            typing: Typing::default(),
            sharing: Sharing::default(),
            link: Link::new(replica.0),
            remote: None,
            unheard: Vec::new(),
            reader: None,
            unread: Vec::new(),
            welcomed: false,
            opened: None,
            trouble: None,
            effects: Vec::new(),
            faults: Faults::default(),
        }
    }

    /// Puts a mended fault back.
    #[cfg(feature = "faults")]
    pub fn put_back(&mut self, fault: crate::Fault) {
        self.faults.0 = Some(fault);
    }

    /// What is to be done now, in this order.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Something has happened. `now` is milliseconds since 1970 by this phone's clock, which may be wrong.
    pub fn handle(&mut self, now: u64, event: Event) {
        self.notice_sleep(now);
        let Some(event) = self.waits_for_reader(event) else { return self.pump(now) };
        match event {
            Event::Loaded(loaded) => self.load(now, loaded),
            Event::NotLoaded(error) => self.trouble = Some(error),
            Event::NewsRead(wake, news) => self.read_news(wake, news),
            Event::Stored => self.stored(),
            Event::StoreFailed(error) => self.store_failed(error),
            Event::Answered(id, answer) => self.answered(now, id, Some(answer)),
            Event::TimedOut(id) => self.answered(now, id, None),
            Event::Heard(texts) => self.receive(&texts),
            Event::LeftBehind { drafts, others } => self.take_up_drafts(now, drafts, others),
            Event::Listened => self.link.greetings = self.link.greetings.saturating_sub(1),
            Event::Returned => {
                self.retry_saving();
                self.ask_for_news();
                self.reset_back_off();
            }
            Event::Line(heard) => self.link.receive_line(heard),
            Event::Tick => {
                if self.link.is_reading {
                    self.effects.push(Effect::ReadNews(self.link.wakes));
                }
                self.retry_saving();
                self.look_for_drafts();
                let has_work = self.sharing.erasing || self.has_words_to_send(now);
                self.link.tick(has_work);
                self.sharing.yeses.iter_mut().for_each(crate::yes::Yes::tick);
            }
        }
        self.pump(now);
    }

    /// Whatever wakes a tab that has slept: it reads what others have said before it sends anything.
    pub(crate) fn notice_sleep(&mut self, now: u64) {
        let before = self.link.last.replace(now);
        if before.is_some_and(|before| now.abs_diff(before) > SLEEP_MILLIS) {
            self.ask_for_news();
        }
    }

    /// Another tab may have said no while this one slept: nothing is sent before that is known.
    fn ask_for_news(&mut self) {
        self.link.mark_behind();
        self.effects.push(Effect::ReadNews(self.link.wakes));
    }

    /// Takes up what is on the disk, in addition to what has been written meanwhile.
    fn load(&mut self, now: u64, loaded: Loaded) {
        self.trouble = None;
        self.link.last.get_or_insert(now);
        let mut unreadable = loaded.unreadable;
        let mut read = Vec::with_capacity(loaded.ops.len());
        for raw in &loaded.ops {
            match self.read(raw) {
                Some(record) => {
                    read.push((record.op.id, raw));
                    self.set.insert(record);
                }
                None => unreadable += 1,
            }
        }
        let mut batch = Batch::default();
        // A tab that had not heard of an erasure yet may have written over it: what is erased goes from the disk, too.
        for (id, raw) in read.into_iter().filter(|_| self.set.has_erasures()) {
            if let Some(record) = self.set.get(id).filter(|record| record.is_erased() && record.raw() != raw) {
                batch.ops.push((id.to_string(), record.raw().to_owned()));
            }
        }
        let opened = days_of_use(loaded.meta("opened").unwrap_or_default(), now);
        // A clock that was once set ahead drops nothing: it goes by the third last day on which the app was opened.
        if let [third, _, _] = opened[..] {
            for id in self.set.prune(now.min(third * DAY_MILLIS), KEEP_MILLIS) {
                batch.ops.extend(self.set.get(id).map(|record| (id.to_string(), record.raw().to_owned())));
            }
        }
        let opened = opened.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
        self.opened = Some(opened).filter(|opened| loaded.meta("opened") != Some(opened.as_str()));
        self.link.outbox.extend(loaded.outbox.iter().filter_map(|id| id.parse::<OpId>().ok()));
        self.link.load_position(&loaded);
        self.welcomed |= loaded.meta("welcomed").is_some() || !self.set.is_empty();
        let erased = loaded.meta("erased").and_then(|count| count.parse().ok()).unwrap_or_default();
        self.learn_news(News::Disk { meta: loaded.meta, erased });
        if unreadable > 0 {
            // Nothing is removed; a build that can read it will show it.
            self.trouble = Some(StoreError::Newer);
        }
        self.enqueue(batch);
        // There is a disk now for what came before it.
        self.retry_saving();
        self.greet();
        self.effects.push(Effect::FindLeftBehind);
        self.reset_back_off();
    }

    /// Takes up what another tab has put on the disk while this one slept.
    fn read_news(&mut self, wake: u64, news: Option<Loaded>) {
        // What could not be read is asked for again.
        let Some(news) = news else { return self.link.give_up_reading(wake) };
        // One that was begun before the latest wake may know nothing of what was said in it.
        self.link.is_reading &= wake != self.link.wakes;
        let mut batch = Batch::default();
        for raw in &news.ops {
            let Some(record) = self.read(raw) else { continue };
            let effect = self.set.insert(record);
            // This tab may have written the words over their erasure in the moment in which it woke.
            let erased = effect.erased.into_iter().filter_map(|id| self.set.get(id));
            batch.ops.extend(erased.map(|record| (record.op.id.to_string(), record.raw().to_owned())));
        }
        self.enqueue(batch);
        self.link.outbox.extend(news.outbox.iter().filter_map(|id| id.parse::<OpId>().ok()));
        self.learn_news(News::Disk { meta: news.meta, erased: 0 });
        self.greet();
    }

    /// This tab has read the disk. What was said in another tab may be on no disk, and is heard before words leave.
    fn greet(&mut self) {
        self.link.greetings += 1;
        self.effects.push(Effect::Greet(vec![HELLO.to_owned()]));
    }

    /// Whether an operation of this name is here already.
    pub fn knows(&self, id: &str) -> bool {
        id.parse().is_ok_and(|id| self.set.get(id).is_some())
    }

    /// What another tab writes, says yes or no to, or has sent, holds here in the same moment.
    fn receive(&mut self, texts: &[String]) {
        let Some((first, rest)) = texts.split_first() else { return };
        if let Some(news) = News::from_tab(first, rest) {
            return self.learn_news(news);
        }
        match first.as_str() {
            TOOK => self.receive_taken(rest),
            SENT => {
                let Some((generation, rest)) = rest.split_first() else { return };
                // Another copy of the server's has them, or the one that this phone has not known yet.
                let is_first = self.link.position.generation.is_empty();
                if !is_first && self.link.position.generation != *generation {
                    return;
                }
                let mut batch = Batch::default();
                if is_first {
                    batch = self.move_to(Position { generation: generation.clone(), cursor: 0 });
                }
                for id in rest.iter().filter_map(|id| id.parse::<OpId>().ok()) {
                    if self.link.outbox.remove(&id) {
                        batch.outbox_remove.push(id.to_string());
                    }
                }
                self.enqueue(batch);
            }
            kind => {
                let from = if kind == KNOWN { Origin::Server } else { Origin::Tab };
                // Stored here as well: the other tab may not live to do it, and this one goes on from there.
                let records = texts.iter().filter_map(|raw| self.read(raw)).collect();
                let batch = self.insert(records, from);
                self.enqueue(batch);
            }
        }
    }

    /// Adds records to the set and answers with what must be stored of them.
    pub(crate) fn insert(&mut self, records: Vec<Record>, from: Origin) -> Batch {
        let mut batch = Batch::default();
        for record in records {
            let id = record.op.id;
            let effect = self.set.insert(record);
            if effect.changed && from != Origin::Server {
                self.link.outbox.insert(id);
                batch.outbox_add.push(id.to_string());
            }
            let touched = effect.changed.then_some(id).into_iter().chain(effect.erased);
            let records = touched.filter_map(|id| self.set.get(id));
            batch.ops.extend(records.map(|record| (record.op.id.to_string(), record.raw().to_owned())));
        }
        batch
    }

    /// Tells the other tabs of operations.
    pub(crate) fn broadcast(&mut self, from: Origin, raws: Vec<String>) {
        let mut texts = vec![if from == Origin::Here { NEW } else { KNOWN }.to_owned()];
        texts.extend(raws);
        if texts.len() > 1 {
            self.effects.push(Effect::Broadcast(texts));
        }
    }

    /// Takes everything back from a file, in addition to what is here. Answers with how many operations are new.
    pub fn restore(&mut self, now: u64, records: Vec<Record>) -> usize {
        let raws: Vec<String> = records.iter().map(|record| record.raw().to_owned()).collect();
        let batch = self.insert(records, Origin::Here);
        let new = batch.outbox_add.len();
        self.broadcast(Origin::Here, raws);
        self.enqueue(batch);
        self.end_welcome();
        self.link.due = true;
        self.pump(now);
        new
    }

    /// The first questions are behind us.
    pub fn end_welcome(&mut self) {
        self.welcomed = true;
        self.enqueue(Batch { meta: vec![("welcomed".into(), Some("1".into()))], ..Batch::default() });
    }

    pub fn set(&self) -> &OpSet {
        &self.set
    }

    pub fn sharing(&self) -> &Sharing {
        &self.sharing
    }

    /// Whether the first questions have been answered or skipped.
    pub fn is_welcomed(&self) -> bool {
        self.welcomed
    }

    /// What is wrong with storage.
    pub fn trouble(&self) -> Option<StoreError> {
        self.saver.error.or(self.trouble)
    }

    /// Whether there is anything to take back.
    pub fn can_undo(&self) -> bool {
        !self.undoable.is_empty()
    }
}

/// The last three days on which the app was opened, this one included, in order and as days since 1970. What lies ahead of today
/// was seen by a clock that was wrong.
fn days_of_use(known: &str, now: u64) -> Vec<u64> {
    let today = now / DAY_MILLIS;
    let mut days: Vec<u64> = known.split(' ').filter_map(|day| day.parse().ok()).filter(|day| *day < today).collect();
    days.push(today);
    if days.len() > 3 {
        days.remove(0);
    }
    days
}
