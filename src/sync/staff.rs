//! The endpoints of the staff app.

use super::api::{ask, submit};
use protocol::{
    CopyRequest, CreateInvitationRequest, MessagesView, OwnStandInView, ProfileView, RecordCustodyRequest, ReviewView,
    SignInRequest, StaffInvitationView, StaffView, StandInRequest, WriteRequest, WriteResponse, YoungPeopleView,
};
use session::{Call, Failure};

type Answer<T> = Result<T, Failure>;

/// The member of staff in whose name something is asked.
type Who = Option<String>;

fn by(who: Who, call: Call) -> Call {
    Call { staff: who, ..call }
}

pub async fn sign_in(request: &SignInRequest) -> Answer<StaffView> {
    ask(Call::post("staff/session", request)).await
}

pub async fn find_session() -> Answer<StaffView> {
    ask(Call::get("staff/session")).await
}

pub async fn sign_out() -> Answer<()> {
    submit(Call::delete("staff/session")).await
}

/// `None` when nothing has changed since `version`.
pub async fn list_young_people(who: Who, version: &str) -> Answer<Option<YoungPeopleView>> {
    ask(by(who, Call::get(format!("staff/young-people?version={version}")))).await
}

pub async fn find_profile(who: Who) -> Answer<ProfileView> {
    ask(by(who, Call::get("staff/profile"))).await
}

pub async fn update_profile(who: Who, profile: &ProfileView) -> Answer<()> {
    submit(by(who, Call::put("staff/profile", profile))).await
}

pub async fn find_stand_in(who: Who) -> Answer<OwnStandInView> {
    ask(by(who, Call::get("staff/stand-in"))).await
}

pub async fn name_stand_in(who: Who, request: &StandInRequest) -> Answer<OwnStandInView> {
    ask(by(who, Call::put("staff/stand-in", request))).await
}

pub async fn end_stand_in(who: Who) -> Answer<OwnStandInView> {
    ask(by(who, Call::delete("staff/stand-in"))).await
}

/// Something of a young person's, or what is of a contact for whom somebody stands in.
fn path(young: &str, what: &str, standing_in_for: Option<&str>) -> String {
    let contact = standing_in_for.map(|contact| format!("/{contact}")).unwrap_or_default();
    format!("staff/young-people/{young}/{what}{contact}")
}

pub async fn create_invitation(who: Who, label: String) -> Answer<StaffInvitationView> {
    ask(by(who, Call::post("staff/invitations", &CreateInvitationRequest { label }))).await
}

pub async fn delete_invitation(who: Who, id: &str) -> Answer<()> {
    submit(by(who, Call::delete(format!("staff/invitations/{id}")))).await
}

pub async fn record_custody(who: Who, young: &str, request: &RecordCustodyRequest) -> Answer<()> {
    submit(by(who, Call::post(format!("staff/young-people/{young}/custody"), request))).await
}

/// `None` when nothing has changed since `version`.
pub async fn find_review(who: Who, young: &str, version: &str) -> Answer<Option<ReviewView>> {
    ask(by(who, Call::get(format!("staff/young-people/{young}/review?version={version}")))).await
}

pub async fn find_messages(who: Who, young: &str, standing_in_for: Option<&str>) -> Answer<MessagesView> {
    ask(by(who, Call::get(path(young, "messages", standing_in_for)))).await
}

/// Words to a young person, on the server's disk when it answers.
pub async fn write(
    who: Who,
    young: &str,
    standing_in_for: Option<&str>,
    request: &WriteRequest,
) -> Answer<WriteResponse> {
    ask(by(who, Call::post(path(young, "words", standing_in_for), request))).await
}

/// That a copy is taken, on the server's disk when it answers.
pub async fn create_copy(who: Who, young: &str, request: &CopyRequest) -> Answer<()> {
    submit(by(who, Call::post(format!("staff/young-people/{young}/copies"), request))).await
}
