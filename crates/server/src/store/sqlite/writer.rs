//! The one writer: a thread that takes jobs from a queue and commits many together.
//!
//! Each job runs in a savepoint of its own, so that one that fails takes nobody along. Nobody is answered before the
//! transaction of the whole batch is on disk, and nobody is told that words are gone before they are gone from the log too.

use super::open::BUSY;
use crate::seal::Keys;
use crate::store::StoreError;
use rusqlite::{Connection, TransactionBehavior};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Jobs that may wait; beyond that the server says that it is busy.
const QUEUE: usize = 4096;
/// Jobs in one transaction.
const BATCH: usize = 256;
/// A checkpoint that readers were in the way of is tried again this soon.
const AGAIN: Duration = Duration::from_millis(100);
/// How long one try waits for readers; others who want something written wait as well meanwhile.
const TRY: Duration = Duration::from_millis(50);
/// After this long an erasure is answered with "busy": it stands, and asking again waits for the log once more.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What a job works with.
pub struct Tx<'a> {
    pub connection: &'a Connection,
    pub keys: &'a Keys,
    /// Of this start; see [`crate::cursor`].
    pub epoch: u32,
    /// Whether words go with this, so that the log must be emptied too.
    pub erasure: Erasure,
}

/// What a job has to do with erasing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Erasure {
    None,
    /// It says again what was said before: there is nothing left to erase, but the log may still hold it.
    Again,
    /// Words were erased.
    Done,
}

impl Tx<'_> {
    /// Nobody is told before the log is empty.
    pub fn erases(&mut self, erasure: Erasure) {
        self.erasure = self.erasure.max(erasure);
    }
}

trait Job: Send {
    /// Whether to keep what was written.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    fn answer(self: Box<Self>, end: End);
}

/// How it ended for a job.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    OnDisk,
    NotCommitted,
    /// On disk, but what it erased is still in the log.
    StillInLog,
}

struct Work<T, F> {
    work: Option<F>,
    outcome: Result<T, StoreError>,
    sender: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Work<T, F>
where
    T: Send,
    F: FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        if let Some(work) = self.work.take() {
            self.outcome = work(tx);
        }
        self.outcome.is_ok()
    }

    fn answer(self: Box<Self>, end: End) {
        let outcome = match (self.outcome, end) {
            (Ok(_), End::NotCommitted) => Err(StoreError::Inner("the transaction could not be committed".into())),
            (Ok(_), End::StillInLog) => Err(StoreError::Busy),
            (outcome, _) => outcome,
        };
        // Who asked may have gone away; what is written is written.
        let _ = self.sender.send(outcome);
    }
}

enum Message {
    Job(Box<dyn Job>),
    Close,
}

