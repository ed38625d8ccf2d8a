//! Characters that nobody sees, in what an organisation writes of its films.

use std::ops::RangeInclusive;

/// They make what is written after them stand the other way round, so that it is read as something else: UAX 9, 2.1 to 2.3.
const TURNS: [RangeInclusive<char>; 2] = ['\u{202a}'..='\u{202e}', '\u{2066}'..='\u{2069}'];

/// Of no width: where a word may be broken and where not, and in which direction it is read.
const NO_WIDTH: [RangeInclusive<char>; 4] =
    ['\u{ad}'..='\u{ad}', '\u{200b}'..='\u{200f}', '\u{2060}'..='\u{206f}', '\u{feff}'..='\u{feff}'];

pub fn turns(character: char) -> bool {
    TURNS.iter().any(|range| range.contains(&character))
}

pub fn is_seen(character: char) -> bool {
    let has_no_width = || NO_WIDTH.iter().any(|range| range.contains(&character));
    !character.is_whitespace() && !character.is_control() && !turns(character) && !has_no_width()
}
