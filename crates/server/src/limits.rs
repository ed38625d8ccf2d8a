//! How often something may be tried. Wrong codes and wrong passwords are counted per address and in all, in memory: a
//! restart forgets them, which is no help to somebody who must guess one of 10^15.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Tries are counted over this long.
pub const WINDOW_MILLIS: u64 = 10 * 60 * 1000;
/// Above this many keys those that have run out are thrown away.
const MANY_KEYS: usize = 10_000;

/// What is counted.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Key {
    CodeFrom(IpAddr),
    CodeFromAnywhere,
    /// A secret that no yes has come with.
    SettleFrom(IpAddr),
    SettleFromAnywhere,
    SignInAs(String, IpAddr),
    SignInAsFromAnywhere(String),
    SignInFrom(IpAddr),
}

impl Key {
    fn most(&self) -> usize {
        match self {
            Self::CodeFrom(_) | Self::SignInAs(..) => 10,
            Self::CodeFromAnywhere => 300,
            Self::SettleFrom(_) => 60,
            Self::SettleFromAnywhere => 10_000,
            Self::SignInAsFromAnywhere(_) => 100,
            Self::SignInFrom(_) => 50,
        }
    }
}

/// Too many tries: wait this long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooMany {
    pub retry_after_seconds: u64,
}

/// Counts tries.
#[derive(Default)]
pub struct Limiter(Mutex<HashMap<Key, Vec<u64>>>);

impl Limiter {
    /// Counts a try for every key before it is made, so that many at once do not slip through together.
    ///
    /// # Errors
    /// When one of the keys has no tries left; nothing is counted then.
    pub fn begin(&self, keys: &[Key], now: u64) -> Result<(), TooMany> {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that jumps must lock nobody out, so the distance counts and not the direction.
        let counts = |at: &u64| at.abs_diff(now) < WINDOW_MILLIS;
        if tries.len() > MANY_KEYS {
            tries.retain(|_, times| times.iter().any(counts));
        }
        for key in keys {
            let Some(times) = tries.get_mut(key) else { continue };
            times.retain(counts);
            if times.len() >= key.most() {
                let first = times.iter().copied().min().unwrap_or(now);
                let wait = first.saturating_add(WINDOW_MILLIS).saturating_sub(now).min(WINDOW_MILLIS);
                return Err(TooMany { retry_after_seconds: wait.div_ceil(1000).max(1) });
            }
        }
        for key in keys {
            tries.entry(key.clone()).or_default().push(now);
        }
        Ok(())
    }

    /// Takes a try back: it was right.
    pub fn forgive(&self, keys: &[Key], at: u64) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            let Some(times) = tries.get_mut(key) else { continue };
            if let Some(place) = times.iter().position(|time| *time == at) {
                times.swap_remove(place);
            }
            if times.is_empty() {
                tries.remove(key);
            }
        }
    }
}

/// The address that counts: for IPv6 the network of the subscriber, who can choose any address in it.
pub fn counted_address(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(
            || {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
            },
            IpAddr::V4,
        ),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_run_out_and_come_back() {
        let limiter = Limiter::default();
        let key = [Key::CodeFrom([10, 0, 0, 1].into())];
        for at in 0..10 {
            assert_eq!(limiter.begin(&key, at * 1000), Ok(()));
        }
        assert_eq!(limiter.begin(&key, 10_000), Err(TooMany { retry_after_seconds: 590 }));
        assert_eq!(limiter.begin(&[Key::CodeFrom([10, 0, 0, 2].into())], 10_000), Ok(()));
        limiter.forgive(&key, 3000);
        assert_eq!(limiter.begin(&key, 10_000), Ok(()));
        assert_eq!(limiter.begin(&key, WINDOW_MILLIS), Ok(()));
        assert_eq!(limiter.begin(&key, WINDOW_MILLIS), Err(TooMany { retry_after_seconds: 1 }));
        // Ten years back and forth.
        assert_eq!(limiter.begin(&key, 10 * 365 * 86_400_000), Ok(()));
    }

    #[test]
    fn one_subscriber_is_one_address() {
        let counted = |text: &str| counted_address(text.parse().unwrap()).to_string();
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(counted("::ffff:10.0.0.1"), "10.0.0.1");
        assert_eq!(counted("10.0.0.1"), "10.0.0.1");
    }
}
