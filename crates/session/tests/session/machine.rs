//! What the machine does in single, named situations. The first four are the faults that it was built against: each test is
//! played with the fault put back as well, and must fail then.

use plan::consent::{Birthdays, Consent, Custody};
use plan::{Day, Entity, Part, Parts, ReplicaId, Seen};
use protocol::{ConsentView, ErrorCode, MeView, RefusedOp, SyncResponse};
use session::{
    Answer, Batch, Contact, Effect, Event, Failure, Fault, Loaded, Machine, NewEntry, Request, Saving, StoreError, Wish,
};

const NOW: u64 = 1_795_305_600_000;

/// A tab whose disk writes at once and whose network is in the test's hands.
struct Tab {
    machine: Machine,
    now: u64,
    stored: Vec<Batch>,
    sent: Vec<(u64, Request)>,
    aborted: Vec<u64>,
    told: Vec<Vec<String>>,
    outcomes: Vec<Result<String, Failure>>,
    disk: Result<(), StoreError>,
}

fn born() -> Birthdays {
    Birthdays { turns_15: Day::new(2024, 6, 1).unwrap(), turns_18: Day::new(2027, 6, 1).unwrap() }
}

fn view(id: &str, parts: &[Part]) -> ConsentView {
    ConsentView::from(&Consent {
        id: id.into(),
        recipient: id.into(),
        unit: String::new(),
        parts: parts.iter().copied().collect(),
        given_at: NOW,
        expires_at: NOW + 1_000_000_000,
        custody: Custody::NotNeeded,
        withdrawn_at: None,
        turns_15: born().turns_15,
    })
}

fn list(part: Part) -> NewEntry {
    NewEntry { section: plan::template::sections(part).next().unwrap().id.into(), kind: None }
}

impl Tab {
    fn new(replica: u64) -> Self {
        let machine = Machine::new(ReplicaId(replica));
        let mut tab = Self {
            machine,
            now: NOW,
            stored: Vec::new(),
            sent: Vec::new(),
            aborted: Vec::new(),
            told: Vec::new(),
            outcomes: Vec::new(),
            disk: Ok(()),
        };
        tab.handle(Event::Loaded(Loaded::default()));
        tab
    }

    /// One that shares these parts with a contact each.
    fn sharing(replica: u64, consents: &[(&str, &[Part])]) -> Self {
        let mut tab = Self::new(replica);
        let consents = consents.iter().map(|(id, parts)| view(id, parts)).collect();
        tab.machine.join(NOW, &MeView { consents, devices: Vec::new() });
        tab.settle();
        tab.answer_all();
        tab
    }

    fn handle(&mut self, event: Event) {
        self.machine.handle(self.now, event);
        self.settle();
    }

    fn settle(&mut self) {
        loop {
            let effects = self.machine.take_effects();
            if effects.is_empty() {
                return;
            }
            for effect in effects {
                match effect {
                    Effect::Store(batch) => {
                        let event = match self.disk {
                            Ok(()) => {
                                self.stored.push(batch);
                                Event::Stored
                            }
                            Err(error) => Event::StoreFailed(error),
                        };
                        self.machine.handle(self.now, event);
                    }
                    Effect::Send { id, request, .. } => self.sent.push((id, request)),
                    Effect::Abort(id) => {
                        self.aborted.push(id);
                        self.sent.retain(|(sent, _)| *sent != id);
                    }
                    Effect::Tell(texts) => self.told.push(texts),
                    Effect::ReadNews => self.machine.handle(self.now, Event::NewsRead(None)),
                    Effect::YesAnswered { outcome, .. } => self.outcomes.push(outcome),
                    _ => {}
                }
            }
        }
    }

    fn answer(&mut self, is_it: impl Fn(&Request) -> bool, answer: Result<Answer, Failure>) {
        let place = self.sent.iter().position(|(_, request)| is_it(request)).expect("such a request is under way");
        let (id, _) = self.sent.remove(place);
        self.handle(Event::Answered(id, answer));
    }

