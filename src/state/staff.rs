//! What the staff app holds: who is signed in. Everything else is asked of the server each time, and nothing is kept.

use super::Failure;
use crate::platform::{clock, events};
use crate::sync::staff;
use leptos::prelude::*;
use leptos::task::spawn_local;
use plan::Said;
use plan::author::{ANSWER, REASON, SAID};
use protocol::{
    CustodyView, RecordCustodyRequest, ReviewView, SignInRequest, StaffInvitationView, StaffView, WordsView,
    WriteRequest, YoungPeopleView,
};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// The signed-in staff member.
#[derive(Clone, Copy)]
pub struct Desk {
    pub who: RwSignal<Option<StaffView>>,
}

impl Desk {
    pub fn new() -> Self {
        Self { who: RwSignal::new(None) }
    }

    /// A session that has ended leads back to signing in.
    fn heard<T>(&self, answer: Result<T, Failure>) -> Result<T, Failure> {
        if matches!(answer, Err(Failure::Refused(protocol::ErrorCode::SignedOut))) {
            self.who.set(None);
        }
        answer
    }

    /// Whether somebody is signed in already.
    pub async fn resume(&self) {
        if let Ok(who) = staff::find_session().await {
            self.who.set(Some(who));
        }
    }

    pub async fn sign_in(&self, login: String, password: String) -> Result<(), Failure> {
        let who = self.heard(staff::sign_in(&SignInRequest { login, password }).await)?;
        self.who.set(Some(who));
        Ok(())
    }

    pub async fn sign_out(&self) {
        // Signed out here in any case; the server ends the session by itself if it did not hear this.
        let _ = staff::sign_out().await;
        self.who.set(None);
    }

    pub async fn list_young_people(&self) -> Result<YoungPeopleView, Failure> {
        self.heard(staff::list_young_people().await)
    }

    pub async fn create_invitation(&self, label: String) -> Result<StaffInvitationView, Failure> {
        self.heard(staff::create_invitation(label).await)
    }

    pub async fn delete_invitation(&self, id: &str) -> Result<(), Failure> {
        self.heard(staff::delete_invitation(id).await)
    }

    /// What the custody holder has said: yes or no, who said it, and on which day.
    pub async fn record_custody(&self, young: &str, yes: bool, given_by: String, on: String) -> Result<(), Failure> {
        let answer = if yes { CustodyView::Yes } else { CustodyView::No };
        self.heard(staff::record_custody(young, &RecordCustodyRequest { answer, given_by, on }).await)
    }

    /// Says something to a point of a young person's: that it is said, when this answers. The secret tells a request that is
    /// sent again from a new one.
    pub async fn answer(&self, young: &str, secret: &str, to: &str, said: Said, reason: &str) -> Result<(), Failure> {
        let words = |field: &str, text: &str| WordsView {
            to: to.to_owned(),
            kind: ANSWER.to_owned(),
            field: field.to_owned(),
            text: text.to_owned(),
        };
        let words = vec![words(SAID, said.name()), words(REASON, reason)];
        self.heard(staff::write(young, &WriteRequest { secret: secret.to_owned(), words }).await).map(drop)
    }

    /// `None` when nothing has changed since this version.
    pub async fn find_review(&self, young: &str, version: &str) -> Result<Option<ReviewView>, Failure> {
        self.heard(staff::find_review(young, version).await)
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

/// What the staff app holds, for its pages.
pub fn use_desk() -> Desk {
    expect_context()
}

/// Looks now, and every second while the page is there and somebody looks at it: a no empties the screen. One look waits
/// for the one before it.
pub fn while_shown<F: Future<Output = ()> + 'static>(look: impl Fn() -> F + 'static) {
    let is_looking = Rc::new(Cell::new(false));
    let run = move || {
        if is_looking.replace(true) {
            return;
        }
        let (look, is_looking) = (look(), is_looking.clone());
        spawn_local(async move {
            look.await;
            is_looking.set(false);
        });
    };
    run();
    let handle = set_interval_with_handle(
        move || {
            if events::is_visible() {
                run();
            }
        },
        Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(handle) = handle {
            handle.clear();
        }
    });
}

/// A secret for one request. `None` when the browser has no randomness to give.
pub fn draw_secret() -> Option<String> {
    (0..4).map(|_| clock::random().map(|bits| format!("{bits:016x}"))).collect()
}

/// Today, for a form's first value.
pub fn today() -> String {
    clock::today()
}

/// Hands the page to the printer.
pub fn print() {
    if let Some(window) = web_sys::window() {
        let _ = window.print();
    }
}
