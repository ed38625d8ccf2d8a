//! `cargo xtask test`: everything that has to hold.
//!
//! A linker, an optimiser or a browser that waits leaves a processor idle, so most of it is played beside each other: in lanes,
//! each a process of its own whose lines are shown together when it ends.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{apps, probe, serve, shell, size, spelling, tools};

/// They take the whole library with them, and the two programs, which only mount it. What the loop of development builds has the
/// features of the whole workspace, and so has this; without `session`, whose own tests would have its faults put back.
const STORAGE_TESTS: &[&str] =
    &["--target", "wasm32-unknown-unknown", "--workspace", "--exclude", "session", "--test", "storage"];

type Step = (&'static str, fn() -> Result<()>);
type Lane = (&'static str, &'static [Step]);

const FIRST: &[Step] = &[
    ("formatting", || shell::run("cargo", &["fmt", "--all", "--check"])),
    ("tools for a build", || tools::ensure(tools::BUILD)),
];

/// What Cargo builds for tests, what it builds for people and what it installs are in folders of their own, and none of them waits
/// for the others.
const BUILDS: &[Lane] = &[
    (
        "checks",
        &[
            ("clippy, native", || checked("test", &["--no-run"])),
            ("unit, property, contract, server and tidy tests", || checked("test", &[])),
        ],
    ),
    (
        "release",
        &[
            ("release build of the apps", apps::build),
            ("size of a first visit and of the chunks", || size::check(false)),
            ("the young person's app as another version, for the update", apps::build_next),
            ("release build of the server", serve::build_server),
        ],
    ),
    (
        "tools",
        &[
            ("tools and engines", || tools::ensure(tools::ALL)),
            ("spelling of every text, in each language", spelling::check),
            ("films as ffprobe sees them", probe::check),
            ("clippy, wasm", || checked("test", &[STORAGE_TESTS, &["--no-run"]].concat())),
            ("storage tests in a browser", wasm_tests),
        ],
    ),
];

/// Each engine in its own lane. What is played with chunks that do not come waits for them most of the time, so it is beside all else.
const ENGINES: &[Lane] = &[
    ("chromium", &[("the journey in Chromium", || journey("chromium", &["--except", CHUNKS]))]),
    (
        "firefox",
        &[
            ("the journey in Firefox", || journey("firefox", &[])),
            ("the loop of development, once", || end_to_end_test(&["trunk"])),
            ("browser and server killed, three times each", || end_to_end_test(&["kill-test", "--runs", "3"])),
        ],
    ),
    (
        "webkit",
        &[
            ("chunks that do not come, in Chromium", || journey("chromium", &["--only", CHUNKS])),
            ("the journey in WebKitGTK", || journey("webkit", &[])),
        ],
    ),
];

/// What the names of those scenarios begin with.
const CHUNKS: &str = "chunks";

/// How often it is said that lanes are still under way.
const HEARTBEAT: Duration = Duration::from_secs(60);

/// How many lines of a lane that failed are said again at the end.
const LAST_LINES: usize = 40;

pub fn run() -> Result<()> {
    let begun = Instant::now();
    // Asked for before Cargo puts a new one in its place.
    let program = std::env::current_exe()?;
    let result =
        play(FIRST).and_then(|()| side_by_side(&program, BUILDS)).and_then(|()| side_by_side(&program, ENGINES));
    let steps = FIRST.len() + lanes().map(|lane| lane.1.len()).sum::<usize>();
    let seconds = begun.elapsed().as_secs();
    match &result {
        Ok(()) => println!("\nall {steps} steps passed, {seconds} s"),
        Err(_) => println!("\nFAILED after {seconds} s; not every one of the {steps} steps was run"),
    }
    result
}

/// One lane of them, by its name.
pub fn run_lane(name: &str) -> Result<()> {
    play(lanes().find(|lane| lane.0 == name).with_context(|| format!("there is no lane called {name}"))?.1)
}

fn lanes() -> impl Iterator<Item = &'static Lane> {
    BUILDS.iter().chain(ENGINES)
}

fn play(steps: &[Step]) -> Result<()> {
    for (name, step) in steps {
        println!("\n== {name}");
        let begun = Instant::now();
        let result = step();
        let came_of_it = if result.is_ok() { "ok" } else { "FAILED" };
        println!("== {name}: {came_of_it}, {} s", begun.elapsed().as_secs());
        result?;
    }
    Ok(())
}

