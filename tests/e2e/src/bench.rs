//! Timed figures, as a table.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::client::{self, Device};
use crate::driver::Engine;
use crate::server::Server;
use crate::world::World;
use crate::young::Young;

const CONNECTIONS: u64 = 64;
const LOAD: Duration = Duration::from_secs(10);
const SAVES: usize = 50;

pub fn run() -> Result<()> {
    let mut times = acknowledge()?;
    let per_second = times.len() as f64 / LOAD.as_secs_f64();
    let mut saves = save()?;
    println!("| what | figure |\n|---|---|");
    println!("| durable acknowledgements, {CONNECTIONS} connections | {per_second:.0} a second |");
    println!("| time to one, p50 / p99 | {} / {} |", quantile(&mut times, 50), quantile(&mut times, 99));
    println!(
        "| one strict save, from a tap to “Gemt”, p50 / p95 | {} / {} |",
        quantile(&mut saves, 50),
        quantile(&mut saves, 95)
    );
    Ok(())
}

fn quantile(times: &mut [f64], percent: usize) -> String {
    times.sort_by(f64::total_cmp);
    let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(at).map_or_else(String::new, |millis| format!("{millis:.1} ms"))
}

/// How long each acknowledgement took, in milliseconds, with all connections writing as fast as they can.
fn acknowledge() -> Result<Vec<f64>> {
    let folder = tempfile::Builder::new().prefix("min-plan-e2e-").tempdir()?;
    let server = Server::start(folder.path())?;
    let mut contact = client::contact(&server)?;
    let devices: Result<Vec<Device>> =
        (1..=CONNECTIONS).map(|replica| Device::invited(&server, &mut contact, replica)).collect();
    let mut all = Vec::new();
    thread::scope(|scope| {
        let writers: Vec<_> = devices?
            .into_iter()
            .map(|mut device| {
                scope.spawn(move || {
                    let (begun, mut times) = (Instant::now(), Vec::new());
                    while begun.elapsed() < LOAD {
                        let one = Instant::now();
                        device.write("Ring til mor")?;
                        times.push(one.elapsed().as_secs_f64() * 1000.0);
                    }
                    Ok::<_, anyhow::Error>(times)
                })
            })
            .collect();
        for writer in writers {
            all.extend(writer.join().map_err(|_| anyhow::anyhow!("a writer broke down"))??);
        }
        Ok::<_, anyhow::Error>(())
    })?;
    ensure!(!all.is_empty(), "nothing was acknowledged");
    Ok(all)
}

/// How long the strict transaction of a save takes in Chromium, from an example that is tapped to "Gemt".
fn save() -> Result<Vec<f64>> {
    let world = World::new(Engine::Chromium)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.goto("/plan/g_tegn")?;
    young.wait_for_sheet()?;
    young.write("Første")?;
    young.wait_for_saved()?;
    let script = "const done = arguments[arguments.length - 1];
        const line = document.querySelector('dialog .saved');
        const up = [...document.querySelectorAll('dialog [id^=up-], dialog [id^=down-]')].find((button) => !button.disabled);
        const begun = performance.now();
        const watch = new MutationObserver(() => {
          if (line.innerText.trim() === 'Gemt på din telefon') { watch.disconnect(); done(performance.now() - begun); }
        });
        watch.observe(line, { childList: true, subtree: true, characterData: true });
        up.click();";
    young.write("Anden")?;
    young.wait_for_saved()?;
    let mut times = Vec::new();
    for _ in 0..SAVES {
        times.extend(young.browser.execute_async(script, &[])?.as_f64());
    }
    ensure!(times.len() == SAVES, "a save was not said");
    young.browser.close()?;
    Ok(times)
}
