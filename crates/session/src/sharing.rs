//! Sharing, as far as this phone knows: every yes, every no, and what the server has still to hear of.
//!
//! A no is never forgotten. It lies on the disk by itself, under a name of its own, so that no tab with older news can write
//! over it, and it is joined to the consents whenever they come from somewhere.

use crate::machine::{Machine, SHARING};
use crate::storage::Batch;
use crate::yes::Yes;
use plan::consent::{Birthdays, Consent, Custody};
use plan::{Parts, Status};
use protocol::{ConsentView, MeView, parse_parts, part_names};
use std::collections::{BTreeMap, BTreeSet};

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
    pub(crate) noes: BTreeMap<String, u64>,
    /// Those of them that the server has confirmed.
    pub(crate) told: BTreeSet<String>,
    /// A yes that nobody knows the outcome of yet.
    pub(crate) yeses: Vec<Yes>,
    /// Secrets of a yes that was taken back before its outcome was known.
    pub(crate) dropped: BTreeSet<String>,
    /// Consents that are over, and of which the server has erased everything.
    pub(crate) cleared: BTreeSet<String>,
    /// Names on the disk that are to go.
    stale: Vec<String>,
}

impl Sharing {
    /// Whether the server has still to hear of a no.
    pub fn is_no_waiting(&self) -> bool {
        !self.dropped.is_empty()
            || self.noes.keys().any(|id| !self.told.contains(id))
            || self.yeses.iter().any(Yes::narrows)
    }

    /// Whether there is anything on the server that nobody may see any more.
    pub fn can_erase(&self, now: u64) -> bool {
        let over = self.consents.iter().any(|consent| is_over(consent, now) && !self.cleared.contains(&consent.id));
        over || !self.sent.iter().all(|part| self.active(now).contains(part))
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
        self.noes.keys().filter(|id| !self.told.contains(*id))
    }

    /// A name on the disk is not needed any more.
    pub(crate) fn forget(&mut self, name: String) {
        self.stale.push(name);
    }

    /// Everything about sharing, as names and texts; an empty text removes.
    fn to_pairs(&self) -> Vec<(String, String)> {
        let views: Vec<ConsentView> = self.consents.iter().map(ConsentView::from).collect();
        let flag = |on: bool| if on { "1".to_owned() } else { String::new() };
        let birthdays = self.birthdays.map(|days| format!("{} {}", days.turns_15, days.turns_18));
        let mut pairs = vec![
            ("consents".into(), serde_json::to_string(&views).unwrap_or_default()),
            ("connected".into(), flag(self.connected)),
            ("erasing".into(), flag(self.erasing)),
            ("sent".into(), part_names(self.sent).join(" ")),
            ("birthdays".into(), birthdays.unwrap_or_default()),
        ];
        pairs.extend(self.noes.iter().map(|(id, at)| (format!("no/{id}"), at.to_string())));
        pairs.extend(self.told.iter().map(|id| (format!("told/{id}"), "1".to_owned())));
        pairs.extend(self.cleared.iter().map(|id| (format!("cleared/{id}"), "1".to_owned())));
        pairs.extend(self.dropped.iter().map(|secret| (format!("dropped/{secret}"), "1".to_owned())));
        pairs.extend(self.yeses.iter().map(|yes| (format!("yes/{}", yes.secret), yes.to_text())));
        pairs.extend(self.stale.iter().map(|name| (name.clone(), String::new())));
        pairs
    }

    /// Joins what is on the disk. What is missing there is no news: it may have been read before it was written.
    pub(crate) fn load(&mut self, meta: &[(String, String)]) {
        let there: Vec<_> = meta.iter().filter(|(_, text)| !text.is_empty()).cloned().collect();
        self.join(&there);
        // As an earlier build kept what the server had not heard.
        let unsent = there.iter().find(|(name, _)| name == "unsent").map_or("", |(_, text)| text);
        for id in unsent.split_whitespace() {
            self.noes.entry(id.to_owned()).or_default();
            self.forget("unsent".to_owned());
        }
        self.apply_noes();
    }

    /// What another tab tells: what is empty there has ended there in this moment.
    pub(crate) fn hear(&mut self, pairs: &[(String, String)]) {
        for (name, text) in pairs.iter().filter(|(_, text)| text.is_empty()) {
            match name.split_once('/') {
                Some(("yes", secret)) => self.yeses.retain(|yes| yes.secret != secret),
                Some(("dropped", secret)) => drop(self.dropped.remove(secret)),
                Some(("told", id)) => drop(self.told.remove(id)),
                None if name == "erasing" => self.erasing = text == "1",
                None if name == "sent" => self.sent = Parts::NONE,
                _ => {}
            }
        }
        let there: Vec<_> = pairs.iter().filter(|(_, text)| !text.is_empty()).cloned().collect();
        self.join(&there);
        self.apply_noes();
    }

