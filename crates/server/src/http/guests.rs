//! Guests: the young person gives somebody a link and a code, and they read the agenda of one meeting.

use super::App;
use super::devices::new_code;
use super::error::ApiError;
use super::extract::{Body, ClientAddress};
use super::young::ATTEMPTS;
use crate::authorise::guest::{self, GuestPermission};
use crate::authorise::{Denied, YoungPermission};
use crate::ids::{GuestId, Secret, hex};
use crate::limits::{Key, networks};
use crate::review;
use crate::store::{GuestRow, NewGuest, StoreError};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use plan::guest::{KINDS, MAX_GUESTS};
use plan::{Agenda, Entity, Kind, Part};
use protocol::{
    AgendaView, Code, CreateGuestRequest, ErrorCode, GuestLinkView, GuestView, GuestsView, OpenAgendaRequest,
};
use std::net::IpAddr;
use std::sync::Arc;

pub async fn create_guest(
    State(app): State<Arc<App>>,
    young: YoungPermission,
    Body(request): Body<CreateGuestRequest>,
) -> Result<Json<GuestLinkView>, ApiError> {
    let meeting: Option<Entity> = request.meeting.parse().ok();
    let is_meeting = |on: &Entity| on.part() == Some(Part::Meeting) && on.kind() == Some(Kind::Meeting);
    let meeting = meeting.filter(is_meeting).ok_or_else(|| {
        ApiError::new(ErrorCode::Malformed, "`meeting` names no meeting, as `meeting/meeting/m1` does")
    })?;
    if !KINDS.contains(&request.kind.as_str()) {
        return Err(ApiError::new(ErrorCode::Malformed, format!("`kind` is none of {}", KINDS.join(", "))));
    }
    let now = app.clock.now();
    let permission = guest::release(&young, meeting, now)?;
    let (link, code) = (Secret::new()?, new_code()?);
    let guest = NewGuest { link: link.clone(), code: code.clone(), kind: request.kind };
    let id = app.store.create_guest(permission, guest, now).await.map_err(say_too_many)?;
    let link = format!("{}/gaest#{}", app.settings.public_url, hex(link.bytes()));
    Ok(Json(GuestLinkView { id: id.0, link, code: code.to_string() }))
}

fn say_too_many(error: StoreError) -> ApiError {
    match error {
        StoreError::Refused(ErrorCode::TooManyOpen) => {
            ApiError::new(ErrorCode::TooManyOpen, format!("there are {MAX_GUESTS} open links already: end one first"))
        }
        error => error.into(),
    }
}

pub async fn list_guests(State(app): State<Arc<App>>, young: YoungPermission) -> Result<Json<GuestsView>, ApiError> {
    let guests = app.store.list_guests(&young).await?;
    Ok(Json(GuestsView { guests: guests.into_iter().map(view).collect() }))
}

fn view(guest: GuestRow) -> GuestView {
    let GuestRow { id, meeting, kind, made_at, first_opened, last_opened, ended_at } = guest;
    GuestView { id: id.0, meeting: meeting.to_string(), kind, made_at, first_opened, last_opened, ended_at }
}

pub async fn end_guest(
    State(app): State<Arc<App>>,
    young: YoungPermission,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    if !app.store.end_guest(&young, &GuestId(id), app.clock.now()).await? {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub async fn open_agenda(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    Body(request): Body<OpenAgendaRequest>,
) -> Result<Json<AgendaView>, ApiError> {
    for _ in 0..ATTEMPTS {
        let permission = app.try_guest(&request, address).await?;
        match app.read_agenda(permission).await {
            Err(StoreError::Stale) => {}
            read => return Ok(Json(view_agenda(read?))),
        }
    }
    Err(StoreError::Busy.into())
}

impl App {
    /// Looks at a link and its code, and counts the try when something is wrong with them: for the address, and for the link.
    async fn try_guest(&self, request: &OpenAgendaRequest, address: IpAddr) -> Result<GuestPermission, ApiError> {
        let now = self.clock.now();
        let keys: Vec<Key> = networks(address).map(Key::CodeFrom).chain([Key::CodeFromAnywhere]).collect();
        self.limiter.begin(&keys, now)?;
        let link = Secret::from_text(&request.secret).ok_or(ErrorCode::WrongCode)?;
        let code: Code = request.code.parse().map_err(|_| ErrorCode::WrongCode)?;
        let opened = guest::open(self.store.as_ref(), &link, &code, now).await;
        match opened {
            Err(Denied::For(ErrorCode::WrongCode)) => self.store.count_wrong_code(&link).await?,
            _ => self.limiter.forgive(&keys, now),
        }
        Ok(opened?)
    }

    /// That it is read is on disk before it is answered. What is over, or there no more, is as a link that there is not.
    async fn read_agenda(&self, permission: GuestPermission) -> Result<Agenda, StoreError> {
        let (now, made_at) = (self.clock.now(), permission.made_at());
        let turn = self.take_turn().await?;
        let ops = self.store.list_released_ops(&permission).await?;
        let meeting = permission.meeting().clone();
        let fold = tokio::task::spawn_blocking(move || {
            let agenda = review::fold_agenda(&ops, &meeting);
            drop(turn);
            agenda
        });
        let agenda = fold.await.map_err(|error| StoreError::Inner(error.into()))?;
        let agenda = agenda.filter(|agenda| !agenda.is_over(made_at, now));
        let agenda = agenda.ok_or(StoreError::Refused(ErrorCode::WrongCode))?;
        self.store.record_opening(permission, now).await?;
        Ok(agenda)
    }
}

fn view_agenda(agenda: Agenda) -> AgendaView {
    let Agenda { form, date, time, place, points } = agenda;
    AgendaView { form: form.name().to_owned(), date, time, place, points }
}