    fn stored_answer(&self, request: &Request, cursor: u64) -> Answer {
        let Request::Sync(sync) = request else { panic!("{request:?} is no synchronisation") };
        let stored = sync.ops.iter().map(|raw| plan::Record::parse(raw).unwrap().op.id.to_string()).collect();
        let consents = self.machine.sharing().consents.iter().map(ConsentView::from).collect();
        Answer::Sync(SyncResponse { cursor, stored, consents, generation: "g".into(), ..SyncResponse::default() })
    }

    /// The server takes every synchronisation in until there is nothing more to say.
    fn answer_all(&mut self) {
        while let Some(place) = self.sent.iter().position(|(_, request)| matches!(request, Request::Sync(_))) {
            let (id, request) = self.sent.remove(place);
            let answer = self.stored_answer(&request, 1);
            self.handle(Event::Answered(id, Ok(answer)));
        }
    }

    fn write(&mut self, part: Part, text: &str) -> Entity {
        let on = Entity::entry(part, &format!("{:016x}-0", self.stored.len() + text.len() * 1000));
        let seen = Seen::nothing(on.clone());
        self.machine.type_words(self.now, &seen, "text", text, Some(&list(part)));
        self.machine.hand_on(self.now, &on, "text").unwrap();
        self.machine.leave(&on, "text");
        self.settle();
        on
    }

    fn type_over(&mut self, on: &Entity, text: &str) {
        let seen = self.machine.set().see(on);
        self.machine.type_words(self.now, &seen, "text", text, None);
        self.settle();
    }

    fn hand_on(&mut self, on: &Entity) {
        self.machine.hand_on(self.now, on, "text").unwrap();
        self.settle();
    }

    fn say_no(&mut self, consent: &str) {
        self.machine.say_no(self.now, consent);
        self.settle();
    }

    fn tick(&mut self) {
        self.now += 5_000;
        self.handle(Event::Tick);
    }

    fn texts(&self, on: &Entity) -> Vec<String> {
        let mut texts: Vec<_> = self.machine.set().texts(on, "text").0.into_iter().map(|v| v.text).collect();
        texts.sort_unstable();
        texts
    }

    fn withdrawals(&self) -> Vec<&str> {
        let ids = self.sent.iter().filter_map(|(_, request)| match request {
            Request::Withdraw(id) => Some(id.as_str()),
            _ => None,
        });
        ids.collect()
    }

    /// The parts that are in requests under way.
    fn under_way(&self) -> Parts {
        let syncs = self.sent.iter().filter_map(|(_, request)| match request {
            Request::Sync(sync) => Some(&sync.ops),
            _ => None,
        });
        syncs.flatten().filter_map(|raw| plan::Record::parse(raw).unwrap().op.on.part()).collect()
    }

    fn on_disk(&self, words: &str) -> bool {
        self.stored.iter().flat_map(|batch| &batch.ops).any(|(_, raw)| raw.contains(words))
    }
}

fn is_sync(request: &Request) -> bool {
    matches!(request, Request::Sync(_))
}

/// Plays it as it is, and with the fault put back, when it must fail.
fn holds_but_with(fault: Fault, play: fn(Option<Fault>) -> bool) {
    assert!(play(None), "it does not hold");
    assert!(!play(Some(fault)), "it holds although the fault is put back");
}

fn withdrawn(id: &str, parts: &[Part]) -> Result<Answer, Failure> {
    Ok(Answer::Consent(ConsentView { withdrawn_at: Some(NOW), ..view(id, parts) }))
}

fn is_no(id: &'static str) -> impl Fn(&Request) -> bool {
    move |request| *request == Request::Withdraw(id.into())
}

