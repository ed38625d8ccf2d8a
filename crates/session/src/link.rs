//! The line to the server: what is under way, what has not been confirmed, and how long to leave a server alone.

use crate::effect::Heard;
use crate::few::Map;
use crate::storage::Loaded;
use plan::{OpId, Parts};
use protocol::ErrorCode;
use std::collections::{BTreeMap, BTreeSet};

/// The longest rest between two tries, in ticks of the app's clock: two minutes at five seconds each.
const LONGEST_REST: u32 = 24;
/// A no is tried again at least this often: half a minute.
const LONGEST_REST_OF_A_NO: u32 = 6;
/// Bytes of operations in one request; well under what the server takes.
const MOST_BYTES: usize = 1_000_000;
/// On a network that is too slow even for less than this, fewer bytes would not help.
const LEAST_BYTES: usize = 16_000;
/// Each request is given up after this long. What a server has not answered by then it has given up itself.
const LIMIT_OF_WORDS: u64 = 30_000;
const LIMIT: u64 = 10_000;

/// How it goes with the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Contact {
    /// Nothing to say, or nothing may be said.
    Quiet,
    Working,
    /// Everything that may be sent has been, and is on the server's disk.
    UpToDate,
    Offline,
    /// The server said no.
    Refused(ErrorCode),
}

/// How long to leave a server alone that does not answer: twice as long after every failure, counted in ticks, since the
/// phone's clock may be set in the meantime.
#[derive(Debug)]
pub(crate) struct BackOff {
    rest: u32,
    next: u32,
    longest: u32,
    chance: u64,
}

impl BackOff {
    /// The number keeps phones apart that have all lost the same server.
    fn new(longest: u32, chance: u64) -> Self {
        Self { rest: 0, next: 0, longest, chance }
    }

    /// Whether it may be asked now.
    pub(crate) fn is_over(&self) -> bool {
        self.rest == 0
    }

    fn tick(&mut self) {
        self.rest = self.rest.saturating_sub(1);
    }

    /// It did not answer, or said no.
    pub(crate) fn fail(&mut self) {
        // Knuth's multiplier: the low bits of what was drawn at random are spread anew every time.
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let spread = u32::try_from((self.chance >> 33) % u64::from(self.next / 2 + 1)).unwrap_or_default();
        self.rest = (self.next + spread).min(self.longest);
        self.next = (2 * self.next).clamp(1, self.longest);
    }

    pub(crate) fn reset(&mut self) {
        (self.rest, self.next) = (0, 0);
    }

    /// Whether nothing has failed since the last success.
    fn is_fresh(&self) -> bool {
        self.rest == 0 && self.next == 0
    }
}

/// What a request is for. Of the first three there is one under way at most; a yes and a no go beside everything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Work {
    /// The parts whose words it carries, to whom there are messages among them, and when the consents were last known to change.
    Sync {
        parts: Parts,
        threads: BTreeSet<String>,
        any: bool,
        learned: u64,
    },
    Me {
        learned: u64,
    },
    /// Up to which of the wishes to erase.
    Erase(u64),
    Withdraw(String),
    Give(String),
    Settle {
        secret: String,
        withdraw: bool,
    },
}

/// How often the consents may be another than before between two ticks, for this phone to ask again at once.
const MOST_CORRECTIONS: u32 = 4;

/// A line to the server is believed for this many ticks since something was heard on it, and the server is asked as often
/// nevertheless: a minute.
const TICKS_BETWEEN_QUESTIONS: u32 = 12;

/// How long a yes waits for a disk that does not answer, in ticks.
const MOST_FAILURES: u32 = 3;

impl Work {
    pub(crate) fn is_main(&self) -> bool {
        matches!(self, Self::Sync { .. } | Self::Me { .. } | Self::Erase(_))
    }

    pub(crate) fn is_about_yes(&self, secret: &str) -> bool {
        matches!(self, Self::Give(known) | Self::Settle { secret: known, .. } if known == secret)
    }

    pub(crate) fn limit(&self) -> u64 {
        if matches!(self, Self::Sync { .. }) { LIMIT_OF_WORDS } else { LIMIT }
    }
}

/// Which copy of the server's, and up to where in it.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Position {
    pub(crate) generation: String,
    pub(crate) cursor: u64,
}

