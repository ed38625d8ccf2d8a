//! The endpoints of the staff app.

use super::api::{ask, submit};
use protocol::{
    CreateInvitationRequest, RecordCustodyRequest, ReviewView, SignInRequest, StaffInvitationView, StaffView,
    WriteRequest, WriteResponse, YoungPeopleView,
};
use session::{Call, Failure};

type Answer<T> = Result<T, Failure>;

pub async fn sign_in(request: &SignInRequest) -> Answer<StaffView> {
    ask(Call::post("staff/session", request)).await
}

pub async fn find_session() -> Answer<StaffView> {
    ask(Call::get("staff/session")).await
}

pub async fn sign_out() -> Answer<()> {
    submit(Call::delete("staff/session")).await
}

pub async fn list_young_people() -> Answer<YoungPeopleView> {
    ask(Call::get("staff/young-people")).await
}

pub async fn create_invitation(label: String) -> Answer<StaffInvitationView> {
    ask(Call::post("staff/invitations", &CreateInvitationRequest { label })).await
}

pub async fn delete_invitation(id: &str) -> Answer<()> {
    submit(Call::delete(format!("staff/invitations/{id}"))).await
}

pub async fn record_custody(young: &str, request: &RecordCustodyRequest) -> Answer<()> {
    submit(Call::post(format!("staff/young-people/{young}/custody"), request)).await
}

/// `None` when nothing has changed since `version`.
pub async fn find_review(young: &str, version: &str) -> Answer<Option<ReviewView>> {
    ask(Call::get(format!("staff/young-people/{young}/review?version={version}"))).await
}

/// Words to a young person, on the server's disk when it answers.
pub async fn write(young: &str, request: &WriteRequest) -> Answer<WriteResponse> {
    ask(Call::post(format!("staff/young-people/{young}/words"), request)).await
}
