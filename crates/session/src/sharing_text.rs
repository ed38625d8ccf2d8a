//! Sharing as names and texts: as it lies on the disk, and as one tab tells it to the others.

use crate::few::Map;
use crate::machine::{Machine, SHARING};
use crate::sharing::{No, Sharing, Wanted};
use crate::storage::Batch;
use crate::yes::Yes;
use plan::Parts;
use plan::consent::{Birthdays, Consent, Custody};
use protocol::{ConsentView, parse_parts, part_names};

impl Sharing {
    /// Everything about sharing, as names and texts.
    fn to_pairs(&self) -> Vec<(String, String)> {
        // As they were given: what was taken back of them lies beside them.
        let given = |consent: &Consent| Consent { parts: self.given(consent), ..consent.clone() };
        let views: Vec<ConsentView> = self.consents.iter().map(|consent| ConsentView::from(&given(consent))).collect();
        let flag = |on: bool| if on { "1".to_owned() } else { String::new() };
        let birthdays = self.birthdays.map(|days| format!("{} {}", days.turns_15, days.turns_18));
        let mut pairs = vec![
            ("consents".into(), serde_json::to_string(&views).unwrap_or_default()),
            ("connected".into(), flag(self.connected)),
            ("erasing".into(), flag(self.erasing)),
            ("sent".into(), part_names(self.sent).join(" ")),
            ("birthdays".into(), birthdays.unwrap_or_default()),
        ];
        pairs.extend(self.noes.iter().map(|(id, no)| (format!("no/{id}"), format!("{} {}", no.at, no.count))));
        pairs.extend(self.wishes.iter().map(|(id, wish)| (format!("wish/{id}"), wish.to_text())));
        pairs.extend(self.told.iter().map(|id| (format!("told/{id}"), "1".to_owned())));
        pairs.extend(self.cleared.iter().map(|id| (format!("cleared/{id}"), "1".to_owned())));
        pairs.extend(self.dropped.iter().map(|secret| (format!("dropped/{secret}"), "1".to_owned())));
        pairs.extend(self.yeses.iter().map(|yes| (format!("yes/{}", yes.secret), yes.to_text())));
        pairs
    }

    /// What is another than on the disk, in the order in which it goes there; an empty text removes.
    fn changes(&mut self) -> Vec<(String, String)> {
        let stale = std::mem::take(&mut self.stale).into_iter().map(|name| (name, String::new()));
        // What goes comes first: it may be there again.
        let pairs: Vec<_> = stale.chain(self.to_pairs()).collect();
        let is_new = |(name, text): &(String, String)| {
            self.kept.get(name.as_str()).map_or("", String::as_str) != text || is_passing(name) && text.is_empty()
        };
        let changes: Vec<_> = pairs.into_iter().filter(is_new).collect();
        self.keep(&changes);
        changes
    }

    fn keep(&mut self, pairs: &[(String, String)]) {
        for (name, text) in pairs {
            self.kept.insert(name.clone(), text.clone());
        }
    }

    /// Joins what is on the disk. What is missing there is no news: it may have been read before it was written.
    pub(crate) fn load(&mut self, meta: &[(String, String)]) {
        let there: Vec<_> = meta.iter().filter(|(_, text)| !text.is_empty()).cloned().collect();
        self.join(&there);
        self.keep(&there);
        // As an earlier build kept what the server had not heard.
        let unsent = there.iter().find(|(name, _)| name == "unsent").map_or("", |(_, text)| text);
        for id in unsent.split_whitespace() {
            self.noes.get_or_insert(id.to_owned(), || No { at: 0, count: 0 });
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
                Some(("cleared", id)) => drop(self.cleared.remove(id)),
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
                    let (at, count) = text.split_once(' ').unwrap_or((text, ""));
                    let no = No { at: at.parse().unwrap_or_default(), count: count.parse().unwrap_or_default() };
                    let known = self.noes.get_or_insert(id.to_owned(), || no);
                    *known = No { at: no.at.min(known.at), count: no.count.max(known.count) };
                }
                (_, Some(("told", id))) => self.told.insert(id.to_owned()),
                (_, Some(("wish", id))) => {
                    if let Some(theirs) = Wanted::from_text(text) {
                        let wish = self.wishes.get_or_insert(id.to_owned(), || theirs);
                        *wish = wish.join(theirs);
                    }
                }
                // As an earlier build kept what was taken back.
                (_, Some(("back", id))) => {
                    let all: Parts = plan::Part::ALL.into_iter().collect();
                    let parts = all.minus(to_parts(text).unwrap_or(all));
                    self.wishes.get_or_insert(id.to_owned(), || Wanted { count: 0, parts, is_settled: false });
                    self.stale.push(name.clone());
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
                        Some(ours) => ours.join(theirs),
                        None => self.yeses.push(theirs),
                    }
                }
                _ => {}
            }
        }
    }
}

