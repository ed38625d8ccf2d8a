//! A tab that slept, was just started, or is on no disk: what was said in another one meanwhile holds.

use crate::tab::{
    NOW, Tab, change, coded, disk, erased, is_give, is_narrowing_of, is_no, is_settle, is_standing, named, view,
    withdrawn,
};
use plan::Part;
use protocol::ErrorCode;
use session::{Answer, Effect, Event, Failure, Request, StoreError};

const R: Part = Part::PlanRed;
const G: Part = Part::PlanGreen;
const A: Part = Part::AboutMe;
const CODE: &str = "7K2M9-QXRW5";

pub fn sends_red(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| match effect {
        Effect::Send { request: Request::Sync(sync), .. } => {
            sync.ops.iter().any(|raw| plan::Record::parse(raw).unwrap().op.on.part() == Some(R))
        }
        _ => false,
    })
}

/// Yes on the page of a code, on a bad network, and yes again; the code's link is opened once more, in a new tab, while the first
/// sleeps. Nej there: the server hears that the yes shall never come. Then the first wakes and is answered that it never will.
#[test]
fn a_yes_taken_back_in_another_tab_does_not_come_true_under_its_spare_secret() {
    let mut one = Tab::sharing(1, &[("jonas", &[A])]);
    one.say('1', coded(CODE, &[R]));
    one.answer(is_give, Err(Failure::Offline));
    one.say('2', coded(CODE, &[R]));
    // The first tab sleeps from here on, with its request under way.
    let mut two = Tab::new(2);
    two.now += 60_000;
    two.handle(Event::Loaded(disk(&[&one])));
    two.machine.take_back(two.now, CODE);
    two.run_until_idle();
    two.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
    assert!(!two.machine.sharing().is_no_waiting(), "it is called done");
    one.news = Some(disk(&[&one, &two]));
    one.now += 3_600_000;
    one.handle(Event::Returned);
    if one.sent.iter().any(|(_, r)| is_give(r)) {
        one.answer(is_give, Err(Failure::Refused(ErrorCode::NoConsent)));
    }
    if one.sent.iter().any(|(_, r)| is_give(r)) {
        one.answer(is_give, Ok(Answer::Consent(view("sara-1", &[R]))));
    }
    for _ in 0..6 {
        if one.has_main() && one.under_way().is_empty() {
            one.answer_main("g", vec![view("jonas", &[A]), view("sara-1", &[R])]);
        }
        one.tick();
    }
    assert!(!is_standing(&one, "sara-1"), "Nej was said last, and the yes has come true");
}

/// The app is shown, begins to read the disk, and sleeps in that moment. An hour later it wakes and asks for the news; before they
/// come, the reading from an hour ago does. In between no was said in another tab.
#[test]
fn a_reading_of_the_disk_from_before_the_sleep_is_not_taken_for_the_news() {
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    tab.machine.handle(tab.now, Event::Returned);
    assert!(tab.machine.take_effects().contains(&Effect::ReadNews(1)));
    let old = disk(&[&tab]);
    tab.write(R, "Kun for mig");
    tab.now += 3_600_000;
    tab.machine.handle(tab.now, Event::Tick);
    let woken = tab.machine.take_effects();
    assert!(woken.contains(&Effect::ReadNews(2)) && !sends_red(&woken));
    tab.machine.handle(tab.now, Event::NewsRead(1, Some(old)));
    assert!(!sends_red(&tab.machine.take_effects()), "the no is an hour old and on the disk, and red leaves");
}

/// The app is started and sleeps while it reads the disk; in another tab no is said. An hour later it goes on with what it had read.
#[test]
fn a_tab_that_slept_while_it_was_started_reads_the_disk_before_it_sends() {
    let mut first = Tab::sharing(1, &[("sara", &[R])]);
    first.write(R, "Kun for mig");
    let old = disk(&[&first]);
    let mut machine = crate::tab::reading(2);
    machine.attach(NOW, session::remote());
    machine.handle(NOW, Event::Heard(vec!["hello".into()]));
    machine.handle(NOW + 3_600_000, Event::Loaded(old));
    assert!(!sends_red(&machine.take_effects()), "red leaves on what lay on the disk an hour ago");
}

/// Green as well for Sara, on a bad network, and once more; then the tab sleeps. In another tab green is taken back, and that comes
/// through. The first is woken by the answer to what it had asked: the server has red alone.
#[test]
fn a_part_taken_back_while_a_tab_slept_is_not_asked_for_when_an_answer_wakes_it() {
    let mut one = Tab::sharing(1, &[("sara-1", &[R])]);
    one.say('1', change("sara-1", &[R, G]));
    one.answer(is_give, Err(Failure::Offline));
    one.now += 5_000;
    one.say('2', change("sara-1", &[R, G]));
    // It sleeps, with that under way.
    let mut two = Tab::new(2);
    two.now += 60_000;
    two.handle(Event::Loaded(disk(&[&one])));
    two.say('3', change("sara-1", &[R]));
    let came = named("sara-2", &[R], NOW + 60_000, None);
    two.answer(is_give, Ok(Answer::Consent(came.clone())));
    one.news = Some(disk(&[&one, &two]));
    one.now += 3_600_000;
    one.answer(is_give, Ok(Answer::Consent(came)));
    let asks = one.sent.iter().any(|(_, r)| matches!(r, Request::Give(y) if y.parts.contains(&"green".into())));
    assert!(!asks, "green was taken back an hour ago, that is on the disk, and the yes to it leaves");
}

