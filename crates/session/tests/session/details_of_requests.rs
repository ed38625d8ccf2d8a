//! What single answers and their failures lead to: what is asked next, what is sent again, and what is not.

use crate::tab::{
    NOW, Tab, change, coded, disk, erased, is_give, is_narrowing_of, is_no, is_standing, is_sync, named, tell, view,
    withdrawn,
};
use plan::{Entity, Part};
use protocol::{ErrorCode, MeView, RefusedOp, SyncResponse};
use session::{Answer, Draft, Event, Failure, Request};

const R: Part = Part::PlanRed;
const G: Part = Part::PlanGreen;
const A: Part = Part::AboutMe;
const CODE: &str = "7K2M9-QXRW5";

fn refused(code: ErrorCode) -> Result<Answer, Failure> {
    Err(Failure::Refused(code))
}

/// The operations in the synchronisation that is under way.
fn ops(tab: &Tab) -> Vec<String> {
    let syncs = tab.sent.iter().filter_map(|(_, request)| match request {
        Request::Sync(sync) => Some(sync.ops.clone()),
        _ => None,
    });
    syncs.flatten().collect()
}

/// A server that answers with these consents and takes nothing in.
fn takes_nothing(tab: &mut Tab, refused: Vec<RefusedOp>) {
    let consents = tab.machine.sharing().consents.iter().map(Into::into).collect();
    let response = SyncResponse { generation: "g".into(), cursor: 1, consents, refused, ..SyncResponse::default() };
    tab.answer(is_sync, Ok(Answer::Sync(response)));
}

#[test]
fn a_list_that_was_asked_for_before_a_yes_came_through_does_not_end_it() {
    let mut tab = Tab::sharing(1, &[("jonas", &[A])]);
    tab.say('1', coded(CODE, &[R]));
    // Asked for since the yes was said, and answered before it had come through.
    let place = tab.sent.iter().position(|(_, request)| is_sync(request)).expect("it asks");
    let (old, _) = tab.sent.remove(place);
    tab.answer(is_give, Ok(Answer::Consent(named("sara", &[R], NOW + 1, None))));
    let before = SyncResponse { generation: "g".into(), consents: vec![view("jonas", &[A])], ..Default::default() };
    tab.handle(Event::Answered(old, Ok(Answer::Sync(before))));
    assert!(is_standing(&tab, "sara"));
}

#[test]
fn what_was_refused_is_tried_again_after_a_yes() {
    let mut tab = Tab::sharing(1, &[("jonas", &[R]), ("sara", &[A])]);
    tab.write(R, "Ring");
    let sent = ops(&tab);
    let refused = |raw: &String| {
        let id = plan::Record::parse(raw).unwrap().op.id.to_string();
        RefusedOp { id, reason: ErrorCode::Forbidden }
    };
    takes_nothing(&mut tab, sent.iter().map(refused).collect());
    for _ in 0..2 {
        tab.tick();
        assert!(ops(&tab).is_empty(), "it would be refused again");
        takes_nothing(&mut tab, Vec::new());
    }
    tab.say('1', change("sara", &[A, R]));
    tab.answer(is_give, Ok(Answer::Consent(named("sara-2", &[A, R], NOW + 1, None))));
    // What is under way was selected before.
    takes_nothing(&mut tab, Vec::new());
    assert_eq!(ops(&tab), sent);
}

#[test]
fn a_server_that_has_nothing_to_say_is_not_asked_on() {
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    tab.tick();
    takes_nothing(&mut tab, Vec::new());
    assert!(!tab.has_main(), "before the next tick there is nothing to ask");
    // Nor is one that has taken nothing of what it was sent.
    tab.write(R, "Ring");
    takes_nothing(&mut tab, Vec::new());
    assert!(!tab.has_main());
    tab.tick();
    assert!(!ops(&tab).is_empty());
}

