//! What is looked at after every single step.

use crate::oracle::trace;
use crate::phone::Tab;
use crate::said::Told;
use crate::server::CONTACTS;
use crate::world::{Check, Weather, World};
use plan::id::Kind;
use plan::{Entity, OpSet, Part, Parts};
use session::Saving;
use std::collections::BTreeSet;

/// Every text that can be read, and the fields that have more than one.
pub fn read(set: &OpSet) -> (BTreeSet<String>, Vec<(Entity, Vec<String>)>) {
    let (mut texts, mut twice) = (BTreeSet::new(), Vec::new());
    let mut known = BTreeSet::new();
    for record in set.iter() {
        let (on, field) = (&record.op.on, record.op.field.as_str());
        if !matches!(field, "text" | "place") || !known.insert((on.clone(), field.to_owned())) {
            continue;
        }
        let is_entry = on.kind() == Some(Kind::Entry);
        if is_entry && (set.is_deleted(on) || set.value(on, "list").is_none()) {
            continue;
        }
        let all: Vec<String> = set.texts(on, field).0.into_iter().map(|version| version.text).collect();
        texts.extend(all.iter().filter(|text| !text.is_empty()).cloned());
        // What came between may be lost with a tab whose disk was full. Then both stand, since nobody can know.
        let is_gap = set.list_on(on, field).flat_map(|record| &record.op.parents).any(|id| set.get(*id).is_none());
        if all.len() > 1 && !is_gap {
            twice.push((on.clone(), all));
        }
    }
    (texts, twice)
}

impl World {
    /// What holds of a tab after anything that happened to it.
    pub fn check_tab(&mut self, at: (usize, usize), known: &BTreeSet<String>) -> Check {
        self.check_words(at, known)?;
        self.check_saved(at)
    }

    /// No part is in a request whose consent this tab knows to be over.
    pub fn check_flights(&mut self, at: (usize, usize)) -> Check {
        let clock = self.clock(at.0);
        let tab = &self.phones[at.0].tabs[at.1];
        if tab.flights.values().all(|flight| flight.parts.is_empty()) {
            return Ok(());
        }
        let allowed = self.oracle.allowed(at.0, &tab.noes, &tab.wishes, clock);
        for flight in tab.flights.values() {
            if let Some(part) = flight.parts.iter().find(|part| !allowed.contains(*part)) {
                trace(|| self.oracle.explain(&tab.noes, &tab.wishes, clock));
                return Err(format!("words of the part {} are under way although nobody may have them", part.name()));
            }
        }
        Ok(())
    }

    /// What could be read can be read, unless its writer meant otherwise; and two versions are of two who had not seen each
    /// other's.
    fn check_words(&mut self, at: (usize, usize), known: &BTreeSet<String>) -> Check {
        let tab = &self.phones[at.0].tabs[at.1];
        let set = tab.machine.set();
        let mark = plan::Part::ALL.iter().map(|part| set.revision(*part)).sum();
        if tab.mark == mark {
            return Ok(());
        }
        let (visible, twice) = read(set);
        for gone in tab.visible.difference(&visible) {
            // Somebody who had seen it has written over it, here or elsewhere.
            let is_meant = known.contains(gone) || visible.iter().any(|late| self.oracle.has_seen(late, gone));
            if is_meant {
                self.oracle.release(gone);
            } else if !self.oracle.is_released(gone) {
                return Err(format!("“{}” can be read no more, and nobody wrote over it", short(gone)));
            }
        }
        for (on, versions) in twice {
            for record in set.iter().filter(|record| record.op.on == on) {
                trace(|| format!("   {:x} has {}", tab.name, record.raw()));
            }
            if self.is_alone {
                return Err(format!("{on} has two versions, and only one has written: {versions:?}"));
            }
            for late in &versions {
                for early in versions.iter().filter(|early| *early != late) {
                    let is_loose = |text: &str| self.oracle.words.get(text).is_none_or(|word| word.is_loose);
                    if !is_loose(late) && !is_loose(early) && self.oracle.has_seen(late, early) {
                        return Err(format!(
                            "{on} has two versions, and who wrote “{}” had seen “{}”",
                            short(late),
                            short(early)
                        ));
                    }
                }
            }
        }
        let tab = self.tab(at);
        tab.visible = visible;
        tab.mark = mark;
        Ok(())
    }

