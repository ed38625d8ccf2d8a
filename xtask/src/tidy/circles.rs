//! No circles of imports: of what goes in a circle, nothing can be read, moved or tested without all the rest.
//!
//! What lies beside each other in a folder must not: a file, or a folder with everything in it (`a.rs` or `a/mod.rs` belongs to
//! `a/`). A folder and what is in it are one house, so that `mod.rs` puts its parts together and they use what stands in it is no
//! circle. Tests are left out.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use petgraph::algo::{astar, tarjan_scc};
use petgraph::graphmap::DiGraphMap;

use super::modules::{File, Module, modules};
use super::texts_of;
use crate::files;

/// The packages, as where their modules are.
const PACKAGES: &[&str] = &[
    "src",
    "crates/plan/src",
    "crates/protocol/src",
    "crates/server/src",
    "crates/session/src",
    "films/src",
    "tests/e2e/src",
    "xtask/src",
];

/// Which files and folders import others that lie beside them.
type Graph<'a> = DiGraphMap<&'a [String], ()>;

pub fn broken() -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for package in PACKAGES {
        let files = texts_of(files::all(&[package])?, &["rs"])?;
        broken.extend(circles(package, &modules(package, &files)?));
    }
    Ok(broken)
}

fn circles(package: &str, modules: &BTreeMap<Module, File>) -> Vec<String> {
    let graph = beside(modules);
    let components = tarjan_scc(&graph).into_iter();
    let circles = components.filter_map(|component| shortest(&graph, &component.into_iter().collect()));
    circles.map(|circle| format!("{package}: a circle of imports: {circle}")).collect()
}

fn beside(modules: &BTreeMap<Module, File>) -> Graph<'_> {
    let mut graph = Graph::new();
    for (one, file) in modules {
        for other in file.used.union(&file.passed_on) {
            let common = one.iter().zip(other).take_while(|(one, other)| one == other).count();
            if common < one.len() && common < other.len() {
                graph.add_edge(&one[..=common], &other[..=common], ());
            }
        }
    }
    graph
}

/// The shortest circle of those that are all reached from each other; `None` for one alone.
fn shortest(graph: &Graph, component: &BTreeSet<&[String]>) -> Option<String> {
    let inside = graph.all_edges().filter(|(one, other, ())| component.contains(one) && component.contains(other));
    let circles = inside.filter_map(|(one, other, ())| {
        let (_, back) = astar(graph, other, |at| at == one, |_| 1, |_| 0)?;
        Some([vec![one], back].concat())
    });
    let circle = circles.min_by_key(Vec::len)?;
    Some(circle.iter().map(|module| module.join("::")).collect::<Vec<_>>().join(" -> "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let files: Vec<_> = files.iter().map(|(name, text)| (format!("p/{name}"), (*text).to_owned())).collect();
        let found = circles("p", &modules("p", &files).unwrap());
        let expected: Vec<_> = expected.iter().map(|circle| format!("p: a circle of imports: {circle}")).collect();
        assert_eq!(found, expected, "{files:?}");
    }

    #[test]
    fn two_files_that_import_each_other_are_a_circle() {
        let one = ("a.rs", "use crate::b::{inner, Thing};");
        check(&[one, ("b.rs", "fn f() { super::a::g() }")], &["a -> b -> a"]);
        check(&[one, ("b.rs", "use super::{c, a as other};"), ("c.rs", "")], &["a -> b -> a"]);
        check(&[one, ("b.rs", "use super::c;"), ("c.rs", "")], &[]);
    }

    #[test]
    fn a_longer_circle_is_found_by_its_shortest_way() {
        let [one, two] = [("a.rs", "use crate::b;"), ("b.rs", "use crate::c;")];
        check(&[one, two, ("c.rs", "use crate::a;")], &["a -> b -> c -> a"]);
        check(&[one, two, ("c.rs", "use crate::d;"), ("d.rs", "use crate::{a, c};")], &["c -> d -> c"]);
        let apart = [("x.rs", "use crate::y;"), ("y.rs", "use crate::{a, x};")];
        check(&[one, two, ("c.rs", "use crate::a;"), apart[0], apart[1]], &["a -> b -> c -> a", "x -> y -> x"]);
    }

    #[test]
    fn a_folder_counts_with_what_is_in_it() {
        let outside = ("b.rs", "use crate::a;");
        check(&[("a/mod.rs", "mod c;"), ("a/c.rs", "use crate::b::Thing;"), outside], &["a -> b -> a"]);
        check(&[("a.rs", "mod c;"), ("a/c.rs", "use crate::b::Thing;"), outside], &["a -> b -> a"]);
        let inside = [("a/c.rs", "use super::d;"), ("a/d.rs", "use super::c;")];
        check(&[("a/mod.rs", "mod c; mod d;"), inside[0], inside[1]], &["a::c -> a::d -> a::c"]);
    }

    #[test]
    fn a_folder_and_its_tests_are_no_circle() {
        check(&[("a/mod.rs", "mod b; fn f() { b::g() }"), ("a/b.rs", "use super::Thing;")], &[]);
        let tests = "#[cfg(test)] mod tests { use crate::a; } #[cfg(test)] use crate::a::Thing;";
        check(&[("a.rs", "use crate::b;"), ("b.rs", tests), ("b/tests.rs", "use crate::a;")], &[]);
    }
}
