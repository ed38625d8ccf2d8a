//! Which of a contact's messages were seen on this phone. That is nobody else's to know, so it is kept like a small choice and never
//! sent.

use super::Session;
use crate::storage::local;
use leptos::prelude::*;
use plan::{Part, Stamp};

const SEEN: &str = "min-plan-seen-";

fn text(at: Stamp) -> String {
    // As wide as they get, so that they compare as text.
    format!("{:020}.{:010}", at.millis, at.count)
}

impl Session {
    /// Whether a contact who may be written to has written something that was not seen here.
    pub fn has_unseen(&self) -> bool {
        self.seen.get();
        let mut latest = self.look(Part::Messages, plan::OpSet::list_latest_replies);
        let recipients = self.list_recipients();
        latest.retain(|(staff, _)| recipients.iter().any(|one| one.staff == *staff));
        latest.into_iter().any(|(staff, at)| local::read(&format!("{SEEN}{staff}")).is_none_or(|seen| seen < text(at)))
    }

    /// What a contact has written up to now is seen.
    pub fn note_seen(&self, staff: &str) {
        let latest = self.look(Part::Messages, plan::OpSet::list_latest_replies);
        if let Some((_, at)) = latest.into_iter().find(|(of, _)| of == staff) {
            local::write(&format!("{SEEN}{staff}"), &text(at));
            self.seen.update(|count| *count += 1);
        }
    }
}
