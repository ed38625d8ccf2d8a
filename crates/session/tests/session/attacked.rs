//! What somebody found who had the code in hand and was told to break a promise. Each test failed when it was written.

use crate::tab::{NOW, Tab, born, change, disk, erased, is_give, is_no, is_settle, is_sync, view, withdrawn};
use plan::Part;
use protocol::{ConsentView, ErrorCode, MeView, SyncResponse};
use session::{Answer, Event, Failure, Request, Saving, Wish};

const R: Part = Part::PlanRed;
const G: Part = Part::PlanGreen;
const A: Part = Part::AboutMe;

/// Takes green back and adds about, offline. The addition comes to nothing; the taking back must hold.
#[test]
fn a_part_taken_back_in_a_mixed_change_stays_taken_back() {
    let mut tab = Tab::sharing(1, &[("sara", &[R, G])]);
    tab.say('1', change("sara", &[R, A]));
    assert!(!tab.machine.sharing().consents[0].parts.contains(G), "holds at once");
    tab.answer(is_give, Err(Failure::Offline));
    tab.write(G, "Kun for mig");
    assert!(!tab.under_way().contains(G));
    // The network is back: the yes never came to the server.
    tab.answer_all();
    for _ in 0..3 {
        if !tab.sent.iter().any(|(_, r)| is_settle(r)) {
            tab.tick();
        }
    }
    tab.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
    for _ in 0..3 {
        if tab.sent.iter().any(|(_, r)| is_sync(r) || *r == Request::Me) {
            tab.answer_main("g", vec![view("sara", &[R, G])]);
        }
        tab.tick();
    }
    assert!(!tab.under_way().contains(G), "green was taken back, and is on its way to Sara");
}

