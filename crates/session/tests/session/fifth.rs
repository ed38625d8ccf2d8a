//! What a fifth look found.

use crate::tab::{NOW, Tab, change, coded, disk, is_give, is_no, is_settle, is_standing, named, tell, view};
use plan::Part;
use protocol::ErrorCode;
use session::{Answer, Event, Failure, Request};

const R: Part = Part::PlanRed;
const G: Part = Part::PlanGreen;
const A: Part = Part::AboutMe;
const CODE: &str = "7K2M9-QXRW5";

/// The page of a code is open in two tabs. One sleeps; in the other yes is said, and comes through. The first is shown again, and
/// before the disk has been read the young person taps Nej there. Then the news come: what came of the code, and nobody ends it.
#[test]
fn a_no_on_the_page_of_a_code_ends_what_came_of_it_in_another_tab() {
    let consents: &[(&str, &[Part])] = &[("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    // The second sleeps from here on.
    one.say('1', coded(CODE, &[R]));
    one.answer(is_give, Ok(Answer::Consent(named("sara-1", &[R], NOW + 1, None))));
    two.now += 60_000;
    two.machine.handle(two.now, Event::Returned);
    let effects = two.machine.take_effects();
    assert!(effects.iter().any(|effect| matches!(effect, session::Effect::ReadNews(1))));
    two.machine.take_back(two.now, CODE);
    two.news = Some(disk(&[&one]));
    two.handle(Event::NewsRead(1, two.news.clone()));
    tell(&mut two, &mut one);
    tell(&mut one, &mut two);
    let all = vec![view("jonas", &[A]), named("sara-1", &[R], NOW + 1, None)];
    for _ in 0..6 {
        for tab in [&mut one, &mut two] {
            if tab.has_main() {
                tab.answer_main("g", all.clone());
            }
            tab.tick();
        }
    }
    let told = one.withdrawals().contains(&"sara-1") || two.withdrawals().contains(&"sara-1");
    assert!(told, "Nej was said last, and nobody tells the server");
    assert!(!is_standing(&one, "sara-1") && !is_standing(&two, "sara-1"), "Nej was said last, and Sara reads red");
}

/// Yes to a code on a bad network; the server is asked what came of it, says that it never will be anything, and that answer is lost
/// too. Yes again; the phone is put away, and woken by the answer: never. The yes goes on under its spare secret, but the news
/// are read first; then the app asks what came of a secret that has never left the phone, which ends it. Nobody is told.
#[test]
fn a_yes_that_goes_on_under_its_spare_secret_while_the_news_are_read_is_said() {
    let mut tab = Tab::sharing(1, &[("jonas", &[A])]);
    tab.say('1', coded(CODE, &[R]));
    tab.answer(is_give, Err(Failure::Offline));
    if !tab.sent.iter().any(|(_, r)| is_settle(r)) {
        tab.tick();
    }
    tab.answer(is_settle, Err(Failure::Offline));
    tab.now += 10_000;
    tab.say('2', coded(CODE, &[R]));
    tab.outcomes.clear();
    tab.now += 60_000;
    tab.news = Some(disk(&[&tab]));
    tab.answer(is_give, Err(Failure::Refused(ErrorCode::NoConsent)));
    let mut said = false;
    for _ in 0..6 {
        said |= tab.sent.iter().any(|(_, r)| is_give(r));
        if tab.sent.iter().any(|(_, r)| is_settle(r)) {
            // The server has never heard of it.
            tab.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
        }
        if tab.has_main() {
            tab.answer_main("g", vec![view("jonas", &[A])]);
        }
        tab.tick();
    }
    assert!(said || !tab.outcomes.is_empty(), "the yes is gone without a word, and was never said");
    assert!(said, "the yes was said twice, and the app has let go of it: {:?}", tab.outcomes);
}

/// Green as well for Sara, in one tab; the network hangs, and the tab is put away before it hears so. The other tab asks what
/// became of it: nothing, and now it never will. The first hears that, and tells whoever said it that it is done.
#[test]
fn a_change_that_never_came_is_not_called_done_when_another_tab_finds_out() {
    let consents: &[(&str, &[Part])] = &[("sara-1", &[R])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    two.told.clear();
    one.say('1', change("sara-1", &[R, G]));
    tell(&mut one, &mut two);
    (0..5).for_each(|_| two.tick());
    two.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
    tell(&mut two, &mut one);
    assert!(!one.outcomes.iter().any(Result::is_ok), "green is called shared, and never was: {:?}", one.outcomes);
}

/// Nej on the page of a code, in another tab, and the first has just been shown again and has not read the disk yet: Ja there. Ja was
/// said last, and is ended by the older no, and whoever said it is not told.
#[test]
fn a_yes_said_after_a_no_in_another_tab_is_not_ended_by_it() {
    let mut one = Tab::sharing(1, &[("jonas", &[A])]);
    one.say('1', coded(CODE, &[R]));
    one.answer(is_give, Err(Failure::Offline));
    let mut two = Tab::new(2);
    two.now += 20_000;
    two.handle(Event::Loaded(disk(&[&one])));
    two.machine.take_back(two.now, CODE);
    two.run_until_idle();
    one.now += 60_000;
    one.machine.handle(one.now, Event::Returned);
    let _ = one.machine.take_effects();
    one.outcomes.clear();
    one.machine.say_yes(one.now, "2".repeat(64), coded(CODE, &[R]));
    let news = disk(&[&one, &two]);
    one.handle(Event::NewsRead(1, Some(news.clone())));
    one.news = Some(news);
    let mut said = false;
    for _ in 0..6 {
        said |= one.sent.iter().any(|(_, r)| is_give(r));
        if one.sent.iter().any(|(_, r)| matches!(r, Request::Settle(_))) {
            one.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
        }
        if one.has_main() {
            one.answer_main("g", vec![view("jonas", &[A])]);
        }
        one.tick();
    }
    assert!(said || !one.outcomes.is_empty(), "Ja was said last; it is not sent, and nobody is told");
}

/// The same, when the tab was awake all the while and its machine was not: the lid was closed with the page open. The tap is what
/// wakes it, before any tick. Nothing is sent before the news are read.
#[test]
fn a_yes_that_wakes_the_tab_waits_for_the_news() {
    let mut one = Tab::sharing(1, &[("jonas", &[A])]);
    one.now += 3_600_000;
    one.news = None;
    one.machine.say_yes(one.now, "2".repeat(64), coded(CODE, &[R]));
    let effects = one.machine.take_effects();
    let sends = effects.iter().any(|e| matches!(e, session::Effect::Send { request, .. } if is_give(request)));
    assert!(!sends, "the yes leaves before what other tabs said meanwhile is known");
}

/// Green is taken from Sara, without a network. The server has been put back to a backup that is too old by mistake, and knows of no
/// such yes; an hour later the right one is put back. Sara may read green there, and nobody tells the server.
#[test]
fn a_part_taken_back_is_told_to_a_server_that_had_forgotten_the_yes_for_a_while() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R, G])]);
    tab.say('1', change("sara-1", &[R]));
    tab.answer(is_give, Err(Failure::Refused(ErrorCode::NotFound)));
    for _ in 0..3 {
        tab.tick();
        if tab.has_main() {
            tab.answer_main("too old", Vec::new());
        }
    }
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

