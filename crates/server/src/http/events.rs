//! `GET /events`: told at once that there is something new, and never what.

use super::App;
use super::error::ApiError;
use crate::authorise::{StaffPermission, YoungPermission, has_voice};
use crate::ids::{DeviceId, StaffId, YoungId};
use crate::live::{Said, Topic};
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use std::convert::Infallible;
use std::sync::Arc;

/// A proxy that gathers an answer before it hands it on would hold everything back.
const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

pub async fn young(State(app): State<Arc<App>>, young: YoungPermission) -> Result<Response, ApiError> {
    app.stream(Topic::Young(young.young().clone(), young.device().clone()))
}

pub async fn staff(State(app): State<Arc<App>>, staff: StaffPermission) -> Result<Response, ApiError> {
    app.stream(Topic::Staff(staff.id().clone()))
}

impl App {
    fn stream(&self, topic: Topic) -> Result<Response, ApiError> {
        let listener = self.live.listen(topic).ok_or_else(|| ApiError::busy("too many streams are open"))?;
        let events = unfold(listener, |mut listener| async move {
            let name = match listener.next().await? {
                Said::Changed => "changed",
                Said::Alive => "alive",
            };
            // One without data is not handed to anybody.
            Some((Ok::<_, Infallible>(Event::default().event(name).data("{}")), listener))
        });
        Ok(([UNBUFFERED], Sse::new(events)).into_response())
    }

    /// A young person has written: their other phones are told, and whoever has a yes now.
    pub(super) async fn tell_others(&self, young: &YoungPermission) {
        self.tell_all(young.young(), Some(young.device()), None).await;
    }

    /// Something has changed about a young person: their phones are told, whoever has a yes now, and `also` whoever has just got or
    /// lost one.
    pub(super) async fn tell(&self, young: &YoungId, also: Option<&StaffId>) {
        self.tell_all(young, None, also).await;
    }

    /// That it cannot be found out who has a yes takes nothing back of what was done: they ask by themselves, later.
    async fn tell_all(&self, young: &YoungId, from: Option<&DeviceId>, also: Option<&StaffId>) {
        if self.live.is_silent() {
            return;
        }
        let now = self.clock.now();
        let grants = self.store.list_grants(young).await.map(|(grants, _)| grants).unwrap_or_default();
        let staff = grants.into_iter().filter(|grant| has_voice(grant, now)).map(|grant| grant.staff);
        staff.chain(also.cloned()).for_each(|staff| self.live.tell_staff(staff));
        self.live.tell_young(young, from);
    }
}
