//! Every place in the young person's app, once: as a type, as an address, and back.

/// Where one can be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    Home,
    /// A page, and the section that is open over it.
    Plan(Option<String>),
    About(Option<String>),
    Meeting(Option<String>),
    Hard,
    Share,
    Code,
    Consent(String),
    More,
    Devices,
    Missing,
}

/// A page without what is open over it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Page {
    Home,
    Plan,
    About,
    Meeting,
    Hard,
    Share,
    Code,
    Consent,
    More,
    Devices,
    Missing,
}

impl Place {
    /// Reads an address.
    pub fn parse(path: &str) -> Self {
        let pieces: Vec<&str> = path.split('/').filter(|piece| !piece.is_empty()).collect();
        match pieces[..] {
            [] => Self::Home,
            ["plan"] => Self::Plan(None),
            ["plan", section] => Self::Plan(Some(section.to_owned())),
            ["om-mig"] => Self::About(None),
            ["om-mig", section] => Self::About(Some(section.to_owned())),
            ["moede"] => Self::Meeting(None),
            ["moede", section] => Self::Meeting(Some(section.to_owned())),
            ["svaert"] => Self::Hard,
            ["del"] => Self::Share,
            ["del", "kode"] => Self::Code,
            ["del", consent] => Self::Consent(consent.to_owned()),
            ["mere"] => Self::More,
            ["mere", "telefoner"] => Self::Devices,
            _ => Self::Missing,
        }
    }

    /// The address.
    pub fn path(&self) -> String {
        let (page, rest) = match self {
            Self::Home => return "/".to_owned(),
            Self::Plan(section) => ("/plan", section.as_deref()),
            Self::About(section) => ("/om-mig", section.as_deref()),
            Self::Meeting(section) => ("/moede", section.as_deref()),
            Self::Hard => ("/svaert", None),
            Self::Share => ("/del", None),
            Self::Code => ("/del", Some("kode")),
            Self::Consent(id) => ("/del", Some(id.as_str())),
            Self::More => ("/mere", None),
            Self::Devices => ("/mere", Some("telefoner")),
            Self::Missing => ("/ukendt", None),
        };
        rest.map_or_else(|| page.to_owned(), |rest| format!("{page}/{rest}"))
    }

    pub fn page(&self) -> Page {
        match self {
            Self::Home => Page::Home,
            Self::Plan(_) => Page::Plan,
            Self::About(_) => Page::About,
            Self::Meeting(_) => Page::Meeting,
            Self::Hard => Page::Hard,
            Self::Share => Page::Share,
            Self::Code => Page::Code,
            Self::Consent(_) => Page::Consent,
            Self::More => Page::More,
            Self::Devices => Page::Devices,
            Self::Missing => Page::Missing,
        }
    }

    /// The section that is open over the page.
    pub fn section(&self) -> Option<String> {
        match self {
            Self::Plan(section) | Self::About(section) | Self::Meeting(section) => section.clone(),
            _ => None,
        }
    }

    /// The same page with a section open over it.
    #[must_use]
    pub fn with_section(&self, section: Option<String>) -> Self {
        match self {
            Self::About(_) => Self::About(section),
            Self::Meeting(_) => Self::Meeting(section),
            _ => Self::Plan(section),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn an_address_leads_where_it_came_from() {
        let open = || Some("r_nu".to_owned());
        for place in [
            Place::Home,
            Place::Plan(None),
            Place::Plan(open()),
            Place::About(None),
            Place::About(open()),
            Place::Meeting(None),
            Place::Meeting(open()),
            Place::Hard,
            Place::Share,
            Place::Code,
            Place::Consent("c1".into()),
            Place::More,
            Place::Devices,
            Place::Missing,
        ] {
            assert_eq!(Place::parse(&place.path()), place);
        }
        assert_eq!(Place::parse("/plan/"), Place::Plan(None));
        assert_eq!(Place::parse("/plan/a/b"), Place::Missing);
    }
}
