//! What the machine does in single, named situations. The first four are the faults that it was built against: each test is
//! played with the fault put back as well, and must fail then.

use crate::tab::{NOW, Tab, is_no, is_sync, view, withdrawn};
use plan::{Entity, Part, Parts};
use protocol::{ConsentView, ErrorCode, MeView, RefusedOp, SyncResponse};
use session::{Answer, Contact, Effect, Event, Fault, Loaded, Request, Saving, StoreError};

/// Plays it as it is, and with the fault put back, when it must fail.
fn holds_but_with(fault: Fault, play: fn(Option<Fault>) -> bool) {
    assert!(play(None), "it does not hold");
    assert!(!play(Some(fault)), "it holds although the fault is put back");
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
        there.flush(&on);
        for told in std::mem::take(&mut there.told) {
            here.handle(Event::Heard(told));
        }
        // The field shows what is typed in it, and hides what came.
        assert_eq!(here.machine.own_words(&on, "text"), Some("Ring til m"));
        here.flush(&on);
        here.type_over(&on, "Ring til mor");
        here.flush(&on);
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
        assert!(tab.machine.flush(NOW, &on, "text").is_err());
        tab.machine.leave(&on, "text");
        tab.write(Part::PlanGreen, "Noget andet");
        if tab.machine.saving() != Saving::Refused {
            return false;
        }
        assert_eq!(tab.machine.list_unfinished().len(), 1);
        assert!(tab.machine.finish(NOW, &on, "text", &"å".repeat(4_002)).is_err());
        assert_eq!(tab.machine.saving(), Saving::Refused);
        tab.machine.finish(NOW, &on, "text", &"å".repeat(4_000)).unwrap();
        tab.run_until_idle();
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
    tab.flush(&on);
    assert_eq!(tab.machine.saving(), Saving::Failed(StoreError::Full));
    assert_eq!(tab.machine.trouble(), Some(StoreError::Full));
    tab.type_over(&on, "Ring til mor");
    assert_eq!(tab.machine.saving(), Saving::Failed(StoreError::Full));
    tab.disk = Ok(());
    tab.tick();
    assert_eq!(tab.machine.saving(), Saving::Working, "there is room, and something typed still");
    tab.flush(&on);
    assert_eq!((tab.machine.saving(), tab.machine.trouble()), (Saving::Saved, None));
    assert!(tab.on_disk("Ring til mor"));
    tab.type_over(&on, "Ring til mo");
    tab.machine.discard(&on, "text");
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
    second.flush(&on);
    second.machine.leave(&on, "text");
    second.handle(Event::LeftBehind { drafts: vec![("gone".into(), draft)], others: false });
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
    tab.handle(Event::LeftBehind { drafts, others: false });
    let entries = tab.machine.set().list_entries(Part::PlanGreen, "g_tegn");
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].texts.shown(), "Synger");
    assert_eq!(tab.texts(&Entity::section(Part::AboutMe, "navn")), ["Synger"]);
}

#[test]
fn only_what_was_ticked_is_sent() {
    let mut tab = Tab::new(1);
    for part in Part::ALL.into_iter().filter(|part| *part != Part::Messages && *part != Part::StandIn) {
        tab.write(part, part.name());
        // Sharing begins later, and on its own.
        assert!(tab.sent.is_empty());
    }
    let consents = vec![view("sara", &[Part::PlanRed]), view("jonas", &[Part::Meeting])];
    tab.machine.join(NOW, &MeView { consents, devices: Vec::new() });
    tab.run_until_idle();
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

/// What is written to a contact and sent.
fn send(tab: &mut Tab, staff: &str, text: &str) {
    let draft = plan::Entity::of_draft(staff);
    let seen = tab.machine.set().see(&draft);
    tab.machine.set_text(NOW, &seen, "text", text).unwrap();
    tab.machine.send_message(NOW, staff).unwrap();
    tab.run_until_idle();
}

fn sent_words(tab: &Tab) -> Vec<String> {
    let syncs = tab.sent.iter().filter_map(|(_, request)| match request {
        Request::Sync(sync) => Some(sync.ops.join("\n")),
        _ => None,
    });
    syncs.collect()
}

#[test]
fn a_message_goes_by_the_yes_of_who_it_is_to_and_a_draft_by_none() {
    let mut tab = Tab::sharing(1, &[("sara", &[Part::Messages]), ("jonas", &[Part::PlanRed, Part::Meeting])]);
    send(&mut tab, "jonas", "Til Jonas");
    assert_eq!(sent_words(&tab), Vec::<String>::new(), "a yes to messages with one contact is to no other");
    let draft = plan::Entity::of_draft("sara");
    tab.machine.set_text(NOW, &tab.machine.set().see(&draft), "text", "Kladde").unwrap();
    tab.run_until_idle();
    assert_eq!(sent_words(&tab), Vec::<String>::new(), "a draft stays on the phone");
    tab.machine.send_message(NOW, "sara").unwrap();
    tab.run_until_idle();
    let [sent] = &sent_words(&tab)[..] else { panic!("it is not sent, or twice") };
    assert!(sent.contains("Kladde") && !sent.contains("Til Jonas") && !sent.contains("messages/draft/"));
    let message = tab.machine.set().list_messages("sara").remove(0);
    assert!(tab.machine.is_waiting(&message.on, "text"));
    tab.answer_all();
    assert!(!tab.machine.is_waiting(&message.on, "text"));
    assert_eq!(tab.machine.set().texts(&draft, "text").shown(), "");
    // Taken back, it is a draft again, and the contact hears that it is gone.
    tab.machine.undo(NOW).unwrap();
    assert_eq!(tab.machine.set().texts(&draft, "text").shown(), "Kladde");
    assert_eq!(tab.machine.set().list_messages("sara"), []);
}

#[test]
fn a_no_to_one_contact_ends_what_carries_a_message_to_them() {
    let mut tab = Tab::sharing(1, &[("sara", &[Part::Messages]), ("jonas", &[Part::Messages])]);
    send(&mut tab, "sara", "Til Sara");
    let (hung, _) = tab.sent.iter().find(|(_, request)| is_sync(request)).cloned().unwrap();
    tab.say_no("sara");
    assert_eq!(tab.aborted, [hung], "there is a yes to messages with somebody else, and it is not to her");
    send(&mut tab, "jonas", "Til Jonas");
    tab.answer_all();
    tab.tick();
    assert!(sent_words(&tab).iter().all(|sent| !sent.contains("Til Sara")));
}

#[test]
fn a_stretch_of_typing_is_undone_in_one_go_and_the_next_by_itself() {
    let mut tab = Tab::new(1);
    let on = tab.write(Part::PlanGreen, "Ring");
    tab.machine.begin_change();
    for text in ["Ring til", "Ring til mor"] {
        tab.type_over(&on, text);
        tab.flush(&on);
    }
    tab.machine.leave(&on, "text");
    tab.machine.begin_change();
    tab.type_over(&on, "Ring til far");
    tab.flush(&on);
    tab.machine.leave(&on, "text");
    for text in ["Ring til mor", "Ring"] {
        assert!(tab.machine.can_undo());
        tab.machine.undo(NOW).unwrap();
        assert_eq!(tab.texts(&on), [text]);
    }
    tab.machine.undo(NOW).unwrap();
    tab.run_until_idle();
    assert!(tab.machine.set().is_deleted(&on));
    assert!(!tab.machine.can_undo());
    assert_eq!(tab.machine.undo(NOW), Ok(()), "there is nothing left to undo");
}
