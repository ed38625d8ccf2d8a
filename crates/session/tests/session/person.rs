//! What people do: the young person in every tab, the contacts, and bad luck.

use crate::network::call_directly;
use crate::oracle::Said;
use crate::oracle::trace;
use crate::phone::Pen;
use crate::server::CONTACTS;
use crate::world::{Check, Happening, World};
use plan::edit::Direction;
use plan::limits::{MAX_AGENDA, MAX_TEXT};
use plan::template::AGENDA;
use plan::{Consent, Entity, Part, Parts, template};
use protocol::{AddDeviceRequest, DeviceInvitationView, MeView};
use session::{Call, NewEntry, Wish};
use std::collections::{BTreeMap, BTreeSet};

/// A body without a field.
type Empty = BTreeMap<String, String>;

/// The lists that are written in, in parts that can be given to different people.
const LISTS: [(Part, &str); 4] = [
    (Part::PlanGreen, "g_tegn"),
    (Part::PlanRed, template::HARD_ACTIONS),
    (Part::AboutMe, template::STATEMENTS),
    (Part::Meeting, template::PEOPLE),
];

impl World {
    pub fn word(&mut self) -> String {
        self.words += 1;
        format!("ord{}", self.words)
    }

    fn too_long(&mut self) -> String {
        format!("{}+{}", self.word(), "å".repeat(MAX_TEXT))
    }

    pub fn secret(&mut self) -> String {
        (0..4).map(|_| format!("{:016x}", self.rng.next())).collect()
    }

    fn some_parts(&mut self) -> Parts {
        let parts: Parts = Part::ALL.into_iter().filter(|_| self.rng.one_in(2)).collect();
        if parts.is_empty() { [LISTS[self.rng.below(4)].0].into_iter().collect() } else { parts }
    }

    /// The young person does something on this phone.
    pub fn act(&mut self, phone: usize) -> Check {
        let wait = if self.rng.one_in(6) { 2_000 + self.rng.next() % 20_000 } else { 30 + self.rng.next() % 1_500 };
        self.later(wait, Happening::Act(phone));
        let open: Vec<u64> =
            self.phones[phone].tabs.iter().filter(|tab| tab.is_loaded && !tab.is_frozen).map(|tab| tab.name).collect();
        let Some(tab) = self.rng.pick(&open).copied() else { return Ok(()) };
        self.act_in(tab)
    }

    pub fn act_in(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        if self.tab(at).pen.is_some() {
            return match self.rng.below(8) {
                0..4 => self.keystroke(tab),
                4..6 => self.rest(tab),
                _ => self.leave(tab),
            };
        }
        let what = self.rng.below(29);
        trace(|| format!("   {tab:x} does {what}"));
        match what {
            0..7 => self.enter_field(tab),
            7 => self.choose(tab),
            8 => self.delete(tab),
            9 => self.undo(tab),
            10 => self.bring_back_or_move(tab),
            11 => self.finish(tab),
            // The pages for it come with what speaks with the server.
            12..22 if !self.is_attached(tab) => Ok(()),
            12..16 => self.share(tab),
            16..18 => self.say_no(tab),
            18 => self.erase_or_take_back(tab),
            19..22 => self.see_to_guests(tab),
            22 => self.file(tab),
            23..25 => self.write_to_contact(tab),
            25..27 => self.prepare_meeting(tab),
            _ => self.answer_suggestion(tab),
        }
    }

    fn is_attached(&mut self, tab: u64) -> bool {
        self.find(tab).is_some_and(|at| self.tab(at).machine.is_attached())
    }

    fn enter_field(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let list = LISTS[self.rng.below(LISTS.len())];
        let entries = self.tab(at).machine.set().list_entries(list.0, list.1);
        let random = self.rng.next();
        let entry = self.rng.pick(&entries).map(|entry| entry.on.clone());
        let (on, field, new) = match (self.rng.below(8), entry) {
            (0, _) => (Entity::section(Part::AboutMe, "navn"), "text", None),
            (1, _) => (template::first_meeting(), "place", None),
            (2..6, Some(on)) => (on, "text", None),
            _ => {
                let new = NewEntry { section: list.1.to_owned(), kind: None };
                (Entity::entry(list.0, &format!("{random:016x}-0")), "text", Some(new))
            }
        };
        self.tab(at).pen = Some(Pen { on, field, new, seen: None, known: BTreeSet::new() });
        self.keystroke(tab)
    }