/// The way to the thread.
pub struct Writer {
    queue: SyncSender<Message>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub fn start(connection: Connection, keys: Keys, epoch: u32) -> std::io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE);
        let thread =
            std::thread::Builder::new().name("writer".into()).spawn(move || run(connection, &keys, epoch, &jobs))?;
        Ok(Self { queue, thread: Mutex::new(Some(thread)) })
    }

    /// Hands a job over; the answer comes when it is on disk.
    pub fn write<T, F>(&self, work: F) -> Result<oneshot::Receiver<Result<T, StoreError>>, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let panicked = Err(StoreError::Inner("the job did not finish".into()));
        let job = Box::new(Work { work: Some(work), outcome: panicked, sender });
        match self.queue.try_send(Message::Job(job)) {
            Ok(()) => Ok(receiver),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => Err(StoreError::Busy),
        }
    }

    /// Finishes the queue, checkpoints and closes. Blocks until then.
    pub fn close(&self) {
        let _ = self.queue.send(Message::Close);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

fn run(mut connection: Connection, keys: &Keys, epoch: u32, jobs: &Receiver<Message>) {
    // What an erasure left in the log before the last stop is owed still.
    let mut log = Log { owed: true, waiting: Vec::new() };
    let mut open = true;
    while open {
        let first = if log.owed { jobs.recv_timeout(AGAIN) } else { jobs.recv().map_err(RecvTimeoutError::from) };
        let mut batch = Vec::new();
        match first {
            Ok(Message::Job(job)) => batch.push(job),
            Ok(Message::Close) | Err(RecvTimeoutError::Disconnected) => open = false,
            Err(RecvTimeoutError::Timeout) => {}
        }
        while open && batch.len() < BATCH {
            match jobs.try_recv() {
                Ok(Message::Job(job)) => batch.push(job),
                Ok(Message::Close) => open = false,
                Err(_) => break,
            }
        }
        if !batch.is_empty() {
            let erasures = commit(&mut connection, keys, epoch, &mut batch);
            log.answer(batch, erasures);
        }
        log.checkpoint_or_wait(&connection, Instant::now());
    }
    if !log.owed {
        log.owed = true;
        log.checkpoint_or_wait(&connection, Instant::now());
    }
    log.time_out(|_| true);
}

/// The write-ahead log, as far as words that were erased may be in it.
struct Log {
    owed: bool,
    /// Those whose answer says that words are gone, each with the time when it is given up.
    waiting: Vec<(Box<dyn Job>, Instant)>,
}

impl Log {
    /// Answers everybody but those who must wait for the log.
    fn answer(&mut self, batch: Vec<Box<dyn Job>>, erasures: rusqlite::Result<Vec<Erasure>>) {
        let erasures = match erasures {
            Ok(erasures) => erasures,
            Err(error) => {
                tracing::error!(%error, "a batch could not be committed");
                batch.into_iter().for_each(|job| job.answer(End::NotCommitted));
                return;
            }
        };
        self.owed |= erasures.contains(&Erasure::Done);
        let until = Instant::now() + TIMEOUT;
        for (job, erasure) in batch.into_iter().zip(erasures) {
            if self.owed && erasure != Erasure::None {
                self.waiting.push((job, until));
            } else {
                job.answer(End::OnDisk);
            }
        }
    }

    /// Empties the log if that is owed, and answers those who waited for it, or waited too long.
    fn checkpoint_or_wait(&mut self, connection: &Connection, now: Instant) {
        if self.owed && checkpoint(connection) {
            self.owed = false;
            self.waiting.drain(..).for_each(|(job, _)| job.answer(End::OnDisk));
        }
        self.time_out(|until| until <= now);
    }

    fn time_out(&mut self, is_over: impl Fn(Instant) -> bool) {
        for (job, _) in self.waiting.extract_if(.., |(_, until)| is_over(*until)) {
            job.answer(End::StillInLog);
        }
    }
}

/// One transaction for the batch. Answers what each job had to do with erasing.
fn commit(
    connection: &mut Connection,
    keys: &Keys,
    epoch: u32,
    batch: &mut [Box<dyn Job>],
) -> rusqlite::Result<Vec<Erasure>> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut erasures = Vec::with_capacity(batch.len());
    for job in batch {
        let savepoint = transaction.savepoint()?;
        let mut tx = Tx { connection: &savepoint, keys, epoch, erasure: Erasure::None };
        // A job that panics is rolled back like one that fails; the thread must go on for all the others.
        let keep = catch_unwind(AssertUnwindSafe(|| job.run(&mut tx))).unwrap_or(false);
        let erasure = tx.erasure;
        if keep {
            savepoint.commit()?;
            erasures.push(erasure);
        } else {
            let mut savepoint = savepoint;
            savepoint.rollback()?;
            savepoint.commit()?;
            erasures.push(Erasure::None);
        }
    }
    transaction.commit()?;
    Ok(erasures)
}

/// Moves everything from the log into the database and empties the log. `false` when a reader was in the way.
fn checkpoint(connection: &Connection) -> bool {
    // Elsewhere a connection waits for seconds; here everybody who writes would wait with it.
    let patient = connection.busy_timeout(TRY);
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    let restored = connection.busy_timeout(BUSY);
    patient.is_ok() && restored.is_ok() && busy.is_ok_and(|busy| busy == 0)
}

#[cfg(test)]
mod tests;
