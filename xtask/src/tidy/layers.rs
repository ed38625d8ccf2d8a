//! Which part may know which. Dependencies point down only; see ARCHITECTURE.md for the map.

use std::collections::BTreeSet;

use anyhow::Result;

use super::texts_of;
use crate::files;

/// What each layer of the apps must not name: modules of the app, or packages that reach the browser.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("pages", &["storage", "sync", "platform", "web_sys"]),
    ("components", &["state", "storage", "sync", "platform", "pages"]),
    ("storage", &["state", "pages", "components", "sync"]),
    ("sync", &["pages", "components", "state"]),
    ("state", &["pages", "components"]),
    ("platform", &["state", "storage", "sync", "pages", "components"]),
];

/// Which of our own packages each may depend on, outside of its tests.
const PACKAGES: &[(&str, &str, &[&str])] = &[
    ("plan", "crates/plan/Cargo.toml", &[]),
    ("protocol", "crates/protocol/Cargo.toml", &["plan"]),
    ("server", "crates/server/Cargo.toml", &["plan", "protocol"]),
    ("session", "crates/session/Cargo.toml", &["plan", "protocol"]),
    ("min-plan", "Cargo.toml", &["plan", "protocol", "session"]),
];

const OURS: &[&str] = &["plan", "protocol", "server", "session", "min-plan", "e2e", "xtask"];

pub fn broken() -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for (layer, forbidden) in FORBIDDEN {
        let places = [format!("src/{layer}"), format!("src/{layer}.rs")];
        let paths = files::all(&[&places[0], &places[1]])?;
        for (name, text) in texts_of(paths, &["rs"])? {
            let named = named_parts(&text);
            for part in forbidden.iter().filter(|part| named.contains(**part)) {
                broken.push(format!("{name}: {layer} must not use {part}"));
            }
        }
    }
    Ok(broken)
}

pub fn broken_dependencies() -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for (package, manifest, allowed) in PACKAGES {
        let text = files::read_text(&files::root().join(manifest))?;
        for dependency in dependencies(&text) {
            if OURS.contains(&dependency.as_str()) && !allowed.contains(&dependency.as_str()) {
                broken.push(format!("{manifest}: {package} must not depend on {dependency}"));
            }
        }
    }
    Ok(broken)
}

/// The names in the `[dependencies]` tables of a manifest, those of targets included, those of tests and builds not.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[') {
            let table = table.trim_end_matches(']');
            let is_main = !table.contains("dev-") && !table.contains("build-") && !table.starts_with("workspace");
            inside = is_main && table.ends_with("dependencies");
            if is_main && let Some((_, name)) = table.split_once("dependencies.") {
                names.insert(name.to_owned());
            }
        } else if inside && let Some(name) = line.split(['=', '.', ' ']).next() {
            names.insert(name.trim_matches('"').to_owned());
        }
    }
    names
}

/// The modules named through `crate::` or `super::super::`, in paths and in groups, and the packages named at the start
/// of a path.
fn named_parts(text: &str) -> BTreeSet<String> {
    let code = without_comments(text);
    let mut names = BTreeSet::new();
    for (start, root) in code.match_indices("crate::").chain(code.match_indices("super::super::")) {
        names.extend(first_names(&code[start + root.len()..]));
    }
    if code.contains("web_sys::") || code.contains("web_sys;") {
        names.insert("web_sys".to_owned());
    }
    names
}

/// `a::b` gives `a`; `{a, b::{c, d}}` gives `a` and `b`.
fn first_names(path: &str) -> Vec<String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let Some(group) = path.strip_prefix('{') else {
        return vec![path.chars().take_while(|c| is_name(*c)).collect()];
    };
    let mut names = vec![String::new()];
    let mut depth = 0;
    let mut at_start = true;
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(String::new());
                at_start = true;
            }
            c if depth == 0 && at_start && is_name(c) => {
                if let Some(name) = names.last_mut() {
                    name.push(c);
                }
            }
            c if depth == 0 && !c.is_whitespace() => at_start = false,
            _ => {}
        }
    }
    names
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_paths_and_in_groups() {
        let code =
            "use crate::{state::{Plan, storage}, texts};\n// crate::sync::Never\nfn f() { crate::platform::now() }";
        let named: Vec<_> = named_parts(code).into_iter().collect();
        assert_eq!(named, ["platform", "state", "texts"]);
    }

    #[test]
    fn dependencies_of_tests_do_not_count() {
        let manifest = "[dependencies]\nplan.workspace = true\nserde = \"1\"\n[dependencies.web-sys]\nversion = \"0\"\n\
                        [dev-dependencies]\nserver.workspace = true\n[target.'cfg(unix)'.dependencies]\ne2e = \"1\"\n";
        let names: Vec<_> = dependencies(manifest).into_iter().collect();
        assert_eq!(names, ["e2e", "plan", "serde", "web-sys"]);
    }
}
