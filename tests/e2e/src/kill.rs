//! Browser and server are killed at random moments, and what they had promised to keep is looked for afterwards.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow, ensure};

use crate::client::{self, Device};
use crate::driver::Engine;
use crate::server::Server;
use crate::world::World;
use crate::young::{Young, wait_for_worker};

/// Young people in the server's test; each has two devices that write at once.
const YOUNG: u64 = 4;

pub fn run(runs: u32, seed: Option<u64>) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.subsec_nanos().into());
    let seed = seed.unwrap_or(now);
    println!("kill-test: {runs} runs, seed {seed}");
    let browser = kill_browser(runs, &mut Dice(seed | 1))?;
    let server = kill_server(runs, &mut Dice(seed | 1))?;
    println!("Chromium killed {runs} times after “Gemt”: {browser} edits lost");
    println!(
        "server killed {runs} times under load, {} operations acknowledged: {} lost",
        server.promised, server.lost
    );
    ensure!(browser == 0 && server.lost == 0, "something was lost; the same seed plays it again");
    Ok(())
}

/// Where the texts go; a section has room for 200.
const SECTIONS: [&str; 4] = ["g_tegn", "y_selv", "r_nu", "a_bagefter"];
const TEXTS_A_SECTION: usize = 150;

/// Writes, waits for "Gemt", and pulls the plug within 200 milliseconds. Gives the number of texts that were lost.
fn kill_browser(runs: u32, dice: &mut Dice) -> Result<usize> {
    ensure!(runs as usize <= SECTIONS.len() * TEXTS_A_SECTION, "there is no room for so many texts");
    let mut world = World::new(Engine::Chromium)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.goto("/plan")?;
    wait_for_worker(&young.browser)?;
    young.browser.close()?;
    let mut texts: Vec<String> = Vec::new();
    let mut lost = BTreeSet::new();
    for run in 1..=runs {
        let is_offline = dice.roll(2) == 0;
        if is_offline {
            world.proxy.down()
        } else {
            world.proxy.up()?
        }
        let young = Young::new(world.open()?, &world.proxy.origin());
        let at = texts.len() / TEXTS_A_SECTION;
        lost.extend(missing(&young, at, &texts)?);
        let text = format!("Skrevet {run} gange");
        let field = young.browser.find("dialog .composer textarea")?;
        young.browser.type_into(&field, &text)?;
        young.wait_for_saved()?;
        let wait = dice.roll(200);
        thread::sleep(Duration::from_millis(wait));
        young.browser.kill();
        texts.push(text);
        if run % 10 == 0 || run == runs {
            println!("  Chromium: {run} of {runs}, the last after {wait} ms, {} lost", lost.len());
        }
    }
    let young = Young::new(world.open()?, &world.proxy.origin());
    for at in 0..texts.len().div_ceil(TEXTS_A_SECTION) {
        lost.extend(missing(&young, at, &texts)?);
    }
    young.browser.close()?;
    Ok(lost.len())
}

/// Opens a section and says which of the texts that went there are not there, all of them and not only the latest.
fn missing(young: &Young, at: usize, texts: &[String]) -> Result<Vec<String>> {
    let section = SECTIONS.get(at).context("there is no such section")?;
    young.goto(&format!("/plan/{section}"))?;
    young.wait_for_sheet()?;
    let found = young.entries()?;
    let here = texts.chunks(TEXTS_A_SECTION).nth(at).unwrap_or_default();
    let missing: Vec<String> = here.iter().filter(|text| !found.contains(text)).cloned().collect();
    for text in &missing {
        println!("  LOST in {section}: “{text}”");
    }
    Ok(missing)
}

struct Kept {
    promised: usize,
    lost: usize,
}

/// Lets several devices write as fast as they can, ends the server as a power cut would, and asks the next one for all
/// that was acknowledged.
fn kill_server(runs: u32, dice: &mut Dice) -> Result<Kept> {
    let folder = tempfile::Builder::new().prefix("min-plan-e2e-").tempdir()?;
    let mut server = Server::start(folder.path())?;
    let mut devices = Vec::new();
    let mut contact = client::contact(&server)?;
    for young in 0..YOUNG {
        let mut first = Device::invited(&server, &mut contact, 2 * young + 1)?;
        let second = first.beside(&server, 2 * young + 2)?;
        devices.extend([first, second]);
    }
    let mut lost = 0;
    for run in 1..=runs {
        let wait = 50 + dice.roll(350);
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            for device in &mut devices {
                let is_over = &is_over;
                scope.spawn(move || {
                    let mut count = 0;
                    // The first request without an answer is the one that met the end.
                    while !is_over.load(Ordering::SeqCst) && device.write(&format!("{run}.{count}")).is_ok() {
                        count += 1;
                    }
                });
            }
            thread::sleep(Duration::from_millis(wait));
            server.kill();
            is_over.store(true, Ordering::SeqCst);
        });
        server.restart().with_context(|| format!("starting again after kill {run}"))?;
        for pair in devices.chunks_mut(2) {
            let [first, second] = pair else { return Err(anyhow!("devices come in pairs")) };
            let found = first.fetch_all()?;
            let missing = first.acknowledged.union(&second.acknowledged).filter(|id| !found.contains(*id)).count();
            if missing > 0 {
                println!("  LOST in run {run}: {missing} operations");
            }
            lost += missing;
        }
        if run % 10 == 0 || run == runs {
            println!("  server: {run} of {runs}, the last after {wait} ms, {lost} lost");
        }
    }
    let promised = devices.iter().map(|device| device.acknowledged.len()).sum();
    ensure!(promised > 0, "nothing was acknowledged");
    Ok(Kept { promised, lost })
}

/// Xorshift: the same seed gives the same run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}
