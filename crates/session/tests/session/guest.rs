//! Guests: somebody without an account, with a link and a code for one meeting; and what the young person does about them.

use crate::check::short;
use crate::network::call_directly;
use crate::oracle::{Link, OnServer, Reach, Reflected};
use crate::phone::Tab;
use crate::said::has;
use crate::server::{CONTACTS, Jar, Server};
use crate::world::{Check, DAY, Happening, World};
use plan::author::GUEST;
use plan::limits::MAX_AGENDA;
use plan::meeting::Form;
use plan::template::{self, AGENDA};
use plan::{Consent, Day, Entity, Level, Part, Record};
use protocol::{
    AgendaView, ConsentView, CreateGuestRequest, GuestLinkView, GuestsView, MeView, OpenAgendaRequest, ReflectRequest,
};
use session::Call;
use std::collections::BTreeSet;

/// A code that no link has: nobody makes one with all its letters the same.
const WRONG_CODE: &str = "AAAAA-AAAAA";

impl Server {
    /// What the young person with these cookies has said yes to, as the server knows it.
    fn list_consents(&mut self, jar: &Jar) -> Vec<Consent> {
        let me: Option<MeView> = self.ask(jar, &Call::get("me")).json();
        me.map(|me| me.consents).unwrap_or_default().iter().filter_map(ConsentView::to_consent).collect()
    }
}

impl World {
    /// Whether somebody has a yes to the meeting of the young person with these cookies, and what else they have said yes to.
    fn ask_for_yes(&mut self, jar: &Jar) -> (bool, BTreeSet<String>) {
        let consents = self.server.list_consents(jar);
        let is_over = |consent: &Consent| self.oracle.ended.contains(&consent.id);
        let is_shared =
            consents.iter().any(|one| one.is_active(self.now) && one.parts.contains(Part::Meeting) && !is_over(one));
        (is_shared, consents.into_iter().map(|consent| consent.id).collect())
    }

    /// The young person writes a point or a day, makes another meeting, or calls it off.
    pub fn prepare_meeting(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let meetings = self.tab(at).machine.set().list_meetings();
        let Some(meeting) = self.rng.pick(&meetings).map(|meeting| meeting.on.clone()) else { return Ok(()) };
        match self.rng.below(9) {
            0..2 if meetings.len() < 3 => {
                self.with(tab, &BTreeSet::new(), |machine, now| machine.add_meeting(now, Form::Quick)).map(drop)
            }
            2 if meeting != template::first_meeting() => self.call_off(tab, &meeting),
            3..6 => {
                let days = [0, 0, 3, 400, 400][self.rng.below(5)];
                let day = Day::at(self.now + days * DAY).to_string();
                let seen = self.tab(at).machine.set().see(&meeting);
                self.with(tab, &BTreeSet::new(), |machine, now| machine.set_text(now, &seen, "date", &day)).map(drop)
            }
            _ => self.add_point(tab, at, &meeting),
        }
    }

    fn add_point(&mut self, tab: u64, at: (usize, usize), meeting: &Entity) -> Check {
        let list = template::list_of(meeting.name(), AGENDA);
        if self.tab(at).machine.set().list_entries(Part::Meeting, &list).len() >= MAX_AGENDA {
            return Ok(());
        }
        let text = self.word();
        self.oracle.points.insert(text.clone(), meeting.clone());
        self.oracle.write(&text, tab, at.0, BTreeSet::new());
        let done =
            self.with(tab, &BTreeSet::new(), |machine, now| machine.add_entry(now, Part::Meeting, &list, &text, None))?;
        if done != Some(Ok(())) {
            self.oracle.release(&text);
        }
        Ok(())
    }

