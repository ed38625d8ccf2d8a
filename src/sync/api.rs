//! The endpoints of the young person's app. See `docs/protocol.md`.

use js_sys::{Array, Function, Object, Reflect};
use protocol::{
    AddDeviceRequest, ConsentView, DeviceInvitationView, EraseResponse, ErrorBody, ErrorCode, FindInvitationRequest,
    GiveConsentRequest, InvitationView, LooksView, MeView, SyncRequest, SyncResponse,
};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response};

/// Bytes from which on a body is packed. What somebody writes in a day stays below it.
const WORTH_PACKING: usize = 16 * 1024;

/// Why a request came to nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// No answer: no network, or no server.
    Offline,
    /// The server's own word for it.
    Refused(ErrorCode),
}

type Answer<T> = Result<T, Failure>;

/// Sends a request and reads the answer as JSON; an empty answer reads as `null`.
pub(super) async fn call<T: DeserializeOwned>(method: &str, path: String, body: Option<String>) -> Answer<T> {
    let text = fetch(method, path, body).await?;
    serde_json::from_str(if text.is_empty() { "null" } else { &text }).map_err(|_| Failure::Refused(ErrorCode::Unknown))
}

/// Everything about a request that does not depend on what it asks for, so that the program holds it once.
pub(super) async fn fetch(method: &str, path: String, body: Option<String>) -> Answer<String> {
    let options = RequestInit::new();
    options.set_method(method);
    // The service worker leaves the API alone, and so must every cache.
    let _ = Reflect::set(&options, &"cache".into(), &"no-store".into());
    if let Some(body) = body {
        let headers = Object::new();
        let _ = Reflect::set(&headers, &"content-type".into(), &"application/json".into());
        let packed = if body.len() > WORTH_PACKING { pack(&body).await } else { None };
        if packed.is_some() {
            let _ = Reflect::set(&headers, &"content-encoding".into(), &"gzip".into());
        }
        options.set_headers(&headers);
        options.set_body(&packed.unwrap_or_else(|| body.into()));
    }
    let window = web_sys::window().ok_or(Failure::Offline)?;
    let asked = window.fetch_with_str_and_init(&format!("/api/v1/{path}"), &options);
    let response: Response = JsFuture::from(asked).await.map_err(|_| Failure::Offline)?.unchecked_into();
    let text = read(&response).await.ok_or(Failure::Offline)?;
    if response.ok() {
        return Ok(text);
    }
    // A proxy in between answers without our error body; its own faults are like no answer.
    let error = serde_json::from_str::<ErrorBody>(&text);
    Err(error.map_or(Failure::Offline, |error| Failure::Refused(error.code)))
}

/// What was written in weeks without a network, at a fifth of its size. `None` in a browser that cannot do it.
async fn pack(body: &str) -> Option<JsValue> {
    // The typed name of it is not stable yet.
    let stream: Function = Reflect::get(&js_sys::global(), &"CompressionStream".into()).ok()?.dyn_into().ok()?;
    let gzip = Reflect::construct(&stream, &Array::of1(&"gzip".into())).ok()?;
    let plain = Response::new_with_opt_str(Some(body)).ok()?.body()?;
    let packed = plain.pipe_through(gzip.unchecked_ref());
    let packed = Response::new_with_opt_readable_stream(Some(&packed)).ok()?;
    JsFuture::from(packed.array_buffer().ok()?).await.ok()
}

async fn read(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?).await.ok().as_ref().and_then(JsValue::as_string)
}

pub(super) async fn post<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Answer<T> {
    let body = serde_json::to_string(body).map_err(|_| Failure::Refused(ErrorCode::Malformed))?;
    call("POST", path.to_owned(), Some(body)).await
}

pub async fn find_invitation(code: String) -> Answer<InvitationView> {
    post("invitations/find", &FindInvitationRequest { code }).await
}

pub async fn give_consent(request: &GiveConsentRequest) -> Answer<ConsentView> {
    post("consents", request).await
}

pub async fn withdraw(consent: &str) -> Answer<()> {
    fetch("POST", format!("consents/{consent}/withdraw"), Some("{}".into())).await.map(|_| ())
}

pub async fn erase() -> Answer<EraseResponse> {
    call("POST", "erase".into(), Some("{}".into())).await
}

pub async fn me() -> Answer<MeView> {
    call("GET", "me".into(), None).await
}

pub async fn list_looks() -> Answer<LooksView> {
    call("GET", "looks".into(), None).await
}

pub async fn invite_device() -> Answer<DeviceInvitationView> {
    call("POST", "devices/invitations".into(), Some("{}".into())).await
}

pub async fn add_device(code: String) -> Answer<MeView> {
    post("devices", &AddDeviceRequest { code }).await
}

pub async fn remove_device(device: &str) -> Answer<()> {
    fetch("DELETE", format!("devices/{device}"), None).await.map(|_| ())
}

/// Words leave the phone here and nowhere else; [`super::driver`] is the only caller and holds the permit.
pub(super) async fn sync(request: &SyncRequest) -> Answer<SyncResponse> {
    post("sync", request).await
}
