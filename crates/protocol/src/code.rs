//! The ten characters of an invitation, made to be read aloud and typed with a thumb.

use std::fmt;
use std::str::FromStr;

/// Characters in a code.
pub const LENGTH: usize = 10;
/// Crockford's base 32: no I, L, O or U. 32^10 is about 1.1e15 codes.
pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code as it is compared and stored: ten characters of [`ALPHABET`]. Shown in two groups, `ABCDE-FGHJK`.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

/// What was typed is not a code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotACode;

impl Code {
    /// A code from 50 random bits.
    pub fn from_random(bits: u64) -> Self {
        let digit = |place: usize| char::from(ALPHABET[(bits >> (5 * place)) as usize & 31]);
        Self((0..LENGTH).map(digit).collect())
    }

    /// The ten characters, without the hyphen.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Code {
    type Err = NotACode;

    /// Takes what people type: small letters, spaces, hyphens, O for 0, and I or L for 1.
    fn from_str(typed: &str) -> Result<Self, NotACode> {
        let mut code = String::with_capacity(LENGTH);
        for c in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            };
            if !c.is_ascii() || !ALPHABET.contains(&(c as u8)) || code.len() == LENGTH {
                return Err(NotACode);
            }
            code.push(c);
        }
        if code.len() == LENGTH { Ok(Self(code)) } else { Err(NotACode) }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(LENGTH / 2);
        write!(f, "{first}-{second}")
    }
}

impl fmt::Debug for Code {
    /// A code is a secret: it is not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        for (typed, code) in [
            ("ABCDE-FGHJK", Some("ABCDEFGHJK")),
            ("abcde fghjk", Some("ABCDEFGHJK")),
            (" oil00-11111 ", Some("0110011111")),
            ("ABCDE-FGHJ", None),
            ("ABCDE-FGHJKM", None),
            ("ABCDE-FGHJU", None),
            ("ABCDE-FGHJæ", None),
            ("", None),
        ] {
            assert_eq!(typed.parse::<Code>().ok().as_ref().map(Code::as_str), code, "{typed}");
        }
    }

    #[test]
    fn a_code_survives_being_shown() {
        let code = Code::from_random(0x0003_1415_9265_3589);
        assert_eq!(code.to_string().parse::<Code>(), Ok(code.clone()));
        assert_eq!(format!("{code:?}"), "Code(..)");
    }
}
