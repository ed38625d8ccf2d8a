//! Bad luck, contacts, and the time after it in which everything comes to rest.

use crate::oracle::trace;
use crate::server::CONTACTS;
use crate::world::{Check, DAY, Happening, START, Weather, World};
use session::{Event, Heard};

impl World {
    /// A contact looks, writes, or notes what the custody holder has said.
    pub fn contact_acts(&mut self, contact: usize) -> Check {
        let wait = 2_000 + self.rng.next() % 15_000;
        self.later(wait, Happening::Contact(contact));
        if self.rng.one_in(3) {
            let yes = !self.rng.one_in(4);
            for id in self.server.record_custody(contact, yes) {
                self.oracle.custody_said_yes(&id);
            }
        }
        if self.rng.one_in(2) {
            let number = self.rng.next();
            let text = format!("Fra en voksen {number:016x}");
            self.oracle.said.insert(text.clone(), contact);
            let told = self.server.say(contact, number, &text);
            self.oracle.told.extend(told);
        }
        if self.rng.one_in(6) {
            self.name_stand_in(contact)?;
        }
        if self.rng.one_in(2) {
            self.somebody_stands_in(contact)?;
        }
        self.check_read(contact)?;
        self.check_readers()
    }

    /// There is a line to the server now and then, that may say anything.
    pub fn hear_line(&mut self, tab: u64) -> Check {
        if self.wild(8) {
            let heard = self.rng.pick(&[Heard::Changed, Heard::Alive, Heard::Alive, Heard::Lost]).copied();
            self.handle(tab, Event::Line(heard.unwrap_or(Heard::Alive)))?;
        }
        Ok(())
    }

    /// Tabs and phones die, sleep and wake; disks fill; networks go; time passes; a server is put back.
    pub fn trouble(&mut self) -> Check {
        let wait = 500 + self.rng.next() % 8_000;
        self.later(wait, Happening::Trouble);
        let phone = self.rng.below(self.phones.len());
        let count = self.phones[phone].tabs.len();
        self.faults += 1;
        match self.rng.below(12) {
            0..3 if count > 0 => {
                let place = self.rng.below(count);
                self.kill(phone, place);
                self.open_tab(phone);
            }
            3 => {
                while !self.phones[phone].tabs.is_empty() {
                    self.kill(phone, 0);
                }
                self.open_tab(phone);
            }
            4 if count < 3 => self.open_tab(phone),
            5..7 => self.phones[phone].is_offline = !self.phones[phone].is_offline,
            7 => self.phones[phone].disk.is_full = !self.phones[phone].disk.is_full,
            8 | 9 if count > 0 => {
                let place = self.rng.below(count);
                self.sleep_or_wake((phone, place))?;
            }
            // Without locks a clock that jumps makes a living tab look like one that is gone: nobody can tell there.
            10 if self.rng.one_in(4) && !self.is_alone && self.has_locks => {
                let days = [1, 1, 20, 40, 200][self.rng.below(5)];
                self.now += days * DAY;
                self.server.set_time(self.now);
                // What has ended by itself meanwhile is asked for before anybody does anything else.
                self.guest_comes()?;
                for contact in 0..CONTACTS.len() {
                    self.somebody_stands_in(contact)?;
                }
            }
            11 if self.rng.one_in(6) && !self.is_alone => match self.backup.take() {
                None => self.backup = Some((self.server.back_up(), self.oracle.on_server.clone())),
                Some((copy, known)) => {
                    trace(|| format!("{} the server is put back", self.now - START));
                    self.server.restore(&copy);
                    self.is_put_back = true;
                    self.era += 1;
                    // It has forgotten every no since. The phones tell it again.
                    self.oracle.ended.clear();
                    self.oracle.told.clear();
                    self.oracle.dead_secrets.clear();
                    self.oracle.on_server = known;
                }
            },
            _ => {}
        }
        Ok(())
    }

    /// A tab is gone. What it had not saved may be in the journal.
    pub fn kill(&mut self, phone: usize, place: usize) {
        self.phones[phone].tabs.remove(place);
    }

    fn sleep_or_wake(&mut self, at: (usize, usize)) -> Check {
        let name = self.tab(at).name;
        if std::mem::take(&mut self.tab(at).is_frozen) {
            return self.handle(name, Event::Returned);
        }
        // Whoever goes away leaves the field.
        self.leave(name)?;
        if let Some(at) = self.find(name) {
            self.tab(at).is_frozen = true;
        }
        Ok(())
    }

    fn pass(&mut self, millis: u64) -> Check {
        let until = self.now + millis;
        while self.now < until && self.step()? {}
        Ok(())
    }

    /// Everything works again, everybody wakes up, and nobody does anything.
    pub fn run_until_idle(&mut self) -> Check {
        self.weather = Weather::Calm;
        self.stop_acting();
        for phone in 0..self.phones.len() {
            self.phones[phone].is_offline = false;
            self.phones[phone].disk.is_full = false;
            if self.phones[phone].tabs.is_empty() {
                self.open_tab(phone);
            }
        }
        let mut names: Vec<u64> = self.phones.iter().flat_map(|phone| &phone.tabs).map(|tab| tab.name).collect();
        self.rng.shuffle(&mut names);
        for name in &names {
            self.leave(*name)?;
            if let Some(at) = self.find(*name) {
                self.tab(at).is_frozen = false;
            }
        }
        // Whatever is under way has come, or been given up, by then.
        self.pass(50_000)?;
        for name in &names {
            self.handle(*name, Event::Returned)?;
        }
        // And every yes that another tab was given twenty seconds for has been asked about.
        self.is_limited = false;
        self.pass(50_000)?;
        if self.is_limited {
            self.pass(server::limits::WINDOW_MILLIS + 60_000)?;
        }
        self.check_rest()?;
        self.weather = Weather::Wild;
        Ok(())
    }
}
