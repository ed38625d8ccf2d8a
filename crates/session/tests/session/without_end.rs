//! Answers after which a phone would ask without end: it pauses.

use crate::tab::{Tab, change, is_give, is_no, view, withdrawn};
use plan::Part;
use protocol::ConsentView;
use session::Answer;

const R: Part = Part::PlanRed;
const G: Part = Part::PlanGreen;

/// Two copies of the server behind one name: the one takes the no, the other has not heard of it.
#[test]
fn a_no_that_is_forgotten_again_and_again_is_not_told_without_a_pause() {
    let mut tab = Tab::sharing(1, &[("sara", &[R])]);
    tab.say_no("sara");
    let mut rounds = 0;
    while !tab.sent.is_empty() && rounds < 150 {
        rounds += 1;
        if tab.withdrawals().is_empty() {
            tab.answer_main("g", vec![view("sara", &[R])]);
        } else {
            tab.answer(is_no("sara"), withdrawn("sara", &[R]));
        }
    }
    assert!(rounds < 50, "{rounds} requests without a pause");
}

/// A part is taken back, and the server answers with a yes that covers it still.
#[test]
fn a_narrowing_that_comes_to_nothing_is_not_said_without_a_pause() {
    let mut tab = Tab::sharing(1, &[("sara-0", &[R, G])]);
    tab.say('1', change("sara-0", &[R]));
    let mut rounds = 0;
    while tab.sent.iter().any(|(_, r)| is_give(r)) && rounds < 150 {
        rounds += 1;
        tab.answer(is_give, Ok(Answer::Consent(view(&format!("sara-{rounds}"), &[R, G]))));
    }
    assert!(rounds < 50, "{rounds} requests without a pause");
}

/// And with an answer that this build cannot read.
#[test]
fn a_narrowing_with_an_answer_that_cannot_be_read_is_not_said_without_a_pause() {
    let mut tab = Tab::sharing(1, &[("sara-0", &[R, G])]);
    tab.say('1', change("sara-0", &[R]));
    let mut rounds = 0;
    while tab.sent.iter().any(|(_, r)| is_give(r)) && rounds < 150 {
        rounds += 1;
        let answer = ConsentView { turns_15: "snart".into(), ..view("sara-1", &[R]) };
        tab.answer(is_give, Ok(Answer::Consent(answer)));
    }
    assert!(rounds < 50, "{rounds} requests without a pause");
}

/// Two copies that know the consents differently, or in another order.
#[test]
fn consents_that_come_in_another_order_every_time_are_not_asked_for_without_a_pause() {
    let mut tab = Tab::sharing(1, &[("sara", &[R]), ("jonas", &[G])]);
    tab.tick();
    let mut rounds = 0;
    while tab.has_main() && rounds < 150 {
        rounds += 1;
        let mut consents = vec![view("sara", &[R]), view("jonas", &[G])];
        if rounds % 2 == 1 {
            consents.reverse();
        }
        tab.answer_main("g", consents);
    }
    assert!(rounds < 50, "{rounds} requests without a pause");
}
