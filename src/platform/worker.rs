//! The service worker: registered at the start, and told to take over only when the young person says so.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    // Absent in private windows of some browsers and on pages that are not secure.
    let there = Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false);
    there.then(|| navigator.service_worker())
}

/// Registers the worker, and calls back when a new build waits to take over.
pub fn register(waiting: impl Fn() + Clone + 'static) {
    spawn_local(async move {
        let Some(container) = container() else { return };
        let Ok(registered) = JsFuture::from(container.register("/sw.js")).await else { return };
        let registration: ServiceWorkerRegistration = registered.unchecked_into();
        if registration.waiting().is_some_and(|worker| replaces_another(&worker, &container)) {
            waiting();
        }
        let found = registration.clone();
        let watch = Closure::<dyn Fn()>::new(move || {
            let Some(worker) = found.installing() else { return };
            let (changed, waiting, container) = (worker.clone(), waiting.clone(), container.clone());
            let state = Closure::<dyn Fn()>::new(move || {
                if changed.state() == ServiceWorkerState::Installed && replaces_another(&changed, &container) {
                    waiting();
                }
            });
            worker.set_onstatechange(Some(state.as_ref().unchecked_ref()));
            state.forget();
        });
        registration.set_onupdatefound(Some(watch.as_ref().unchecked_ref()));
        watch.forget();
    });
}

/// The very first worker replaces nothing, so there is nothing to tell; WebKit may call it waiting when it is in charge already.
fn replaces_another(worker: &ServiceWorker, container: &ServiceWorkerContainer) -> bool {
    container.controller().is_some_and(|in_charge| in_charge != *worker)
}

/// Tells the worker that the welcome is no longer the right first paint.
pub fn skip_welcome() {
    mark("begun", true);
}

/// Tells the worker whether what it shows before the program is to be in English.
pub fn show_english(is_english: bool) {
    mark("english", is_english);
}

/// The worker looks for caches of these names, and cannot see anything else that the app knows.
fn mark(name: &'static str, is_set: bool) {
    let Some(window) = web_sys::window() else { return };
    if Reflect::has(&window, &"caches".into()).unwrap_or(false)
        && let Ok(caches) = window.caches()
    {
        spawn_local(async move {
            // What cannot be kept costs the wrong first paint for a moment.
            if is_set {
                let _ = JsFuture::from(caches.open(name)).await;
            } else {
                let _ = JsFuture::from(caches.delete(name)).await;
            }
        });
    }
}

/// Looks for a newer build; for when the app comes back after hours in the background.
pub fn look_for_update() {
    spawn_local(async {
        let Some(container) = container() else { return };
        if let Ok(registration) = JsFuture::from(container.get_registration()).await
            && let Ok(registration) = registration.dyn_into::<ServiceWorkerRegistration>()
            && let Ok(update) = registration.update()
        {
            // Offline: there is nothing newer to be had.
            let _ = JsFuture::from(update).await;
        }
    });
}

/// Lets the waiting build take over, and loads the app from it once.
pub async fn take_update() {
    let Some(container) = container() else { return };
    let Ok(registration) = JsFuture::from(container.get_registration()).await else { return };
    let Ok(registration) = registration.dyn_into::<ServiceWorkerRegistration>() else { return };
    // None waits when another tab has let it take over.
    let Some(worker) = registration.waiting() else { return reload() };
    container.set_oncontrollerchange(Some(Closure::once_into_js(reload).unchecked_ref()));
    let message = Object::new();
    let _ = Reflect::set(&message, &"type".into(), &"activate".into());
    let _ = worker.post_message(&message);
}

fn reload() {
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}
