//! What the young person's app weighs on the way to a phone: the first visit, file by file, and what comes after it.
//!
//! The first visit is what is needed to write the first words and for the hard-times page. Chunks come quietly afterwards.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::app::YOUNG;
use crate::files;
use crate::stage::{FILMS, LATER};

const FIRST_VISIT: usize = 200 * 1024;
const CHUNK: usize = 80 * 1024;
/// Without films and fonts. Roomy on purpose: it must not decide how code is written.
const EVERYTHING: usize = 900 * 1024;

/// Icons and the manifest are fetched by the system later; the service worker fetches in the background.
const COUNTED: &[&str] = &["html", "css", "js", "wasm", "bin"];

/// The figures of the latest change that meant to move them.
const RECORD: &str = "docs/size.txt";
/// A change of more than this many hundredths is said.
const NOTEWORTHY: f64 = 2.0;

/// Bytes as they are and as they are sent.
#[derive(Clone, Copy, Default)]
struct Weight {
    raw: usize,
    sent: usize,
}

impl std::ops::AddAssign for Weight {
    fn add_assign(&mut self, other: Self) {
        self.raw += other.raw;
        self.sent += other.sent;
    }
}

pub fn check(record: bool) -> Result<()> {
    let dist = YOUNG.dist();
    let (mut first, mut all) = (Weight::default(), Weight::default());
    let (mut visit, mut chunks) = (Vec::new(), Vec::new());
    for file in files::below(&dist)? {
        let name = files::shown(&file, &dist);
        if !is_counted(&name) {
            continue;
        }
        let weight = weigh(&file)?;
        all += weight;
        // The page of a phone that has been here before takes the place of the first one.
        if is_chunk(&name) || name.starts_with(LATER) || name == "frame.html" {
            chunks.push((name, weight));
        } else {
            first += weight;
            visit.push((name, weight));
        }
    }
    println!("{:<52} {:>10} {:>10}", "file", "bytes", "brotli");
    let row = |(name, weight): &(String, Weight)| println!("{name:<52} {:>10} {:>10}", weight.raw, weight.sent);
    let sum = |name: &str, weight: Weight, limit: usize| {
        println!("{name:<52} {:>10} {:>10}   of {limit}", weight.raw, weight.sent);
    };
    visit.iter().for_each(row);
    sum("first visit", first, FIRST_VISIT);
    chunks.iter().for_each(row);
    sum("everything", all, EVERYTHING);

    if record {
        files::write(Path::new(RECORD), format!("first visit {}\neverything {}\n", first.sent, all.sent))?;
    }
    compare(first.sent, all.sent)?;
    let mut over = Vec::new();
    over.extend(
        (first.sent > FIRST_VISIT).then(|| format!("a first visit is {} bytes too large", first.sent - FIRST_VISIT)),
    );
    over.extend((all.sent > EVERYTHING).then(|| format!("everything is {} bytes too large", all.sent - EVERYTHING)));
    let large = chunks.iter().filter(|(_, weight)| weight.sent > CHUNK);
    over.extend(large.map(|(name, weight)| format!("{name} is {} bytes too large", weight.sent - CHUNK)));
    if !over.is_empty() {
        bail!("{}", over.join("; "));
    }
    Ok(())
}

fn weigh(file: &Path) -> Result<Weight> {
    let raw = files::read(file)?.len();
    let mut packed = file.as_os_str().to_owned();
    packed.push(".br");
    let packed = Path::new(&packed);
    Ok(Weight { raw, sent: if packed.is_file() { files::read(packed)?.len() } else { raw } })
}

fn is_counted(name: &str) -> bool {
    files::has_extension(Path::new(name), COUNTED) && name != "sw.js" && !name.starts_with(FILMS)
}

/// The splitter's own names: `split_` what one lazy function brings, `chunk_` what several of them share. And the list of them.
fn is_chunk(name: &str) -> bool {
    ["_split_", "_chunk_", "_chunks-"].iter().any(|of_chunks| name.contains(of_chunks))
}

/// Says what has changed since the figures were recorded.
fn compare(first: usize, all: usize) -> Result<()> {
    let known = files::read_text(Path::new(RECORD))?;
    for (name, now) in [("first visit", first), ("everything", all)] {
        let before = known.lines().find_map(|line| line.strip_prefix(name)).and_then(|rest| rest.trim().parse().ok());
        let before: usize = before.with_context(|| format!("{RECORD} has no figure for {name}"))?;
        let change = (now as f64 / before as f64 - 1.0) * 100.0;
        if change.abs() > NOTEWORTHY {
            println!(
                "{name}: {change:+.1} % against {before} in {RECORD}; if that is meant: cargo xtask size --record"
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{is_chunk, is_counted};

    #[test]
    fn films_are_in_no_sum() {
        assert!(is_counted("index.html") && is_counted("ung-0123456789abcdef.wasm"));
        for name in
            ["sw.js", "favicon.svg", "films/a.mp4", "films/a.webp", "films/a.da.vtt", "films/films.json", "films/a.js"]
        {
            assert!(!is_counted(name), "{name}");
        }
    }

    #[test]
    fn a_chunk_is_told_from_what_a_first_visit_needs() {
        assert!(is_chunk("ung_split_meeting-0123456789abcdef.wasm"));
        assert!(is_chunk("ung_chunk_4-0123456789abcdef.wasm"));
        assert!(is_chunk("ung_chunks-0123456789abcdef.bin"));
        assert!(!is_chunk("ung-0123456789abcdef.wasm"));
    }
}
