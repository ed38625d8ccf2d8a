//! What a consent allows, and when it stops.
//!
//! Nothing leaves the phone without a [`Permit`], and only [`permit`] makes one: from a consent that has been given, has not
//! run out and has not been taken back. A no from the young person counts at any age. Under 15 the custody holder must
//! say yes as well; on the 15th birthday that yes stops counting and the young person is asked again.

use crate::date::{DAY_MILLIS, Day};
use crate::id::Entity;
use crate::part::{Part, Parts};
use crate::profile::{Profile, StandIn};
use std::cmp::Reverse;

/// A consent lasts at most this long.
pub const MAX_DAYS: u64 = 365;
/// The young person is reminded this long before it runs out.
pub const REMINDER_DAYS: u64 = 14;

/// Age, as much of it as is kept: the days on which the young person turns 15 and 18.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Birthdays {
    pub turns_15: Day,
    pub turns_18: Day,
}

impl Birthdays {
    /// The day of birth itself is not kept.
    pub fn from_birth(born: Day) -> Self {
        Self { turns_15: born.plus_years(15), turns_18: born.plus_years(18) }
    }

    pub fn is_under_15(&self, now_millis: u64) -> bool {
        Day::at(now_millis) < self.turns_15
    }
}

/// What the custody holder has said. Recorded by the contact.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Custody {
    /// 15 or more when the consent was given.
    NotNeeded,
    Waiting,
    Yes,
    No,
}

/// One yes: to one recipient, for some parts, for a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Consent {
    pub id: String,
    /// The contact's name and home, as the young person saw them.
    pub recipient: String,
    /// The identity that their words carry; empty where an earlier build has written it down.
    pub staff: String,
    pub unit: String,
    pub parts: Parts,
    pub given_at: u64,
    pub expires_at: u64,
    pub custody: Custody,
    pub withdrawn_at: Option<u64>,
    /// Of the birthdays only the one that changes what a consent needs.
    pub turns_15: Day,
    /// What the contact tells about themselves, as it was when this was last heard of; see [`Consent::told`].
    pub profile: Profile,
}

/// Where a consent stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    Active,
    /// Given by the young person; the custody holder has not answered.
    WaitingForCustody,
    RefusedByCustody,
    /// The custody holder's yes stopped counting on the 15th birthday: ask the young person again.
    TurnedFifteen,
    Expired,
    Withdrawn,
}

impl Consent {
    /// The rule itself. Everything else asks here.
    pub fn status(&self, now_millis: u64) -> Status {
        if self.withdrawn_at.is_some() {
            return Status::Withdrawn;
        }
        if now_millis >= self.end() {
            return Status::Expired;
        }
        let given_under_15 = Day::at(self.given_at) < self.turns_15;
        if given_under_15 && Day::at(now_millis) >= self.turns_15 {
            return Status::TurnedFifteen;
        }
        match self.custody {
            Custody::No => Status::RefusedByCustody,
            Custody::Yes => Status::Active,
            // Never take "not needed" from a record that says the giver was under 15.
            Custody::Waiting => Status::WaitingForCustody,
            Custody::NotNeeded if given_under_15 => Status::WaitingForCustody,
            Custody::NotNeeded => Status::Active,
        }
    }

    /// When it runs out, whatever the record says: never later than [`MAX_DAYS`] after it was given.
    fn end(&self) -> u64 {
        self.expires_at.min(expiry(self.given_at))
    }

    pub fn is_active(&self, now_millis: u64) -> bool {
        self.status(now_millis) == Status::Active
    }

    /// Whether somebody may read by it, or will when the custody holder says yes.
    pub fn stands(&self, now_millis: u64) -> bool {
        matches!(self.status(now_millis), Status::Active | Status::WaitingForCustody)
    }

    /// Whether it is to the same contact: two members of staff of one unit cannot have the same name.
    pub fn is_to_same(&self, other: &Self) -> bool {
        (&self.recipient, &self.unit) == (&other.recipient, &other.unit)
    }

    /// Whether it is what another yes has become that was changed: the server ends the one with the other.
    pub fn has_replaced(&self, before: &Self) -> bool {
        self.is_to_same(before) && before.withdrawn_at == Some(self.given_at)
    }

