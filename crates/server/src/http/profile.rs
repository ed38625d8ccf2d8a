//! What a contact tells about themselves: theirs to write, and told to who is asked for a yes and to who has given one.

use super::App;
use super::error::ApiError;
use super::extract::Body;
use crate::authorise::StaffPermission;
use axum::Json;
use axum::extract::State;
use plan::limits::{MAX_ABOUT, MAX_HOURS};
use plan::{Consent, Profile};
use protocol::{ConsentView, ErrorCode, ProfileView};
use std::sync::Arc;

pub async fn find_profile(State(app): State<Arc<App>>, staff: StaffPermission) -> Result<Json<ProfileView>, ApiError> {
    Ok(Json(app.store.find_profile(&staff).await?.into()))
}

pub async fn update_profile(
    State(app): State<Arc<App>>,
    staff: StaffPermission,
    Body(request): Body<ProfileView>,
) -> Result<Json<ProfileView>, ApiError> {
    let profile = Profile::from(ProfileView {
        about: request.about.trim().to_owned(),
        hours: request.hours.trim().to_owned(),
        away: request.away.trim().to_owned(),
    });
    if !profile.fits() {
        let most =
            format!("`about` has at most {MAX_ABOUT} characters, `hours` and `away` {MAX_HOURS}, and all are text");
        return Err(ApiError::new(ErrorCode::TooLarge, most));
    }
    app.store.update_profile(&staff, profile.clone(), app.clock.now()).await?;
    Ok(Json(profile.into()))
}

/// A consent as the young person who gave it is told of it: what the contact tells about themselves only while it holds.
pub fn view_consent(consent: &Consent, now: u64) -> ConsentView {
    let profile = consent.told(now).cloned().unwrap_or_default();
    ConsentView::from(&Consent { profile, ..consent.clone() })
}
