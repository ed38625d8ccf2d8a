//! What adults write to a young person.

use super::App;
use super::error::ApiError;
use super::events::{News, Others};
use super::extract::Body;
use super::young::ATTEMPTS;
use crate::authorise::contact::{self, ReviewPermission, WritePermission};
use crate::authorise::{self, StaffPermission};
use crate::ids::{StaffId, YoungId};
use crate::review;
use crate::store::{Seen, StoreError};
use axum::Json;
use axum::extract::{Path, State};
use plan::writing::Writing;
use plan::{Entity, Parts};
use protocol::{ErrorCode, MAX_WORDS, WordsView, WriteRequest, WriteResponse};
use std::sync::Arc;

pub async fn write(
    State(app): State<Arc<App>>,
    staff: StaffPermission,
    Path(young): Path<String>,
    Body(request): Body<WriteRequest>,
) -> Result<Json<WriteResponse>, ApiError> {
    let young = YoungId(young);
    let to: Vec<Entity> = request.words.iter().filter_map(|words| words.to.parse().ok()).collect();
    let writings = read_all(&staff, &request)?;
    for _ in 0..ATTEMPTS {
        let now = app.clock.now();
        let reading = contact::review(app.store.as_ref(), &staff, &young, now).await?;
        let secret = authorise::secret(&request.secret)?;
        let permission = contact::write(&staff, &reading, secret, writings.clone())?;
        let seen = match app.see(&reading, to.clone()).await {
            Err(StoreError::Stale) => continue,
            seen => seen?.ok_or(ErrorCode::Gone)?,
        };
        // A yes or a no was said in this moment, or what this is said to has gone: it is decided anew.
        if let Some(written) = app.keep_words(&young, permission, seen, now).await? {
            return Ok(written);
        }
    }
    Err(StoreError::Busy.into())
}

/// What who stands in for a contact answers in their thread.
pub async fn write_for(
    State(app): State<Arc<App>>,
    staff: StaffPermission,
    Path((young, contact)): Path<(String, String)>,
    Body(request): Body<WriteRequest>,
) -> Result<Json<WriteResponse>, ApiError> {
    let (young, contact) = (YoungId(young), StaffId(contact));
    let writings = read_all(&staff, &request)?;
    for _ in 0..ATTEMPTS {
        let now = app.clock.now();
        let thread = contact::stand_in(app.store.as_ref(), &staff, &contact, &young, now).await?;
        let secret = authorise::secret(&request.secret)?;
        let permission = contact::write_standing_in(&staff, &thread, secret, writings.clone())?;
        // A thread is there as long as the yes to it.
        let seen = Seen { entries: Vec::new(), last_seq: u64::MAX, open: Vec::new(), parts: Parts::NONE };
        if let Some(written) = app.keep_words(&young, permission, seen, now).await? {
            return Ok(written);
        }
    }
    Err(StoreError::Busy.into())
}

impl App {
    /// `None` when it is to be decided anew.
    async fn keep_words(
        self: &Arc<Self>,
        young: &YoungId,
        permission: WritePermission,
        seen: Seen,
        now: u64,
    ) -> Result<Option<Json<WriteResponse>>, ApiError> {
        let news = News::of(young);
        let writing = self.finish(self.store.write_words(permission, seen, now), |done| {
            let new = done.as_ref().map(|written| written.new.clone()).unwrap_or_default();
            (!new.is_empty()).then(|| news.to(Others::Readers(new)))
        });
        match writing.await {
            Err(StoreError::Stale) => Ok(None),
            Err(StoreError::Refused(ErrorCode::TooLarge)) => {
                Err(ApiError::new(ErrorCode::TooLarge, "there is no room for more of what this contact says"))
            }
            written => {
                let stored = written?.ids.iter().map(ToString::to_string).collect();
                Ok(Some(Json(WriteResponse { stored })))
            }
        }
    }

    /// What somebody says to nothing is shown nowhere: `None` when not all of these entries are there. What is deleted on a phone
    /// that has not told yet hides the answer there.
    async fn see(&self, reading: &ReviewPermission, to: Vec<Entity>) -> Result<Option<Seen>, StoreError> {
        let turn = self.take_turn().await?;
        let ops = self.store.list_shared_ops(reading).await?;
        let (staff, parts) = (reading.staff.clone(), reading.consent().parts);
        let look = tokio::task::spawn_blocking(move || {
            let seen = review::see(&ops, &staff, parts, to);
            drop(turn);
            seen
        });
        look.await.map_err(|error| StoreError::Inner(error.into()))
    }
}

fn read_all(staff: &StaffPermission, request: &WriteRequest) -> Result<Vec<Writing>, ApiError> {
    let count = request.words.len();
    if count == 0 || count > MAX_WORDS {
        return Err(ApiError::new(ErrorCode::Malformed, format!("`words` has 1 to {MAX_WORDS} fields")));
    }
    request.words.iter().map(|words| read(staff, words)).collect()
}

fn read(staff: &StaffPermission, words: &WordsView) -> Result<Writing, ApiError> {
    let WordsView { to, kind, slot, field, text } = words;
    let on = crate::words::entity(kind, to, slot.as_deref(), &staff.staff);
    let on = on.ok_or_else(|| ApiError::new(ErrorCode::Malformed, "`to` is no entity that can be written to"))?;
    Ok(Writing { on, field: field.clone(), text: text.clone() })
}
