//! Timed figures, as a table: what is measured, the figure, and what it should be.
//!
//! A benchmark measures and never fails for being slow: machines are shared, and a test that depends on the machine is none.

mod beside;
mod phone;
mod server;
mod visit;

use anyhow::{Result, bail};

pub use beside::run as run_beside;

type Measure = fn(&mut Table) -> Result<()>;

const ALL: [(&str, Measure); 3] = [("server", server::measure), ("phone", phone::measure), ("visit", visit::measure)];

/// Measures everything, or one of it.
pub fn run(only: Option<&str>) -> Result<()> {
    let mut table = Table::default();
    for (_, measure) in ALL.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)) {
        measure(&mut table)?;
    }
    if table.rows == 0 {
        bail!("there is server, phone and visit");
    }
    Ok(())
}

/// Prints its rows as they come, since the whole takes minutes.
#[derive(Default)]
pub struct Table {
    rows: usize,
}

impl Table {
    pub fn row(&mut self, what: &str, figure: &str, aim: &str) {
        if self.rows == 0 {
            println!("| what | figure | aim |\n|---|---|---|");
        }
        self.rows += 1;
        println!("| {what} | {figure} | {aim} |");
    }
}

/// The value below which so many percent of the values are.
fn quantile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() * percent / 100).min(values.len().saturating_sub(1));
    values.get(at).copied().unwrap_or(f64::NAN)
}

fn millis(value: f64) -> String {
    format!("{value:.0} ms")
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1} KB", bytes as f64 / 1024.0)
}
