//! Two builds of the young person's app side by side: what one of them takes on a shared machine says little by itself.

use std::path::Path;

use anyhow::Result;

use super::phone::{SLOW, WRITTEN, history, starts};
use super::{Table, millis, quantile};
use crate::driver::Engine;
use crate::world::World;
use crate::young::{Young, wait_for_worker};

const TURNS: usize = 41;

/// Starts of the app in this build of the server and in another one, in turn.
pub fn run(server: &Path) -> Result<()> {
    let own = World::new(Engine::Chromium)?;
    let mut other = World::new(Engine::Chromium)?;
    other.server.binary = server.canonicalize()?;
    other.server.stop()?;
    std::fs::remove_dir_all(other.server.data())?;
    std::fs::create_dir_all(other.server.data())?;
    other.server.restart()?;
    let records = history(WRITTEN)?;
    let mut phones = Vec::new();
    for world in [&own, &other] {
        let young = Young::new(world.open()?, &world.proxy.origin());
        young.browser.resize(420, 900)?;
        young.goto("/mere")?;
        wait_for_worker(&young.browser)?;
        young.take_back(&records)?;
        phones.push(young);
    }
    let mut table = Table::default();
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
        let [own, other] = times.each_mut().map(|times| quantile(times, 50));
        let figure = format!("{}, {} the other: {:.2} of it", millis(own), millis(other), own / other);
        table.row(&format!("start to {what}, {SLOW}x CPU, {WRITTEN} operations, p50 of {TURNS}"), &figure, "1.05");
    }
    phones.into_iter().try_for_each(|young| young.browser.close())
}
