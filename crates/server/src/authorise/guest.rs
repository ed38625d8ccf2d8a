//! What a guest may: read the agenda of one meeting, by a link and a code that the young person has given them.

use super::{Denied, YoungPermission, is_shared};
use crate::ids::{GuestId, Secret, YoungId};
use crate::records::Records;
use plan::author::Author;
use plan::writing::{Unfit, Writing};
use plan::{Entity, Part};
use protocol::{Code, ErrorCode};

/// Characters in the name of what a guest says of a meeting.
const NAME: usize = 16;

/// Whether what a guest will say of this meeting has room for its name: otherwise it could not be said when the day is there.
pub fn has_room(meeting: &Entity) -> bool {
    Entity::of_guest(meeting, &"0".repeat(NAME)).is_ok()
}

/// Wrong codes that end a link.
pub const MOST_WRONG_CODES: u64 = 10;

/// The agenda of a meeting may be given to somebody.
#[derive(Debug)]
pub struct ReleasePermission {
    pub(crate) young: YoungId,
    pub(crate) revision: u64,
    pub(crate) meeting: Entity,
}

/// # Errors
/// `NoConsent` while nobody has a yes to the meeting: then the server has no agenda, and may not give it to anybody.
pub fn release(young: &YoungPermission, meeting: Entity, now: u64) -> Result<ReleasePermission, Denied> {
    if !is_shared(&young.0.grants, Part::Meeting, now) {
        return Err(ErrorCode::NoConsent.into());
    }
    Ok(ReleasePermission { young: young.0.young.clone(), revision: young.0.revision, meeting })
}

/// A link, a code and the young person's yes: the agenda of this meeting may be read, once it is written down.
#[derive(Debug)]
pub struct GuestPermission {
    pub(crate) id: GuestId,
    pub(crate) young: YoungId,
    pub(crate) revision: u64,
    meeting: Entity,
    made_at: u64,
}

/// How it was may be said, once, by who has this link.
#[derive(Debug)]
pub struct ReflectPermission {
    pub(crate) id: GuestId,
    pub(crate) young: YoungId,
    pub(crate) revision: u64,
    pub(crate) writings: Vec<Writing>,
}

/// The three questions of a meeting and words to them, from a guest: on an entity whose name says nothing of the link.
///
/// # Errors
/// `Malformed` when the meeting has no room for that ([`has_room`]), or a level is none, `TooLarge` when there are more words than a text has.
pub fn reflect(guest: GuestPermission, name: &str, said: [(&str, String); 4]) -> Result<ReflectPermission, ErrorCode> {
    let GuestPermission { id, young, revision, meeting, .. } = guest;
    let on = Entity::of_guest(&meeting, name).map_err(|_| ErrorCode::Malformed)?;
    let writings: Vec<Writing> =
        said.into_iter().map(|(field, text)| Writing { on: on.clone(), field: field.to_owned(), text }).collect();
    plan::writing::check_writings(Author::Guest, &writings).map_err(|unfit| match unfit {
        Unfit::TooLong(_) => ErrorCode::TooLarge,
        _ => ErrorCode::Malformed,
    })?;
    Ok(ReflectPermission { id, young, revision, writings })
}

impl GuestPermission {
    pub fn meeting(&self) -> &Entity {
        &self.meeting
    }

    pub fn made_at(&self) -> u64 {
        self.made_at
    }
}

/// # Errors
/// `WrongCode` whatever is wrong, so that nobody learns which links there are: an unknown link, another code, one that was ended or
/// tried too often, and a young person whose yes to the meeting is over.
pub async fn open(records: &dyn Records, link: &Secret, code: &Code, now: u64) -> Result<GuestPermission, Denied> {
    let record = records.find_guest(link, code).await?.ok_or(ErrorCode::WrongCode)?;
    let (grants, revision) = records.list_grants(&record.young).await?;
    let is_shared = is_shared(&grants, Part::Meeting, now);
    if !is_shared || !record.is_code || record.is_ended {
        return Err(ErrorCode::WrongCode.into());
    }
    Ok(GuestPermission {
        id: record.id,
        young: record.young,
        revision,
        meeting: record.meeting,
        made_at: record.made_at,
    })
}
