//! What contacts say, through the server as it is: an answer, a suggestion, a reply.

use crate::server::Server;
use plan::{OpId, Part};
use protocol::{
    MessagesView, ReviewView, StatusView, WordsView, WriteRequest, WriteResponse, YoungPeopleView, YoungPersonView,
};
use session::Call;

/// What was said, and acknowledged.
#[derive(Clone, Debug)]
pub struct Told {
    /// The yes that it was said on.
    pub consent: String,
    pub part: Part,
    pub text: String,
    pub ids: Vec<OpId>,
}

impl Server {
    /// What one of the staff finds when they open the app.
    pub fn list_people(&mut self, who: usize) -> YoungPeopleView {
        self.staff(who, &Call::get("staff/young-people")).json().unwrap()
    }

    pub fn list_open(&mut self, contact: usize) -> Vec<YoungPersonView> {
        self.list_people(contact).young_people.into_iter().filter(|young| young.status == StatusView::Active).collect()
    }

    /// Whether somebody has a yes to this contact for a part now.
    pub fn has_yes(&mut self, contact: usize, part: Part) -> bool {
        self.list_open(contact).iter().any(|young| has(young, part))
    }

    /// The threads that a contact reads, each with the yes that it is read by.
    pub fn read_messages(&mut self, contact: usize) -> Vec<(String, MessagesView)> {
        let open = self.list_open(contact).into_iter().filter(|young| has(young, Part::Messages));
        open.map(|young| (young.consent.id.clone(), self.find_messages(contact, &young))).collect()
    }

    pub fn find_messages(&mut self, contact: usize, young: &YoungPersonView) -> MessagesView {
        let reply = self.staff(contact, &Call::get(format!("staff/young-people/{}/messages", young.id)));
        reply.json().unwrap_or_else(|| panic!("a contact with a yes cannot read what is to them: {}", reply.body))
    }

    /// A contact says something to everybody who shares what it is said to: by the number an answer to a point, a suggestion
    /// beside an entry, or a reply.
    pub fn say(&mut self, contact: usize, number: u64, text: &str) -> Vec<Told> {
        let mut told = Vec::new();
        for young in self.list_open(contact) {
            let Some((part, to)) = self.find_to(contact, &young, number) else { continue };
            let slot = (!number.is_multiple_of(3)).then(|| format!("{number:016x}"));
            let words = |kind: &str, fields: &[(&str, &str)]| -> Vec<WordsView> {
                let word = |(field, text): &(&str, &str)| WordsView {
                    slot: slot.clone(),
                    to: to.clone(),
                    kind: kind.into(),
                    field: (*field).into(),
                    text: (*text).into(),
                };
                fields.iter().map(word).collect()
            };
            let words = match number % 3 {
                0 => words("answer", &[("said", "later"), ("reason", text)]),
                1 => words("suggestion", &[("text", text)]),
                _ => words("reply", &[("text", text)]),
            };
            let request = WriteRequest { secret: format!("{number:064x}"), words };
            let path = format!("staff/young-people/{}/words", young.id);
            // Twice now and then, as by somebody whose first answer got lost.
            let mut stored = None;
            for _ in 0..1 + number % 2 {
                let reply = self.staff(contact, &Call::post(path.clone(), &request));
                let is_full = reply.body.contains("too_many_open");
                assert!(reply.success || is_full, "a contact with a yes cannot write: {}", reply.body);
                stored = reply.json::<WriteResponse>().or(stored);
            }
            if let Some(WriteResponse { stored, .. }) = stored {
                let ids = stored.iter().map(|id| id.parse().unwrap()).collect();
                told.push(Told { consent: young.consent.id, part, text: text.to_owned(), ids });
            }
        }
        told
    }

    /// What it is said to, of what they share.
    fn find_to(&mut self, contact: usize, young: &YoungPersonView, number: u64) -> Option<(Part, String)> {
        if number % 3 == 2 {
            let is_shared = has(young, Part::Messages);
            return is_shared.then(|| (Part::Messages, self.find_messages(contact, young).thread));
        }
        let review = self.staff(contact, &Call::get(format!("staff/young-people/{}/review", young.id)));
        let parts = review.json::<ReviewView>().map(|review| review.parts).unwrap_or_default();
        let texts = parts.into_iter().flat_map(|shown| {
            let part = Part::from_name(&shown.part);
            let texts = shown.sections.into_iter().flat_map(|section| section.texts);
            texts.filter_map(move |text| Some((part?, text.on))).collect::<Vec<_>>()
        });
        let is_fit =
            |(part, on): &(Part, String)| on.contains("/entry/") && (number % 3 == 1 || *part == Part::Meeting);
        let all: Vec<_> = texts.filter(is_fit).collect();
        let chosen = usize::try_from(number / 3).unwrap() % all.len().max(1);
        all.get(chosen).cloned()
    }
}

pub fn has(young: &YoungPersonView, part: Part) -> bool {
    young.consent.parts.iter().any(|name| name == part.name())
}
