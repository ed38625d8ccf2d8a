//! What must hold, written down apart from the machine: which words were written by whom on top of what, which consents there
//! are, and who knows of which no.

use crate::check::short;
use crate::said::Told;
use crate::server::Jar;
use plan::consent::{Consent, Custody};
use plan::{Day, Entity, Part, Parts, Status};
use protocol::CreateGuestRequest;
use std::collections::{BTreeMap, BTreeSet};

/// Something that was typed. No two are the same.
#[derive(Clone, Debug, Default)]
pub struct Word {
    /// The tab in whose hands it is.
    pub tab: u64,
    pub phone: usize,
    /// What its writer had before their eyes.
    pub base: BTreeSet<String>,
    /// Its writer wrote over it, deleted it or let go of it.
    pub is_released: bool,
    /// "Gemt" has been said over it.
    pub is_saved: bool,
    /// An undo or a choice has written it again, so what it stands on is not known here.
    pub is_loose: bool,
}

/// A yes, or a change of one.
#[derive(Clone, Debug)]
pub struct Said {
    /// The code that is answered, or the consent that is changed.
    pub about: String,
    pub to: String,
    pub phone: usize,
    pub parts: Parts,
    /// By the phone's clock.
    pub at: u64,
}

/// A link that somebody was given.
#[derive(Clone)]
pub struct Link {
    pub asked: CreateGuestRequest,
    pub id: String,
    pub secret: String,
    pub code: String,
    pub meeting: Entity,
    pub made_at: u64,
    /// The cookies of the phone that it was made on.
    pub jar: Jar,
    /// What the young person had said yes to by then, by which they are known.
    pub consents: BTreeSet<String>,
    /// It was ended by a tap, by an erasure or by a moment in which nobody had a yes to the meeting: nothing opens it any more.
    pub is_over: bool,
    pub has_said: bool,
}

/// How it was, as a guest has said, and it was acknowledged.
#[derive(Clone)]
pub struct Reflected {
    pub meeting: Entity,
    pub text: String,
    pub consents: BTreeSet<String>,
    pub is_erased: bool,
}

/// What only the server keeps: when it is put back, this is as it was.
#[derive(Clone, Default)]
pub struct OnServer {
    pub links: Vec<Link>,
    pub reflected: Vec<Reflected>,
    /// Who stands in for a contact, and until which day.
    pub stand_ins: BTreeMap<usize, (usize, Day)>,
}

/// What has to come about in some seeds, or all of them together have shown nothing of it.
#[derive(Clone, Copy, Debug)]
pub enum Reach {
    AgendaRead,
    GuestShutOut,
    /// The link was good, its day had not come, and nobody had said no.
    YesRanOut,
    GuestReflected,
    ReflectionErased,
    ThreadRead,
    StandInShutOut,
    StandInReplied,
}

impl Reach {
    pub const ALL: [Self; 8] = [
        Self::AgendaRead,
        Self::GuestShutOut,
        Self::YesRanOut,
        Self::GuestReflected,
        Self::ReflectionErased,
        Self::ThreadRead,
        Self::StandInShutOut,
        Self::StandInReplied,
    ];
}

#[derive(Default)]
pub struct Oracle {
    pub words: BTreeMap<String, Word>,
    /// Every consent that the server has given out, by identity, with the secret of the yes.
    pub consents: BTreeMap<String, Consent>,
    pub by_secret: BTreeMap<String, String>,
    /// Consents that nobody may read any more: the no was answered.
    pub ended: BTreeSet<String>,
    /// What the young person has said that somebody shall have, wish after wish.
    pub wishes: Vec<Said>,
    /// Which of them each consent comes of, and after which the server heard of it.
    pub born: BTreeMap<String, (usize, usize)>,
    /// What contacts have said, and the server has acknowledged.
    pub told: Vec<Told>,
    /// Whom each message of the young person is to.
    pub letters: BTreeMap<String, usize>,
    /// Who said what.
    pub said: BTreeMap<String, usize>,
    /// Secrets of a yes that can never come true any more.
    pub dead_secrets: BTreeSet<String>,
    /// The meeting of each point that was written on an agenda.
    pub points: BTreeMap<String, Entity>,
    pub on_server: OnServer,
    /// How often each of [`Reach`] has come about.
    pub reached: [u64; Reach::ALL.len()],
}

impl Oracle {
    pub fn write(&mut self, word: &str, tab: u64, phone: usize, base: BTreeSet<String>) {
        trace(|| format!("   {tab:x} types {} on {base:?}", short(word)));
        self.words.insert(word.to_owned(), Word { tab, phone, base, ..Word::default() });
    }

    pub fn reach(&mut self, what: Reach) {
        self.reached[what as usize] += 1;
    }

