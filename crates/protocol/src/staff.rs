//! What the staff app and the server say to each other.

use crate::contact::StandingInView;
use crate::young::{ConsentView, CopyKind, CustodyView};
use serde::{Deserialize, Serialize};

/// `POST /api/v1/staff/session`: sign in.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignInRequest {
    pub login: String,
    pub password: String,
}

/// `GET /api/v1/staff/session` and the answer to signing in: who is signed in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StaffView {
    /// For the header [`crate::STAFF_HEADER`]; empty from a server that does not know of it.
    #[serde(default)]
    pub id: String,
    pub name: String,
    pub unit: String,
    /// When the session ends by itself.
    pub expires_at: u64,
}

/// `POST /api/v1/staff/invitations`: ask a young person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreateInvitationRequest {
    /// What the contact calls the young person in their own list, 1 to 80 characters. Sealed; never sent to anyone else.
    pub label: String,
}

/// An invitation as its sender sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StaffInvitationView {
    pub id: String,
    pub label: String,
    /// `ABCDE-FGHJK`; only in the answer that creates it, since only its hash is stored.
    #[serde(default)]
    pub code: Option<String>,
    /// The link that the QR code holds, with the code after `#` so that no server logs it.
    #[serde(default)]
    pub link: Option<String>,
    #[serde(default)]
    pub qr: Option<QrView>,
    pub expires_at: u64,
}

/// A QR code as a drawing: one SVG path on a square of `size` units, quiet zone included.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct QrView {
    pub size: u32,
    pub path: String,
}

/// `GET /api/v1/staff/young-people?version=`. With the version that the contact has already, the answer is 204 when nothing has
/// changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct YoungPeopleView {
    #[serde(default)]
    pub version: String,
    pub young_people: Vec<YoungPersonView>,
    /// Invitations that nobody has answered yet.
    pub invitations: Vec<StaffInvitationView>,
    /// For whom the contact who asks stands in now, with the young people who let them.
    #[serde(default)]
    pub standing_in: Vec<StandingInView>,
}

/// A young person who has said yes to the contact who asks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct YoungPersonView {
    pub id: String,
    pub label: String,
    pub consent: ConsentView,
    /// Where the consent stands now, by the server's clock.
    pub status: StatusView,
    /// Whether something shared is newer than the contact's last look.
    pub has_news: bool,
    /// Whether something was written to the contact that they have not read.
    #[serde(default)]
    pub has_messages: bool,
    /// When the contact looked last.
    #[serde(default)]
    pub last_look: Option<u64>,
    /// Whether it is time to read again: there is something new, or nobody has looked for long.
    #[serde(default)]
    pub review_due: bool,
    /// Of a consent that runs out soon: in how many days.
    #[serde(default)]
    pub days_left: Option<u64>,
    #[serde(default)]
    pub next_meeting: Option<NextMeetingView>,
    /// Every step in its order; none while nothing is shared.
    #[serde(default)]
    pub course: Vec<StepView>,
}

/// The next meeting that has a day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NextMeetingView {
    pub date: String,
    /// `network`, `quick` or `adult`.
    pub form: String,
}

/// One step from the yes to the yearly review.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StepView {
    pub step: StepName,
    pub state: StepState,
    /// The day on which it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}

/// The names of [`plan::Step`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    Consent,
    Begun,
    Statement,
    Prepared,
    FirstMeeting,
    Revised,
    SecondMeeting,
    Yearly,
}

/// The names of [`plan::Reach`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Done,
    NotYet,
    Due,
    NotShared,
}

impl From<(plan::Step, plan::Reach)> for StepView {
    fn from((step, reach): (plan::Step, plan::Reach)) -> Self {
        let step = match step {
            plan::Step::Consent => StepName::Consent,
            plan::Step::Begun => StepName::Begun,
            plan::Step::Statement => StepName::Statement,
            plan::Step::Prepared => StepName::Prepared,
            plan::Step::FirstMeeting => StepName::FirstMeeting,
            plan::Step::Revised => StepName::Revised,
            plan::Step::SecondMeeting => StepName::SecondMeeting,
            plan::Step::Yearly => StepName::Yearly,
        };
        let (state, on) = match reach {
            plan::Reach::On(day) => (StepState::Done, Some(day.to_string())),
            plan::Reach::NotYet => (StepState::NotYet, None),
            plan::Reach::Due => (StepState::Due, None),
            plan::Reach::NotShared => (StepState::NotShared, None),
        };
        Self { step, state, on }
    }
}

