//! The young person's devices: a second one is added with a code from the first.

use super::cookies::Jar;
use super::error::ApiError;
use super::extract::{Body, ClientAddress, MaybeYoung};
use super::{App, INVITATION_MILLIS, with_cookie};
use crate::authorise::{self, YoungPermission};
use crate::ids::{DeviceId, Token, random};
use crate::live::Topic;
use crate::store::{Inviter, MOST_DEVICES, StoreError};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use protocol::{AddDeviceRequest, Code, DeviceInvitationView, ErrorCode};
use std::sync::Arc;

pub async fn create_invitation(
    State(app): State<Arc<App>>,
    young: YoungPermission,
) -> Result<Json<DeviceInvitationView>, ApiError> {
    let code = new_code()?;
    let now = app.clock.now();
    let expires_at = now.saturating_add(INVITATION_MILLIS);
    app.store.create_device_invitation(&young, &code, expires_at, now).await.map_err(say_too_many)?;
    Ok(Json(DeviceInvitationView { code: code.to_string(), expires_at }))
}

fn say_too_many(error: StoreError) -> ApiError {
    match error {
        StoreError::Refused(ErrorCode::TooLarge) => {
            ApiError::new(ErrorCode::TooLarge, format!("there are {MOST_DEVICES} phones already: sign one out first"))
        }
        error => error.into(),
    }
}

pub(super) fn new_code() -> Result<Code, ApiError> {
    Ok(Code::from_random(u64::from_be_bytes(random()?)))
}

pub async fn create_device(
    State(app): State<Arc<App>>,
    MaybeYoung(young): MaybeYoung,
    ClientAddress(address): ClientAddress,
    Body(request): Body<AddDeviceRequest>,
) -> Result<Response, ApiError> {
    let invitation = app.try_code(&request.code, address).await?;
    let Inviter::Device { young: owner } = invitation.inviter() else { return Err(ErrorCode::WrongCode.into()) };
    if let Some(young) = young {
        // One's own code on a device that is signed in already: nothing to do, and the code stays good for another.
        if young.young() == owner {
            return Ok(Json(app.view_me(&young).await?).into_response());
        }
        return Err(ErrorCode::AlreadyConnected.into());
    }
    let token = Token::new()?;
    app.store.create_device(invitation, token.hash(), app.clock.now()).await.map_err(say_too_many)?;
    let young = authorise::young(app.store.as_ref(), Some(&token)).await?;
    let me = app.view_me(&young).await?;
    Ok(with_cookie(Jar::Young.set(app.settings.transport, &token), me))
}

pub async fn delete_device(
    State(app): State<Arc<App>>,
    young: YoungPermission,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let device = DeviceId(id);
    let deleting = app.store.delete_device(&young, &device, app.clock.now());
    let (live, topic) = (app.live(), Topic::Young(young.young().clone(), device.clone()));
    let there = app.finish(deleting, move |done| {
        matches!(done, Ok(true)).then(|| live.end(&topic));
        None
    });
    if !there.await? {
        return Err(ErrorCode::NotFound.into());
    }
    if device == *young.device() {
        return Ok((StatusCode::NO_CONTENT, Jar::Young.clear(app.settings.transport)).into_response());
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
