//! `cargo xtask test`: everything that has to hold, what fails fastest first. It stops at the first failure.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::{apps, serve, shell, size, spelling, tools};

const WASM: &str = "wasm32-unknown-unknown";

type Step = (&'static str, fn() -> Result<()>);

const STEPS: &[Step] = &[
    ("formatting", || shell::run("cargo", &["fmt", "--all", "--check"])),
    ("tools and engines", || tools::ensure(tools::ALL)),
    ("spelling of every text, in each language", spelling::check),
    ("clippy, native", clippy_native),
    ("clippy, wasm", clippy_wasm),
    ("unit, property, contract, server and tidy tests", || {
        shell::run("cargo", &["test", "--locked", "--workspace", "--exclude", "e2e"])
    }),
    ("storage tests in a browser", wasm_tests),
    ("release build of the apps", apps::build),
    ("size of a first visit and of the chunks", || size::check(false)),
    ("the young person's app as another version, for the update", apps::build_next),
    ("release build of the server", serve::build_server),
    ("the journey in Chromium", || journey("chromium")),
    ("the journey in Firefox", || journey("firefox")),
    ("the journey in WebKitGTK", || journey("webkit")),
    ("the loop of development, once", || {
        shell::run("cargo", &["run", "--quiet", "--locked", "--package", "e2e", "--", "trunk"])
    }),
    ("browser and server killed, three times each", || {
        shell::run("cargo", &["run", "--quiet", "--locked", "--package", "e2e", "--", "kill-test", "--runs", "3"])
    }),
];

pub fn run() -> Result<()> {
    let start = Instant::now();
    for (index, (name, step)) in STEPS.iter().enumerate() {
        println!("\n== [{}/{}] {name}", index + 1, STEPS.len());
        let begun = Instant::now();
        if let Err(error) = step() {
            println!("== {name}: FAILED after {} s", begun.elapsed().as_secs());
            summary(index, 1, start);
            return Err(error);
        }
        println!("== {name}: ok, {} s", begun.elapsed().as_secs());
    }
    summary(STEPS.len(), 0, start);
    Ok(())
}

fn summary(passed: usize, failed: usize, start: Instant) {
    let left = STEPS.len() - passed - failed;
    println!("\n{passed} passed, {failed} failed, {left} not run, {} s", start.elapsed().as_secs());
}

fn clippy_native() -> Result<()> {
    shell::run("cargo", &["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"])
}

fn clippy_wasm() -> Result<()> {
    shell::run(
        "cargo",
        &["clippy", "--locked", "--package", "min-plan", "--all-targets", "--target", WASM, "--", "-D", "warnings"],
    )
}

/// What only a browser has: the store's contract suite on IndexedDB, and what becomes of it when the connection dies.
fn wasm_tests() -> Result<()> {
    for (name, variable, driver) in
        [("Chromium", "CHROMEDRIVER", "chromedriver"), ("Firefox", "GECKODRIVER", "geckodriver")]
    {
        println!("in {name}:");
        let mut tests = shell::command("cargo", &["test", "--locked", "--package", "min-plan"]);
        tests.args(["--target", WASM, "--test", "storage"]);
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

fn journey(engine: &str) -> Result<()> {
    shell::run("cargo", &["run", "--quiet", "--locked", "--package", "e2e", "--", "--engine", engine])
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
        shell::command("cargo", &["run", "--quiet", "--release", "--locked", "--package", "e2e", "--", chore]);
    shell::run_command(command.args(args))
}
