//! Who replaces whom among the operations on one field, in time that grows with their number and that of their parents.
//!
//! What an operation names as its parent is replaced by it, whatever the clocks say. Only in a circle, which no honest
//! writer makes, the clock decides which link does not count: otherwise everything in it would disappear.
//!
//! Stamps and parents are whatever somebody has sent, so nothing here may take longer for some of them than for others:
//! circles are found once for a field and not once for a link, and without recursion.

use crate::id::OpId;
use crate::op::Record;
use crate::sorted::{places, sorted};
use crate::stamp::Stamp;

/// No place, or not yet.
const NONE: u32 = u32::MAX;

/// When an operation was written, for telling earlier from later.
pub(crate) fn age(record: &Record) -> (Stamp, OpId) {
    (record.op.at, record.op.id)
}

/// Earliest first.
pub(crate) fn by_age(records: Vec<&Record>) -> Vec<&Record> {
    sorted(records, |a, b| age(a).cmp(&age(b)))
}

/// For each of these operations on one field, whether one of the others replaces it; of those others only the ones that
/// `counts` says yes to.
pub(crate) fn replaced(all: &[&Record], counts: impl Fn(&Record) -> bool) -> Vec<bool> {
    let mut replaced = vec![false; all.len()];
    if all.len() < 2 {
        return replaced;
    }
    let links = Links::between(all);
    let rank = ranks(all);
    let counts: Vec<bool> = all.iter().map(|record| counts(record)).collect();
    // A link to what is earlier always counts. Of the others those that lead out of a circle, or were never in one.
    let mut backwards = false;
    for after in 0..all.len() {
        for before in links.from(after) {
            if rank[before] < rank[after] {
                replaced[before] |= counts[after];
            } else {
                backwards |= after != before;
            }
        }
    }
    if !backwards {
        return replaced;
    }
    let circle = links.circles();
    for after in 0..all.len() {
        for before in links.from(after).filter(|before| circle[*before] != circle[after]) {
            replaced[before] |= counts[after];
        }
    }
    replaced
}

/// The place of each operation among all of them by age, so that earlier and later are told without looking at them.
fn ranks(all: &[&Record]) -> Vec<u32> {
    let by_age = places(all.len(), &|a, b| age(all[a]).cmp(&age(all[b])));
    let mut ranks = vec![0; all.len()];
    for (rank, place) in (0..).zip(by_age) {
        ranks[place as usize] = rank;
    }
    ranks
}

/// The links from operations to their parents on the same field, by their places.
struct Links {
    /// Where the links of each operation begin, and where the last ones end.
    starts: Vec<usize>,
    parents: Vec<u32>,
}

impl Links {
    fn between(all: &[&Record]) -> Self {
        let places = places(all.len(), &|a, b| all[a].op.id.cmp(&all[b].op.id));
        let id = |place: u32| all[place as usize].op.id;
        let (mut starts, mut parents) = (vec![0], Vec::new());
        // Parents are mostly named in order, so the next one is looked for first where the last one was found.
        let mut likely = 0;
        for record in all {
            visit(record.op.parents.len());
            for parent in &record.op.parents {
                let is_there = places.get(likely).is_some_and(|place| id(*place) == *parent);
                let found = if is_there { Ok(likely) } else { places.binary_search_by_key(parent, |place| id(*place)) };
                let Ok(found) = found else { continue };
                parents.push(places[found]);
                likely = found + 1;
            }
            starts.push(parents.len());
        }
        Self { starts, parents }
    }

    fn from(&self, place: usize) -> impl Iterator<Item = usize> {
        let parents = &self.parents[self.starts[place]..self.starts[place + 1]];
        visit(parents.len());
        parents.iter().map(|parent| *parent as usize)
    }

    /// For each operation the number of its circle: two have the same one when each can be reached from the other. This is
    /// Tarjan's algorithm with a stack of its own.
    fn circles(&self) -> Vec<u32> {
        let count = self.starts.len() - 1;
        let mut search = Search {
            found: vec![NONE; count],
            lowest: vec![NONE; count],
            circle: vec![NONE; count],
            open: Vec::new(),
            next: 0,
            circles: 0,
        };
        // Where the search stands: an operation, and the next of its links to follow.
        let mut path: Vec<(usize, usize)> = Vec::new();
        for start in 0..count {
            if search.found[start] != NONE {
                continue;
            }
            search.enter(start);
            path.push((start, self.starts[start]));
            while let Some((place, link)) = path.last_mut() {
                let place = *place;
                if *link == self.starts[place + 1] {
                    path.pop();
                    search.leave(place, path.last().map(|(from, _)| *from));
                    continue;
                }
                let parent = self.parents[*link] as usize;
                *link += 1;
                visit(1);
                if search.found[parent] == NONE {
                    search.enter(parent);
                    path.push((parent, self.starts[parent]));
                } else if search.circle[parent] == NONE {
                    search.lowest[place] = search.lowest[place].min(search.found[parent]);
                }
            }
        }
        search.circle
    }
}

/// What the search has learnt about each operation.
struct Search {
    /// In which order it was found.
    found: Vec<u32>,
    /// The first found one that can be reached from it.
    lowest: Vec<u32>,
    circle: Vec<u32>,
    /// Found, and not yet in a circle.
    open: Vec<usize>,
    next: u32,
    circles: u32,
}

impl Search {
    fn enter(&mut self, place: usize) {
        self.found[place] = self.next;
        self.lowest[place] = self.next;
        self.next += 1;
        self.open.push(place);
    }

    /// Everything behind an operation has been seen.
    fn leave(&mut self, place: usize, from: Option<usize>) {
        if let Some(from) = from {
            self.lowest[from] = self.lowest[from].min(self.lowest[place]);
        }
        if self.lowest[place] != self.found[place] {
            return;
        }
        while let Some(member) = self.open.pop() {
            self.circle[member] = self.circles;
            if member == place {
                break;
            }
        }
        self.circles += 1;
    }
}

/// Counts what is looked at, for tests: time would tell how fast the machine is.
#[cfg(not(test))]
pub(crate) fn visit(_count: usize) {}

#[cfg(test)]
pub(crate) use tests::visit;

#[cfg(test)]
mod tests;
