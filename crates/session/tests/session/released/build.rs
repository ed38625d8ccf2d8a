//! What is this build's own in a conversation that is recorded: whoever records another build has another one of this file.

use super::story::{Answers, Phone};
use plan::{Part, template};
use session::Machine;

/// Everything that can be shared.
pub const PARTS: [Part; 8] = Part::ALL;
/// One that this build does not know.
pub const LATER_PART: &str = "later";

pub struct Build;

impl Build {
    /// Brings what the app brings in chunks.
    pub fn bring(machine: &mut Machine, now: u64) {
        machine.bring_reader(now, session::reader());
        machine.attach(now, session::remote());
    }

    /// The parts that not every build that is kept here knew of, the newest first.
    pub const NEWER: [Part; 2] = [Part::StandIn, Part::Messages];

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
}
