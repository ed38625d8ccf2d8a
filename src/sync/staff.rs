//! The endpoints of the staff app.

use super::api::{Failure, call, fetch, post};
use protocol::{
    CreateInvitationRequest, RecordCustodyRequest, ReviewView, SignInRequest, StaffInvitationView, StaffView,
    YoungPeopleView,
};

type Answer<T> = Result<T, Failure>;

pub async fn sign_in(request: &SignInRequest) -> Answer<StaffView> {
    post("staff/session", request).await
}

pub async fn find_session() -> Answer<StaffView> {
    call("GET", "staff/session".into(), None).await
}

pub async fn sign_out() -> Answer<()> {
    fetch("DELETE", "staff/session".into(), None).await.map(|_| ())
}

pub async fn list_young_people() -> Answer<YoungPeopleView> {
    call("GET", "staff/young-people".into(), None).await
}

pub async fn create_invitation(label: String) -> Answer<StaffInvitationView> {
    post("staff/invitations", &CreateInvitationRequest { label }).await
}

pub async fn delete_invitation(id: &str) -> Answer<()> {
    fetch("DELETE", format!("staff/invitations/{id}"), None).await.map(|_| ())
}

pub async fn record_custody(young: &str, request: &RecordCustodyRequest) -> Answer<()> {
    let answer: serde::de::IgnoredAny = post(&format!("staff/young-people/{young}/custody"), request).await?;
    let serde::de::IgnoredAny = answer;
    Ok(())
}

/// `None` when nothing has changed since `version`.
pub async fn find_review(young: &str, version: &str) -> Answer<Option<ReviewView>> {
    call("GET", format!("staff/young-people/{young}/review?version={version}"), None).await
}