#[test]
fn nothing_of_a_part_leaves_after_the_no_to_it() {
    holds_but_with(Fault::StalePermit, |fault| {
        let mut tab = Tab::sharing(1, &[("sara", &[Part::PlanGreen]), ("jonas", &[Part::PlanRed])]);
        fault.into_iter().for_each(|fault| tab.machine.put_back(fault));
        // The network is slow. Something is written, and a second no is said before the first has been answered.
        tab.say_no("sara");
        tab.write(Part::PlanRed, "Synger i badet");
        tab.say_no("jonas");
        tab.answer(is_no("sara"), withdrawn("sara", &[Part::PlanGreen]));
        tab.answer(is_no("jonas"), withdrawn("jonas", &[Part::PlanRed]));
        tab.tick();
        tab.under_way().is_empty()
    });
}

#[test]
fn a_no_waits_for_nothing_and_ends_what_carries_its_part() {
    holds_but_with(Fault::NoWaits, |fault| {
        let mut tab = Tab::sharing(1, &[("sara", &[Part::PlanGreen]), ("jonas", &[Part::PlanRed])]);
        fault.into_iter().for_each(|fault| tab.machine.put_back(fault));
        tab.write(Part::PlanRed, "Synger i badet");
        let (hung, _) = tab.sent.iter().find(|(_, request)| is_sync(request)).cloned().unwrap();
        assert_eq!(tab.under_way(), [Part::PlanRed].into_iter().collect());
        tab.say_no("jonas");
        let is_gone = tab.aborted == [hung] && tab.under_way().is_empty();
        is_gone && tab.withdrawals() == ["jonas"]
    });
}

#[test]
fn what_arrives_while_somebody_types_is_a_version_of_its_own() {
    holds_but_with(Fault::UnseenReplaced, |fault| {
        let (mut here, mut there) = (Tab::new(1), Tab::new(2));
        fault.into_iter().for_each(|fault| here.machine.put_back(fault));
        let on = here.write(Part::PlanGreen, "Ring");
        for told in std::mem::take(&mut here.told) {
            there.handle(Event::Heard(told));
        }
        here.type_over(&on, "Ring til m");
        there.type_over(&on, "Ring ikke");
        there.hand_on(&on);
        for told in std::mem::take(&mut there.told) {
            here.handle(Event::Heard(told));
        }
        // The field shows what is typed in it, and hides what came.
        assert_eq!(here.machine.own_words(&on, "text"), Some("Ring til m"));
        here.hand_on(&on);
        here.type_over(&on, "Ring til mor");
        here.hand_on(&on);
        here.texts(&on) == ["Ring ikke", "Ring til mor"]
    });
}

#[test]
fn gemt_is_not_said_while_anything_was_refused() {
    holds_but_with(Fault::SavedOverRefused, |fault| {
        let mut tab = Tab::new(1);
        fault.into_iter().for_each(|fault| tab.machine.put_back(fault));
        let on = tab.write(Part::PlanGreen, "Ring");
        tab.type_over(&on, &"å".repeat(4_001));
        assert!(tab.machine.hand_on(NOW, &on, "text").is_err());
        tab.machine.leave(&on, "text");
        tab.write(Part::PlanGreen, "Noget andet");
        if tab.machine.saving() != Saving::Refused {
            return false;
        }
        assert_eq!(tab.machine.list_unfinished().len(), 1);
        assert!(tab.machine.finish(NOW, &on, "text", &"å".repeat(4_002)).is_err());
        assert_eq!(tab.machine.saving(), Saving::Refused);
        tab.machine.finish(NOW, &on, "text", &"å".repeat(4_000)).unwrap();
        tab.settle();
        tab.machine.list_unfinished().is_empty() && tab.machine.saving() == Saving::Saved
    });
}

