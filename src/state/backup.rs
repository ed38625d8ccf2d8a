//! "Gem som fil": one file that a person can read, and that the app can take everything back from.

use super::Session;
use crate::platform::{clock, files};
use crate::texts::{Locale, text};
use leptos::prelude::*;
use plan::template::Content;
use plan::{OpSet, Part, Record};
use std::fmt::Write as _;

/// The line between what is for people and what is for the app.
const MARK: &str = "--- min-plan-1 ---";

/// What came back from a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Restored {
    /// So many operations that were not here.
    New(usize),
    NotOurs,
}

impl Session {
    /// Hands everything to the phone as a file. The phone itself says where it went, or that it could not.
    pub fn save_as_file(&self) {
        let content = untrack(|| self.template.get());
        let text = to_text(self.language.get_untracked(), content, self.machine().borrow().set());
        files::save(&format!("min-plan-{}.txt", clock::today()), "text/plain;charset=utf-8", &text);
    }

    /// Takes everything back from a file, in addition to what is here.
    pub async fn restore(&self, input: web_sys::HtmlInputElement) -> Restored {
        let Some(text) = files::read(input).await else { return Restored::NotOurs };
        let Some(records) = from_text(&text) else { return Restored::NotOurs };
        let new = self.act(|machine, now| machine.restore(now, records));
        Restored::New(new)
    }
}

fn to_text(locale: Locale, content: &'static Content, set: &OpSet) -> String {
    let mut out = format!("{}\n", text!(app_name).0(locale));
    for part in Part::ALL {
        for section in set.list_sections_in(content, part) {
            let own = set.texts(&section.on, "text");
            let words = section.entries.iter().flat_map(|entry| &entry.texts.0).chain(&own.0);
            let words: Vec<&str> = words.map(|version| version.text.as_str()).filter(|text| !text.is_empty()).collect();
            if !words.is_empty() {
                let _ = write!(out, "\n{}\n", section.title);
                for text in words {
                    let _ = writeln!(out, "- {text}");
                }
            }
        }
    }
    let when = ["date", "time", "place"].map(|field| set.texts(&plan::template::first_meeting(), field));
    if when.iter().any(|texts| !texts.is_empty()) {
        let _ = write!(out, "\n{}\n", text!(when_title).0(locale));
        for texts in when.iter().filter(|texts| !texts.is_empty()) {
            let _ = writeln!(out, "- {}", texts.shown());
        }
    }
    let _ = write!(out, "\n\n{}\n{MARK}\n", text!(backup_rest).0(locale));
    for record in set.iter() {
        let _ = writeln!(out, "{}", record.raw());
    }
    out
}

fn from_text(text: &str) -> Option<Vec<Record>> {
    let (_, ops) = text.split_once(MARK)?;
    ops.lines().filter(|line| !line.trim().is_empty()).map(|line| Record::parse(line).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use plan::{Editor, ReplicaId};

    #[test]
    fn a_file_gives_everything_back() {
        let mut set = OpSet::new();
        let mut editor = Editor::new(ReplicaId(1));
        let (_, records) = editor.add_entry(&set, Part::PlanRed, "r_nu", "Musik i\nbegge ører", None).unwrap();
        for record in records {
            set.insert(record);
        }
        let (_, said) =
            editor.add_entry(&set, Part::AboutMe, plan::template::STATEMENTS, "Jeg er mere end det", None).unwrap();
        let meeting =
            editor.set_text(&set, &set.see(&plan::template::first_meeting()), "place", "Det lille rum").unwrap();
        for record in said.into_iter().chain(meeting) {
            set.insert(record);
        }
        let text = to_text(Locale::da, &plan::template::DANISH, &set);
        for words in ["- Musik i\nbegge ører\n", "- Jeg er mere end det\n", "- Det lille rum\n"] {
            assert_eq!(text.matches(words).count(), 1, "{words:?} in {text}");
        }
        let mut back = OpSet::new();
        for record in from_text(&text).unwrap() {
            back.insert(record);
        }
        assert_eq!(back.canonical(), set.canonical());
        assert_eq!(from_text("noget andet"), None);
        assert_eq!(from_text(&format!("{MARK}\nikke en linje")), None);
    }
}
