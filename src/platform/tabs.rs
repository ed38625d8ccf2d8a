//! The app in other tabs of this browser. What one says, the others hear; and each knows which of the others live.

use js_sys::{Array, Function, Promise, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{BroadcastChannel, MessageEvent};

/// A line to the other tabs.
#[derive(Default)]
pub struct Tabs(Option<BroadcastChannel>);

impl Tabs {
    /// Listens; a browser without channels has tabs that learn of each other when they are opened again.
    pub fn open(hear: impl Fn(Vec<String>) + 'static) -> Self {
        let Ok(channel) = BroadcastChannel::new("min-plan") else { return Self(None) };
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let texts = Array::from(&event.data()).iter().filter_map(|text| text.as_string()).collect();
            hear(texts);
        });
        channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        hear.forget();
        Self(Some(channel))
    }

    /// Tells the others.
    pub fn broadcast(&self, texts: Vec<String>) {
        if let Some(channel) = &self.0 {
            let texts: Array = texts.into_iter().map(JsValue::from).collect();
            let _ = channel.post_message(&texts);
        }
    }
}

/// Web Locks of the W3C. web-sys has them, but only behind an unstable switch.
#[wasm_bindgen]
extern "C" {
    type Locks;

    #[wasm_bindgen(method, catch)]
    fn request(this: &Locks, name: &str, hold: &Function) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn query(this: &Locks) -> Result<Promise, JsValue>;

    type Snapshot;

    #[wasm_bindgen(method, getter)]
    fn held(this: &Snapshot) -> Option<Vec<Lock>>;

    type Lock;

    #[wasm_bindgen(method, getter)]
    fn name(this: &Lock) -> String;
}

/// What the name of a living tab's lock begins with.
const LIVING: &str = "min-plan.tab.";

fn locks() -> Option<Locks> {
    let locks = Reflect::get(&web_sys::window()?.navigator(), &"locks".into()).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}

/// Marks this tab as living. The browser takes the mark away with the page, however that ends.
pub fn live(tab: &str) {
    let hold = Closure::<dyn Fn() -> Promise>::new(|| Promise::new(&mut |_, _| {}));
    let held = locks().and_then(|locks| locks.request(&format!("{LIVING}{tab}"), hold.as_ref().unchecked_ref()).ok());
    hold.forget();
    if let Some(held) = held {
        // It never ends, or is refused: then this browser has no storage to write a draft to either.
        spawn_local(async move { drop(JsFuture::from(held).await) });
    }
}

/// Does something while no other tab does what is of this name. Where the browser has no locks it is done all the same.
pub async fn alone<T>(name: &str, work: impl Future<Output = T>) -> T {
    let end = Rc::new(RefCell::new(None::<Function>));
    let mut begin = None::<Function>;
    let begun = Promise::new(&mut |resolve, _| begin = Some(resolve));
    let kept = end.clone();
    let hold = Closure::once_into_js(move || {
        if let Some(begin) = begin {
            let _ = begin.call0(&JsValue::NULL);
        }
        Promise::new(&mut |resolve, _| *kept.borrow_mut() = Some(resolve))
    });
    if let Some(held) = locks().and_then(|locks| locks.request(name, hold.unchecked_ref()).ok()) {
        // It may be refused, too.
        let _ = JsFuture::from(Promise::race(&Array::of2(&begun, &held))).await;
    }
    let done = work.await;
    if let Some(end) = end.take() {
        let _ = end.call0(&JsValue::NULL);
    }
    done
}

/// The tabs that live. `None` when the browser cannot tell.
pub async fn list_living() -> Option<Vec<String>> {
    let asked = locks()?.query().ok()?;
    let snapshot: Snapshot = JsFuture::from(asked).await.ok()?.unchecked_into();
    let names = snapshot.held()?.into_iter().map(|lock| lock.name());
    Some(names.filter_map(|name| name.strip_prefix(LIVING).map(str::to_owned)).collect())
}