/// Runs the lanes at the same time. One that fails lets the others come to their end: what they find is worth knowing.
fn side_by_side(program: &Path, lanes: &[Lane]) -> Result<()> {
    let begun = Instant::now();
    let mut running = Vec::new();
    for (name, _) in lanes {
        println!("\n== lane {name}: begun; its lines come when it ends");
        let log = shell::log(&format!("lane-{name}"))?;
        let mut command = Command::new(program);
        command.args(["test", "--lane", name]).stdin(Stdio::null()).stdout(log.file.try_clone()?).stderr(log.file);
        running.push((name, log.path, command.spawn()?));
    }
    let mut failed = Vec::new();
    let mut last_words = String::new();
    let mut said = 0;
    while !running.is_empty() {
        std::thread::sleep(Duration::from_millis(200));
        let (ended, rest): (Vec<_>, Vec<_>) = running
            .into_iter()
            .map(|(name, log, mut lane)| (lane.try_wait(), (name, log, lane)))
            .partition(|(status, _)| !matches!(status, Ok(None)));
        running = rest.into_iter().map(|(_, lane)| lane).collect();
        for (status, (name, log, _)) in ended {
            let lines = std::fs::read_to_string(log)?;
            print!("{lines}");
            println!("== lane {name}: ended, {} s", begun.elapsed().as_secs());
            if !status?.is_some_and(|status| status.success()) {
                last_words.extend(["\n== what lane ", name, " said last:\n", last_lines(&lines)]);
                failed.push(*name);
            }
        }
        let minutes = begun.elapsed().as_secs() / HEARTBEAT.as_secs();
        if minutes > said {
            said = minutes;
            let names: Vec<_> = running.iter().map(|(name, _, _)| **name).collect();
            println!("      still going after {minutes} min: {}", names.join(", "));
        }
    }
    if !failed.is_empty() {
        // The lanes that end later would have it scrolled away.
        print!("{last_words}");
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn last_lines(text: &str) -> &str {
    text.rmatch_indices('\n').nth(LAST_LINES).map_or(text, |(at, _)| &text[at + 1..])
}

/// Clippy is a compiler with more to say, so it compiles what is tested: to check everything first and to compile it then would be
/// half of the work again. The same as `cargo clippy`, but for the command.
fn checked(command: &str, args: &[&str]) -> Result<()> {
    shell::run_command(&mut cargo_with_clippy(command, args))
}

fn cargo_with_clippy(command: &str, args: &[&str]) -> Command {
    let mut cargo = shell::command("cargo", &[command, "--locked"]);
    cargo.args(args).env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    cargo.env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__");
    cargo
}

/// What only a browser has: the store's contract suite on IndexedDB, and what becomes of it when the connection dies.
fn wasm_tests() -> Result<()> {
    for (name, variable, driver) in
        [("Chromium", "CHROMEDRIVER", "chromedriver"), ("Firefox", "GECKODRIVER", "geckodriver")]
    {
        println!("in {name}:");
        let mut tests = cargo_with_clippy("test", STORAGE_TESTS);
        // The runner takes the first driver that it finds in the environment.
        for other in ["CHROMEDRIVER", "GECKODRIVER", "SAFARIDRIVER", "MSEDGEDRIVER"] {
            tests.env_remove(other).env_remove(format!("{other}_REMOTE"));
        }
        tests.env(variable, driver);
        // It gives a page 20 seconds otherwise, which is little on a machine with much to do.
        tests.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
        tests.env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
        shell::run_command(&mut tests)?;
    }
    Ok(())
}

fn journey(engine: &str, which: &[&str]) -> Result<()> {
    end_to_end_test(&[&["--engine", engine], which].concat())
}

fn end_to_end_test(args: &[&str]) -> Result<()> {
    checked("run", &[&["--quiet", "--bin", "e2e", "--"], args].concat())
}

/// `bench` and `kill-test` are measured on what people get: the release builds.
pub fn end_to_end(chore: &str, args: &[String]) -> Result<()> {
    if let Some(extra) = args.iter().find(|arg| *arg == "--help") {
        bail!("{chore} hands {extra} and all else to the end-to-end tests: see tests/e2e/src/main.rs");
    }
    tools::ensure(tools::ALL)?;
    apps::build()?;
    serve::build_server()?;
    let mut command =
        shell::command("cargo", &["run", "--quiet", "--release", "--locked", "--bin", "e2e", "--", chore]);
    shell::run_command(command.args(args))
}
