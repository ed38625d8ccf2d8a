//! The app in other tabs of this browser. What one says, the others hear.

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
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
    pub fn tell(&self, texts: Vec<String>) {
        if let Some(channel) = &self.0 {
            let texts: Array = texts.into_iter().map(wasm_bindgen::JsValue::from).collect();
            let _ = channel.post_message(&texts);
        }
    }
}