    fn keystroke(&mut self, tab: u64) -> Check {
        let text = if self.rng.one_in(15) && !self.is_alone { self.too_long() } else { self.word() };
        let Some(at) = self.find(tab) else { return Ok(()) };
        let t = self.tab(at);
        let Some(mut pen) = t.pen.take() else { return Ok(()) };
        if pen.seen.is_none() {
            let set = t.machine.set();
            // A field in which something stands that was refused shows that, whatever has been written elsewhere.
            match t.machine.own_words(&pen.on, pen.field) {
                Some(own) => {
                    pen.known.insert(own.to_owned());
                    // And what was chosen or undone here beside it goes with it.
                    pen.known.extend(t.raised.iter().cloned());
                }
                None => pen.known.extend(set.texts(&pen.on, pen.field).0.into_iter().map(|version| version.text)),
            }
            pen.seen = Some(set.see(&pen.on));
        }
        let name = t.name;
        self.oracle.write(&text, name, at.0, pen.known.clone());
        // Whoever types over something means to.
        for word in &pen.known {
            if !self.tab(at).visible.contains(word) {
                self.oracle.release(word);
            }
        }
        pen.known.insert(text.clone());
        let (known, seen, field, new) = (pen.known.clone(), pen.seen.clone(), pen.field, pen.new.clone());
        self.tab(at).pen = Some(pen);
        let Some(seen) = seen else { return Ok(()) };
        self.later(2_000, Happening::Rest(tab));
        self.with(tab, &known, |machine, now| machine.type_words(now, &seen, field, &text, new.as_ref())).map(drop)
    }

    /// The words that somebody in this field is about to replace: all that they have seen but for the latest.
    pub fn rest(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let Some(pen) = &self.tab(at).pen else { return Ok(()) };
        let (on, field, known) = (pen.on.clone(), pen.field, pen.known.clone());
        let done = self.with(tab, &known, |machine, now| machine.flush(now, &on, field))?;
        if done == Some(Ok(())) {
            let own = self.find(tab).and_then(|at| self.tab(at).machine.own_words(&on, field).map(str::to_owned));
            for word in known.iter().filter(|word| Some(*word) != own.as_ref()) {
                let Some(at) = self.find(tab) else { break };
                if !self.tab(at).visible.contains(word) {
                    self.oracle.release(word);
                }
            }
        }
        Ok(())
    }

    pub fn leave(&mut self, tab: u64) -> Check {
        self.rest(tab)?;
        let Some(at) = self.find(tab) else { return Ok(()) };
        let Some(pen) = self.tab(at).pen.take() else { return Ok(()) };
        self.touch(tab, &BTreeSet::new(), |machine| {
            machine.leave(&pen.on, pen.field);
            machine.begin_change();
        })
    }

    /// The versions of an entry, and one of them is kept.
    fn choose(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let set = self.tab(at).machine.set();
        let entries = LISTS.iter().flat_map(|(part, list)| set.list_entries(*part, list));
        let Some(entry) = entries.into_iter().find(|entry| !entry.texts.others().is_empty()) else { return Ok(()) };
        let seen = set.see(&entry.on);
        let known: BTreeSet<String> = entry.texts.0.iter().map(|version| version.text.clone()).collect();
        let Some(chosen) = self.rng.pick(&entry.texts.0).map(|version| version.text.clone()) else { return Ok(()) };
        self.oracle.loosen(&chosen);
        // Whoever chooses while something refused stands in the same field has seen what they chose from.
        if let Some(at) = self.find(tab) {
            self.tab(at).raised.extend(known.iter().cloned());
        }
        self.with(tab, &known, |machine, now| machine.set_text(now, &seen, "text", &chosen)).map(drop)
    }

    fn delete(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let list = LISTS[self.rng.below(LISTS.len())];
        let set = self.tab(at).machine.set();
        let (entries, deleted) = (set.list_entries(list.0, list.1), set.list_deleted(list.0, list.1));
        let for_good = self.rng.one_in(3);
        let entry = if for_good { self.rng.pick(&deleted) } else { self.rng.pick(&entries) }.cloned();
        let Some(entry) = entry else { return Ok(()) };
        let seen = self.tab(at).machine.set().see(&entry.on);
        let mut known: BTreeSet<String> = entry.texts.0.into_iter().map(|version| version.text).collect();
        known.extend(self.tab(at).machine.own_words(&entry.on, "text").map(str::to_owned));
        for word in &known {
            self.oracle.release_all(word);
        }
        self.with(
            tab,
            &known,
            |machine, now| {
                if for_good { machine.erase(now, &seen) } else { machine.delete_entry(now, &seen) }
            },
        )
        .map(drop)
    }

    fn undo(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let t = self.tab(at);
        let mut known = t.raised.clone();
        let own = t.machine.set().iter().filter(|record| record.op.id.replica.0 == tab);
        known.extend(own.filter_map(|record| Some(record.op.value.as_ref()?.text().to_owned())));
        for word in &known {
            self.oracle.loosen(word);
        }
        self.with_again(tab, &known, |machine, now| {
            let _ = machine.undo(now);
        })
    }

