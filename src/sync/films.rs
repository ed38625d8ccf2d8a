//! What is fetched of the films. They are the same for everybody, so nothing goes along that says who asks.

use super::api::Stop;
use crate::platform::clock;
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, ReadableStreamDefaultReader, RequestInit, Response};

/// What says nothing for this long is given up.
const SILENCE_MILLIS: u64 = 20_000;

/// And a list that has not come by then, however it drips.
const LIST_MILLIS: u64 = 40_000;

/// A file of the films, from the server and not from what is kept; `hear` is told of every piece, in bytes, and says whether it is
/// still wanted. `None` when it did not come whole.
pub async fn fetch_file(file: &str, hear: impl Fn(u64) -> bool) -> Option<Blob> {
    let stop = Stop::new().ok()?;
    let fetched = read(file, &stop, hear).await;
    if fetched.is_none() {
        stop.now();
    }
    fetched
}

async fn read(file: &str, stop: &Stop, hear: impl Fn(u64) -> bool) -> Option<Blob> {
    let options = RequestInit::new();
    options.set_signal(Some(&stop.signal()));
    // The service worker leaves such a request to the network.
    let _ = Reflect::set(&options, &"cache".into(), &"reload".into());
    let _ = Reflect::set(&options, &"credentials".into(), &"omit".into());
    let asked = web_sys::window()?.fetch_with_str_and_init(&format!("/films/{file}"), &options);
    let response: Response = clock::within(SILENCE_MILLIS, JsFuture::from(asked)).await?.ok()?.unchecked_into();
    let kind = response.headers().get("content-type").ok().flatten().unwrap_or_default();
    // A network that wants to be signed in to answers everything with a page of its own.
    if !response.ok() || response.redirected() || !kind.starts_with(kind_of(file)) {
        return None;
    }
    let reader: ReadableStreamDefaultReader = response.body()?.get_reader().unchecked_into();
    let pieces = Array::new();
    loop {
        let next = clock::within(SILENCE_MILLIS, JsFuture::from(reader.read())).await?.ok()?;
        if Reflect::get(&next, &"done".into()).ok()? == true {
            break;
        }
        let piece: Uint8Array = Reflect::get(&next, &"value".into()).ok()?.dyn_into().ok()?;
        if !hear(u64::from(piece.length())) {
            return None;
        }
        pieces.push(&piece);
    }
    let options = BlobPropertyBag::new();
    options.set_type(&kind);
    Blob::new_with_u8_array_sequence_and_options(&pieces, &options).ok()
}

/// What the type of a file begins with.
fn kind_of(file: &str) -> &'static str {
    match file.rsplit_once('.').map(|(_, end)| end) {
        Some("mp4") => "video/mp4",
        Some("vtt") => "text/vtt",
        Some("json") => "application/json",
        _ => "image/",
    }
}

/// The same of a file that is a text.
pub async fn fetch_text(file: &str) -> Option<String> {
    let body = clock::within(LIST_MILLIS, fetch_file(file, |_| true)).await??;
    JsFuture::from(body.text()).await.ok()?.as_string()
}
