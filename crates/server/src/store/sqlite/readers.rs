//! The connections that read: few, since each answer is quick, and apart from the writer, so that nobody waits for a commit.

use super::open::open_reader;
use crate::seal::Keys;
use crate::store::StoreError;
use rusqlite::{Connection, Transaction};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

const CONNECTIONS: usize = 4;

pub struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
    keys: Keys,
}

impl Readers {
    pub fn open(path: &Path, keys: Keys) -> Result<Self, super::open::OpenError> {
        let connections: Vec<Connection> = (0..CONNECTIONS).map(|_| open_reader(path)).collect::<Result<_, _>>()?;
        Ok(Self { permits: Arc::new(Semaphore::new(connections.len())), idle: Arc::new(Mutex::new(connections)), keys })
    }

    /// Runs the question in one transaction: everything in it is from the same moment.
    pub async fn read<T, F>(&self, question: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection, &Keys) -> Result<T, StoreError> + Send + 'static,
    {
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| StoreError::Busy)?;
        let connection = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().ok_or(StoreError::Busy)?;
        let (idle, keys) = (self.idle.clone(), self.keys.clone());
        let answer = tokio::task::spawn_blocking(move || {
            // Held by the work and not by who asked: a request that is given up has its connection until the work ends.
            let _permit = permit;
            let lent = Lent { connection: Some(connection), idle };
            let Some(connection) = &lent.connection else { return Err(StoreError::Busy) };
            let transaction = Transaction::new_unchecked(connection, rusqlite::TransactionBehavior::Deferred)?;
            let answer = question(&transaction, &keys)?;
            transaction.finish()?;
            Ok(answer)
        });
        answer.await.map_err(|error| StoreError::Inner(error.into()))?
    }

    /// No more questions; those under way are waited for.
    pub async fn close(&self) {
        let all = u32::try_from(CONNECTIONS).unwrap_or(1);
        if let Ok(permits) = self.permits.acquire_many(all).await {
            permits.forget();
        }
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Brings a connection back, also when the question panics.
struct Lent {
    connection: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::FILE;
    use super::super::open::open_writer;
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    #[tokio::test]
    async fn questions_that_were_given_up_turn_nobody_away() {
        let folder = tempfile::TempDir::new().unwrap();
        let (path, keys) = (folder.path().join(FILE), Keys::new(&[7; 32]));
        drop(open_writer(&path, &keys).unwrap());
        let readers = Readers::open(&path, keys).unwrap();
        let mut ends = Vec::new();
        for _ in 0..CONNECTIONS {
            let (end, ended) = mpsc::channel::<()>();
            let (begin, begun) = mpsc::channel();
            let question = readers.read(move |_, _| {
                let _ = begin.send(());
                let _ = ended.recv();
                Ok(())
            });
            // Asked, and given up while it is being answered.
            assert!(tokio::time::timeout(Duration::from_millis(1), question).await.is_err());
            begun.recv().unwrap();
            ends.push(end);
        }
        let mut next = std::pin::pin!(readers.read(|_, _| Ok(1)));
        let early = tokio::time::timeout(Duration::from_millis(1), &mut next).await;
        assert!(early.is_err(), "it waits for its turn: {early:?}");
        drop(ends);
        assert_eq!(next.await.unwrap(), 1);
    }
}
