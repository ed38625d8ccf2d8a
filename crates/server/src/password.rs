//! Passwords of staff: hashed with Argon2id, compared without telling how far they were right.

use crate::ids::{NoRandomness, random};
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

/// What can be typed; more is refused before any work is done on it.
pub const MAX_LENGTH: usize = 200;
/// Staff read about other people's lives: short passwords are not taken.
pub const MIN_LENGTH: usize = 12;

/// How much work one try is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cost {
    /// 19 MiB and two passes, as OWASP recommends for Argon2id.
    Full,
    /// For tests, where thousands of sign-ins must not take minutes.
    Test,
}

fn hasher(cost: Cost) -> Argon2<'static> {
    let params = match cost {
        Cost::Full => Params::new(19 * 1024, 2, 1, None),
        Cost::Test => Params::new(Params::MIN_M_COST, 1, 1, None),
    };
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.unwrap_or_default())
}

/// The password as it is stored, salt and cost included. `None` when it cannot be hashed, which no length we take does.
pub fn hash(password: &str, cost: Cost) -> Result<Option<String>, NoRandomness> {
    let salt: [u8; 16] = random()?;
    let Ok(salt) = SaltString::encode_b64(&salt) else { return Ok(None) };
    Ok(hasher(cost).hash_password(password.as_bytes(), &salt).ok().map(|hash| hash.to_string()))
}

/// Whether the password is the one that was stored. Without a stored one the same work is done, so that time does not tell
/// which logins exist.
pub fn matches(password: &str, stored: Option<&str>, cost: Cost) -> bool {
    let Some(stored) = stored else {
        let mut out = [0; 32];
        let _ = hasher(cost).hash_password_into(password.as_bytes(), b"nobody has this", &mut out);
        return false;
    };
    let Ok(parsed) = PasswordHash::new(stored) else { return false };
    hasher(cost).verify_password(password.as_bytes(), &parsed).is_ok()
}

/// A password that can be read from a screen and typed: four groups of Crockford's characters, 80 bits.
pub fn generate() -> Result<String, NoRandomness> {
    let bytes: [u8; 16] = random()?;
    let digits: Vec<char> =
        bytes.iter().map(|byte| char::from(protocol::code::ALPHABET[usize::from(byte & 31)])).collect();
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect::<String>().to_lowercase()).collect();
    Ok(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_itself_and_no_other() {
        let password = generate().unwrap();
        assert!(password.len() >= MIN_LENGTH);
        let stored = hash(&password, Cost::Test).unwrap().unwrap();
        assert!(matches(&password, Some(&stored), Cost::Test));
        for (wrong, stored) in
            [("", Some(stored.as_str())), ("x", Some(&stored)), (&password, None), (&password, Some("broken"))]
        {
            assert!(!matches(wrong, stored, Cost::Test));
        }
    }
}
