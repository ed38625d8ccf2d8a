//! The endpoints of staff.

use super::cookies::Jar;
use super::desk::{Known, view_young};
use super::devices::new_code;
use super::error::ApiError;
use super::events::{News, Others};
use super::extract::{Body, ClientAddress};
use super::young::ATTEMPTS;
use super::{App, INVITATION_MILLIS, with_cookie};
use crate::authorise::contact::{self, ReviewPermission};
use crate::authorise::{self, SESSION_MILLIS, StaffPermission};
use crate::ids::{InvitationId, StaffId, Token, YoungId};
use crate::limits::{Key, networks};
use crate::live::Topic;
use crate::password;
use crate::review;
use crate::store::{CustodyAnswer, StoreError, StoredOp, Visit};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use plan::Day;
use protocol::{
    CreateInvitationRequest, CustodyView, ErrorCode, QrView, RecordCustodyRequest, ReviewView, SignInRequest,
    StaffInvitationView, StaffView, YoungPersonView,
};
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// Requests this close together are one visit.
pub const VISIT_MILLIS: u64 = 10 * 60 * 1000;
/// Characters in a label, and in who gave an answer.
const MAX_NAME: usize = 80;
/// Modules of white around a QR code, as the standard asks.
const QUIET: usize = 4;

pub async fn sign_in(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    Body(request): Body<SignInRequest>,
) -> Result<Response, ApiError> {
    let staff = app.try_password(request, address).await?;
    let now = app.clock.now();
    let token = Token::new()?;
    app.store.create_session(&staff, token.hash(), now.saturating_sub(SESSION_MILLIS), now).await?;
    let permission = authorise::staff(app.store.as_ref(), Some(&token), now).await?;
    Ok(with_cookie(Jar::Staff.set(app.settings.transport, &token), view(&permission)))
}

impl App {
    async fn try_password(&self, request: SignInRequest, address: IpAddr) -> Result<StaffId, ApiError> {
        let SignInRequest { login, password } = request;
        let now = self.clock.now();
        let login = login.trim().to_lowercase();
        if login.len() > password::MAX_LENGTH || password.len() > password::MAX_LENGTH {
            return Err(ErrorCode::WrongPassword.into());
        }
        let from = networks(address);
        let keys = from.flat_map(|network| [Key::SignInAs(login.clone(), network), Key::SignInFrom(network)]);
        let keys: Vec<Key> = keys.chain([Key::SignInAsFromAnywhere(login.clone())]).collect();
        self.limiter.begin(&keys, now)?;
        let known = self.store.find_login(&login).await?;
        let cost = self.settings.password_cost;
        let (staff, stored) = known.map(|known| (known.staff, known.password)).unzip();
        // Who hangs up meanwhile does not end the work, so the turn is the work's.
        let turn = self.hashes.clone().acquire_owned().await.map_err(|_| StoreError::Busy)?;
        let work = tokio::task::spawn_blocking(move || {
            let right = password::matches(&password, stored.as_deref(), cost);
            drop(turn);
            right
        });
        let right = work.await.map_err(|error| StoreError::Inner(error.into()))?;
        let Some(staff) = staff.clone().filter(|_| right) else {
            self.store.note_failed_sign_in(staff.as_ref(), now).await?;
            return Err(ErrorCode::WrongPassword.into());
        };
        self.limiter.forgive(&keys, now);
        Ok(staff)
    }
}

fn view(staff: &StaffPermission) -> StaffView {
    StaffView {
        id: staff.id().to_string(),
        name: staff.name().to_owned(),
        unit: staff.unit().to_owned(),
        expires_at: staff.expires_at(),
    }
}

pub async fn find_session(staff: StaffPermission) -> Json<StaffView> {
    Json(view(&staff))
}

pub async fn sign_out(
    State(app): State<Arc<App>>,
    staff: StaffPermission,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if let Some(token) = Jar::Staff.find(app.settings.transport, &headers) {
        let deleting = app.store.delete_session(&staff, token.hash(), app.clock.now());
        let (live, topic) = (app.live(), Topic::Staff(staff.id().clone()));
        // Those in another window come back by themselves.
        app.finish(deleting, move |done| {
            done.is_ok().then(|| live.end(&topic));
            None
        })
        .await?;
    }
    Ok((StatusCode::NO_CONTENT, Jar::Staff.clear(app.settings.transport)).into_response())
}

/// A name that somebody typed, without white space around it.
fn name(text: &str, field: &str) -> Result<String, ApiError> {
    let text = text.trim();
    let fine = (1..=MAX_NAME).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    let wrong = || ApiError::new(ErrorCode::Malformed, format!("`{field}` has 1 to {MAX_NAME} characters"));
    if fine { Ok(text.to_owned()) } else { Err(wrong()) }
}

