//! What a tab finds that others have left behind, and what it hears that they wish.

use crate::phone::draft_name;
use crate::world::{Check, World};
use session::Event;
use std::collections::BTreeSet;

/// A draft younger than this may belong to a tab that lives, where the browser cannot tell which do.
const QUIET: u64 = 5_000;

impl World {
    /// A tab is told of the drafts that lie there, as the app finds them.
    pub fn look(&mut self, tab: u64, living: &BTreeSet<u64>) -> Check {
        let Some((phone, _)) = self.find(tab) else { return Ok(()) };
        let clock = self.clock(phone);
        let lives =
            |tab: u64, at: u64| if self.has_locks { living.contains(&tab) } else { at.abs_diff(clock) <= QUIET };
        let others = self.phones[phone].journal.iter().filter(|((other, ..), _)| *other != tab);
        let (theirs, left): (Vec<_>, Vec<_>) = others.partition(|((other, ..), draft)| lives(*other, draft.at));
        let others = !theirs.is_empty();
        let drafts = left.into_iter().map(|(slot, draft)| (draft_name(slot), draft.clone())).collect();
        self.handle(tab, Event::LeftBehind { drafts, others })
    }

    /// A later wish, said in another tab, is in what that tab tells.
    pub fn hear_of_wishes(&mut self, at: (usize, usize), texts: &[String]) {
        let wishes = self.oracle.wishes.clone().into_iter().enumerate();
        for (place, said) in wishes.filter(|(_, said)| said.phone == at.0) {
            let names = format!("{:?}", protocol::part_names(said.parts)).replace(", ", ",");
            let wanted = format!("\"replaces\":\"{}\",\"parts\":{names}", said.about);
            // What the app says by itself of another wish has an earlier place.
            let is_it = |pair: &[String]| {
                let count = pair[0].rsplit('/').next().and_then(|count| count.parse::<u64>().ok());
                pair[1].contains(&wanted) && count.is_some_and(|count| count >= said.at)
            };
            if texts.get(1..).unwrap_or_default().chunks_exact(2).any(is_it) {
                let known = self.tab(at).wishes.entry(said.to).or_insert(place);
                *known = place.max(*known);
            }
        }
    }
}
