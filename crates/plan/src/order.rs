//! Fractional keys: a place between any two places, without moving anything else.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn digit(byte: Option<&u8>) -> usize {
    byte.and_then(|b| DIGITS.iter().position(|d| d == b)).unwrap_or(0)
}

fn is_key(text: &str) -> bool {
    text.bytes().all(|byte| DIGITS.contains(&byte))
}

/// A key that sorts after `low` and before `high`; `None` means the end of the list. No key ends in the lowest digit, so
/// that there is always room below it.
///
/// `None` is returned when there is no room: the two are equal, in the wrong order, or not keys. The list is then given
/// new keys.
pub fn between(low: Option<&str>, high: Option<&str>) -> Option<String> {
    if !low.is_none_or(is_key) || !high.is_none_or(is_key) {
        return None;
    }
    let low = low.unwrap_or("").as_bytes();
    if high.is_some_and(|high| low >= high.as_bytes() || high.is_empty()) {
        return None;
    }
    let mut key = Vec::with_capacity(low.len() + 1);
    let mut high = high.map(str::as_bytes);
    let longest = low.len() + high.map_or(0, <[u8]>::len) + 1;
    for place in 0.. {
        let from = digit(low.get(place));
        let to = match high {
            None => DIGITS.len(),
            Some(high) => digit(high.get(place)),
        };
        if from + 1 < to {
            // At the end of the list take the next digit rather than the middle: lists mostly grow downwards.
            let step = if high.is_none() { 1.max((to - from) / 16) } else { (to - from) / 2 };
            key.push(DIGITS[from + step]);
            break;
        }
        if from + 1 == to {
            high = None;
        } else if from > to {
            return None;
        }
        key.push(DIGITS[from]);
        // Keys that are not ours (all lowest digits) leave no room; stop rather than search for ever.
        if place > longest {
            return None;
        }
    }
    String::from_utf8(key).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn there_is_no_room_between_equals() {
        assert_eq!(between(Some("V"), Some("V")), None);
        assert_eq!(between(Some("W"), Some("V")), None);
        assert_eq!(between(None, Some("")), None);
        assert_eq!(between(None, Some("000")), None);
        assert_eq!(between(Some("~"), None), None);
        assert_eq!(between(Some("V"), Some("æ")), None);
    }

    #[test]
    fn there_is_always_room_at_the_top() {
        let mut first = between(None, None).unwrap();
        for _ in 0..1_000 {
            let before = between(None, Some(&first)).unwrap();
            assert!(before < first, "{before} {first}");
            first = before;
        }
    }

    #[test]
    fn a_list_that_grows_keeps_short_keys() {
        let mut last = between(None, None).unwrap();
        for _ in 0..200 {
            last = between(Some(&last), None).unwrap();
        }
        assert!(last.len() <= 16, "{last}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn any_sequence_of_inserts_stays_in_order(places in prop::collection::vec(any::<prop::sample::Index>(), 1..200)) {
            let mut keys: Vec<String> = Vec::new();
            for place in places {
                let at = place.index(keys.len() + 1);
                let low = at.checked_sub(1).map(|i| keys[i].as_str());
                let key = between(low, keys.get(at).map(String::as_str)).unwrap();
                keys.insert(at, key);
            }
            prop_assert!(keys.is_sorted_by(|a, b| a < b));
        }
    }
}
