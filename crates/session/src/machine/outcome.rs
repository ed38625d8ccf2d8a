//! What came of a yes: its answer, or what the server says when it is asked later.

use super::Machine;
use super::sharing::{No, is_over};
use crate::effect::Effect;
use crate::wire::Failure;
use crate::yes::Yes;
use plan::consent::Consent;
use protocol::{ConsentView, ErrorCode};

impl Machine {
    pub(crate) fn given(&mut self, secret: &str, answer: Result<ConsentView, Failure>) {
        let Some(place) = self.sharing.yeses.iter().position(|yes| yes.secret == secret) else { return };
        let ticket = self.sharing.yeses[place].ticket().to_owned();
        match answer {
            Ok(view) => self.gave(place, &view),
            // It may have come through all the same.
            Err(Failure::Offline | Failure::Refused(ErrorCode::Busy | ErrorCode::Internal | ErrorCode::Unknown)) => {
                self.link.noes.fail();
                self.answer_yes(&ticket, Err(Failure::Offline));
            }
            // Somebody has asked what became of it before it came, so it never does: it is said anew.
            Err(Failure::Refused(ErrorCode::NoConsent)) if self.sharing.yeses[place].spare.is_some() => {
                let mut yes = self.end_yes(place);
                let spare = yes.spare.take().unwrap_or_default();
                self.sharing.yeses.push(yes.under(spare.clone()));
                self.keep_sharing();
                self.give(&spare);
            }
            Err(failure) => {
                // A new secret of one that only takes back is asked about by nobody, so it is the consent that is over.
                let yes = &self.sharing.yeses[place];
                let over = yes.replaces.clone().filter(|_| yes.narrows);
                let is_new = yes.is_from_here && yes.spare.is_none();
                let is_over = failure == Failure::Refused(ErrorCode::NotFound)
                    || failure == Failure::Refused(ErrorCode::NoConsent) && is_new;
                if let Some(id) = over.filter(|_| is_over) {
                    self.sharing.past.insert(id);
                }
                self.end_yes(place);
                self.keep_sharing();
                self.link.noes.fail();
                self.link.ask_me = true;
                self.link.due = true;
                self.answer_yes(&ticket, Err(failure));
            }
        }
    }

    fn gave(&mut self, place: usize, view: &ConsentView) {
        let yes = self.sharing.yeses[place].clone();
        let ticket = yes.ticket().to_owned();
        let Some(given) = view.to_consent() else {
            self.end_yes(place);
            self.keep_sharing();
            self.link.noes.fail();
            return self.answer_yes(&ticket, Err(Failure::Refused(ErrorCode::Unknown)));
        };
        self.end_yes(place);
        if let Some(old) =
            self.sharing.consents.iter_mut().find(|old| Some(&old.id) == yes.replaces.as_ref() && old.id != given.id)
        {
            old.withdrawn_at.get_or_insert(given.given_at);
        }
        self.sharing.birthdays = Some(yes.born);
        if let Some(code) = &yes.code {
            self.sharing.codes.insert(code.clone(), given.id.clone());
        }
        self.sharing.apply(&yes, &given);
        self.sharing.adopt(given.clone());
        if yes.narrows && !self.sharing.owed(&given).is_empty() {
            // It came to nothing, or more was taken back since.
            self.link.learned += 1;
            self.link.noes.fail();
        } else {
            self.learned();
        }
        // An earlier try has come through, for fewer parts: it is said again, under the secret that this try brought.
        let is_less = !yes.parts.minus(given.parts).is_empty()
            && self.sharing.latest_wish(&given).is_some_and(|wish| wish.count == yes.count);
        if let Some(spare) = yes.spare.clone().filter(|_| is_less) {
            let anew = Yes { spare: None, code: None, replaces: Some(given.id), narrows: false, ..yes };
            self.sharing.yeses.push(anew.under(spare.clone()));
            self.give(&spare);
            return self.keep_sharing();
        }
        self.keep_sharing();
        // It may have been said no to meanwhile, elsewhere.
        let outcome =
            if given.withdrawn_at.is_none() { Ok(given.id) } else { Err(Failure::Refused(ErrorCode::NoConsent)) };
        self.answer_yes(&ticket, outcome);
    }

    /// What became of a yes that was open.
    pub(crate) fn resolve_secret(
        &mut self,
        now: u64,
        secret: &str,
        withdraw: bool,
        answer: Result<ConsentView, Failure>,
    ) {
        let view = match answer {
            Ok(view) => Some(view),
            Err(Failure::Refused(ErrorCode::NotFound | ErrorCode::Malformed)) => None,
            Err(_) => return self.link.noes.fail(),
        };
        if withdraw {
            let count = self.sharing.dropped.remove(secret).unwrap_or_default();
            self.sharing.forget(format!("dropped/{secret}"));
            if let Some(consent) = view.as_ref().and_then(ConsentView::to_consent) {
                let at = consent.withdrawn_at.unwrap_or(consent.given_at);
                self.sharing.noes.insert(consent.id.clone(), No { at, count });
                self.sharing.told.insert(consent.id.clone());
                self.sharing.adopt(consent);
            }
            self.keep_sharing();
            return self.learned();
        }
        let Some(place) = self.sharing.yeses.iter().position(|yes| yes.secret == secret) else { return };
        match view {
            Some(view) => self.gave(place, &view),
            None => {
                let mut ended = self.end_yes(place);
                let of = self.sharing.consents.iter().find(|of| Some(&of.id) == ended.replaces.as_ref());
                // What it takes back holds, and what it gives instead was wanted no less: it is said anew.
                if of.is_some_and(|of| !is_over(of, now) && !self.sharing.owed(of).is_empty()) {
                    ended.spare = Some(ended.ticket().to_owned());
                    let secret = self.draw_secret();
                    self.sharing.yeses.push(ended.under(secret));
                }
                self.keep_sharing();
            }
        }
    }

    /// Another tab has ended a yes of this one's: what was said again here goes on, under the secret that it brought.
    pub(crate) fn go_on_with(&mut self, ended: Yes) -> bool {
        let wishes = &self.sharing.wishes;
        let is_it = |known: &&Consent| wishes.get(&known.id).is_some_and(|wish| wish.count == ended.count);
        // The consent that was changed has the same wish, and is not what it has become.
        let others = self.sharing.consents.iter().filter(|known| Some(&known.id) != ended.replaces.as_ref());
        let came = others.filter(is_it).max_by_key(|known| known.given_at).cloned();
        let is_all = came.as_ref().is_some_and(|came| ended.parts.minus(self.sharing.given(came)).is_empty());
        let ticket = ended.ticket().to_owned();
        let Some(secret) = ended.spare.clone().filter(|_| !is_all) else {
            self.answer_yes(&ticket, came.map_or(Err(Failure::Offline), |came| Ok(came.id)));
            return false;
        };
        let (code, replaces) = match came {
            Some(came) => (None, Some(came.id)),
            None => (ended.code.clone(), ended.replaces.clone()),
        };
        self.sharing.yeses.push(Yes { spare: None, code, replaces, ..ended }.under(secret));
        true
    }

    pub(crate) fn end_yes(&mut self, place: usize) -> Yes {
        let yes = self.sharing.yeses.remove(place);
        self.sharing.forget(yes.name());
        yes
    }

    /// There are other consents than before.
    fn learned(&mut self) {
        self.link.learned += 1;
        self.link.aside.clear();
        self.reset_back_off();
    }

    pub(crate) fn answer_yes(&mut self, ticket: &str, outcome: Result<String, Failure>) {
        self.effects.push(Effect::YesAnswered { secret: ticket.to_owned(), outcome });
    }
}
