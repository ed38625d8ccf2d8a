//! What the staff app holds: who is signed in. Everything else is asked of the server each time, and nothing is kept.

use super::Failure;
use crate::platform::{clock, events, files};
use crate::sync::line::{self, Line};
use crate::sync::staff;
use leptos::prelude::*;
use leptos::task::spawn_local;
use plan::Parts;
use protocol::{
    CopyKind, CopyRequest, CustodyView, MessagesView, OwnStandInView, ProfileView, RecordCustodyRequest, ReviewView,
    SignInRequest, StaffInvitationView, StaffView, StandInRequest, WordsView, WriteRequest, YoungPeopleView,
};
use session::Heard;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// While the server tells by itself what is new, it is asked this often nevertheless.
const ASKED_NEVERTHELESS_MILLIS: u64 = 5_000;

/// The signed-in staff member.
#[derive(Clone, Copy)]
pub struct Desk {
    pub who: RwSignal<Option<StaffView>>,
    line: StoredValue<Line, LocalStorage>,
    /// How often the server has said that there is something new.
    told: RwSignal<u64>,
}

/// What an adult says in one go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saying {
    /// The entity that it is said to.
    pub to: String,
    pub kind: &'static str,
    /// Where there can be several.
    pub slot: Option<String>,
    pub fields: Vec<(&'static str, String)>,
}

impl Desk {
    pub fn new() -> Self {
        let desk =
            Self { who: RwSignal::new(None), line: StoredValue::new_local(Line::default()), told: RwSignal::new(0) };
        Effect::new(move |_| {
            desk.who.track();
            desk.keep_line();
        });
        events::every(line::TICK, move || desk.keep_line());
        events::on_visibility(move || desk.keep_line());
        events::on_return(move || {
            desk.line.update_value(Line::retry_now);
            desk.keep_line();
        });
        // A browser keeps a page that was left as it was, for the way back to it. Whoever comes back is asked for anew.
        events::on_leave(move || desk.who.set(None));
        events::on_return_to_page(move || spawn_local(async move { desk.resume().await }));
        desk
    }

    fn keep_line(self) {
        let wanted = events::is_visible() && self.who.with_untracked(Option::is_some);
        let hear = move |heard: Heard| self.told.update(|told| *told += u64::from(heard == Heard::Changed));
        self.line.update_value(|line| line.keep(wanted, "staff/events", hear));
    }

    /// A session that has ended leads back to signing in.
    fn note_signed_out<T>(&self, answer: Result<T, Failure>) -> Result<T, Failure> {
        if matches!(answer, Err(Failure::Refused(protocol::ErrorCode::SignedOut))) {
            self.who.set(None);
        }
        answer
    }

    /// `None` also where the server has not told it: then it knows of nobody to be asked in the name of.
    fn id(&self) -> Option<String> {
        self.who.with_untracked(|who| who.as_ref().map(|who| who.id.clone())).filter(|id| !id.is_empty())
    }

    /// Whether somebody is signed in already.
    pub async fn resume(&self) {
        if let Ok(who) = staff::find_session().await {
            self.who.set(Some(who));
        }
    }

    pub async fn sign_in(&self, login: String, password: String) -> Result<(), Failure> {
        let who = self.note_signed_out(staff::sign_in(&SignInRequest { login, password }).await)?;
        self.who.set(Some(who));
        Ok(())
    }

    pub async fn sign_out(&self) {
        // Signed out here in any case; the server ends the session by itself if it did not hear this.
        let _ = staff::sign_out().await;
        self.who.set(None);
    }

    /// `None` when nothing has changed since this version.
    pub async fn list_young_people(&self, version: &str) -> Result<Option<YoungPeopleView>, Failure> {
        self.note_signed_out(staff::list_young_people(self.id(), version).await)
    }

    /// What the one who is signed in tells about themselves.
    pub async fn find_profile(&self) -> Result<ProfileView, Failure> {
        self.note_signed_out(staff::find_profile(self.id()).await)
    }

    pub async fn update_profile(&self, profile: &ProfileView) -> Result<(), Failure> {
        self.note_signed_out(staff::update_profile(self.id(), profile).await)
    }

    /// Who stands in for the one who is signed in, and who could.
    pub async fn find_stand_in(&self) -> Result<OwnStandInView, Failure> {
        self.note_signed_out(staff::find_stand_in(self.id()).await)
    }

    pub async fn name_stand_in(&self, request: &StandInRequest) -> Result<OwnStandInView, Failure> {
        self.note_signed_out(staff::name_stand_in(self.id(), request).await)
    }

    pub async fn end_stand_in(&self) -> Result<OwnStandInView, Failure> {
        self.note_signed_out(staff::end_stand_in(self.id()).await)
    }

    pub async fn create_invitation(&self, label: String) -> Result<StaffInvitationView, Failure> {
        self.note_signed_out(staff::create_invitation(self.id(), label).await)
    }

    pub async fn delete_invitation(&self, id: &str) -> Result<(), Failure> {
        self.note_signed_out(staff::delete_invitation(self.id(), id).await)
    }

