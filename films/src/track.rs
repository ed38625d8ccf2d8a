//! How something moves: what it is at which second, and how it gets from one to the next.

use serde::Deserialize;
use std::f64::consts::PI;

/// Faces and such change this long before the second that is written.
const TURN: f64 = 0.35;

/// How a movement arrives. In life nothing starts or stops at once.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Ease {
    Both,
    In,
    Out,
    Linear,
    /// Stays, and is there all at once.
    Hold,
    /// Goes a little too far, and comes back.
    Back,
}

impl Ease {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "both" => Self::Both,
            "in" => Self::In,
            "out" => Self::Out,
            "linear" => Self::Linear,
            "hold" => Self::Hold,
            "back" => Self::Back,
            _ => return None,
        })
    }

    fn at(self, share: f64) -> f64 {
        match self {
            Self::Both => (1.0 - (share * PI).cos()) / 2.0,
            Self::In => share * share,
            Self::Out => 1.0 - (1.0 - share) * (1.0 - share),
            Self::Linear => share,
            Self::Hold => 0.0,
            Self::Back => {
                let left = share - 1.0;
                1.0 + 2.7 * left * left * left + 1.7 * left * left
            }
        }
    }
}

#[derive(Clone, Debug)]
struct Key {
    second: f64,
    numbers: Vec<f64>,
    word: String,
    ease: Ease,
}

/// Keys in the order of time. In a script `[[0, 540, 960], [2.5, 540, 900, "out"]]` or `[[0, "calm"], [3, "smile"]]`.
#[derive(Clone, Default, Debug, Deserialize)]
#[serde(try_from = "Vec<Vec<toml::Value>>")]
pub struct Track(Vec<Key>);

impl TryFrom<Vec<Vec<toml::Value>>> for Track {
    type Error = String;

    fn try_from(rows: Vec<Vec<toml::Value>>) -> Result<Self, String> {
        let mut keys: Vec<Key> = Vec::new();
        for row in rows {
            let mut key = Key { second: 0.0, numbers: Vec::new(), word: String::new(), ease: Ease::Both };
            for (place, value) in row.iter().enumerate() {
                let number = value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64));
                match (number, value.as_str()) {
                    (Some(number), _) if place == 0 => key.second = number,
                    (Some(number), _) => key.numbers.push(number),
                    (None, Some(word)) if place == 1 => word.clone_into(&mut key.word),
                    (None, Some(name)) if place > 1 => {
                        key.ease = Ease::from_name(name).ok_or_else(|| format!("{name} is no way to move"))?;
                    }
                    _ => return Err(format!("{row:?} is no key: a second, then numbers or a word, then how")),
                }
            }
            if keys.last().is_some_and(|last| last.second > key.second) {
                return Err(format!("{row:?} comes before the key above it"));
            }
            keys.push(key);
        }
        Ok(Self(keys))
    }
}

impl Track {
    /// The keys around a moment, and how far between the two it is.
    fn around(&self, second: f64) -> Option<(&Key, &Key, f64)> {
        let after = self.0.iter().position(|key| key.second > second).unwrap_or(self.0.len());
        let (before, next) = (self.0.get(after.saturating_sub(1))?, self.0.get(after).or(self.0.last())?);
        let length = next.second - before.second;
        let share = if length > 0.0 { ((second - before.second) / length).clamp(0.0, 1.0) } else { 1.0 };
        Some((before, next, share))
    }

    /// Numbers at a moment; what a key leaves out is as `rest` has it.
    pub fn numbers<const N: usize>(&self, second: f64, rest: [f64; N]) -> [f64; N] {
        let Some((before, next, share)) = self.around(second) else { return rest };
        let share = next.ease.at(share);
        std::array::from_fn(|place| {
            let of = |key: &Key| key.numbers.get(place).copied().unwrap_or(rest[place]);
            of(before) + (of(next) - of(before)) * share
        })
    }

    pub fn number(&self, second: f64, rest: f64) -> f64 {
        self.numbers(second, [rest])[0]
    }

    /// The word at a moment, the one before it, and how far the change between them has come.
    pub fn words(&self, second: f64) -> Option<(&str, &str, f64)> {
        let at = self.0.iter().rposition(|key| key.second <= second).unwrap_or(0);
        let now = self.0.get(at)?;
        let before = self.0.get(at.wrapping_sub(1)).unwrap_or(now);
        let share = Ease::Both.at(((second - now.second) / TURN).clamp(0.0, 1.0));
        Some((&before.word, &now.word, share))
    }

    pub fn word(&self, second: f64) -> Option<&str> {
        self.words(second).map(|(_, now, _)| now)
    }

    /// Every word that is used.
    pub fn list_words(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|key| key.word.as_str()).filter(|word| !word.is_empty())
    }

    pub fn last_second(&self) -> f64 {
        self.0.last().map_or(0.0, |key| key.second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(text: &str) -> Track {
        #[derive(Deserialize)]
        struct One {
            track: Track,
        }
        toml::from_str::<One>(&format!("track = {text}")).map(|one| one.track).unwrap_or_default()
    }

    #[test]
    fn a_movement_begins_and_ends_slowly() {
        let track = track("[[1, 0, 10], [3, 100]]");
        assert_eq!(track.numbers(0.0, [5.0, 5.0]), [0.0, 10.0]);
        assert!((track.numbers(2.0, [5.0, 5.0])[0] - 50.0).abs() < 1e-9);
        assert!(track.number(1.2, 0.0) < 10.0 && track.number(2.8, 0.0) > 90.0);
        assert_eq!(track.numbers(9.0, [5.0, 5.0]), [100.0, 5.0]);
        assert_eq!(Track::default().number(1.0, 7.0), 7.0);
    }

    #[test]
    fn a_word_stays_until_the_next() {
        let track = track("[[0, \"calm\"], [2, \"smile\"]]");
        assert_eq!(track.word(1.9), Some("calm"));
        assert_eq!(track.words(2.0), Some(("calm", "smile", 0.0)));
        assert_eq!(track.words(5.0).map(|(_, now, share)| (now, share)), Some(("smile", 1.0)));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["[[0, 1], [-1, 2]]", "[[\"x\"]]", "[[0, 1, \"fast\"]]", "[[0, true]]"] {
            assert!(toml::from_str::<toml::Table>(&format!("track = {text}")).is_ok(), "{text}");
            assert!(track(text).0.is_empty(), "{text}");
        }
    }
}
