//! Every film there is, and whether what was rendered of it is as new as what it is made of.

use crate::captions::{self, Caption};
use crate::frame::Drawings;
use crate::script::Script;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// In the order in which they are shown.
pub const NAMES: [&str; 6] = [
    "hvad-er-mit-moede",
    "dem-vil-jeg-have-med",
    "saadan-laver-du-dine-punkter",
    "du-maa-sige-stop",
    "naar-de-ikke-goer",
    "hvem-kan-se-min-plan",
];

pub const LANGUAGES: [&str; 2] = ["da", "en"];

/// A film may be this large, and this long.
pub const MOST_BYTES: u64 = 1_500_000;
pub const SECONDS: std::ops::RangeInclusive<f64> = 40.0..=90.0;

/// The folder of this crate.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Where rendered films lie, with their captions and their list.
pub fn rendered() -> PathBuf {
    root().join("../public/films")
}

pub fn story(name: &str) -> PathBuf {
    root().join("stories").join(name)
}

/// # Errors
/// With the file that cannot be read, and why.
pub fn read_script(name: &str) -> Result<Script, String> {
    let file = story(name).join("film.toml");
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    toml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))
}

/// # Errors
/// With the file that cannot be read, and why.
pub fn read_captions(name: &str, language: &str) -> Result<Vec<Caption>, String> {
    let file = story(name).join(format!("{language}.vtt"));
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    captions::read(&text).map_err(|error| format!("{}: {error}", file.display()))
}

/// # Errors
/// With the drawing that cannot be read, and why.
pub fn read_drawings() -> Result<Drawings, String> {
    Drawings::read(&root().join("drawings"))
}

fn list_files(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { list_files(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// A fingerprint of everything that a film is made of: its own folder, the drawings that are in it, and what draws.
///
/// # Errors
/// When a file cannot be read.
pub fn fingerprint(name: &str) -> std::io::Result<String> {
    let drawings = root().join("drawings");
    let mut files = vec![drawings.join("palette.toml")];
    for folder in [story(name), root().join("src")] {
        list_files(&folder, &mut files)?;
    }
    let script = read_script(name).map_err(std::io::Error::other)?;
    files.extend(script.list_drawings().iter().map(|drawing| drawings.join(format!("{drawing}.svg"))));
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        let inside = file.strip_prefix(root()).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let bytes = std::fs::read(&file)?;
        hash.update(format!("{inside} {}\n", bytes.len()));
        hash.update(bytes);
    }
    Ok(hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}

/// The fingerprints that the films had when they were rendered.
///
/// # Errors
/// When `rendered.json` is no such list.
pub fn read_fingerprints() -> Result<BTreeMap<String, String>, String> {
    let text = std::fs::read_to_string(root().join("rendered.json")).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}
