//! What a request brings: a body of JSON, a permission by cookie, an address to count tries by.

use super::App;
use super::cookies::Jar;
use super::error::ApiError;
use crate::authorise::{self, StaffPermission, YoungPermission};
use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use flate2::read::GzDecoder;
use protocol::{ErrorCode, MAX_BODY, STAFF_HEADER};
use serde::de::DeserializeOwned;
use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

/// A body of JSON. Its faults are answered in our own words; what was sent is not repeated in them.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, ApiError> {
        let bytes = bytes(request, app).await?;
        parse(&bytes).map(Self)
    }
}

/// A body as it came.
pub struct Raw(pub Bytes);

impl FromRequest<Arc<App>> for Raw {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, ApiError> {
        bytes(request, app).await.map(Self)
    }
}

async fn bytes(request: Request, app: &Arc<App>) -> Result<Bytes, ApiError> {
    let encoding = request.headers().get(header::CONTENT_ENCODING).cloned();
    let bytes = Bytes::from_request(request, app).await.map_err(|rejection| {
        let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
        if too_large { ErrorCode::TooLarge.into() } else { ApiError::from(ErrorCode::Malformed) }
    })?;
    match encoding {
        None => Ok(bytes),
        Some(encoding) if encoding == "gzip" => unpack(&bytes),
        Some(_) => Err(ApiError::new(ErrorCode::Malformed, "a body may be packed with gzip, and with nothing else")),
    }
}

/// What a phone with a slow network has packed. The limit holds for what comes out, so that a small body cannot become a
/// large one.
fn unpack(packed: &[u8]) -> Result<Bytes, ApiError> {
    let mut body = Vec::new();
    let most = MAX_BODY as u64 + 1;
    let mut packed = GzDecoder::new(packed).take(most);
    packed.read_to_end(&mut body).map_err(|_| ApiError::new(ErrorCode::Malformed, "the body is not gzip"))?;
    if body.len() > MAX_BODY { Err(ErrorCode::TooLarge.into()) } else { Ok(body.into()) }
}

/// Reads JSON, and says where it is wrong without saying what it was.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => "the body has other fields than this endpoint takes",
            _ => "the body is not JSON",
        };
        ApiError::new(ErrorCode::Malformed, format!("{what} (line {}, column {})", error.line(), error.column()))
    })
}

impl FromRequestParts<Arc<App>> for YoungPermission {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        Ok(app.young(&parts.headers).await?)
    }
}

/// The young person, when there is one: some endpoints take both.
pub struct MaybeYoung(pub Option<YoungPermission>);

impl FromRequestParts<Arc<App>> for MaybeYoung {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        match app.young(&parts.headers).await {
            Ok(permission) => Ok(Self(Some(permission))),
            Err(authorise::Denied::For(ErrorCode::SignedOut)) => Ok(Self(None)),
            Err(denied) => Err(denied.into()),
        }
    }
}

impl FromRequestParts<Arc<App>> for StaffPermission {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        Ok(app.staff(&parts.headers).await?)
    }
}

/// Somebody of staff who only listens. That keeps no session open: a screen that nobody is at does it for hours.
pub struct Listening(pub StaffPermission);

impl FromRequestParts<Arc<App>> for Listening {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        Ok(Self(app.listening(&parts.headers).await?))
    }
}

impl App {
    pub async fn young(&self, headers: &HeaderMap) -> Result<YoungPermission, authorise::Denied> {
        let token = Jar::Young.find(self.settings.transport, headers);
        authorise::young(self.store.as_ref(), token.as_ref()).await
    }

    pub async fn listening(&self, headers: &HeaderMap) -> Result<StaffPermission, authorise::Denied> {
        let token = Jar::Staff.find(self.settings.transport, headers);
        authorise::staff(self.store.as_ref(), token.as_ref(), self.clock.now()).await
    }

    /// Using a session keeps it open.
    async fn staff(&self, headers: &HeaderMap) -> Result<StaffPermission, authorise::Denied> {
        const RENEW_MILLIS: u64 = 60_000;
        let token = Jar::Staff.find(self.settings.transport, headers);
        let now = self.clock.now();
        let permission = authorise::staff(self.store.as_ref(), token.as_ref(), now).await?;
        if headers.get(STAFF_HEADER).is_some_and(|staff| staff != permission.id().as_str()) {
            return Err(ErrorCode::SignedOut.into());
        }
        if let Some(token) = token.filter(|_| now >= permission.seen_at().saturating_add(RENEW_MILLIS)) {
            self.store.renew_session(token.hash(), now).await?;
        }
        Ok(permission)
    }
}

/// Where the request comes from, for counting tries.
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<Arc<App>> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        // A listener on `::` tells IPv4 addresses as `::ffff:127.0.0.1`: each has one spelling from here on.
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip().to_canonical());
        // Anybody can write the header; it counts only from a proxy that is known to write it itself, and then the last one.
        let is_trusted = app.settings.trusted_proxies.iter().any(|proxy| proxy.to_canonical() == peer);
        let forwarded = is_trusted.then(|| last_forwarded(&parts.headers)).flatten();
        Ok(Self(forwarded.unwrap_or(peer)))
    }
}

fn last_forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next()?.trim().parse().ok()
}
