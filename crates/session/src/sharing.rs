//! Sharing, as far as this phone knows: every yes, every no, and what the server has still to hear of.
//!
//! A no is never forgotten. It lies on the disk by itself, under a name of its own, so that no tab with older news can write
//! over it, and it is joined to the consents whenever they come from somewhere.

use crate::few::{Map, Set};
use crate::machine::Machine;
use crate::yes::Yes;
use plan::consent::{Birthdays, Consent};
use plan::{Parts, Status};
use protocol::{ConsentView, MeView};

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
    /// When each no was said, by the consent it was said to.
    pub(crate) noes: Map<String, u64>,
    /// Those of them that the server has confirmed.
    pub(crate) told: Set<String>,
    /// A yes that nobody knows the outcome of yet.
    pub(crate) yeses: Vec<Yes>,
    /// Secrets of a yes that was taken back before its outcome was known.
    pub(crate) dropped: Set<String>,
    /// Consents that are over, and of which the server has erased everything.
    pub(crate) cleared: Set<String>,
    /// What was taken back here of a yes, by the consent it was taken from: no yes to the same recipient covers it, however it
    /// comes about, until the server has been told or the young person says yes to it again.
    pub(crate) back: Map<String, Parts>,
    /// The parts of each consent as it was given, which never change. What holds of it here may be fewer.
    pub(crate) full: Map<String, Parts>,
    /// Names on the disk that are to go.
    pub(crate) stale: Vec<String>,
    /// What is taken back no more, for the other tabs to hear.
    pub(crate) again: Vec<(String, Parts)>,
}

impl Sharing {
    /// Whether the server has still to hear of a no.
    pub fn is_no_waiting(&self) -> bool {
        let untold = self.untold().next().is_some();
        untold || !self.dropped.is_empty() || self.yeses.iter().any(Yes::narrows)
    }

    /// What was taken back of this consent or of another to the same recipient.
    fn taken_back(&self, consent: &Consent) -> Parts {
        let from_same =
            |id: &String| self.consents.iter().any(|known| known.id == *id && is_same_recipient(known, consent));
        let back = self.back.iter().filter(|(id, _)| **id == consent.id || from_same(id));
        back.fold(Parts::NONE, |parts, (_, back)| parts.union(*back))
    }

    /// The parts that this consent was given for.
    pub(crate) fn given(&self, consent: &Consent) -> Parts {
        self.full.get(&consent.id).map_or(consent.parts, |full| full.union(consent.parts))
    }

    /// What the server still thinks this consent covers, although it was taken back.
    fn owed(&self, consent: &Consent) -> Parts {
        self.full.get(&consent.id).map_or(Parts::NONE, |full| full.common(self.taken_back(consent)))
    }

    /// A yes that covers more than it may, and what is left of it.
    pub(crate) fn find_owed(&self, now: u64) -> Option<(String, Parts)> {
        let is_asked = |id: &str| self.yeses.iter().any(|yes| yes.replaces.as_deref() == Some(id));
        let mut owed = self.consents.iter().filter(|consent| !is_over(consent, now) && !is_asked(&consent.id));
        let consent = owed.find(|consent| !self.owed(consent).is_empty())?;
        let full = self.full.get(&consent.id).copied().unwrap_or(Parts::NONE);
        Some((consent.id.clone(), full.minus(self.taken_back(consent))))
    }

    /// The young person has said yes to these parts again.
    pub(crate) fn allow_again(&mut self, consent: &Consent, wanted: Parts) {
        self.back_only(consent, |back| back.minus(wanted));
    }

    /// What this consent covers and the young person does not want it to is taken back. Answers with what that is.
    pub(crate) fn keep_back(&mut self, consent: &Consent, wanted: Parts) -> Parts {
        let taken = self.given(consent).minus(wanted);
        if !taken.is_empty() {
            let back = self.back.get_or_insert(consent.id.clone(), || Parts::NONE);
            *back = back.union(taken);
        }
        taken
    }

    /// Keeps of what was taken back from a recipient only this.
    pub(crate) fn back_only(&mut self, consent: &Consent, keep: impl Fn(Parts) -> Parts) {
        let same = self.consents.iter().filter(|known| is_same_recipient(known, consent));
        let ids: Vec<String> = same.map(|known| known.id.clone()).chain([consent.id.clone()]).collect();
        for id in ids {
            if let Some(back) = self.back.get(&id).copied() {
                let kept = keep(back);
                self.end_taken_back(&id, back.minus(kept));
            }
        }
    }

