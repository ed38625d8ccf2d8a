//! The hybrid clock: wall time where it can be had, order always.

use std::fmt;
use std::str::FromStr;

/// When an operation was written: milliseconds since 1970 by the writer's clock, never behind anything the writer had
/// seen, and a counter for operations within one millisecond. Text form: `1764000000000.3`.
///
/// A clock that is wrong only changes which of two versions is shown first; nothing is refused for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Stamp {
    pub millis: u64,
    pub count: u32,
}

impl Stamp {
    /// The stamp for something written now by a writer that has seen everything up to `self`.
    #[must_use]
    pub fn next(self, now_millis: u64) -> Self {
        if now_millis > self.millis {
            return Self { millis: now_millis, count: 0 };
        }
        match (self.count.checked_add(1), self.millis.checked_add(1)) {
            (Some(count), _) => Self { millis: self.millis, count },
            (None, Some(millis)) => Self { millis, count: 0 },
            // The end of time. What replaces what does not depend on clocks, so writing goes on.
            (None, None) => self,
        }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.millis, self.count)
    }
}

impl FromStr for Stamp {
    type Err = crate::id::BadName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (millis, count) = text.split_once('.').ok_or(crate::id::BadName)?;
        // One spelling per instant: no plus signs, no leading zeros.
        let is_spelled = |number: &str| number == "0" || number.starts_with(|first| matches!(first, '1'..='9'));
        if !is_spelled(millis) || !is_spelled(count) {
            return Err(crate::id::BadName);
        }
        Ok(Self {
            millis: millis.parse().map_err(|_| crate::id::BadName)?,
            count: count.parse().map_err(|_| crate::id::BadName)?,
        })
    }
}
