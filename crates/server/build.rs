//! Puts the built apps into a release build: every file of `dist/ung` and `dist/personale`, as they are. Without them the server
//! still builds, and says that the apps are missing. A debug build has none, so that the apps can be built beside it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const APPS: [&str; 2] = ["ung", "personale"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../dist");
    let mut code = String::from("pub const FILES: &[(&str, &[u8])] = &[\n");
    let apps: &[&str] = if env::var("PROFILE")? == "release" { &APPS } else { &[] };
    println!("cargo::rerun-if-changed=build.rs");
    for app in apps {
        let folder = dist.join(app);
        println!("cargo::rerun-if-changed={}", folder.display());
        if !folder.is_dir() {
            continue;
        }
        for file in files_below(&folder)? {
            let name = file.strip_prefix(&dist)?.to_string_lossy().replace('\\', "/");
            writeln!(code, "    ({name:?}, include_bytes!({:?})),", file.display().to_string())?;
        }
    }
    code.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("apps.rs"), code)?;
    Ok(())
}

fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
