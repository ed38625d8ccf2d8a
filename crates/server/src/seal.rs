//! Sealing: what a young person has written is stored only in sealed form, with a key of its own per young person.
//!
//! The content key is random and stored wrapped by the master key, which is kept outside the database. Destroying the
//! wrapped key destroys every sealed word in this database; a backup holds its own wrapped key, and is unreadable when
//! its time is out and it is deleted, or when the master key is gone. The associated data names whose
//! and what a sealed text is, so that none can be put in the place of another.
//!
//! What this module must not do: keep a key anywhere, or say anything about content in an error.

use crate::ids::{CodeHash, NoRandomness, Secret, SecretHash, StaffId, Token, YoungId, from_hex, random};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use plan::ReplicaId;
use protocol::Code;
use sha2::Sha256;
use std::path::Path;
use std::{fmt, fs, io};

/// The first byte of everything sealed, so that another way of sealing can come later.
const FORM: u8 = 1;
const NONCE: usize = 24;

/// Why something could not be sealed or opened.
#[derive(Debug)]
pub enum SealError {
    Randomness(NoRandomness),
    /// It was sealed with another key, for another place, or has been changed.
    NotOurs,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Randomness(_) => "the machine gives no random bytes",
            Self::NotOurs => "something sealed cannot be opened: another key, or changed bytes",
        })
    }
}

impl std::error::Error for SealError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Randomness(error) => Some(error),
            Self::NotOurs => None,
        }
    }
}

impl From<NoRandomness> for SealError {
    fn from(error: NoRandomness) -> Self {
        Self::Randomness(error)
    }
}

/// What the master key opens: one key for each purpose, so that none can be used for another.
#[derive(Clone)]
pub struct Keys {
    wrapping: [u8; 32],
    codes: [u8; 32],
    secrets: [u8; 32],
    devices: [u8; 32],
    labels: [u8; 32],
    profiles: [u8; 32],
    words: [u8; 32],
    guests: [u8; 32],
    audit: [u8; 32],
    check: [u8; 32],
}

impl Keys {
    pub fn new(master: &[u8; 32]) -> Self {
        let derive = |purpose: &str| mac(master, &[b"min-plan/v1/", purpose.as_bytes()]);
        Self {
            wrapping: derive("wrapping"),
            codes: derive("codes"),
            secrets: derive("secrets"),
            devices: derive("devices"),
            labels: derive("labels"),
            profiles: derive("profiles"),
            words: derive("words"),
            guests: derive("guests"),
            audit: derive("audit"),
            check: derive("check"),
        }
    }

    /// Reads the master key: 32 bytes, or 64 hexadecimal characters.
    ///
    /// # Errors
    /// When there is no such file, or it holds something else.
    pub fn read(path: &Path) -> io::Result<Self> {
        let bytes = fs::read(path)?;
        let raw = <[u8; 32]>::try_from(bytes.as_slice()).ok();
        let key = raw.or_else(|| from_hex(std::str::from_utf8(&bytes).ok()?.trim()));
        let wrong =
            || io::Error::new(io::ErrorKind::InvalidData, "a master key is 32 bytes, or 64 hexadecimal characters");
        key.map(|key| Self::new(&key)).ok_or_else(wrong)
    }

    /// Tells whether a database belongs to this master key, without giving the key away.
    pub fn check(&self) -> [u8; 32] {
        self.check
    }

    pub fn hash_code(&self, code: &Code) -> CodeHash {
        CodeHash(mac(&self.codes, &[code.as_str().as_bytes()]))
    }

    pub fn hash_secret(&self, secret: &Secret) -> SecretHash {
        SecretHash(mac(&self.secrets, &[secret.bytes()]))
    }

    /// The link of a guest and its code, made from what was drawn for it and from what it is for: the same each time that it is asked
    /// for, and not to be had without this key.
    pub fn guest_link(&self, pieces: &[&[u8]]) -> (Secret, Code) {
        let made = |what: &'static [u8]| mac(&self.guests, &[&[b"made".as_slice(), what], pieces].concat());
        let [a, b, c, d, e, f, g, h, ..] = made(b"code");
        (Secret::from_bits(made(b"link")), Code::from_random(u64::from_be_bytes([a, b, c, d, e, f, g, h])))
    }

    /// What is stored of a guest's link.
    pub fn hash_link(&self, link: &Secret) -> [u8; 32] {
        mac(&self.guests, &[b"link", link.bytes()])
    }

    /// And of the code that goes with it: by itself it says nothing.
    pub fn hash_guest_code(&self, link: &Secret, code: &Code) -> [u8; 32] {
        mac(&self.guests, &[b"code", link.bytes(), code.as_str().as_bytes()])
    }

    /// The token of the device that a first yes signs in: the same each time it is asked for, and not to be had from the
    /// secret without this key.
    pub fn device_token(&self, secret: &Secret) -> Token {
        Token::from_bits(mac(&self.devices, &[secret.bytes()]))
    }

    /// One link of the audit chain.
    pub fn audit(&self, previous: &[u8], row: &[u8]) -> [u8; 32] {
        mac(&self.audit, &[previous, row])
    }

    /// Marks an operation as minted here for one young person, so that it is known again when a phone brings it back.
    pub fn sign(&self, young: &YoungId, raw: &str) -> [u8; 32] {
        mac(&self.words, &[b"op", young.as_str().as_bytes(), raw.as_bytes()])
    }

