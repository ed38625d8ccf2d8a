//! Installs what the chores need, each in a pinned version; what is already there in that version is left alone.
//!
//! Nothing is ever skipped because it is missing: what cannot be installed is an error that says what to do by hand.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};

use crate::{files, shell};

/// The version of each tool. `wasm-bindgen` has to be the one in Cargo.lock, so it is read from there.
const TRUNK: &str = "0.21.14";
const GECKODRIVER: &str = "0.37.1";
/// Where npm puts wasm-opt, esbuild and axe-core, each pinned by the package.json and the lock file there. Debian's wasm-opt, 108,
/// is of no use: it writes the export of a second table wrongly, and then the app does not start.
const BINARYEN: (&str, &str) = ("xtask/binaryen", "binaryen");
const ESBUILD: (&str, &str) = ("xtask/esbuild", "esbuild");
const AXE: (&str, &str) = ("tests/axe", "axe-core");
/// The programs of `tests/bindgen`.
const WASM_BINDGEN: [&str; 2] = ["wasm-bindgen", "wasm-bindgen-test-runner"];
const LIGHTHOUSE: (&str, &str) = ("xtask/lighthouse", "lighthouse");

#[derive(Clone, Copy)]
pub enum Tool {
    WasmTarget,
    Trunk,
    WasmBindgen,
    WasmOpt,
    Esbuild,
    Engines,
    Geckodriver,
    Axe,
    Dictionaries,
    Lighthouse,
    Films,
}

/// What `build` and `run` need.
pub const BUILD: &[Tool] = &[Tool::WasmTarget, Tool::WasmOpt, Tool::Esbuild];
pub const SPELL: &[Tool] = &[Tool::Dictionaries];
/// What `test` needs on top: the three engines, their drivers and the accessibility checker.
pub const ALL: &[Tool] = &[
    Tool::WasmTarget,
    Tool::WasmOpt,
    Tool::Esbuild,
    Tool::Engines,
    Tool::Axe,
    Tool::Dictionaries,
    Tool::Films,
    Tool::Geckodriver,
    Tool::Trunk,
    // It waits for what is being compiled for tests.
    Tool::WasmBindgen,
];

