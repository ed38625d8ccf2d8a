//! How often something may be tried. Wrong codes and wrong passwords are counted per address and in all, in memory: a
//! restart forgets them, which is no help to somebody who must guess one of 10^15.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// Tries are counted over this long.
pub const WINDOW_MILLIS: u64 = 10 * 60 * 1000;
/// Above this many keys those that have run out are thrown away.
const MANY_KEYS: usize = 10_000;

/// Wrong codes from one address, which a whole house shares: one person who cannot read a letter shuts nobody else out.
pub const CODES_FROM_ADDRESS: usize = 100;
/// Wrong codes in all, which is what the safety of a code rests on. A code has 50 bits and is good for 72 hours; `docs/protocol.md` says what that leaves to chance.
const CODES_FROM_ANYWHERE: usize = 10_000;
/// Secrets of no yes in all: each is remembered for 72 hours, in a row of the database.
const SECRETS_FROM_ANYWHERE: usize = 10_000;

/// What is counted. Tries are counted for every network that an address is in: see [`networks`].
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Key {
    CodeFrom(Network),
    CodeFromAnywhere,
    /// A secret that no yes has come with.
    SettleFrom(Network),
    SettleFromAnywhere,
    SignInAs(String, Network),
    SignInAsFromAnywhere(String),
    SignInFrom(Network),
}

impl Key {
    fn most(&self) -> usize {
        match self {
            Self::CodeFrom(network) => CODES_FROM_ADDRESS * network.share(),
            Self::SignInAs(_, network) => 10 * network.share(),
            Self::CodeFromAnywhere => CODES_FROM_ANYWHERE,
            Self::SettleFrom(network) => 60 * network.share(),
            Self::SettleFromAnywhere => SECRETS_FROM_ANYWHERE,
            Self::SignInAsFromAnywhere(_) => 100,
            Self::SignInFrom(network) => 50 * network.share(),
        }
    }
}

/// An address, or all those that begin with the same bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// How many times the tries of one subscriber: a /56 or a /48 is given to one customer, who can take any address in it,
    /// and a /32 to one provider.
    fn share(self) -> usize {
        match (self.address, self.bits) {
            (IpAddr::V6(_), 56) => 3,
            (IpAddr::V6(_), 48) => 5,
            (IpAddr::V6(_), 32) => 10,
            _ => 1,
        }
    }
}

/// The networks that an address is counted in: an IPv4 address is one subscriber, and of IPv6 it is not said how much of an
/// address is, so each of the usual sizes counts.
pub fn networks(address: IpAddr) -> impl Iterator<Item = Network> {
    let (address, sizes): (IpAddr, &[u8]) = match address.to_canonical() {
        v4 @ IpAddr::V4(_) => (v4, &[32]),
        v6 @ IpAddr::V6(_) => (v6, &[64, 56, 48, 32]),
    };
    sizes.iter().map(move |bits| match address {
        IpAddr::V4(_) => Network { address, bits: *bits },
        IpAddr::V6(v6) => {
            let first = v6.to_bits() >> (128 - bits) << (128 - bits);
            Network { address: IpAddr::V6(Ipv6Addr::from_bits(first)), bits: *bits }
        }
    })
}

/// Too many tries: wait this long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooMany {
    pub retry_after_seconds: u64,
}

/// Counts tries.
#[derive(Default)]
pub struct Limiter(Mutex<Tries>);

#[derive(Default)]
struct Tries {
    times: HashMap<Key, Vec<u64>>,
    /// How many keys there were after the last clearing away.
    cleared: usize,
}

