//! Sharing, as far as this phone knows: every yes, every no, and what the server has still to hear of.
//!
//! A no is never forgotten. It lies on the disk by itself, under a name of its own, so that no tab with older news can write
//! over it, and it is joined to the consents whenever they come from somewhere.

use super::Machine;
use crate::few::{Map, Set};
use crate::yes::Yes;
use plan::consent::{Birthdays, Consent};
use plan::{Parts, Status};
use protocol::{ConsentView, MeView};
use std::cmp::Ordering;

/// What is known about sharing on this phone.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Sharing {
    /// Every consent, with each no that was said here and with each part that was taken back here.
    pub consents: Vec<Consent>,
    /// Whether this phone is known to the server.
    pub connected: bool,
    /// The young person has asked for what was sent to be erased, and it has not happened yet.
    pub erasing: bool,
    pub birthdays: Option<Birthdays>,
    /// Parts of which there is something on the server, as far as this phone knows.
    pub(crate) sent: Parts,
    /// Every no that was said, by the consent it was said to.
    pub(crate) noes: Map<String, No>,
    /// Those of them that the server has confirmed.
    pub(crate) told: Set<String>,
    /// A yes that nobody knows the outcome of yet.
    pub(crate) yeses: Vec<Yes>,
    /// Every yes that was taken back before its outcome was known, by its secret, and the place of that among all that was
    /// said about sharing.
    pub(crate) dropped: Map<String, u64>,
    /// When no was last said on the page of a code, which ends every yes to it that was said before.
    pub(crate) refused: Map<String, u64>,
    /// What came of the codes that were answered with yes: the consent.
    pub(crate) codes: Map<String, String>,
    /// When the young person last asked for something to be erased, and up to which of these it has happened.
    pub(crate) erase: u64,
    pub(crate) erased: u64,
    /// Consents that are over, and of which the server has erased everything.
    pub(crate) cleared: Set<String>,
    /// What the young person last said a consent shall cover. The latest of a recipient's holds for all of theirs.
    pub(crate) wishes: Map<String, Wanted>,
    /// The parts of each consent as it was given, which never change. What holds of it here may be fewer.
    pub(crate) full: Map<String, Parts>,
    /// Consents that have run out here and that the server covers nothing by either.
    pub(crate) past: Set<String>,
    /// Names on the disk that are to go.
    pub(crate) stale: Vec<String>,
    /// What lies on the disk, or is in line for it, under each name.
    pub(crate) kept: Map<String, String>,
}

/// A no.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct No {
    /// When, by this phone's clock.
    pub(crate) at: u64,
    /// Its place among all that was said about sharing, whatever the clock does.
    pub(crate) count: u64,
}

/// Which parts the young person wants somebody to have, of those that they were ever given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Wanted {
    /// Its place among all that was said about sharing. What was said later holds, in every tab.
    pub(crate) count: u64,
    pub(crate) parts: Parts,
    /// The server covers no more than that. What another phone has said since is not held against it.
    pub(crate) is_confirmed: bool,
}

impl Wanted {
    /// What two tabs know. Of two that were said at once what both want holds. What the server has heard it has heard.
    pub(crate) fn join(self, other: Self) -> Self {
        match self.count.cmp(&other.count) {
            Ordering::Greater => self,
            Ordering::Less => other,
            Ordering::Equal => Self {
                count: self.count,
                parts: self.parts.common(other.parts),
                is_confirmed: if self.parts == other.parts {
                    self.is_confirmed || other.is_confirmed
                } else {
                    self.is_confirmed && other.is_confirmed
                },
            },
        }
    }
}

impl Sharing {
    /// Whether the server has still to hear of a no, or of a part that was taken back.
    pub fn is_no_waiting(&self) -> bool {
        let untold = self.untold().next().is_some();
        let is_owed = self.consents.iter().any(|consent| !self.owed(consent).is_empty());
        untold || is_owed || !self.dropped.is_empty() || self.yeses.iter().any(Yes::narrows)
    }