/// Where a consent stands; the names of [`plan::Status`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusView {
    Active,
    WaitingForCustody,
    RefusedByCustody,
    TurnedFifteen,
    Expired,
    Withdrawn,
}

impl From<plan::Status> for StatusView {
    fn from(status: plan::Status) -> Self {
        match status {
            plan::Status::Active => Self::Active,
            plan::Status::WaitingForCustody => Self::WaitingForCustody,
            plan::Status::RefusedByCustody => Self::RefusedByCustody,
            plan::Status::TurnedFifteen => Self::TurnedFifteen,
            plan::Status::Expired => Self::Expired,
            plan::Status::Withdrawn => Self::Withdrawn,
        }
    }
}

/// `POST /api/v1/staff/young-people/{id}/custody`: what the custody holder has said to the contact.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordCustodyRequest {
    /// `yes` or `no`.
    pub answer: CustodyView,
    /// Who said it, 1 to 80 characters ("mor").
    pub given_by: String,
    /// The day it was said.
    pub on: String,
    /// To which consent, as it was read out; who has said yes to more meanwhile is asked about anew. A build that does not say answers
    /// what there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
}

/// `GET /api/v1/staff/young-people/{id}/review?version=`: what is shared with the contact who asks, laid out for reading.
/// With the version the contact has already, the answer is 204 when nothing has changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReviewView {
    pub label: String,
    pub version: String,
    /// When the contact looked before this visit; `None` the first time.
    pub last_look: Option<u64>,
    pub expires_at: u64,
    /// Only the parts that this contact may see, in the order of the app.
    pub parts: Vec<ReviewPart>,
}

/// One shared part.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReviewPart {
    pub part: String,
    /// For the meeting: `date`, `time`, `place`, `voice`, as far as they are filled in.
    #[serde(default)]
    pub facts: Vec<ReviewFact>,
    /// Sections with something in them. What the young person has hidden is not here.
    pub sections: Vec<ReviewSection>,
    /// Of a meeting, which is one part for each that there is.
    #[serde(default)]
    pub meeting: Option<ReviewMeeting>,
}

/// What belongs to one meeting beside what the young person has written for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReviewMeeting {
    /// The entity, for who wants to say something to it.
    pub on: String,
    /// `network`, `quick` or `adult`.
    pub form: String,
    pub agreements: Vec<AgreementView>,
    /// The latest of each contact who has proposed something.
    pub proposals: Vec<ProposalView>,
    /// Whom contacts think of, the earliest first.
    #[serde(default)]
    pub invitees: Vec<InviteeView>,
    /// How it was for the young person, when they have said so.
    #[serde(default)]
    pub own_reflection: Option<ReflectionView>,
    pub reflections: Vec<ReflectionView>,
    /// The kinds of people who came, as the young person says: names with a space between them.
    #[serde(default)]
    pub came: String,
    /// The same as each contact says.
    #[serde(default)]
    pub attendance: Vec<AttendanceView>,
    /// The statements that the young person brings, for who may read Vigtigt om mig as well.
    #[serde(default)]
    pub brought: Vec<ReviewText>,
}

/// Who came to a meeting, as one contact says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AttendanceView {
    /// Kinds of people, with a space between them.
    pub kinds: String,
    pub by: ByView,
}

/// What was agreed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AgreementView {
    pub what: String,
    /// Who does it; may be empty.
    pub who: String,
    /// By which day, `2026-11-22`; may be empty.
    pub due: String,
    /// Whether it came to something, as the young person says: `yes`, `partly`, `no`, or empty.
    pub outcome: String,
    pub by: ByView,
}

