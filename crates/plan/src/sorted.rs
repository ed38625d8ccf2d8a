//! One sort for everything. The standard library's is compiled anew for each type of what is sorted, and for each type that is
//! collected into a tree; a dozen of them were a twentieth of a first visit.

use std::cmp::Ordering;
use std::collections::BTreeSet;

/// The places of so many things in their order; what is equal stays as it was.
pub(crate) fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<u32> {
    let mut places: Vec<u32> = (0..).take(count).collect();
    places.sort_unstable_by(|a, b| compare(*a as usize, *b as usize).then(a.cmp(b)));
    places
}

/// The same things in order.
pub(crate) fn sorted<T>(items: Vec<T>, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let places = places(items.len(), &|a, b| compare(&items[a], &items[b]));
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    places.into_iter().filter_map(|place| items[place as usize].take()).collect()
}

/// A set of these, put in one by one.
pub(crate) fn set_of<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sorted_is_in_order_and_what_is_equal_stays_as_it_was() {
        let words = vec!["bil", "and", "b", "a", "bi", "an"];
        let by_length = sorted(words.clone(), |a, b| a.len().cmp(&b.len()));
        assert_eq!(by_length, ["b", "a", "bi", "an", "bil", "and"]);
        assert_eq!(sorted(words, |a, b| a.cmp(b)), ["a", "an", "and", "b", "bi", "bil"]);
        assert!(sorted(Vec::<u8>::new(), |a, b| a.cmp(b)).is_empty());
    }
}
