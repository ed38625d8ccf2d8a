//! Sealing at rest: XChaCha20-Poly1305 with the device's random key; what a thing is called is bound to what it holds.

use chacha20poly1305::aead::{Aead, AeadInPlace, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

/// Bytes of the nonce, in front of the sealed text.
const NONCE: usize = 24;
/// Bytes of a device key.
pub const KEY: usize = 32;

/// Seals and opens with one key.
#[derive(Clone)]
pub struct Sealer(XChaCha20Poly1305);

impl Sealer {
    pub fn new(key: &[u8; KEY]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// Seals a text under a name: it opens under no other. `None` when the browser has no randomness to give.
    pub fn seal(&self, name: &str, text: &str) -> Option<Vec<u8>> {
        let mut sealed = vec![0; NONCE];
        getrandom::fill(&mut sealed).ok()?;
        let payload = Payload { msg: text.as_bytes(), aad: name.as_bytes() };
        let body = self.0.encrypt(XNonce::from_slice(&sealed), payload).ok()?;
        sealed.extend(body);
        Some(sealed)
    }

    /// Opens what was sealed under this name; `None` when it was not, or was changed.
    pub fn open(&self, name: &str, mut sealed: Vec<u8>) -> Option<String> {
        let nonce = *XNonce::from_slice(sealed.get(..NONCE)?);
        sealed.drain(..NONCE);
        self.0.decrypt_in_place(&nonce, name.as_bytes(), &mut sealed).ok()?;
        String::from_utf8(sealed).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_as_it_was() {
        let sealer = Sealer::new(&[7; KEY]);
        let sealed = sealer.seal("a-1", "Musik i begge ører").unwrap();
        assert_eq!(sealer.open("a-1", sealed.clone()).as_deref(), Some("Musik i begge ører"));
        assert_eq!(sealer.open("a-2", sealed.clone()), None);
        assert_eq!(Sealer::new(&[8; KEY]).open("a-1", sealed.clone()), None);
        for at in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[at] ^= 1;
            assert_eq!(sealer.open("a-1", broken), None);
        }
        assert_eq!(sealer.open("a-1", sealed[..10].to_vec()), None);
        assert!(!sealed.windows(5).any(|window| window == b"Musik"));
    }
}
