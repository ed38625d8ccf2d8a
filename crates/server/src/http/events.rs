//! `GET /events`: told at once that there is something new, and never what.

use super::App;
use super::error::ApiError;
use super::extract::Listening;
use crate::authorise::{YoungPermission, readers};
use crate::ids::{DeviceId, StaffId, YoungId};
use crate::live::{LONGEST, Listener, Said, Topic};
use crate::scope::Scopes;
use crate::store::{Answer, StoreError};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// A proxy that gathers an answer before it hands it on would hold everything back.
const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

pub async fn young(
    State(app): State<Arc<App>>,
    young: YoungPermission,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let listener = app.listen(Topic::Young(young.young().clone(), young.device().clone()), LONGEST)?;
    // Asked once more: who was signed out after the first time had no stream yet that could be ended.
    app.young(&headers).await?;
    Ok(stream(listener))
}

pub async fn staff(
    State(app): State<Arc<App>>,
    Listening(staff): Listening,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    // A session that has run out hears nothing more. One that was used meanwhile is there still when it is asked for anew.
    let left = Duration::from_millis(staff.ends_at().saturating_sub(app.clock.now()));
    let listener = app.listen(Topic::Staff(staff.id().clone()), left)?;
    app.listening(&headers).await?;
    Ok(stream(listener))
}

fn stream(listener: Listener) -> Response {
    let events = unfold(listener, |mut listener| async move {
        let name = match listener.next().await? {
            Said::Changed => "changed",
            Said::Alive => "alive",
        };
        // One without data is not handed to anybody.
        Some((Ok::<_, Infallible>(Event::default().event(name).data("{}")), listener))
    });
    ([UNBUFFERED], Sse::new(events)).into_response()
}

impl App {
    fn listen(&self, topic: Topic, longest: Duration) -> Result<Listener, ApiError> {
        self.live.listen(topic, longest).ok_or_else(|| ApiError::busy("too many streams are open"))
    }

    /// Waits for what the store is doing, and does what comes after it. Both are done also when whoever asked hangs up: the store does
    /// its work all the same, and others are to hear of it.
    pub(super) async fn finish<T: Send + 'static, N: IntoIterator<Item = News, IntoIter: Send>>(
        self: &Arc<Self>,
        work: Answer<'static, T>,
        then: impl FnOnce(&Result<T, StoreError>) -> N + Send + 'static,
    ) -> Result<T, StoreError> {
        let app = self.clone();
        let task = tokio::spawn(async move {
            let done = work.await;
            let all = then(&done).into_iter();
            for news in all {
                app.notify(news).await;
            }
            done
        });
        task.await.map_err(|error| StoreError::Inner(error.into()))?
    }

    async fn notify(&self, News { young, from, others }: News) {
        if self.live.is_silent() {
            return;
        }
        match others {
            Others::Nobody => {}
            Others::Contacts(all) => {
                let for_them = self.store.list_told_stand_ins(&young, all.clone()).await.unwrap_or_default();
                all.into_iter().chain(for_them).for_each(|staff| self.live.notify_staff(staff));
            }
            Others::StandIns(all) => all.into_iter().for_each(|staff| self.live.notify_staff(staff)),
            Others::Readers(scopes) => {
                // That it cannot be found out who they are takes nothing back of what was done: they ask by themselves, later.
                let grants = self.store.list_grants(&young).await.map(|(grants, _)| grants).unwrap_or_default();
                for staff in readers(&grants, &scopes, self.clock.now()) {
                    self.live.notify_staff(staff);
                }
            }
        }
        self.live.notify_young(&young, from.as_ref());
    }
}

/// Who is told beside the young person.
pub enum Others {
    Nobody,
    /// Whoever has just got or lost a yes, and who stands in for them. Nobody else is told what a young person has said to them.
    Contacts(Vec<StaffId>),
    /// Whoever has just been named to stand in for somebody, or is it no more.
    StandIns(Vec<StaffId>),
    /// Whoever may read something of these. That the young person writes in others is not theirs to know.
    Readers(Scopes),
}

/// What others are to hear of.
pub struct News {
    young: YoungId,
    /// The phone that it comes from.
    from: Option<DeviceId>,
    others: Others,
}

impl News {
    /// For the phones of a young person.
    pub fn of(young: &YoungId) -> Self {
        Self { young: young.clone(), from: None, others: Others::Nobody }
    }

    /// The phone that it comes from knows it.
    #[must_use]
    pub fn but(self, device: &DeviceId) -> Self {
        Self { from: Some(device.clone()), ..self }
    }

    #[must_use]
    pub fn to(self, others: Others) -> Self {
        Self { others, ..self }
    }
}