    pub(crate) fn end_taken_back(&mut self, id: &str, parts: Parts) {
        let Some(back) = self.back.get_mut(id).filter(|_| !parts.is_empty()) else { return };
        *back = back.minus(parts);
        if back.is_empty() {
            self.back.remove(id);
            self.stale.push(format!("back/{id}"));
        }
        self.again.push((id.to_owned(), parts));
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
        let before = (self.consents.clone(), self.told.clone(), self.back.clone());
        // While the outcome of a yes is open, a consent that turns up may be the one that was taken back.
        let is_open = !self.dropped.is_empty() || !self.yeses.is_empty();
        let views: Vec<Consent> = views.iter().filter_map(ConsentView::to_consent).collect();
        let mut all: Vec<Consent> = Vec::new();
        for theirs in &views {
            match self.consents.iter().find(|known| known.id == theirs.id).cloned() {
                Some(ours) => {
                    self.full.insert(theirs.id.clone(), theirs.parts);
                    // A server that was put back from a backup has forgotten that it is over: it is told again.
                    if let Some(at) = ours.withdrawn_at.filter(|_| theirs.withdrawn_at.is_none()) {
                        self.noes.get_or_insert(ours.id.clone(), || at);
                        if self.told.remove(&ours.id) {
                            self.stale.push(format!("told/{}", ours.id));
                        }
                    }
                    all.push(ours.merge(theirs.clone()));
                }
                None if is_open => {}
                None => {
                    self.full.insert(theirs.id.clone(), theirs.parts);
                    // Another phone had changed the yes before the no was said here: the no is to what it has become.
                    let was_no = |old: &&Consent| self.noes.has(&old.id) && is_same_recipient(old, theirs);
                    let is_said_no = views.iter().filter(was_no).any(|old| old.withdrawn_at == Some(theirs.given_at));
                    if is_said_no && theirs.withdrawn_at.is_none() {
                        self.noes.insert(theirs.id.clone(), theirs.given_at);
                    }
                    all.push(theirs.clone());
                }
            }
        }
        if !complete || is_open {
            let rest = self.consents.iter().filter(|ours| all.iter().all(|one| one.id != ours.id));
            all.extend(rest.cloned().collect::<Vec<_>>());
        } else {
            self.end_back(&views);
        }
        self.consents = all;
        self.apply_noes();
        (&self.consents, &self.told, &self.back) != (&before.0, &before.1, &before.2)
    }

    /// What the server covers nowhere any more need not be taken back.
    fn end_back(&mut self, views: &[Consent]) {
        for known in self.consents.clone().iter().filter(|known| self.back.has(&known.id)).collect::<Vec<_>>() {
            let standing = views
                .iter()
                .filter(|one| one.withdrawn_at.is_none() && is_same_recipient(one, known) && !self.noes.has(&one.id));
            let covered = standing.fold(Parts::NONE, |parts, one| parts.union(one.parts));
            self.back_only(known, |back| back.common(covered));
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
            if let Some(at) = self.noes.get(&consent.id) {
                consent.withdrawn_at.get_or_insert(*at);
            }
            consent.parts = consent.parts.minus(back);
            for yes in self.yeses.iter().filter(|yes| yes.replaces.as_ref() == Some(&consent.id)) {
                consent.parts = consent.parts.common(yes.parts);
            }
        }
    }
}

fn is_same_recipient(one: &Consent, other: &Consent) -> bool {
    (&one.recipient, &one.unit) == (&other.recipient, &other.unit)
}

/// A consent that can never become active again.
pub(crate) fn is_over(consent: &Consent, now: u64) -> bool {
    matches!(consent.status(now), Status::Withdrawn | Status::Expired | Status::TurnedFifteen)
}

impl Machine {
    /// The no. Sending stops here and now, what is under way with a part of it is given up, and the server is told at once,
    /// beside whatever else it is asked.
    pub fn say_no(&mut self, now: u64, consent: &str) {
        self.sharing.noes.get_or_insert(consent.to_owned(), || now);
        let is_changed = |yes: &Yes| yes.replaces.as_deref() == Some(consent);
        let changed: Vec<String> =
            self.sharing.yeses.iter().filter(|yes| is_changed(yes)).map(|yes| yes.secret.clone()).collect();
        for secret in changed {
            self.drop_yes(&secret);
        }
        self.sharing.apply_noes();
        self.keep_sharing();
        self.hurry();
        self.pump(now);
    }

    /// Asks for what was sent, and nobody may see any more, to be erased from the server.
    pub fn erase_sent(&mut self, now: u64) {
        self.sharing.erasing = true;
        self.keep_sharing();
        self.hurry();
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
        self.hurry();
        self.pump(now);
    }

    /// Joins the consents that came with an answer.
    pub(crate) fn learn(&mut self, views: &[ConsentView], complete: bool) {
        if self.sharing.merge(views, complete) {
            // What was refused may be taken now.
            self.link.aside.clear();
            self.link.due = true;
            self.keep_sharing();
        }
    }
}
