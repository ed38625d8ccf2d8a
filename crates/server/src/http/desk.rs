//! The list of a contact's young people: how it stands with each, without any of their words.

use super::App;
use super::error::ApiError;
use super::young::ATTEMPTS;
use crate::authorise::{Denied, StaffPermission, contact};
use crate::ids::{YoungId, hex};
use crate::store::{StandingIn, StoreError, YoungRow};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use plan::course::is_review_due;
use plan::{Consent, Facts, Profile, Status};
use protocol::{
    ConsentView, ErrorCode, NextMeetingView, StaffInvitationView, StandingInView, StepView, YoungPeopleView,
    YoungPersonView,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What somebody has already.
#[derive(Deserialize)]
pub struct Known {
    #[serde(default)]
    pub version: String,
}

pub async fn list_young_people(
    State(app): State<Arc<App>>,
    staff: StaffPermission,
    known: Result<Query<Known>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(known) = known.map_err(|_| ErrorCode::Malformed)?;
    let now = app.clock.now();
    let young_people =
        app.list_young_rows(&staff, None, now).await?.into_iter().map(|row| view_young(row, now)).collect();
    let invitations = app.store.list_invitations(&staff, now).await?.into_iter();
    let invitations = invitations.map(|row| StaffInvitationView {
        id: row.id.0,
        label: row.label,
        code: None,
        link: None,
        qr: None,
        expires_at: row.expires_at,
    });
    let standing_in = app.store.list_standing_in(&staff, now).await?.into_iter().map(view_standing_in).collect();
    let invitations = invitations.collect();
    let mut view = YoungPeopleView { version: String::new(), young_people, invitations, standing_in };
    let all = serde_json::to_vec(&view).map_err(|error| StoreError::Inner(error.into()))?;
    view.version = hex(&Sha256::digest(&all)[..8]);
    if known.version == view.version {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Json(view).into_response())
}

fn view_standing_in(row: StandingIn) -> StandingInView {
    let StandingIn { contact, contact_name, young, label, has_messages, until } = row;
    let (contact, young, until) = (contact.0, young.0, until.to_string());
    StandingInView { contact, contact_name, young, label, has_messages, until }
}

/// One of the list.
pub fn view_young(row: YoungRow, now: u64) -> YoungPersonView {
    let YoungRow { grant, label, last_arrival, last_look, has_messages, first_given, facts } = row;
    let consent = &grant.consent;
    let status = consent.status(now);
    let newer = last_arrival.is_some_and(|came| last_look.is_none_or(|looked| came > looked));
    let has_news = status == Status::Active && newer;
    let (next_meeting, course) = facts.map(|facts| progress_of(&facts, consent, first_given, now)).unwrap_or_default();
    YoungPersonView {
        label,
        consent: ConsentView::from(&Consent { profile: Profile::default(), ..consent.clone() }),
        status: status.into(),
        has_news,
        has_messages: status == Status::Active && has_messages,
        last_look,
        review_due: status == Status::Active && is_review_due(has_news, last_look, consent.given_at, now),
        days_left: consent.reminder(now),
        next_meeting,
        course,
        id: grant.young.0,
    }
}

impl App {
    /// All of them or one, with what has happened, made of the operations where it is not known or something has changed. That takes
    /// a while, so the list is of the moment after it: whoever has said no meanwhile is heard.
    pub(super) async fn list_young_rows(
        &self,
        staff: &StaffPermission,
        only: Option<&YoungId>,
        now: u64,
    ) -> Result<Vec<YoungRow>, ApiError> {
        let list = async || {
            let mut rows = self.store.list_young_people(staff).await?;
            rows.retain(|row| only.is_none_or(|only| row.grant.young == *only));
            Ok::<_, StoreError>(rows)
        };
        let mut rows = list().await?;
        let is_unknown = |row: &&YoungRow| row.facts.is_none() && row.grant.consent.is_active(now);
        let unknown: Vec<YoungId> = rows.iter().filter(is_unknown).map(|row| row.grant.young.clone()).collect();
        if unknown.is_empty() {
            return Ok(rows);
        }
        let mut made = BTreeMap::new();
        for young in unknown {
            if let Some(facts) = self.summarise(staff, &young, now).await? {
                made.insert(young, facts);
            }
        }
        rows = list().await?;
        rows.iter_mut().for_each(|row| row.facts = row.facts.take().or_else(|| made.remove(&row.grant.young)));
        Ok(rows)
    }

    /// `None` when there is no consent any more.
    async fn summarise(&self, staff: &StaffPermission, young: &YoungId, now: u64) -> Result<Option<Facts>, ApiError> {
        // As much may be in memory as for a review.
        let _turn = self.take_turn().await?;
        for _ in 0..ATTEMPTS {
            let permission = match contact::review(self.store.as_ref(), staff, young, now).await {
                Err(Denied::For(ErrorCode::NoConsent)) => return Ok(None),
                permission => permission?,
            };
            match self.store.summarise(&permission).await {
                Err(StoreError::Stale) => {}
                facts => return Ok(Some(facts?)),
            }
        }
        Err(StoreError::Busy.into())
    }
}

/// What may be told of it by this consent now.
fn progress_of(
    facts: &Facts,
    consent: &Consent,
    first_given: u64,
    now: u64,
) -> (Option<NextMeetingView>, Vec<StepView>) {
    let Some(permit) = plan::consent::permit([consent], now) else { return (None, Vec::new()) };
    let next = facts.next_meeting(&permit, now);
    let next = next.map(|(day, form)| NextMeetingView { date: day.to_string(), form: form.name().to_owned() });
    (next, facts.course(&permit, first_given, now).map(StepView::from).into())
}