#[test]
fn what_was_erased_is_sent_again_after_a_later_yes_from_every_tab() {
    let consents: &[(&str, &[Part])] = &[("sara", &[R]), ("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    one.write(R, "Ring");
    one.answer_all();
    tell(&mut one, &mut two);
    while two.has_main() {
        two.answer_all();
    }
    one.say_no("sara");
    one.answer(is_no("sara"), withdrawn("sara", &[R]));
    one.answer_all();
    one.machine.erase_sent(NOW);
    one.run_until_idle();
    while !one.sent.iter().any(|(_, request)| *request == Request::Erase) {
        one.answer_all();
        one.tick();
    }
    one.answer(|request| *request == Request::Erase, erased(&["sara"], &[]));
    tell(&mut one, &mut two);
    for tab in [&mut one, &mut two] {
        tab.now += 60_000;
        tab.say('1', coded(CODE, &[R]));
        tab.answer(is_give, Ok(Answer::Consent(named("sara-2", &[R], NOW + 60_000, None))));
        for _ in 0..4 {
            if ops(tab).is_empty() && tab.has_main() {
                takes_nothing(tab, Vec::new());
                tab.tick();
            }
        }
        assert!(!ops(tab).is_empty(), "the server has nothing of it any more");
    }
}

#[test]
fn a_no_that_got_no_answer_is_said_again_after_a_rest() {
    let mut tab = Tab::sharing(1, &[("sara", &[R]), ("jonas", &[G])]);
    tab.say_no("sara");
    for _ in 0..2 {
        tab.answer(is_no("sara"), Err(Failure::Offline));
        if tab.withdrawals().is_empty() {
            break;
        }
    }
    tab.write(A, "Min hund");
    assert!(tab.withdrawals().is_empty(), "a phone without network would do nothing else");
    for _ in 0..3 {
        tab.tick();
    }
    assert_eq!(tab.withdrawals(), ["sara"]);
}

#[test]
fn a_narrowing_that_came_through_is_followed_by_a_question_at_once() {
    let mut tab = Tab::sharing(1, &[("sara", &[R, G])]);
    while tab.has_main() {
        takes_nothing(&mut tab, Vec::new());
    }
    tab.say('1', change("sara", &[G]));
    while tab.has_main() {
        takes_nothing(&mut tab, Vec::new());
    }
    tab.answer(is_give, Ok(Answer::Consent(named("sara-2", &[G], NOW + 1, None))));
    assert!(tab.has_main());
}

#[test]
fn a_narrowing_that_the_server_has_no_time_for_is_said_again() {
    let mut tab = Tab::sharing(1, &[("sara", &[R, G])]);
    tab.say('1', change("sara", &[G]));
    tab.answer(is_give, refused(ErrorCode::TooManyTries));
    let mut is_said_again = false;
    for _ in 0..40 {
        if tab.has_main() {
            tab.answer_main("g", vec![view("sara", &[R, G])]);
        }
        is_said_again |= tab.sent.iter().any(is_narrowing_of("sara"));
        tab.tick();
    }
    assert!(is_said_again);
    assert_eq!(tab.parts_of("sara"), [G].into_iter().collect());
}

#[test]
fn nobody_is_in_the_field_of_a_draft_that_was_taken_up() {
    let mut tab = Tab::new(1);
    let on = Entity::entry(G, "00000000000000aa-0");
    let draft = Draft {
        on: on.to_string(),
        field: "text".into(),
        text: "Ring".into(),
        at: NOW,
        seen: Some(Vec::new()),
        new: Some(crate::tab::list(G)),
        ops: Vec::new(),
    };
    tab.handle(Event::LeftBehind { drafts: vec![("min-plan.journal.x".into(), draft)], others: false });
    assert_eq!(tab.texts(&on), ["Ring"]);
    assert_eq!(tab.machine.own_words(&on, "text"), None);
}

/// What two tabs have written about one thing under two names: the older name goes.
#[test]
fn what_was_said_earlier_does_not_stay_on_the_disk() {
    let consents: &[(&str, &[Part])] = &[("sara", &[R, G, A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    two.say('1', change("sara", &[R, G]));
    one.now += 1_000;
    one.say('2', change("sara", &[R]));
    tell(&mut two, &mut one);
    let names = |kind: &str, tabs: &[&Tab]| {
        disk(tabs).meta.into_iter().filter(|(name, _)| name.starts_with(kind)).map(|(name, _)| name).collect::<Vec<_>>()
    };
    let mut three = Tab::new(3);
    three.handle(Event::Loaded(disk(&[&two, &one])));
    assert_eq!(names("wish/sara/", &[&two, &one, &three]), [format!("wish/sara/{}", NOW + 1_000)]);

    let jonas = || Tab::sharing(3, &[("jonas", &[A])]);
    let (mut one, mut two) = (jonas(), jonas());
    one.told.clear();
    two.told.clear();
    one.say('1', coded(CODE, &[R]));
    one.answer(is_give, Err(Failure::Offline));
    tell(&mut one, &mut two);
    two.now += 2_000;
    two.say('2', coded(CODE, &[R, G]));
    tell(&mut two, &mut one);
    let known = names("yes/", &[&two, &one]);
    assert_eq!(known, [format!("yes/{}/{}", "1".repeat(64), NOW + 2_000)]);
    // And what is told late of the first changes nothing.
    let me = MeView { consents: vec![view("jonas", &[A])], devices: Vec::new() };
    let mut three = Tab::new(4);
    three.machine.join(NOW, &me);
    three.run_until_idle();
    three.handle(Event::Loaded(disk(&[&two])));
    one.told.clear();
    three.told.clear();
    let late = ["sharing".to_owned(), format!("yes/{}/{NOW}", "1".repeat(64)), "+{}".to_owned()];
    three.handle(Event::Heard(late.to_vec()));
    assert_eq!(names("yes/", &[&two, &three]), known);
}
