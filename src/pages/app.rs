//! What every page of the young person's app is given, and which page an address shows.

use super::chunks::Chunks;
use super::{about, hard, home, missing, plan};
use crate::components::dom::{effect, focus_soon};
use crate::components::{El, memo};
use crate::routes::{Page, Place};
use crate::state::Session;
use leptos::prelude::*;

/// How a page goes to another place: the place, and whether it takes this one's stead in the phone's history.
type Go = Box<dyn Fn(String, bool)>;

/// The session, and where in the app one is.
#[derive(Clone, Copy)]
pub struct App {
    pub session: Session,
    pub place: Memo<Place>,
    go: StoredValue<Go, LocalStorage>,
}

impl App {
    pub fn new(session: Session, place: Memo<Place>, go: Go) -> Self {
        Self { session, place, go: StoredValue::new_local(go) }
    }

    pub fn go(&self, place: &Place) {
        self.go.with_value(|go| go(place.path(), false));
    }

    /// Goes on without leaving this place in the history: a sheet that was closed is not gone back to.
    pub fn replace(&self, place: &Place) {
        self.go.with_value(|go| go(place.path(), true));
    }
}

/// Shows the page that the address names, in `host`, for as long as the app is open.
pub fn screen(host: El, app: App) {
    let page = memo(move || app.place.with(Place::page));
    let chunks = Chunks::new(app.session);
    let arrived = StoredValue::new(false);
    effect(Box::new(move || {
        // Read and not only followed: a memo that nobody has read yet tells of its first value as if it were news.
        chunks.ask(page.get());
        // Whoever came by keyboard, or listens, goes on from the new page rather than from the top of the old one.
        if arrived.try_update_value(|arrived| std::mem::replace(arrived, true)) == Some(true) {
            focus_soon("main".to_owned());
        }
    }));
    host.live(move || match page.get() {
        Page::Home => home::page(app),
        Page::Plan => plan::page(app),
        Page::About => about::page(app),
        Page::Hard => hard::page(app),
        Page::Missing => missing::page(app),
        page => chunks.page(app, page),
    });
}