    fn bring_back_or_move(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let (part, section) = LISTS[self.rng.below(LISTS.len())];
        let set = self.tab(at).machine.set();
        let (entries, deleted) = (set.list_entries(part, section), set.list_deleted(part, section));
        if let Some(on) = self.rng.pick(&deleted).map(|entry| entry.on.clone()) {
            return self.with_again(tab, &BTreeSet::new(), |machine, now| {
                let _ = machine.set_flag(now, &on, "deleted", false);
            });
        }
        let Some(on) = self.rng.pick(&entries).map(|entry| entry.on.clone()) else { return Ok(()) };
        let way = if self.rng.one_in(2) { Direction::Up } else { Direction::Down };
        self.with(tab, &BTreeSet::new(), |machine, now| machine.move_entry(now, part, section, &on, way)).map(drop)
    }

    fn write_to_contact(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let clock = self.clock(at.0);
        let consents = self.tab(at).machine.sharing().consents.clone();
        let fit = |one: &&Consent| one.is_active(clock) && one.parts.contains(Part::Messages);
        let fit: Vec<&Consent> = consents.iter().filter(fit).collect();
        let Some(to) = self.rng.pick(&fit).copied() else { return Ok(()) };
        let text = self.word();
        let contact = CONTACTS.iter().position(|contact| contact.1 == to.recipient).ok_or("a yes to nobody")?;
        self.oracle.letters.insert(text.clone(), contact);
        self.oracle.write(&text, tab, at.0, BTreeSet::new());
        let done = self.with(tab, &BTreeSet::new(), |machine, now| machine.write_message(now, &to.staff, &text, ""))?;
        if done != Some(Ok(())) {
            self.oracle.release(&text);
        }
        Ok(())
    }

    /// Takes what a contact has suggested, in other words or not, or declines it.
    fn answer_suggestion(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let set = self.tab(at).machine.set();
        // On an agenda that is full there is no room for what is taken.
        let points = set.list_entries(Part::Meeting, AGENDA);
        let points = Some(points).filter(|points| points.len() < MAX_AGENDA).unwrap_or_default();
        let entries = LISTS.iter().flat_map(|(part, list)| set.list_entries(*part, list)).chain(points);
        let open: Vec<_> =
            entries.flat_map(|entry| set.list_suggestions(&entry.on)).filter(|it| it.taken.is_none()).collect();
        let Some(suggestion) = self.rng.pick(&open).cloned() else { return Ok(()) };
        self.taken += 1;
        if self.rng.one_in(3) {
            let on = suggestion.on;
            return self.with(tab, &BTreeSet::new(), |machine, now| machine.decline_suggestion(now, &on)).map(drop);
        }
        let text = self.word();
        // Should it be beside a point.
        self.oracle.points.insert(text.clone(), template::first_meeting());
        self.oracle.write(&text, tab, at.0, BTreeSet::new());
        let on = suggestion.on;
        let done = self.with(tab, &BTreeSet::new(), |machine, now| machine.take_suggestion(now, &on, &text))?;
        if done != Some(Ok(())) {
            self.oracle.release(&text);
        }
        Ok(())
    }

    /// Makes what was refused shorter, or lets go of it.
    fn finish(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let Some(unfinished) = self.tab(at).machine.list_unfinished().into_iter().next() else { return Ok(()) };
        let session::Unfinished { on, field, text } = unfinished;
        let mut known = BTreeSet::from([text.clone()]);
        known.extend(self.oracle.words.get(&text).map(|word| word.base.clone()).unwrap_or_default());
        known.extend(self.tab(at).raised.iter().cloned());
        self.oracle.release(&text);
        if self.rng.one_in(3) {
            return self.touch(tab, &known, |machine| machine.discard(&on, &field));
        }
        let shorter = self.word();
        self.oracle.write(&shorter, tab, at.0, known.clone());
        self.with(tab, &known, |machine, now| machine.finish(now, &on, &field, &shorter)).map(drop)
    }