/// The server was put back to before Sara's yes, and on the other phone she was given red anew. This phone knows of none of it: no to
/// Sara. The server knows of no such yes, and then shows the other: red leaves for her.
#[test]
fn a_no_to_a_yes_that_is_gone_is_one_to_what_has_its_place() {
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    tab.write(R, "Kun for mig");
    tab.answer_all();
    tab.say_no("sara");
    tab.answer(is_no("sara"), Err(Failure::Refused(ErrorCode::NotFound)));
    let mut leaves = false;
    for _ in 0..4 {
        if tab.has_main() && !leaves {
            leaves |= tab.under_way().contains(R);
            tab.answer_main("put back", vec![view("sara-2", &[R])]);
        }
        leaves |= tab.under_way().contains(R);
        tab.tick();
    }
    assert!(!leaves, "no was said to Sara last, and red leaves for her");
    assert!(!is_standing(&tab, "sara-2"));
}

/// The same code's page is open in two tabs, both awake. Yes in one, and while it is under way Nej in the other. The yes is none, but the
/// page in the first waits for its answer for ever, with its button out of use.
#[test]
fn whoever_said_a_yes_that_is_taken_back_in_another_tab_is_told() {
    let consents: &[(&str, &[Part])] = &[("jonas", &[A])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    one.told.clear();
    two.told.clear();
    one.say('1', coded(CODE, &[R]));
    tell(&mut one, &mut two);
    two.now += 3_000;
    two.machine.take_back(two.now, CODE);
    two.run_until_idle();
    tell(&mut two, &mut one);
    two.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
    tell(&mut two, &mut one);
    (0..12).for_each(|_| one.tick());
    assert!(!one.outcomes.is_empty(), "whoever said yes waits for an answer for ever");
}

/// Green is taken from Sara while the disk hangs, and the phone is put away: its ticks are a minute apart, and each looks like a sleep.
#[test]
fn a_part_taken_back_is_told_by_a_tab_whose_ticks_are_rare_and_whose_disk_hangs() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R, G])]);
    let mut given = false;
    let mut events = Vec::new();
    tab.machine.handle(tab.now, Event::Returned);
    events.extend(tab.machine.take_effects());
    tab.machine.say_yes(tab.now, "1".repeat(64), change("sara-1", &[R]));
    events.extend(tab.machine.take_effects());
    for _ in 0..60 {
        tab.now += 60_000;
        tab.machine.handle(tab.now, Event::Tick);
        events.extend(tab.machine.take_effects());
    }
    given |= events.iter().any(|e| matches!(e, session::Effect::Send { request, .. } if is_give(request)));
    assert!(given, "an hour has gone, and the server does not know that green was taken back");
}

