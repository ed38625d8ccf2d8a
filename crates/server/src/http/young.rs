//! The young person's endpoints, but for synchronisation and devices.

use super::App;
use super::cookies::Jar;
use super::error::ApiError;
use super::events::{News, Others};
use super::extract::{Body, ClientAddress, MaybeYoung};
use super::profile::view_consent;
use super::{VOID_MILLIS, with_cookie};
use crate::authorise::{self, ConsentPermission, Denied, InvitationPermission, SecretPermission, YoungPermission};
use crate::ids::Token;
use crate::limits::{Key, networks};
use crate::store::{Asked, Given, Grant, Inviter, StoreError, Yes};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use plan::{Birthdays, Consent, Day, Profile};
use protocol::{
    Code, ConsentView, DeviceView, EraseResponse, ErrorCode, FindInvitationRequest, GiveConsentRequest, InvitationKind,
    InvitationView, LookView, LooksView, MeView, SettleConsentRequest, parse_parts, part_names,
};
use std::net::IpAddr;
use std::sync::Arc;

/// Looks in one answer.
const MAX_LOOKS: usize = 500;
/// A permission that went stale between two requests at once is asked for again this often.
pub(super) const ATTEMPTS: usize = 3;
/// The youngest and the oldest that a plan is for, generously: whoever is outside has mistyped the year.
const YOUNGEST: u16 = 5;
const OLDEST: u16 = 30;

pub async fn find_invitation(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    Body(request): Body<FindInvitationRequest>,
) -> Result<Json<InvitationView>, ApiError> {
    let invitation = app.try_code(&request.code, address).await?;
    let expires_at = invitation.expires_at();
    Ok(Json(match invitation.inviter() {
        Inviter::Contact { name, unit, profile, .. } => {
            let Profile { about, hours, away, .. } = profile.clone();
            let (name, unit) = (name.clone(), unit.clone());
            InvitationView { kind: InvitationKind::Contact, name, unit, expires_at, about, hours, away }
        }
        Inviter::Device { .. } => InvitationView {
            kind: InvitationKind::Device,
            name: String::new(),
            unit: String::new(),
            expires_at,
            about: String::new(),
            hours: String::new(),
            away: String::new(),
        },
    }))
}

impl App {
    /// Looks a code up, and counts the try when it is wrong.
    pub(super) async fn try_code(&self, typed: &str, address: IpAddr) -> Result<InvitationPermission, ApiError> {
        let now = self.clock.now();
        let keys: Vec<Key> = networks(address).map(Key::CodeFrom).chain([Key::CodeFromAnywhere]).collect();
        self.limiter.begin(&keys, now)?;
        let code: Code = typed.parse().map_err(|_| ErrorCode::WrongCode)?;
        let found = authorise::invitation(self.store.as_ref(), &code, now).await;
        if !matches!(found, Err(Denied::For(ErrorCode::WrongCode))) {
            self.limiter.forgive(&keys, now);
        }
        Ok(found?)
    }
}

