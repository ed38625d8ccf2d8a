//! What the places of the two apps are called, as types. Which page is shown at each is said once, in the route lists of
//! [`crate::app::Young`] and [`crate::app::Staff`].

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

/// Where one can be in the staff app.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StaffPlace<'a> {
    /// The list of young people.
    Desk,
    Invite,
    /// What a contact tells about themselves.
    Profile,
    /// What a young person shares.
    Review(&'a str),
    Hard(&'a str),
    Messages(&'a str),
    /// The messages of a colleague who is away.
    StandIn {
        contact: &'a str,
        young: &'a str,
    },
    /// A meeting that is held, in one of its parts, counted from 0.
    During {
        young: &'a str,
        meeting: &'a str,
        part: usize,
    },
    Guides,
    Guide(&'a str),
}

impl StaffPlace<'_> {
    /// The address.
    pub fn path(self) -> String {
        match self {
            Self::Desk => "/personale".to_owned(),
            Self::Invite => "/personale/inviter".to_owned(),
            Self::Profile => "/personale/mig".to_owned(),
            Self::Review(young) => format!("/personale/ung/{young}"),
            Self::Hard(young) => format!("/personale/ung/{young}/svaert"),
            Self::Messages(young) => format!("/personale/ung/{young}/beskeder"),
            Self::StandIn { contact, young } => format!("/personale/vikar/{contact}/{young}"),
            Self::During { young, meeting, part } => format!("/personale/ung/{young}/moede/{meeting}/{}", part + 1),
            Self::Guides => "/personale/vejledning".to_owned(),
            Self::Guide(name) => format!("/personale/vejledning/{name}"),
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
