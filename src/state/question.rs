//! What a page asks the server for only in order to show it.

use super::Failure;
use crate::sync::api::Stop;
use leptos::prelude::*;

/// One question of a page, given up when the page is left or asks anew: a browser has few lines to one server, and a no must not
/// wait for one to be free.
#[derive(Clone, Copy)]
pub struct Question(StoredValue<Option<Stop>, LocalStorage>);

pub fn use_question() -> Question {
    let question = Question(StoredValue::new_local(None));
    on_cleanup(move || {
        question.0.try_with_value(|open| open.iter().for_each(Stop::now));
    });
    question
}

impl Question {
    /// Whether the answer is waited for.
    pub fn is_open(self) -> bool {
        self.0.try_with_value(Option::is_some) == Some(true)
    }

    /// `None` when it has been given up.
    pub async fn answer<T>(self, ask: impl AsyncFnOnce(&Stop) -> Result<T, Failure>) -> Option<Result<T, Failure>> {
        let stop = match Stop::new() {
            Ok(stop) => stop,
            Err(error) => return Some(Err(error)),
        };
        let before = self.0.try_update_value(|open| open.replace(stop.clone()))?;
        before.iter().for_each(Stop::now);
        let answer = ask(&stop).await;
        // The page may be gone by now.
        let is_latest = self.0.try_update_value(|open| open.take_if(|open| *open == stop).is_some())?;
        is_latest.then_some(answer)
    }
}