pub async fn give_consent(
    State(app): State<Arc<App>>,
    MaybeYoung(young): MaybeYoung,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Body(request): Body<GiveConsentRequest>,
) -> Result<Response, ApiError> {
    let now = app.clock.now();
    let parts = parse_parts(&request.parts).filter(|parts| !parts.is_empty());
    let parts =
        parts.ok_or_else(|| ApiError::new(ErrorCode::Malformed, "`parts` is empty, or names one that is not known"))?;
    let birthdays = birthdays(&request, now)?;
    let own = Jar::Young.find(app.settings.transport, &headers).filter(|_| young.is_some());
    let asker = Asker { young: young.as_ref(), own: own.as_ref() };
    let secret = request.secret.as_deref().map(authorise::secret).transpose()?;
    if let Some(answer) = app.answer_secret(&asker, secret.as_ref()).await? {
        return Ok(answer);
    }
    let invitation = match &request.code {
        None => None,
        Some(code) => match app.try_code(code, address).await {
            Err(error) if error.code() == ErrorCode::UsedCode => {
                // Two at once with the same secret: the other one has been here since.
                let again = app.answer_secret(&asker, secret.as_ref()).await?;
                return match again {
                    Some(answer) => Ok(answer),
                    None => answer_again(&app, young, code, error).await,
                };
            }
            found => Some(found?),
        },
    };
    let has_secret = secret.is_some();
    let permission = authorise::give(young.as_ref(), invitation, request.replaces.as_deref(), &birthdays, secret)?;
    let new = if young.is_none() && !has_secret { Some(Token::new()?) } else { None };
    let yes = Yes { parts, birthdays, token: new.as_ref().map(Token::hash) };
    let giving = app.finish(app.store.give_consent(permission, yes, now), |done| {
        let (Given { grant, .. }, ended) = done.as_ref().ok()?;
        // Whoever has got it, and whoever's has ended with it.
        let contacts = ended.iter().chain([&grant.staff]).cloned().collect();
        Some(News::of(&grant.young).to(Others::Contacts(contacts)))
    });
    let (given, _) = giving.await?;
    let token = match &new {
        Some(token) => token,
        None => authorise::device_of(asker.young, asker.own, &given)?,
    };
    // The cookie is set anew, so that it lives at least as long as the consent.
    Ok(app.answer_given(Some(token), &given.grant.consent))
}

/// The phone that asks, with the token that it showed.
struct Asker<'a> {
    young: Option<&'a YoungPermission>,
    own: Option<&'a Token>,
}

impl App {
    /// The answer to a yes that came through with this secret before; `None` when it has not come yet.
    async fn answer_secret(
        &self,
        asker: &Asker<'_>,
        secret: Option<&SecretPermission>,
    ) -> Result<Option<Response>, ApiError> {
        let Some(secret) = secret else { return Ok(None) };
        match self.store.find_secret(secret).await? {
            Asked::Unknown => Ok(None),
            Asked::Void => Err(ErrorCode::NoConsent.into()),
            Asked::Given(given) => {
                let token = authorise::device_of(asker.young, asker.own, &given)?;
                Ok(Some(self.answer_given(Some(token), &given.grant.consent)))
            }
        }
    }

    fn answer_given(&self, token: Option<&Token>, consent: &Consent) -> Response {
        let view = view_consent(consent, self.clock.now());
        match token {
            Some(token) => with_cookie(Jar::Young.set(self.settings.transport, token), view),
            None => Json(view).into_response(),
        }
    }
}

/// Settles a yes whose answer got lost: it is there, or it never will be.
pub async fn settle_consent(
    State(app): State<Arc<App>>,
    MaybeYoung(young): MaybeYoung,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Body(request): Body<SettleConsentRequest>,
) -> Result<Response, ApiError> {
    let now = app.clock.now();
    let secret = authorise::secret(&request.secret)?;
    let given = match app.store.find_secret(&secret).await? {
        Asked::Given(given) => Some(*given),
        Asked::Void => None,
        // Each of these takes a row, so they are counted. One that led to a yes is answered whoever else has tried.
        Asked::Unknown => {
            let keys: Vec<Key> = networks(address).map(Key::SettleFrom).chain([Key::SettleFromAnywhere]).collect();
            app.limiter.begin(&keys, now)?;
            app.store.void_secret(&secret, now.saturating_sub(VOID_MILLIS), now).await?
        }
    };
    let given = given.ok_or(ErrorCode::NotFound)?;
    let own = Jar::Young.find(app.settings.transport, &headers).filter(|_| young.is_some());
    let token = authorise::device_of(young.as_ref(), own.as_ref(), &given).ok();
    if !request.withdraw {
        return Ok(app.answer_given(token, &given.grant.consent));
    }
    let grant = app.withdraw(authorise::given_consent(&given), now).await?;
    Ok(app.answer_given(token, &grant.consent))
}

/// The answer to a yes can get lost on the way. Who asks again with the same code gets it again.
async fn answer_again(
    app: &App,
    young: Option<YoungPermission>,
    code: &str,
    error: ApiError,
) -> Result<Response, ApiError> {
    let (Some(young), Ok(code)) = (young, code.parse()) else { return Err(error) };
    let given = authorise::own_answer(app.store.as_ref(), &young, &code).await?;
    given.map(|consent| Json(view_consent(consent, app.clock.now())).into_response()).ok_or(error)
}