    /// What the contact tells about themselves, as long as the young person's yes to them holds.
    pub fn told(&self, now_millis: u64) -> Option<&Profile> {
        self.stands(now_millis).then_some(&self.profile)
    }

    /// Who may read and answer in the contact's place now: by a tick of its own, so that no yes from before there was one counts.
    pub fn lets_stand_in(&self, now_millis: u64) -> Option<&StandIn> {
        let is_allowed = [Part::Messages, Part::StandIn].into_iter().all(|part| self.parts.contains(part));
        let stands_in = self.profile.stand_in.as_ref().filter(|one| one.is_here(now_millis));
        stands_in.filter(|_| is_allowed && self.is_active(now_millis))
    }

    /// Days left when it is time to remind, while it is active.
    pub fn reminder(&self, now_millis: u64) -> Option<u64> {
        let left = self.end().saturating_sub(now_millis).div_ceil(DAY_MILLIS);
        (self.is_active(now_millis) && left <= REMINDER_DAYS).then_some(left)
    }

    /// Joins two copies of one consent; `other` is the newer, as the server sends it. A withdrawal that either has seen
    /// stays, from when it was first made: what was taken back is never given again by a copy that has not heard of it.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        let withdrawn_at = match (self.withdrawn_at, other.withdrawn_at) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self { withdrawn_at, ..other }
    }
}

/// What there is to show of them: to each contact the yes that holds or waits, and where there is none what came of the latest.
/// A yes that was changed is a new one; that the one before it is over is nothing to tell of somebody who still reads.
pub fn to_show(all: &[Consent], now_millis: u64) -> Vec<&Consent> {
    let is_replaced = |before: &Consent| all.iter().any(|one| one.has_replaced(before));
    let mut left: Vec<&Consent> = all.iter().filter(|one| !is_replaced(one)).collect();
    left.sort_by_key(|one| (!one.stands(now_millis), Reverse(one.given_at)));
    let mut shown: Vec<&Consent> = Vec::new();
    for one in left {
        if one.stands(now_millis) || !shown.iter().any(|known| known.is_to_same(one)) {
            shown.push(one);
        }
    }
    // What is asked of the young person, when something has run out, is above all that is over by their no.
    shown.sort_by_key(|one| (one.withdrawn_at.is_some(), Reverse(one.given_at)));
    shown
}

/// The right to send, for one decision. Cannot be made outside [`permit`], cloned, or kept: it borrows the consents that it
/// was made from, so nobody can say no, or merge what another copy knows, while one is held.
#[derive(Debug, PartialEq, Eq)]
pub struct Permit<'c> {
    parts: Parts,
    /// The contacts that messages may go to.
    threads: Vec<&'c str>,
}

impl Permit<'_> {
    /// Whether what is written about this entity may leave the phone.
    pub fn allows(&self, entity: &Entity) -> bool {
        match entity.part() {
            Some(Part::Messages) => entity.thread().is_some_and(|staff| self.reaches(staff)),
            part => part.is_some_and(|part| self.parts.contains(part)),
        }
    }

    /// Whether messages may go to this contact: a yes to them is to nobody else.
    pub fn reaches(&self, staff: &str) -> bool {
        self.threads.contains(&staff)
    }

    pub fn parts(&self) -> Parts {
        self.parts
    }
}

/// The only way to a [`Permit`]: the parts of every consent that is active now.
pub fn permit<'c>(consents: impl IntoIterator<Item = &'c Consent>, now_millis: u64) -> Option<Permit<'c>> {
    let mut permit = Permit { parts: Parts::NONE, threads: Vec::new() };
    for consent in consents.into_iter().filter(|consent| consent.is_active(now_millis)) {
        permit.parts = permit.parts.union(consent.parts);
        permit.threads.extend(consent.parts.contains(Part::Messages).then_some(consent.staff.as_str()));
    }
    (!permit.parts.is_empty()).then_some(permit)
}

/// When a consent given now runs out, at the latest.
pub fn expiry(given_at: u64) -> u64 {
    given_at.saturating_add(MAX_DAYS * DAY_MILLIS)
}

/// What a new consent needs of the custody holder.
pub fn custody_for(birthdays: &Birthdays, now_millis: u64) -> Custody {
    if birthdays.is_under_15(now_millis) { Custody::Waiting } else { Custody::NotNeeded }
}
