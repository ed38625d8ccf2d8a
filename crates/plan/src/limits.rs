//! The limits, each of them written down once. Nothing is ever cut to fit: what does not fit is refused with a message.

/// Characters (Unicode scalar values) in one text.
pub const MAX_TEXT: usize = 4_000;
/// Visible entries in one section.
pub const MAX_ENTRIES: usize = 200;
/// Points on the agenda of one meeting.
pub const MAX_AGENDA: usize = 5;
/// Suggestions of one contact to one young person that wait for an answer, in all that they may read; and of people for a meeting as
/// many again.
pub const MAX_OPEN_SUGGESTIONS: usize = 5;
/// Characters in the name of a section.
pub const MAX_TITLE: usize = 120;
/// Characters in a line that an adult writes: who does it, and where.
pub const MAX_LINE: usize = 120;
/// Characters in what a contact tells about themselves.
pub const MAX_ABOUT: usize = 600;
/// Characters in when they usually read, and in who reads when they are away.
pub const MAX_HOURS: usize = 200;
/// Days that somebody stands in for a contact, when it is not said again.
pub const MAX_STAND_IN_DAYS: u64 = 60;
/// Bytes of one encoded operation. A text of 4,000 characters is at most 24,000 bytes with JSON escapes; the rest is
/// room for what a newer build adds.
pub const MAX_OP_BYTES: usize = 32_768;
/// Operations that one operation may name as replaced.
pub const MAX_PARENTS: usize = 1_000;
/// Operations that this build names in one operation, so that the longest text and all of them fit in [`MAX_OP_BYTES`].
pub const MAX_WRITTEN_PARENTS: usize = 200;
