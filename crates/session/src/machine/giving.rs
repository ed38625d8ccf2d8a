//! Saying yes, and taking it back, until the server has answered.

use super::Machine;
use super::sharing::{No, Sharing, Wanted};
use crate::link::Work;
use crate::wire::{Failure, Request};
use crate::yes::{Yes, is_same_code};
use plan::Parts;
use plan::consent::{Birthdays, Consent};
use protocol::{Code, SettleConsentRequest};

/// What a young person says yes to.
#[derive(Clone, PartialEq, Debug)]
pub struct Wish {
    /// Of the invitation that is answered.
    pub code: Option<String>,
    /// The consent that is changed.
    pub replaces: Option<String>,
    pub parts: Parts,
    pub born: Birthdays,
}

impl Machine {
    /// The yes. `secret` is 256 random bits in hexadecimal characters, and new for every call; [`Effect::YesAnswered`] names
    /// it. What a yes takes back of an earlier one holds at once, and without a network.
    pub fn say_yes(&mut self, now: u64, secret: String, wish: Wish) {
        self.notice_sleep(now);
        let Wish { code, replaces, parts, born } = wish;
        let known = self.sharing.consents.iter().find(|consent| Some(&consent.id) == replaces.as_ref()).cloned();
        // Whether it counts still is the server's to know, by its own clock.
        let is_standing = |known: &Consent| known.withdrawn_at.is_none();
        let narrows = known.is_some_and(|known| is_standing(&known) && parts.minus(known.parts).is_empty());
        let count = self.sharing.next_count(now);
        if let Some(id) = &replaces {
            self.sharing.want(id, Wanted { count, parts, is_confirmed: false });
        }
        self.mix(&secret);
        // Said before, and nobody knows what came of it: the same yes is asked for again.
        let before = self.sharing.yeses.iter().position(|yes| (&yes.code, &yes.replaces) == (&code, &replaces));
        let before = before.map(|place| self.end_yes(place).secret);
        let is_again = before.is_some();
        let (secret, spare) = match before {
            Some(before) => (before, Some(secret)),
            None => (secret, None),
        };
        self.cancel(|work| work.is_about_yes(&secret));
        self.sharing.yeses.push(Yes {
            secret: secret.clone(),
            spare,
            code,
            replaces,
            parts,
            born,
            count,
            narrows,
            is_asked: false,
            is_again,
            is_from_here: true,
            wait: 0,
        });
        let goes = self.may_give(&secret);
        self.sharing.yeses.iter_mut().filter(|yes| yes.secret == secret).for_each(|yes| yes.is_asked = goes);
        self.sharing.apply_noes();
        self.link.learned += 1;
        self.keep_sharing();
        self.reset_back_off();
        self.give(&secret);
        self.pump(now);
    }

    /// Takes a yes back whose outcome is not known yet, by its secret or by the code that it answers: whether it has come
    /// through or comes later, it is none.
    pub fn take_back(&mut self, now: u64, ticket: &str) {
        let count = self.sharing.next_count(now);
        let is_it = |yes: &&Yes| yes.ticket() == ticket || yes.answers(ticket);
        let said: Vec<Yes> = self.sharing.yeses.iter().filter(is_it).cloned().collect();
        // It may have come through without anybody on the page knowing.
        let came = self.sharing.codes.iter().filter(|(code, _)| is_same_code(code, ticket));
        let came: Vec<String> = came.map(|(_, id)| id.clone()).collect();
        // Or be known to another tab alone.
        let code = ticket.parse::<Code>().map(|code| code.to_string()).ok();
        for code in code.into_iter().chain(said.iter().filter_map(|yes| yes.code.clone())) {
            self.sharing.refused.insert(code, count);
        }
        for yes in said {
            self.drop_yes(&yes.secret, count);
        }
        for id in came {
            self.note_no(now, &id);
        }
        self.keep_sharing();
        self.reset_back_off();
        self.pump(now);
    }

    pub(crate) fn drop_yes(&mut self, secret: &str, count: u64) {
        let Some(place) = self.sharing.yeses.iter().position(|yes| yes.secret == secret) else { return };
        self.end_yes(place);
        self.sharing.dropped.insert(secret.to_owned(), count);
        self.cancel(|work| work.is_about_yes(secret));
    }

