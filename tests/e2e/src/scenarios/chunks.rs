//! The pages that come in chunks: what the app says when one cannot be had, that it comes back, and that the last place
//! tapped is the one shown.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::update::deploy_changed;
use crate::browser::TIMEOUT;
use crate::client;
use crate::driver::Engine;
use crate::process;
use crate::proxy::{Network, Recorded};
use crate::world::World;
use crate::young::Young;

const UNDER_WAY: &str = "Siden er på vej.";
const NOT_HERE: &str = "Siden kom ikke frem.";
const AGAIN: &str = "Prøv igen";

/// One page of each chunk, and what stands on it when it is there.
const PAGES: [(&str, &str, &str); 3] = [
    ("split_meeting", "/moede", "Hvem siger det?"),
    ("split_sharing", "/beskeder", "Kun I to kan læse det"),
    ("split_more", "/mere", "Udgave"),
];

/// The list of them, with what the disk is read with.
pub const LIST: &str = "chunks";

/// The places of the bar, and what stands on each.
pub const PLACES: [(&str, &str); 5] = [
    ("/plan", "Når det går godt"),
    ("/om-mig", "Vigtigt om mig"),
    ("/moede", "Hvem siger det?"),
    ("/beskeder", "Kun I to kan læse det"),
    ("/mere", "Udgave"),
];
const COLD_STARTS: usize = 20;
const TAPS: usize = 30;

