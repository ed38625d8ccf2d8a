//! What has to work, in the order of the main job. Each scenario starts from nothing.

mod accessible;
mod journey;
mod offline;
mod storage;
mod tabs;
mod too_long;
mod update;

pub use offline::wait_for_worker;

use std::time::Instant;

use anyhow::{Result, bail};

use crate::driver::Engine;
use crate::process;

type Scenario = (&'static str, fn(Engine) -> Result<()>);

const SCENARIOS: &[Scenario] = &[
    ("offline-start", offline::start),
    ("journey", journey::play),
    ("tabs", tabs::write_in_two),
    ("too-long", too_long::play),
    ("storage-blocked", storage::blocked),
    ("storage-full", storage::full),
    ("update", update::play),
    ("accessible", accessible::screens),
];

/// Plays all scenarios, or the one with this name, and prints how many passed.
pub fn run(engine: Engine, only: Option<&str>) -> Result<()> {
    let wanted: Vec<_> = SCENARIOS.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)).collect();
    if wanted.is_empty() {
        let names: Vec<_> = SCENARIOS.iter().map(|(name, _)| *name).collect();
        bail!("there is no such scenario; there are: {}", names.join(", "));
    }
    let mut failed = 0;
    for (name, scenario) in &wanted {
        let begun = Instant::now();
        match scenario(engine) {
            Ok(()) => println!("{} {name}: ok, {:.1} s", engine.name(), begun.elapsed().as_secs_f32()),
            Err(error) => {
                failed += 1;
                println!("{} {name}: FAILED, {:.1} s\n  {error:#}", engine.name(), begun.elapsed().as_secs_f32());
            }
        }
    }
    println!("{}: {} passed, {failed} failed", engine.name(), wanted.len() - failed);
    if failed > 0 {
        bail!("logs and pictures are in {}", process::output_folder().display());
    }
    Ok(())
}
