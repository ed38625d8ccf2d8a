//! Sharing: who may see what, said yes and no to here, and known to the server as soon as it can be reached.

use super::Session;
use crate::platform::clock;
use crate::storage::{Batch, Loaded};
use crate::sync::api::{self, Failure};
use leptos::prelude::*;
use plan::consent::{Birthdays, Consent};
use plan::{Day, Parts};
use protocol::{ConsentView, DeviceInvitationView, ErrorCode, GiveConsentRequest, InvitationView, LookView, MeView};

/// The first line of what one tab tells the others about sharing; operations begin with a brace.
pub(super) const SHARING: &str = "sharing";

/// What is known about sharing on this phone.
#[derive(Clone, Copy)]
pub struct Sharing {
    pub consents: RwSignal<Vec<Consent>>,
    /// Whether this phone is known to the server. Before that the app never speaks to it.
    pub connected: RwSignal<bool>,
    /// A no that the server has not heard yet.
    pub unsent: RwSignal<Vec<String>>,
    /// The young person has asked for what was sent to be erased, and it has not happened yet.
    pub erasing: RwSignal<bool>,
    /// Whether there is anything on the server to erase, as far as this phone knows.
    pub sent: RwSignal<bool>,
    pub birthdays: RwSignal<Option<Birthdays>>,
}

/// Why something about sharing did not work; the screen has a sentence for each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ShareError {
    Offline,
    Server(ErrorCode),
}

impl From<Failure> for ShareError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Offline => Self::Offline,
            Failure::Refused(code) => Self::Server(code),
        }
    }
}

impl Sharing {
    pub(super) fn new() -> Self {
        Self {
            consents: RwSignal::new(Vec::new()),
            connected: RwSignal::new(false),
            unsent: RwSignal::new(Vec::new()),
            erasing: RwSignal::new(false),
            sent: RwSignal::new(false),
            birthdays: RwSignal::new(None),
        }
    }

    pub(super) fn take_up(&self, loaded: &Loaded) {
        let views: Vec<ConsentView> =
            loaded.meta("consents").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        self.consents.set(views.iter().filter_map(ConsentView::to_consent).collect());
        self.connected.set(loaded.meta("connected").is_some());
        let unsent = loaded.meta("unsent").unwrap_or("");
        self.unsent.set(unsent.split_whitespace().map(str::to_owned).collect());
        self.erasing.set(loaded.meta("erasing").is_some());
        self.sent.set(loaded.meta("sent").is_some());
        self.birthdays.set(loaded.meta("birthdays").and_then(|text| {
            let (fifteen, eighteen) = text.split_once(' ')?;
            Some(Birthdays { turns_15: fifteen.parse().ok()?, turns_18: eighteen.parse().ok()? })
        }));
    }

    /// What another tab has said yes or no to holds here in the same moment.
    pub(super) fn hear(&self, told: &[String]) {
        let meta =
            told.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).filter(|(_, text)| !text.is_empty());
        self.take_up(&Loaded { meta: meta.collect(), ..Loaded::default() });
    }

    /// Everything about sharing, for the next transaction.
    pub(super) fn to_batch(self) -> Batch {
        let views: Vec<ConsentView> =
            self.consents.with_untracked(|consents| consents.iter().map(ConsentView::from).collect());
        let flag = |on: bool| on.then(|| "1".to_owned());
        let birthdays = self.birthdays.get_untracked().map(|days| format!("{} {}", days.turns_15, days.turns_18));
        Batch {
            meta: vec![
                ("consents".into(), serde_json::to_string(&views).ok()),
                ("connected".into(), flag(self.connected.get_untracked())),
                ("unsent".into(), Some(self.unsent.get_untracked().join(" "))),
                ("erasing".into(), flag(self.erasing.get_untracked())),
                ("sent".into(), flag(self.sent.get_untracked())),
                ("birthdays".into(), birthdays),
            ],
            ..Batch::default()
        }
    }

    /// Joins what the server says with what is known here: a no that either has heard is a no.
    pub(super) fn merge(&self, views: &[ConsentView]) -> bool {
        let before = self.consents.get_untracked();
        let mut now: Vec<Consent> = Vec::new();
        for view in views {
            let Some(theirs) = view.to_consent() else { continue };
            let ours = before.iter().find(|known| known.id == theirs.id).cloned();
            now.push(match ours {
                Some(ours) => {
                    // A server that was put back from a backup has forgotten a no: it is told again.
                    let forgotten = ours.withdrawn_at.is_some() && theirs.withdrawn_at.is_none();
                    if forgotten && self.unsent.with_untracked(|unsent| !unsent.contains(&ours.id)) {
                        self.unsent.update(|unsent| unsent.push(ours.id.clone()));
                    }
                    ours.merge(theirs)
                }
                None => theirs,
            });
        }
        let changed = now != before;
        if changed {
            self.consents.set(now);
        }
        changed
    }
}

