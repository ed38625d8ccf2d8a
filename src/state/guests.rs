//! Guests: the young person gives somebody a link, and they read the agenda by it.

use super::{Failure, Session};
use crate::platform::{clock, events};
use crate::sync::api::{self, Stop};
use leptos::prelude::*;
use plan::{Entity, Part};
use protocol::{AgendaView, CreateGuestRequest, GuestLinkView, GuestView, OpenAgendaRequest, ReflectRequest};

impl Session {
    /// Whether somebody has a yes to the meeting: before that the server has no agenda to show.
    pub fn shares_meeting(&self) -> bool {
        let now = clock::now();
        self.sharing.consents.with(|all| all.iter().any(|one| one.is_active(now) && one.parts.contains(Part::Meeting)))
    }

    /// `secret` was drawn for this link, so that asking again is no other one.
    pub async fn invite_guest(
        &self,
        meeting: &Entity,
        kind: &str,
        secret: Option<String>,
    ) -> Result<GuestLinkView, Failure> {
        // What was written a moment ago is there when the guest looks.
        self.sync_now();
        api::create_guest(&CreateGuestRequest { secret, meeting: meeting.to_string(), kind: kind.to_owned() }).await
    }

    pub async fn list_guests(&self, stop: &Stop) -> Result<Vec<GuestView>, Failure> {
        Ok(api::list_guests(stop).await?.guests)
    }

    pub async fn end_guest(&self, guest: &str) -> Result<(), Failure> {
        api::end_guest(guest).await
    }
}

/// A secret for one link. `None` when the browser has no randomness to give: then the link is made without.
pub fn draw_link_secret() -> Option<String> {
    clock::secret()
}

/// The link that the browser has opened, without its secret being sent anywhere; `None` when it was cut short.
pub fn shown_link() -> Option<String> {
    Some(events::fragment()).filter(|secret| secret.len() == 64)
}

/// What a guest reads. Nothing of it is kept.
pub async fn open_agenda(secret: String, code: String) -> Result<AgendaView, Failure> {
    api::open_agenda(&OpenAgendaRequest { secret, code }).await
}

/// What a guest says of how it was, by the link that they have opened: the three levels, and words.
pub async fn reflect(code: String, levels: [String; 3], words: String) -> Result<(), Failure> {
    let secret = shown_link().unwrap_or_default();
    let [heard, safe, informed] = levels;
    api::reflect(&ReflectRequest { secret, code, heard, safe, informed, words }).await
}
