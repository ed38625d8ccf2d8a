//! What the hard-times page is made of, on the young person's phone and on a contact's screen: the same sections, and as few of their
//! words.

use crate::part::Part;
use crate::template::{HARD_ACTIONS, HARD_PEOPLE, HARD_REASONS};

/// More than this is not read by somebody who is very upset.
pub const MOST: usize = 3;

/// Sections, each with its part: what is in the first comes first.
pub type Sections = &'static [(Part, &'static str)];

/// What to do. What helps early helps some when it is hard, and is better than an empty page.
pub const ACTIONS: Sections = &[(Part::PlanRed, HARD_ACTIONS), (Part::PlanYellow, "y_gor")];
/// Whom to talk to.
pub const PEOPLE: Sections = &[(Part::PlanRed, HARD_PEOPLE), (Part::PlanRed, "r_fag")];
/// What to hold on to.
pub const REASONS: Sections = &[(Part::PlanRed, HARD_REASONS)];
