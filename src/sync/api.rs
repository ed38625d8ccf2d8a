//! The endpoints of the young person's app. See `docs/protocol.md`.

use crate::platform::clock;
use js_sys::{Array, Function, Object, Reflect};
use protocol::{
    AddDeviceRequest, AgendaView, CreateGuestRequest, DeviceInvitationView, FindInvitationRequest, GuestLinkView,
    GuestsView, InvitationView, LooksView, MeView, OpenAgendaRequest, ReflectRequest, STAFF_HEADER,
};
use serde::de::DeserializeOwned;
use session::{Call, Failure, Request};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, RequestInit, Response};

/// Bytes from which on a body is packed. What somebody writes in a day stays below it.
const WORTH_PACKING: usize = 16 * 1024;
/// A question that somebody waits for is given up after this long.
const LIMIT_MILLIS: u64 = 10_000;

/// The means to give a request up.
#[derive(Clone, PartialEq)]
pub struct Stop(AbortController);

impl Stop {
    /// # Errors
    /// When the browser has no such thing: then nothing is sent.
    pub fn new() -> Result<Self, Failure> {
        AbortController::new().map(Self).map_err(|_| Failure::Offline)
    }

    pub(super) fn signal(&self) -> AbortSignal {
        self.0.signal()
    }

    /// Gives the request up in this moment.
    pub fn now(&self) {
        self.0.abort();
    }
}

/// Sends one request and answers with whether it was a success, and its body. Everything that speaks to the server comes
/// through here, and nothing is waited for longer than the limit: then it is given up, and the answer is `None`.
pub async fn fetch(call: &Call, limit_millis: u64, stop: &Stop) -> Option<Result<(bool, String), Failure>> {
    let answer = clock::within(limit_millis, send(call, stop)).await;
    if answer.is_none() {
        stop.now();
    }
    answer.map(|answer| answer.ok_or(Failure::Offline))
}

async fn send(call: &Call, stop: &Stop) -> Option<(bool, String)> {
    let options = RequestInit::new();
    options.set_method(call.method);
    options.set_signal(Some(&stop.signal()));
    // The service worker leaves the API alone, and so must every cache.
    let _ = Reflect::set(&options, &"cache".into(), &"no-store".into());
    let _ = Reflect::set(&options, &"keepalive".into(), &call.outlives_page.into());
    let headers = Object::new();
    if let Some(staff) = &call.staff {
        let _ = Reflect::set(&headers, &STAFF_HEADER.into(), &staff.into());
    }
    if let Some(body) = &call.body {
        let _ = Reflect::set(&headers, &"content-type".into(), &"application/json".into());
        let packed = if body.len() > WORTH_PACKING { pack(body).await } else { None };
        if packed.is_some() {
            let _ = Reflect::set(&headers, &"content-encoding".into(), &"gzip".into());
        }
        options.set_body(&packed.unwrap_or_else(|| body.into()));
    }
    options.set_headers(&headers);
    let asked = web_sys::window()?.fetch_with_str_and_init(&format!("/api/v1/{}", call.path), &options);
    let response: Response = JsFuture::from(asked).await.ok()?.unchecked_into();
    let text = JsFuture::from(response.text().ok()?).await.ok()?;
    Some((response.ok(), text.as_string()?))
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

/// Asks something that somebody waits for.
///
/// # Errors
/// When there is no answer in time, or the server says no.
pub(super) async fn ask<T: DeserializeOwned>(call: Call) -> Result<T, Failure> {
    ask_until(&Stop::new()?, call).await
}

/// The same for as long as nobody gives it up.
async fn ask_until<T: DeserializeOwned>(stop: &Stop, call: Call) -> Result<T, Failure> {
    let (is_success, body) = fetch(&call, LIMIT_MILLIS, stop).await.unwrap_or(Err(Failure::Offline))?;
    session::read(is_success, &body)
}

/// Asks for something to be done, whatever the answer says beside yes.
pub(super) async fn submit(call: Call) -> Result<(), Failure> {
    ask::<serde::de::IgnoredAny>(call).await.map(drop)
}

pub async fn find_invitation(stop: &Stop, code: String) -> Result<InvitationView, Failure> {
    ask_until(stop, Call::post("invitations/find", &FindInvitationRequest { code })).await
}

pub async fn find_me(stop: &Stop) -> Result<MeView, Failure> {
    ask_until(stop, Request::Me.call()).await
}

pub async fn list_looks(stop: &Stop) -> Result<LooksView, Failure> {
    ask_until(stop, Call::get("looks")).await
}

pub async fn invite_device() -> Result<DeviceInvitationView, Failure> {
    ask(Call { method: "POST", body: Some("{}".to_owned()), ..Call::get("devices/invitations") }).await
}

pub async fn add_device(code: String) -> Result<MeView, Failure> {
    ask(Call::post("devices", &AddDeviceRequest { code })).await
}

pub async fn remove_device(device: &str) -> Result<(), Failure> {
    submit(Call::delete(format!("devices/{device}"))).await
}

pub async fn create_guest(request: &CreateGuestRequest) -> Result<GuestLinkView, Failure> {
    ask(Call::post("guests", request)).await
}

pub async fn list_guests(stop: &Stop) -> Result<GuestsView, Failure> {
    ask_until(stop, Call::get("guests")).await
}

pub async fn end_guest(guest: &str) -> Result<(), Failure> {
    submit(Call::delete(format!("guests/{guest}"))).await
}

/// What a guest asks, who is signed in nowhere.
pub async fn open_agenda(request: &OpenAgendaRequest) -> Result<AgendaView, Failure> {
    ask(Call::post("guests/agenda", request)).await
}

/// How it was for a guest.
pub async fn reflect(request: &ReflectRequest) -> Result<(), Failure> {
    submit(Call::post("guests/reflection", request)).await
}
