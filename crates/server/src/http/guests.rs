//! Guests: the young person gives somebody a link and a code, and they read the agenda of one meeting.

use super::App;
use super::error::ApiError;
use super::events::{News, Others};
use super::extract::{Body, ClientAddress};
use super::young::ATTEMPTS;
use crate::authorise::guest::{self, GuestPermission};
use crate::authorise::{self, Denied, YoungPermission};
use crate::ids::{GuestId, Secret, hex, random};
use crate::limits::{Key, networks};
use crate::review;
use crate::scope::Scopes;
use crate::store::{GuestLink, GuestRow, NewGuest, Seen, StoreError};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use plan::author::{DATE, HEARD, INFORMED, SAFE, WORDS};
use plan::date::DAY_MILLIS;
use plan::guest::{KINDS, MAX_GUESTS, has_begun};
use plan::set::ERASED;
use plan::{Agenda, Entity, Kind, Part, Parts, Record};
use protocol::{
    AgendaView, Code, CreateGuestRequest, ErrorCode, GuestEnd, GuestLinkView, GuestView, GuestsView, OpenAgendaRequest,
    ReflectRequest,
};
use std::collections::BTreeSet;
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
    if !guest::has_room(&meeting) {
        return Err(ApiError::new(
            ErrorCode::Malformed,
            "the name of `meeting` is too long for what a guest says of it",
        ));
    }
    if !KINDS.contains(&request.kind.as_str()) {
        return Err(ApiError::new(ErrorCode::Malformed, format!("`kind` is none of {}", KINDS.join(", "))));
    }
    let now = app.clock.now();
    let drawn = match &request.secret {
        None => Secret::new()?,
        Some(secret) => Secret::from_text(secret).ok_or_else(|| {
            ApiError::new(ErrorCode::Malformed, "`secret` has 64 hexadecimal characters in small letters")
        })?,
    };
    let guest = NewGuest { drawn, kind: request.kind };
    let create =
        || Ok::<_, Denied>(app.store.create_guest(guest::release(&young, meeting.clone(), now)?, guest.clone(), now));
    let created = match create()?.await {
        Err(StoreError::Refused(ErrorCode::TooManyOpen)) if app.end_what_is_over(&young, now).await? => create()?.await,
        created => created,
    };
    let GuestLink { id, link, code } = created.map_err(say_too_many)?;
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

/// To the minute it would tell who has just said how it was, so it is told to the day, as that is.
fn view(guest: GuestRow) -> GuestView {
    let GuestRow { id, meeting, kind, made_at, first_opened, last_opened, ended_at, ended_for } = guest;
    let (id, meeting) = (id.0, meeting.to_string());
    let [first_opened, last_opened] = [first_opened, last_opened].map(|at| at.map(|at| at - at % DAY_MILLIS));
    GuestView { id, meeting, kind, made_at, first_opened, last_opened, ended_at, ended_for }
}

