//! The pages that come in chunks: what the app says when one cannot be had, that it comes back, and that the last place
//! tapped is the one shown.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::{english, remote};
use crate::browser::TIMEOUT;
use crate::chunks::{AGAIN, Answer, LIST, NOT_HERE, UNDER_WAY, deploy_others, open, open_at, path_of};
use crate::driver::Engine;
use crate::process;
use crate::proxy::{Network, Recorded};
use crate::world::World;
use crate::young::{Young, calm};

const FILMS: &str = "/film";

/// One page of each chunk, and what stands on it when it is there.
const PAGES: [(&str, &str, &str); 4] = [
    ("split_meeting", "/moede", "Hvem siger det?"),
    ("split_sharing", "/beskeder", "Kun I to kan læse det"),
    ("split_more", "/mere", "Udgave"),
    ("split_films", FILMS, "Hvad er Mit Møde?"),
];
/// Those of them that the bar leads to.
const BAR: [&str; 3] = ["/moede", "/beskeder", "/mere"];

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

/// Goes to a page by a tap. The films are no place of the bar: two other pages have a link to them.
fn go(young: &Young, path: &str) -> Result<()> {
    if path == FILMS && !young.browser.has(&format!("a[href='{FILMS}']"))? {
        young.tap("/moede")?;
    }
    young.tap(path)
}

/// Goes to a page that was missing, or asks for it again where it is.
fn come_back(young: &Young, path: &str) -> Result<()> {
    if young.browser.path()? == path { young.browser.click_if_there(AGAIN) } else { go(young, path) }
}

/// Each chunk in turn is answered with 500.
pub fn failing(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    for (chunk, path, there) in PAGES {
        world.proxy.disturb("/sw.js", Network::Fails);
        world.proxy.disturb(&path_of(chunk)?, Network::Fails);
        let young = open(&world, chunk)?;
        go(&young, path)?;
        young.browser.wait_for_text(NOT_HERE)?;
        for (_, other, there) in PAGES.iter().filter(|(other, ..)| *other != chunk) {
            go(&young, other)?;
            young.browser.wait_for_text(there)?;
        }
        // Whoever comes back asks again without being told to, and is told the same.
        world.proxy.take_recorded();
        go(&young, path)?;
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
    for path in BAR {
        young.tap(path)?;
        young.browser.wait_for_text(NOT_HERE)?;
    }
    // No page with a way there is here.
    young.goto(FILMS)?;
    young.browser.wait_for_text(NOT_HERE)?;
    world.proxy.calm();
    for (_, path, there) in PAGES.iter().rev() {
        come_back(&young, path)?;
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
    // A phone for each: coming back to a page asks again, and then it is on its way for as long once more.
    let mut phones = Vec::new();
    for (chunk, path, _) in PAGES {
        let young = if path == FILMS { open_at(&world, chunk, path)? } else { open(&world, chunk)? };
        if path != FILMS {
            young.tap(path)?;
        }
        young.browser.wait_for_text(UNDER_WAY)?;
        phones.push(young);
    }
    // What is eager is there meanwhile, and what is written in it is kept.
    phones[0].write_all("/plan/g_tegn", &["Skrevet, mens siderne var på vej"])?;
    phones[0].tap(PAGES[0].1)?;
    for (young, (_, path, _)) in phones.iter().zip(PAGES) {
        let said = process::wait(Duration::from_secs(30), || Ok(young.browser.text()?.contains(NOT_HERE)))?;
        ensure!(said, "{path}: {:.0} s without an answer, and nothing is said", begun.elapsed().as_secs_f32());
        println!("  {path}: said after {:.0} s", begun.elapsed().as_secs_f32());
    }
    world.proxy.calm();
    for (young, (_, path, there)) in phones.into_iter().zip(PAGES) {
        come_back(&young, path)?;
        young.browser.wait_for_text(there)?;
        calm(&young)?;
        young.browser.close()?;
    }
    Ok(())
}

/// The server is another version by the time the chunks are asked for, and gives others under the same names.
pub fn of_before(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    world.proxy.disturb("/sw.js", Network::Fails);
    for (chunk, ..) in PAGES {
        world.proxy.disturb(&path_of(chunk)?, Network::Hangs);
    }
    let young = open(&world, "phone")?;
    let linked = open_at(&world, "linked", FILMS)?;
    let changed = deploy_others(&mut world, &PAGES.map(|(chunk, ..)| chunk))?;
    world.proxy.calm();
    world.proxy.disturb("/sw.js", Network::Fails);
    for path in BAR {
        young.tap(path)?;
        young.browser.wait_for_text(NOT_HERE)?;
    }
    linked.browser.wait_for_text(NOT_HERE)?;
    young.write_all("/plan/g_tegn", &["Skrevet mellem to udgaver"])?;
    drop(changed);
    world.server.apps = None;
    world.server.restart()?;
    for (_, path, there) in PAGES {
        come_back(&young, path)?;
        young.browser.wait_for_text(there)?;
    }
    let [.., (_, path, there)] = PAGES;
    come_back(&linked, path)?;
    linked.browser.wait_for_text(there)?;
    for young in [young, linked] {
        calm(&young)?;
        young.browser.close()?;
    }
    Ok(())
}

/// What is behind the pages: what speaks with the server, and the other language. What waits for one answer waits beside the others.
pub fn behind(engine: Engine) -> Result<()> {
    let remote = Answer::ALL.map(|answer| remote::Without::begin(engine, answer));
    let english = Answer::ALL.map(|answer| english::Without::begin(engine, answer));
    english.into_iter().rev().try_for_each(|without| without?.end())?;
    remote.into_iter().rev().try_for_each(|without| without?.end())
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