    fn join(&mut self, pairs: &[(String, String)]) {
        for (name, text) in pairs {
            match (name.as_str(), name.split_once('/')) {
                ("consents", _) => {
                    let views: Vec<ConsentView> = serde_json::from_str(text).unwrap_or_default();
                    for theirs in views.iter().filter_map(ConsentView::to_consent) {
                        match self.consents.iter_mut().find(|known| known.id == theirs.id) {
                            Some(ours) => *ours = narrower(ours.clone(), theirs),
                            None => self.consents.push(theirs),
                        }
                    }
                }
                ("connected", _) => self.connected = true,
                ("erasing", _) => self.erasing = true,
                // An earlier build only knew that something was sent.
                ("sent", _) if text == "1" => self.sent = plan::Part::ALL.into_iter().collect(),
                ("sent", _) => {
                    let names: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
                    self.sent = parse_parts(&names).unwrap_or(self.sent);
                }
                ("birthdays", _) => self.birthdays = birthdays(text).or(self.birthdays),
                (_, Some(("no", id))) => {
                    let at: u64 = text.parse().unwrap_or_default();
                    self.noes.entry(id.to_owned()).and_modify(|known| *known = at.min(*known)).or_insert(at);
                }
                (_, Some(("told", id))) => drop(self.told.insert(id.to_owned())),
                (_, Some(("cleared", id))) => drop(self.cleared.insert(id.to_owned())),
                (_, Some(("dropped", secret))) => {
                    self.yeses.retain(|yes| yes.secret != secret);
                    self.dropped.insert(secret.to_owned());
                }
                (_, Some(("yes", secret))) => {
                    let known = self.dropped.contains(secret) || self.yeses.iter().any(|yes| yes.secret == secret);
                    self.yeses.extend(Yes::from_text(secret, text).filter(|_| !known));
                }
                _ => {}
            }
        }
    }

    /// Joins what the server says with what is known here: a no that either has heard is a no. `complete`: these are all
    /// consents that there are. Answers whether anything is another than before.
    pub(crate) fn merge(&mut self, views: &[ConsentView], complete: bool) -> bool {
        let before = (self.consents.clone(), self.told.clone());
        // While the outcome of a yes is open, a consent that turns up may be the one that was taken back.
        let is_open = !self.dropped.is_empty() || !self.yeses.is_empty();
        let mut all: Vec<Consent> = Vec::new();
        for theirs in views.iter().filter_map(ConsentView::to_consent) {
            match self.consents.iter().find(|known| known.id == theirs.id) {
                Some(ours) => {
                    // A server that was put back from a backup has forgotten a no: it is told again.
                    if self.noes.contains_key(&ours.id) && theirs.withdrawn_at.is_none() && self.told.remove(&ours.id) {
                        self.stale.push(format!("told/{}", ours.id));
                    }
                    all.push(ours.clone().merge(theirs));
                }
                None if is_open => {}
                None => all.push(theirs),
            }
        }
        if !complete || is_open {
            all.extend(
                self.consents
                    .iter()
                    .filter(|ours| all.iter().all(|one| one.id != ours.id))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
        self.consents = all;
        self.apply_noes();
        (&self.consents, &self.told) != (&before.0, &before.1)
    }

    /// One consent that the server has answered with, to a yes or to the question what became of it.
    pub(crate) fn adopt(&mut self, consent: Consent) {
        match self.consents.iter_mut().find(|known| known.id == consent.id) {
            Some(known) => *known = known.clone().merge(consent),
            None => self.consents.push(consent),
        }
        self.connected = true;
        self.apply_noes();
    }

    /// Every no that was said here holds here, whatever anybody says; and so does every part that was taken back.
    pub(crate) fn apply_noes(&mut self) {
        for consent in &mut self.consents {
            if let Some(at) = self.noes.get(&consent.id) {
                consent.withdrawn_at.get_or_insert(*at);
            }
            for yes in self.yeses.iter().filter(|yes| yes.replaces.as_ref() == Some(&consent.id)) {
                consent.parts = consent.parts.iter().filter(|part| yes.parts.contains(*part)).collect();
            }
        }
    }
}

/// A consent that can never become active again.
pub(crate) fn is_over(consent: &Consent, now: u64) -> bool {
    matches!(consent.status(now), Status::Withdrawn | Status::Expired | Status::TurnedFifteen)
}

/// Joins what two tabs know of one consent. Neither is known to be newer, so what allows less holds until the server has
/// been asked.
fn narrower(ours: Consent, theirs: Consent) -> Consent {
    let rank = |custody: Custody| match custody {
        Custody::No => 0,
        Custody::Waiting => 1,
        Custody::Yes | Custody::NotNeeded => 2,
    };
    let custody = if rank(theirs.custody) < rank(ours.custody) { theirs.custody } else { ours.custody };
    let parts = ours.parts.iter().filter(|part| theirs.parts.contains(*part)).collect();
    Consent { custody, parts, ..ours.merge(theirs) }
}

fn birthdays(text: &str) -> Option<Birthdays> {
    let (fifteen, eighteen) = text.split_once(' ')?;
    Some(Birthdays { turns_15: fifteen.parse().ok()?, turns_18: eighteen.parse().ok()? })
}

impl Machine {
    /// Puts everything about sharing in line for the disk, and tells the other tabs.
    pub(crate) fn keep_sharing(&mut self) {
        let pairs = self.sharing.to_pairs();
        self.sharing.stale.clear();
        let mut texts = vec![SHARING.to_owned()];
        texts.extend(pairs.iter().flat_map(|(name, text)| [name.clone(), text.clone()]));
        self.effects.push(crate::Effect::Tell(texts));
        let meta = pairs.into_iter().map(|(name, text)| (name, Some(text).filter(|text| !text.is_empty())));
        self.enqueue(Batch { meta: meta.collect(), ..Batch::default() });
    }

    /// The no. Sending stops here and now, what is under way with a part of it is given up, and the server is told at once,
    /// beside whatever else it is asked.
    pub fn say_no(&mut self, now: u64, consent: &str) {
        self.sharing.noes.entry(consent.to_owned()).or_insert(now);
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
