//! Copies that a contact takes of what they read.

use super::App;
use super::error::ApiError;
use super::extract::Body;
use super::young::ATTEMPTS;
use crate::authorise::StaffPermission;
use crate::authorise::contact;
use crate::ids::YoungId;
use crate::store::StoreError;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use protocol::{CopyKind, CopyRequest, ErrorCode, parse_parts};
use std::sync::Arc;

/// Characters in the name of a copy.
const ID_LENGTH: usize = 16;

/// It is written down before the contact's app prints or keeps anything.
pub async fn create_copy(
    State(app): State<Arc<App>>,
    staff: StaffPermission,
    Path(young): Path<String>,
    Body(request): Body<CopyRequest>,
) -> Result<StatusCode, ApiError> {
    let CopyRequest { id, kind, parts } = request;
    let malformed = |what| ApiError::new(ErrorCode::Malformed, what);
    let parts = parse_parts(&parts).filter(|parts| !parts.is_empty());
    let parts = parts.ok_or_else(|| malformed("`parts` names parts, one at least"))?;
    if kind == CopyKind::Other {
        return Err(malformed("`kind` is `print` or `text`"));
    }
    if id.len() != ID_LENGTH || !id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(malformed("`id` has 16 hexadecimal characters in small letters"));
    }
    let young = YoungId(young);
    for _ in 0..ATTEMPTS {
        let now = app.clock.now();
        let reading = contact::review(app.store.as_ref(), &staff, &young, now).await?;
        let permission = contact::copy(&reading, parts)?;
        match app.finish(app.store.record_copy(permission, &id, kind, now), |_| None).await {
            // A yes or a no was said in this moment: it is decided anew.
            Err(StoreError::Stale) => {}
            recorded => {
                recorded?;
                return Ok(StatusCode::NO_CONTENT);
            }
        }
    }
    Err(StoreError::Busy.into())
}
