//! Which files of a package import which, outside of its tests.
//!
//! What a `mod.rs` only passes on (`pub use`) counts as imported from where it is.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, Macro, Path, UseTree, Visibility};

/// What a module is called from the root of its package: the root is the empty list.
pub type Module = Vec<String>;

/// A file of a package, and which modules it names.
pub struct File {
    pub name: String,
    pub used: BTreeSet<Module>,
    /// In a `pub use` and nowhere else.
    pub passed_on: BTreeSet<Module>,
}

/// Every path in a file, outside of its tests.
struct Paths {
    used: BTreeSet<Vec<String>>,
    /// Those that others can name as if they were its own.
    passed_on: BTreeSet<Vec<String>>,
}

impl Paths {
    fn read(text: &str) -> syn::Result<Self> {
        let (mut used, mut passed_on) = (Named::default(), Named::default());
        for item in &syn::parse_file(text)?.items {
            match item {
                Item::Use(item) if !matches!(item.vis, Visibility::Inherited) => passed_on.visit_item_use(item),
                item => used.visit_item(item),
            }
        }
        Ok(Self { used: used.0, passed_on: passed_on.0 })
    }
}

/// The files of a package, by what their modules are called.
pub fn modules(package: &str, files: &[(String, String)]) -> Result<BTreeMap<Module, File>> {
    let mut paths = BTreeMap::new();
    let mut names = BTreeMap::new();
    for (name, text) in files {
        let inside = name.strip_prefix(package).and_then(|name| name.strip_prefix('/'));
        if let Some(module) = inside.and_then(module_of) {
            paths.insert(module.clone(), Paths::read(text).with_context(|| name.clone())?);
            names.insert(module, name.clone());
        }
    }
    let find_all = |from: &Module, named: &BTreeSet<Vec<String>>| -> BTreeSet<Module> {
        named.iter().filter_map(|path| find(from, path, &paths)).filter(|found| found != from).collect()
    };
    let file = |(module, name): (Module, String)| {
        let Paths { used, passed_on } = &paths[&module];
        let used = find_all(&module, used);
        let passed_on = find_all(&module, passed_on).difference(&used).cloned().collect();
        (module, File { name, used, passed_on })
    };
    Ok(names.into_iter().map(file).collect())
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
fn find(from: &Module, path: &[String], modules: &BTreeMap<Module, Paths>) -> Option<Module> {
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
    modules: &BTreeMap<Module, Paths>,
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

impl Named {
    /// The paths in what a macro is given, such as `<code::CodePage/>` in a view.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let (mut path, mut colons) = (Vec::new(), 0);
        for token in tokens {
            match token {
                TokenTree::Punct(mark) if mark.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Ident(name) if colons == 2 => path.push(name.to_string()),
                TokenTree::Ident(name) => self.end(std::mem::replace(&mut path, vec![name.to_string()])),
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                _ => self.end(std::mem::take(&mut path)),
            }
            colons = 0;
        }
        self.end(path);
    }

    /// A name alone is a variable or was imported.
    fn end(&mut self, path: Vec<String>) {
        if path.len() > 1 {
            self.0.insert(path);
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
        self.end(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'a Macro) {
        self.read_tokens(call.tokens.clone());
        visit::visit_macro(self, call);
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

    /// What `a` uses and what it passes on, in a package of these files.
    fn check(files: &[(&str, &str)], used: &str, passed_on: &str) {
        let files: Vec<_> = files.iter().map(|(name, text)| (format!("p/{name}"), (*text).to_owned())).collect();
        let modules = modules("p", &files).unwrap();
        let file = &modules[&vec!["a".to_owned()]];
        let shown = |found: &BTreeSet<Module>| found.iter().map(|it| it.join("::")).collect::<Vec<_>>().join(" ");
        assert_eq!((shown(&file.used).as_str(), shown(&file.passed_on).as_str()), (used, passed_on), "{files:?}");
    }

    #[test]
    fn a_file_uses_what_its_paths_lead_to() {
        let others = [("a/d.rs", ""), ("b.rs", ""), ("c/mod.rs", ""), ("c/d.rs", "")];
        for (text, used) in [
            ("use crate::b::Thing;", "b"),
            ("use super::{b, c::d::{self, Other}};", "b c::d"),
            ("fn f() { crate::c::g(super::b::Thing) }", "b c"),
            ("fn f() { view! { <p>{crate::c::d::name()}</p> <super::b::Page/> } }", "b c::d"),
            ("use std::fmt; fn f(d: u8) -> u8 { d }", ""),
            ("#[cfg(test)] mod tests { use crate::b; }", ""),
        ] {
            check(&[&[("a.rs", text)], &others[..]].concat(), used, "");
        }
    }

    #[test]
    fn what_is_passed_on_is_used_from_where_it_is() {
        let parts = [("c/mod.rs", "mod d; pub use d::Thing;"), ("c/d.rs", "")];
        check(&[("a.rs", "use crate::c::Thing;"), parts[0], parts[1]], "c::d", "");
        check(&[("a.rs", "use crate::c::Other;"), parts[0], parts[1]], "c", "");
        check(&[("a.rs", "pub use crate::c::Thing;"), parts[0], parts[1]], "", "c::d");
    }
}