    /// "Gemt" is said when everything that was typed in this tab is on the disk or was let go of.
    fn check_saved(&mut self, at: (usize, usize)) -> Check {
        let (phone, tab) = (&self.phones[at.0], &self.phones[at.0].tabs[at.1]);
        if tab.machine.saving() != Saving::Saved {
            return Ok(());
        }
        let live: Vec<String> = self.oracle.live(tab.name).cloned().collect();
        for text in live {
            if !phone.disk.has(&text) && !self.is_replaced(&text) {
                return Err(format!("“Gemt” is said over “{}”, which is not on the disk", short(&text)));
            }
            if let Some(word) = self.oracle.words.get_mut(&text) {
                word.is_saved = true;
            }
        }
        Ok(())
    }

    /// What was "Gemt" stays on the disk until its writer lets go of it.
    pub fn check_disk(&self, gone: &[String]) -> Check {
        let lost = gone.iter().find(|text| {
            let is_kept = self.oracle.words.get(*text).is_some_and(|word| word.is_saved && !word.is_released);
            is_kept && !self.is_replaced(text)
        });
        lost.map_or(Ok(()), |text| Err(format!("“{}” was “Gemt” and is not on the disk any more", short(text))))
    }

    /// Whether somebody who had seen a text has written over it, as far as anybody shows.
    fn is_replaced(&self, text: &str) -> bool {
        let tabs = self.phones.iter().flat_map(|phone| &phone.tabs);
        tabs.flat_map(|tab| &tab.visible).any(|late| self.oracle.has_seen(late, text))
    }

    /// After a no that the server has answered nobody reads on it.
    pub fn check_readers(&mut self) -> Check {
        if self.oracle.ended.is_empty() {
            return Ok(());
        }
        for contact in 0..CONTACTS.len() {
            for consent in self.server.list_readable(contact) {
                if self.oracle.ended.contains(&consent) {
                    return Err(format!("a contact can read on {consent} although the no was answered"));
                }
            }
        }
        Ok(())
    }

    /// The server gives out nobody's words but the young person's own and those of who has a yes in this moment to the part that
    /// they are in.
    pub fn check_given(&mut self, ops: &[String]) -> Check {
        let records: Vec<plan::Record> = ops.iter().filter_map(|raw| plan::Record::parse(raw).ok()).collect();
        for (contact, (_, name, _)) in CONTACTS.into_iter().enumerate() {
            let theirs = records.iter().filter(|record| record.op.by != "young").filter(|record| {
                let text = record.op.value.as_ref().map_or("", plan::op::Value::text);
                // A thread speaks with the yes of whose it is, whoever stands in for them.
                let by_thread = record.op.on.thread().map(|staff| self.server.find_contact(staff) == Some(contact));
                by_thread.unwrap_or_else(|| text.starts_with(name) || self.oracle.said.get(text) == Some(&contact))
            });
            let parts: Parts = theirs.filter_map(|record| record.op.on.part()).collect();
            if let Some(part) = parts.iter().find(|part| !self.server.has_yes(contact, *part)) {
                let part = part.name();
                return Err(format!(
                    "words of {name} in {part} reach the young person although there is no yes to them"
                ));
            }
        }
        Ok(())
    }

    /// What a contact reads was written to them and to nobody else.
    pub fn check_read(&mut self, contact: usize) -> Check {
        let read = self.server.read_messages(contact).into_iter().flat_map(|(_, thread)| thread.messages);
        let mut own = read.filter(|message| message.from.is_empty()).map(|message| message.text);
        let other = own.find(|text| self.oracle.letters.get(text).is_some_and(|to| *to != contact));
        other.map_or(Ok(()), |text| {
            Err(format!("{} reads “{}”, which is not to them", CONTACTS[contact].1, short(&text)))
        })
    }

    /// What a contact said, and was acknowledged, is in every tab that knows the yes which it was said on; or is erased there with
    /// what it was said to.
    fn check_told(&self, tab: &Tab) -> Check {
        let active = tab.machine.sharing().consents.iter().filter(|consent| consent.is_active(self.now));
        for consent in active {
            let told = self.oracle.told.iter().filter(|told| told.consent == consent.id);
            for Told { text, ids, .. } in told.filter(|told| consent.parts.contains(told.part)) {
                let has_it = |record: &plan::Record| {
                    record.is_erased() || record.op.value.as_ref().is_some_and(|value| value.text() == text)
                };
                if !ids.iter().filter_map(|id| tab.machine.set().get(*id)).any(has_it) {
                    return Err(format!("“{text}” was said to the young person and is not in a tab"));
                }
            }
        }
        Ok(())
    }

