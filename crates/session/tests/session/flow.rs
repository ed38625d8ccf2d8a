//! What is sent, how much of it, and when it is said that all is well.

use crate::tab::{NOW, Tab, is_give, is_sync, list, view};
use plan::{Entity, Part, Record, Seen};
use protocol::{ConsentView, ErrorCode, MeView, RefusedOp, SyncResponse};
use session::{Answer, Contact, Draft, Effect, Event, Failure, Request};

const RED: Part = Part::PlanRed;
const GREEN: Part = Part::PlanGreen;

fn count_ops(request: &Request) -> usize {
    match request {
        Request::Sync(sync) => sync.ops.len(),
        _ => 0,
    }
}

fn sync_under_way(tab: &Tab) -> &Request {
    &tab.sent.iter().find(|(_, request)| is_sync(request)).expect("a synchronisation is under way").1
}

fn answer(generation: &str, stored: Vec<String>) -> SyncResponse {
    let consents = vec![view("sara", &[RED])];
    SyncResponse { cursor: 9, generation: generation.into(), stored, consents, ..SyncResponse::default() }
}

fn ids(request: &Request) -> Vec<String> {
    let Request::Sync(sync) = request else { return Vec::new() };
    sync.ops.iter().map(|raw| Record::parse(raw).unwrap().op.id.to_string()).collect()
}

#[test]
fn a_server_that_takes_less_is_sent_less() {
    let mut tab = Tab::sharing(1, &[("sara", &[RED])]);
    tab.tick();
    for place in 0..60 {
        tab.write(RED, &format!("{place} {}", "å".repeat(3_900)));
    }
    tab.answer(is_sync, Ok(Answer::Sync(answer("g", Vec::new()))));
    let mut counts = vec![count_ops(sync_under_way(&tab))];
    while counts.len() < 4 {
        tab.answer(is_sync, Err(Failure::Refused(ErrorCode::TooLarge)));
        assert_eq!(tab.machine.contact(), Contact::Refused(ErrorCode::TooLarge));
        while !tab.sent.iter().any(|(_, request)| is_sync(request)) {
            tab.tick();
        }
        counts.push(count_ops(sync_under_way(&tab)));
    }
    assert!(counts.is_sorted_by(|more, less| more >= less) && counts[3] < counts[0], "{counts:?}");
    // And more again when it comes through.
    let least = *counts.last().unwrap();
    tab.answer(is_sync, Ok(Answer::Sync(answer("g", ids(sync_under_way(&tab))))));
    assert!(count_ops(sync_under_way(&tab)) > least);
}

/// What does not fit one request goes in the next, which waits for nothing.
#[test]
fn a_long_backlog_goes_in_one_breath() {
    let mut tab = Tab::sharing(1, &[("sara", &[RED])]);
    tab.tick();
    for place in 0..60 {
        tab.write(RED, &format!("{place} {}", "å".repeat(3_900)));
    }
    tab.answer(is_sync, Ok(Answer::Sync(answer("g", Vec::new()))));
    let mut sent = 0;
    for _ in 0..20 {
        let ids = ids(sync_under_way(&tab));
        sent += ids.len();
        if ids.is_empty() {
            break;
        }
        tab.answer(is_sync, Ok(Answer::Sync(answer("g", ids))));
    }
    assert_eq!(sent, 180, "without a tick");
    tab.answer(is_sync, Ok(Answer::Sync(answer("g", Vec::new()))));
    assert_eq!(tab.machine.contact(), Contact::UpToDate);
    assert!(tab.sent.is_empty(), "and when there is no more, it rests");
}

#[test]
fn a_server_with_more_to_say_is_asked_on() {
    let mut tab = Tab::sharing(1, &[("sara", &[RED])]);
    tab.tick();
    tab.answer(is_sync, Ok(Answer::Sync(SyncResponse { more: true, ..answer("g", Vec::new()) })));
    let Request::Sync(next) = sync_under_way(&tab) else { unreachable!() };
    assert_eq!(next.cursor, 9);
}

/// Its generation is another, so what it has is another copy: everything goes to it, and comes from it, once more.
#[test]
fn another_copy_is_sent_everything_from_the_start() {
    let mut tab = Tab::sharing(1, &[("sara", &[RED])]);
    tab.write(RED, "Synger");
    tab.answer_all();
    tab.tick();
    assert_eq!(count_ops(sync_under_way(&tab)), 0);
    tab.answer(is_sync, Ok(Answer::Sync(answer("h", Vec::new()))));
    let Request::Sync(sync) = sync_under_way(&tab) else { unreachable!() };
    assert_eq!((sync.cursor, sync.ops.len()), (0, 3));
    let outbox: Vec<_> = tab.stored.iter().rev().take(2).flat_map(|batch| &batch.outbox_add).collect();
    assert_eq!(outbox.len(), 3, "also when this tab ends before it has sent it");
    let position = tab.stored.iter().flat_map(|batch| &batch.meta).rfind(|(name, _)| name == "position").unwrap();
    assert_eq!(position.1.as_deref(), Some("h 0"));
    // The same copy in the next answer is no other.
    let ids = ids(sync_under_way(&tab));
    tab.answer(is_sync, Ok(Answer::Sync(answer("h", ids))));
    assert_eq!(count_ops(sync_under_way(&tab)), 0);
}