/// Green is taken from Sara; the request hangs and the tab sleeps. In another tab green is wanted again, and that comes through. The
/// first is woken by the answer to what it had asked.
#[test]
fn a_part_wanted_again_while_a_tab_slept_is_not_taken_back_when_an_answer_wakes_it() {
    let mut one = Tab::sharing(1, &[("sara-1", &[R, G])]);
    one.say('1', change("sara-1", &[R]));
    let mut two = Tab::new(2);
    two.now += 60_000;
    two.handle(Event::Loaded(disk(&[&one])));
    two.say('2', change("sara-1", &[R, G]));
    let came = named("sara-2", &[R, G], NOW + 60_000, None);
    two.sent.retain(|(_, r)| !matches!(r, Request::Give(y) if y.parts.len() == 1));
    two.answer(is_give, Ok(Answer::Consent(came.clone())));
    one.news = Some(disk(&[&one, &two]));
    one.now += 3_600_000;
    one.answer(is_give, Ok(Answer::Consent(came)));
    assert!(
        !one.sent.iter().any(is_narrowing_of("sara-2")),
        "green was given last, and the app takes it back by itself"
    );
}

/// The second tab is opened in the moment in which an erasure is done in the first: it hears of it, and then the disk comes, as it
/// was before.
#[test]
fn an_erasure_that_is_done_is_not_asked_for_again_by_a_tab_that_is_just_opened() {
    let mut one = Tab::sharing(1, &[("sara", &[R]), ("jonas", &[G])]);
    one.say_no("sara");
    one.machine.erase_sent(one.now);
    one.run_until_idle();
    one.answer(is_no("sara"), withdrawn("sara", &[R]));
    let all = || vec![named("sara", &[R], NOW, Some(NOW)), view("jonas", &[G])];
    for _ in 0..3 {
        while one.has_main() {
            one.answer_main("g", all());
        }
        if !one.sent.iter().any(|(_, r)| *r == Request::Erase) {
            one.tick();
        }
    }
    let old = disk(&[&one]);
    one.told.clear();
    one.answer(|r| *r == Request::Erase, erased(&["sara"], &[G]));
    let mut machine = crate::tab::reading(2);
    machine.attach(NOW, session::remote());
    for told in std::mem::take(&mut one.told) {
        machine.handle(NOW, Event::Heard(told));
    }
    machine.handle(NOW, Event::Loaded(old));
    let erases = |e: &Effect| matches!(e, Effect::Send { request: Request::Erase, .. });
    assert!(!machine.take_effects().iter().any(erases), "it erases once more, and nobody has asked for that");
}

/// The phone is full, and the tab in which yes was said to a code sleeps. The code's link is opened in a new tab: Nej. There is room
/// again, the new tab's no is on the disk, and the first wakes and is answered.
#[test]
fn a_no_on_the_page_of_a_code_holds_for_a_yes_that_is_on_no_disk() {
    let mut one = Tab::sharing(1, &[("jonas", &[A])]);
    let before = disk(&[&one]);
    one.disk = Err(StoreError::Full);
    one.say('1', coded(CODE, &[R]));
    let mut two = Tab::new(2);
    two.now += 60_000;
    two.handle(Event::Loaded(before));
    two.machine.take_back(two.now, CODE);
    two.run_until_idle();
    one.disk = Ok(());
    one.news = Some(disk(&[&one, &two]));
    one.now += 3_600_000;
    one.handle(Event::Returned);
    if one.sent.iter().any(|(_, r)| is_give(r)) {
        one.answer(is_give, Ok(Answer::Consent(view("sara-1", &[R]))));
    }
    assert!(!is_standing(&one, "sara-1"), "Nej was said last, and the yes has come true");
}

/// The disk cannot be read. What is known here is all that there is to go by, and a yes goes at once; but a reading that was begun
/// before the latest sleep says nothing of what was said in it.
#[test]
fn a_yes_waits_for_the_latest_reading_of_the_disk_and_no_longer() {
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    tab.handle(Event::Returned);
    tab.say('1', change("sara", &[R, G]));
    assert!(tab.sent.iter().any(|(_, request)| is_give(request)), "the disk does not answer, and the yes waits");

    let mut tab = Tab::sharing(2, &[("sara", &[R])]);
    tab.machine.handle(tab.now, Event::Returned);
    tab.now += 3_600_000;
    tab.machine.handle(tab.now, Event::Returned);
    let naps: Vec<u64> = tab.machine.take_effects().iter().filter_map(nap_of).collect();
    let [first, .., latest] = naps[..] else { panic!("{naps:?}") };
    tab.machine.handle(tab.now, Event::NewsRead(first, None));
    tab.machine.say_yes(tab.now, "1".repeat(64), change("sara", &[R, G]));
    assert!(!tab.machine.take_effects().iter().any(gives), "it leaves before the disk has answered");
    tab.machine.handle(tab.now, Event::NewsRead(latest, None));
    assert!(tab.machine.take_effects().iter().any(gives));
}

fn nap_of(effect: &Effect) -> Option<u64> {
    if let Effect::ReadNews(nap) = effect { Some(*nap) } else { None }
}

fn gives(effect: &Effect) -> bool {
    matches!(effect, Effect::Send { request, .. } if is_give(request))
}