    pub fn share(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let clock = self.clock(at.0);
        let sharing = self.tab(at).machine.sharing().clone();
        if at.0 > 0 && !sharing.connected {
            return self.join(tab);
        }
        let parts = if self.is_alone { crate::oracle::all_parts() } else { self.some_parts() };
        let active: Vec<_> = sharing.consents.iter().filter(|consent| consent.is_active(clock)).cloned().collect();
        let born = sharing.birthdays.unwrap_or(self.born);
        let secret = self.secret();
        if let Some(consent) = self.rng.pick(&active).filter(|_| !self.is_alone).cloned()
            && self.rng.one_in(2)
        {
            self.oracle.wishes.push(Said {
                about: consent.id.clone(),
                to: consent.recipient.clone(),
                phone: at.0,
                parts,
                at: clock,
            });
            let latest = self.oracle.wishes.len() - 1;
            self.tab(at).wishes.insert(consent.recipient, latest);
            let wish = Wish { code: None, replaces: Some(consent.id), parts, born };
            return self.with(tab, &BTreeSet::new(), |machine, now| machine.say_yes(now, secret, wish)).map(drop);
        }
        if active.len() >= CONTACTS.len() || (self.is_alone && !active.is_empty()) {
            return Ok(());
        }
        // A server that was put back may not know this phone any more; with a new code it would be somebody else's there.
        if at.0 > 0 && self.is_put_back {
            return Ok(());
        }
        // Nobody taps a first yes in two tabs within the same blink.
        let others = self.phones[at.0].tabs.iter().any(|tab| !tab.tickets.is_empty());
        if !sharing.connected && others && self.tab(at).tickets.is_empty() {
            return Ok(());
        }
        let contact = self.rng.below(CONTACTS.len());
        let code = self.server.invite(contact);
        let to = CONTACTS[contact].1.to_owned();
        self.oracle.wishes.push(Said { about: code.clone(), to, phone: at.0, parts, at: clock });
        self.tab(at).tickets.push(secret.clone());
        let wish = Wish { code: Some(code), replaces: None, parts, born };
        self.with(tab, &BTreeSet::new(), |machine, now| machine.say_yes(now, secret, wish)).map(drop)
    }

    /// A second phone is added with a code from the first.
    fn join(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let is_known = |phone: &crate::phone::Phone| phone.tabs.iter().any(|tab| tab.machine.sharing().connected);
        let Some(first) = self.phones.iter().position(is_known) else { return Ok(()) };
        let made = call_directly(self, first, &Call::post("devices/invitations", &Empty::new()));
        let Some(DeviceInvitationView { code, .. }) = made.json() else { return Ok(()) };
        let joined = call_directly(self, at.0, &Call::post("devices", &AddDeviceRequest { code }));
        let Some(me) = joined.json::<MeView>() else { return Ok(()) };
        self.with(tab, &BTreeSet::new(), |machine, now| machine.join(now, &me)).map(drop)
    }

    fn say_no(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        let standing = self.tab(at).machine.sharing().consents.iter().filter(|consent| consent.withdrawn_at.is_none());
        let standing: Vec<String> = standing.map(|consent| consent.id.clone()).collect();
        if self.is_alone {
            return Ok(());
        }
        // Somebody who has had enough says no to everybody.
        let most = if self.rng.one_in(2) { standing.len() } else { 1 };
        for id in standing.into_iter().take(most) {
            self.noes += 1;
            let Some(at) = self.find(tab) else { return Ok(()) };
            self.tab(at).noes.insert(id.clone());
            let is_connected = self.tab(at).machine.sharing().connected;
            self.with(tab, &BTreeSet::new(), |machine, now| machine.say_no(now, &id))?;
            let path = format!("consents/{id}/withdraw");
            let is_sent = self.tab(at).flights.values().any(|flight| flight.call.path == path);
            if is_connected && !is_sent {
                return Err("a no was said, and is not on its way".to_owned());
            }
        }
        // And wants nothing of it left.
        if self.rng.one_in(3) { self.erase_or_take_back(tab) } else { Ok(()) }
    }

    fn erase_or_take_back(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        if self.is_alone {
            return Ok(());
        }
        let clock = self.clock(at.0);
        let tickets = self.tab(at).tickets.clone();
        match self.rng.pick(&tickets) {
            Some(ticket) if self.rng.one_in(2) => {
                let ticket = ticket.clone();
                self.with(tab, &BTreeSet::new(), |machine, now| machine.take_back(now, &ticket)).map(drop)
            }
            _ if self.tab(at).machine.sharing().can_erase(clock) => {
                self.with(tab, &BTreeSet::new(), |machine, now| machine.erase_sent(now)).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Saves everything as a file, or takes an earlier one back.
    fn file(&mut self, tab: u64) -> Check {
        let Some(at) = self.find(tab) else { return Ok(()) };
        if self.rng.one_in(2) || self.phones[at.0].files.is_empty() {
            let raws = self.tab(at).machine.set().iter().map(|record| record.raw().to_owned()).collect();
            self.phones[at.0].files.push(raws);
            return Ok(());
        }
        let files = self.phones[at.0].files.clone();
        let Some(file) = self.rng.pick(&files) else { return Ok(()) };
        let records = file.iter().filter_map(|raw| plan::Record::parse(raw).ok()).collect();
        self.with_again(tab, &BTreeSet::new(), |machine, now| {
            let _ = machine.restore(now, records);
        })
    }
}
