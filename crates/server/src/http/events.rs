//! `GET /events`: told at once that there is something new, and never what.

use super::App;
use super::error::ApiError;
use super::extract::Listening;
use crate::authorise::{YoungPermission, readers};
use crate::ids::{DeviceId, StaffId, YoungId};
use crate::live::{Said, Topic};
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use plan::Parts;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;

/// The store has done by then what it was asked for.
const GIVEN_UP: Duration = Duration::from_secs(1);

/// A proxy that gathers an answer before it hands it on would hold everything back.
const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

pub async fn young(State(app): State<Arc<App>>, young: YoungPermission) -> Result<Response, ApiError> {
    app.stream(Topic::Young(young.young().clone(), young.device().clone()))
}

pub async fn staff(State(app): State<Arc<App>>, Listening(staff): Listening) -> Result<Response, ApiError> {
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

    /// What is to be told when a request has done its work, to the phones of a young person and to others.
    pub(super) fn telling(self: &Arc<Self>, young: &YoungId, others: Others) -> Telling {
        Telling { app: self.clone(), news: Some(News { young: young.clone(), from: None, others }) }
    }

    async fn tell(&self, News { young, from, others }: News) {
        if self.live.is_silent() {
            return;
        }
        match others {
            Others::Nobody => {}
            Others::Contact(staff) => self.live.tell_staff(staff),
            Others::Readers(parts) => {
                // That it cannot be found out who they are takes nothing back of what was done: they ask by themselves, later.
                let grants = self.store.list_grants(&young).await.map(|(grants, _)| grants).unwrap_or_default();
                for staff in readers(&grants, parts, self.clock.now()) {
                    self.live.tell_staff(staff);
                }
            }
        }
        self.live.tell_young(&young, from.as_ref());
    }
}

/// Who is told beside the young person.
pub enum Others {
    Nobody,
    /// Whoever has just got or lost a yes. Nobody else is told what a young person has said to them.
    Contact(StaffId),
    /// Whoever may read something in one of these parts. That the young person writes in others is not theirs to know.
    Readers(Parts),
}

struct News {
    young: YoungId,
    /// The phone that it comes from.
    from: Option<DeviceId>,
    others: Others,
}

/// News that are told with [`Telling::now`]; or a moment later, when the request is given up while the store does its work all the
/// same.
pub struct Telling {
    app: Arc<App>,
    news: Option<News>,
}

impl Telling {
    /// The phone that it comes from knows it.
    #[must_use]
    pub fn but(mut self, device: &DeviceId) -> Self {
        if let Some(news) = &mut self.news {
            news.from = Some(device.clone());
        }
        self
    }

    pub async fn now(mut self) {
        if let Some(news) = self.news.take() {
            self.app.tell(news).await;
        }
    }

    /// Nothing has come of it.
    pub fn never(mut self) {
        self.news = None;
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        let (Some(news), Ok(runtime)) = (self.news.take(), Handle::try_current()) else { return };
        let app = self.app.clone();
        runtime.spawn(async move {
            tokio::time::sleep(GIVEN_UP).await;
            app.tell(news).await;
        });
    }
}