/// What the three engines need, and the Debian package of each.
const ENGINES: &[(&str, &str)] = &[
    ("chromium", "chromium"),
    ("chromedriver", "chromium-driver"),
    ("firefox-esr", "firefox-esr"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("xvfb-run", "xvfb"),
    ("xauth", "xauth"),
    // What they play films with. It is in a folder with the name of the machine, and this is not.
    ("/usr/share/doc/gstreamer1.0-libav/copyright", "gstreamer1.0-libav"),
];

/// The speller, a file of each dictionary, and the Debian package of each.
const DICTIONARIES: &[(&str, &str)] = &[
    ("hunspell", "hunspell"),
    ("/usr/share/hunspell/da_DK.dic", "hunspell-da"),
    ("/usr/share/hunspell/en_GB.dic", "hunspell-en-gb"),
];

/// What films are made with, and the letters on the phone in them.
const FILMS: &[(&str, &str)] =
    &[("ffmpeg", "ffmpeg"), ("/usr/share/fonts/truetype/quicksand/Quicksand-Bold.ttf", "fonts-quicksand")];

pub fn ensure(tools: &[Tool]) -> Result<()> {
    let mut missing = Vec::new();
    for tool in tools {
        if !tool.is_there()? {
            missing.push(*tool);
        }
    }
    for (index, tool) in missing.iter().enumerate() {
        println!("[{}/{}] {}: installing, {}", index + 1, missing.len(), tool.name()?, tool.duration());
        tool.install()?;
        if !tool.is_there()? {
            bail!("{} was installed but cannot be found; is another version first on the PATH?", tool.name()?);
        }
    }
    Ok(())
}

impl Tool {
    fn name(self) -> Result<String> {
        Ok(match self {
            Self::WasmTarget => "wasm32-unknown-unknown".to_owned(),
            Self::Trunk => format!("trunk {TRUNK}"),
            Self::WasmBindgen => format!("wasm-bindgen {}", wasm_bindgen_version()?),
            Self::WasmOpt => "wasm-opt".to_owned(),
            Self::Esbuild => "esbuild".to_owned(),
            Self::Engines => "Chromium, Firefox and WebKitGTK with their drivers".to_owned(),
            Self::Geckodriver => format!("geckodriver {GECKODRIVER}"),
            Self::Axe => "axe-core".to_owned(),
            Self::Dictionaries => "hunspell with Danish and English".to_owned(),
            Self::Lighthouse => "lighthouse with its Node".to_owned(),
            Self::Films => "ffmpeg and the films' letters".to_owned(),
        })
    }

    fn duration(self) -> &'static str {
        match self {
            Self::WasmTarget | Self::WasmOpt | Self::Esbuild | Self::Axe | Self::Dictionaries | Self::Lighthouse => {
                "less than a minute"
            }
            Self::Films => "less than a minute",
            Self::Trunk => "a few minutes",
            Self::Engines | Self::Geckodriver | Self::WasmBindgen => "a minute or two",
        }
    }

    fn is_there(self) -> Result<bool> {
        Ok(match self {
            Self::WasmTarget => has_wasm_target(),
            Self::Trunk => reports("trunk", TRUNK),
            Self::WasmBindgen => {
                let version = wasm_bindgen_version()?;
                WASM_BINDGEN.iter().all(|program| reports(program, &version))
            }
            Self::WasmOpt => npm_has(BINARYEN)?,
            Self::Esbuild => npm_has(ESBUILD)?,
            Self::Engines => missing(ENGINES).is_empty(),
            Self::Dictionaries => missing(DICTIONARIES).is_empty(),
            Self::Lighthouse => npm_has(LIGHTHOUSE)?,
            Self::Films => missing(FILMS).is_empty(),
            Self::Geckodriver => reports("geckodriver", GECKODRIVER),
            Self::Axe => npm_has(AXE)?,
        })
    }

    fn install(self) -> Result<()> {
        match self {
            Self::WasmTarget => rustup_add_target("wasm32-unknown-unknown"),
            // Built for a quick build rather than for speed, without looking for newer versions of itself and without TLS.
            Self::Trunk => cargo_install("trunk", TRUNK, &["--locked", "--debug", "--no-default-features"]),
            Self::WasmBindgen => install_wasm_bindgen(),
            Self::WasmOpt => npm_install(BINARYEN),
            Self::Esbuild => npm_install(ESBUILD),
            Self::Engines => apt_install(&missing(ENGINES)),
            Self::Dictionaries => apt_install(&missing(DICTIONARIES)),
            Self::Lighthouse => npm_install(LIGHTHOUSE),
            Self::Films => apt_install(&missing(FILMS)),
            Self::Geckodriver => cargo_install("geckodriver", GECKODRIVER, &["--locked", "--debug"]),
            Self::Axe => npm_install(AXE),
        }
    }
}

/// The version of the `wasm-bindgen` library; the command line tool only works with exactly the same.
pub fn wasm_bindgen_version() -> Result<String> {
    let lock = files::read_text(Path::new("Cargo.lock"))?;
    let after = lock.split("name = \"wasm-bindgen\"\nversion = \"").nth(1);
    let version = after.and_then(|text| text.split('"').next());
    version.map(str::to_owned).ok_or_else(|| anyhow!("Cargo.lock has no wasm-bindgen"))
}

fn reports(program: &str, version: &str) -> bool {
    let output = shell::output(program, &["--version"]).unwrap_or_default();
    output.lines().next().unwrap_or_default().split_whitespace().any(|word| word == version)
}

fn has_wasm_target() -> bool {
    let Some(folder) = shell::output("rustc", &["--print", "target-libdir", "--target", "wasm32-unknown-unknown"])
    else {
        return false;
    };
    Path::new(&folder).is_dir()
}