pub async fn end_guest(
    State(app): State<Arc<App>>,
    young: YoungPermission,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    if !app.store.end_guest(&young, &GuestId(id), GuestEnd::Tap, app.clock.now()).await? {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub async fn open_agenda(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    Body(request): Body<OpenAgendaRequest>,
) -> Result<Json<AgendaView>, ApiError> {
    let OpenAgendaRequest { secret, code } = &request;
    for _ in 0..ATTEMPTS {
        let permission = app.try_guest(secret, code, address).await?;
        match app.read_agenda(permission).await {
            Err(StoreError::Stale) => {}
            read => return Ok(Json(view_agenda(read?, app.clock.now()))),
        }
    }
    Err(StoreError::Busy.into())
}

pub async fn reflect(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    Body(request): Body<ReflectRequest>,
) -> Result<StatusCode, ApiError> {
    let ReflectRequest { secret, code, heard, safe, informed, words } = request;
    let said = [(HEARD, heard), (SAFE, safe), (INFORMED, informed), (WORDS, words.trim().to_owned())];
    for _ in 0..ATTEMPTS {
        let permission = app.try_guest(&secret, &code, address).await?;
        match app.take_reflection(permission, said.clone()).await {
            Err(Denied::Store(StoreError::Stale)) => {}
            taken => {
                taken?;
                return Ok(StatusCode::NO_CONTENT);
            }
        }
    }
    Err(StoreError::Busy.into())
}

impl App {
    /// Looks at a link and its code, and counts the try when something is wrong with them: for the address, and for the link.
    async fn try_guest(&self, secret: &str, code: &str, address: IpAddr) -> Result<GuestPermission, ApiError> {
        let now = self.clock.now();
        let keys: Vec<Key> = networks(address).map(Key::CodeFrom).chain([Key::CodeFromAnywhere]).collect();
        self.limiter.begin(&keys, now)?;
        let link = Secret::from_text(secret).ok_or(ErrorCode::WrongCode)?;
        let code: Code = code.parse().map_err(|_| ErrorCode::WrongCode)?;
        let opened = guest::open(self.store.as_ref(), &link, &code, now).await;
        match opened {
            Err(Denied::For(ErrorCode::WrongCode)) => self.store.count_wrong_code(&link, &code, now).await?,
            _ => self.limiter.forgive(&keys, now),
        }
        Ok(opened?)
    }

    /// Ends the links that have come to their end by themselves, and those to meetings that are there no more. Answers whether there
    /// were any.
    async fn end_what_is_over(&self, young: &YoungPermission, now: u64) -> Result<bool, Denied> {
        let guests = self.store.list_guests(young).await?;
        self.end_those_over(young, guests, now).await
    }

    /// Before a meeting may get another day by what is written: a link that is over by then stays closed.
    pub(super) async fn end_before(&self, young: &YoungPermission, ops: &[Record], now: u64) -> Result<(), Denied> {
        let may_move = |record: &&Record| matches!(record.op.field.as_str(), DATE | ERASED);
        let moved: BTreeSet<&Entity> = ops.iter().filter(may_move).map(|record| &record.op.on).collect();
        if moved.iter().all(|on| on.kind() != Some(Kind::Meeting)) {
            return Ok(());
        }
        let mut guests = self.store.list_guests(young).await?;
        guests.retain(|guest| guest.ended_at.is_none() && moved.contains(&guest.meeting));
        if !guests.is_empty() {
            self.end_those_over(young, guests, now).await?;
        }
        Ok(())
    }

    async fn end_those_over(&self, young: &YoungPermission, guests: Vec<GuestRow>, now: u64) -> Result<bool, Denied> {
        let sync = authorise::sync(young, now)?;
        let turn = self.take_turn().await?;
        let ops = self.store.list_ops(&sync, 0, u64::MAX, usize::MAX).await?;
        let fold = tokio::task::spawn_blocking(move || {
            let over = review::fold_over(&ops, guests, now);
            drop(turn);
            over
        });
        let over = fold.await.map_err(|error| StoreError::Inner(error.into()))?;
        for id in &over {
            self.store.end_guest(young, id, GuestEnd::Over, now).await?;
        }
        Ok(!over.is_empty())
    }

    /// That it is read is on disk before it is answered.
    async fn read_agenda(&self, permission: GuestPermission) -> Result<Agenda, StoreError> {
        let (agenda, _) = self.find_agenda(&permission).await?;
        self.store.record_opening(permission, self.clock.now()).await?;
        Ok(agenda)
    }

    /// What is over, or there no more, is as a link that there is not.
    async fn find_agenda(&self, permission: &GuestPermission) -> Result<(Agenda, Seen), StoreError> {
        let (now, made_at) = (self.clock.now(), permission.made_at());
        let turn = self.take_turn().await?;
        let ops = self.store.list_released_ops(permission).await?;
        let meeting = permission.meeting().clone();
        let last_seq = ops.last().map_or(0, |op| op.seq);
        let seen = Seen { entries: vec![meeting.clone()], last_seq, open: Vec::new(), parts: Parts::NONE };
        let fold = tokio::task::spawn_blocking(move || {
            let agenda = review::fold_agenda(&ops, &meeting);
            drop(turn);
            agenda
        });
        let agenda = fold.await.map_err(|error| StoreError::Inner(error.into()))?;
        let agenda = agenda.filter(|agenda| !agenda.is_over(made_at, now));
        Ok((agenda.ok_or(StoreError::Refused(ErrorCode::WrongCode))?, seen))
    }

    /// Only of a meeting that has begun. The young person and whoever reads the meeting hear that there is something new.
    async fn take_reflection(
        self: &Arc<Self>,
        permission: GuestPermission,
        said: [(&str, String); 4],
    ) -> Result<(), Denied> {
        let now = self.clock.now();
        let (agenda, seen) = self.find_agenda(&permission).await?;
        if !has_begun(&agenda.date, now) {
            return Err(ErrorCode::Forbidden.into());
        }
        let news = News::of(&permission.young);
        let mut scopes = Scopes::default();
        scopes.add(permission.meeting());
        let name = hex(&random::<8>().map_err(StoreError::from)?);
        let permission = guest::reflect(permission, &name, said)?;
        let news = news.to(Others::Readers(scopes));
        let taking = self.store.reflect(permission, seen, now);
        Ok(self.finish(taking, move |done| done.is_ok().then_some(news)).await?)
    }
}

fn view_agenda(agenda: Agenda, now: u64) -> AgendaView {
    let can_reflect = has_begun(&agenda.date, now);
    let Agenda { form, date, time, place, points } = agenda;
    AgendaView { form: form.name().to_owned(), date, time, place, points, can_reflect }
}
