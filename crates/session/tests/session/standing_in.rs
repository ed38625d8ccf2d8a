//! Who stands in for a contact: named by them until a day, and shown the threads of those young people who let them.

use crate::check::short;
use crate::network::call_directly;
use crate::oracle::Reach;
use crate::phone::Tab;
use crate::said::{Told, has};
use crate::server::{CONTACTS, STAFF};
use crate::world::{Check, DAY, World};
use plan::{Day, Entity, Part, StandIn};
use protocol::{
    LooksView, MessagesView, StandInRequest, StatusView, WordsView, WriteRequest, WriteResponse, YoungPersonView,
};
use session::Call;
use std::collections::BTreeSet;

impl World {
    /// Who stands in for a contact today.
    fn find_stand_in(&self, contact: usize) -> Option<(usize, Day)> {
        self.oracle.on_server.stand_ins.get(&contact).copied().filter(|(_, until)| Day::at(self.now) <= *until)
    }

    /// A contact goes away and says who reads meanwhile, or is back.
    pub fn name_stand_in(&mut self, contact: usize) -> Check {
        if self.rng.one_in(3) {
            let ended = self.server.staff(contact, &Call::delete("staff/stand-in"));
            self.oracle.on_server.stand_ins.remove(&contact);
            return if ended.success { Ok(()) } else { Err(format!("a contact cannot be back: {}", ended.body)) };
        }
        let others: Vec<usize> = (0..STAFF.len()).filter(|who| *who != contact).collect();
        let Some(who) = self.rng.pick(&others).copied() else { return Ok(()) };
        let until = Day::at(self.now + [0, 0, 1, 3, 59][self.rng.below(5)] * DAY);
        let request = StandInRequest { staff: self.server.id(who), until: until.to_string() };
        let named = self.server.staff(contact, &Call::put("staff/stand-in", &request));
        self.oracle.on_server.stand_ins.insert(contact, (who, until));
        if named.success { Ok(()) } else { Err(format!("a contact cannot name who stands in: {}", named.body)) }
    }

    /// Who stands in for a contact looks; or somebody else tries to, and somebody who did so before.
    pub fn somebody_stands_in(&mut self, contact: usize) -> Check {
        let named = self.find_stand_in(contact);
        let others: Vec<usize> = (0..STAFF.len()).filter(|who| *who != contact).collect();
        let who = match named {
            Some((who, _)) if !self.rng.one_in(4) => Some(who),
            _ => self.rng.pick(&others).copied().filter(|_| !self.rng.one_in(2)),
        };
        let Some(who) = who else { return Ok(()) };
        let is_named = named.is_some_and(|(named, _)| named == who);
        let young_people = self.server.list_people(contact).young_people;
        let lets_read = |young: &YoungPersonView| {
            let has_ticks = has(young, Part::Messages) && has(young, Part::StandIn);
            let is_active = young.status == StatusView::Active && !self.oracle.ended.contains(&young.consent.id);
            is_named && has_ticks && is_active
        };
        let (let_them, shut): (Vec<_>, Vec<_>) = young_people.into_iter().partition(lets_read);
        self.check_list(contact, who, &let_them)?;
        for young in &shut {
            self.is_shut_out(contact, who, young)?;
        }
        for young in &let_them {
            self.stand_in(contact, who, young)?;
        }
        Ok(())
    }

    /// Whoever stands in finds those who let them in the list, and nobody else.
    fn check_list(&mut self, contact: usize, who: usize, let_them: &[YoungPersonView]) -> Check {
        let people = self.server.list_people(who);
        let id = self.server.id(contact);
        let listed: BTreeSet<String> =
            people.standing_in.into_iter().filter(|one| one.contact == id).map(|one| one.young).collect();
        let expected: BTreeSet<String> = let_them.iter().map(|young| young.id.clone()).collect();
        let (name, contact) = (STAFF[who].1, STAFF[contact].1);
        if listed != expected {
            return Err(format!("{name} stands in for {contact} with {expected:?} and finds {listed:?}"));
        }
        if who >= CONTACTS.len() && !people.young_people.is_empty() {
            return Err(format!("{name} has young people in the list who have not said yes to them"));
        }
        Ok(())
    }

    fn is_shut_out(&mut self, contact: usize, who: usize, young: &YoungPersonView) -> Check {
        self.oracle.reach(Reach::StandInShutOut);
        let number = self.rng.next();
        let id = self.server.id(contact);
        let read = Call::get(format!("staff/young-people/{}/messages/{id}", young.id));
        let (said, _) = self.reply_of(contact, young, number);
        for call in [read, said] {
            if self.server.staff(who, &call).success {
                let (name, contact) = (STAFF[who].1, STAFF[contact].1);
                return Err(format!("{name} has the thread with {contact} although nobody lets them: {}", call.path));
            }
        }
        self.check_nothing_else(who, young)
    }

    /// Nothing but the thread is shown to somebody to whom nobody has said yes.
    fn check_nothing_else(&mut self, who: usize, young: &YoungPersonView) -> Check {
        if who < CONTACTS.len() || !self.rng.one_in(4) {
            return Ok(());
        }
        for what in ["review", "messages"] {
            if self.server.staff(who, &Call::get(format!("staff/young-people/{}/{what}", young.id))).success {
                return Err(format!("{} has the {what} of somebody who has not said yes to them", STAFF[who].1));
            }
        }
        Ok(())
    }

