//! What is this build's own in a conversation that is recorded: whoever records another build has another one of this file.

use plan::Part;
use session::Machine;

/// Everything that can be shared.
pub const PARTS: [Part; 8] = Part::ALL;
/// One that this build does not know.
pub const LATER_PART: &str = "later";

/// Brings what the app brings in chunks.
pub fn bring(machine: &mut Machine, now: u64) {
    machine.bring_reader(now, session::reader());
    machine.attach(now, session::remote());
}