impl Wanted {
    fn to_text(self) -> String {
        let state = if self.is_settled { "heard " } else { "" };
        format!("{} {state}{}", self.count, part_names(self.parts).join(" "))
    }

    fn from_text(text: &str) -> Option<Self> {
        let (count, parts) = text.split_once(' ')?;
        let heard = parts.strip_prefix("heard ");
        Some(Self { count: count.parse().ok()?, parts: to_parts(heard.unwrap_or(parts))?, is_settled: heard.is_some() })
    }
}

/// Names that come and go with what they stand for, so that whoever hears that one is gone must know it, too.
fn is_passing(name: &str) -> bool {
    ["yes/", "dropped/", "told/", "cleared/", "back/", "unsent"].iter().any(|passing| name.starts_with(passing))
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
    /// Puts what is new about sharing in line for the disk, and tells the other tabs. What may be on no disk is told again.
    pub(crate) fn keep_sharing(&mut self) {
        let changes = self.sharing.changes();
        self.tell_sharing(&changes);
        self.store_sharing(changes);
    }

    /// Another tab has just read the disk.
    pub(crate) fn answer_greeting(&mut self) {
        if self.saver.is_busy() {
            self.tell_sharing(&[]);
        }
    }

    fn tell_sharing(&mut self, changes: &[(String, String)]) {
        // What the server has heard of a wish goes by the consents that are known, so they are told with it.
        let is_told = |name: &str| name.contains('/') || name == "consents";
        let again = self.sharing.to_pairs().into_iter().filter(|(name, _)| is_told(name));
        let again: Vec<_> = again.filter(|pair| !changes.contains(pair)).collect();
        let mut texts = vec![SHARING.to_owned()];
        texts.extend(changes.iter().chain(&again).flat_map(|(name, text)| [name.clone(), text.clone()]));
        self.effects.push(crate::Effect::Tell(texts));
    }

    fn store_sharing(&mut self, pairs: Vec<(String, String)>) {
        let meta = pairs.into_iter().map(|(name, text)| (name, Some(text).filter(|text| !text.is_empty())));
        self.enqueue(Batch { meta: meta.collect(), ..Batch::default() });
    }

    /// What another tab tells about sharing, which is stored here as well: the other may not live to do it.
    pub(crate) fn hear_sharing(&mut self, texts: &[String]) {
        let pairs = texts.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone()));
        let pairs: Vec<_> = pairs.collect();
        self.take_in_sharing(|sharing| sharing.hear(&pairs), !self.link.is_reading);
    }

    /// What another tab has put on the disk about sharing.
    pub(crate) fn read_sharing(&mut self, meta: &[(String, String)]) {
        self.take_in_sharing(|sharing| sharing.load(meta), false);
    }

    fn take_in_sharing(&mut self, take_in: impl FnOnce(&mut Sharing), is_stored: bool) {
        let ids = |sharing: &Sharing| -> Vec<String> { sharing.consents.iter().map(|one| one.id.clone()).collect() };
        let before = ids(&self.sharing);
        take_in(&mut self.sharing);
        if ids(&self.sharing) != before {
            // An answer to what was asked before says nothing of these.
            self.link.learned += 1;
        }
        let yeses = self.sharing.yeses.len();
        self.drop_what_was_said_no_to();
        if self.saver.is_busy() {
            // Something older of this tab's may be on its way to the disk still: what it knows now goes after it.
            self.sharing.kept = Map::default();
        }
        if is_stored || self.saver.is_busy() || yeses != self.sharing.yeses.len() {
            let changes = self.sharing.changes();
            self.store_sharing(changes);
        }
    }
}
