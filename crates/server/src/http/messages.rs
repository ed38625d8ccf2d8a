//! What is written between a young person and a contact, as the contact reads it, or who stands in for them.

use super::App;
use super::error::ApiError;
use super::events::News;
use super::staff::VISIT_MILLIS;
use super::young::ATTEMPTS;
use crate::authorise::StaffPermission;
use crate::authorise::contact::{self, ThreadPermission};
use crate::ids::{StaffId, YoungId};
use crate::review;
use crate::store::StoreError;
use axum::Json;
use axum::extract::{Path, State};
use protocol::MessagesView;
use std::sync::Arc;

/// That they are read is written down before they are shown.
pub async fn find_messages(
    State(app): State<Arc<App>>,
    staff: StaffPermission,
    Path(young): Path<String>,
) -> Result<Json<MessagesView>, ApiError> {
    let young = YoungId(young);
    for _ in 0..ATTEMPTS {
        let now = app.clock.now();
        let reading = contact::review(app.store.as_ref(), &staff, &young, now).await?;
        let permission = contact::thread(&reading)?;
        match app.read_thread(permission, now).await {
            Err(StoreError::Stale) => {}
            read => return Ok(Json(read?)),
        }
    }
    Err(StoreError::Busy.into())
}

/// The same for who stands in for the contact.
pub async fn find_messages_for(
    State(app): State<Arc<App>>,
    staff: StaffPermission,
    Path((young, contact)): Path<(String, String)>,
) -> Result<Json<MessagesView>, ApiError> {
    let (young, contact) = (YoungId(young), StaffId(contact));
    for _ in 0..ATTEMPTS {
        let now = app.clock.now();
        let permission = contact::stand_in(app.store.as_ref(), &staff, &contact, &young, now).await?;
        match app.read_thread(permission, now).await {
            Err(StoreError::Stale) => {}
            read => return Ok(Json(read?)),
        }
    }
    Err(StoreError::Busy.into())
}

impl App {
    async fn read_thread(self: &Arc<Self>, permission: ThreadPermission, now: u64) -> Result<MessagesView, StoreError> {
        let turn = self.take_turn().await?;
        let thread = self.store.list_thread(&permission).await?;
        let staff = permission.staff.clone();
        let fold = tokio::task::spawn_blocking(move || {
            let read = review::fold_thread(thread, &staff);
            drop(turn);
            read
        });
        let (view, read) = fold.await.map_err(|error| StoreError::Inner(error.into()))?;
        let news = News::of(&permission.young);
        let is_news = !read.messages.is_empty();
        let marking = self.store.mark_read(permission, read, VISIT_MILLIS, now);
        self.finish(marking, move |done| (is_news && done.is_ok()).then_some(news)).await?;
        Ok(view)
    }
}