#[test]
fn gemt_is_a_function_of_everything_that_waits() {
    let mut tab = Tab::new(1);
    assert_eq!(tab.machine.saving(), Saving::Idle);
    let on = tab.write(Part::PlanGreen, "Ring");
    assert_eq!(tab.machine.saving(), Saving::Saved);
    tab.type_over(&on, "Ring til");
    assert_eq!(tab.machine.saving(), Saving::Working, "typed, and on its way nowhere");
    tab.disk = Err(StoreError::Full);
    tab.hand_on(&on);
    assert_eq!(tab.machine.saving(), Saving::Failed(StoreError::Full));
    assert_eq!(tab.machine.trouble(), Some(StoreError::Full));
    tab.type_over(&on, "Ring til mor");
    assert_eq!(tab.machine.saving(), Saving::Failed(StoreError::Full));
    tab.disk = Ok(());
    tab.tick();
    assert_eq!(tab.machine.saving(), Saving::Working, "there is room, and something typed still");
    tab.hand_on(&on);
    assert_eq!((tab.machine.saving(), tab.machine.trouble()), (Saving::Saved, None));
    assert!(tab.on_disk("Ring til mor"));
    tab.type_over(&on, "Ring til mo");
    tab.machine.let_go(&on, "text");
    assert_eq!(tab.machine.saving(), Saving::Saved, "what was let go of is nobody's worry");
    assert_eq!(tab.texts(&on), ["Ring til mor"]);
}

#[test]
fn what_is_heard_from_another_tab_is_on_disk_before_the_place_that_is_past_it() {
    let (mut first, mut second) = (Tab::sharing(1, &[("sara", &[Part::PlanRed])]), Tab::new(2));
    let on = first.write(Part::PlanRed, "Synger");
    for told in std::mem::take(&mut first.told) {
        second.handle(Event::Heard(told));
    }
    // The first tab dies before its disk has answered; the second has kept it, and sends it.
    assert!(second.on_disk("Synger"));
    assert_eq!(second.texts(&on), ["Synger"]);
    let outbox: Vec<&String> = second.stored.iter().flat_map(|batch| &batch.outbox_add).collect();
    assert_eq!(outbox.len(), 3);
    second.answer_all();
    second.tick();
    assert_eq!(second.under_way(), [Part::PlanRed].into_iter().collect());
    second.answer_all();
    let last = second.stored.iter().rposition(|batch| batch.meta.iter().any(|(name, _)| name == "position")).unwrap();
    let words = second.stored.iter().position(|batch| batch.ops.iter().any(|(_, raw)| raw.contains("Synger"))).unwrap();
    assert!(words <= last);
}

#[test]
fn a_yes_whose_answer_got_lost_is_asked_for_and_can_be_taken_back() {
    let wish = |parts: &[Part]| Wish {
        code: Some("ABCDE-FGHJK".into()),
        replaces: None,
        parts: parts.iter().copied().collect(),
        born: born(),
    };
    // It came through: it is found, by itself.
    let mut tab = Tab::new(1);
    tab.machine.say_yes(NOW, "1".repeat(64), wish(&[Part::PlanRed]));
    tab.settle();
    let is_give = |request: &Request| matches!(request, Request::Give(_));
    let is_settle = |request: &Request| matches!(request, Request::Settle(_));
    tab.answer(is_give, Err(Failure::Offline));
    assert_eq!(tab.outcomes, [Err(Failure::Offline)]);
    assert!(!tab.machine.sharing().connected);
    tab.answer(is_settle, Err(Failure::Offline));
    tab.tick();
    tab.tick();
    tab.answer(is_settle, Ok(Answer::Consent(view("sara", &[Part::PlanRed]))));
    assert!(tab.machine.sharing().connected);
    assert_eq!(tab.machine.sharing().consents.len(), 1);
    tab.say_no("sara");
    assert_eq!(tab.withdrawals(), ["sara"]);

    // It did not: it never does, and a new one is said with another secret.
    let mut tab = Tab::new(1);
    tab.machine.say_yes(NOW, "1".repeat(64), wish(&[Part::PlanRed]));
    tab.settle();
    tab.answer(is_give, Err(Failure::Offline));
    tab.machine.say_yes(NOW, "2".repeat(64), wish(&[Part::PlanRed]));
    tab.settle();
    let secret = |tab: &Tab| match &tab.sent.iter().find(|(_, request)| is_give(request)).unwrap().1 {
        Request::Give(yes) => yes.secret.clone().unwrap(),
        _ => String::new(),
    };
    assert_eq!(secret(&tab), "1".repeat(64), "the same yes is asked for again");
    tab.answer(is_give, Err(Failure::Refused(ErrorCode::NoConsent)));
    assert_eq!(secret(&tab), "2".repeat(64));
    tab.answer(is_give, Ok(Answer::Consent(view("sara", &[Part::PlanRed]))));
    assert_eq!(tab.outcomes.last(), Some(&Ok("sara".to_owned())));

    // The young person says no before anybody knows: it is taken back, whatever has become of it.
    let mut tab = Tab::new(1);
    tab.machine.say_yes(NOW, "1".repeat(64), wish(&[Part::PlanRed]));
    tab.settle();
    tab.machine.take_back(NOW, &"1".repeat(64));
    tab.settle();
    assert_eq!(tab.aborted.len(), 1);
    let withdraws = |request: &Request| matches!(request, Request::Settle(settle) if settle.withdraw);
    tab.answer(withdraws, withdrawn("sara", &[Part::PlanRed]));
    assert!(!tab.machine.sharing().is_no_waiting());
    assert!(tab.machine.sharing().consents.iter().all(|consent| consent.withdrawn_at.is_some()));
}

