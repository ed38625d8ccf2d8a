//! IndexedDB's events as futures.

use super::StoreError;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, IdbDatabase, IdbRequest, IdbTransaction};

/// A promise of one of two events on a target. It listens from now on, whenever it is waited for.
fn outcome_of(target: &JsValue, good: &str, bad: &[&str]) -> Promise {
    Promise::new(&mut |resolve: Function, reject: Function| {
        // A handler that cannot be set would wait for ever; the time-outs around every use of this end that.
        let _ = Reflect::set(target, &good.into(), &resolve);
        for name in bad {
            let _ = Reflect::set(target, &(*name).into(), &reject);
        }
    })
}

/// The result of a request. Call this in the same breath as the request: an answer that comes before is never heard.
pub fn result(request: IdbRequest) -> impl Future<Output = Result<JsValue, StoreError>> {
    let answered = outcome_of(&request, "onsuccess", &["onerror"]);
    async move {
        JsFuture::from(answered).await.map_err(|_| why(request.error().ok().flatten()))?;
        request.result().map_err(|_| StoreError::Dead)
    }
}

/// Waits until a transaction is on disk.
pub fn complete(transaction: IdbTransaction) -> impl Future<Output = Result<(), StoreError>> {
    let ended = outcome_of(&transaction, "oncomplete", &["onabort", "onerror"]);
    async move { JsFuture::from(ended).await.map(|_| ()).map_err(|_| why(transaction.error())) }
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

/// Runs once when an event comes; for events that nobody waits for.
pub fn on(target: &JsValue, event: &str, run: impl FnMut() + 'static) {
    let run = Closure::<dyn FnMut()>::new(run);
    let _ = Reflect::set(target, &format!("on{event}").into(), run.as_ref());
    run.forget();
}