    /// The replica under which one request of a member of staff is minted: the same each time that it is sent.
    pub fn replica(&self, young: &YoungId, pieces: &[&[u8]]) -> ReplicaId {
        let all = [&[b"replica".as_slice(), young.as_str().as_bytes()], pieces].concat();
        let [a, b, c, d, e, f, g, h, ..] = mac(&self.words, &all);
        ReplicaId(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }

    /// For a label that belongs to nobody yet.
    pub fn seal_label(&self, invitation: &str, label: &str) -> Result<Vec<u8>, SealError> {
        seal(&self.labels, &format!("invitation/{invitation}"), label.as_bytes())
    }

    pub fn open_label(&self, invitation: &str, sealed: &[u8]) -> Result<String, SealError> {
        text(open(&self.labels, &format!("invitation/{invitation}"), sealed)?)
    }

    /// For what a contact tells about themselves, which belongs to no young person.
    pub fn seal_profile(&self, staff: &StaffId, profile: &str) -> Result<Vec<u8>, SealError> {
        seal(&self.profiles, &format!("profile/{staff}"), profile.as_bytes())
    }

    pub fn open_profile(&self, staff: &StaffId, sealed: &[u8]) -> Result<String, SealError> {
        text(open(&self.profiles, &format!("profile/{staff}"), sealed)?)
    }

    /// Opens a young person's content key.
    pub fn unwrap(&self, young: &YoungId, wrapped: &[u8]) -> Result<ContentKey, SealError> {
        let key = open(&self.wrapping, &format!("{young}/key"), wrapped)?;
        let key = key.try_into().map_err(|_| SealError::NotOurs)?;
        Ok(ContentKey { young: young.clone(), key })
    }
}

/// What one young person's words are sealed with.
pub struct ContentKey {
    young: YoungId,
    key: [u8; 32],
}

impl ContentKey {
    pub fn new(young: &YoungId) -> Result<Self, SealError> {
        Ok(Self { young: young.clone(), key: random()? })
    }

    pub fn wrap(&self, keys: &Keys) -> Result<Vec<u8>, SealError> {
        seal(&keys.wrapping, &format!("{}/key", self.young), &self.key)
    }

    /// `about` names what it is: `op/<id>`, `label/<consent>`, `custody/<consent>`, `summary`.
    pub fn seal(&self, about: &str, words: &str) -> Result<Vec<u8>, SealError> {
        seal(&self.key, &format!("{}/{about}", self.young), words.as_bytes())
    }

    pub fn open(&self, about: &str, sealed: &[u8]) -> Result<String, SealError> {
        text(open(&self.key, &format!("{}/{about}", self.young), sealed)?)
    }
}

fn text(bytes: Vec<u8>) -> Result<String, SealError> {
    String::from_utf8(bytes).map_err(|_| SealError::NotOurs)
}

fn seal(key: &[u8; 32], about: &str, words: &[u8]) -> Result<Vec<u8>, SealError> {
    let nonce: [u8; NONCE] = random()?;
    let payload = Payload { msg: words, aad: about.as_bytes() };
    let sealed = XChaCha20Poly1305::new(key.into()).encrypt(&XNonce::from(nonce), payload);
    let sealed = sealed.map_err(|_| SealError::NotOurs)?;
    let mut bytes = Vec::with_capacity(1 + NONCE + sealed.len());
    bytes.push(FORM);
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(&sealed);
    Ok(bytes)
}

fn open(key: &[u8; 32], about: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let Some((&FORM, rest)) = sealed.split_first() else { return Err(SealError::NotOurs) };
    let Some((nonce, words)) = rest.split_at_checked(NONCE) else { return Err(SealError::NotOurs) };
    let payload = Payload { msg: words, aad: about.as_bytes() };
    XChaCha20Poly1305::new(key.into()).decrypt(XNonce::from_slice(nonce), payload).map_err(|_| SealError::NotOurs)
}

/// HMAC-SHA256 over pieces, each with its length before it, so that moving a byte from one to the next shows.
fn mac(key: &[u8; 32], pieces: &[&[u8]]) -> [u8; 32] {
    // An HMAC takes keys of any length, so this cannot fail; an empty answer would not verify anywhere.
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(key) else { return [0; 32] };
    for piece in pieces {
        mac.update(&(piece.len() as u64).to_be_bytes());
        mac.update(piece);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_in_its_own_place_only() {
        let keys = Keys::new(&[7; 32]);
        let young = YoungId("a".into());
        let key = ContentKey::new(&young).unwrap();
        let sealed = key.seal("op/1", "jordbær").unwrap();
        assert_eq!(key.open("op/1", &sealed).unwrap(), "jordbær");
        assert!(key.open("op/2", &sealed).is_err());
        assert!(ContentKey::new(&young).unwrap().open("op/1", &sealed).is_err());

        let wrapped = key.wrap(&keys).unwrap();
        assert_eq!(keys.unwrap(&young, &wrapped).unwrap().open("op/1", &sealed).unwrap(), "jordbær");
        assert!(keys.unwrap(&YoungId("b".into()), &wrapped).is_err());
        assert!(Keys::new(&[8; 32]).unwrap(&young, &wrapped).is_err());
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(key.open("op/1", &changed).is_err());
        }
        assert!(key.open("op/1", &sealed[..10]).is_err());
        assert!(key.open("op/1", b"").is_err());
    }
}
