//! Sharing as names and texts: as it lies on the disk, and as one tab tells it to the others.

use crate::machine::{Machine, SHARING};
use crate::sharing::Sharing;
use crate::storage::Batch;
use crate::yes::Yes;
use plan::Parts;
use plan::consent::{Birthdays, Consent, Custody};
use protocol::{ConsentView, parse_parts, part_names};

impl Sharing {
    /// Everything about sharing, as names and texts; an empty text removes.
    fn to_pairs(&self) -> Vec<(String, String)> {
        // As they were given: what was taken back of them lies beside them.
        let given = |consent: &Consent| Consent { parts: self.given(consent), ..consent.clone() };
        let views: Vec<ConsentView> = self.consents.iter().map(|consent| ConsentView::from(&given(consent))).collect();
        let flag = |on: bool| if on { "1".to_owned() } else { String::new() };
        let birthdays = self.birthdays.map(|days| format!("{} {}", days.turns_15, days.turns_18));
        // What goes comes first: it may be there again.
        let mut pairs: Vec<_> = self.stale.iter().map(|name| (name.clone(), String::new())).collect();
        pairs.extend([
            ("consents".into(), serde_json::to_string(&views).unwrap_or_default()),
            ("connected".into(), flag(self.connected)),
            ("erasing".into(), flag(self.erasing)),
            ("sent".into(), part_names(self.sent).join(" ")),
            ("birthdays".into(), birthdays.unwrap_or_default()),
        ]);
        pairs.extend(self.noes.iter().map(|(id, at)| (format!("no/{id}"), at.to_string())));
        pairs.extend(self.told.iter().map(|id| (format!("told/{id}"), "1".to_owned())));
        pairs.extend(self.cleared.iter().map(|id| (format!("cleared/{id}"), "1".to_owned())));
        pairs.extend(self.dropped.iter().map(|secret| (format!("dropped/{secret}"), "1".to_owned())));
        pairs.extend(self.yeses.iter().map(|yes| (format!("yes/{}", yes.secret), yes.to_text())));
        pairs.extend(self.back.iter().map(|(id, parts)| (format!("back/{id}"), part_names(*parts).join(" "))));
        pairs
    }

    /// Joins what is on the disk. What is missing there is no news: it may have been read before it was written.
    pub(crate) fn load(&mut self, meta: &[(String, String)]) {
        let there: Vec<_> = meta.iter().filter(|(_, text)| !text.is_empty()).cloned().collect();
        self.join(&there);
        // As an earlier build kept what the server had not heard.
        let unsent = there.iter().find(|(name, _)| name == "unsent").map_or("", |(_, text)| text);
        for id in unsent.split_whitespace() {
            self.noes.get_or_insert(id.to_owned(), || 0);
            self.forget("unsent".to_owned());
        }
        self.apply_noes();
    }

    /// What another tab tells: what is empty there has ended there in this moment. Parts that are taken back no more are named
    /// one by one, since this tab may have taken others back.
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
        for (name, text) in &there {
            if let Some(id) = name.strip_prefix("again/") {
                self.end_taken_back(id, to_parts(text).unwrap_or(Parts::NONE));
            }
        }
        // They have heard it, too.
        self.again.clear();
        self.join(&there);
        self.apply_noes();
    }

    fn all_back(&self) -> Parts {
        self.back.iter().fold(Parts::NONE, |parts, (_, back)| parts.union(*back))
    }

    /// Takes in what is there. A yes that is known here was said before what is news here was taken back.
    fn join(&mut self, pairs: &[(String, String)]) {
        let before = self.all_back();
        let known: Vec<String> = self.yeses.iter().map(|yes| yes.secret.clone()).collect();
        self.join_each(pairs);
        let taken = self.all_back().minus(before);
        self.yeses.iter_mut().filter(|yes| known.contains(&yes.secret)).for_each(|yes| yes.keep_back(taken));
    }

    fn join_each(&mut self, pairs: &[(String, String)]) {
        for (name, text) in pairs {
            match (name.as_str(), name.split_once('/')) {
                ("consents", _) => {
                    let views: Vec<ConsentView> = serde_json::from_str(text).unwrap_or_default();
                    for theirs in views.iter().filter_map(ConsentView::to_consent) {
                        self.full.insert(theirs.id.clone(), self.given(&theirs));
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
                    self.sent = to_parts(text).unwrap_or(self.sent);
                }
                ("birthdays", _) => self.birthdays = birthdays(text).or(self.birthdays),
                (_, Some(("no", id))) => {
                    let at: u64 = text.parse().unwrap_or_default();
                    let known = self.noes.get_or_insert(id.to_owned(), || at);
                    *known = at.min(*known);
                }
                (_, Some(("told", id))) => self.told.insert(id.to_owned()),
                (_, Some(("back", id))) => {
                    let back = self.back.get_or_insert(id.to_owned(), || Parts::NONE);
                    *back = back.union(to_parts(text).unwrap_or(Parts::NONE));
                }
                (_, Some(("cleared", id))) => self.cleared.insert(id.to_owned()),
                (_, Some(("dropped", secret))) => {
                    self.yeses.retain(|yes| yes.secret != secret);
                    self.dropped.insert(secret.to_owned());
                }
                (_, Some(("yes", secret))) => {
                    let Some(theirs) = Yes::from_text(secret, text).filter(|_| !self.dropped.has(secret)) else {
                        continue;
                    };
                    match self.yeses.iter_mut().find(|yes| yes.secret == *secret) {
                        Some(ours) => ours.join(&theirs),
                        None => self.yeses.push(theirs),
                    }
                }
                _ => {}
            }
        }
    }
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
    let parts = ours.parts.common(theirs.parts);
    Consent { custody, parts, ..ours.merge(theirs) }
}

/// Parts by their names, with spaces between.
pub(crate) fn to_parts(text: &str) -> Option<Parts> {
    parse_parts(&text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
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
        let again = std::mem::take(&mut self.sharing.again).into_iter();
        texts.extend(again.flat_map(|(id, parts)| [format!("again/{id}"), part_names(parts).join(" ")]));
        self.effects.push(crate::Effect::Tell(texts));
        self.store_sharing(pairs);
    }

    fn store_sharing(&mut self, pairs: Vec<(String, String)>) {
        let meta = pairs.into_iter().map(|(name, text)| (name, Some(text).filter(|text| !text.is_empty())));
        self.enqueue(Batch { meta: meta.collect(), ..Batch::default() });
    }

    /// What another tab tells about sharing. Something older of this tab's may be on its way to the disk still: what it has
    /// heard goes after it.
    pub(crate) fn hear_sharing(&mut self, texts: &[String]) {
        let pairs = texts.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone()));
        self.sharing.hear(&pairs.collect::<Vec<_>>());
        if self.saver.is_busy() {
            let pairs = self.sharing.to_pairs();
            self.sharing.stale.clear();
            self.store_sharing(pairs);
        }
    }
}