#[test]
fn an_earlier_try_with_more_parts_gives_nobody_more_than_was_wanted_last() {
    let wish = |parts: &[Part]| Wish {
        code: Some("ABCDE-FGHJK".into()),
        replaces: None,
        parts: parts.iter().copied().collect(),
        born: born(),
    };
    let mut tab = Tab::new(1);
    tab.write(Part::PlanGreen, "Grøn");
    tab.machine.say_yes(NOW, "1".repeat(64), wish(&[Part::PlanRed, Part::PlanGreen]));
    tab.settle();
    tab.answer(|request| matches!(request, Request::Give(_)), Err(Failure::Offline));
    tab.machine.say_yes(NOW, "2".repeat(64), wish(&[Part::PlanRed]));
    tab.settle();
    let both = view("sara", &[Part::PlanRed, Part::PlanGreen]);
    tab.answer(|request| matches!(request, Request::Give(_)), Ok(Answer::Consent(both)));
    assert!(tab.under_way().is_empty(), "the part that was not ticked stays here");
    let changes = tab.sent.iter().filter_map(|(_, request)| match request {
        Request::Give(yes) => Some((yes.replaces.clone(), yes.parts.clone())),
        _ => None,
    });
    let changes: Vec<_> = changes.collect();
    assert_eq!(changes, [(Some("sara".to_owned()), vec!["red".to_owned()])]);
    assert!(tab.machine.sharing().is_no_waiting());
}

#[test]
fn a_part_that_is_taken_back_stops_at_once_and_without_a_network() {
    let mut tab = Tab::sharing(1, &[("sara", &[Part::PlanRed, Part::PlanGreen])]);
    tab.write(Part::PlanGreen, "Grøn");
    assert_eq!(tab.under_way(), [Part::PlanGreen].into_iter().collect());
    let wish =
        Wish { code: None, replaces: Some("sara".into()), parts: [Part::PlanRed].into_iter().collect(), born: born() };
    tab.machine.say_yes(NOW, "1".repeat(64), wish);
    tab.settle();
    assert!(tab.under_way().is_empty());
    let is_give = |request: &Request| matches!(request, Request::Give(_));
    for _ in 0..3 {
        tab.answer(is_give, Err(Failure::Offline));
        (0..8).for_each(|_| tab.tick());
    }
    tab.answer_all();
    tab.tick();
    assert!(tab.under_way().is_empty());
    assert_eq!(tab.machine.sharing().consents[0].parts, [Part::PlanRed].into_iter().collect());
    let changed = view("sara-2", &[Part::PlanRed]);
    tab.answer(is_give, Ok(Answer::Consent(changed)));
    assert!(!tab.machine.sharing().is_no_waiting());
    assert!(tab.machine.sharing().consents[0].withdrawn_at.is_some());
}