    /// The very first yes makes the young person known to the server and goes alone: with two at once they would be two
    /// people there, and only one of them could take anything back.
    fn may_give(&self, secret: &str) -> bool {
        let Sharing { connected, yeses, dropped, .. } = &self.sharing;
        // What another tab has said while this one slept comes first.
        !self.link.waits_for_news()
            && (*connected || yeses.first().is_some_and(|first| first.secret == secret) && dropped.is_empty())
    }

    /// Sends a yes, if it may go now.
    pub(crate) fn give(&mut self, secret: &str) {
        let goes = self.may_give(secret);
        let Some(yes) = self.sharing.yeses.iter_mut().find(|yes| yes.secret == secret).filter(|_| goes) else { return };
        yes.is_asked = true;
        let request = Request::Give(yes.request());
        self.send(Work::Give(secret.to_owned()), request);
    }

    /// A change of a yes that something has been said after is not asked for any more, unless it may be at the server already.
    fn end_what_was_overtaken(&mut self) {
        let is_it = |yes: &Yes| {
            self.sharing.is_overtaken(yes) && !self.link.is_under_way(|work| work.is_about_yes(&yes.secret))
        };
        let over: Vec<usize> =
            (0..self.sharing.yeses.len()).rev().filter(|at| is_it(&self.sharing.yeses[*at])).collect();
        if over.is_empty() {
            return;
        }
        // All of them before anybody is told: what is told as open is taken up again by the others.
        let ended: Vec<Yes> = over.into_iter().map(|place| self.end_yes(place)).collect();
        self.keep_sharing();
        for yes in ended {
            self.answer_yes(yes.ticket(), Err(Failure::Offline));
        }
    }

    /// Asks what became of every yes and no whose outcome is open and that nobody is asking about.
    pub(crate) fn send_open(&mut self) {
        self.end_what_was_overtaken();
        let dropped = self.sharing.dropped.keys().map(|secret| (secret.clone(), true, false));
        let yeses = self.sharing.yeses.iter().filter(|yes| yes.narrows || yes.wait == 0);
        // A first yes of another tab's is not said here: that would make two people.
        let may_say = |yes: &Yes| yes.is_from_here || self.sharing.connected;
        let yeses = yeses.map(|yes| (yes.secret.clone(), false, yes.narrows || !yes.is_asked && may_say(yes)));
        for (secret, withdraw, say_again) in dropped.chain(yeses).collect::<Vec<_>>() {
            if self.link.is_under_way(|work| work.is_about_yes(&secret)) {
                continue;
            }
            if say_again {
                self.give(&secret);
            } else {
                let request = Request::Settle(SettleConsentRequest { secret: secret.clone(), withdraw });
                self.send(Work::Settle { secret, withdraw }, request);
            }
        }
    }

    /// Tells the server of what was taken back of a yes and is still covered there.
    pub(crate) fn send_owed(&mut self, now: u64) {
        let may_go = self.sharing.connected && !self.link.waits_for_news();
        while let Some((id, wish)) = self.sharing.find_owed(now).filter(|_| may_go) {
            let Wanted { count, parts: left, .. } = wish;
            match self.sharing.birthdays.filter(|_| !left.is_empty()) {
                None => self.sharing.noes.insert(id, No { at: now, count }),
                Some(born) => {
                    let secret = self.draw_secret();
                    self.sharing.yeses.push(Yes {
                        secret,
                        spare: None,
                        code: None,
                        replaces: Some(id),
                        parts: left,
                        born,
                        count,
                        narrows: true,
                        is_asked: false,
                        is_again: false,
                        is_from_here: true,
                        wait: 0,
                    });
                }
            }
            self.sharing.apply_noes();
            self.keep_sharing();
        }
    }

    /// What a person's yes brings of chance goes into the secrets that are made here.
    fn mix(&mut self, secret: &str) {
        for (place, byte) in secret.bytes().enumerate() {
            let chance = &mut self.link.chance[place % 4];
            *chance = chance.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte);
        }
    }

    /// A secret for a yes that is said here without a person: always a change of one, for what was wanted last, so whoever could
    /// guess it could do no more than ask for the same.
    pub(crate) fn draw_secret(&mut self) -> String {
        let drawn = self.link.chance.iter_mut().map(|chance| {
            *chance = chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = *chance;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            format!("{:016x}", z ^ (z >> 31))
        });
        drawn.collect()
    }
}