    /// The place of what is said about sharing next: after all that is known here. What this tab cannot know another has
    /// said by the same clock.
    pub(crate) fn next_count(&self, now: u64) -> u64 {
        let wishes = self.wishes.values().map(|wish| wish.count);
        let counts = wishes.chain(self.noes.values().map(|no| no.count)).chain(self.yeses.iter().map(|yes| yes.count));
        let counts = counts.chain(self.dropped.values().chain(self.refused.values()).copied());
        now.max(counts.max().unwrap_or(0).saturating_add(1))
    }

    /// Consents that nobody has said no to, as far as it is known here.
    pub(crate) fn list_standing(&self) -> impl Iterator<Item = &Consent> {
        self.consents.iter().filter(|one| one.withdrawn_at.is_none() && !self.noes.has(&one.id))
    }

    /// Whether a consent is known by this name, and is to the recipient of this one.
    pub(crate) fn is_to_same(&self, id: &str, consent: &Consent) -> bool {
        self.consents.iter().any(|known| known.id == id && known.is_to_same(consent))
    }

    /// The latest that was said about what the recipient of this consent shall have.
    pub(crate) fn latest_wish(&self, consent: &Consent) -> Option<Wanted> {
        let wishes = self.wishes.iter().filter(|(id, _)| *id == consent.id || self.is_to_same(id, consent));
        wishes.map(|(_, wish)| *wish).reduce(Wanted::join)
    }

    /// Whether something has been said after this change of a yes, which the server need not know of.
    pub(crate) fn is_overtaken(&self, yes: &Yes) -> bool {
        let of = self.consents.iter().find(|known| Some(&known.id) == yes.replaces.as_ref());
        let latest = of.and_then(|of| self.latest_wish(of));
        (yes.narrows || !yes.is_asked) && latest.is_some_and(|wish| wish.count > yes.count)
    }

    /// What of this consent the young person does not want its recipient to have.
    fn taken_back(&self, consent: &Consent) -> Parts {
        // What is about this very consent, which never covers less, holds as long as it stands. What is about another has
        // been heard when the server covers no more than that; what was given since is not held against it, but what was said
        // here before and came through later is.
        let own = self.wishes.get(&consent.id).copied();
        let is_later = |wish: &Wanted| own.is_some_and(|own| own.count < wish.count);
        let Some(wish) = self.latest_wish(consent).filter(|wish| !wish.is_confirmed || is_later(wish)).or(own) else {
            return Parts::NONE;
        };
        let parts = own.filter(|_| wish.is_confirmed).map_or(wish.parts, |own| own.parts.common(wish.parts));
        self.given(consent).minus(parts)
    }

    /// The parts that this consent was given for.
    pub(crate) fn given(&self, consent: &Consent) -> Parts {
        self.full.get(&consent.id).map_or(consent.parts, |full| full.union(consent.parts))
    }

    /// What the server still thinks this consent covers, although it was taken back.
    pub(crate) fn owed(&self, consent: &Consent) -> Parts {
        let is_past = consent.withdrawn_at.is_some() || self.past.has(&consent.id);
        if is_past { Parts::NONE } else { self.taken_back(consent) }
    }

    /// A yes that covers more than it may, and what is left of it.
    pub(crate) fn find_owed(&self, now: u64) -> Option<(String, Wanted)> {
        let is_asked = |id: &str| self.yeses.iter().any(|yes| yes.replaces.as_deref() == Some(id));
        let mut owed = self.consents.iter().filter(|consent| !is_asked(&consent.id));
        let consent = owed.find(|consent| !self.owed(consent).is_empty())?;
        // Of one that has run out here nothing is left: changing it would be a new yes, which nobody has said.
        let left = self.given(consent).minus(self.taken_back(consent));
        let wish = self.latest_wish(consent)?;
        let parts = if is_over(consent, now) { Parts::NONE } else { left };
        // It is no later than what it comes of.
        Some((consent.id.clone(), Wanted { parts, ..wish }))
    }

    /// From here on a consent, and every other to the same recipient, covers no more than this.
    pub(crate) fn want(&mut self, consent: &str, wish: Wanted) {
        let before = *self.wishes.get_or_insert(consent.to_owned(), || wish);
        if before.count != wish.count {
            self.stale.extend(before.names(consent));
        }
        self.wishes.insert(consent.to_owned(), wish);
    }

