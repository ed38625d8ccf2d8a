//! What adults say to a point of the agenda. Pure questions to an [`OpSet`].

use crate::author::{ANSWER, FROM, KindRows, REASON, SAID};
use crate::id::Entity;
use crate::op::Value;
use crate::said::Said;
use crate::set::OpSet;
use crate::sorted::sorted;
use crate::stamp::Stamp;

/// What one adult has said to an entry, as it stands now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    pub on: Entity,
    pub said: Said,
    pub reason: String,
    /// The name and the home, as they were when it was said first.
    pub from: String,
    pub at: Stamp,
}

impl OpSet {
    /// The answers to an entry, the earliest first. What the young person has taken away is none.
    pub fn list_answers(&self, entry: &Entity) -> Vec<Answer> {
        let answers = self.list_said(ANSWER, entry).filter_map(|on| self.answer(on));
        sorted(answers.collect(), |a, b| (a.at, &a.on).cmp(&(b.at, &b.on)))
    }

    /// Everything of one kind that adults have ever said to something, taken away since or not.
    pub(crate) fn list_said(&self, kind: &str, to: &Entity) -> impl Iterator<Item = &Entity> {
        let of_kind = to.part().into_iter().flat_map(|part| self.list_of_kind(part, kind)).map(|(on, _)| on);
        of_kind.filter(|on| on.said_to().is_some_and(|of| of == *to))
    }

    /// The same of every kind.
    pub(crate) fn list_all_said(&self, to: &Entity) -> impl Iterator<Item = &Entity> {
        KindRows::list_of_staff().flat_map(move |kind| self.list_said(kind.name, to))
    }

    fn answer(&self, on: &Entity) -> Option<Answer> {
        if self.is_deleted(on) {
            return None;
        }
        let said = *self.heads(on, SAID).first()?;
        let text = |field: &str| self.value(on, field).map(Value::text).unwrap_or_default().to_owned();
        Some(Answer {
            said: Said::from_name(said.op.value.as_ref().map(Value::text)?)?,
            reason: text(REASON),
            from: text(FROM),
            at: said.op.at,
            on: on.clone(),
        })
    }
}