/// What the server does not take is said for as long as a yes covers it.
#[test]
fn it_is_not_up_to_date_while_something_is_not_taken() {
    let mut tab = Tab::sharing(1, &[("sara", &[RED]), ("jonas", &[GREEN])]);
    tab.tick();
    tab.write(RED, "Synger");
    tab.write(GREEN, "Ring");
    let consents = vec![view("sara", &[RED]), view("jonas", &[GREEN])];
    tab.answer(is_sync, Ok(Answer::Sync(SyncResponse { consents: consents.clone(), ..answer("g", Vec::new()) })));
    let Request::Sync(sync) = sync_under_way(&tab).clone() else { unreachable!() };
    let refused = sync.ops.iter().map(|raw| Record::parse(raw).unwrap().op).filter(|op| op.on.part() == Some(GREEN));
    let refused: Vec<_> = refused.map(|op| RefusedOp { id: op.id.to_string(), reason: ErrorCode::Malformed }).collect();
    let all = ids(sync_under_way(&tab));
    let stored = all.into_iter().filter(|id| refused.iter().all(|one| one.id != *id)).collect();
    let response = SyncResponse { consents: consents.clone(), refused, ..answer("g", stored) };
    tab.answer(is_sync, Ok(Answer::Sync(response)));
    let and_then = |tab: &mut Tab| {
        if !tab.sent.iter().any(|(_, request)| is_sync(request)) {
            tab.tick();
        }
        assert_eq!(count_ops(sync_under_way(tab)), 0, "it is not sent again and again");
        let consents = tab.machine.sharing().consents.iter().map(ConsentView::from).collect();
        tab.answer(is_sync, Ok(Answer::Sync(SyncResponse { consents, ..answer("g", Vec::new()) })));
        tab.machine.contact()
    };
    assert_eq!(and_then(&mut tab), Contact::Refused(ErrorCode::Malformed));
    tab.say_no("jonas");
    tab.answer(|request| *request == Request::Withdraw("jonas".into()), Err(Failure::Refused(ErrorCode::NotFound)));
    assert_eq!(and_then(&mut tab), Contact::UpToDate, "nobody has a yes to it, so nothing is missing");
}

#[test]
fn a_refusal_is_said_and_only_one_for_want_of_a_yes_is_looked_into() {
    let mut tab = Tab::sharing(1, &[("sara", &[RED])]);
    tab.tick();
    tab.answer(is_sync, Err(Failure::Refused(ErrorCode::NoConsent)));
    assert!(tab.sent.iter().any(|(_, request)| *request == Request::Me), "the server knows of other consents");
    tab.answer(|request| *request == Request::Me, Err(Failure::Refused(ErrorCode::NoConsent)));
    assert_eq!(tab.machine.contact(), Contact::Refused(ErrorCode::NoConsent));
    tab.tick();
    tab.tick();
    let asked = tab.sent.iter().position(|(_, request)| is_sync(request) || *request == Request::Me).unwrap();
    let (id, _) = tab.sent.remove(asked);
    tab.handle(Event::Answered(id, Err(Failure::Refused(ErrorCode::SignedOut))));
    assert_eq!(tab.machine.contact(), Contact::Refused(ErrorCode::SignedOut));
}

/// An answer from before a yes came through says nothing of that yes.
#[test]
fn an_old_answer_does_not_say_that_there_are_no_other_consents() {
    let mut tab = Tab::new(1);
    tab.machine.join(NOW, &MeView { consents: Vec::new(), devices: Vec::new() });
    tab.run_until_idle();
    let me = tab.sent.iter().position(|(_, request)| *request == Request::Me).unwrap();
    let (old, _) = tab.sent.remove(me);
    let wish = session::Wish {
        code: Some("C1".into()),
        replaces: None,
        parts: [RED].into_iter().collect(),
        born: crate::tab::born(),
    };
    tab.machine.say_yes(NOW, "1".repeat(64), wish);
    tab.run_until_idle();
    tab.answer(is_give, Ok(Answer::Consent(view("sara", &[RED]))));
    let none = MeView { consents: Vec::new(), devices: Vec::new() };
    tab.handle(Event::Answered(old, Ok(Answer::Me(none.clone()))));
    assert_eq!(tab.machine.sharing().consents.len(), 1);
    // One that was asked for since does.
    tab.answer_all();
    tab.machine.say_no(NOW, "sara");
    tab.run_until_idle();
    while !tab.sent.iter().any(|(_, request)| *request == Request::Me) {
        tab.answer_all();
        tab.tick();
    }
    tab.answer(|request| *request == Request::Me, Ok(Answer::Me(none)));
    assert!(tab.machine.sharing().consents.is_empty());
}

/// A draft carries the operations that its words stand on, as long as they may be on no disk.
#[test]
fn a_draft_holds_what_is_not_on_the_disk() {
    let mut tab = Tab::new(1);
    let on = Entity::entry(GREEN, "00000000000000aa-0");
    let keep = |tab: &mut Tab, text: &str| -> (Draft, Vec<Effect>) {
        let seen = if tab.machine.set().value(&on, "list").is_some() {
            tab.machine.set().see(&on)
        } else {
            Seen::nothing(on.clone())
        };
        tab.machine.type_words(NOW, &seen, "text", text, Some(&list(GREEN)));
        let effects = tab.machine.take_effects();
        let draft = effects.iter().find_map(|effect| match effect {
            Effect::KeepDraft(draft) => Some(draft.clone()),
            _ => None,
        });
        (draft.expect("every keystroke is kept"), effects)
    };
    keep(&mut tab, "Ri");
    tab.machine.flush(NOW, &on, "text").unwrap();
    // The disk has not answered.
    let waiting = tab.machine.take_effects();
    assert!(waiting.iter().any(|effect| matches!(effect, Effect::Store(_))));
    let (draft, _) = keep(&mut tab, "Rin");
    assert_eq!(draft.ops.len(), 3, "what makes the entry, and its words");
    assert!(draft.ops.iter().any(|raw| raw.contains("\"Ri\"")));
    tab.handle(Event::Stored);
    let (draft, _) = keep(&mut tab, "Ring");
    assert!(draft.ops.is_empty(), "all of that is on the disk: {:?}", draft.ops);
}
