//! What a sixth look found.

use crate::tab::{NOW, Tab, change, coded, disk, is_give, is_settle, is_standing, named, tell, view};
use plan::Part;
use protocol::ErrorCode;
use session::{Answer, Effect, Event, Failure, Loaded, Machine, Request};

const R: Part = Part::PlanRed;
const G: Part = Part::PlanGreen;
const A: Part = Part::AboutMe;
const CODE: &str = "7K2M9-QXRW5";

/// What came of the first try is over; what has its place covers red too. Red must not leave: green alone was said last.
fn check_again(tab: &mut Tab) {
    for _ in 0..8 {
        if tab.sent.iter().any(|(_, r)| is_give(r)) {
            tab.answer(is_give, Ok(Answer::Consent(named("sara-2", &[G], NOW + 1, Some(NOW + 2)))));
        } else if tab.sent.iter().any(|(_, r)| is_settle(r)) {
            tab.answer(is_settle, Ok(Answer::Consent(named("sara-2", &[G], NOW + 1, Some(NOW + 2)))));
            break;
        }
        if tab.machine.sharing().consents.iter().any(|one| one.id == "sara-2") {
            break;
        }
        tab.tick();
    }
    tab.write(R, "Kun for mig");
    for _ in 0..4 {
        if tab.has_main() && !tab.under_way().contains(R) {
            let over = [named("sara-1", &[A, G], NOW, Some(NOW + 1)), named("sara-2", &[G], NOW + 1, Some(NOW + 2))];
            tab.answer_main("g", over.into_iter().chain([named("sara-3", &[G, R], NOW + 2, None)]).collect());
        }
        assert!(!tab.under_way().contains(R), "green alone was wanted last, and red leaves");
        tab.tick();
    }
    assert!(!tab.parts_of("sara-3").contains(R));
}

/// About me is taken back from Sara on a bad network: that comes through, and its answer is lost. It is said again, and the app is
/// closed. In between she was given red on the other phone. The next start does not know that it was said twice.
#[test]
fn a_narrowing_that_was_said_again_before_a_restart() {
    let mut one = Tab::sharing(1, &[("sara-1", &[A, G])]);
    one.say('1', change("sara-1", &[G]));
    one.answer(is_give, Err(Failure::Offline));
    one.now += 10_000;
    one.say('2', change("sara-1", &[G]));
    let mut two = Tab::new(2);
    two.now = one.now + 1_000;
    let loaded = disk(&[&one]);
    drop(one);
    two.handle(Event::Loaded(loaded));
    check_again(&mut two);
}

/// The same with a change that gives; the second tap wakes the tab, and it is killed before the disk has been read.
#[test]
fn a_change_that_was_said_again_while_the_disk_was_read() {
    let mut one = Tab::sharing(1, &[("sara-1", &[A])]);
    one.say('1', change("sara-1", &[G]));
    one.answer(is_give, Err(Failure::Offline));
    one.now += 60_000;
    one.news = None;
    // The tap wakes it, the disk is read, and the tab is killed before that is done.
    one.machine.say_yes(one.now, "2".repeat(64), change("sara-1", &[G]));
    for _ in 0..2 {
        for effect in one.machine.take_effects() {
            if let Effect::Store(batch) = effect {
                one.stored.push(batch);
                one.machine.handle(one.now, Event::Stored);
            }
        }
    }
    let loaded = disk(&[&one]);
    let mut two = Tab::new(2);
    two.now = one.now + 1_000;
    drop(one);
    two.handle(Event::Loaded(loaded));
    check_again(&mut two);
}

/// The server was put back to a backup that is too old; the narrowing gets NotFound; before the consents are asked
/// for, the right one is put back.
#[test]
fn a_consent_that_was_gone_for_a_moment_is_narrowed() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R, G])]);
    tab.say('1', change("sara-1", &[R]));
    tab.answer(is_give, Err(Failure::Refused(ErrorCode::NotFound)));
    for _ in 0..12 {
        tab.tick();
        if tab.has_main() {
            tab.answer_main("right", vec![view("sara-1", &[R, G])]);
        }
    }
    assert!(!tab.parts_of("sara-1").contains(G));
    let told = tab.sent.iter().any(|(_, r)| is_give(r)) || tab.withdrawals().contains(&"sara-1");
    assert!(told, "Sara reads green, and nobody tells the server; waiting: {}", tab.machine.sharing().is_no_waiting());
}

