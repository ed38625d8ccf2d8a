//! What adults write to a young person.

use super::App;
use super::error::ApiError;
use super::extract::Body;
use super::young::ATTEMPTS;
use crate::authorise::{self, StaffPermission};
use crate::ids::YoungId;
use crate::store::StoreError;
use axum::Json;
use axum::extract::{Path, State};
use plan::author::Writing;
use protocol::{ErrorCode, MAX_WORDS, WordsView, WriteRequest, WriteResponse};
use std::sync::Arc;

pub async fn write(
    State(app): State<Arc<App>>,
    staff: StaffPermission,
    Path(young): Path<String>,
    Body(request): Body<WriteRequest>,
) -> Result<Json<WriteResponse>, ApiError> {
    let count = request.words.len();
    if count == 0 || count > MAX_WORDS {
        return Err(ApiError::new(ErrorCode::Malformed, format!("`words` has 1 to {MAX_WORDS} fields")));
    }
    let young = YoungId(young);
    let writings: Vec<Writing> = request.words.iter().map(|words| read(&staff, words)).collect::<Result<_, _>>()?;
    for _ in 0..ATTEMPTS {
        let now = app.clock.now();
        let secret = authorise::secret(&request.secret)?;
        let permission = authorise::write(app.store.as_ref(), &staff, &young, secret, writings.clone(), now).await?;
        match app.store.write_words(permission, now).await {
            // A yes or a no was said in this moment: it is decided anew.
            Err(StoreError::Stale) => {}
            stored => return Ok(Json(WriteResponse { stored: stored?.iter().map(ToString::to_string).collect() })),
        }
    }
    Err(StoreError::Busy.into())
}

fn read(staff: &StaffPermission, words: &WordsView) -> Result<Writing, ApiError> {
    let WordsView { to, kind, field, text } = words;
    let on = crate::words::entity(kind, to, &staff.staff);
    let on = on.ok_or_else(|| ApiError::new(ErrorCode::Malformed, "`to` is no entity that can be written to"))?;
    Ok(Writing { on, field: field.clone(), text: text.clone() })
}