#[test]
fn a_no_is_on_the_disk_and_outlives_older_news_from_another_tab() {
    let consents: &[(&str, &[Part])] = &[("sara", &[Part::PlanRed]), ("jonas", &[Part::PlanGreen])];
    let (mut first, mut second) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    first.say_no("sara");
    second.say_no("jonas");
    let (from_first, from_second) = (std::mem::take(&mut first.told), std::mem::take(&mut second.told));
    from_second.into_iter().for_each(|told| first.handle(Event::Heard(told)));
    from_first.into_iter().for_each(|told| second.handle(Event::Heard(told)));
    for tab in [&first, &second] {
        assert!(tab.machine.sharing().consents.iter().all(|consent| consent.withdrawn_at.is_some()));
    }
    // What both have written, in any order, is two noes.
    let mut meta = std::collections::BTreeMap::new();
    for batch in second.stored.iter().chain(&first.stored) {
        meta.extend(batch.meta.iter().cloned());
    }
    let meta = meta.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let mut anew = Tab::new(3);
    anew.handle(Event::Loaded(Loaded { meta, ..Loaded::default() }));
    assert!(anew.machine.sharing().consents.iter().all(|consent| consent.withdrawn_at.is_some()));
    let mut withdrawals = anew.withdrawals();
    withdrawals.sort_unstable();
    assert_eq!(withdrawals, ["jonas", "sara"]);
}

#[test]
fn an_answer_from_before_takes_no_no_back_and_loses_no_yes() {
    let mut tab = Tab::sharing(1, &[("sara", &[Part::PlanRed])]);
    tab.tick();
    // The server answers with what it knew before the no, and before the new yes.
    tab.say_no("sara");
    let wish =
        Wish { code: Some("C".into()), replaces: None, parts: [Part::PlanGreen].into_iter().collect(), born: born() };
    tab.machine.say_yes(NOW, "1".repeat(64), wish);
    tab.settle();
    let is_give = |request: &Request| matches!(request, Request::Give(_));
    tab.answer(is_give, Ok(Answer::Consent(view("jonas", &[Part::PlanGreen]))));
    let old = MeView { consents: vec![view("sara", &[Part::PlanRed])], devices: Vec::new() };
    let place = tab.sent.iter().position(|(_, request)| matches!(request, Request::Me) || is_sync(request)).unwrap();
    let (id, request) = tab.sent.remove(place);
    let answer = match request {
        Request::Me => Answer::Me(old),
        _ => Answer::Sync(SyncResponse { consents: old.consents, generation: "g".into(), ..SyncResponse::default() }),
    };
    tab.handle(Event::Answered(id, Ok(answer)));
    let active: Vec<_> = tab.machine.sharing().consents.iter().filter(|c| c.is_active(NOW)).map(|c| &c.id).collect();
    assert_eq!(active, ["jonas"]);
    assert_eq!(tab.withdrawals(), ["sara"]);
}

#[test]
fn a_server_that_forgot_a_no_is_told_again() {
    let mut tab = Tab::sharing(1, &[("sara", &[Part::PlanRed]), ("jonas", &[Part::PlanGreen])]);
    tab.say_no("sara");
    tab.answer(is_no("sara"), withdrawn("sara", &[Part::PlanRed]));
    assert!(!tab.machine.sharing().is_no_waiting());
    tab.answer_all();
    tab.tick();
    // The answer is from a database that was put back.
    let consents = vec![view("sara", &[Part::PlanRed]), view("jonas", &[Part::PlanGreen])];
    let answer = SyncResponse { consents, generation: "another".into(), ..SyncResponse::default() };
    tab.answer(is_sync, Ok(Answer::Sync(answer)));
    assert!(tab.machine.sharing().is_no_waiting());
    assert_eq!(tab.withdrawals(), ["sara"]);
    assert!(!tab.machine.sharing().consents[0].is_active(NOW));
}