impl Limiter {
    /// Counts a try for every key before it is made, so that many at once do not slip through together.
    ///
    /// # Errors
    /// When one of the keys has no tries left; nothing is counted then.
    pub fn begin(&self, keys: &[Key], now: u64) -> Result<(), TooMany> {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that jumps must lock nobody out, so the distance counts and not the direction.
        let counts = |at: &u64| at.abs_diff(now) < WINDOW_MILLIS;
        // Only when there are twice as many as were left the last time: else every try would go through all of them.
        if tries.times.len() > MANY_KEYS.max(2 * tries.cleared) {
            tries.times.retain(|_, times| times.iter().any(counts));
            tries.cleared = tries.times.len();
        }
        for key in keys {
            let Some(times) = tries.times.get_mut(key) else { continue };
            times.retain(counts);
            if times.len() >= key.most() {
                let first = times.iter().copied().min().unwrap_or(now);
                let wait = first.saturating_add(WINDOW_MILLIS).saturating_sub(now).min(WINDOW_MILLIS);
                return Err(TooMany { retry_after_seconds: wait.div_ceil(1000).max(1) });
            }
        }
        for key in keys {
            tries.times.entry(key.clone()).or_default().push(now);
        }
        Ok(())
    }

    /// Takes a try back: it was right.
    pub fn forgive(&self, keys: &[Key], at: u64) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            let Some(times) = tries.times.get_mut(key) else { continue };
            if let Some(place) = times.iter().position(|time| *time == at) {
                times.swap_remove(place);
            }
            if times.is_empty() {
                tries.times.remove(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_run_out_and_come_back() {
        let limiter = Limiter::default();
        let from = |last: u8| networks([10, 0, 0, last].into()).map(Key::CodeFrom).collect::<Vec<_>>();
        let key = from(1);
        for at in 0..100 {
            assert_eq!(limiter.begin(&key, at * 1000), Ok(()));
        }
        assert_eq!(limiter.begin(&key, 100_000), Err(TooMany { retry_after_seconds: 500 }));
        assert_eq!(limiter.begin(&from(2), 100_000), Ok(()));
        limiter.forgive(&key, 3000);
        assert_eq!(limiter.begin(&key, 100_000), Ok(()));
        assert_eq!(limiter.begin(&key, WINDOW_MILLIS), Ok(()));
        assert_eq!(limiter.begin(&key, WINDOW_MILLIS), Err(TooMany { retry_after_seconds: 1 }));
        // Ten years back and forth.
        assert_eq!(limiter.begin(&key, 10 * 365 * 86_400_000), Ok(()));
    }

    #[test]
    fn one_subscriber_is_one_address() {
        let counted = |text: &str| {
            let found = networks(text.parse().unwrap()).map(|network| format!("{}/{}", network.address, network.bits));
            found.collect::<Vec<_>>()
        };
        let sizes = ["2001:db8:1:2::/64", "2001:db8:1::/56", "2001:db8:1::/48", "2001:db8::/32"];
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), sizes);
        assert_eq!(counted("::ffff:10.0.0.1"), ["10.0.0.1/32"]);
        assert_eq!(counted("10.0.0.1"), ["10.0.0.1/32"]);
    }

    /// How many wrong codes are taken from addresses that a number chooses.
    fn taken(tries: u64, address: impl Fn(u64) -> Ipv6Addr) -> usize {
        let limiter = Limiter::default();
        let keys =
            |n| networks(address(n).into()).map(Key::CodeFrom).chain([Key::CodeFromAnywhere]).collect::<Vec<_>>();
        (0..tries).filter(|n| limiter.begin(&keys(*n), *n).is_ok()).count()
    }

    #[test]
    fn a_network_has_few_tries_and_cannot_use_up_those_of_all() {
        let address = |high: u64, n: u64| Ipv6Addr::from_bits((u128::from(high + n) << 64) | u128::from(n));
        let net = 0x2001_0db8_0001_0000;
        assert_eq!(taken(2_000, |n| address(net, n % 256)), 300);
        assert_eq!(taken(2_000, |n| address(net, n * 31)), 500);
        assert_eq!(taken(2_000, |n| address(net, n << 16)), 1_000);
        // From everywhere at once it is many, and not without end.
        assert_eq!(taken(12_000, |n| address(net, n << 32)), CODES_FROM_ANYWHERE);
    }
}