    /// A yes has come through, or comes to light: what it covers holds as far as nothing else has been said since.
    pub(crate) fn apply(&mut self, yes: &Yes, given: &Consent) {
        // It may have been said again since, and have come to light once before.
        let said = self.wishes.get(&given.id).map_or(yes.count, |wish| wish.count.max(yes.count));
        let is_later = |(id, no): &&(String, No)| no.count > said && self.is_to_same(id, given);
        let later = self.noes.iter().find(is_later).map(|(_, no)| *no);
        if let Some(no) = later {
            // They were said no to after this was said: the no is to whatever they have.
            self.noes.get_or_insert(given.id.clone(), || no);
        }
        // The answer itself may show that the server covers no more, when nothing else is known that does.
        let is_heard = |parts: Parts| {
            let is_within = |one: &Consent| self.given(one).minus(parts).is_empty();
            let is_other = |one: &&Consent| one.id != given.id && one.is_to_same(given);
            given.parts.minus(parts).is_empty() && self.list_standing().filter(is_other).all(is_within)
        };
        if given.withdrawn_at.is_some() || self.noes.has(&given.id) {
            // One that is over already says nothing about the one that has taken its place, which was said later.
            // It may be what came of an earlier try, which says nothing about the latest.
            let latest = yes.count.saturating_sub(u64::from(yes.is_again));
            let wishes = self.wishes.iter().filter(|(id, wish)| wish.count <= latest && self.is_to_same(id, given));
            let heard = wishes.filter(|(_, wish)| is_heard(wish.parts)).map(|(id, _)| id.clone());
            return self.confirm_wishes(heard.collect());
        }
        let wish = self.latest_wish(given).filter(|wish| wish.count >= yes.count);
        let (parts, count) = wish.map_or((yes.parts, yes.count), |wish| (wish.parts, wish.count));
        let is_confirmed = is_heard(parts);
        self.want(&given.id, Wanted { count, parts, is_confirmed });
    }

    /// Whether there is anything on the server that nobody may see any more.
    pub fn can_erase(&self, now: u64) -> bool {
        let over = self.consents.iter().any(|consent| is_over(consent, now) && !self.cleared.has(&consent.id));
        over || !self.sent.minus(self.active(now)).is_empty()
    }

    /// Whether anything was ever sent and is there still, as far as this phone knows.
    pub fn has_sent(&self) -> bool {
        !self.sent.is_empty()
    }

    pub(crate) fn active(&self, now: u64) -> Parts {
        let active = self.consents.iter().filter(|consent| consent.is_active(now));
        active.fold(Parts::NONE, |parts, consent| parts.union(consent.parts))
    }

    pub(crate) fn untold(&self) -> impl Iterator<Item = &String> {
        self.noes.keys().filter(|id| !self.told.has(*id))
    }

    /// A name on the disk is not needed any more.
    pub(crate) fn forget(&mut self, name: String) {
        self.stale.push(name);
    }

