//! Builds both apps: Cargo compiles, `stage` turns the result into what the server hands out.

use std::path::Path;

use anyhow::Result;

use crate::app::{App, PROFILE, STAFF, TARGET, YOUNG};
use crate::{files, shell, stage};

/// The young person's app as it will be after the next version: what an update is tested with.
const NEXT: App = App { scratch: "target/apps/next", dist: "target/next/ung", version: Some("0.1.1"), ..YOUNG };

/// What the source of randomness is, and that components are built without a type for each: smaller by a twentieth.
const FLAGS: &[&str] = &["--cfg", "getrandom_backend=\"wasm_js\"", "--cfg", "erase_components"];

/// Everything that changes the result. The chores that build are part of it.
const INPUTS: &[&str] = &[
    "src",
    "crates/plan/Cargo.toml",
    "crates/plan/build.rs",
    "crates/plan/content",
    "crates/plan/src",
    "crates/protocol/Cargo.toml",
    "crates/protocol/src",
    "crates/session/Cargo.toml",
    "crates/session/src",
    "style",
    "locales",
    "public",
    "xtask/src/app.rs",
    "xtask/src/apps.rs",
    "xtask/src/arrange.rs",
    "xtask/src/bundle.rs",
    "xtask/src/optimise.rs",
    "xtask/src/shorten.rs",
    "xtask/src/stage.rs",
    "xtask/binaryen/package.json",
    "xtask/esbuild/package.json",
    "index.html",
    "personale.html",
    "build.rs",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    ".cargo/config.toml",
];

/// Builds what people get.
pub fn build() -> Result<()> {
    build_all(&[&YOUNG, &STAFF], Path::new("dist/.stamp"))
}

/// Builds the young person's app once more, as another version.
pub fn build_next() -> Result<()> {
    build_all(&[&NEXT], Path::new("target/next/.stamp"))
}

fn build_all(apps: &[&App], stamp: &Path) -> Result<()> {
    let built_from = inputs()?;
    if std::fs::read_to_string(stamp).is_ok_and(|before| before == built_from) {
        println!("apps: unchanged since the last build");
        return Ok(());
    }
    // A build that is interrupted must not pass for the one before it.
    if stamp.exists() {
        std::fs::remove_file(stamp)?;
    }
    for (index, app) in apps.iter().enumerate() {
        println!("apps: [{}/{}] building {} (a minute or two the first time)", index + 1, apps.len(), app.dist);
        compile(app)?;
        stage::stage(app)?;
    }
    files::write(stamp, built_from)
}

fn inputs() -> Result<String> {
    let mut listing = String::new();
    for path in files::all(INPUTS)? {
        let revision = files::revision(&files::read(&path)?);
        listing.push_str(&format!("{} {revision}\n", files::shown(&path, &files::root())));
    }
    Ok(files::revision(listing.as_bytes()))
}

/// For every package of the apps. They take the place of those in `.cargo/config.toml`, so what stands there is said again.
fn flags() -> Vec<String> {
    let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
    // A panic names its place. Where that was on the machine that built the app is nobody's business, so it is left out.
    let home = std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")));
    let toolchain = shell::output("rustc", &["--print", "sysroot"]);
    let folders = [
        home.ok().map(|home| format!("{home}/registry/src")),
        toolchain.map(|folder| format!("{folder}/lib/rustlib/src/rust")),
        Some(files::root().to_string_lossy().into_owned()),
    ];
    flags.extend(folders.into_iter().flatten().map(|folder| format!("--remap-path-prefix={folder}=")));
    flags
}

/// Leaves the linker's relocations in the file: the splitter follows them from function to function.
fn compile(app: &App) -> Result<()> {
    let mut cargo = shell::command("cargo", &["rustc", "--locked", "--profile", PROFILE, "--target", TARGET]);
    cargo.args(["--package", "min-plan", "--features", "split", "--bin", app.name, "--", "-Clink-args=--emit-relocs"]);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags().join("\x1f"));
    shell::run_command(&mut cargo)
}