#[test]
fn erasing_is_offered_while_another_has_a_yes_and_waits_for_the_no() {
    let mut tab = Tab::sharing(1, &[("sara", &[Part::PlanRed]), ("jonas", &[Part::PlanGreen])]);
    assert!(!tab.machine.sharing().can_erase(NOW));
    tab.write(Part::PlanRed, "Synger");
    tab.answer_all();
    assert!(tab.machine.sharing().has_sent());
    assert!(!tab.machine.sharing().can_erase(NOW));
    tab.say_no("sara");
    assert!(tab.machine.sharing().can_erase(NOW), "nobody has the red part any more");
    tab.machine.erase_sent(NOW);
    tab.settle();
    tab.answer_all();
    let erases = |tab: &Tab| tab.sent.iter().any(|(_, request)| *request == Request::Erase);
    assert!(!erases(&tab), "the server still thinks that somebody may read it");
    tab.answer(is_no("sara"), withdrawn("sara", &[Part::PlanRed]));
    assert!(erases(&tab) && tab.machine.sharing().erasing);
    tab.answer(|request| *request == Request::Erase, Ok(Answer::Erased));
    assert!(!tab.machine.sharing().erasing && !tab.machine.sharing().can_erase(NOW));
    assert!(!tab.machine.sharing().has_sent());
    // What jonas may see is sent again to a server that may have lost it.
    assert!(tab.under_way().iter().all(|part| part == Part::PlanGreen));
}

#[test]
fn a_part_of_a_yes_that_ended_with_a_birthday_can_be_erased() {
    let birthday = Day::at(NOW + 10 * plan::date::DAY_MILLIS);
    let mut tab = Tab::new(1);
    let young =
        ConsentView { turns_15: birthday.to_string(), custody: Custody::Yes.into(), ..view("sara", &[Part::PlanRed]) };
    tab.machine.join(NOW, &MeView { consents: vec![young], devices: Vec::new() });
    tab.settle();
    tab.write(Part::PlanRed, "Synger");
    tab.answer_all();
    assert!(!tab.machine.sharing().can_erase(NOW));
    assert!(tab.machine.sharing().can_erase(NOW + 11 * plan::date::DAY_MILLIS));
}

#[test]
fn a_request_that_hangs_is_given_up_and_fewer_words_are_tried() {
    let mut tab = Tab::sharing(1, &[("sara", &[Part::PlanRed])]);
    for place in 0..40 {
        tab.write(Part::PlanRed, &format!("{place} {}", "å".repeat(3_900)));
    }
    let bytes = |request: &Request| match request {
        Request::Sync(sync) => sync.ops.iter().map(String::len).sum::<usize>(),
        _ => 0,
    };
    tab.answer_all();
    let before = tab.sent.len();
    assert_eq!(before, 0);
    for place in 0..40 {
        tab.write(Part::PlanRed, &format!("{place} b {}", "å".repeat(3_900)));
    }
    let mut sizes = Vec::new();
    for _ in 0..8 {
        let Some(place) = tab.sent.iter().position(|(_, request)| is_sync(request)) else {
            tab.tick();
            continue;
        };
        let (id, request) = tab.sent.remove(place);
        sizes.push(bytes(&request));
        tab.handle(Event::TimedOut(id));
        // The first failure is tried again at once.
        assert!(sizes.len() == 1 || tab.machine.contact() == Contact::Offline);
        (0..24).for_each(|_| tab.tick());
    }
    assert!(sizes.last().unwrap() < &20_000, "{sizes:?}");
    assert!(sizes.iter().all(|size| *size > 0));
}

#[test]
fn a_draft_of_a_tab_that_died_goes_on_top_of_what_its_writer_saw() {
    let mut first = Tab::new(1);
    let on = first.write(Part::PlanGreen, "Ring");
    let seen = first.machine.set().see(&on);
    first.machine.type_words(NOW, &seen, "text", "Ring til m", None);
    let mut drafts = first.machine.take_effects().into_iter().filter_map(|effect| match effect {
        Effect::KeepDraft(draft) => Some(draft),
        _ => None,
    });
    let draft = drafts.next_back().unwrap();
    // Another tab writes over it before anybody finds the draft.
    let mut second = Tab::new(2);
    let ops = first.stored.iter().flat_map(|batch| batch.ops.iter().map(|(_, raw)| raw.clone())).collect();
    second.handle(Event::Loaded(Loaded { ops, ..Loaded::default() }));
    second.type_over(&on, "Ring ikke");
    second.hand_on(&on);
    second.machine.leave(&on, "text");
    second.handle(Event::LeftBehind { drafts: vec![("gone".into(), draft)], younger: false });
    assert_eq!(second.texts(&on), ["Ring ikke", "Ring til m"]);
    assert_eq!(second.machine.saving(), Saving::Saved);
}

