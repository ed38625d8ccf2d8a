//! Sets and maps of a few things: a phone has some consents, some requests under way, some fields that are written in. A
//! tree for each of them would be a tenth of the machine's code, which every phone has to fetch.

/// A few things, each once, in the order in which they came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Set<T>(Vec<T>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: PartialEq> Set<T> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }

    pub(crate) fn has<Q: ?Sized>(&self, thing: &Q) -> bool
    where
        T: PartialEq<Q>,
    {
        self.0.iter().any(|known| known == thing)
    }

    pub(crate) fn insert(&mut self, thing: T) {
        if !self.has(&thing) {
            self.0.push(thing);
        }
    }

    /// Whether it was there.
    pub(crate) fn remove<Q: ?Sized>(&mut self, thing: &Q) -> bool
    where
        T: PartialEq<Q>,
    {
        let place = self.0.iter().position(|known| known == thing);
        place.map(|place| self.0.remove(place)).is_some()
    }

    /// Everything, and none is left.
    pub(crate) fn take(&mut self) -> Vec<T> {
        std::mem::take(&mut self.0)
    }
}

/// A few values by their keys, in the order in which they came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Map<K, V>(Vec<(K, V)>);

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, V> Map<K, V> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.0.iter()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    fn place<Q: ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: PartialEq<Q>,
    {
        self.0.iter().position(|(known, _)| known == key)
    }

    pub(crate) fn has<Q: ?Sized>(&self, key: &Q) -> bool
    where
        K: PartialEq<Q>,
    {
        self.place(key).is_some()
    }

    pub(crate) fn get<Q: ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: PartialEq<Q>,
    {
        self.place(key).map(|place| &self.0[place].1)
    }

    pub(crate) fn get_mut<Q: ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: PartialEq<Q>,
    {
        self.place(key).map(|place| &mut self.0[place].1)
    }

    /// The value of a key, which is this one when there was none.
    pub(crate) fn get_or_insert(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        let place = self.place(&key).unwrap_or_else(|| {
            self.0.push((key, value()));
            self.0.len() - 1
        });
        &mut self.0[place].1
    }

    /// Puts a value in the place of what was there.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        match self.get_mut(&key) {
            Some(known) => *known = value,
            None => self.0.push((key, value)),
        }
    }

    pub(crate) fn remove<Q: ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: PartialEq<Q>,
    {
        self.place(key).map(|place| self.0.remove(place).1)
    }

    pub(crate) fn retain(&mut self, is_kept: impl Fn(&V) -> bool) {
        self.0.retain(|(_, value)| is_kept(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_is_there_once() {
        let mut set = Set::default();
        for thing in ["a", "b", "a"] {
            set.insert(thing.to_owned());
        }
        assert!(set.has("a") && !set.has("c"));
        assert!(set.remove("a") && !set.remove("a"));
        assert_eq!(set.iter().collect::<Vec<_>>(), ["b"]);
        assert_eq!((set.take(), set.iter().count()), (vec!["b".to_owned()], 0));
    }

    #[test]
    fn each_key_has_one_value() {
        let mut map = Map::default();
        map.insert(1, "a");
        map.insert(2, "b");
        map.insert(1, "c");
        assert_eq!(*map.get_or_insert(1, || "d"), "c");
        assert_eq!(*map.get_or_insert(3, || "d"), "d");
        assert_eq!(map.iter().copied().collect::<Vec<_>>(), [(1, "c"), (2, "b"), (3, "d")]);
        assert_eq!((map.remove(&2), map.remove(&2), map.has(&2)), (Some("b"), None, false));
        map.retain(|value| *value == "d");
        assert_eq!((map.keys().copied().collect::<Vec<_>>(), map.values().collect::<Vec<_>>()), (vec![3], vec![&"d"]));
        if let Some(value) = map.get_mut(&3) {
            *value = "e";
        }
        assert_eq!(map.get(&3), Some(&"e"));
    }
}
