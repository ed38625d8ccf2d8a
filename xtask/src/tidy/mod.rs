//! Rules about the code as text: which layer may know which, how long a file may be, which texts are used, how they read.
//!
//! Each rule gives the list of what breaks it; an empty list is good. `cargo test` runs the same rules as tests.

mod circles;
mod layers;
mod modules;
mod reading;
pub mod texts;

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::files;

const LONGEST_FILE: usize = 450;
const SOURCES: &[&str] = &["build.rs", "crates", "public", "src", "style", "tests", "xtask"];

type Rule = (&'static str, fn() -> Result<Vec<String>>);

const RULES: &[Rule] = &[
    ("layers point down", layers::broken),
    ("packages depend downwards", layers::broken_dependencies),
    ("imports make no circle", circles::broken),
    ("files stay readable", long_files),
    ("nothing is left for later", leftovers),
    ("tests wait for something", sleeping_tests),
    ("every text is there in each language", texts::unequal),
    ("every text is used", texts::unused),
    ("nothing from another origin", foreign_addresses),
    ("texts are easy to read", reading::hard_texts),
    ("Trunk and Cargo agree on wasm-bindgen", disagreeing_versions),
    ("Trunk's pages have every style sheet", missing_sheets),
];

pub fn run() -> Result<()> {
    let mut count = 0;
    for (name, rule) in RULES {
        let broken = rule()?;
        println!("tidy: {name}: {}", if broken.is_empty() { "ok" } else { "BROKEN" });
        for line in &broken {
            println!("  {line}");
        }
        count += broken.len();
    }
    reading::print_figures()?;
    if count > 0 {
        bail!("{count} things are not tidy");
    }
    Ok(())
}

/// The files of the project that are written by hand, with their text.
fn sources(extensions: &[&str]) -> Result<Vec<(String, String)>> {
    texts_of(files::all(SOURCES)?, extensions)
}

fn texts_of(paths: Vec<PathBuf>, extensions: &[&str]) -> Result<Vec<(String, String)>> {
    let root = files::root();
    let wanted = paths.into_iter().filter(|path| files::has_extension(path, extensions));
    wanted.map(|path| Ok((files::shown(&path, &root), files::read_text(&path)?))).collect()
}

fn long_files() -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for (name, text) in sources(&["rs", "js", "css"])? {
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            broken.push(format!("{name}: {lines} lines, at most {LONGEST_FILE}"));
        }
    }
    Ok(broken)
}

fn leftovers() -> Result<Vec<String>> {
    // Written in two parts, so that the rule does not find itself.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!("), concat!("dbg", "!(")];
    lines_with(&sources(&["rs", "js", "css", "html"])?, &marks)
}

fn sleeping_tests() -> Result<Vec<String>> {
    let marks = [concat!("thread::", "sleep"), concat!("time::", "sleep(")];
    let mut tests = Vec::new();
    for (name, text) in sources(&["rs"])? {
        // To be killed at a random moment is what is tested there; nothing is waited for.
        if name == "tests/e2e/src/kill.rs" {
            continue;
        }
        if name.starts_with("tests/") || name.contains("/tests/") || name.ends_with("tests.rs") {
            tests.push((name, text));
        } else if let Some(start) = text.find("#[cfg(test)]") {
            // The line numbers stay right when what comes before is blank.
            let before = "\n".repeat(text[..start].matches('\n').count());
            tests.push((name, before + &text[start..]));
        }
    }
    lines_with(&tests, &marks)
}

fn lines_with(sources: &[(String, String)], marks: &[&str]) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for (name, text) in sources {
        for (number, line) in text.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(**mark)) {
                broken.push(format!("{name}:{}: {mark}", number + 1));
            }
        }
    }
    Ok(broken)
}

/// Nothing that a page could fetch, send to or link to by accident: our own origin has no scheme in the code.
fn foreign_addresses() -> Result<Vec<String>> {
    const ALLOWED: &[&str] = &["http://www.w3.org/", "http://localhost", "http://127.0.0.1"];
    let places = files::all(&["src", "public", "style", "index.html", "personale.html"])?;
    let mut broken = Vec::new();
    for (name, text) in texts_of(places, &["rs", "js", "css", "html", "svg", "json", "webmanifest"])? {
        for (number, line) in text.lines().enumerate() {
            for scheme in ["http://", "https://"] {
                for (start, _) in line.match_indices(scheme) {
                    // A scheme alone, as in a comparison with the page's own address, names no other origin.
                    let names_a_host = line[start + scheme.len()..].starts_with(|c: char| c.is_alphanumeric());
                    if names_a_host && !ALLOWED.iter().any(|allowed| line[start..].starts_with(allowed)) {
                        broken.push(format!("{name}:{}: {}", number + 1, &line[start..].trim_end()));
                    }
                }
            }
        }
    }
    Ok(broken)
}

/// The build bundles whole folders; for Trunk each sheet is named in the page.
fn missing_sheets() -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for (page, folders) in
        [("index.html", &["style", "style/later"][..]), ("personale.html", &["style", "style/later", "style/staff"])]
    {
        let text = files::read_text(&files::root().join(page))?;
        for path in files::all(&["style"])? {
            let sheet = files::shown(&path, &files::root());
            let folder = sheet.rsplit_once('/').map_or("", |(folder, _)| folder);
            if folders.contains(&folder) != text.contains(&format!("href=\"{sheet}\"")) {
                broken.push(format!("{page}: {sheet} is missing, or should not be there"));
            }
        }
    }
    Ok(broken)
}

fn disagreeing_versions() -> Result<Vec<String>> {
    let version = crate::tools::wasm_bindgen_version()?;
    let line = format!("wasm_bindgen = \"{version}\"");
    let trunk = files::read_text(&files::root().join("Trunk.toml"))?;
    Ok(if trunk.contains(&line) { Vec::new() } else { vec![format!("Trunk.toml should say {line}")] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str) {
        std::env::set_current_dir(files::root()).unwrap();
        let (_, rule) = RULES.iter().find(|(rule, _)| *rule == name).unwrap();
        let broken = rule().unwrap();
        assert!(broken.is_empty(), "{name}:\n{}", broken.join("\n"));
    }

    macro_rules! rules {
        ($($test:ident: $name:literal;)*) => {
            $(#[test] fn $test() { check($name); })*

            #[test]
            fn every_rule_is_a_test() {
                assert_eq!(RULES.iter().map(|(name, _)| *name).collect::<Vec<_>>(), [$($name),*]);
            }
        };
    }

    rules! {
        layers_point_down: "layers point down";
        packages_depend_downwards: "packages depend downwards";
        imports_make_no_circle: "imports make no circle";
        files_stay_readable: "files stay readable";
        nothing_is_left_for_later: "nothing is left for later";
        tests_wait_for_something: "tests wait for something";
        every_text_is_there_in_each_language: "every text is there in each language";
        every_text_is_used: "every text is used";
        nothing_from_another_origin: "nothing from another origin";
        texts_are_easy_to_read: "texts are easy to read";
        trunk_and_cargo_agree: "Trunk and Cargo agree on wasm-bindgen";
        trunks_pages_have_every_style_sheet: "Trunk's pages have every style sheet";
    }
}
