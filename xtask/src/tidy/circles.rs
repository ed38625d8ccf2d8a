//! No two files that import each other: one of them could not be read, moved or tested without the other.
//!
//! A folder and what is in it are one house: that `mod.rs` puts its parts together and they use what stands in it is no circle.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use syn::visit::{self, Visit};
use syn::{Attribute, ItemMod, ItemUse, Path, UseTree};

use super::texts_of;
use crate::files;

/// The packages, as where their modules are.
const PACKAGES: &[&str] = &[
    "src",
    "crates/plan/src",
    "crates/protocol/src",
    "crates/server/src",
    "crates/session/src",
    "tests/e2e/src",
    "xtask/src",
];

/// What a module is called from the root of its package: the root is the empty list.
type Module = Vec<String>;

pub fn broken() -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for package in PACKAGES {
        let files = texts_of(files::all(&[package])?, &["rs"])?;
        broken.extend(mutual(package, &imports(package, &files)?));
    }
    Ok(broken)
}

fn mutual(package: &str, imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let uses = |one: &Module, other: &Module| imports.get(one).is_some_and(|used| used.contains(other));
    let mut found = Vec::new();
    for (one, used) in imports {
        for other in used.iter().filter(|other| one < *other && uses(other, one)) {
            if !is_inside(one, other) && !is_inside(other, one) {
                found.push(format!("{package}: {} and {} import each other", one.join("::"), other.join("::")));
            }
        }
    }
    found
}

fn is_inside(outer: &[String], inner: &[String]) -> bool {
    inner.starts_with(outer)
}

/// Which modules each module names, outside of its tests.
fn imports(package: &str, files: &[(String, String)]) -> Result<BTreeMap<Module, BTreeSet<Module>>> {
    let modules: BTreeMap<Module, &str> = files
        .iter()
        .filter_map(|(name, text)| Some((module_of(name.strip_prefix(package)?.strip_prefix('/')?)?, text.as_str())))
        .collect();
    let mut imports = BTreeMap::new();
    for (module, text) in &modules {
        let parsed = syn::parse_file(text).with_context(|| format!("{package}: {}", module.join("::")))?;
        let mut named = Named::default();
        named.visit_file(&parsed);
        let used = named.0.iter().filter_map(|path| resolve(module, path, &modules)).filter(|used| used != module);
        imports.insert(module.clone(), used.collect());
    }
    Ok(imports)
}

/// `a/mod.rs` is `a`, `a/b.rs` is `a::b`, `lib.rs` is the root; a binary beside the library is nobody's module.
fn module_of(file: &str) -> Option<Module> {
    let mut parts: Module = file.strip_suffix(".rs")?.split('/').map(str::to_owned).collect();
    if parts.first().is_some_and(|first| first == "bin") {
        return None;
    }
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    Some(parts)
}

/// The module that a path leads to from another one: the longest beginning of it that is a file.
fn resolve(from: &Module, path: &[String], modules: &BTreeMap<Module, &str>) -> Option<Module> {
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
    for name in rest {
        at.push(name.clone());
        if !modules.contains_key(&at) {
            at.pop();
            break;
        }
    }
    Some(at)
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
        self.take(&item.tree, Vec::new());
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

    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|(name, text)| (format!("p/{name}"), (*text).to_owned())).collect();
        mutual("p", &imports("p", &files).unwrap())
    }

    #[test]
    fn two_files_that_import_each_other_are_found() {
        let one = ("a.rs", "use crate::b::{inner, Thing};");
        assert_eq!(circles(&[one, ("b.rs", "fn f() { super::a::g() }")]), ["p: a and b import each other"]);
        assert_eq!(
            circles(&[one, ("b.rs", "use super::{c, a as other};"), ("c.rs", "")]),
            ["p: a and b import each other"]
        );
        assert_eq!(circles(&[one, ("b.rs", "use super::c;"), ("c.rs", "use crate::a;")]), Vec::<String>::new());
    }

    #[test]
    fn a_folder_and_its_tests_are_no_circle() {
        assert!(circles(&[("a/mod.rs", "mod b; fn f() { b::g() }"), ("a/b.rs", "use super::Thing;")]).is_empty());
        let tests = "#[cfg(test)] mod tests { use crate::a; }";
        assert!(circles(&[("a.rs", "use crate::b;"), ("b.rs", tests)]).is_empty());
    }
}