/// The answer to a yes says that it is over already (said no to on another phone meanwhile): the page calls it given.
#[test]
fn a_yes_that_is_over_when_it_is_answered_is_not_called_given() {
    let mut tab = Tab::sharing(1, &[("jonas", &[A])]);
    tab.say('1', coded(CODE, &[R]));
    tab.answer(is_give, Ok(Answer::Consent(named("sara-1", &[R], NOW + 1, Some(NOW + 2)))));
    assert!(!is_standing(&tab, "sara-1"));
    assert!(!tab.outcomes.iter().any(Result::is_ok), "it is called given: {:?}", tab.outcomes);
}

/// Green instead of red for Sara: the request gets lost on its way. The app asks what became of it (nothing, and now it never will), and
/// ends all that Sara has, by itself: nobody has said no to her, and she needs to give a new code.
#[test]
fn a_change_to_other_parts_that_never_came_does_not_end_the_yes() {
    let mut tab = Tab::sharing(1, &[("sara-1", &[R])]);
    tab.say('1', change("sara-1", &[G]));
    tab.answer(is_give, Err(Failure::Offline));
    for _ in 0..6 {
        if tab.sent.iter().any(|(_, r)| is_settle(r)) {
            tab.answer(is_settle, Err(Failure::Refused(ErrorCode::NotFound)));
        }
        tab.tick();
    }
    assert!(tab.withdrawals().is_empty(), "the app says no to Sara by itself: {:?}", tab.withdrawals());
    assert!(is_standing(&tab, "sara-1"));
}

/// The phone is full and off the net; no to Sara in one tab. The app is opened in another: it reads the disk, where nothing is of the no,
/// and greets the others; red leaves in the same moment, before the first can answer.
#[test]
fn a_tab_that_opens_hears_the_others_before_words_leave() {
    let mut one = Tab::sharing(1, &[("sara", &[R])]);
    one.tick();
    one.write(R, "Kun for mig");
    let before = disk(&[&one]);
    one.disk = Err(session::StoreError::Full);
    one.say_no("sara");
    one.answer(is_no("sara"), Err(Failure::Offline));
    let mut two = crate::tab::reading(2);
    two.attach(NOW, session::remote());
    two.handle(NOW + 10_000, Event::Loaded(before));
    let leaves = two.take_effects().iter().any(|effect| match effect {
        session::Effect::Send { request: Request::Sync(sync), .. } => !sync.ops.is_empty(),
        _ => false,
    });
    assert!(!leaves, "another tab knows of a no, has not been heard yet, and red leaves");
}

/// The phone's clock is an hour slow. On the other phone Sara's yes was changed ten minutes ago, which one tab here knows. Another has
/// slept and shows the old yes: no to Sara there, in the moment in which it is shown again. The first hears that, and red is written.
#[test]
fn a_no_holds_for_what_the_yes_has_become_when_the_clock_is_slow() {
    let consents: &[(&str, &[Part])] = &[("sara-1", &[R])];
    let (mut one, mut two) = (Tab::sharing(1, consents), Tab::sharing(2, consents));
    let hour = 3_600_000;
    let all = vec![named("sara-1", &[R], NOW, Some(NOW + hour)), named("sara-2", &[R, A], NOW + hour, None)];
    one.tick();
    while one.has_main() {
        one.answer_main("g", all.clone());
    }
    assert!(is_standing(&one, "sara-2"));
    two.now += 600_000;
    two.news = None;
    two.handle(Event::Returned);
    two.told.clear();
    two.say_no("sara-1");
    tell(&mut two, &mut one);
    one.write(R, "Kun for mig");
    for _ in 0..3 {
        assert!(!one.under_way().contains(R), "no was said to Sara last, and red leaves");
        one.tick();
    }
    assert!(!is_standing(&one, "sara-2"));
}