    /// Joins what the server says with what is known here: a no that either has heard is a no. `complete`: these are all
    /// consents that there are. Answers whether anything is another than before.
    pub(crate) fn merge(&mut self, views: &[ConsentView], complete: bool) -> bool {
        let before = (self.consents.clone(), self.told.clone(), self.wishes.clone());
        // While the outcome of a yes is open, a consent that turns up may be the one that was taken back.
        let is_open = !self.dropped.is_empty() || !self.yeses.is_empty();
        let views: Vec<Consent> = views.iter().filter_map(ConsentView::to_consent).collect();
        let (mut all, mut new): (Vec<Consent>, Vec<String>) = Default::default();
        for theirs in &views {
            match self.consents.iter().find(|known| known.id == theirs.id).cloned() {
                Some(ours) => {
                    self.full.insert(theirs.id.clone(), theirs.parts);
                    // It was gone for a moment.
                    if theirs.withdrawn_at.is_none() {
                        self.past.remove(&theirs.id);
                    }
                    // A server that was put back from a backup has forgotten that it is over: it is told again.
                    if let Some(at) = ours.withdrawn_at.filter(|_| theirs.withdrawn_at.is_none()) {
                        // It is not said anew, so it is later than nothing.
                        self.noes.get_or_insert(ours.id.clone(), || No { at, count: 0 });
                        if self.told.remove(&ours.id) {
                            self.stale.push(format!("told/{}", ours.id));
                        }
                        // And has again what was erased.
                        if self.cleared.remove(&ours.id) {
                            self.stale.push(format!("cleared/{}", ours.id));
                        }
                    }
                    all.push(ours.merge(theirs.clone()));
                }
                None if is_open || !complete && self.is_replaced(theirs) => {}
                None => {
                    self.past.remove(&theirs.id);
                    // What is wanted of another consent, which may be gone now, is wanted of whatever its recipient has.
                    let wish = self.latest_wish(theirs);
                    if let Some(wish) = wish.filter(|wish| !wish.is_confirmed && theirs.withdrawn_at.is_none()) {
                        self.want(&theirs.id, wish);
                    }
                    // It has the place of one that was said no to, of which the server knows no more.
                    let is_gone = |old: &&Consent| old.is_to_same(theirs) && views.iter().all(|one| one.id != old.id);
                    let mut noes = self.consents.iter().filter(is_gone).filter_map(|old| self.noes.get(&old.id));
                    let said = self.wishes.get(&theirs.id).map_or(0, |wish| wish.count);
                    if let Some(no) = noes.find(|no| no.count > said).copied() {
                        self.noes.get_or_insert(theirs.id.clone(), || no);
                    }
                    self.full.insert(theirs.id.clone(), theirs.parts);
                    new.push(theirs.id.clone());
                    all.push(theirs.clone());
                }
            }
        }
        if !complete || is_open {
            let rest = self.consents.iter().filter(|ours| all.iter().all(|one| one.id != ours.id));
            all.extend(rest.cloned().collect::<Vec<_>>());
        }
        self.consents = all;
        self.follow_noes(&views, &new);
        if complete && !is_open {
            self.confirm_wishes_in(&views);
        }
        self.apply_noes();
        // In whatever order they came.
        let is_same = self.consents.len() == before.0.len() && self.consents.iter().all(|one| before.0.contains(one));
        !is_same || (&self.told, &self.wishes) != (&before.1, &before.2)
    }

    /// Whether there is a later yes to the same person. The server has one at a time, so an answer from before that one shows as standing
    /// what is over by now, and may have been taken back since in what has its place.
    fn is_replaced(&self, consent: &Consent) -> bool {
        self.consents.iter().any(|one| one.is_to_same(consent) && one.given_at >= consent.given_at)
    }

    /// The yes had been changed before the no was said, once or more often, by another phone, or in another tab and this one
    /// had not heard: the no is to what it has become. And a no to somebody is one to whatever they have by a yes that was
    /// said here before. `new`: these have just come to light.
    pub(crate) fn follow_noes(&mut self, views: &[Consent], new: &[String]) {
        let find = |sharing: &Self| {
            let said = |one: &Consent| {
                let wish = sharing.wishes.get(&one.id).map_or(0, |wish| wish.count);
                // What was said again on behalf of a server that had forgotten it is no news about anything else.
                let holds = |no: &&No| no.count > wish || no.count > 0 && new.contains(&one.id);
                let olds = views.iter().chain(&sharing.consents).filter(|old| one.has_replaced(old));
                let become_of = olds.filter_map(|old| sharing.noes.get(&old.id)).find(holds);
                let is_later = |(id, no): &&(String, No)| wish > 0 && no.count > wish && sharing.is_to_same(id, one);
                let to_same = || sharing.noes.iter().find(is_later).map(|(_, no)| no);
                become_of.or_else(to_same).copied()
            };
            let mut open = sharing.consents.iter().filter(|one| !sharing.noes.has(&one.id));
            open.find_map(|one| Some((one.clone(), said(one)?)))
        };
        while let Some((one, no)) = find(self) {
            self.noes.insert(one.id.clone(), no);
            if one.withdrawn_at.is_some() {
                self.told.insert(one.id);
            }
        }
    }