    fn call_off(&mut self, tab: u64, meeting: &Entity) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let points = self.tab(at).machine.set().list_entries(Part::Meeting, &template::list_of(meeting.name(), AGENDA));
        let known: BTreeSet<String> =
            points.into_iter().flat_map(|entry| entry.texts.0).map(|version| version.text).collect();
        for word in &known {
            self.oracle.release_all(word);
        }
        self.with(tab, &known, |machine, now| machine.delete_meeting(now, meeting)).map(drop)
    }

    /// The young person gives somebody a link, or ends one.
    pub fn see_to_guests(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        if self.phones[at.0].is_offline || !self.tab(at).machine.sharing().connected {
            return Ok(());
        }
        if self.rng.one_in(5) {
            return self.end_link(at.0);
        }
        let meetings = self.tab(at).machine.set().list_meetings();
        let Some(meeting) = self.rng.pick(&meetings).map(|meeting| meeting.on.clone()) else { return Ok(()) };
        let secret = Some(self.secret());
        let asked = CreateGuestRequest { secret, meeting: meeting.to_string(), kind: "school".into() };
        let made = call_directly(self, at.0, &Call::post("guests", &asked));
        let jar = self.phones[at.0].jar.clone();
        let (is_shared, consents) = self.ask_for_yes(&jar);
        let Some(GuestLinkView { id, link, code }) = made.json() else {
            return if is_shared && made.body.contains("no_consent") {
                Err("no link can be made although somebody has a yes to the meeting".to_owned())
            } else {
                Ok(())
            };
        };
        if !is_shared {
            return Err("a link is made although nobody has a yes to the meeting".to_owned());
        }
        // As by a phone that has not heard the answer.
        let again = call_directly(self, at.0, &Call::post("guests", &asked));
        if again.body != made.body {
            return Err(format!("the same request has made another link: {}", again.body));
        }
        let secret =
            link.split_once("/gaest#").map(|(_, secret)| secret.to_owned()).ok_or("a link without a secret")?;
        let made_at = self.now;
        let link = Link { asked, id, secret, code, meeting, made_at, jar, consents, is_over: false, has_said: false };
        self.oracle.on_server.links.push(link);
        Ok(())
    }

    fn end_link(&mut self, phone: usize) -> Check {
        let place = self.rng.below(self.oracle.on_server.links.len());
        let Some(Link { id, asked, .. }) = self.oracle.on_server.links.get(place).cloned() else { return Ok(()) };
        // It may be of somebody else, when the server has forgotten who this is.
        if !call_directly(self, phone, &Call::delete(format!("guests/{id}"))).success {
            return Ok(());
        }
        self.oracle.on_server.links[place].is_over = true;
        let again = call_directly(self, phone, &Call::post("guests", &asked));
        if again.success { Err("a link that was ended is made again".to_owned()) } else { Ok(()) }
    }

    pub fn guest_acts(&mut self) -> Check {
        let wait = 1_000 + self.rng.next() % 4_000;
        self.later(wait, Happening::Guest);
        self.guest_comes()
    }

    /// A guest opens their link, or tries to, and perhaps says how it was.
    pub fn guest_comes(&mut self) -> Check {
        // Mostly by one that is good yet, as far as is known here.
        let links = &self.oracle.on_server.links;
        let good: Vec<usize> = (0..links.len()).filter(|place| !links[*place].is_over).collect();
        let all = links.len();
        let place = match self.rng.pick(&good).copied() {
            Some(place) if !self.rng.one_in(4) => place,
            _ if self.rng.one_in(2) => self.rng.below(all),
            _ => return Ok(()),
        };
        self.open_link(place)
    }

    fn open_link(&mut self, place: usize) -> Check {
        let Some(link) = self.oracle.on_server.links.get(place).cloned() else { return Ok(()) };
        let (is_shared, consents) = self.ask_for_yes(&link.jar);
        // A later yes opens none again.
        let is_over = link.is_over || !is_shared;
        self.oracle.on_server.links[place].is_over = is_over;
        let is_right = !self.rng.one_in(8);
        let code = if is_right { link.code.clone() } else { WRONG_CODE.to_owned() };
        let request = OpenAgendaRequest { secret: link.secret.clone(), code: code.clone() };
        let opened = self.server.ask(&Jar::new(), &Call::post("guests/agenda", &request));
        if opened.body.contains("too_many_tries") {
            return Ok(());
        }
        let may_say = match opened.json::<AgendaView>() {
            None => {
                if is_right && is_over {
                    self.oracle.reach(Reach::GuestShutOut);
                }
                false
            }
            Some(_) if !is_right => return Err("a wrong code opens a link".to_owned()),
            Some(_) if is_over => return Err("a guest is given an agenda after the link has ended".to_owned()),
            Some(_) if !opened.cookies.is_empty() => return Err("a guest is given a cookie".to_owned()),
            Some(agenda) => {
                if !agenda.points.is_empty() {
                    self.oracle.reach(Reach::AgendaRead);
                }
                self.check_agenda(&link, &agenda)?;
                agenda.can_reflect && !link.has_said
            }
        };
        if self.rng.one_in(2) { self.guest_reflects(place, code, may_say, consents) } else { Ok(()) }
    }

    fn check_agenda(&mut self, link: &Link, agenda: &AgendaView) -> Check {
        if plan::guest::is_over(&agenda.date, link.made_at, self.now) {
            return Err("a guest is given an agenda after the day after the meeting".to_owned());
        }
        let other = agenda.points.iter().find(|point| self.oracle.points.get(*point) != Some(&link.meeting));
        // A place is only ever written at the first meeting.
        let place = Some(&agenda.place).filter(|place| !place.is_empty() && link.meeting != template::first_meeting());
        if let Some(other) = other.or(place) {
            return Err(format!("“{}” is in the agenda of {} and is not of it", short(other), link.meeting));
        }
        if self.rng.one_in(4) {
            let known: Option<GuestsView> = self.server.ask(&link.jar, &Call::get("guests")).json();
            let opened = known.and_then(|known| known.guests.into_iter().find(|guest| guest.id == link.id));
            if opened.and_then(|guest| guest.last_opened) != Some(self.now - self.now % DAY) {
                return Err("an agenda was read, and the young person is not told".to_owned());
            }
        }
        Ok(())
    }

    fn guest_reflects(&mut self, place: usize, code: String, may_say: bool, consents: BTreeSet<String>) -> Check {
        let Link { secret, meeting, .. } = self.oracle.on_server.links[place].clone();
        let text = format!("Fra en gæst {:016x}", self.rng.next());
        let [heard, safe, informed] = [0; 3].map(|_| Level::ALL[self.rng.below(3)].name().to_owned());
        let request = ReflectRequest { secret, code, heard, safe, informed, words: text.clone() };
        let said = self.server.ask(&Jar::new(), &Call::post("guests/reflection", &request));
        match (said.success, may_say) {
            (false, false) => return Ok(()),
            (true, false) => return Err("a guest has said how it was, which was not theirs to say".to_owned()),
            (false, true) if said.body.contains("too_many_tries") => return Ok(()),
            (false, true) => return Err(format!("a guest cannot say how it was: {}", said.body)),
            (true, true) => self.oracle.reach(Reach::GuestReflected),
        }
        self.oracle.on_server.links[place].has_said = true;
        self.oracle.on_server.reflected.push(Reflected { meeting, text, consents, is_erased: false });
        Ok(())
    }

    /// An erasure that has taken the meeting takes the links to it, and what guests have said.
    pub fn note_erased(&mut self, jar: &Jar, kept: &[String]) {
        if kept.iter().any(|part| part == Part::Meeting.name()) {
            return;
        }
        let (_, consents) = self.ask_for_yes(jar);
        let OnServer { links, reflected, .. } = &mut self.oracle.on_server;
        for link in links.iter_mut().filter(|link| !link.consents.is_disjoint(&consents)) {
            link.is_over = true;
        }
        let mut count = 0;
        for said in reflected.iter_mut().filter(|said| !said.consents.is_disjoint(&consents)) {
            said.is_erased = true;
            count += 1;
        }
        if count > 0 {
            self.oracle.reach(Reach::ReflectionErased);
        }
    }

    /// What guests have said is given out while somebody has a yes to the meeting, tells nothing of who it was, and nothing comes of
    /// what was erased.
    pub fn check_given_of_guests(&mut self, jar: &Jar, ops: &[String]) -> Check {
        let theirs: Vec<&String> = ops.iter().filter(|raw| raw.contains(GUEST)).collect();
        if theirs.is_empty() {
            return Ok(());
        }
        if !self.ask_for_yes(jar).0 {
            return Err("words of a guest reach the young person although nobody has a yes to the meeting".to_owned());
        }
        let OnServer { links, reflected, .. } = &self.oracle.on_server;
        for raw in theirs {
            let leads = |link: &Link| [&link.id, &link.secret, &link.code].into_iter().any(|it| raw.contains(it));
            let is_day = Record::parse(raw).is_ok_and(|record| record.op.at.millis.is_multiple_of(DAY));
            if links.iter().any(leads) || !is_day {
                return Err(format!("what a guest has said tells who it was: {raw}"));
            }
            if let Some(said) = reflected.iter().find(|said| said.is_erased && raw.contains(&said.text)) {
                return Err(format!("“{}” was erased and is given out again", said.text));
            }
        }
        Ok(())
    }

    /// What a guest has said, and was acknowledged, is in every tab of that young person who shares the meeting, once and without
    /// a name.
    pub fn check_reflected(&self, tab: &Tab) -> Check {
        let consents = &tab.machine.sharing().consents;
        if !consents.iter().any(|one| one.is_active(self.now) && one.parts.contains(Part::Meeting)) {
            return Ok(());
        }
        let is_theirs = |said: &&Reflected| consents.iter().any(|one| said.consents.contains(&one.id));
        for said in self.oracle.on_server.reflected.iter().filter(|said| !said.is_erased).filter(is_theirs) {
            let all = tab.machine.set().list_reflections(&said.meeting);
            let found: Vec<_> =
                all.iter().filter(|one| one.words == said.text).map(|one| one.by.from.as_str()).collect();
            if found != [GUEST] {
                return Err(format!("“{}” was said by a guest and is in a tab as of {found:?}", said.text));
            }
        }
        Ok(())
    }

    /// A year later no yes holds any more, though nobody has said a word: nobody is given anything.
    pub fn a_year_later(&mut self) -> Check {
        let good: Vec<Link> = self.oracle.on_server.links.iter().filter(|link| !link.is_over).cloned().collect();
        self.now += 366 * DAY;
        self.server.set_time(self.now);
        for place in 0..self.oracle.on_server.links.len() {
            self.open_link(place)?;
        }
        let today = Day::at(self.now);
        let is_before = |link: &Link| {
            let dates = self.phones.iter().flat_map(|phone| &phone.tabs).filter_map(|tab| {
                let agenda = tab.machine.set().agenda(&link.meeting)?;
                agenda.date.parse::<Day>().ok()
            });
            dates.min().is_some_and(|day| day > today)
        };
        // It was not the day that closed it.
        if good.iter().any(is_before) {
            self.oracle.reach(Reach::YesRanOut);
        }
        for (contact, (_, name, _)) in CONTACTS.into_iter().enumerate() {
            self.somebody_stands_in(contact)?;
            if !self.server.list_readable(contact).is_empty() {
                return Err(format!("{name} reads after a year"));
            }
        }
        Ok(())
    }

    /// When everything has come to rest a guest reads the points that stand in every tab.
    pub fn check_points(&mut self) -> Check {
        let Some(link) = self.oracle.on_server.links.iter().rfind(|link| !link.is_over).cloned() else { return Ok(()) };
        let request = OpenAgendaRequest { secret: link.secret, code: link.code };
        let opened = self.server.ask(&Jar::new(), &Call::post("guests/agenda", &request));
        let Some(agenda) = opened.json::<AgendaView>() else { return Ok(()) };
        let near = self.phones.iter().filter(|phone| phone.skew.unsigned_abs() < 600_000);
        for tab in near.flat_map(|phone| &phone.tabs).filter(|tab| tab.is_known()) {
            let sharing = tab.machine.sharing();
            let shares = |one: &Consent| one.is_active(self.now) && one.parts.contains(Part::Meeting);
            let is_theirs = sharing.consents.iter().any(|one| link.consents.contains(&one.id));
            if !sharing.connected || !is_theirs || !sharing.consents.iter().any(shares) {
                continue;
            }
            let ours = tab.machine.set().agenda(&link.meeting).map(|agenda| agenda.points).unwrap_or_default();
            if ours != agenda.points {
                return Err(format!("a guest reads {:?}, and in a tab there is {ours:?}", agenda.points));
            }
        }
        Ok(())
    }

    /// Who has a yes to the meeting reads what guests have said, and nothing that was erased.
    pub fn check_reviews(&mut self) -> Check {
        if self.oracle.on_server.reflected.is_empty() {
            return Ok(());
        }
        for (contact, (_, name, _)) in CONTACTS.into_iter().enumerate() {
            for young in self.server.list_open(contact) {
                let review = self.server.staff(contact, &Call::get(format!("staff/young-people/{}/review", young.id)));
                for Reflected { meeting, text, consents, is_erased } in &self.oracle.on_server.reflected {
                    let is_read = review.body.contains(text);
                    if is_read && *is_erased {
                        return Err(format!("“{text}” was erased and is read by {name}"));
                    }
                    // Of a meeting that was called off nothing is read.
                    let is_there = has(&young, Part::Meeting) && review.body.contains(meeting.as_str());
                    if !is_read && !is_erased && is_there && consents.contains(&young.consent.id) {
                        return Err(format!("“{text}” was said by a guest, and {name} cannot read it"));
                    }
                }
            }
        }
        Ok(())
    }
}