impl Session {
    fn keep_sharing(&self) {
        let batch = self.sharing.to_batch();
        let told = batch.meta.iter().flat_map(|(name, value)| [name.clone(), value.clone().unwrap_or_default()]);
        self.inner.with_value(|inner| inner.tabs.tell(std::iter::once(SHARING.to_owned()).chain(told)));
        self.enqueue(batch);
    }

    /// Who is behind a code. Sends the code and nothing else.
    pub async fn find_invitation(&self, code: String) -> Result<InvitationView, ShareError> {
        Ok(api::find_invitation(code).await?)
    }

    /// The yes: to who is behind the code, for these parts.
    pub async fn give_consent(&self, code: &str, born: Birthdays, parts: Parts) -> Result<Consent, ShareError> {
        self.consent(Some(code.to_owned()), None, born, parts).await
    }

    /// Changes what one recipient may see. The old yes ends in the same moment.
    pub async fn change_consent(&self, consent: &str, parts: Parts) -> Result<Consent, ShareError> {
        let born = self.sharing.birthdays.get_untracked().ok_or(ShareError::Server(ErrorCode::Malformed))?;
        self.consent(None, Some(consent.to_owned()), born, parts).await
    }

    async fn consent(
        &self,
        code: Option<String>,
        replaces: Option<String>,
        born: Birthdays,
        parts: Parts,
    ) -> Result<Consent, ShareError> {
        let request = GiveConsentRequest {
            secret: None,
            code,
            replaces: replaces.clone(),
            parts: protocol::part_names(parts),
            turns_15: born.turns_15.to_string(),
            turns_18: born.turns_18.to_string(),
        };
        let view = api::give_consent(&request).await?;
        let given = view.to_consent().ok_or(ShareError::Server(ErrorCode::Unknown))?;
        self.sharing.consents.update(|consents| {
            for old in consents.iter_mut().filter(|old| Some(&old.id) == replaces.as_ref()) {
                old.withdrawn_at = Some(given.given_at);
            }
            consents.push(given.clone());
        });
        self.sharing.birthdays.set(Some(born));
        self.sharing.connected.set(true);
        self.keep_sharing();
        self.sync_now();
        Ok(given)
    }

    /// The no. Sending stops here and now; the server hears of it as soon as it can be reached.
    pub fn withdraw(&self, consent: &str) {
        let now = clock::now();
        self.sharing.consents.update(|consents| {
            for known in consents.iter_mut().filter(|known| known.id == consent) {
                known.withdrawn_at.get_or_insert(now);
            }
        });
        self.sharing.unsent.update(|unsent| unsent.push(consent.to_owned()));
        self.keep_sharing();
        self.sync_now();
    }

    /// Asks for what was sent, and nobody may see any more, to be erased from the server.
    pub fn erase_sent(&self) {
        self.sharing.erasing.set(true);
        self.keep_sharing();
        self.sync_now();
    }

    pub async fn list_looks(&self) -> Result<Vec<LookView>, ShareError> {
        Ok(api::list_looks().await?.looks)
    }

    pub async fn find_me(&self) -> Result<MeView, ShareError> {
        Ok(api::me().await?)
    }

    /// A code for another phone of the young person's own.
    pub async fn invite_device(&self) -> Result<DeviceInvitationView, ShareError> {
        Ok(api::invite_device().await?)
    }

    /// Makes this phone one of the young person's, with a code from the first.
    pub async fn add_this_device(&self, code: &str) -> Result<(), ShareError> {
        let me = api::add_device(code.to_owned()).await?;
        self.sharing.connected.set(true);
        self.sharing.merge(&me.consents);
        let fifteen: Option<Day> = me.consents.first().and_then(|consent| consent.turns_15.parse().ok());
        self.sharing.birthdays.set(fifteen.map(|day| Birthdays { turns_15: day, turns_18: day.plus_years(3) }));
        self.welcomed.set(true);
        self.enqueue(Batch { meta: vec![("welcomed".into(), Some("1".into()))], ..Batch::default() });
        self.keep_sharing();
        self.sync_now();
        Ok(())
    }

    /// Signs a phone out that was lost.
    pub async fn remove_device(&self, device: &str) -> Result<(), ShareError> {
        Ok(api::remove_device(device).await?)
    }
}
