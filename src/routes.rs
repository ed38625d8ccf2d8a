//! What the places of the young person's app are called, as a type. Which page is shown at each is said once, in the route
//! list of [`crate::app::Young`].

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Where one can be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// A page, and the section that is open over it.
    Plan(Option<String>),
    About(Option<String>),
    Meeting(Option<String>),
    Hard,
    /// All that are written to, or one of them.
    Messages(Option<String>),
    Share,
    Code,
    Consent(String),
    More,
    Devices,
    /// What to expect of a meeting.
    Handout,
    /// All the films, or one of them.
    Film(Option<String>),
}

impl Place {
    /// The address.
    pub fn path(&self) -> String {
        let (page, rest) = match self {
            Self::Plan(section) => ("/plan", section.as_deref()),
            Self::About(section) => ("/om-mig", section.as_deref()),
            Self::Meeting(section) => ("/moede", section.as_deref()),
            Self::Hard => ("/svaert", None),
            Self::Messages(contact) => ("/beskeder", contact.as_deref()),
            Self::Share => ("/del", None),
            Self::Code => ("/del", Some("kode")),
            Self::Consent(id) => ("/del", Some(id.as_str())),
            Self::More => ("/mere", None),
            Self::Devices => ("/mere", Some("telefoner")),
            Self::Handout => ("/mere", Some("moedet")),
            Self::Film(name) => ("/film", name.as_deref()),
        };
        rest.map_or_else(|| page.to_owned(), |rest| format!("{page}/{rest}"))
    }

    /// The same page with a section open over it. A meeting has more than one page, and says itself where its sections are.
    #[must_use]
    pub fn with_section(&self, section: Option<String>) -> Self {
        match self {
            Self::About(_) => Self::About(section),
            _ => Self::Plan(section),
        }
    }
}

/// The way from a page to another place.
#[derive(Clone, Copy)]
pub struct Go(StoredValue<Navigate, LocalStorage>);

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

/// Only inside the router.
pub fn use_go() -> Go {
    Go(StoredValue::new_local(Box::new(use_navigate())))
}

impl Go {
    pub fn to(self, place: &Place) {
        self.0.try_with_value(|navigate| navigate(&place.path(), NavigateOptions::default()));
    }

    /// Goes on without leaving this place in the history: a sheet that was closed is not gone back to. The page under it stays
    /// where it was.
    pub fn instead(self, place: &Place) {
        let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        self.0.try_with_value(|navigate| navigate(&place.path(), options));
    }
}
