//! Sharing as names and texts: as it lies on the disk, and as one tab tells it to the others.

use super::sharing::{No, Sharing, Wanted};
use super::{Machine, SHARING};
use crate::few::Map;
use crate::link::Work;
use crate::storage::Batch;
use crate::wire::Failure;
use crate::yes::{Yes, is_same_code};
use plan::Parts;
use plan::consent::{Birthdays, Consent, Custody};
use protocol::{ConsentView, ErrorCode, parse_parts, part_names};

impl Sharing {
    /// Everything about sharing, as names and texts.
    fn to_pairs(&self) -> Vec<(String, String)> {
        // As they were given: what was taken back of them lies beside them.
        let given = |consent: &Consent| Consent { parts: self.given(consent), ..consent.clone() };
        let views: Vec<ConsentView> = self.consents.iter().map(|consent| ConsentView::from(&given(consent))).collect();
        let consents = serde_json::to_string(&views).ok().filter(|_| !views.is_empty());
        let birthdays = self.birthdays.map(|days| format!("{} {}", days.turns_15, days.turns_18));
        let flag = |on: bool| if on { "1".to_owned() } else { String::new() };
        let mut pairs = Vec::new();
        put(&mut pairs, "consents", "", consents.unwrap_or_default());
        put(&mut pairs, "connected", "", flag(self.connected));
        put(&mut pairs, "erasing", "", from_count(self.erase));
        put(&mut pairs, "erased", "", from_count(self.erased));
        put(&mut pairs, "sent", "", part_names(self.sent).join(" "));
        put(&mut pairs, "birthdays", "", birthdays.unwrap_or_default());
        self.noes.iter().for_each(|(id, no)| put(&mut pairs, "no/", id, no.to_text()));
        // With a space at the end: nothing is wanted is something, too, and what is empty removes.
        let wishes = self.wishes.iter().map(|(id, wish)| (wish.name(id), part_names(wish.parts).join(" ") + " "));
        pairs.extend(wishes);
        self.told.iter().for_each(|id| put(&mut pairs, "told/", id, flag(true)));
        self.cleared.iter().for_each(|id| put(&mut pairs, "cleared/", id, flag(true)));
        self.dropped.iter().for_each(|(secret, count)| put(&mut pairs, "dropped/", secret, count.to_string()));
        self.refused.iter().for_each(|(code, count)| put(&mut pairs, "refused/", code, count.to_string()));
        self.codes.iter().for_each(|(code, id)| put(&mut pairs, "code/", code, id.clone()));
        pairs.extend(self.yeses.iter().map(|yes| (yes.name(), yes.to_text())));
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

    /// How much was said and is known of, here: another sum when anything is said anew, whatever was said later elsewhere.
    fn measure(&self) -> (usize, u64) {
        let things = self.consents.len() + self.noes.keys().count() + self.wishes.keys().count();
        let counts = self.noes.values().map(|no| no.count).chain(self.wishes.values().map(|wish| wish.count));
        (things, counts.fold(0, u64::wrapping_add))
    }

    fn keep(&mut self, pairs: &[(String, String)]) {
        for (name, text) in pairs {
            self.kept.insert(name.clone(), text.clone());
        }
    }

    /// Joins what lies on the disk, or what another tab tells. What is empty has ended in that tab in this moment; what is
    /// missing on the disk is no news: it may have been read before it was written.
    fn join(&mut self, pairs: &[(String, String)], is_disk: bool) {
        let told = pairs.iter().find(|(name, _)| name == "consents").map_or("", |(_, text)| text.as_str());
        for (name, text) in pairs {
            if is_disk && !text.is_empty() {
                self.kept.insert(name.clone(), text.clone());
            }
            if text.is_empty() {
                if !is_disk {
                    self.end(name);
                }
                continue;
            }
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
                ("erasing", _) => self.erase = self.erase.max(to_count(text)),
                ("erased", _) => self.erased = self.erased.max(to_count(text)),
                ("sent", _) => {
                    self.sent = to_parts(text).unwrap_or(self.sent);
                }
                ("birthdays", _) => self.birthdays = birthdays(text).or(self.birthdays),
                (_, Some(("no", id))) => {
                    let no = No::from_text(text);
                    let known = self.noes.get_or_insert(id.to_owned(), || no);
                    *known = No { at: no.at.min(known.at), count: no.count.max(known.count) };
                }
                (_, Some(("told", id))) => self.told.insert(id.to_owned()),
                (_, Some((kind @ ("wish" | "heard"), rest))) => {
                    let Some((id, theirs)) = Wanted::from_text(kind, rest, text) else { continue };
                    let ours = *self.wishes.get_or_insert(id.to_owned(), || theirs);
                    if theirs.count < ours.count {
                        self.forget(name.clone());
                    }
                    // That the server has heard says nothing of consents that whoever tells so does not know.
                    if theirs.is_confirmed && !ours.is_confirmed {
                        let others = self.consents.iter().filter(|one| !told.contains(&one.id));
                        let others = others.filter(|one| self.is_to_same(id, one)).map(|one| one.id.clone());
                        for other in others.collect::<Vec<_>>() {
                            let latest = self.wishes.get(&other).map_or(ours, |known| known.join(ours));
                            self.want(&other, latest);
                        }
                    }
                    self.want(id, ours.join(theirs));
                }
                (_, Some(("cleared", id))) => self.cleared.insert(id.to_owned()),
                (_, Some(("code", code))) => self.codes.insert(code.to_owned(), text.clone()),
                (_, Some(("dropped", secret))) => raise(&mut self.dropped, secret, text),
                (_, Some(("refused", code))) => raise(&mut self.refused, code, text),
                (_, Some(("yes", rest))) => {
                    let Some(theirs) = Yes::from_text(rest, text) else { continue };
                    // The tab that tells of it ends it itself. Tabs that each take up what another has just ended tell each
                    // other of it for ever.
                    let is_over = !is_disk && self.is_overtaken(&theirs);
                    match self.yeses.iter_mut().find(|yes| yes.secret == theirs.secret) {
                        Some(ours) => {
                            let older = if theirs.count < ours.count { name.clone() } else { ours.name() };
                            ours.join(theirs);
                            self.stale.extend(Some(older).filter(|older| *older != ours.name()));
                        }
                        None if is_over => {}
                        None => self.yeses.push(theirs),
                    }
                }
                _ => {}
            }
        }
        self.end_what_was_refused();
        self.erasing = self.erase > self.erased;
        self.follow_noes(&[], &[]);
        self.apply_noes();
    }

