//! Sharing as names and texts: as it lies on the disk, and as one tab tells it to the others.

use crate::few::Map;
use crate::link::Work;
use crate::machine::{Machine, SHARING};
use crate::sharing::{Dropped, No, Sharing, Wanted};
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
        let count = |count: u64| if count == 0 { String::new() } else { count.to_string() };
        let birthdays = self.birthdays.map(|days| format!("{} {}", days.turns_15, days.turns_18));
        let consents = serde_json::to_string(&views).ok().filter(|_| !views.is_empty());
        let mut pairs = vec![
            ("consents".into(), consents.unwrap_or_default()),
            ("connected".into(), flag(self.connected)),
            ("erasing".into(), count(self.erase)),
            ("erased".into(), count(self.erased)),
            ("sent".into(), part_names(self.sent).join(" ")),
            ("birthdays".into(), birthdays.unwrap_or_default()),
        ];
        pairs.extend(self.noes.iter().map(|(id, no)| (format!("no/{id}"), format!("{} {}", no.at, no.count))));
        pairs.extend(self.wishes.iter().map(|(id, wish)| (format!("wish/{id}"), wish.to_text())));
        pairs.extend(self.told.iter().map(|id| (format!("told/{id}"), "1".to_owned())));
        pairs.extend(self.cleared.iter().map(|id| (format!("cleared/{id}"), "1".to_owned())));
        pairs.extend(self.dropped.iter().map(|(secret, dropped)| (format!("dropped/{secret}"), dropped.to_text())));
        pairs.extend(self.codes.iter().map(|(code, id)| (format!("code/{code}"), id.clone())));
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

    /// Which consents there are, and what was said to each, as far as it is known here.
    fn what_was_said(&self) -> Vec<(String, u64)> {
        let consents = self.consents.iter().map(|consent| (consent.id.clone(), 0));
        let noes = self.noes.iter().map(|(id, no)| (id.clone(), no.count));
        let wishes = self.wishes.iter().map(|(id, wish)| (id.clone(), wish.count));
        consents.chain(noes).chain(wishes).collect()
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
        self.follow_noes(&[], &[]);
        self.apply_noes();
    }

    /// What another tab tells: what is empty there has ended there in this moment.
    pub(crate) fn hear(&mut self, pairs: &[(String, String)]) {
        for (name, _) in pairs.iter().filter(|(_, text)| text.is_empty()) {
            match name.split_once('/') {
                Some(("yes", secret)) => self.yeses.retain(|yes| yes.secret != secret),
                Some(("dropped", secret)) => drop(self.dropped.remove(secret)),
                Some(("told", id)) => drop(self.told.remove(id)),
                Some(("cleared", id)) => drop(self.cleared.remove(id)),
                None if name == "sent" => self.sent = Parts::NONE,
                _ => {}
            }
        }
        let there: Vec<_> = pairs.iter().filter(|(_, text)| !text.is_empty()).cloned().collect();
        self.join(&there);
        self.follow_noes(&[], &[]);
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
                ("erasing", _) => self.erase = self.erase.max(text.parse().unwrap_or_default()),
                ("erased", _) => self.erased = self.erased.max(text.parse().unwrap_or_default()),
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
                (_, Some(("code", code))) => self.codes.insert(code.to_owned(), text.clone()),
                (_, Some(("dropped", secret))) => self.join_dropped(secret, Dropped::from_text(text)),
                (_, Some(("yes", secret))) => {
                    let Some(theirs) = Yes::from_text(secret, text).filter(|_| !self.dropped.has(secret)) else {
                        continue;
                    };
                    let dropped = self.dropped.values().find(|dropped| dropped.ends(&theirs)).cloned();
                    if let Some(dropped) = dropped {
                        self.dropped.insert(secret.to_owned(), dropped);
                        self.forget(name.clone());
                        continue;
                    }
                    match self.yeses.iter_mut().find(|yes| yes.secret == *secret) {
                        Some(ours) => ours.join(theirs),
                        None => self.yeses.push(theirs),
                    }
                }
                _ => {}
            }
        }
        self.erasing = self.erase > self.erased;
    }

    /// A yes that was taken back in another tab is none here, whatever its secret has become.
    fn join_dropped(&mut self, secret: &str, dropped: Dropped) {
        let is_over = |yes: &Yes| yes.secret == secret || dropped.ends(yes);
        let over: Vec<String> = self.yeses.iter().filter(|yes| is_over(yes)).map(|yes| yes.secret.clone()).collect();
        self.yeses.retain(|yes| !is_over(yes));
        for other in over.into_iter().filter(|other| other != secret) {
            self.forget(format!("yes/{other}"));
            self.dropped.insert(other, dropped.clone());
        }
        self.dropped.insert(secret.to_owned(), dropped);
    }
}

impl Dropped {
    fn to_text(&self) -> String {
        format!("{} {}", self.count, self.code.as_deref().unwrap_or_default())
    }

    fn from_text(text: &str) -> Self {
        let (count, code) = text.split_once(' ').unwrap_or((text, ""));
        let code = Some(code.to_owned()).filter(|code| !code.is_empty());
        Self { count: count.parse().unwrap_or_default(), code }
    }

    /// Whether a yes was said before to the same code, under whatever secret.
    fn ends(&self, yes: &Yes) -> bool {
        self.code.is_some() && self.code == yes.code && yes.count < self.count
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
        let is_told = |name: &str| name.contains('/') || ["consents", "erasing", "erased"].contains(&name);
        let again = self.sharing.to_pairs().into_iter().filter(|(name, _)| is_told(name));
        let again: Vec<_> = again.filter(|pair| !changes.contains(pair)).collect();
        let mut texts = vec![SHARING.to_owned()];
        texts.extend(changes.iter().chain(&again).flat_map(|(name, text)| [name.clone(), text.clone()]));
        self.effects.push(crate::Effect::Tell(texts));
    }

    fn store_sharing(&mut self, pairs: Vec<(String, String)>) {
        if pairs.is_empty() {
            return;
        }
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
        // What was heard while it could not be read may be on no disk.
        self.take_in_sharing(|sharing| sharing.load(meta), true);
    }

    fn take_in_sharing(&mut self, take_in: impl FnOnce(&mut Sharing), is_stored: bool) {
        let before = self.sharing.what_was_said();
        let (said, erased) = (self.sharing.yeses.clone(), self.sharing.erased);
        take_in(&mut self.sharing);
        if self.sharing.erased > erased {
            // The tab in which it happened may not live to send it.
            self.send_everything_again();
        }
        for ended in said {
            let is_open = self.sharing.yeses.iter().any(|yes| yes.secret == ended.secret);
            if self.sharing.dropped.has(&ended.secret) {
                self.give_up(|work| matches!(work, Work::Give(secret) if *secret == ended.secret));
            } else if !is_open {
                self.go_on_with(ended);
            }
        }
        if self.sharing.what_was_said() != before {
            // An answer to what was asked before says nothing of it.
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