    fn reply_of(&self, contact: usize, young: &YoungPersonView, number: u64) -> (Call, String) {
        let (id, text) = (self.server.id(contact), format!("Fra en vikar {number:016x}"));
        let words = WordsView {
            slot: Some(format!("{number:016x}")),
            to: Entity::of_thread(&id).to_string(),
            kind: "reply".into(),
            field: "text".into(),
            text: text.clone(),
        };
        let request = WriteRequest { secret: format!("{number:064x}"), words: vec![words] };
        (Call::post(format!("staff/young-people/{}/words/{id}", young.id), &request), text)
    }

    fn stand_in(&mut self, contact: usize, who: usize, young: &YoungPersonView) -> Check {
        let (name, whose) = (STAFF[who].1, STAFF[contact].1);
        let path = format!("staff/young-people/{}/messages/{}", young.id, self.server.id(contact));
        let read = self.server.staff(who, &Call::get(path));
        let Some(thread) = read.json::<MessagesView>() else {
            return Err(format!("{name} stands in for {whose} and cannot read: {}", read.body));
        };
        self.oracle.reach(Reach::ThreadRead);
        let is_of_thread = |text: &String| {
            self.oracle.letters.get(text) == Some(&contact) || self.oracle.said.get(text) == Some(&contact)
        };
        if let Some(other) = thread.messages.iter().map(|message| &message.text).find(|text| !is_of_thread(text)) {
            return Err(format!("{name} stands in for {whose} and reads “{}”", short(other)));
        }
        if self.rng.one_in(3) {
            let texts = |thread: &MessagesView| thread.messages.iter().map(|one| one.text.clone()).collect::<Vec<_>>();
            let own = self.server.find_messages(contact, young);
            if texts(&own) != texts(&thread) {
                return Err(format!("{name} does not read what {whose} does: {:?}, {:?}", texts(&thread), texts(&own)));
            }
        }
        self.check_looks(who, young)?;
        self.check_nothing_else(who, young)?;
        if self.rng.one_in(2) { self.reply_for(contact, who, young) } else { Ok(()) }
    }

    /// The young person is told who has looked.
    fn check_looks(&mut self, who: usize, young: &YoungPersonView) -> Check {
        let knows = |tab: &Tab| tab.machine.sharing().consents.iter().any(|one| one.id == young.consent.id);
        let Some(phone) = self.phones.iter().position(|phone| phone.tabs.iter().any(knows)) else { return Ok(()) };
        // A phone that the server has forgotten may be somebody else's there since.
        if self.is_put_back || !self.rng.one_in(4) {
            return Ok(());
        }
        let looks = call_directly(self, phone, &Call::get("looks"));
        let Some(LooksView { looks }) = looks.json() else { return Ok(()) };
        let is_told = looks.iter().any(|look| {
            look.name == STAFF[who].1 && look.until == self.now && look.parts.iter().any(|part| part == "messages")
        });
        if is_told { Ok(()) } else { Err(format!("{} has looked, and the young person is not told", STAFF[who].1)) }
    }

    fn reply_for(&mut self, contact: usize, who: usize, young: &YoungPersonView) -> Check {
        let number = self.rng.next();
        let (call, text) = self.reply_of(contact, young, number);
        let mut stored = None;
        // Twice now and then, as by somebody whose first answer got lost.
        for _ in 0..1 + number % 2 {
            let reply = self.server.staff(who, &call);
            stored = reply.json::<WriteResponse>();
            if stored.is_none() {
                return Err(format!(
                    "{} stands in for {} and cannot answer: {}",
                    STAFF[who].1, STAFF[contact].1, reply.body
                ));
            }
        }
        self.oracle.reach(Reach::StandInReplied);
        // It is said in the thread of the contact, by the yes to them.
        self.oracle.said.insert(text.clone(), contact);
        let ids: Option<Vec<_>> = stored.and_then(|it| it.stored.iter().map(|id| id.parse().ok()).collect());
        let ids = ids.ok_or("an answer that names nothing")?;
        self.oracle.told.push(Told { consent: young.consent.id.clone(), part: Part::Messages, text, ids });
        Ok(())
    }

    /// When everything has come to rest every tab tells who stands in, whether they are let or not.
    pub fn check_stand_ins(&self, tab: &Tab) -> Check {
        for consent in tab.machine.sharing().consents.iter().filter(|consent| consent.is_active(self.now)) {
            let contact =
                CONTACTS.iter().position(|(_, name, _)| *name == consent.recipient).ok_or("a yes to nobody")?;
            let expected = self.find_stand_in(contact).map(|(who, until)| (self.server.id(who), until));
            let told = consent.profile.stand_in.clone().filter(|one| one.is_here(self.now));
            let told = told.map(|StandIn { staff, until, .. }| (staff, until));
            if told != expected {
                return Err(format!("{expected:?} stands in for {}, and a tab tells {told:?}", consent.recipient));
            }
        }
        Ok(())
    }
}
