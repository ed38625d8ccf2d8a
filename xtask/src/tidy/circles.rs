//! No circles of imports: of what goes in a circle, nothing can be read, moved or tested without all the rest.
//!
//! What lies beside each other in a folder must not: a file, or a folder with everything in it (`a.rs` or `a/mod.rs` belongs to
//! `a/`). A folder and what is in it are one house, so that `mod.rs` puts its parts together and they use what stands in it is no
//! circle. What it only passes on (`pub use`) counts as imported from where it is. Tests are left out.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use petgraph::algo::{astar, tarjan_scc};
use petgraph::graphmap::DiGraphMap;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, Path, UseTree, Visibility};

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

/// What a module is called from the root of its package: the root is the empty list.
type Module = Vec<String>;

type Imports = BTreeMap<Module, BTreeSet<Module>>;

/// Which files and folders import others that lie beside them.
type Graph<'a> = DiGraphMap<&'a [String], ()>;

pub fn broken() -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for package in PACKAGES {
        let files = texts_of(files::all(&[package])?, &["rs"])?;
        broken.extend(circles(package, &imports(package, &files)?));
    }
    Ok(broken)
}

fn circles(package: &str, imports: &Imports) -> Vec<String> {
    let graph = beside(imports);
    let components = tarjan_scc(&graph).into_iter();
    let circles = components.filter_map(|component| shortest(&graph, &component.into_iter().collect()));
    circles.map(|circle| format!("{package}: a circle of imports: {circle}")).collect()
}

fn beside(imports: &Imports) -> Graph<'_> {
    let mut graph = Graph::new();
    for (one, other) in imports.iter().flat_map(|(one, used)| used.iter().map(move |other| (one, other))) {
        let common = one.iter().zip(other).take_while(|(one, other)| one == other).count();
        if common < one.len() && common < other.len() {
            graph.add_edge(&one[..=common], &other[..=common], ());
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

/// What is read of a file, outside of its tests.
struct File {
    /// Every path in it.
    named: BTreeSet<Vec<String>>,
    /// Those that others can name as if they were its own.
    passed_on: BTreeSet<Vec<String>>,
}

impl File {
    fn read(text: &str) -> syn::Result<Self> {
        let parsed = syn::parse_file(text)?;
        let (mut named, mut passed_on) = (Named::default(), Named::default());
        named.visit_file(&parsed);
        for item in &parsed.items {
            match item {
                Item::Use(item) if !matches!(item.vis, Visibility::Inherited) => passed_on.visit_item_use(item),
                _ => {}
            }
        }
        Ok(Self { named: named.0, passed_on: passed_on.0 })
    }
}

/// Which modules each module names.
fn imports(package: &str, files: &[(String, String)]) -> Result<Imports> {
    let mut modules = BTreeMap::new();
    for (name, text) in files {
        let inside = name.strip_prefix(package).and_then(|name| name.strip_prefix('/'));
        if let Some(module) = inside.and_then(module_of) {
            modules.insert(module, File::read(text).with_context(|| name.clone())?);
        }
    }
    let used = |module: &Module, file: &File| {
        file.named.iter().filter_map(|path| find(module, path, &modules)).filter(|used| used != module).collect()
    };
    Ok(modules.iter().map(|(module, file)| (module.clone(), used(module, file))).collect())
}

/// `a/mod.rs` is `a`, `a/b.rs` is `a::b`, `lib.rs` is the root; a binary beside the library is nobody's module, and nor are tests.
fn module_of(file: &str) -> Option<Module> {
    let mut parts: Module = file.strip_suffix(".rs")?.split('/').map(str::to_owned).collect();
    if parts.first()? == "bin" || parts.last()? == "tests" {
        return None;
    }
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    Some(parts)
}

/// The module in which what a path names is found from another one.
fn find(from: &Module, path: &[String], modules: &BTreeMap<Module, File>) -> Option<Module> {
    let (at, name) = resolve(from, path, modules)?;
    let passed_on = modules.get(&at)?.passed_on.iter().find(|passed| name.is_some() && passed.last() == name);
    match passed_on {
        Some(path) if at != *from => find(&at, path, modules).or(Some(at)),
        _ => Some(at),
    }
}

/// The longest beginning of a path that is a module, and the name that comes after it.
fn resolve<'a>(
    from: &Module,
    path: &'a [String],
    modules: &BTreeMap<Module, File>,
) -> Option<(Module, Option<&'a String>)> {
    let mut at = from.clone();
    let mut rest = path;
    match rest.first()?.as_str() {
        "crate" => {
            at.clear();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {
            while let Some(("super", after)) = rest.split_first().map(|(first, after)| (first.as_str(), after)) {
                at.pop()?;
                rest = after;
            }
        }
        // A part of this module; anything else is another package or a name that was imported.
        first => {
            at.push(first.to_owned());
            modules.contains_key(&at).then_some(())?;
            rest = &rest[1..];
        }
    }
    while let Some((name, after)) = rest.split_first() {
        at.push(name.clone());
        if !modules.contains_key(&at) {
            at.pop();
            break;
        }
        rest = after;
    }
    Some((at, rest.first()))
}

/// Every path in a file.
#[derive(Default)]
struct Named(BTreeSet<Vec<String>>);

impl Named {
    fn take(&mut self, tree: &UseTree, mut before: Vec<String>) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.take(&path.tree, before);
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.take(tree, before.clone())),
            UseTree::Name(name) => {
                before.push(name.ident.to_string());
                self.0.insert(before);
            }
            UseTree::Rename(name) => {
                before.push(name.ident.to_string());
                self.0.insert(before);
            }
            UseTree::Glob(_) => drop(self.0.insert(before)),
        }
    }
}

impl<'a> Visit<'a> for Named {
    fn visit_item_use(&mut self, item: &'a ItemUse) {
        if !is_test(&item.attrs) {
            self.take(&item.tree, Vec::new());
        }
    }

    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_path(&mut self, path: &'a Path) {
        self.0.insert(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|it| it.path().is_ident("cfg") && it.parse_args::<Path>().is_ok_and(|what| what.is_ident("test")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let files: Vec<_> = files.iter().map(|(name, text)| (format!("p/{name}"), (*text).to_owned())).collect();
        let found = circles("p", &imports("p", &files).unwrap());
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
    fn what_is_passed_on_is_imported_from_where_it_is() {
        let parent = ("a/mod.rs", "mod b; mod c; pub use b::Thing;");
        let files = [parent, ("a/b.rs", "use super::c;"), ("a/c.rs", "use super::Thing;")];
        check(&files, &["a::b -> a::c -> a::b"]);
    }

    #[test]
    fn a_folder_and_its_tests_are_no_circle() {
        check(&[("a/mod.rs", "mod b; fn f() { b::g() }"), ("a/b.rs", "use super::Thing;")], &[]);
        let tests = "#[cfg(test)] mod tests { use crate::a; } #[cfg(test)] use crate::a::Thing;";
        check(&[("a.rs", "use crate::b;"), ("b.rs", tests), ("b/tests.rs", "use crate::a;")], &[]);
    }
}
