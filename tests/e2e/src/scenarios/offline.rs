//! The app opens without a network once it has been seen.

use anyhow::{Result, ensure};
use serde_json::json;

use super::chunks::PLACES;
use crate::browser::Browser;
use crate::driver::Engine;
use crate::world::World;
use crate::young::wait_for_worker;

/// What the bar does not lead to, of the pages that come in chunks, and what stands on it without a network.
pub const BESIDE: [(&str, &str); 3] = [
    ("/mere/moedet", "Det er dit møde."),
    ("/film", "Vi kan ikke hente filmene lige nu."),
    ("/film/hvad-er-mit-moede", "Alle film"),
];

/// A phone opens the app once; then the server is gone, and the app still opens, also after a new start of the browser.
pub fn start(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    let mut browser = world.open()?;
    browser.goto(&world.url("/"))?;
    heading(&browser)?;
    wait_for_worker(&browser)?;
    ensure!(!world.proxy.recorded().is_empty(), "the browser did not go through the proxy");

    world.go_offline()?;
    world.proxy.take_recorded();
    leave_only_the_worker(&browser)?;
    browser.reload()?;
    heading(&browser)?;
    // Every chunk is there as well, also when its page is where one comes in.
    for (path, there) in PLACES.iter().chain(&BESIDE) {
        browser.goto(&world.url(path))?;
        browser.wait_for_text(there)?;
    }
    let controlled = browser.execute("return navigator.serviceWorker.controller !== null", &[])?;
    ensure!(controlled == true, "the page was not served by the worker");

    if engine.keeps_its_profile() {
        browser.close()?;
        browser = world.open()?;
        browser.goto(&world.url("/"))?;
        heading(&browser)?;
    }
    ensure!(world.proxy.recorded().is_empty(), "something went through while there was no network");

    world.go_online()?;
    browser.goto(&world.url("/"))?;
    heading(&browser)?;
    let complaints = browser.complaints()?;
    let refused = complaints.iter().find(|line| line.contains("Content Security Policy"));
    ensure!(refused.is_none(), "the page's policy refused something: {refused:?}");
    browser.close()
}

/// From now on the browser has nothing of the app but what the worker has kept. Only Chromium can be asked for that.
pub fn leave_only_the_worker(browser: &Browser) -> Result<()> {
    if browser.engine == Engine::Chromium {
        browser.devtools("Network.clearBrowserCache", &json!({}))?;
    }
    Ok(())
}

fn heading(browser: &Browser) -> Result<()> {
    browser
        .wait_until("a heading", "return !document.getElementById('shell') && document.querySelector('h1')?.innerText")
        .map(drop)
}
