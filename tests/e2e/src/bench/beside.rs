//! Two builds of the young person's app side by side: what one of them takes on a shared machine says little by itself.

use std::path::Path;

use anyhow::Result;

use super::phone::{SLOW, WRITTEN, history, starts};
use super::visit::{FIGURES, median, visit};
use super::{Table, millis, quantile};
use crate::driver::Engine;
use crate::world::World;
use crate::young::{Young, wait_for_worker};

const TURNS: usize = 41;
/// Each of these takes seconds, and their figures lie closer together.
const VISITS: usize = 11;

/// First visits and starts of the app in this build of the server and in another one, in turn.
pub fn run(server: &Path) -> Result<()> {
    let own = World::new(Engine::Chromium)?;
    let mut other = World::new(Engine::Chromium)?;
    other.server.binary = server.canonicalize()?;
    other.server.stop()?;
    std::fs::remove_dir_all(other.server.data())?;
    std::fs::create_dir_all(other.server.data())?;
    other.server.restart()?;
    let mut table = Table::default();
    cold([&own, &other], &mut table)?;
    warm([&own, &other], &mut table)
}

/// First visits, each by a phone that has never seen the app.
fn cold(worlds: [&World; 2], table: &mut Table) -> Result<()> {
    let mut visits = [Vec::new(), Vec::new()];
    for turn in 0..VISITS {
        for (world, visits) in worlds.iter().zip(&mut visits) {
            visits.push(visit(world, &format!("cold-{turn}"))?);
        }
    }
    for (what, name, _) in FIGURES {
        let medians = visits.each_ref().map(|visits| median(visits, name));
        row(table, &format!("first visit, slow 4G, 4x CPU: {what}, p50 of {VISITS}"), medians);
    }
    Ok(())
}

/// Starts with everything cached and a great deal written.
fn warm(worlds: [&World; 2], table: &mut Table) -> Result<()> {
    let records = history(WRITTEN)?;
    let mut phones = Vec::new();
    for world in worlds {
        let young = Young::new(world.open()?, &world.proxy.origin());
        young.browser.resize(420, 900)?;
        young.goto("/mere")?;
        wait_for_worker(&young.browser)?;
        young.take_back(&records)?;
        phones.push(young);
    }
    for (what, path, there) in [
        ("the hard-times page", "/svaert", "ol.acts li"),
        ("something to write in", "/plan/r_nu", "dialog[open] .composer textarea"),
    ] {
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..TURNS {
            for (young, times) in phones.iter().zip(&mut times) {
                times.extend(starts(young, path, there, SLOW, 1)?);
            }
        }
        let medians = times.each_mut().map(|times| quantile(times, 50));
        row(table, &format!("start to {what}, {SLOW}x CPU, {WRITTEN} operations, p50 of {TURNS}"), medians);
    }
    phones.into_iter().try_for_each(|young| young.browser.close())
}

fn row(table: &mut Table, what: &str, [own, other]: [f64; 2]) {
    // Nothing may have been blocked at all.
    let ratio = if other > 0.0 { format!(": {:.2} of it", own / other) } else { String::new() };
    let figure = format!("{}, {} the other{ratio}", millis(own), millis(other));
    table.row(what, &figure, "1.05");
}
