//! The web: routes, what they take and what they answer. `docs/protocol.md` is the reference.
//!
//! Handlers parse, ask [`crate::authorise`] for a permission, and call the store with it. They decide nothing themselves.

mod assets;
mod cookies;
mod copies;
mod desk;
mod devices;
mod error;
mod etags;
mod events;
mod extract;
mod films;
mod guard;
mod guests;
mod messages;
mod profile;
mod ranges;
mod staff;
mod stand_ins;
mod sync;
mod words;
mod young;

pub use assets::Assets;
pub use cookies::Transport;

use crate::clock::Clock;
use crate::limits::Limiter;
use crate::live::Live;
use crate::password::Cost;
use crate::store::Store;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::HeaderValue;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use error::ApiError;
use protocol::{ErrorCode, MAX_BODY};
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

/// An invitation can be used for this long.
pub const INVITATION_MILLIS: u64 = 72 * 60 * 60 * 1000;
/// A secret that no yes came with is remembered for as long as an invitation can be used: after that a yes that was on its
/// way with it finds the code too old.
pub const VOID_MILLIS: u64 = INVITATION_MILLIS;
/// Passwords hashed at once: there are 19 MiB for one.
const HASHES: usize = 1;
/// Reviews laid out at once: each may take the memory of everything that one young person has sent.
const REVIEWS: usize = 2;

/// How this server is set up.
pub struct Settings {
    /// Where people reach it, without a slash at the end.
    pub public_url: String,
    pub transport: Transport,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    pub password_cost: Cost,
}

/// What every handler has at hand.
pub struct App {
    store: Arc<dyn Store>,
    clock: Clock,
    limiter: Limiter,
    settings: Settings,
    assets: Assets,
    hashes: Arc<Semaphore>,
    reviews: Arc<Semaphore>,
    live: Arc<Live>,
}

impl App {
    pub fn new(store: Arc<dyn Store>, clock: Clock, settings: Settings, assets: Assets) -> Self {
        let [hashes, reviews] = [HASHES, REVIEWS].map(|at_once| Arc::new(Semaphore::new(at_once)));
        Self { store, clock, settings, assets, limiter: Limiter::default(), hashes, reviews, live: Arc::default() }
    }

    /// The streams that this server has open.
    pub fn live(&self) -> Arc<Live> {
        self.live.clone()
    }
}

/// Every route, and what holds for all of them.
pub fn router(app: App) -> Router {
    let app = Arc::new(app);
    let api = Router::new()
        .route("/invitations/find", post(young::find_invitation))
        .route("/consents", post(young::give_consent))
        .route("/consents/settle", post(young::settle_consent))
        .route("/consents/{id}/withdraw", post(young::withdraw_consent))
        .route("/sync", post(sync::sync))
        .route("/me", get(young::find_me))
        .route("/events", get(events::young))
        .route("/erase", post(young::erase))
        .route("/looks", get(young::list_looks))
        .route("/guests", post(guests::create_guest).get(guests::list_guests))
        .route("/guests/{id}", delete(guests::end_guest))
        .route("/guests/agenda", post(guests::open_agenda))
        .route("/guests/reflection", post(guests::reflect))
        .route("/devices", post(devices::create_device))
        .route("/devices/invitations", post(devices::create_invitation))
        .route("/devices/{id}", delete(devices::delete_device))
        .route("/staff/session", post(staff::sign_in).get(staff::find_session).delete(staff::sign_out))
        .route("/staff/profile", get(profile::find_profile).put(profile::update_profile))
        .route("/staff/stand-in", get(stand_ins::find).put(stand_ins::name).delete(stand_ins::end))
        .route("/staff/events", get(events::staff))
        .route("/staff/young-people", get(desk::list_young_people))
        .route("/staff/young-people/{id}/custody", post(staff::record_custody))
        .route("/staff/young-people/{id}/review", get(staff::find_review))
        .route("/staff/young-people/{id}/messages", get(messages::find_messages))
        .route("/staff/young-people/{id}/words", post(words::write))
        .route("/staff/young-people/{id}/messages/{contact}", get(messages::find_messages_for))
        .route("/staff/young-people/{id}/words/{contact}", post(words::write_for))
        .route("/staff/young-people/{id}/copies", post(copies::create_copy))
        .route("/staff/invitations", post(staff::create_invitation))
        .route("/staff/invitations/{id}", delete(staff::delete_invitation))
        .method_not_allowed_fallback(wrong_method);
    Router::new()
        .nest("/api/v1", api)
        .fallback(no_route)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CatchPanicLayer::custom(guard::answer_panic))
        .layer(from_fn(guard::limit_time))
        .layer(from_fn_with_state(app.clone(), guard::refuse_cross_site))
        .layer(from_fn_with_state(app.clone(), guard::add_headers))
        .layer(from_fn(guard::log))
        .with_state(app)
}

async fn wrong_method() -> ApiError {
    ApiError::wrong_method()
}

/// What is not the API is a file of one of the apps.
async fn no_route(axum::extract::State(app): axum::extract::State<Arc<App>>, request: Request) -> Response {
    if guard::is_api(request.uri().path()) {
        return ApiError::from(ErrorCode::NotFound).into_response();
    }
    app.assets.answer(request.method(), request.uri().path(), request.headers()).await
}

/// An answer in JSON with a cookie.
fn with_cookie<T: serde::Serialize>(cookie: [(axum::http::HeaderName, HeaderValue); 1], body: T) -> Response {
    (cookie, axum::Json(body)).into_response()
}
