//! What a meeting has, as lines of a paper.

use super::paper::{Fact, Line};
use crate::pages::answers::said_text;
use crate::pages::words::{actor_name, kind_name, level_name};
use crate::state::{describe, describe_year_day};
use crate::texts::{Text, text, words};
use plan::meeting::By;
use plan::minutes::{Person, Point};
use plan::{Agreement, Answer};

pub fn plain(all: &[String]) -> Vec<Line> {
    all.iter().cloned().map(Line::plain).collect()
}

/// Kinds of people, as others say them.
pub fn kinds(all: &[&'static str]) -> Vec<Line> {
    all.iter().map(|kind| Line::plain(kind_name(kind).get().to_owned())).collect()
}

pub fn person(Person { name, kind }: &Person) -> Line {
    if name.is_empty() {
        return Line::plain(actor_name(kind).get().to_owned());
    }
    Line { words: name.clone(), facts: vec![Fact::new(actor_name(kind).get(), "")] }
}

pub fn point(Point { words, answers }: &Point) -> Line {
    let facts = answers.iter().flat_map(|Answer { said, reason, from, at, .. }| {
        let said = format!("{}.", said_text(*said).get());
        [Fact::new(said, reason.trim()), from_whom(&By { from: from.clone(), at: *at })]
    });
    let mut facts: Vec<Fact> = facts.collect();
    if facts.is_empty() {
        facts.push(Fact::new(text!(after_no_answer).get(), ""));
    }
    Line { words: words.clone(), facts }
}

fn from_whom(By { from, at }: &By) -> Fact {
    Fact::new(words!(answer_from, from = from.clone(), day = describe(at.millis))(), "")
}

/// With what is said about who, by when and what came of it; the last is `None` where it stands elsewhere.
pub fn agreement_line(agreement: &Agreement, names: [Option<Text>; 3]) -> Line {
    let Agreement { what, who, due, outcome, by, .. } = agreement;
    let due = describe_year_day(due).unwrap_or_default();
    let outcome = outcome.map(|outcome| level_name(outcome).get().to_owned()).unwrap_or_default();
    let said = names.into_iter().zip([who.trim().to_owned(), due, outcome]);
    let said = said.filter(|(_, words)| !words.is_empty());
    let said = said.filter_map(|(name, words)| Some(Fact::new(name?.get(), words)));
    let from = (!by.from.is_empty()).then(|| from_whom(by));
    Line { words: what.clone(), facts: said.chain(from).collect() }
}
