//! Names and secrets: what they are made of, and in which form they are stored.

use sha2::{Digest, Sha256};
use std::fmt;

/// The machine gives no random bytes. Nothing can be made safely then.
pub type NoRandomness = getrandom::Error;

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        text.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])));
        text
    })
}

/// The bytes of [`hex`]; `None` when the text is something else.
pub fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != N * 2 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub String);

        impl $name {
            /// A new one: 128 random bits.
            pub fn new() -> Result<Self, NoRandomness> {
                random::<16>().map(|bytes| Self(hex(&bytes)))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

names! {
    /// A young person, as the server knows them.
    YoungId
    DeviceId
    StaffId
    UnitId
    InvitationId
    /// A link that a guest was given, as the young person's list has it.
    GuestId
    ConsentId
}

/// What a device or a staff session shows to be let in: 256 random bits, kept in a cookie and nowhere else.
pub struct Token(String);

/// What is stored of a token. The bits are random, so a plain hash is enough.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TokenHash(pub [u8; 32]);

/// What is stored of an invitation's code: keyed, since 50 bits could be tried out by who has stolen the database.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CodeHash(pub [u8; 32]);

/// What a phone has made for one yes, and shows when it asks for that yes again: 256 random bits.
#[derive(Clone)]
pub struct Secret([u8; 32]);

/// What is stored of a secret: keyed, as the token of the device is made from the same bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SecretHash(pub [u8; 32]);

impl Secret {
    /// One spelling only, so that what is typed by hand or cut short is noticed.
    pub fn from_text(text: &str) -> Option<Self> {
        let small = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        small.then(|| from_hex(text).map(Self)).flatten()
    }

    pub fn new() -> Result<Self, NoRandomness> {
        random().map(Self)
    }

    /// From bits that nobody else has.
    pub fn from_bits(bits: [u8; 32]) -> Self {
        Self(bits)
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Token {
    /// From bits that nobody else has.
    pub fn from_bits(bits: [u8; 32]) -> Self {
        Self(hex(&bits))
    }

    pub fn new() -> Result<Self, NoRandomness> {
        random::<32>().map(|bytes| Self(hex(&bytes)))
    }

    /// What a cookie holds, when it can be a token at all.
    pub fn from_cookie(text: &str) -> Option<Self> {
        from_hex::<32>(text).map(|_| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}
