//! What single functions promise, apart from any story: the number that tells the screen to look again, the journal, the disk,
//! and how a request is spelled.

use crate::tab::{NOW, Tab, list, tell};
use plan::{Entity, Part, Seen};
use protocol::{ErrorCode, SettleConsentRequest};
use session::{Batch, Call, Draft, Effect, Event, Failure, Loaded, Machine, Request, Saving, StoreError, read};

const GREEN: Part = Part::PlanGreen;

fn entity(name: u64) -> Entity {
    Entity::entry(GREEN, &format!("{name:016x}-0"))
}

fn type_new(machine: &mut Machine, on: &Entity, text: &str) {
    machine.type_words(NOW, &Seen::nothing(on.clone()), "text", text, Some(&list(GREEN)));
}

fn started() -> Machine {
    let mut machine = crate::tab::reading(1);
    machine.attach(NOW, session::remote());
    machine.handle(NOW, Event::Loaded(Loaded::default()));
    drop(machine.take_effects());
    machine
}

/// The draft of the latest keystroke.
fn draft(effects: &[Effect]) -> Draft {
    let mut drafts = effects.iter().filter_map(|effect| match effect {
        Effect::KeepDraft(draft) => Some(draft.clone()),
        _ => None,
    });
    drafts.next_back().expect("every keystroke is kept")
}

fn is_drop(effect: &Effect) -> bool {
    matches!(effect, Effect::DropDraft { .. })
}

#[test]
fn the_screen_looks_again_whenever_a_field_shows_something_else() {
    let mut machine = started();
    let mut known = machine.typing_revision();
    let mut has_changed = |machine: &Machine, what: &str| {
        assert!(machine.typing_revision() > known, "{what}");
        known = machine.typing_revision();
    };
    let (one, two) = (entity(1), entity(2));
    type_new(&mut machine, &one, "Ring");
    machine.flush(NOW, &one, "text").unwrap();
    has_changed(&machine, "handed on");
    machine.leave(&one, "text");
    has_changed(&machine, "left");
    type_new(&mut machine, &two, "Ingenting");
    machine.discard(&two, "text");
    has_changed(&machine, "let go of");
    type_new(&mut machine, &two, &"x".repeat(4_001));
    machine.flush(NOW, &two, "text").unwrap_err();
    has_changed(&machine, "refused");
    machine.keep_unfinished(NOW, &two, "text", &"x".repeat(4_002));
    has_changed(&machine, "made shorter");
    machine.undo(NOW).unwrap();
    has_changed(&machine, "taken back");
}

#[test]
fn the_journal_lets_go_when_the_words_are_on_the_disk() {
    let mut machine = started();
    let on = entity(1);
    type_new(&mut machine, &on, "Ring");
    machine.flush(NOW, &on, "text").unwrap();
    assert!(!machine.take_effects().iter().any(is_drop), "the disk has not answered");
    machine.handle(NOW, Event::Stored);
    assert_eq!(machine.take_effects().iter().filter(|effect| is_drop(effect)).count(), 1);
    // Somebody has typed on.
    let seen = machine.set().see(&on);
    machine.type_words(NOW, &seen, "text", "Ring til", None);
    machine.flush(NOW, &on, "text").unwrap();
    machine.type_words(NOW, &seen, "text", "Ring til mor", None);
    machine.handle(NOW, Event::Stored);
    assert!(!machine.take_effects().iter().any(is_drop));
}

#[test]
fn drafts_of_tabs_that_may_live_are_looked_for_when_nobody_writes() {
    let looks = |machine: &mut Machine| {
        machine.handle(NOW, Event::Tick);
        machine.take_effects().contains(&Effect::FindLeftBehind)
    };
    let mut machine = started();
    machine.handle(NOW, Event::LeftBehind { drafts: Vec::new(), others: false });
    assert!(!looks(&mut machine), "there are none");
    machine.handle(NOW, Event::LeftBehind { drafts: Vec::new(), others: true });
    assert!(looks(&mut machine));
    type_new(&mut machine, &entity(1), "Ring");
    assert!(!looks(&mut machine), "somebody is writing");
}

/// A tab types, hands on, types on, and is killed before the disk has answered. What it has handed on is not written twice.
#[test]
fn what_a_draft_stands_on_is_taken_up_as_it_is() {
    for (typed_since, texts) in [(None, 1), (Some("Ring til mor"), 2)] {
        let mut dead = started();
        let on = entity(1);
        type_new(&mut dead, &on, "Ring");
        dead.flush(NOW, &on, "text").unwrap();
        if let Some(text) = typed_since {
            let seen = dead.set().see(&on);
            dead.type_words(NOW, &seen, "text", text, None);
        }
        let left = draft(&dead.take_effects());
        let mut tab = Tab::new(2);
        tab.told.clear();
        let name = format!("min-plan.journal.{:016x}.{on}.text", 1);
        tab.handle(Event::LeftBehind { drafts: vec![(name, left)], others: false });
        assert_eq!(tab.texts(&on), [typed_since.unwrap_or("Ring")]);
        assert_eq!(tab.machine.set().list_on(&on, "text").count(), texts);
        let took = tab.told.iter().any(|told| told[0] == "took");
        assert_eq!(took, typed_since.is_some(), "told of what it has written, and of nothing else");
    }
}

