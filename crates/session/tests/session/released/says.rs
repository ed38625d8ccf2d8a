//! What the young person says to what adults have said, and writes to one of them: commands that this build has, and earlier ones had
//! not. Whoever records another build has another one of this file, too.

use super::phone::{Answers, Phone};
use plan::{Part, template};

/// What the young person says to what adults have said, and writes to one of them.
pub fn says_to_it(answers: &mut impl Answers, phone: &mut Phone) {
    let meeting = template::first_meeting();
    let walk = phone.find("Gå en tur om søen");
    if let [one] = &phone.machine.set().list_suggestions(&walk)[..] {
        let on = one.on.clone();
        phone.does(answers, |machine, now| machine.take_suggestion(now, &on, "Tag Emil med")).unwrap();
    }
    if let [one] = &phone.machine.set().list_proposals(&meeting)[..] {
        let on = one.on.clone();
        phone.does(answers, |machine, now| machine.take_proposal(now, &meeting, &on)).unwrap();
    }
    if let [one] = &phone.machine.set().list_invitees(&meeting)[..] {
        let on = one.on.clone();
        phone.does(answers, |machine, now| machine.take_invitee(now, &meeting, &on)).unwrap();
    }
    if let [one] = &phone.machine.set().list_agreements(&meeting)[..] {
        let on = one.on.clone();
        phone.writes(answers, &on, "outcome", "no");
    }
    phone.adds(answers, Part::Meeting, template::AGREEMENTS, "Jeg øver mig i at sige fra", None);
    for (field, text) in [("came", "home relative"), ("heard", "yes"), ("words", "De lyttede")] {
        phone.writes(answers, &meeting, field, text);
    }
    let contact = phone.machine.sharing().consents.first().map(|one| one.staff.clone());
    if let Some(staff) = contact.filter(|staff| !staff.is_empty()) {
        let quote = "Gå en tur om søen";
        let text = "Kan vi tale sammen i morgen?";
        phone.does(answers, |machine, now| machine.write_message(now, &staff, text, quote)).unwrap();
    }
}
