//! IndexedDB's events as futures.

use super::StoreError;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, IdbDatabase, IdbRequest, IdbTransaction};

/// Waits for one of two events on a target.
async fn settled(target: &JsValue, good: &str, bad: &[&str]) -> Result<(), JsValue> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        // A handler that cannot be set would wait for ever; the time-outs around every use of this end that.
        let _ = Reflect::set(target, &good.into(), &resolve);
        for name in bad {
            let _ = Reflect::set(target, &(*name).into(), &reject);
        }
    });
    JsFuture::from(promise).await.map(|_| ())
}

/// The result of a request.
pub async fn result(request: &IdbRequest) -> Result<JsValue, StoreError> {
    settled(request, "onsuccess", &["onerror"]).await.map_err(|_| why(request.error().ok().flatten()))?;
    request.result().map_err(|_| StoreError::Dead)
}

/// Waits until a transaction is on disk.
pub async fn complete(transaction: &IdbTransaction) -> Result<(), StoreError> {
    settled(transaction, "oncomplete", &["onabort", "onerror"]).await.map_err(|_| why(transaction.error()))
}

/// What a browser's error means for us.
pub fn why(error: Option<DomException>) -> StoreError {
    match error.map(|error| error.name()).as_deref() {
        Some("QuotaExceededError") => StoreError::Full,
        Some("VersionError") => StoreError::Newer,
        Some("SecurityError" | "InvalidAccessError") => StoreError::Blocked,
        _ => StoreError::Dead,
    }
}

/// Begins a transaction whose end means "on disk": `durability: "strict"`. The typed call for it is not stable yet.
pub fn begin(db: &IdbDatabase, stores: &[&str], mode: &str) -> Result<IdbTransaction, StoreError> {
    let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
    let options = Object::new();
    let begun = Reflect::set(&options, &"durability".into(), &"strict".into())
        .and_then(|_| Reflect::get(db, &"transaction".into()))
        .and_then(|begin| begin.dyn_into::<Function>())
        .and_then(|begin| begin.call3(db, &names, &mode.into(), &options));
    begun.and_then(JsCast::dyn_into).map_err(|error| why(error.dyn_into().ok()))
}

/// Ends a wait that a browser never answers.
pub async fn within<T>(millis: i32, work: impl Future<Output = T>) -> Result<T, StoreError> {
    let (mut work, mut limit) = (std::pin::pin!(work), std::pin::pin!(sleep(millis)));
    std::future::poll_fn(move |context| {
        use std::task::Poll;
        if let Poll::Ready(value) = work.as_mut().poll(context) {
            return Poll::Ready(Ok(value));
        }
        limit.as_mut().poll(context).map(|()| Err(StoreError::Dead))
    })
    .await
}

async fn sleep(millis: i32) {
    let promise = Promise::new(&mut |resolve: Function, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// Runs once when an event comes; for events that nobody waits for.
pub fn on(target: &JsValue, event: &str, run: impl FnMut() + 'static) {
    let run = Closure::<dyn FnMut()>::new(run);
    let _ = Reflect::set(target, &format!("on{event}").into(), run.as_ref());
    run.forget();
}