pub async fn create_invitation(
    State(app): State<Arc<App>>,
    staff: StaffPermission,
    Body(request): Body<CreateInvitationRequest>,
) -> Result<Json<StaffInvitationView>, ApiError> {
    let label = name(&request.label, "label")?;
    let now = app.clock.now();
    let expires_at = now.saturating_add(INVITATION_MILLIS);
    let code = new_code()?;
    let id = app.store.create_invitation(&staff, &label, &code, expires_at, now).await?;
    let link = format!("{}/del/kode#{code}", app.settings.public_url);
    let qr = draw(&link);
    Ok(Json(StaffInvitationView { id: id.0, label, code: Some(code.to_string()), link: Some(link), qr, expires_at }))
}

/// The link as one SVG path: a rectangle for every run of dark modules.
fn draw(link: &str) -> Option<QrView> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M).ok()?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    Some(QrView { size: u32::try_from(width + 2 * QUIET).ok()?, path })
}

pub async fn delete_invitation(
    State(app): State<Arc<App>>,
    staff: StaffPermission,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let there = app.store.delete_invitation(&staff, &InvitationId(id), app.clock.now()).await?;
    if there { Ok(StatusCode::NO_CONTENT) } else { Err(ErrorCode::NotFound.into()) }
}

pub async fn record_custody(
    State(app): State<Arc<App>>,
    staff: StaffPermission,
    Path(young): Path<String>,
    Body(request): Body<RecordCustodyRequest>,
) -> Result<Json<YoungPersonView>, ApiError> {
    let now = app.clock.now();
    let answer = match request.answer {
        CustodyView::Yes | CustodyView::No => request.answer.into(),
        CustodyView::NotNeeded | CustodyView::Waiting => {
            return Err(ApiError::new(ErrorCode::Malformed, "`answer` is `yes` or `no`"));
        }
    };
    let on = request.on.parse::<Day>().ok().filter(|on| *on <= Day::at(now.saturating_add(plan::date::DAY_MILLIS)));
    let on = on.ok_or_else(|| ApiError::new(ErrorCode::Malformed, "`on` is a day like 2026-11-22, and not to come"))?;
    let answer = CustodyAnswer { custody: answer, given_by: name(&request.given_by, "given_by")?, on };
    let young = YoungId(young);
    let permission = contact::custody(app.store.as_ref(), &staff, &young, now).await?;
    // The custody holder was asked about another one.
    if request.consent.is_some_and(|consent| consent != permission.consent) {
        return Err(ErrorCode::NoConsent.into());
    }
    let news = News::of(&young).to(Others::Contacts(vec![staff.id().clone()]));
    app.finish(app.store.record_custody(permission, answer, now), |done| done.is_ok().then_some(news)).await?;
    let row = app.list_young_rows(&staff, Some(&young), now).await?.pop();
    Ok(Json(view_young(row.ok_or(ErrorCode::NotFound)?, now)))
}

pub async fn find_review(
    State(app): State<Arc<App>>,
    staff: StaffPermission,
    Path(young): Path<String>,
    query: Result<Query<Known>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(query) = query.map_err(|_| ErrorCode::Malformed)?;
    let young = YoungId(young);
    let mut held = None;
    for _ in 0..ATTEMPTS {
        let (permission, visit) = app.look(&staff, &young, app.clock.now()).await?;
        let version = review::version(&permission, &visit);
        if query.version == version {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        let turn = match held.take() {
            Some(turn) => turn,
            None => app.take_turn().await?,
        };
        match app.store.list_shared_ops(&permission).await {
            // A yes or a no was said while this one waited: it is decided anew, and waits no more.
            Err(StoreError::Stale) => held = Some(turn),
            ops => return app.lay_out(permission, visit, version, ops?, turn).await,
        }
    }
    Err(StoreError::Busy.into())
}

impl App {
    /// A turn is held by the work and not by the request, which may be given up while the work goes on.
    pub(super) async fn take_turn(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        self.reviews.clone().acquire_owned().await.map_err(|_| StoreError::Busy)
    }

    async fn lay_out(
        &self,
        permission: ReviewPermission,
        visit: Visit,
        version: String,
        ops: Vec<StoredOp>,
        turn: OwnedSemaphorePermit,
    ) -> Result<Response, ApiError> {
        let parts = permission.parts();
        let expires_at = permission.consent().expires_at;
        let last_look = visit.previous;
        // At the first look everything has been there all along, but for what comes while the contact reads.
        let seen = last_look.unwrap_or(visit.began);
        let fold = tokio::task::spawn_blocking(move || {
            let parts = review::fold(ops, parts, &permission.staff, seen);
            drop(turn);
            parts
        });
        let parts = fold.await.map_err(|error| StoreError::Inner(error.into()))?;
        Ok(Json(ReviewView { label: visit.label, version, last_look, expires_at, parts }).into_response())
    }

    /// The look is written down before anything is read, so that none goes unseen.
    async fn look(
        &self,
        staff: &StaffPermission,
        young: &YoungId,
        now: u64,
    ) -> Result<(ReviewPermission, Visit), ApiError> {
        for _ in 0..ATTEMPTS {
            let permission = contact::review(self.store.as_ref(), staff, young, now).await?;
            match self.store.record_look(&permission, VISIT_MILLIS, now).await {
                Err(StoreError::Stale) => {}
                visit => return Ok((permission, visit?)),
            }
        }
        Err(StoreError::Busy.into())
    }
}