    pub fn release(&mut self, word: &str) {
        if let Some(word) = self.words.get_mut(word) {
            word.is_released = true;
        }
    }

    /// What somebody could read, and everything that it was written over.
    pub fn release_all(&mut self, word: &str) {
        let mut next = vec![word.to_owned()];
        while let Some(text) = next.pop() {
            if let Some(word) = self.words.get_mut(&text) {
                word.is_released = true;
                next.extend(word.base.iter().cloned());
            }
        }
    }

    pub fn loosen(&mut self, word: &str) {
        if let Some(word) = self.words.get_mut(word) {
            word.is_loose = true;
        }
    }

    pub fn is_released(&self, word: &str) -> bool {
        self.words.get(word).is_none_or(|word| word.is_released)
    }

    /// What a tab has in its hands and its writer has not let go of.
    pub fn live(&self, tab: u64) -> impl Iterator<Item = &String> {
        self.words.iter().filter(move |(_, word)| word.tab == tab && !word.is_released).map(|(text, _)| text)
    }

    /// Whether somebody who wrote `late` had seen `early`, by themselves or through what they wrote on top of.
    pub fn has_seen(&self, late: &str, early: &str) -> bool {
        let mut next = vec![late];
        let mut known = BTreeSet::new();
        while let Some(text) = next.pop() {
            if !known.insert(text) {
                continue;
            }
            let Some(word) = self.words.get(text) else { continue };
            if word.base.contains(early) {
                return true;
            }
            next.extend(word.base.iter().map(String::as_str));
        }
        false
    }

    /// The parts that may be in a request of a tab that knows of these noes and, of each recipient, of this wish, by its clock.
    pub fn allowed(
        &self,
        phone: usize,
        noes: &BTreeSet<String>,
        wishes: &BTreeMap<String, usize>,
        clock: u64,
    ) -> Parts {
        let mut all = Parts::NONE;
        for consent in self.consents.values().filter(|consent| !noes.contains(&consent.id)) {
            let mut now = consent.clone();
            // Whether the server has ended it is the server's to know; what it said of the custody holder is kept here.
            now.withdrawn_at = None;
            if now.status(clock) == Status::Active {
                let mut parts = now.parts;
                // What was said since the yes that it comes of holds for whatever its recipient has.
                // Another phone cannot know when it was said, only when it came.
                let (said, came) = self.born.get(&consent.id).copied().unwrap_or_default();
                let born = if self.wishes.get(said).is_some_and(|said| said.phone == phone) { said } else { came };
                if let Some(place) = wishes.get(&consent.recipient).filter(|place| **place >= born) {
                    parts = parts.common(self.wanted_since(&consent.recipient, *place));
                }
                all = all.union(parts);
            }
        }
        all
    }

    /// What somebody was to have by this wish, or by one said later, which a tab may have heard of in any way.
    fn wanted_since(&self, recipient: &str, place: usize) -> Parts {
        let since = self.wishes[place..].iter().filter(|said| said.to == recipient);
        since.fold(Parts::NONE, |parts, said| parts.union(said.parts))
    }

    /// What the parts of a request are judged by, for a seed that is played alone.
    pub fn explain(&self, noes: &BTreeSet<String>, wishes: &BTreeMap<String, usize>, clock: u64) -> String {
        let consents = self.consents.values().map(|consent| {
            let Consent { id, recipient, parts, custody, .. } = consent;
            let (no, born) = (noes.contains(id), self.born.get(id));
            let status = Consent { withdrawn_at: None, ..consent.clone() }.status(clock);
            format!(
                "{} {recipient} {:?} {custody:?} {status:?}, no: {no}, born: {born:?}",
                short(id),
                protocol::part_names(*parts)
            )
        });
        let said = self.wishes.iter().enumerate().map(|(place, said)| {
            let Said { about, to, phone, parts, .. } = said;
            format!("wish {place} about {} for {to} on {phone}: {:?}", short(about), protocol::part_names(*parts))
        });
        let known = format!("known: {wishes:?}");
        consents.chain(said).chain([known]).collect::<Vec<_>>().join("\n")
    }

    pub fn learn(&mut self, consent: Consent) {
        self.consents.entry(consent.id.clone()).or_insert(consent);
    }

    pub fn custody_said_yes(&mut self, id: &str) {
        if let Some(consent) = self.consents.get_mut(id) {
            consent.custody = Custody::Yes;
        }
    }
}

pub fn all_parts() -> Parts {
    Part::ALL.into_iter().collect()
}

/// With `SIM_TRACE`, what happens is written down. For a seed that is played alone.
pub fn trace(what: impl Fn() -> String) {
    if std::env::var_os("SIM_TRACE").is_some() {
        eprintln!("{}", what());
    }
}