/// When and where somebody thinks that the meeting can be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProposalView {
    pub date: String,
    pub time: String,
    pub place: String,
    /// Whether the young person took it; `None` while they have not said.
    #[serde(default)]
    pub taken: Option<bool>,
    pub by: ByView,
}

/// Somebody who could be at a meeting.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InviteeView {
    /// What kind of person.
    pub actor: String,
    /// May be empty.
    pub why: String,
    /// Whether the young person asks them; `None` while they have not said.
    #[serde(default)]
    pub taken: Option<bool>,
    pub by: ByView,
}

/// How it was: `yes`, `partly`, `no`, or empty.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReflectionView {
    pub heard: String,
    pub safe: String,
    pub informed: String,
    pub words: String,
    pub by: ByView,
}

/// Who has written something, and when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ByView {
    /// The name and the home; empty for the young person.
    pub from: String,
    /// By the server's clock, or by the young person's phone.
    pub at: u64,
    /// Of what is the reader's own: the slot to write to again, empty where there is none.
    #[serde(default)]
    pub own: Option<String>,
    pub new: bool,
}

/// A single field of the meeting.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReviewFact {
    pub field: String,
    pub text: String,
    pub new: bool,
}

/// A section as it reads.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReviewSection {
    /// The section's name in the template, or the identity of one the young person added.
    pub id: String,
    pub title: String,
    pub texts: Vec<ReviewText>,
}

/// Something the young person has written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReviewText {
    /// The entity, for who wants to say something to it. Empty for the text of a section itself.
    #[serde(default)]
    pub on: String,
    pub text: String,
    /// The other versions, when two devices wrote at once and the young person has not chosen yet.
    #[serde(default)]
    pub others: Vec<String>,
    /// The kind of actor, for a person at the meeting.
    #[serde(default)]
    pub kind: String,
    /// Whether it came after the contact's last look.
    pub new: bool,
    /// What adults have said to it, the earliest first.
    #[serde(default)]
    pub answers: Vec<AnswerView>,
    /// What adults have suggested beside it, the earliest first.
    #[serde(default)]
    pub suggestions: Vec<SuggestionView>,
}

/// What one adult has suggested beside an entry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SuggestionView {
    pub text: String,
    /// Whether the young person took it; `None` while they have not said.
    #[serde(default)]
    pub taken: Option<bool>,
    pub by: ByView,
}

/// What one adult has said to a point.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AnswerView {
    /// `yes`, `no` or `later`.
    pub said: String,
    pub reason: String,
    /// The name and the home of who said it.
    pub from: String,
    /// By the server's clock.
    pub at: u64,
    /// Whether it is the one who asks.
    pub own: bool,
}

/// `POST /api/v1/staff/young-people/{id}/words`: what a member of staff writes, in one go.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WriteRequest {
    /// Drawn at random by the client for this one request, 64 hexadecimal characters in small letters: sent again it is the same
    /// request.
    pub secret: String,
    /// At most [`crate::MAX_WORDS`].
    pub words: Vec<WordsView>,
}

/// One field that is written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WordsView {
    /// The entity that it is said to; the server names one after who writes, of this `kind`.
    pub to: String,
    /// `answer` or `suggestion`, to an entry; `agreement`, `proposal`, `invitee`, `attendance` or `reflection`, to a meeting; `reply`, to a
    /// thread.
    pub kind: String,
    /// 16 hexadecimal characters in small letters, for a suggestion, an agreement, a proposal, an invitee and a reply, of which there can
    /// be several: written to the same slot again, it is the same one with other words. A reply is not: it stays as it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    pub field: String,
    pub text: String,
}

/// The answer: on the server's disk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WriteResponse {
    /// The operations, in the order of the request.
    pub stored: Vec<String>,
}

/// `POST /api/v1/staff/young-people/{id}/copies`: the contact is about to print what they read, or to keep it as text. The young person
/// sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CopyRequest {
    /// Drawn at random by the client for this one copy, 16 hexadecimal characters in small letters: sent again it is the same copy.
    pub id: String,
    pub kind: CopyKind,
    /// What is in it: parts that the contact may read now.
    pub parts: Vec<String>,
}
