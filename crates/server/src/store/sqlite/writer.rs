//! The one writer: a thread that takes jobs from a queue and commits many together.
//!
//! Each job runs in a savepoint of its own, so that one that fails takes nobody along. Nobody is answered before the
//! transaction of the whole batch is on disk.

use crate::seal::Keys;
use crate::store::StoreError;
use rusqlite::{Connection, TransactionBehavior};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// Jobs that may wait; beyond that the server says that it is busy.
const QUEUE: usize = 4096;
/// Jobs in one transaction.
const BATCH: usize = 256;
/// A checkpoint that readers were in the way of is tried again this soon.
const AGAIN: Duration = Duration::from_millis(200);

/// What a job works with.
pub struct Tx<'a> {
    pub connection: &'a Connection,
    pub keys: &'a Keys,
    /// Set when words were erased: the log must be emptied too, and before anybody is told that they are gone.
    pub erased: bool,
}

trait Job: Send {
    /// Whether to keep what was written.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    fn answer(self: Box<Self>, committed: bool);
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

    fn answer(self: Box<Self>, committed: bool) {
        let outcome = match self.outcome {
            Ok(_) if !committed => Err(StoreError::Inner("the transaction could not be committed".into())),
            outcome => outcome,
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
    pub fn start(connection: Connection, keys: Keys) -> std::io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || run(connection, &keys, &jobs))?;
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

fn run(mut connection: Connection, keys: &Keys, jobs: &Receiver<Message>) {
    let mut owes_checkpoint = false;
    let mut open = true;
    while open {
        let first =
            if owes_checkpoint { jobs.recv_timeout(AGAIN) } else { jobs.recv().map_err(RecvTimeoutError::from) };
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
        let mut committed = false;
        if !batch.is_empty() {
            match commit(&mut connection, keys, &mut batch) {
                Ok(erased) => {
                    committed = true;
                    owes_checkpoint |= erased;
                }
                Err(error) => tracing::error!(%error, "a batch could not be committed"),
            }
        }
        if owes_checkpoint {
            owes_checkpoint = !checkpoint(&connection);
        }
        for job in batch {
            job.answer(committed);
        }
    }
    checkpoint(&connection);
}

/// One transaction for the batch. Answers whether words were erased in it.
fn commit(connection: &mut Connection, keys: &Keys, batch: &mut [Box<dyn Job>]) -> rusqlite::Result<bool> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut any_erased = false;
    for job in batch {
        let savepoint = transaction.savepoint()?;
        let mut tx = Tx { connection: &savepoint, keys, erased: false };
        // A job that panics is rolled back like one that fails; the thread must go on for all the others.
        let keep = catch_unwind(AssertUnwindSafe(|| job.run(&mut tx))).unwrap_or(false);
        let erased = tx.erased;
        if keep {
            savepoint.commit()?;
            any_erased |= erased;
        } else {
            let mut savepoint = savepoint;
            savepoint.rollback()?;
            savepoint.commit()?;
        }
    }
    transaction.commit()?;
    Ok(any_erased)
}

/// Moves everything from the log into the database and empties the log. `false` when a reader was in the way.
fn checkpoint(connection: &Connection) -> bool {
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    busy.is_ok_and(|busy| busy == 0)
}
