//! Runs a check on many seeds, on all cores, and says which failed.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Prints a figure.
pub fn report(figure: &str) {
    say(&format!("figure: {figure}"));
}

/// Also when the test passes: the test harness only swallows what the print macros write.
fn say(what: &str) {
    let _ = writeln!(std::io::stderr().lock(), "    {what}");
}

/// A number from the environment, for runs that are longer than the default.
pub fn figure_from_env(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

/// After so many failures a core stops.
const MOST: usize = 5;

/// Runs `check` for every number below `count`, on all cores, and says which numbers failed. `SEED` plays one alone.
pub fn for_each_seed(count: u64, check: impl Fn(u64) -> Result<(), String> + Sync) {
    if let Ok(seed) = std::env::var("SEED") {
        let seed = seed.parse().expect("SEED must be a number");
        return check(seed).unwrap_or_else(|failure| panic!("seed {seed}: {failure}"));
    }
    let workers = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let failures: Vec<String> = std::thread::scope(|scope| {
        let check = &check;
        let threads: Vec<_> = (0..workers)
            .map(|worker| {
                scope.spawn(move || {
                    let seeds = (worker..count).step_by(workers as usize);
                    let failures = seeds.filter_map(|seed| {
                        // One that panics has failed, too, and is to be played alone.
                        let played = catch_unwind(AssertUnwindSafe(|| check(seed)));
                        let failure = played.unwrap_or_else(|_| Err("it panicked".into())).err()?;
                        // Said at once: what comes after it may take half an hour.
                        let failure = format!("seed {seed}: {failure}");
                        say(&format!("failed: {failure}"));
                        Some(failure)
                    });
                    failures.take(MOST).collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a seed panicked")).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
