//! What holds for every [`Store`]. Run natively on [`super::Memory`] and in a browser on [`super::IndexedDb`].

use super::{Batch, Store};

fn op(n: usize, text: &str) -> (String, String) {
    (format!("00000000000000aa-{n}"), format!("{{\"n\":{n},\"text\":\"{text}\"}}"))
}

/// Runs the whole suite. `open` gives a handle on the same, at first empty, place every time.
///
/// # Panics
/// When the store breaks the contract.
#[expect(clippy::expect_used, reason = "this is a test suite that two test targets share")]
pub async fn check<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    assert_eq!(store.load().await.expect("an empty store loads"), super::Loaded::default());

    store.write(&Batch::default()).await.expect("an empty batch is fine");

    let first = Batch {
        ops: vec![op(1, "æøå 🌧"), op(2, "to")],
        outbox_add: vec![op(1, "").0, op(2, "").0],
        meta: vec![("consents".into(), Some("[]".into())), ("other".into(), Some(String::new()))],
        ..Batch::default()
    };
    store.write(&first).await.expect("a batch is written");
    let again = open().await.load().await.expect("another handle sees it");
    assert_eq!(again.ops, [op(1, "æøå 🌧").1, op(2, "to").1]);
    assert_eq!(again.outbox, [op(1, "").0, op(2, "").0]);
    assert_eq!(again.meta("consents"), Some("[]"));
    assert_eq!(again.meta("other"), Some(""));
    let news = open().await.load_news(&|id| id == op(1, "").0).await.expect("what is not known can be read by itself");
    assert_eq!(news, super::Loaded { ops: vec![op(2, "to").1], ..again });

    let second = Batch {
        ops: vec![op(1, "væk")],
        outbox_remove: vec![op(2, "").0, op(9, "").0],
        meta: vec![("other".into(), None), ("never".into(), None)],
        ..Batch::default()
    };
    open().await.write(&second).await.expect("a second handle writes");
    store.write(&second).await.expect("the same again changes nothing");
    let loaded = store.load().await.expect("the first handle sees it");
    assert_eq!(loaded.ops, [op(1, "væk").1, op(2, "to").1], "an operation with a known identity is replaced");
    assert_eq!(loaded.outbox, [op(1, "").0]);
    assert_eq!(loaded.meta("other"), None);

    let many = Batch { ops: (10..1_010).map(|n| op(n, &"x".repeat(300))).collect(), ..Batch::default() };
    store.write(&many).await.expect("a thousand operations fit in one batch");
    assert_eq!(store.load().await.expect("and come back").ops.len(), 1_002);
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::super::Memory;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    #[test]
    fn memory_keeps_the_contract() {
        let memory = Memory::default();
        let mut suite = pin!(super::check(async || memory.clone()));
        let polled = suite.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(polled, Poll::Ready(())), "memory never waits");
    }
}