    /// What is written to a contact and was "Gemt" is with them while there is a yes, and so is what was answered, also by who
    /// stands in for them.
    fn check_letters(&mut self) -> Check {
        for (contact, (_, name, _)) in CONTACTS.into_iter().enumerate() {
            let threads = self.server.read_messages(contact);
            for (consent, thread) in &threads {
                let told =
                    self.oracle.told.iter().filter(|told| told.consent == *consent && told.part == Part::Messages);
                let lost =
                    told.map(|told| &told.text).find(|text| thread.messages.iter().all(|one| one.text != **text));
                if let Some(lost) = lost {
                    return Err(format!("“{lost}” was answered in the thread with {name}, who cannot read it"));
                }
            }
            let read = threads.into_iter().flat_map(|(_, thread)| thread.messages).map(|message| message.text);
            let read: BTreeSet<String> = read.collect();
            let tabs = self.phones.iter().filter(|phone| phone.skew.unsigned_abs() < 600_000);
            for tab in tabs.flat_map(|phone| &phone.tabs).filter(|tab| tab.is_known()) {
                let sharing = tab.machine.sharing();
                let to = sharing.consents.iter().find(|consent| {
                    consent.recipient == name && consent.is_active(self.now) && consent.parts.contains(Part::Messages)
                });
                let Some(to) = to.filter(|_| sharing.connected) else { continue };
                let own = tab.machine.set().list_messages(&to.staff).into_iter().filter(|one| one.from.is_empty());
                if let Some(lost) = own.map(|message| message.text).find(|text| !read.contains(text)) {
                    return Err(format!("“{}” was written to {}, who cannot read it", short(&lost), name));
                }
            }
        }
        Ok(())
    }

    /// When everything has come to rest: every phone that is known to the server has what is shared, nothing that was "Gemt"
    /// is lost, and the server has heard every no.
    pub fn check_rest(&mut self) -> Check {
        debug_assert!(self.weather == Weather::Calm);
        self.check_letters()?;
        self.check_reviews()?;
        self.check_points()?;
        let now = self.now;
        let shared = |tab: &Tab| {
            let active = tab.machine.sharing().consents.iter().filter(|consent| consent.is_active(now));
            active.fold(Parts::NONE, |parts, consent| parts.union(consent.parts))
        };
        for phone in &self.phones {
            for tab in &phone.tabs {
                let sharing = tab.machine.sharing();
                // A server that was put back to a time before it knew this phone knows of nothing that could be read either.
                if sharing.connected && sharing.is_no_waiting() && tab.is_known() {
                    return Err("the server has not heard of a no".to_owned());
                }
                for (text, word) in &self.oracle.words {
                    let here = word.is_saved && !word.is_released && std::ptr::eq(phone, &self.phones[word.phone]);
                    let is_replaced = || tab.visible.iter().any(|late| self.oracle.has_seen(late, text));
                    if here && !tab.visible.contains(text) && !is_replaced() {
                        return Err(format!("“{}” was “Gemt” and cannot be read in a tab", short(text)));
                    }
                }
            }
        }
        let connected = self.phones.iter().filter(|phone| phone.skew.unsigned_abs() < 600_000);
        let tabs: Vec<_> = connected
            .flat_map(|phone| &phone.tabs)
            .filter(|tab| tab.machine.sharing().connected && tab.is_known())
            .collect();
        for tab in &tabs {
            self.check_told(tab)?;
            self.check_reflected(tab)?;
            self.check_stand_ins(tab)?;
        }
        let Some(first) = tabs.first() else { return Ok(()) };
        let parts = shared(first);
        for tab in &tabs {
            if shared(tab) != parts {
                return Err(format!("two tabs do not agree on what is shared: {parts:?}, {:?}", shared(tab)));
            }
            let (ours, theirs) =
                (without_what_the_other_dropped(tab, first), without_what_the_other_dropped(first, tab));
            for part in parts.iter() {
                let (ours, theirs) = (ours.list_sections(part), theirs.list_sections(part));
                if ours != theirs {
                    return Err(format!("two tabs differ in {}:\n{ours:?}\n---\n{theirs:?}", part.name()));
                }
            }
        }
        Ok(())
    }
}

/// What a tab has, less the words that another has dropped thirty days after they were deleted: when they were written on
/// somewhere else meanwhile, one copy has them still and the other does not.
fn without_what_the_other_dropped(tab: &Tab, other: &Tab) -> OpSet {
    let mut set = OpSet::new();
    for record in tab.machine.set().iter() {
        let is_dropped = other.machine.set().get(record.op.id).is_some_and(plan::Record::is_erased);
        set.insert(if is_dropped { record.erased() } else { record.clone() });
    }
    set
}

/// A text as it is shown in a message: some are as long as a text may be.
pub fn short(text: &str) -> &str {
    text.split_once('+').map_or(text, |(word, _)| word)
}