    /// Where the server covers no more than is wanted, it has heard.
    fn confirm_wishes_in(&mut self, views: &[Consent]) {
        let standing: Vec<&Consent> =
            views.iter().filter(|one| one.withdrawn_at.is_none() && !self.noes.has(&one.id)).collect();
        let is_heard = |id: &String, wish: &Wanted| {
            let known = self.consents.iter().find(|known| known.id == *id);
            let mut theirs = standing.iter().filter(|one| known.is_some_and(|known| known.is_to_same(one)));
            theirs.all(|one| one.parts.minus(wish.parts).is_empty())
        };
        let heard = self.wishes.iter().filter(|(id, wish)| is_heard(id, wish)).map(|(id, _)| id.clone());
        self.confirm_wishes(heard.collect());
    }

    fn confirm_wishes(&mut self, heard: Vec<String>) {
        for id in heard {
            if let Some(wish) = self.wishes.get_mut(&id) {
                wish.is_confirmed = true;
            }
        }
    }

    /// One consent that the server has answered with, to a yes or to the question what became of it.
    pub(crate) fn adopt(&mut self, consent: Consent) {
        self.full.insert(consent.id.clone(), consent.parts);
        match self.consents.iter_mut().find(|known| known.id == consent.id) {
            Some(known) => *known = known.clone().merge(consent),
            None => self.consents.push(consent),
        }
        self.connected = true;
        self.apply_noes();
    }

    /// Every no that was said here holds here, whatever anybody says; and so does every part that was taken back.
    pub(crate) fn apply_noes(&mut self) {
        let back: Vec<Parts> = self.consents.iter().map(|consent| self.taken_back(consent)).collect();
        for (consent, back) in self.consents.iter_mut().zip(back) {
            if let Some(no) = self.noes.get(&consent.id) {
                consent.withdrawn_at.get_or_insert(no.at);
            }
            let given = self.full.get(&consent.id).map_or(consent.parts, |full| full.union(consent.parts));
            consent.parts = given.minus(back);
        }
    }
}

/// A consent that can never become active again.
pub(crate) fn is_over(consent: &Consent, now: u64) -> bool {
    matches!(consent.status(now), Status::Withdrawn | Status::Expired | Status::TurnedFifteen)
}

impl Machine {
    /// The no. Sending stops here and now, what is under way with a part of it is given up, and the server is told at once,
    /// beside whatever else it is asked.
    pub fn say_no(&mut self, now: u64, consent: &str) {
        self.note_no(now, consent);
        self.keep_sharing();
        self.reset_back_off();
        self.pump(now);
    }

    /// The no, before it is told.
    pub(crate) fn note_no(&mut self, now: u64, consent: &str) {
        let count = self.sharing.next_count(now);
        self.sharing.noes.get_or_insert(consent.to_owned(), || No { at: now, count });
        self.sharing.follow_noes(&[], &[]);
        self.link.learned += 1;
        self.drop_what_was_said_no_to();
    }

    /// A change of a yes that was said no to comes to nothing, whichever tab has said it.
    pub(crate) fn drop_what_was_said_no_to(&mut self) {
        let noes = &self.sharing.noes;
        let no = |yes: &Yes| yes.replaces.as_ref().and_then(|id| noes.get(id)).map(|no| no.count);
        let over = self.sharing.yeses.iter().filter_map(|yes| Some((yes.secret.clone(), no(yes)?)));
        for (secret, count) in over.collect::<Vec<_>>() {
            self.drop_yes(&secret, count);
        }
        self.sharing.apply_noes();
    }

    /// Asks for what was sent, and nobody may see any more, to be erased from the server.
    pub fn erase_sent(&mut self, now: u64) {
        self.sharing.erase = now.max(self.sharing.erase.max(self.sharing.erased).saturating_add(1));
        self.sharing.erasing = true;
        self.keep_sharing();
        self.reset_back_off();
        self.pump(now);
    }

    /// This phone has become one of the young person's, with a code from another.
    pub fn join(&mut self, now: u64, me: &MeView) {
        self.sharing.connected = true;
        self.sharing.merge(&me.consents, true);
        let fifteen = self.sharing.consents.first().map(|consent| consent.turns_15);
        self.sharing.birthdays =
            fifteen.map(|day| Birthdays { turns_15: day, turns_18: day.plus_years(3) }).or(self.sharing.birthdays);
        self.end_welcome();
        self.keep_sharing();
        self.reset_back_off();
        self.pump(now);
    }
}