#[test]
fn a_draft_from_an_earlier_build_becomes_an_entry() {
    let mut tab = Tab::new(1);
    let old = |on: &str, field: &str| {
        let text = format!("{{\"on\":\"{on}\",\"field\":\"{field}\",\"text\":\"Synger\",\"at\":1}}");
        (field.to_owned(), serde_json::from_str(&text).unwrap())
    };
    let drafts = vec![old("green/new/g_tegn", "text-1f"), old("about/section/navn", "text"), old("no/where", "text")];
    tab.handle(Event::LeftBehind { drafts, younger: false });
    let entries = tab.machine.set().list_entries(Part::PlanGreen, "g_tegn");
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].texts.shown(), "Synger");
    assert_eq!(tab.texts(&Entity::section(Part::AboutMe, "navn")), ["Synger"]);
}

#[test]
fn what_an_earlier_build_has_stored_is_taken_up() {
    let mut tab = Tab::new(1);
    let consents = serde_json::to_string(&[view("sara", &[Part::PlanRed]), view("jonas", &[Part::PlanGreen])]).unwrap();
    let meta = [
        ("consents", consents.as_str()),
        ("connected", "1"),
        ("unsent", "sara"),
        ("sent", "1"),
        ("birthdays", "2024-06-01 2027-06-01"),
        ("cursor", "17"),
        ("generation", "g7"),
    ];
    let meta = meta.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    tab.handle(Event::Loaded(Loaded { meta, ..Loaded::default() }));
    assert_eq!(tab.withdrawals(), ["sara"]);
    assert_eq!(tab.machine.sharing().birthdays, Some(born()));
    assert!(tab.machine.sharing().has_sent());
    let cursor = tab.sent.iter().find_map(|(_, request)| match request {
        Request::Sync(sync) => Some(sync.cursor),
        _ => None,
    });
    assert_eq!(cursor, Some(17));
    assert!(!tab.machine.sharing().consents[0].is_active(NOW));
}

#[test]
fn only_what_was_ticked_is_sent() {
    let mut tab = Tab::new(1);
    for part in Part::ALL {
        tab.write(part, part.name());
        // Sharing begins later, and on its own.
        assert!(tab.sent.is_empty());
    }
    let consents = vec![view("sara", &[Part::PlanRed]), view("jonas", &[Part::Meeting])];
    tab.machine.join(NOW, &MeView { consents, devices: Vec::new() });
    tab.settle();
    let Some(Request::Sync(sync)) = tab.sent.first().map(|(_, request)| request) else { panic!("nothing is sent") };
    assert_eq!(sync.ops.len(), 6);
    assert!(sync.ops.iter().all(|raw| raw.contains("\"on\":\"red/") || raw.contains("\"on\":\"meeting/")));
    // What the server does not take is put aside until the consents change.
    let refused = sync.ops.iter().map(|raw| plan::Record::parse(raw).unwrap().op.id.to_string());
    let refused = refused.map(|id| RefusedOp { id, reason: ErrorCode::TooLarge }).collect();
    let consents = tab.machine.sharing().consents.iter().map(ConsentView::from).collect();
    let answer = SyncResponse { refused, consents, generation: "g".into(), ..SyncResponse::default() };
    tab.answer(is_sync, Ok(Answer::Sync(answer)));
    assert_eq!(tab.machine.contact(), Contact::Refused(ErrorCode::TooLarge), "it is not up to date, and says so");
    tab.tick();
    assert_eq!(tab.under_way(), Parts::NONE);
}