/// What lies on the disk when Sara has been said no to and the phone is full: the no is known to one tab alone.
fn before_a_no() -> Loaded {
    let mut one = Tab::sharing(1, &[("sara", &[R])]);
    one.tick();
    one.write(R, "Kun for mig");
    disk(&[&one])
}

/// No words leave before the other tabs have had time to say what they know; when none says anything, they do.
fn check_that_it_listens(machine: &mut Machine, now: u64) {
    let leaves =
        |effect: &Effect| matches!(effect, Effect::Send { request: Request::Sync(sync), .. } if !sync.ops.is_empty());
    let effects = machine.take_effects();
    assert!(!effects.iter().any(leaves), "another tab knows of a no, has not been heard yet, and red leaves");
    let greetings = effects.iter().filter(|effect| matches!(effect, Effect::Greet(_))).count();
    (0..greetings).for_each(|_| machine.handle(now, Event::Listened));
    assert!(greetings > 0 && machine.take_effects().iter().any(leaves), "nobody has said anything against it");
}

/// The page is shown (`pageshow`, `online`) just after the load.
#[test]
fn a_tab_that_opens_and_is_shown() {
    let before = before_a_no();
    let mut two = crate::tab::reading(2);
    two.attach(NOW, session::remote());
    two.handle(NOW + 10_000, Event::Loaded(before.clone()));
    two.handle(NOW + 10_010, Event::Returned);
    two.handle(NOW + 10_020, Event::NewsRead(1, Some(before)));
    check_that_it_listens(&mut two, NOW + 10_200);
}