    /// What the custody holder has said to this consent: yes or no, who said it, and on which day.
    pub async fn record_custody(
        &self,
        young: &str,
        consent: String,
        yes: bool,
        given_by: String,
        on: String,
    ) -> Result<(), Failure> {
        let answer = if yes { CustodyView::Yes } else { CustodyView::No };
        let request = RecordCustodyRequest { answer, given_by, on, consent: Some(consent) };
        self.note_signed_out(staff::record_custody(self.id(), young, &request).await)
    }

    /// Says something to a point or about a meeting of a young person's: that it is said, when this answers. The secret tells a
    /// request that is sent again from a new one. In the thread of a contact, by who stands in for them.
    pub async fn write(
        &self,
        young: &str,
        standing_in_for: Option<&str>,
        secret: String,
        saying: &Saying,
    ) -> Result<(), Failure> {
        let words = saying.fields.iter().map(|(field, text)| WordsView {
            to: saying.to.clone(),
            kind: saying.kind.to_owned(),
            slot: saying.slot.clone(),
            field: (*field).to_owned(),
            text: text.clone(),
        });
        let request = WriteRequest { secret, words: words.collect() };
        self.note_signed_out(staff::write(self.id(), young, standing_in_for, &request).await).map(drop)
    }

    /// Says that a copy of these parts is taken, which the young person sees. Only when this answers may it be.
    pub async fn record_copy(&self, young: &str, id: String, kind: CopyKind, parts: Parts) -> Result<(), Failure> {
        let request = CopyRequest { id, kind, parts: protocol::part_names(parts) };
        self.note_signed_out(staff::create_copy(self.id(), young, &request).await)
    }

    /// What is written between the contact and a young person, or somebody for whom they stand in. With the answer it is read.
    pub async fn find_messages(&self, young: &str, standing_in_for: Option<&str>) -> Result<MessagesView, Failure> {
        self.note_signed_out(staff::find_messages(self.id(), young, standing_in_for).await)
    }

    /// `None` when nothing has changed since this version.
    pub async fn find_review(&self, young: &str, version: &str) -> Result<Option<ReviewView>, Failure> {
        self.note_signed_out(staff::find_review(self.id(), young, version).await)
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

/// Looks now, and whenever the server says that there is something new, while the page is there and somebody looks at it: a no
/// empties the screen. Where the server cannot be heard, every second. One look waits for the one before it, so that no late answer
/// takes the place of a later one. What it answers with asks for another look.
pub fn while_shown<F: Future<Output = ()> + 'static>(look: impl Fn() -> F + 'static) -> Callback<()> {
    let desk = use_desk();
    let wanted = StoredValue::new(0);
    let reasons = move || desk.told.get_untracked() + wanted.try_get_value().unwrap_or_default();
    let is_looking = Rc::new(Cell::new(false));
    // When the last look began, and how many reasons there had been for one.
    let looked = Rc::new(Cell::new((0, 0)));
    let run = move || {
        let (at, known) = looked.get();
        let is_rested = clock::now().abs_diff(at) >= ASKED_NEVERTHELESS_MILLIS;
        let has_reason = reasons() != known || is_rested || !desk.line.with_value(Line::speaks);
        if !has_reason || is_looking.replace(true) {
            return;
        }
        looked.set((clock::now(), reasons()));
        let (look, is_looking) = (look(), is_looking.clone());
        spawn_local(async move {
            look.await;
            is_looking.set(false);
        });
    };
    run();
    let run: Rc<dyn Fn()> = Rc::new(run);
    let when_told = run.clone();
    Effect::new(move |_| {
        desk.told.track();
        when_told();
    });
    let when_wanted = StoredValue::new_local(run.clone());
    // What is told while a look is under way is looked at with the next beat.
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
    Callback::new(move |()| {
        wanted.try_update_value(|wanted| *wanted += 1);
        when_wanted.try_with_value(|run| run());
    })
}

/// A secret for one request. `None` when the browser has no randomness to give.
pub fn draw_secret() -> Option<String> {
    (0..4).map(|_| clock::random().map(|bits| format!("{bits:016x}"))).collect()
}

/// A name for one of several. `None` as above.
pub fn draw_slot() -> Option<String> {
    clock::random().map(|bits| format!("{bits:016x}"))
}

/// Hands a copy to the browser as a file to keep. What it is of is not in its name.
pub fn save_text(text: &str) {
    files::save(&format!("min-plan-{}.txt", clock::today()), "text/plain;charset=utf-8", text);
}

/// Puts a copy where it can be pasted from; whether the browser has done so.
pub async fn copy_to_clipboard(text: &str) -> bool {
    files::copy(text).await
}

/// Today, for a form's first value.
pub fn today() -> String {
    clock::today()
}

/// Hands the page to the printer when it shows what was just said to it.
pub fn now_printing() {
    set_timeout(files::print, Duration::ZERO);
}

/// Runs with every key and every touch of the page, as long as that is there.
pub fn when_touched(run: impl Fn() + Clone + 'static) {
    let by_key = run.clone();
    let keys = window_event_listener(leptos::ev::keydown, move |_| by_key());
    let touches = window_event_listener(leptos::ev::pointerdown, move |_| run());
    on_cleanup(move || {
        keys.remove();
        touches.remove();
    });
}