    fn end(&mut self, name: &str) {
        match name.split_once('/') {
            Some(("yes", rest)) => {
                let secret = rest.split('/').next().unwrap_or_default();
                self.yeses.retain(|yes| yes.secret != secret);
            }
            Some(("dropped", secret)) => drop(self.dropped.remove(secret)),
            Some(("told", id)) => drop(self.told.remove(id)),
            Some(("cleared", id)) => drop(self.cleared.remove(id)),
            None if name == "sent" => self.sent = Parts::NONE,
            _ => {}
        }
    }

    /// A yes that was taken back, in whatever tab, is none here, whatever its secret has become.
    fn end_what_was_refused(&mut self) {
        for mut yes in std::mem::take(&mut self.yeses) {
            let is_it = |(code, count): &&(String, u64)| *count > yes.count && yes.answers(code);
            let refused = self.refused.iter().find(is_it).map(|(_, count)| *count);
            let Some(count) = self.dropped.get(&yes.secret).copied().max(refused) else {
                self.yeses.push(yes);
                continue;
            };
            self.forget(yes.name());
            self.dropped.insert(yes.secret.clone(), count);
            // It was said again since, here, and goes on under the secret that this brought.
            if count < yes.count
                && let Some(secret) = yes.spare.take()
            {
                self.yeses.push(yes.under(secret));
            }
        }
        // What has come of such a code, in whatever tab, ends as well.
        for (code, id) in self.codes.iter() {
            let count = self.wishes.get(id).map_or(0, |wish| wish.count);
            let is_it = |(refused, later): &&(String, u64)| *later > count && is_same_code(code, refused);
            if let Some((_, count)) = self.refused.iter().find(is_it) {
                self.noes.get_or_insert(id.clone(), || No { at: *count, count: *count });
            }
        }
    }
}

impl No {
    fn to_text(self) -> String {
        format!("{} {}", self.at, self.count)
    }

    fn from_text(text: &str) -> Self {
        let (at, count) = text.split_once(' ').unwrap_or((text, ""));
        Self { at: to_count(at), count: to_count(count) }
    }
}

impl Wanted {
    /// What is wanted later has another name, and so has what the server has heard: a tab with older news writes over
    /// neither.
    fn name(self, id: &str) -> String {
        format!("{}/{id}/{}", if self.is_confirmed { "heard" } else { "wish" }, self.count)
    }

    /// Every name that it may lie under.
    pub(crate) fn names(self, id: &str) -> [String; 2] {
        [false, true].map(|is_confirmed| Self { is_confirmed, ..self }.name(id))
    }

    fn from_text<'a>(kind: &str, rest: &'a str, text: &str) -> Option<(&'a str, Self)> {
        let (id, count) = rest.rsplit_once('/')?;
        Some((id, Self { count: count.parse().ok()?, parts: to_parts(text)?, is_confirmed: kind == "heard" }))
    }
}

