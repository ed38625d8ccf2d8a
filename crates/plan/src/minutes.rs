//! What a meeting is on paper: the agenda before it, the minutes after it. Pure questions to an [`OpSet`], about one meeting and
//! nothing else: no word of another part, nor of another meeting, comes in here.

use crate::answer::Answer;
use crate::author::{DATE, PLACE, TIME, WORDS};
use crate::document::Entry;
use crate::id::Entity;
use crate::meeting::{Agreement, By, Form, Level, QUESTIONS, Reflection};
use crate::part::Part;
use crate::set::OpSet;
use crate::stamp::Stamp;
use crate::template;

/// What is on a paper only when the young person asks for it: how the meeting was for everybody, and what they do not want to
/// talk about.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Private {
    #[default]
    LeftOut,
    AskedFor,
}

/// Which meeting a paper is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Occasion {
    pub form: Form,
    /// `2026-11-22`, or empty.
    pub date: String,
    /// `14:30`, or empty.
    pub time: String,
    pub place: String,
}

/// Somebody who was to come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Empty when it is not known yet who it will be.
    pub name: String,
    /// What kind of actor they are, as it is stored.
    pub kind: String,
}

/// A point, and what was said to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Point {
    pub words: String,
    pub answers: Vec<Answer>,
}

/// After the meeting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Minutes {
    pub occasion: Occasion,
    pub people: Vec<Person>,
    /// The kinds of people who came; nothing as long as nobody has said.
    pub came: Vec<&'static str>,
    /// Why the young person holds the meeting.
    pub reasons: Vec<String>,
    pub points: Vec<Point>,
    pub agreements: Vec<Agreement>,
    /// The young person's own first, from nobody; empty when they are left out.
    pub reflections: Vec<Reflection>,
}

/// Before the meeting: what the young person has in the hand, and not what a guest reads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PaperAgenda {
    pub occasion: Occasion,
    pub points: Vec<String>,
    /// Who says it, as it is stored; may be empty.
    pub voice: String,
    /// What is not to be talked about; empty when it is left out.
    pub unspoken: Vec<String>,
}

/// The lines of a text, by everything that breaks a line where somebody reads it as nothing but text.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let breaks = ['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    text.lines().flat_map(move |line| line.split(breaks)).map(str::trim_end)
}

impl OpSet {
    pub fn minutes(&self, meeting: &Entity, private: Private) -> Minutes {
        let person = |entry: Entry| Person { name: entry.texts.shown().trim().to_owned(), kind: entry.kind };
        let people = self.list_entries(Part::Meeting, &template::list_of(meeting.name(), template::PEOPLE)).into_iter();
        let point = |(words, entry): (String, Entry)| Point { words, answers: self.list_answers(&entry.on) };
        let agreements = self.list_agreements(meeting).into_iter();
        Minutes {
            occasion: self.occasion(meeting),
            people: people.map(person).filter(|it| !it.name.is_empty() || !it.kind.is_empty()).collect(),
            came: self.attendance(meeting).kinds(),
            reasons: self.list_words(meeting, template::REASONS),
            points: self.list_written(meeting, template::AGENDA).map(point).collect(),
            agreements: agreements.filter(|agreement| !agreement.what.trim().is_empty()).collect(),
            reflections: match private {
                Private::LeftOut => Vec::new(),
                Private::AskedFor => {
                    self.own_reflection(meeting).into_iter().chain(self.list_reflections(meeting)).collect()
                }
            },
        }
    }

    pub fn paper_agenda(&self, meeting: &Entity, private: Private) -> PaperAgenda {
        PaperAgenda {
            occasion: self.occasion(meeting),
            points: self.list_words(meeting, template::AGENDA),
            voice: self.said(meeting, "voice"),
            unspoken: match private {
                Private::LeftOut => Vec::new(),
                Private::AskedFor => self.list_words(meeting, template::UNSPOKEN),
            },
        }
    }

    fn occasion(&self, meeting: &Entity) -> Occasion {
        let [date, time, place] = [DATE, TIME, PLACE].map(|field| self.said(meeting, field));
        Occasion { form: Form::from_name(&self.said(meeting, "form")), date, time, place }
    }

    /// The entries of one list that say something, with what they say now.
    fn list_written(&self, meeting: &Entity, section: &str) -> impl Iterator<Item = (String, Entry)> {
        let entries = self.list_entries(Part::Meeting, &template::list_of(meeting.name(), section));
        let said = entries.into_iter().map(|entry| (entry.texts.shown().trim().to_owned(), entry));
        said.filter(|(words, _)| !words.is_empty())
    }

    fn list_words(&self, meeting: &Entity, section: &str) -> Vec<String> {
        self.list_written(meeting, section).map(|(words, _)| words).collect()
    }

    /// `None` while the young person has not said how it was.
    fn own_reflection(&self, meeting: &Entity) -> Option<Reflection> {
        let levels = QUESTIONS.map(|field| Level::from_name(&self.said(meeting, field)));
        let words = self.said(meeting, WORDS);
        let is_said = levels.iter().any(Option::is_some) || !words.trim().is_empty();
        let by = By { from: String::new(), at: Stamp::default() };
        is_said.then(|| Reflection { on: meeting.clone(), levels, words, by })
    }
}
