//! Which young people the list shows, and in which order.

use plan::Day;
use plan::date::DAY_MILLIS;
use protocol::{StatusView, YoungPersonView};

/// A meeting within so many days is soon.
const SOON_DAYS: u64 = 14;

/// What comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum First {
    News,
    Meeting,
    Name,
    Consent,
}

impl First {
    pub const ALL: [Self; 4] = [Self::News, Self::Meeting, Self::Name, Self::Consent];

    pub fn name(self) -> &'static str {
        match self {
            Self::News => "news",
            Self::Meeting => "meeting",
            Self::Name => "name",
            Self::Consent => "consent",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|first| first.name() == name)
    }
}

/// What the others are left out for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Only {
    MeetingSoon,
    /// A consent that runs out soon, waits for the custody holder, or has ended with the 15th birthday.
    Consent,
    News,
}

impl Only {
    pub const ALL: [Self; 3] = [Self::MeetingSoon, Self::Consent, Self::News];

    pub fn takes(self, young: &YoungPersonView, now: u64) -> bool {
        match self {
            Self::MeetingSoon => {
                let last = Day::at(now.saturating_add(SOON_DAYS * DAY_MILLIS)).to_string();
                young.next_meeting.as_ref().is_some_and(|meeting| meeting.date <= last)
            }
            Self::Consent => young.days_left.is_some() || needs_asking(young.status),
            Self::News => young.has_news || young.has_messages,
        }
    }
}

fn needs_asking(status: StatusView) -> bool {
    matches!(status, StatusView::WaitingForCustody | StatusView::TurnedFifteen)
}

/// What the reader has chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    pub search: String,
    pub only: Option<Only>,
    pub first: First,
}

impl Default for Choice {
    fn default() -> Self {
        Self { search: String::new(), only: None, first: First::News }
    }
}

impl Choice {
    /// The identities of those that are shown, in their order; those that are equal stay as they came.
    pub fn of(&self, all: &[YoungPersonView], now: u64) -> Vec<String> {
        let search = self.search.trim().to_lowercase();
        let is_found = |young: &&YoungPersonView| {
            young.label.to_lowercase().contains(&search) && self.only.is_none_or(|only| only.takes(young, now))
        };
        let mut found: Vec<&YoungPersonView> = all.iter().filter(is_found).collect();
        found.sort_by_cached_key(|young| self.key(young));
        found.into_iter().map(|young| young.id.clone()).collect()
    }

    fn key(&self, young: &YoungPersonView) -> (u8, String) {
        let is_active = young.status == StatusView::Active;
        match self.first {
            First::News if Only::News.takes(young, 0) => (0, String::new()),
            First::News if young.review_due || Only::Consent.takes(young, 0) => (1, String::new()),
            First::News => (if is_active { 2 } else { 3 }, String::new()),
            First::Meeting => young.next_meeting.as_ref().map_or((1, String::new()), |next| (0, next.date.clone())),
            First::Name => (0, alphabetical(&young.label)),
            First::Consent if is_active => (1, format!("{:020}", young.consent.expires_at)),
            First::Consent => (if needs_asking(young.status) { 0 } else { 2 }, String::new()),
        }
    }
}

/// In the order of the Danish alphabet, where å comes last.
fn alphabetical(label: &str) -> String {
    let place = |c: char| match c {
        'æ' => '{',
        'ø' => '|',
        'å' => '}',
        c => c,
    };
    label.to_lowercase().chars().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{ConsentView, CustodyView, NextMeetingView};

    const NOW: u64 = 1_795_305_600_000;

    fn young(label: &str, change: impl Fn(&mut YoungPersonView)) -> YoungPersonView {
        let consent = ConsentView {
            id: String::new(),
            staff: String::new(),
            recipient: String::new(),
            unit: String::new(),
            parts: Vec::new(),
            given_at: NOW,
            expires_at: NOW + 100,
            custody: CustodyView::NotNeeded,
            withdrawn_at: None,
            turns_15: String::new(),
            about: String::new(),
            hours: String::new(),
            away: String::new(),
            stand_in: None,
        };
        let mut young = YoungPersonView {
            id: label.to_owned(),
            label: label.to_owned(),
            consent,
            status: StatusView::Active,
            has_news: false,
            has_messages: false,
            last_look: None,
            review_due: false,
            days_left: None,
            next_meeting: None,
            course: Vec::new(),
        };
        change(&mut young);
        young
    }

    fn all() -> Vec<YoungPersonView> {
        let meeting = |date: &str| Some(NextMeetingView { date: date.to_owned(), form: "network".to_owned() });
        vec![
            young("Åse", |young| young.next_meeting = meeting("2026-12-06")),
            young("Bo", |young| young.status = StatusView::Withdrawn),
            young("Fie", |young| young.has_messages = true),
            young("anna", |young| young.next_meeting = meeting("2026-12-07")),
            young("Ældre Bo", |young| (young.has_news, young.review_due) = (true, true)),
            young("Mie", |young| young.status = StatusView::WaitingForCustody),
            young("Ida", |young| (young.days_left, young.consent.expires_at) = (Some(3), NOW)),
        ]
    }

    #[test]
    fn what_is_chosen_is_shown_in_the_order_that_is_chosen() {
        let check = |search: &str, only: Option<Only>, first: First, expected: &[&str]| {
            let choice = Choice { search: search.to_owned(), only, first };
            assert_eq!(choice.of(&all(), NOW), expected, "{choice:?}");
        };
        check("", None, First::News, &["Fie", "Ældre Bo", "Mie", "Ida", "Åse", "anna", "Bo"]);
        check("", None, First::Name, &["anna", "Bo", "Fie", "Ida", "Mie", "Ældre Bo", "Åse"]);
        check("", None, First::Meeting, &["Åse", "anna", "Bo", "Fie", "Ældre Bo", "Mie", "Ida"]);
        check("", None, First::Consent, &["Mie", "Ida", "Åse", "Fie", "anna", "Ældre Bo", "Bo"]);
        check(" BO ", None, First::Name, &["Bo", "Ældre Bo"]);
        check("", Some(Only::MeetingSoon), First::News, &["Åse"]);
        check("", Some(Only::Consent), First::Name, &["Ida", "Mie"]);
        check("b", Some(Only::News), First::News, &["Ældre Bo"]);
        check("nobody", None, First::News, &[]);
    }
}
