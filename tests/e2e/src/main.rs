//! The journey in real browsers, against the release build, served by the real server.
//!
//! ```text
//! e2e --engine chromium|firefox|webkit [--only NAME]    plays the scenarios, or those whose names begin so,
//!                                      [--except NAME]  or all but those
//! e2e kill-test [--runs N] [--seed N]                   kills browser and server, counts what is lost
//! e2e bench [server|phone|visit]                        timed figures
//! e2e bench --beside SERVER                             first visits and starts of this build and of another one, in turn
//! e2e shots --out DIR                                   pictures of the screens
//! e2e trunk                                             the loop of development, once
//! ```

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;

use e2e::driver::Engine;
use e2e::{bench, kill, process, scenarios, shots, trunk};

#[derive(Default)]
struct Arguments {
    chore: Option<String>,
    engine: Option<Engine>,
    only: Option<String>,
    except: Option<String>,
    runs: Option<u32>,
    seed: Option<u64>,
    out: Option<PathBuf>,
    beside: Option<PathBuf>,
}

fn main() {
    if let Err(error) = run() {
        eprintln!("e2e: {error:#}");
        std::process::exit(1);
    }
}

fn run() -> Result<()> {
    let arguments = parse()?;
    match arguments.chore.as_deref() {
        None => {
            let engine = arguments.engine.context("--engine chromium, firefox or webkit")?;
            // Two may be under way at once in one engine.
            let part = arguments.only.as_ref().map(|only| format!("-{only}")).unwrap_or_default();
            process::name_output(&format!("{}{part}", engine.name()));
            scenarios::run(engine, arguments.only.as_deref(), arguments.except.as_deref())
        }
        Some("kill-test") => kill::run(arguments.runs.unwrap_or(50), arguments.seed),
        Some("bench") => match arguments.beside {
            Some(server) => bench::run_beside(&server),
            None => bench::run(arguments.only.as_deref()),
        },
        Some("trunk") => trunk::check(),
        Some("shots") => shots::take(&arguments.out.context("--out DIR")?),
        Some(other) => bail!("there is no chore called {other}"),
    }
}

fn parse() -> Result<Arguments> {
    let mut arguments = Arguments::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("engine") => arguments.engine = Some(parser.value()?.string()?.parse()?),
            Long("only") => arguments.only = Some(parser.value()?.string()?),
            Long("except") => arguments.except = Some(parser.value()?.string()?),
            Long("runs") => arguments.runs = Some(parser.value()?.parse()?),
            Long("seed") => arguments.seed = Some(parser.value()?.parse()?),
            Long("beside") => arguments.beside = Some(parser.value()?.into()),
            Long("out") => arguments.out = Some(parser.value()?.into()),
            Value(chore) if arguments.chore.is_none() => arguments.chore = Some(chore.string()?),
            Value(only) if arguments.only.is_none() => arguments.only = Some(only.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(arguments)
}
