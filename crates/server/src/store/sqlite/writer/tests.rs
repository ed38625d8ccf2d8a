//! When an erasure is answered, with time told.

use super::*;
use tempfile::TempDir;
use tokio::sync::oneshot::error::TryRecvError;

type Answer = oneshot::Receiver<Result<(), StoreError>>;

fn job(what: impl FnOnce(&mut Tx<'_>) + Send + 'static) -> (Box<dyn Job>, Answer) {
    let (sender, answer) = oneshot::channel();
    let work = move |tx: &mut Tx<'_>| {
        what(tx);
        Ok(())
    };
    let outcome = Err(StoreError::Inner("not run".into()));
    (Box::new(Work { work: Some(work), outcome, sender }), answer)
}

fn is_waiting(answer: &mut Answer) -> bool {
    matches!(answer.try_recv(), Err(TryRecvError::Empty))
}

#[test]
fn an_erasure_is_not_answered_while_a_reader_keeps_it_in_the_log() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x");
    let mut connection = Connection::open(&path).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('w')").unwrap();
    let reader = Connection::open(&path).unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM t").unwrap();

    let keys = Keys::new(&[1; 32]);
    let mut log = Log { owed: false, waiting: Vec::new() };
    let begun = Instant::now();
    let mut play = |log: &mut Log, jobs: Vec<Box<dyn Job>>, now| {
        let mut jobs = jobs;
        let erasures = commit(&mut connection, &keys, 1, &mut jobs);
        log.answer(jobs, erasures);
        log.checkpoint_or_wait(&connection, now);
    };
    let delete = |tx: &mut Tx<'_>| {
        tx.connection.execute("DELETE FROM t", []).unwrap();
        tx.erases(Erasure::Done);
    };
    let (erasing, mut erased) = job(delete);
    let (other, mut written) = job(|_| {});
    let (repeating, mut repeated) = job(|tx| tx.erases(Erasure::Again));
    play(&mut log, vec![erasing, other, repeating], begun);
    // Whoever has nothing to do with it goes on; whoever asked for it, or asks for the same again, does not.
    assert!(written.try_recv().unwrap().is_ok());
    assert!(is_waiting(&mut erased) && is_waiting(&mut repeated));
    play(&mut log, Vec::new(), begun + TIMEOUT * 2);
    for answer in [&mut erased, &mut repeated] {
        assert!(matches!(answer.try_recv(), Ok(Err(StoreError::Busy))));
    }
    // Asking again finds nothing to delete, and waits all the same.
    let (erasing, mut erased) = job(delete);
    let (repeating, mut repeated) = job(|tx| tx.erases(Erasure::Again));
    play(&mut log, vec![erasing, repeating], begun);
    assert!(is_waiting(&mut erased) && is_waiting(&mut repeated));
    reader.execute_batch("COMMIT").unwrap();
    play(&mut log, Vec::new(), begun);
    assert!(erased.try_recv().unwrap().is_ok() && repeated.try_recv().unwrap().is_ok());
    assert_eq!(std::fs::metadata(folder.path().join("x-wal")).unwrap().len(), 0);
    // With an empty log a repetition waits for nothing.
    let (repeating, mut repeated) = job(|tx| tx.erases(Erasure::Again));
    let mut jobs = vec![repeating];
    let erasures = commit(&mut connection, &keys, 1, &mut jobs);
    log.answer(jobs, erasures);
    assert!(repeated.try_recv().unwrap().is_ok());
}
