//! Who stands in for a contact: theirs to name, and told to the young people who have said yes to them.

use super::App;
use super::error::ApiError;
use super::events::{News, Others};
use super::extract::Body;
use crate::authorise::StaffPermission;
use crate::ids::StaffId;
use axum::Json;
use axum::extract::State;
use plan::limits::MAX_STAND_IN_DAYS;
use plan::{Day, StandIn};
use protocol::{ColleagueView, ErrorCode, OwnStandInView, StandInRequest, StandInView};
use std::sync::Arc;

pub async fn find(State(app): State<Arc<App>>, staff: StaffPermission) -> Result<Json<OwnStandInView>, ApiError> {
    Ok(Json(app.view_stand_in(&staff).await?))
}

pub async fn name(
    State(app): State<Arc<App>>,
    staff: StaffPermission,
    Body(request): Body<StandInRequest>,
) -> Result<Json<OwnStandInView>, ApiError> {
    let day: Option<Day> = request.until.parse().ok();
    let until = day.filter(|until| StandIn::may_end_on(*until, app.clock.now())).ok_or_else(|| {
        let most = format!("`until` is a day from today on, at most {MAX_STAND_IN_DAYS} days ahead");
        ApiError::new(ErrorCode::Malformed, most)
    })?;
    app.set_stand_in(&staff, Some((StaffId(request.staff), until))).await?;
    Ok(Json(app.view_stand_in(&staff).await?))
}

pub async fn end(State(app): State<Arc<App>>, staff: StaffPermission) -> Result<Json<OwnStandInView>, ApiError> {
    app.set_stand_in(&staff, None).await?;
    Ok(Json(app.view_stand_in(&staff).await?))
}

impl App {
    async fn view_stand_in(&self, staff: &StaffPermission) -> Result<OwnStandInView, ApiError> {
        let now = self.clock.now();
        let found = self.store.find_stand_in(staff).await?;
        let colleagues = found.colleagues.into_iter().map(|(StaffId(id), name)| ColleagueView { id, name }).collect();
        let stand_in = found.stand_in.filter(|one| one.is_here(now)).map(StandInView::from);
        Ok(OwnStandInView { colleagues, stand_in })
    }

    async fn set_stand_in(
        self: &Arc<Self>,
        staff: &StaffPermission,
        stand_in: Option<(StaffId, Day)>,
    ) -> Result<(), ApiError> {
        let named = stand_in.as_ref().map(|(staff, _)| staff.clone());
        let setting = self.store.set_stand_in(staff, stand_in, self.clock.now());
        let told = self.finish(setting, move |done| {
            let Ok((young, before)) = done else { return Vec::new() };
            // Who does no longer stand in has something on the screen that goes.
            let others: Vec<StaffId> = before.iter().chain(&named).cloned().collect();
            let news = young.iter().map(|young| News::of(young).to(Others::StandIns(others.clone())));
            news.collect::<Vec<_>>()
        });
        told.await?;
        Ok(())
    }
}