/// The two days must belong to one birth, and the birth to somebody this is made for.
fn birthdays(request: &GiveConsentRequest, now: u64) -> Result<Birthdays, ApiError> {
    let malformed = |what: &str| ApiError::new(ErrorCode::Malformed, what);
    let day =
        |text: &str| text.parse::<Day>().map_err(|_| malformed("`turns_15` and `turns_18` are days like 2026-11-22"));
    let (turns_15, turns_18) = (day(&request.turns_15)?, day(&request.turns_18)?);
    if turns_15.year() > 2190 || turns_15.plus_years(3) != turns_18 {
        return Err(malformed("`turns_18` is three years after `turns_15`"));
    }
    let today = Day::at(now);
    let plausible = turns_15 <= today.plus_years(15 - YOUNGEST) && turns_15.plus_years(OLDEST - 15) >= today;
    if plausible { Ok(Birthdays { turns_15, turns_18 }) } else { Err(malformed("`turns_15` is too far away")) }
}

pub async fn withdraw_consent(
    State(app): State<Arc<App>>,
    young: YoungPermission,
    Path(id): Path<String>,
) -> Result<Json<ConsentView>, ApiError> {
    let permission = authorise::own_consent(&young, &id)?;
    let now = app.clock.now();
    let grant = app.withdraw(permission, now).await?;
    Ok(Json(view_consent(&grant.consent, now)))
}

impl App {
    async fn withdraw(self: &Arc<Self>, permission: ConsentPermission, now: u64) -> Result<Grant, StoreError> {
        let news = |grant: &Grant| News::of(&grant.young).to(Others::Contacts(vec![grant.staff.clone()]));
        self.finish(self.store.withdraw_consent(permission, now), move |done| done.as_ref().ok().map(news)).await
    }
}

pub async fn find_me(State(app): State<Arc<App>>, young: YoungPermission) -> Result<Json<MeView>, ApiError> {
    Ok(Json(app.view_me(&young).await?))
}

impl App {
    pub(super) async fn view_me(&self, young: &YoungPermission) -> Result<MeView, ApiError> {
        let devices = self.store.list_devices(young).await?.into_iter();
        let devices = devices
            .map(|row| DeviceView { this: row.id == *young.device(), id: row.id.0, added_at: row.added_at })
            .collect();
        let now = self.clock.now();
        Ok(MeView { consents: young.consents().map(|consent| view_consent(consent, now)).collect(), devices })
    }
}

pub async fn erase(
    State(app): State<Arc<App>>,
    mut young: YoungPermission,
    headers: HeaderMap,
) -> Result<Json<EraseResponse>, ApiError> {
    let now = app.clock.now();
    for _ in 0..ATTEMPTS {
        let permission = authorise::erase(&young, now);
        let (over, kept) = (permission.over.clone(), part_names(permission.parts));
        let news = News::of(young.young());
        // Busy: it stands, and only the log is waited for.
        let has_erased = |done: &Result<u64, StoreError>| matches!(done, Ok(_) | Err(StoreError::Busy));
        let erasing = app.finish(app.store.erase(permission, now), move |done| has_erased(done).then_some(news));
        match erasing.await {
            Err(StoreError::Stale) => young = app.young(&headers).await?,
            erased => return Ok(Json(EraseResponse { erased: erased?, over, kept })),
        }
    }
    Err(StoreError::Busy.into())
}

pub async fn list_looks(State(app): State<Arc<App>>, young: YoungPermission) -> Result<Json<LooksView>, ApiError> {
    let looks = app.store.list_looks(&young, MAX_LOOKS).await?.into_iter();
    let looks = looks
        .map(|look| LookView {
            name: look.name,
            unit: look.unit,
            from: look.from,
            until: look.until,
            parts: part_names(look.parts),
            copy: look.copy,
            times: Some(look.times).filter(|times| *times > 1),
        })
        .collect();
    Ok(Json(LooksView { looks }))
}