fn rustup_add_target(name: &str) -> Result<()> {
    let mut rustup = shell::command("rustup", &["target", "add", name]);
    shell::run_quietly("rustup", &mut rustup)
        .with_context(|| format!("{name} needs rustup: please install Rust from rustup.rs"))
}

fn cargo_install(package: &str, version: &str, more: &[&str]) -> Result<()> {
    let pinned = format!("={version}");
    let mut cargo = shell::command("cargo", &["install", package, "--version", &pinned, "--force"]);
    // One folder for all: what two of them are made of is compiled once, without what only a debugger reads.
    cargo.env("CARGO_TARGET_DIR", "target/tools").env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "0");
    shell::run_quietly(package, cargo.args(more))
        .with_context(|| format!("please run: cargo install {package} --version ={version} {}", more.join(" ")))
}

/// Of the workspace, since most of what they are made of is compiled for it already. Put where Trunk and Cargo look for them.
fn install_wasm_bindgen() -> Result<()> {
    let folder = shell::cargo_home().context("there is no place for Cargo's programs")?.join("bin");
    std::fs::create_dir_all(&folder)?;
    for program in WASM_BINDGEN {
        shell::run("cargo", &["build", "--quiet", "--locked", "--bin", program])?;
        // Not over one that is running.
        let to = folder.join(program);
        let new = to.with_extension("new");
        std::fs::copy(Path::new("target/debug").join(program), &new)?;
        std::fs::rename(new, to)?;
    }
    Ok(())
}

/// The packages of what is not there: programs by their names, files by their paths.
fn missing(wanted: &[(&str, &'static str)]) -> Vec<&'static str> {
    let is_missing = |what: &str| {
        if what.starts_with('/') {
            !Path::new(what).exists()
        } else {
            shell::output("sh", &["-c", &format!("command -v {what}")]).is_none()
        }
    };
    wanted.iter().filter(|(what, _)| is_missing(what)).map(|(_, package)| *package).collect()
}

/// Installs Debian packages as root or through a `sudo` that asks for nothing; otherwise says what to type.
fn apt_install(packages: &[&str]) -> Result<()> {
    let by_hand = format!("please run: sudo apt-get update && sudo apt-get install {}", packages.join(" "));
    if shell::output("apt-get", &["--version"]).is_none() {
        bail!("there is no apt-get here; please install: {}", packages.join(" "));
    }
    let is_root = shell::output("id", &["-u"]).is_some_and(|id| id == "0");
    if !is_root && shell::output("sudo", &["-n", "true"]).is_none() {
        bail!("{by_hand}");
    }
    let apt = |args: &[&str]| -> Result<()> {
        let mut command =
            if is_root { shell::command("apt-get", &[]) } else { shell::command("sudo", &["-n", "apt-get"]) };
        shell::run_quietly("apt", command.args(args).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update"]).context(by_hand.clone())?;
    apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat()).context(by_hand)
}

fn npm_install((folder, package): (&str, &str)) -> Result<()> {
    let mut npm = shell::command("npm", &["ci", "--no-audit", "--no-fund"]);
    shell::run_quietly(package, npm.current_dir(folder)).with_context(|| {
        format!("{package} comes through npm; please install Node (Debian: apt-get install nodejs npm)")
    })
}

fn npm_has((folder, package): (&str, &str)) -> Result<bool> {
    let value = |path: String, pointer: &str| -> Result<Option<String>> {
        let path = Path::new(&path);
        if !path.is_file() {
            return Ok(None);
        }
        let json: serde_json::Value = serde_json::from_str(&files::read_text(path)?)?;
        Ok(json.pointer(pointer).and_then(|version| version.as_str()).map(str::to_owned))
    };
    let wanted = value(format!("{folder}/package.json"), &format!("/dependencies/{package}"))?;
    let found = value(format!("{folder}/node_modules/{package}/package.json"), "/version")?;
    Ok(wanted.is_some() && wanted == found)
}