pub(crate) struct Link {
    pub(crate) flights: Map<u64, Work>,
    next: u64,
    /// Not confirmed by a server.
    pub(crate) outbox: BTreeSet<OpId>,
    /// Refused by the server, until the consents change.
    pub(crate) aside: BTreeMap<OpId, ErrorCode>,
    pub(crate) position: Position,
    pub(crate) main: BackOff,
    pub(crate) noes: BackOff,
    /// There is a reason to speak to the server.
    pub(crate) due: bool,
    /// For so many ticks more the server says by itself when there is something new.
    ticks_of_line: u32,
    /// Ticks since time alone was a reason to ask.
    unasked: u32,
    /// It knows of consents that are another than this phone thinks.
    pub(crate) ask_me: bool,
    pub(crate) is_reading: bool,
    /// Greetings that the other tabs may not have answered yet.
    pub(crate) greetings: u32,
    /// How often this tab has slept or was away, and ticks for which a yes waits for what was said meanwhile.
    pub(crate) wakes: u64,
    ticks_to_wait: u32,
    /// Bytes that one request may have on this network.
    pub(crate) room: usize,
    pub(crate) contact: Contact,
    /// How often a yes, a no or a change was said or learned of beside the main line: an answer from before knows nothing of
    /// it.
    pub(crate) learned: u64,
    /// When something last happened, to notice that this tab has slept.
    pub(crate) last: Option<u64>,
    /// The server's copy was another one than before, and there has been no tick since.
    pub(crate) has_begun_again: bool,
    /// What was erased before this tab has been looked at.
    pub(crate) has_looked_back: bool,
    /// How often the consents were another than before since the last tick.
    corrections: u32,
    /// For secrets that are made here.
    pub(crate) chance: [u64; 4],
    /// For a fault that is put back.
    pub(crate) stale: Option<Vec<plan::Consent>>,
}

impl Link {
    pub(crate) fn new(chance: u64) -> Self {
        Self {
            flights: Map::default(),
            next: 0,
            outbox: BTreeSet::new(),
            aside: BTreeMap::new(),
            position: Position::default(),
            main: BackOff::new(LONGEST_REST, chance),
            noes: BackOff::new(LONGEST_REST_OF_A_NO, chance),
            due: false,
            ticks_of_line: 0,
            unasked: 0,
            ask_me: false,
            is_reading: false,
            greetings: 0,
            wakes: 0,
            ticks_to_wait: 0,
            room: MOST_BYTES,
            contact: Contact::Quiet,
            learned: 0,
            last: None,
            has_begun_again: false,
            has_looked_back: false,
            corrections: 0,
            chance: [chance, !chance, chance.rotate_left(17), chance.rotate_left(31)],
            stale: None,
        }
    }

    /// Where this phone was with the server. It stands under one name, since a place in one copy is none in another.
    pub(crate) fn load_position(&mut self, loaded: &Loaded) {
        if self.position != Position::default() {
            return;
        }
        let (generation, cursor) = loaded.meta("position").and_then(|text| text.split_once(' ')).unwrap_or_default();
        self.position = Position { generation: generation.to_owned(), cursor: cursor.parse().unwrap_or(0) };
    }

    /// Others may have said and written something that is not known here.
    pub(crate) fn mark_behind(&mut self) {
        // A disk that still hangs from the time before is not waited for again.
        if !self.is_reading {
            self.ticks_to_wait = MOST_FAILURES;
        }
        self.is_reading = true;
        self.wakes += 1;
    }

    /// The disk cannot be read. Words stay here; what was said about sharing goes by what is known.
    pub(crate) fn give_up_reading(&mut self, wake: u64) {
        if wake == self.wakes {
            self.ticks_to_wait = 0;
        }
    }

    pub(crate) fn waits_for_news(&self) -> bool {
        self.is_reading && self.ticks_to_wait > 0
    }

    pub(crate) fn is_under_way(&self, is_it: impl Fn(&Work) -> bool) -> bool {
        self.flights.values().any(is_it)
    }

    pub(crate) fn begin(&mut self, work: Work) -> u64 {
        self.next += 1;
        self.flights.insert(self.next, work);
        self.next
    }

    /// While the server tells what is new, it is asked less often.
    pub(crate) fn receive_line(&mut self, heard: Heard) {
        self.ticks_of_line = if heard == Heard::Lost { 0 } else { TICKS_BETWEEN_QUESTIONS };
        self.due |= heard == Heard::Changed;
    }

    /// Time passes. `has_work`: there is something to tell the server, and it may be told.
    pub(crate) fn tick(&mut self, has_work: bool) {
        let is_at_rest = self.main.is_fresh() && !self.ask_me && !has_work;
        self.main.tick();
        self.noes.tick();
        self.ticks_to_wait = self.ticks_to_wait.saturating_sub(1);
        self.ticks_of_line = self.ticks_of_line.saturating_sub(1);
        self.unasked += 1;
        if self.ticks_of_line == 0 || !is_at_rest || self.unasked >= TICKS_BETWEEN_QUESTIONS {
            self.due = true;
            self.unasked = 0;
        }
        self.has_begun_again = false;
        self.corrections = 0;
    }

