//! Passwords of staff: hashed with Argon2id, compared without telling how far they were right.

use crate::ids::{NoRandomness, random};
use argon2::password_hash::{self, Output, ParamsString, PasswordHash, Salt, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::sync::{Mutex, PoisonError};

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

impl Cost {
    fn params(self) -> Params {
        let params = match self {
            Self::Full => Params::new(19 * 1024, 2, 1, None),
            Self::Test => Params::new(Params::MIN_M_COST, 1, 1, None),
        };
        params.unwrap_or_default()
    }
}

const ALGORITHM: Algorithm = Algorithm::Argon2id;
const VERSION: Version = Version::V0x13;

/// What one try is worked out in. It is kept: given back, an allocator may hold on to it and take as much anew for the next one,
/// and the whole server has to do with 64 MB. So there is one try at a time. Every try writes all of it before it reads it.
static MEMORY: Mutex<Vec<Block>> = Mutex::new(Vec::new());

fn work(password: &str, salt: &[u8], params: Params) -> password_hash::Result<Output> {
    let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    let missing = params.block_count().saturating_sub(memory.len());
    memory.reserve_exact(missing);
    memory.extend(std::iter::repeat_n(Block::default(), missing));
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let argon2 = Argon2::new(ALGORITHM, VERSION, params);
    Output::init_with(length, |out| {
        Ok(argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, memory.as_mut_slice())?)
    })
}

fn hash_with(password: &str, salt: Salt<'_>, params: Params) -> password_hash::Result<String> {
    let stored = PasswordHash {
        algorithm: ALGORITHM.ident(),
        version: Some(VERSION.into()),
        params: ParamsString::try_from(&params)?,
        salt: Some(salt),
        hash: Some(work(password, salt.decode_b64(&mut [0; Salt::MAX_LENGTH])?, params)?),
    };
    Ok(stored.to_string())
}

/// Fails for what is not a hash of ours.
fn is_hash_of(stored: &str, password: &str) -> password_hash::Result<bool> {
    let stored = PasswordHash::new(stored)?;
    let ours = stored.algorithm == ALGORITHM.ident() && stored.version == Some(VERSION.into());
    let (true, Some(salt), Some(hash)) = (ours, stored.salt, stored.hash) else { return Ok(false) };
    let right = work(password, salt.decode_b64(&mut [0; Salt::MAX_LENGTH])?, Params::try_from(&stored)?)?;
    // Its comparison takes the same time wherever they differ.
    Ok(right == hash)
}

/// The password as it is stored, salt and cost included. `None` when it cannot be hashed, which no length we take does.
pub fn hash(password: &str, cost: Cost) -> Result<Option<String>, NoRandomness> {
    let salt: [u8; 16] = random()?;
    let Ok(salt) = SaltString::encode_b64(&salt) else { return Ok(None) };
    Ok(hash_with(password, salt.as_salt(), cost.params()).ok())
}

/// Whether the password is the one that was stored. Without a stored one the same work is done, so that time does not tell
/// which logins exist.
pub fn matches(password: &str, stored: Option<&str>, cost: Cost) -> bool {
    let Some(stored) = stored else {
        let _ = work(password, b"nobody has this", cost.params());
        return false;
    };
    is_hash_of(stored, password).unwrap_or(false)
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
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

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

    /// One that the library made by itself, with memory of its own for each.
    #[test]
    fn what_was_stored_before_is_still_known() {
        let salt = SaltString::encode_b64(&[7; 16]).unwrap();
        // The second is worked out in what the first has left.
        for cost in [Cost::Full, Cost::Test] {
            let library = Argon2::new(ALGORITHM, VERSION, cost.params());
            let stored = library.hash_password(b"en kop te og en kiks", &salt).unwrap().to_string();
            assert_eq!(hash_with("en kop te og en kiks", salt.as_salt(), cost.params()).unwrap(), stored);
            assert!(matches("en kop te og en kiks", Some(&stored), cost));
            assert!(!matches("en kop te og to kiks", Some(&stored), cost));
            assert!(library.verify_password(b"en kop te og en kiks", &PasswordHash::new(&stored).unwrap()).is_ok());
        }
    }
}