/// Both tabs: about me was taken back from Sara last week, and the server has heard.
fn long_since() -> (Tab, Tab) {
    let consents: &[(&str, &[Part])] = &[("jonas", &[A]), ("sara-1", &[R, G, A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    two.told.clear();
    one.say('1', change("sara-1", &[R, G]));
    one.answer(is_with('1'), Ok(Answer::Consent(named("sara-2", &[R, G], NOW + 1, None))));
    tell(&mut one, &mut two);
    let all = vec![
        view("jonas", &[A]),
        named("sara-1", &[R, G, A], NOW, Some(NOW + 1)),
        named("sara-2", &[R, G], NOW + 1, None),
    ];
    for _ in 0..4 {
        for tab in [&mut one, &mut two] {
            while tab.has_main() {
                tab.answer_main("g", all.clone());
            }
            tab.tick();
        }
    }
    tell(&mut one, &mut two);
    tell(&mut two, &mut one);
    assert!(!one.machine.sharing().is_no_waiting() && !two.machine.sharing().is_no_waiting());
    (one, two)
}

/// A narrowing said last is overwritten by an older wish when a tab that slept tells anything.
#[test]
fn an_older_wish_goes_over_a_later_narrowing() {
    let (mut one, mut two) = long_since();
    // One is frozen. The other: about me again, then red alone, which gets lost.
    two.now += 10_000;
    two.say('3', change("sara-2", &[R, G, A]));
    two.answer(is_with('3'), Ok(Answer::Consent(named("sara-3", &[R, G, A], NOW + 2, None))));
    two.now += 3_000;
    two.say('4', change("sara-3", &[R]));
    two.answer(is_with('4'), Err(Failure::Offline));
    assert_eq!(two.parts_of("sara-3"), [R].into_iter().collect());
    // The first is shown again, and the tap that wakes it is a no to Jonas.
    one.now += 14_000;
    one.say_no("jonas");
    tell(&mut one, &mut two);
    tell(&mut two, &mut one);
    two.write(G, "Kun for mig");
    let mut leaves = false;
    for _ in 0..3 {
        leaves |= two.under_way().contains(G);
        if two.has_main() && !leaves {
            let ended = named("sara-2", &[R, G], NOW + 1, Some(NOW + 2));
            two.answer_main("g", vec![view("jonas", &[A]), ended, named("sara-3", &[R, G, A], NOW + 2, None)]);
        }
        leaves |= two.under_way().contains(G);
        two.tick();
    }
    assert!(!leaves, "red alone was said last, and green leaves");
    assert_eq!(two.parts_of("sara-3"), [R].into_iter().collect(), "red alone was said last");
}

/// A yes said last is taken back by the app when a tab that slept tells anything.
#[test]
fn an_older_wish_ends_a_later_yes() {
    let (mut one, mut two) = long_since();
    two.now += 10_000;
    two.say('3', change("sara-2", &[R]));
    two.answer(is_with('3'), Ok(Answer::Consent(named("sara-3", &[R], NOW + 2, None))));
    two.now += 3_000;
    two.say('4', change("sara-3", &[R, G]));
    two.answer(is_with('4'), Ok(Answer::Consent(named("sara-4", &[R, G], NOW + 3, None))));
    assert_eq!(two.parts_of("sara-4"), [R, G].into_iter().collect());
    one.now += 14_000;
    one.say_no("jonas");
    two.sent.retain(|(_, r)| !is_give(r));
    tell(&mut one, &mut two);
    tell(&mut two, &mut one);
    two.tick();
    let narrowing = two.sent.iter().any(crate::tab::is_narrowing_of("sara-4"));
    assert!(!narrowing, "the app takes green back, which was given last");
    assert_eq!(two.parts_of("sara-4"), [R, G].into_iter().collect());
}

/// The database could not be had at first: it is the tick that opens it (start.rs), and a tick follows in the same breath.
#[test]
fn a_tab_that_opens_by_a_tick() {
    let before = before_a_no();
    let mut two = crate::tab::reading(2);
    two.attach(NOW, session::remote());
    two.handle(NOW + 5_000, Event::NotLoaded(session::StoreError::Dead));
    two.handle(NOW + 10_000, Event::Loaded(before.clone()));
    two.handle(NOW + 10_000, Event::Tick);
    check_that_it_listens(&mut two, NOW + 10_200);
}

/// A tab that wakes instead of opening.
#[test]
fn a_tab_that_wakes_hears_the_others_before_words_leave() {
    let consents: &[(&str, &[Part])] = &[("sara", &[R])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.tick();
    one.write(R, "Kun for mig");
    let before = disk(&[&one]);
    while two.has_main() {
        two.answer_main("g", vec![view("sara", &[R])]);
    }
    two.now += 60_000;
    two.machine.handle(two.now, Event::Returned);
    let _ = two.machine.take_effects();
    two.machine.handle(two.now, Event::NewsRead(2, Some(before)));
    check_that_it_listens(&mut two.machine, two.now + 200);
}

/// Another tab, or the disk, says a yes with the count 0 that was said again.
#[test]
fn a_yes_said_again_without_a_place() {
    let mut tab = Tab::sharing(1, &[("jonas", &[A])]);
    let text = format!(
        r#"*{{"secret":"{0}","code":"{CODE}","parts":["red"],"turns_15":"2024-06-01","turns_18":"2027-06-01"}}"#,
        "1".repeat(64)
    );
    let told = ["sharing".to_owned(), format!("yes/{}/0", "1".repeat(64)), text];
    tab.handle(Event::Heard(told.to_vec()));
    for _ in 0..8 {
        tab.tick();
        if tab.sent.iter().any(|(_, r)| is_settle(r)) {
            tab.answer(is_settle, Ok(Answer::Consent(named("sara-1", &[R], NOW, Some(NOW + 2)))));
            return;
        }
    }
    panic!("not asked");
}

/// The phone knows by its disk that a yes was said after the no (its wish is there), but not of the consent itself: a woken tab
/// has written its older consents over. The server has been put back and knows no more of what was said no to.
#[test]
fn a_no_is_passed_on_to_a_yes_that_was_said_after_it() {
    let mut one = Tab::sharing(1, &[("jonas", &[A]), ("sara-1", &[R])]);
    one.tick();
    while one.has_main() {
        one.answer_main("g", vec![view("jonas", &[A]), view("sara-1", &[R])]);
    }
    one.say_no("sara-1");
    one.answer(crate::tab::is_no("sara-1"), crate::tab::withdrawn("sara-1", &[R]));
    let older = disk(&[&one]).meta.iter().find(|(name, _)| name == "consents").cloned().unwrap();
    one.now += 60_000;
    one.handle(Event::Returned);
    one.say('1', coded(CODE, &[R]));
    one.answer(is_with('1'), Ok(Answer::Consent(named("sara-2", &[R], NOW + 70_000, None))));
    assert!(is_standing(&one, "sara-2"));
    let mut loaded = disk(&[&one]);
    loaded.meta.iter_mut().filter(|(name, _)| name == "consents").for_each(|pair| *pair = older.clone());
    let mut two = Tab::new(2);
    two.now = one.now + 5_000;
    two.handle(Event::Loaded(loaded));
    for _ in 0..4 {
        if two.has_main() {
            two.answer_main("put back", vec![view("jonas", &[A]), named("sara-2", &[R], NOW + 70_000, None)]);
        }
        two.tick();
    }
    assert!(two.withdrawals().is_empty(), "the app says no to Sara by itself: {:?}", two.withdrawals());
    assert!(is_standing(&two, "sara-2"));
}

/// Nej, Ja, Nej on the page of a code, in two tabs; the first was frozen when Nej was said for the first time.
#[test]
fn a_second_no_on_the_page_of_a_code_in_one_message() {
    let mut one = Tab::sharing(1, &[("jonas", &[A])]);
    one.say('1', coded(CODE, &[R]));
    one.answer(is_give, Err(Failure::Offline));
    let mut two = Tab::new(2);
    two.now += 8_000;
    two.handle(Event::Loaded(disk(&[&one])));
    two.machine.take_back(two.now, CODE);
    two.run_until_idle();
    two.told.clear();
    one.now += 20_000;
    one.say('2', coded(CODE, &[R]));
    one.outcomes.clear();
    two.now = one.now + 4_000;
    two.machine.take_back(two.now, CODE);
    two.run_until_idle();
    one.now += 5_000;
    tell(&mut two, &mut one);
    drop(two);
    let mut given = false;
    for _ in 0..4 {
        if one.sent.iter().any(|(_, r)| is_give(r)) {
            given = true;
            one.answer(is_give, Ok(Answer::Consent(named("sara-1", &[R], NOW + 30_000, None))));
        }
        one.tick();
    }
    assert!(!is_standing(&one, "sara-1"), "Nej was said last, and Sara reads red: {:?}", one.outcomes);
    assert!(!given, "Nej was said last, and the yes is sent");
}

fn is_with(secret: char) -> impl Fn(&Request) -> bool {
    move |r| matches!(r, Request::Give(yes) if yes.secret.as_deref().is_some_and(|s| s.starts_with(secret)))
}

/// Two tabs. Yes to a code on a bad network; the phone sleeps, and in the other tab Sara is to have about me alone, which comes
/// through. Then the first yes does, in the first tab, which has not heard of the other.
#[test]
fn a_yes_that_comes_through_late_is_held_to_what_was_said_since() {
    let consents: &[(&str, &[Part])] = &[("sara-1", &[A, G])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    two.told.clear();
    one.say('1', coded(CODE, &[R]));
    one.told.clear();
    two.now += 5_000;
    two.say('2', change("sara-1", &[A]));
    two.answer(is_with('2'), Ok(Answer::Consent(named("sara-2", &[A], NOW + 5_000, None))));
    one.now += 9_000;
    one.answer(is_with('1'), Ok(Answer::Consent(named("sara-3", &[R], NOW + 9_000, None))));
    assert!(one.parts_of("sara-3").contains(R), "nobody here knows better");
    tell(&mut two, &mut one);
    assert!(!one.parts_of("sara-3").contains(R), "about me alone was said last");
    one.write(R, "Kun for mig");
    for _ in 0..3 {
        assert!(!one.under_way().contains(R));
        one.tick();
    }
    assert!(one.machine.sharing().is_no_waiting(), "the server is told");
}