/// Names that come and go with what they stand for, so that whoever hears that one is gone must know it, too.
fn is_passing(name: &str) -> bool {
    ["yes/", "dropped/", "told/", "cleared/"].iter().any(|passing| name.starts_with(passing))
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
    // By when it ended it is known what has taken its place.
    let withdrawn_at = ours.withdrawn_at.or(theirs.withdrawn_at);
    Consent { custody, parts, withdrawn_at, ..ours.merge(theirs) }
}

// Once for all names, and not anew at every place: that would be a kilobyte of a first visit.
#[inline(never)]
fn put(pairs: &mut Vec<(String, String)>, kind: &str, id: &str, text: String) {
    pairs.push((format!("{kind}{id}"), text));
}

/// What two tabs know of when something was said last.
fn raise(counts: &mut Map<String, u64>, key: &str, text: &str) {
    let known = counts.get_or_insert(key.to_owned(), || 0);
    *known = to_count(text).max(*known);
}

#[inline(never)]
fn to_count(text: &str) -> u64 {
    text.parse().unwrap_or_default()
}

fn from_count(count: u64) -> String {
    if count == 0 { String::new() } else { count.to_string() }
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
        self.broadcast_sharing(&changes);
        self.store_sharing(changes);
    }

    /// Another tab has just read the disk.
    pub(crate) fn answer_greeting(&mut self) {
        if self.saver.is_busy() {
            self.broadcast_sharing(&[]);
        }
    }

    fn broadcast_sharing(&mut self, changes: &[(String, String)]) {
        // What the server has heard of a wish goes by the consents that are known, so they are told with it.
        let is_told = |name: &str| name.contains('/') || ["consents", "erasing", "erased"].contains(&name);
        let again = self.sharing.to_pairs().into_iter().filter(|(name, _)| is_told(name));
        let again: Vec<_> = again.filter(|pair| !changes.contains(pair)).collect();
        let mut texts = vec![SHARING.to_owned()];
        // What was said again lies under another name now, and has not ended.
        let is_open = |name: &str| self.sharing.yeses.iter().any(|yes| name.contains(&yes.secret));
        let changes = changes.iter().filter(|(name, text)| !(text.is_empty() && is_open(name)));
        texts.extend(changes.chain(&again).flat_map(|(name, text)| [name.clone(), text.clone()]));
        self.effects.push(crate::Effect::Broadcast(texts));
    }

    fn store_sharing(&mut self, pairs: Vec<(String, String)>) {
        if pairs.is_empty() {
            return;
        }
        let meta = pairs.into_iter().map(|(name, text)| (name, Some(text).filter(|text| !text.is_empty())));
        self.enqueue(Batch { meta: meta.collect(), ..Batch::default() });
    }

    /// What another tab tells about sharing, which is stored here as well: the other may not live to do it.
    pub(crate) fn receive_sharing(&mut self, texts: &[String]) {
        let pairs = texts.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone()));
        let pairs: Vec<_> = pairs.collect();
        self.merge_sharing(&pairs, false);
    }

    /// What another tab has put on the disk about sharing.
    pub(crate) fn read_sharing(&mut self, meta: &[(String, String)]) {
        self.merge_sharing(meta, true);
    }

    fn merge_sharing(&mut self, pairs: &[(String, String)], is_disk: bool) {
        let before = self.sharing.measure();
        let (said, erased) = (self.sharing.yeses.clone(), self.sharing.erased);
        self.sharing.join(pairs, is_disk);
        if self.sharing.erased > erased {
            // The tab in which it happened may not live to send it.
            self.send_everything_again();
        }
        let mut goes_on = false;
        for ended in said {
            let is_open = self.sharing.yeses.iter().any(|yes| yes.secret == ended.secret);
            if self.sharing.dropped.has(&ended.secret) {
                self.cancel(|work| matches!(work, Work::Give(secret) if *secret == ended.secret));
                if self.sharing.yeses.iter().all(|yes| yes.ticket() != ended.ticket()) {
                    self.answer_yes(ended.ticket(), Err(Failure::Refused(ErrorCode::NoConsent)));
                }
            } else if !is_open {
                goes_on |= self.go_on_with(ended);
            }
        }
        if self.sharing.measure() != before {
            // An answer to what was asked before says nothing of it.
            self.link.learned += 1;
        }
        let yeses = self.sharing.yeses.len();
        self.drop_what_was_said_no_to();
        if self.saver.is_busy() {
            // Something older of this tab's may be on its way to the disk still: what it knows now goes after it.
            self.sharing.kept = Map::default();
        }
        if goes_on {
            // What goes on under another secret is news to the others.
            return self.keep_sharing();
        }
        // What was heard while the disk could not be read may not be there.
        if is_disk || !self.link.is_reading || self.saver.is_busy() || yeses != self.sharing.yeses.len() {
            let changes = self.sharing.changes();
            self.store_sharing(changes);
        }
    }
}