/// Narrows (it came through, the answer is lost), narrows again, and the tab dies.
#[test]
fn a_second_narrowing_survives_a_restart() {
    let mut tab = Tab::sharing(1, &[("sara", &[R, G, A])]);
    tab.say('1', change("sara", &[R, G]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.say('2', change("sara", &[R]));
    let mut anew = Tab::new(9);
    anew.handle(Event::Loaded(disk(&[&tab])));
    assert!(!anew.machine.sharing().consents[0].parts.contains(G));
    anew.write(G, "Kun for mig");
    assert!(!anew.under_way().contains(G));
    // The server knows the first secret already.
    anew.answer(is_give, Ok(Answer::Consent(view("sara-2", &[R, G]))));
    let again = anew.sent.iter().any(|(_, r)| matches!(r, Request::Give(y) if y.replaces.as_deref() == Some("sara-2")));
    for _ in 0..3 {
        if anew.sent.iter().any(|(_, r)| is_sync(r) || *r == Request::Me) {
            let old = ConsentView { withdrawn_at: Some(NOW), ..view("sara", &[R, G, A]) };
            anew.answer_main("g", vec![old, view("sara-2", &[R, G])]);
        }
        anew.tick();
    }
    assert!(again || anew.machine.sharing().is_no_waiting(), "nobody tells the server that green was taken back");
    assert!(!anew.under_way().contains(G), "green was taken back, and leaves");
}

/// The same with a first yes: with two parts, lost answer; said again with one; the tab dies.
#[test]
fn fewer_parts_in_a_first_yes_survive_a_restart() {
    let code = |parts: &[Part]| Wish {
        code: Some("C".into()),
        replaces: None,
        parts: parts.iter().copied().collect(),
        born: born(),
    };
    let mut tab = Tab::new(1);
    tab.write(G, "Kun for mig");
    tab.say('1', code(&[R, G]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.say('2', code(&[R]));
    let mut anew = Tab::new(9);
    anew.handle(Event::Loaded(disk(&[&tab])));
    for _ in 0..6 {
        anew.tick();
    }
    anew.answer(|r| is_settle(r) || is_give(r), Ok(Answer::Consent(view("sara", &[R, G]))));
    for _ in 0..3 {
        if anew.sent.iter().any(|(_, r)| is_sync(r) || *r == Request::Me) {
            anew.answer_main("g", vec![view("sara", &[R, G])]);
        }
        anew.tick();
    }
    assert!(!anew.under_way().contains(G), "green was not ticked in the last yes, and leaves");
}

/// Two tabs take one part each.
#[test]
fn a_narrowing_in_a_second_tab_is_not_undone_by_the_first() {
    let consents: &[(&str, &[Part])] = &[("sara", &[R, G, A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    one.say('1', change("sara", &[R, G]));
    for told in std::mem::take(&mut one.told) {
        two.handle(Event::Heard(told));
    }
    two.told.clear();
    two.tick();
    // The second tab shows red and green, and green is taken back there.
    two.say('2', change("sara", &[R]));
    for told in std::mem::take(&mut two.told) {
        one.handle(Event::Heard(told));
    }
    assert!(!one.machine.sharing().consents[0].parts.contains(G));
    one.write(G, "Kun for mig");
    one.answer(is_give, Ok(Answer::Consent(view("sara-2", &[R, G]))));
    for told in std::mem::take(&mut one.told) {
        two.handle(Event::Heard(told));
    }
    let old = ConsentView { withdrawn_at: Some(NOW), ..view("sara", &[R, G, A]) };
    for _ in 0..4 {
        for tab in [&mut one, &mut two] {
            if tab.sent.iter().any(|(_, r)| is_sync(r) || *r == Request::Me) && !tab.under_way().contains(G) {
                tab.answer_main("g", vec![old.clone(), view("sara-2", &[R, G])]);
            }
            tab.tick();
        }
    }
    assert!(
        !one.under_way().contains(G) && !two.under_way().contains(G),
        "green was taken back in the second tab, and leaves"
    );
    assert!(
        one.machine.sharing().is_no_waiting() || two.machine.sharing().is_no_waiting(),
        "and the server is never told"
    );
}

/// A no is said while an erasure is under way.
#[test]
fn an_erasure_answers_for_what_was_over_when_it_was_asked() {
    let mut tab = Tab::sharing(1, &[("sara", &[R]), ("jonas", &[G])]);
    tab.write(R, "Rød");
    tab.write(G, "Grøn");
    tab.answer_all();
    tab.say_no("sara");
    tab.answer(is_no("sara"), withdrawn("sara", &[R]));
    tab.machine.erase_sent(tab.now);
    tab.run_until_idle();
    tab.answer_all();
    assert!(tab.sent.iter().any(|(_, r)| *r == Request::Erase));
    // The server has taken the erasure in; the answer is slow. Then comes the no to Jonas.
    tab.say_no("jonas");
    tab.answer(|r| *r == Request::Erase, erased(&["sara"], &[G]));
    tab.answer(is_no("jonas"), withdrawn("jonas", &[G]));
    assert!(tab.machine.sharing().can_erase(tab.now), "green lies on the server, and the app says that all is erased");
}

/// The server forgot a narrowing (put back from a backup).
#[test]
fn a_server_that_forgot_a_narrowing_is_told_again() {
    let mut tab = Tab::sharing(1, &[("sara", &[R, G])]);
    tab.say('1', change("sara", &[R]));
    tab.answer(is_give, Ok(Answer::Consent(view("sara-2", &[R]))));
    tab.answer_all();
    tab.tick();
    tab.answer_main("another", vec![view("sara", &[R, G])]);
    for _ in 0..3 {
        tab.tick();
        if tab.sent.iter().any(|(_, r)| is_sync(r) || *r == Request::Me) {
            tab.answer_main("another", vec![view("sara", &[R, G])]);
        }
    }
    assert!(tab.machine.sharing().is_no_waiting(), "Sara reads green again, and nobody tells the server");
}

/// Another phone has changed the yes; this one has not heard, and says no to it.
#[test]
fn a_no_to_a_yes_that_another_phone_has_changed() {
    let named = |id: &str, parts: &[Part]| ConsentView { recipient: "Sara".into(), ..view(id, parts) };
    let mut tab = Tab::new(1);
    tab.machine.join(NOW, &MeView { consents: vec![named("sara", &[R, G])], devices: Vec::new() });
    tab.run_until_idle();
    tab.answer_all();
    // Offline; meanwhile the other phone has made it sara-2. Then the no here.
    tab.tick();
    let hung: Vec<u64> = tab.sent.drain(..).map(|(id, _)| id).collect();
    hung.into_iter().for_each(|id| tab.handle(Event::TimedOut(id)));
    tab.say_no("sara");
    tab.write(R, "Kun for mig");
    let ended = ConsentView { withdrawn_at: Some(NOW - 1000), ..named("sara", &[R, G]) };
    tab.answer(is_no("sara"), Ok(Answer::Consent(ended.clone())));
    for _ in 0..3 {
        if tab.sent.iter().any(|(_, r)| is_sync(r) || *r == Request::Me) && !tab.under_way().contains(R) {
            let later = ConsentView { given_at: NOW - 1000, ..named("sara-2", &[R]) };
            tab.answer_main("g", vec![ended.clone(), later]);
        }
        tab.tick();
    }
    assert!(
        !tab.under_way().contains(R),
        "no was said to Sara after the change, and she gets what was written after the no"
    );
}

/// A tab that has slept and cannot read the disk.
#[test]
fn a_tab_that_could_not_read_the_news_sends_nothing() {
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    tab.write(R, "Synger");
    let place = tab.sent.iter().position(|(_, r)| is_sync(r)).unwrap();
    let (id, _) = tab.sent.remove(place);
    tab.handle(Event::TimedOut(id));
    tab.sent.clear();
    // Asleep; another tab says no, without a network. This one wakes: its connection to the disk is dead.
    tab.news = None;
    tab.handle(Event::Returned); // the harness answers NewsRead(None)
    assert!(tab.under_way().is_empty(), "it sends without knowing what was said meanwhile");
}

/// Another client of the same young person has used this tab's next name for an operation.
#[test]
fn a_name_that_somebody_else_has_used_loses_nothing() {
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    let on = tab.write(R, "Ring");
    tab.answer_all();
    tab.tick();
    let last = tab.machine.set().iter().filter(|r| r.op.id.replica.0 == 1).map(|r| r.op.id.seq).max().unwrap();
    let mut other = Tab::sharing(77, &[("sara", &[R])]);
    other.write(R, "Andet");
    let raw = other.machine.set().iter().find(|r| r.op.field == "text").unwrap().raw().to_owned();
    let old = other.machine.set().iter().find(|r| r.op.field == "text").unwrap().op.id.to_string();
    for seq in last + 1..last + 20 {
        let id = plan::OpId { replica: plan::ReplicaId(1), seq }.to_string();
        let raw = raw.replace(&old, &id);
        let (id, _) = tab.sent.iter().find(|(_, r)| is_sync(r)).cloned().unwrap();
        tab.sent.retain(|(sent, _)| *sent != id);
        let consents = vec![view("sara", &[R])];
        tab.handle(Event::Answered(
            id,
            Ok(Answer::Sync(SyncResponse {
                cursor: seq,
                ops: vec![raw],
                consents,
                generation: "g".into(),
                ..SyncResponse::default()
            })),
        ));
        tab.tick();
    }
    tab.type_over(&on, "Ring til mor");
    tab.flush(&on);
    tab.machine.leave(&on, "text");
    tab.run_until_idle();
    assert!(
        tab.machine.saving() != Saving::Saved
            || (tab.on_disk("Ring til mor") && tab.texts(&on).contains(&"Ring til mor".to_owned())),
        "\"Gemt\" over words that are nowhere"
    );
}

/// Undo while a refused text stands in the field, then it is made shorter.
#[test]
fn undo_under_a_refused_text_makes_no_false_versions() {
    let mut tab = Tab::new(1);
    let on = tab.write(R, "Ring");
    tab.machine.begin_change();
    tab.type_over(&on, "Ring til");
    tab.flush(&on);
    tab.type_over(&on, &"å".repeat(4_001));
    assert!(tab.machine.flush(NOW, &on, "text").is_err());
    tab.machine.leave(&on, "text");
    tab.machine.undo(NOW).unwrap();
    tab.run_until_idle();
    tab.machine.finish(NOW, &on, "text", "Kort").unwrap();
    tab.run_until_idle();
    assert_eq!(tab.texts(&on), ["Kort"]);
}

/// Another phone's words are the same as something that was typed here on the way to other words.
#[test]
fn the_same_words_on_another_phone_are_a_version() {
    let (mut here, mut there) = (Tab::new(1), Tab::new(2));
    let on = here.write(R, "Ring");
    for told in std::mem::take(&mut here.told) {
        there.handle(Event::Heard(told));
    }
    here.type_over(&on, "Ring ikke til mor");
    there.type_over(&on, "Ring ikke til mor");
    there.flush(&on);
    for told in std::mem::take(&mut there.told) {
        here.handle(Event::Heard(told));
    }
    here.type_over(&on, "Ring til mor");
    here.flush(&on);
    assert_eq!(here.texts(&on), ["Ring ikke til mor", "Ring til mor"]);
}

/// A tab wakes, and its clock ticks before anybody tells it that it slept.
#[test]
fn a_tick_before_the_return() {
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    tab.write(R, "Synger");
    let (id, _) = tab.sent.iter().find(|(_, r)| is_sync(r)).cloned().unwrap();
    tab.sent.clear();
    tab.handle(Event::TimedOut(id));
    let again: Vec<u64> = tab.sent.drain(..).map(|(id, _)| id).collect();
    again.into_iter().for_each(|id| tab.handle(Event::TimedOut(id)));
    assert!(tab.sent.is_empty());
    tab.news = None;
    tab.now += 3_600_000;
    tab.handle(Event::Tick);
    tab.handle(Event::Tick);
    assert!(tab.under_way().is_empty(), "an hour asleep, and it sends before it has read the news");
}

/// Green is taken back here without a network. The other phone has changed the same yes meanwhile, so the server refuses.
#[test]
fn a_narrowing_of_a_yes_that_another_phone_has_changed() {
    let mut tab = Tab::sharing(1, &[("sara", &[R, G])]);
    tab.say('1', change("sara", &[R]));
    tab.answer(is_give, Err(Failure::Offline));
    tab.write(G, "Kun for mig");
    assert!(!tab.under_way().contains(G));
    (0..8).for_each(|_| tab.tick());
    tab.answer(is_give, Err(Failure::Refused(ErrorCode::NoConsent)));
    let ended = ConsentView { withdrawn_at: Some(NOW), ..view("sara", &[R, G]) };
    for _ in 0..4 {
        if tab.sent.iter().any(|(_, r)| is_sync(r) || *r == Request::Me) && !tab.under_way().contains(G) {
            tab.answer_main("g", vec![ended.clone(), view("sara-2", &[R, G, A])]);
        }
        tab.tick();
    }
    assert!(!tab.under_way().contains(G), "green was taken back, and leaves");
}

/// Two codes: the first yes hangs, so the second waits. Its page is opened anew, and No is tapped there (`code.rs` has no ticket
/// for it then: `take_back("")`). The second yes must not come true.
#[test]
fn a_no_on_a_page_that_was_opened_anew() {
    let code = |c: &str, parts: &[Part]| Wish {
        code: Some(c.into()),
        replaces: None,
        parts: parts.iter().copied().collect(),
        born: born(),
    };
    let mut tab = Tab::new(1);
    tab.say('1', code("C1", &[R]));
    tab.say('2', code("C2", &[G]));
    assert_eq!(tab.sent.len(), 1, "the second waits");
    tab.machine.take_back(tab.now, "C2");
    tab.run_until_idle();
    tab.answer(is_give, Ok(Answer::Consent(view("sara", &[R]))));
    let second = tab.sent.iter().any(|(_, r)| matches!(r, Request::Give(y) if y.code.as_deref() == Some("C2")));
    assert!(!second, "the yes that was answered with no is given");
}
