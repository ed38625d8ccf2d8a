//! The meeting as an entry for the phone's own calendar, which then reminds of it: iCalendar, RFC 5545.

use super::Session;
use crate::platform::{clock, files};
use crate::texts::text;
use ics::parameters;
use ics::properties::{DtStart, Duration, Location, Summary};
use ics::{Event, ICalendar, escape_text};
use leptos::prelude::*;
use plan::{Day, Entity};

/// Nobody says how long a meeting is; a calendar wants to know how much room it takes.
const LENGTH: &str = "PT1H";

impl Session {
    /// Hands the day, the time and the place to the phone as a file that its calendar opens. What the meeting is about is not in it:
    /// who looks at a calendar over a shoulder need not know.
    pub fn save_in_calendar(&self, meeting: &Entity) {
        let [date, time, place] = {
            let machine = self.machine().borrow();
            ["date", "time", "place"].map(|field| machine.set().texts(meeting, field).shown().to_owned())
        };
        let title = text!(meeting_title).0(self.language.get_untracked());
        if let Some(file) = entry(meeting.name(), title, &date, &time, &place, clock::now()) {
            files::save("mit-moede.ics", "text/calendar;charset=utf-8", &file);
        }
    }
}

/// `None` when there is no day yet.
fn entry(meeting: &str, title: &str, date: &str, time: &str, place: &str, now: u64) -> Option<String> {
    let day: Day = date.parse().ok()?;
    let mut event = Event::new(format!("{meeting}@min-plan"), format!("{}T000000Z", packed(Day::at(now))));
    // Of the day and the clock on the wall, wherever the phone is.
    match time.split_once(':').filter(|(hour, minute)| is_two_digits(hour) && is_two_digits(minute)) {
        Some((hour, minute)) => {
            event.push(DtStart::new(format!("{}T{hour}{minute}00", packed(day))));
            event.push(Duration::new(LENGTH));
        }
        None => {
            let mut whole = DtStart::new(packed(day));
            whole.append(parameters!("VALUE" => "DATE"));
            event.push(whole);
        }
    }
    event.push(Summary::new(escape_text(title)));
    if !place.trim().is_empty() {
        event.push(Location::new(escape_text(place)));
    }
    let mut calendar = ICalendar::new("2.0", "-//Min Plan//Min Plan//DA");
    calendar.add_event(event);
    Some(calendar.to_string())
}

fn packed(day: Day) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

fn is_two_digits(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_795_305_600_000;

    #[test]
    fn a_meeting_is_an_entry_of_an_hour_at_its_time() {
        let file = entry("m1", "Mit Møde", "2026-12-01", "14:30", "Hos mig; stuen, 2. sal\nved døren", NOW).unwrap();
        assert!(
            file.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && file.ends_with("END:VCALENDAR\r\n"),
            "{file}"
        );
        for line in [
            "UID:m1@min-plan",
            "DTSTAMP:20261122T000000Z",
            "DTSTART:20261201T143000",
            "DURATION:PT1H",
            "SUMMARY:Mit Møde",
            "LOCATION:Hos mig\\; stuen\\, 2. sal\\nved døren",
        ] {
            assert!(file.split("\r\n").any(|other| other == line), "{line} is not in {file}");
        }
    }

    #[test]
    fn without_a_time_it_takes_the_day_and_without_a_day_there_is_none() {
        let file = entry("m1", "Mit Møde", "2026-12-01", "", " ", NOW).unwrap();
        assert!(file.contains("DTSTART;VALUE=DATE:20261201\r\n"), "{file}");
        assert!(!file.contains("LOCATION") && !file.contains("DURATION"), "{file}");
        for time in ["1430", "1:2", "14:3x", "::"] {
            assert!(entry("m1", "Mit Møde", "2026-12-01", time, "", NOW).unwrap().contains("VALUE=DATE"), "{time}");
        }
        for date in ["", "i morgen", "2026-02-30"] {
            assert_eq!(entry("m1", "Mit Møde", date, "14:30", "", NOW), None);
        }
    }

    #[test]
    fn a_long_place_is_folded_and_no_line_of_it_is_another_property() {
        let place = format!("{} \r\nATTENDEE:x", "æ".repeat(200));
        let file = entry("m1", "Mit Møde", "2026-12-01", "14:30", &place, NOW).unwrap();
        assert!(file.split("\r\n").all(|line| line.len() <= 75), "{file}");
        assert!(!file.contains("\nATTENDEE"), "{file}");
    }
}