    /// The consents are another than before, which is a reason to ask again. Two copies that answer in turn would be one
    /// without end.
    pub(crate) fn count_correction(&mut self) {
        self.corrections += 1;
        if self.corrections > MOST_CORRECTIONS {
            self.noes.fail();
        } else {
            self.due = true;
        }
    }

    /// A request with this many bytes came through, or did not in its time.
    pub(crate) fn fit_room(&mut self, came_through: bool) {
        let room = if came_through { self.room * 2 } else { self.room / 2 };
        self.room = room.clamp(LEAST_BYTES, MOST_BYTES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ticks until time alone is a reason to ask.
    fn ticks_to_due(link: &mut Link, has_work: bool) -> u32 {
        link.due = false;
        let mut ticks = 0;
        while !link.due {
            link.tick(has_work);
            ticks += 1;
        }
        ticks
    }

    #[test]
    fn a_server_that_tells_is_asked_once_a_minute_and_at_once_when_there_is_a_reason() {
        let mut link = Link::new(1);
        assert_eq!(ticks_to_due(&mut link, false), 1, "without a line with every tick");
        link.due = false;
        let mut asked = 0;
        for tick in 0..20 * TICKS_BETWEEN_QUESTIONS {
            if tick % 4 == 0 {
                link.receive_line(Heard::Alive);
            }
            link.tick(false);
            asked += u32::from(std::mem::take(&mut link.due));
        }
        assert_eq!(asked, 20);
        link.receive_line(Heard::Changed);
        assert!(link.due, "there is news");
        link.unasked = 0;
        link.receive_line(Heard::Alive);
        assert_eq!(ticks_to_due(&mut link, false), TICKS_BETWEEN_QUESTIONS);
        assert_eq!(ticks_to_due(&mut link, false), 1, "the line has been silent");
        link.receive_line(Heard::Alive);
        assert_eq!(ticks_to_due(&mut link, true), 1, "something waits to be sent");
        link.receive_line(Heard::Lost);
        assert_eq!(ticks_to_due(&mut link, false), 1, "the line is gone");
        link.receive_line(Heard::Alive);
        link.main.fail();
        assert_eq!(ticks_to_due(&mut link, false), 1, "the last try failed");
        link.main.reset();
        link.unasked = 0;
        assert!(ticks_to_due(&mut link, false) > 1);
    }

    #[test]
    fn a_request_is_halved_until_it_comes_through_and_doubled_then() {
        let mut link = Link::new(1);
        let mut rooms = vec![link.room];
        for came_through in [false, false, true, false, true, true, true] {
            link.fit_room(came_through);
            rooms.push(link.room);
        }
        let (most, least) = (MOST_BYTES, LEAST_BYTES);
        assert_eq!(rooms, [most, most / 2, most / 4, most / 2, most / 4, most / 2, most, most]);
        (0..20).for_each(|_| link.fit_room(false));
        assert_eq!(link.room, least);
    }

    #[test]
    fn a_server_that_does_not_answer_is_asked_less_and_less() {
        for (longest, expected) in [(24, [0, 1, 2, 4, 8, 16, 24, 24]), (6, [0, 1, 2, 4, 6, 6, 6, 6])] {
            let mut least = Vec::new();
            for _ in 0..8 {
                least.push(u32::MAX);
            }
            for chance in 0..200 {
                let mut rest = BackOff::new(longest, chance);
                assert!(rest.is_over());
                for least in &mut least {
                    rest.fail();
                    assert!(rest.rest <= longest);
                    *least = rest.rest.min(*least);
                    while !rest.is_over() {
                        rest.tick();
                    }
                }
                rest.reset();
                rest.fail();
                assert!(rest.is_over(), "the first failure after a success is tried again at once");
            }
            assert_eq!(least, expected);
            // Phones that have lost the same server come back apart from each other.
            let rests: std::collections::BTreeSet<u32> = (0..200)
                .map(|chance| {
                    let mut rest = BackOff::new(100, chance);
                    (0..6).for_each(|_| rest.fail());
                    rest.rest
                })
                .collect();
            assert!(rests.iter().all(|rest| (16..=24).contains(rest)) && rests.len() > 5, "{rests:?}");
        }
    }
}
