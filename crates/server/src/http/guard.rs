//! What holds for every request and every answer: headers, time, where it came from, the log.

use super::App;
use super::cookies::Transport;
use super::error::ApiError;
use crate::ids::{hex, random};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use protocol::{ErrorBody, ErrorCode};
use std::any::Any;
use std::io;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

/// No request takes this long that is not stuck.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Nothing from any other origin, and nothing inline but the style that a page brings, by its hash.
pub fn policy(styles: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src {styles}; img-src 'self' data:; \
         connect-src 'self'; manifest-src 'self'; worker-src 'self'; font-src 'self'; media-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    HeaderValue::from_str(&policy("'self'")).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// Sets the headers of every answer.
pub async fn add_headers(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let is_api = is_api(request.uri().path());
    let mut response = next.run(request).await;
    if response.status() == StatusCode::NOT_MODIFIED {
        // A length would have to be that of the whole (RFC 9110, 8.6), and axum counts this one. So it is one without a length.
        *response.body_mut() = Body::from_stream(stream::empty::<io::Result<Bytes>>());
    }
    let headers = response.headers_mut();
    // A page has one of its own.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| POLICY.clone());
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if app.settings.transport == Transport::Https {
        let forever = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, forever);
    }
    response
}

pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Refuses what another site makes a browser send. The cookies are `SameSite=Strict` already; this is the second lock.
pub async fn refuse_cross_site(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && is_api(request.uri().path()) {
        let headers = request.headers();
        if !is_same_site(&app, headers) {
            return ApiError::new(ErrorCode::Forbidden, "the request comes from another site").into_response();
        }
        if !is_json(headers) {
            return ApiError::new(ErrorCode::Malformed, "a body must be application/json").into_response();
        }
    }
    next.run(request).await
}

fn is_same_site(app: &App, headers: &HeaderMap) -> bool {
    // No script can set the first one, so where there is one it decides. Clients that are not browsers send neither.
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let own = app.settings.public_url.trim_end_matches('/');
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    origin == own || host.is_some_and(|host| origin.split_once("://").is_some_and(|(_, from)| from == host))
}

/// Forms cannot send JSON. A request without a body needs no type.
fn is_json(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let has_body = length.is_some_and(|length| length != "0") || headers.contains_key(header::TRANSFER_ENCODING);
    match headers.get(header::CONTENT_TYPE).map(HeaderValue::to_str) {
        None => !has_body,
        Some(Ok(kind)) => {
            kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
        }
        Some(Err(_)) => false,
    }
}

/// Gives up on a request that takes too long. What it wrote stands, and it may be sent again: everything is idempotent.
pub async fn limit_time(request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(TIMEOUT, next.run(request)).await;
    answer.unwrap_or_else(|_| ApiError::busy("the request took too long").into_response())
}

/// One line per request: the route's pattern and never the path, which holds identities; never a body or a header.
pub async fn log(request: Request, next: Next) -> Response {
    let id = random::<8>().map(|bytes| hex(&bytes)).unwrap_or_default();
    let method = request.method().clone();
    let route = match request.extensions().get::<MatchedPath>() {
        Some(route) => route.as_str().to_owned(),
        None if is_api(request.uri().path()) => "/api/(unknown)".to_owned(),
        None => "(static)".to_owned(),
    };
    let begun = Instant::now();
    let mut response = next.run(request).await;
    let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    if status >= 500 {
        tracing::error!(request = %id, %method, route, status, millis, "request");
    } else {
        tracing::info!(request = %id, %method, route, status, millis, "request");
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

/// What is left of a request whose handler has panicked.
pub fn answer_panic(_panic: Box<dyn Any + Send>) -> Response<Body> {
    // The panic hook has written where; what the panic says may hold content and is not repeated.
    let body = ErrorBody { code: ErrorCode::Internal, message: "a fault of the server's own".to_owned() };
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}