/// A browser without locks: a tab that rests is taken for dead, and its writer goes on.
#[test]
fn whoever_was_taken_for_dead_goes_on_from_what_was_taken_up() {
    let (mut one, mut two) = (Tab::new(1), Tab::new(2));
    let on = one.write(GREEN, "Ring");
    tell(&mut one, &mut two);
    let seen = one.machine.set().see(&on);
    one.machine.type_words(NOW, &seen, "text", "Ring til", None);
    let left = draft(&one.machine.take_effects());
    let name = format!("min-plan.journal.{:016x}.{on}.text", 1);
    two.handle(Event::LeftBehind { drafts: vec![(name, left)], others: false });
    assert_eq!(two.texts(&on), ["Ring til"]);
    tell(&mut two, &mut one);
    one.type_over(&on, "Ring til mor");
    one.flush(&on);
    assert_eq!(one.texts(&on), ["Ring til mor"], "one person has written one thing");
}

#[test]
fn a_draft_carries_only_what_is_on_its_way_to_the_disk() {
    let mut machine = started();
    let (one, two) = (entity(1), entity(2));
    type_new(&mut machine, &one, "Ring");
    machine.flush(NOW, &one, "text").unwrap();
    machine.handle(NOW, Event::Stored);
    // Something else is on its way.
    type_new(&mut machine, &two, "Sov");
    machine.flush(NOW, &two, "text").unwrap();
    drop(machine.take_effects());
    let seen = machine.set().see(&one);
    machine.type_words(NOW, &seen, "text", "Ring til", None);
    assert_eq!(draft(&machine.take_effects()).ops, Vec::<String>::new());
}

#[test]
fn the_browser_is_asked_to_keep_words_once_and_when_there_are_some() {
    let mut machine = started();
    let asks = |machine: &mut Machine| {
        machine.handle(NOW, Event::Stored);
        machine.take_effects().contains(&Effect::AskToPersist)
    };
    assert_eq!(machine.saving(), Saving::Idle);
    machine.end_welcome();
    assert!(!asks(&mut machine), "there are no words");
    for (name, is_asked) in [(1, true), (2, false)] {
        type_new(&mut machine, &entity(name), "Ring");
        machine.flush(NOW, &entity(name), "text").unwrap();
        assert_eq!(asks(&mut machine), is_asked);
    }
}

#[test]
fn a_batch_after_another_writes_what_both_would() {
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut batch = Batch { outbox_add: texts(&["a", "b"]), outbox_remove: texts(&["c", "d"]), ..Batch::default() };
    batch.append(Batch { outbox_add: texts(&["c"]), outbox_remove: texts(&["a"]), ..Batch::default() });
    assert_eq!(batch.outbox_add, texts(&["b", "c"]));
    assert_eq!(batch.outbox_remove, texts(&["d", "a"]));
}

#[test]
fn what_is_wrong_with_the_disk_has_a_sentence_each() {
    let all = [StoreError::Blocked, StoreError::Full, StoreError::Dead, StoreError::Newer];
    let mut sentences: Vec<String> = all.iter().map(ToString::to_string).collect();
    sentences.retain(|sentence| !sentence.is_empty());
    sentences.dedup();
    assert_eq!(sentences.len(), 4);
}

#[test]
fn what_takes_something_back_is_sent_to_its_end_also_from_a_page_that_closes() {
    assert!(Request::Withdraw("sara".into()).call().outlives_page);
    for withdraw in [true, false] {
        let settle = Request::Settle(SettleConsentRequest { secret: "1".repeat(64), withdraw });
        assert_eq!(settle.call().outlives_page, withdraw);
    }
    assert!(!Request::Me.call().outlives_page);
    assert_eq!(Call::delete("devices/x").method, "DELETE");
}

#[test]
fn an_answer_is_read_by_whether_it_was_a_success() {
    assert_eq!(read::<()>(true, ""), Ok(()));
    assert_eq!(read::<u32>(true, "7"), Ok(7));
    assert_eq!(read::<u32>(true, "<html>"), Err(Failure::Refused(ErrorCode::Unknown)));
    let body = r#"{"code":"wrong_code","message":""}"#;
    assert_eq!(read::<u32>(false, body), Err(Failure::Refused(ErrorCode::WrongCode)));
    assert_eq!(read::<u32>(false, "7"), Err(Failure::Offline), "a proxy's own words are no answer");
}

#[test]
fn words_have_half_a_minute_and_a_no_has_ten_seconds() {
    let mut tab = Tab::new(1);
    let me = protocol::MeView {
        consents: vec![crate::tab::view("sara", &[GREEN]), crate::tab::view("jonas", &[Part::PlanRed])],
        devices: Vec::new(),
    };
    tab.machine.join(NOW, &me);
    tab.run_until_idle();
    tab.answer_all();
    tab.machine.say_no(NOW, "sara");
    let limits = |effects: Vec<Effect>| -> Vec<u64> {
        let limits = effects.into_iter().filter_map(|effect| match effect {
            Effect::Send { limit_millis, .. } => Some(limit_millis),
            _ => None,
        });
        limits.collect()
    };
    // The no, and beside it the question how it stands.
    assert_eq!(limits(tab.machine.take_effects()), [10_000, 30_000]);
}
