//! Calendar days, as much as consent needs: a day, its text form, and birthdays.

use std::fmt;
use std::str::FromStr;

/// Milliseconds in a day.
pub const DAY_MILLIS: u64 = 86_400_000;

/// A day in the Gregorian calendar. Text form: `2026-11-22`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// `None` when there is no such day, or it is outside 1900-2199.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let fine =
            (1900..2200).contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        fine.then_some(Self { year, month, day })
    }

    /// The day in UTC at this instant. Denmark is an hour or two ahead; a birthday is never decided by less than that.
    pub fn at(millis: u64) -> Self {
        // Civil-from-days, after Howard Hinnant's published derivation; years are counted from March.
        let days = (millis / DAY_MILLIS).min(84_000) + 719_468;
        let era = days / 146_097;
        let of_era = days % 146_097;
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        Self { year: year as u16, month: month as u8, day: day as u8 }
    }

    /// The same day some years on; 29 February becomes 1 March where there is none.
    #[must_use]
    pub fn plus_years(self, years: u16) -> Self {
        let year = self.year + years;
        if self.day > days_in(year, self.month) {
            return Self { year, month: 3, day: 1 };
        }
        Self { year, ..self }
    }

    pub fn year(self) -> u16 {
        self.year
    }

    pub fn month(self) -> u8 {
        self.month
    }

    pub fn day(self) -> u8 {
        self.day
    }
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Day {
    type Err = crate::id::BadName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut pieces = text.split('-');
        let mut next = |len: usize| pieces.next().filter(|p| p.len() == len && p.bytes().all(|b| b.is_ascii_digit()));
        let day = (|| {
            let (year, month, day) = (next(4)?, next(2)?, next(2)?);
            Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        })();
        day.filter(|_| text.len() == 10).ok_or(crate::id::BadName)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_and_print_the_same() {
        for text in ["1900-01-01", "2000-02-29", "2026-11-22", "2199-12-31"] {
            assert_eq!(text.parse::<Day>().unwrap().to_string(), text);
        }
        for text in
            ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "22-11-2026", "2026-11-22x", "", "+026-11-22"]
        {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_instant_is_on_its_day() {
        for (millis, day) in [
            (0, "1970-01-01"),
            (951_782_399_999, "2000-02-28"),
            (951_782_400_000, "2000-02-29"),
            (1_795_305_600_000, "2026-11-22"),
            (u64::MAX, "2199-12-26"),
        ] {
            assert_eq!(Day::at(millis).to_string(), day);
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let years = 1970..2199;
        let all = years.flat_map(|year| {
            (1..=12).flat_map(move |month| (1..=31).filter_map(move |day| Day::new(year, month, day)))
        });
        for (count, day) in all.enumerate() {
            assert_eq!(Day::at(count as u64 * DAY_MILLIS), day);
            assert_eq!(Day::at((count as u64 + 1) * DAY_MILLIS - 1), day);
        }
    }

    #[test]
    fn a_leap_day_birthday_is_on_the_first_of_march() {
        let born: Day = "2012-02-29".parse().unwrap();
        assert_eq!(born.plus_years(15).to_string(), "2027-03-01");
        assert_eq!(born.plus_years(16).to_string(), "2028-02-29");
    }
}