/// A phone that has the app open and has no chunk yet: nothing is kept for later by a worker.
pub fn open(world: &World, device: &str) -> Result<Young> {
    let young = Young::new(world.open_as(device)?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan")?;
    Ok(young)
}

/// Each chunk in turn is answered with 500.
pub fn failing(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    for (chunk, path, there) in PAGES {
        world.proxy.disturb("/sw.js", Network::Fails);
        world.proxy.disturb(&path_of(chunk)?, Network::Fails);
        let young = open(&world, chunk)?;
        young.tap(path)?;
        young.browser.wait_for_text(NOT_HERE)?;
        for (_, other, there) in PAGES.iter().filter(|(other, ..)| *other != chunk) {
            young.tap(other)?;
            young.browser.wait_for_text(there)?;
        }
        // Whoever comes back asks again without being told to, and is told the same.
        world.proxy.take_recorded();
        young.tap(path)?;
        let file = path_of(chunk)?;
        let is_it = |request: &Recorded| request.path == file && request.is_answered();
        let asked = || Ok(world.proxy.recorded().iter().any(is_it));
        ensure!(process::wait(TIMEOUT, asked)?, "{path}: coming back does not ask again");
        // What is fetched quietly may ask for it too; when nobody does any more, nobody brings it after this.
        let mut last = (0, Instant::now());
        let is_still = || {
            let count = world.proxy.recorded().len();
            if last.0 != count {
                last = (count, Instant::now());
            }
            Ok(last.1.elapsed() >= Duration::from_secs(1))
        };
        ensure!(process::wait(TIMEOUT, is_still)?, "{path}: it is asked for without end");
        young.browser.wait_for_text(NOT_HERE)?;
        young.browser.find_text(AGAIN)?;
        // It asks again by itself too, and may come first.
        world.proxy.calm();
        young.browser.click_if_there(AGAIN)?;
        young.browser.wait_for_text(there)?;
        calm(&young)?;
        young.browser.close()?;
    }
    without_list(&world)
}

/// Nor can the list of all chunks be had: no page comes, and afterwards each does.
fn without_list(world: &World) -> Result<()> {
    world.proxy.disturb("/sw.js", Network::Fails);
    world.proxy.disturb(&path_of(LIST)?, Network::Fails);
    let young = open(world, "list")?;
    for (_, path, _) in PAGES {
        young.tap(path)?;
        young.browser.wait_for_text(NOT_HERE)?;
    }
    world.proxy.calm();
    young.browser.click_if_there(AGAIN)?;
    for (_, path, there) in PAGES.iter().rev() {
        young.tap(path)?;
        young.browser.wait_for_text(there)?;
    }
    calm(&young)?;
    young.browser.close()
}

/// No chunk is answered for longer than the app waits.
pub fn silent(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    world.proxy.disturb("/sw.js", Network::Fails);
    for (chunk, ..) in PAGES {
        world.proxy.disturb(&path_of(chunk)?, Network::Hangs);
    }
    let begun = Instant::now();
    let young = open(&world, "phone")?;
    for (_, path, _) in PAGES {
        young.tap(path)?;
        young.browser.wait_for_text(UNDER_WAY)?;
    }
    // What is eager is there meanwhile, and what is written in it is kept.
    young.write_all("/plan/g_tegn", &["Skrevet, mens siderne var på vej"])?;
    for (_, path, _) in PAGES {
        young.tap(path)?;
        let said = process::wait(Duration::from_secs(30), || Ok(young.browser.text()?.contains(NOT_HERE)))?;
        ensure!(said, "{path}: {:.0} s without an answer, and nothing is said", begun.elapsed().as_secs_f32());
        println!("  {path}: said after {:.0} s", begun.elapsed().as_secs_f32());
    }
    world.proxy.calm();
    for (_, path, there) in PAGES {
        if young.browser.path()? != path {
            young.tap(path)?;
        } else {
            young.browser.click_if_there(AGAIN)?;
        }
        young.browser.wait_for_text(there)?;
    }
    calm(&young)?;
    young.browser.close()
}

/// The server is another version by the time the chunks are asked for, and gives others under the same names.
pub fn of_before(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    world.proxy.disturb("/sw.js", Network::Fails);
    for (chunk, ..) in PAGES {
        world.proxy.disturb(&path_of(chunk)?, Network::Hangs);
    }
    let young = open(&world, "phone")?;
    let names: Vec<PathBuf> = PAGES.iter().map(|(chunk, ..)| find(chunk)).collect::<Result<_>>()?;
    let changed = deploy_changed(&mut world, |folder| {
        // Each chunk has the bytes of the next one: a module in itself, and of another make.
        for (at, name) in names.iter().enumerate() {
            let other = &names[(at + 1) % names.len()];
            for suffix in ["", ".br", ".gz"] {
                fs::copy(with(other, suffix), with(&folder.join(name.file_name().context("a name")?), suffix))?;
            }
        }
        Ok(())
    })?;
    world.proxy.calm();
    world.proxy.disturb("/sw.js", Network::Fails);
    for (_, path, _) in PAGES {
        young.tap(path)?;
        young.browser.wait_for_text(NOT_HERE)?;
    }
    young.write_all("/plan/g_tegn", &["Skrevet mellem to udgaver"])?;
    drop(changed);
    world.server.apps = None;
    world.server.restart()?;
    for (_, path, there) in PAGES {
        young.tap(path)?;
        young.browser.wait_for_text(there)?;
    }
    calm(&young)?;
    young.browser.close()
}

/// What speaks with the server cannot be had: everything can be written and nothing is sent, and when it comes both are made up for.
pub fn remote(engine: Engine) -> Result<()> {
    const EARLIER: &str = "Skrevet, før den gik";
    const MEANWHILE: &str = "Skrevet, mens den var væk";
    let world = World::new(engine)?;
    let mut sara = client::contact(&world.server)?;
    let young = open(&world, "phone")?;
    young.write_all("/plan/r_nu", &[EARLIER])?;
    young.say_yes(&sara.invite("Bo")?, &["red"])?;
    sara.wait_for_words(EARLIER)?;

    // As on a phone whose browser has let go of everything that it had kept of the app.
    let forget = "const done = arguments[arguments.length - 1];
        navigator.serviceWorker.getRegistrations()
          .then((all) => Promise.all(all.map((one) => one.unregister())))
          .then(() => caches.keys())
          .then((names) => Promise.all(names.map((name) => caches.delete(name))))
          .then(() => done(true));";
    young.browser.execute_async(forget, &[])?;
    young.browser.devtools("Network.clearBrowserCache", &json!({}))?;
    let chunk = path_of("split_remote")?;
    world.proxy.disturb(&chunk, Network::Fails);
    world.proxy.disturb("/sw.js", Network::Fails);
    young.goto("/plan")?;
    world.proxy.take_recorded();
    young.write_all("/plan/r_nu", &[MEANWHILE])?;
    young.tap("/beskeder")?;
    young.browser.wait_for_text(NOT_HERE)?;
    // It is asked for again and again, without anybody's doing.
    let asked = || world.proxy.recorded().iter().filter(|request| request.path == chunk).count();
    let again = process::wait(Duration::from_secs(20), || Ok(asked() >= 3))?;
    ensure!(again, "the chunk was asked for {} times", asked());
    let sent = world.proxy.recorded().into_iter().find(|request| request.path.starts_with("/api/"));
    ensure!(sent.is_none(), "something was sent: {:?}", sent.map(|request| request.path));

    world.proxy.calm();
    sara.wait_for_words(MEANWHILE)?;
    young.browser.click_if_there(AGAIN)?;
    young.browser.wait_for_text("Sara Holm")?;
    calm(&young)?;
    young.browser.close()
}

/// Quick taps between places whose chunks are still on their way end on the last one.
pub fn late(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let mut dice = fastrand::Rng::with_seed(7);
    for start in 0..COLD_STARTS {
        world.proxy.disturb("/sw.js", Network::Fails);
        for (chunk, ..) in PAGES {
            world.proxy.disturb(&path_of(chunk)?, Network::Slow(Duration::from_millis(dice.u64(50..600))));
        }
        let young = open(&world, &format!("phone-{start}"))?;
        let taps: Vec<usize> = (0..TAPS).map(|_| dice.usize(0..PLACES.len())).collect();
        let paths: Vec<&str> = taps.iter().map(|tap| PLACES[*tap].0).collect();
        // One after the other in the page itself, some in one breath and some a frame apart.
        let script = "const done = arguments[arguments.length - 1];
            const paths = arguments[0];
            const tap = (at) => {
              if (at === paths.length) return done(true);
              document.querySelector(`nav.bar a[href='${paths[at]}']`).click();
              at % 3 ? tap(at + 1) : requestAnimationFrame(() => tap(at + 1));
            };
            tap(0);";
        young.browser.execute_async(script, &[json!(paths)])?;
        let (path, there) = taps.last().map(|tap| PLACES[*tap]).context("no taps")?;
        young.browser.wait_for_text(there)?;
        world.proxy.calm();
        // Every chunk has come by the time another page is opened and left again.
        let loaded = format!(
            "return performance.getEntriesByType('resource').filter((it) => it.name.includes('_split_')).length >= {}",
            PAGES.len()
        );
        young.browser.wait_until("all chunks", &loaded)?;
        let shown = young.browser.text()?;
        ensure!(shown.contains(there), "start {start}: tapped {paths:?}, shown: {shown}");
        ensure!(young.browser.path()? == path, "start {start}: the address is another one");
        calm(&young)?;
        young.browser.close()?;
    }
    println!("  {COLD_STARTS} cold starts with {TAPS} taps each ended on the last place tapped");
    Ok(())
}

/// The program has not broken down.
pub fn calm(young: &Young) -> Result<()> {
    let complaints = young.browser.complaints()?;
    let broken = complaints
        .iter()
        .find(|line| ["panicked", "unreachable", "RuntimeError"].iter().any(|word| line.contains(word)));
    ensure!(broken.is_none(), "{broken:?}");
    Ok(())
}

pub fn find(chunk: &str) -> Result<PathBuf> {
    let end = if chunk == LIST { ".bin" } else { ".wasm" };
    find_file(&format!("ung_{chunk}-"), end)
}

fn find_file(start: &str, end: &str) -> Result<PathBuf> {
    for entry in fs::read_dir(process::root().join("dist/ung"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(start) && name.ends_with(end) {
            return Ok(path);
        }
    }
    anyhow::bail!("the build has no {start}")
}

pub fn path_of(chunk: &str) -> Result<String> {
    Ok(address(&find(chunk)?))
}

/// Where the program itself is.
pub fn path_of_program() -> Result<String> {
    Ok(address(&find_file("ung-", ".wasm")?))
}

fn address(file: &Path) -> String {
    format!("/{}", file.file_name().unwrap_or_default().to_string_lossy())
}

pub fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
