//! Sharing: who may see what, as the screen follows it, and the questions to the server that somebody waits for.

use super::outside::Outcome;
use super::{Session, mirror};
use crate::platform::clock;
use crate::sync::api::{self, Stop};
use leptos::prelude::*;
use plan::consent::{Birthdays, Consent};
use plan::{Part, Parts};
use protocol::{DeviceInvitationView, ErrorCode, InvitationView, LookView, MeView};
use session::{Failure, Wish};
use std::rc::Rc;

/// What is known about sharing on this phone.
#[derive(Clone, Copy)]
pub struct Sharing {
    pub consents: RwSignal<Vec<Consent>>,
    /// Whether this phone is known to the server.
    pub connected: RwSignal<bool>,
    /// A no that the server has not heard yet.
    pub no_waits: RwSignal<bool>,
    /// Whether there is anything on the server that nobody may see any more.
    pub can_erase: RwSignal<bool>,
    /// The young person has asked for it to be erased, and it has not happened yet.
    pub erasing: RwSignal<bool>,
    /// Whether there is anything on the server, as far as this phone knows.
    pub has_sent: RwSignal<bool>,
    pub birthdays: RwSignal<Option<Birthdays>>,
}

impl Sharing {
    pub(super) fn new() -> Self {
        let no = || RwSignal::new(false);
        Self {
            consents: RwSignal::new(Vec::new()),
            connected: no(),
            no_waits: no(),
            can_erase: no(),
            erasing: no(),
            has_sent: no(),
            birthdays: RwSignal::new(None),
        }
    }

    pub(super) fn show(&self, known: &session::Sharing) {
        mirror(self.consents, known.consents.clone());
        mirror(self.connected, known.connected);
        mirror(self.no_waits, known.is_no_waiting());
        mirror(self.can_erase, known.can_erase(clock::now()));
        mirror(self.erasing, known.erasing);
        mirror(self.has_sent, known.has_sent());
        mirror(self.birthdays, known.birthdays);
    }
}

impl Session {
    /// Every yes by which somebody may be written to now.
    pub fn list_recipients(&self) -> Vec<Consent> {
        let now = clock::now();
        let reads = |one: &&Consent| one.is_active(now) && one.parts.contains(Part::Messages) && !one.staff.is_empty();
        self.sharing.consents.with(|all| all.iter().filter(reads).cloned().collect())
    }

    /// Who could be written to once, and cannot any more, with whom there are messages still: the last yes to each.
    pub fn list_former_recipients(&self) -> Vec<Consent> {
        let mut threads = self.look(Part::Messages, plan::OpSet::list_threads);
        for now in self.list_recipients() {
            threads.remove(&now.staff);
        }
        self.sharing.consents.with(|all| {
            let last = |staff: &String| all.iter().filter(|one| one.staff == *staff).max_by_key(|one| one.given_at);
            threads.iter().filter_map(last).cloned().collect()
        })
    }

    /// Who is behind a code. Sends the code and nothing else.
    pub async fn find_invitation(&self, stop: &Stop, code: String) -> Result<InvitationView, Failure> {
        api::find_invitation(stop, code).await
    }

    /// The yes: to who is behind the code, for these parts. `heard` is told what comes of it, and once more when the server
    /// could not be reached and it has come through all the same.
    pub fn give_consent(&self, code: String, born: Birthdays, parts: Parts, heard: impl Fn(Outcome) + 'static) {
        self.say_yes(Wish { code: Some(code), replaces: None, parts, born }, Rc::new(heard));
    }

    /// Changes what one recipient may see. What is taken back holds at once; the rest when the server has heard it.
    pub fn change_consent(&self, consent: String, parts: Parts, heard: impl Fn(Outcome) + 'static) {
        match self.sharing.birthdays.get_untracked() {
            Some(born) => {
                let wish = Wish { code: None, replaces: Some(consent), parts, born };
                self.say_yes(wish, Rc::new(heard));
            }
            None => heard(Err(Failure::Refused(ErrorCode::Malformed))),
        }
    }

    fn say_yes(&self, wish: Wish, heard: Rc<dyn Fn(Outcome)>) {
        let Some(secret) = clock::secret() else { return heard(Err(Failure::Refused(ErrorCode::Unknown))) };
        self.outside().asker = Some((secret.clone(), heard));
        self.act(|machine, now| machine.say_yes(now, secret, wish));
    }

    /// Takes a yes back whose outcome is not known, by the code that it answers. Nothing is done about one that is.
    pub fn take_back(&self, code: &str) {
        self.act(|machine, now| machine.take_back(now, code));
    }

    /// The no. Sending stops here and now; the server hears of it as soon as it can be reached.
    pub fn withdraw(&self, consent: &str) {
        self.act(|machine, now| machine.say_no(now, consent));
    }

    /// Asks for what was sent, and nobody may see any more, to be erased from the server.
    pub fn erase_sent(&self) {
        self.act(|machine, now| machine.erase_sent(now));
    }

    /// Speaks to the server at once, however often it has not answered: somebody wants to know.
    pub fn sync_now(&self) {
        self.act(|machine, now| machine.sync_now(now));
    }

    pub async fn list_looks(&self, stop: &Stop) -> Result<Vec<LookView>, Failure> {
        Ok(api::list_looks(stop).await?.looks)
    }

    pub async fn find_me(&self, stop: &Stop) -> Result<MeView, Failure> {
        api::find_me(stop).await
    }

    /// A code for another phone of the young person's own.
    pub async fn invite_device(&self) -> Result<DeviceInvitationView, Failure> {
        api::invite_device().await
    }

    /// Makes this phone one of the young person's, with a code from the first.
    pub async fn add_this_device(&self, code: String) -> Result<(), Failure> {
        let me = api::add_device(code).await?;
        self.act(|machine, now| machine.join(now, &me));
        // Said when it is on disk: a phone that is closed in the next moment must know whose it is.
        self.until_stored().await;
        Ok(())
    }

    /// Signs a phone out that was lost.
    pub async fn remove_device(&self, device: &str) -> Result<(), Failure> {
        api::remove_device(device).await
    }
}
