//! A new build of the app takes over when the young person says so, and not before; nothing written is lost.

use anyhow::{Result, ensure};

use super::chunks::PLACES;
use super::offline::{BESIDE, leave_only_the_worker};
use crate::deploy::{NEXT, NOW, deploy};
use crate::driver::Engine;
use crate::process;
use crate::shots::set_language;
use crate::world::World;
use crate::young::{Young, wait_for_worker};

const OFFER: &str = "Der er en ny udgave.";

pub fn play(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan")?;
    wait_for_worker(&young.browser)?;
    let before = caches(&young)?;
    ensure!(before.len() == 1, "one version, one cache: {before:?}");
    young.write_all("/plan/g_tegn", &["Skrevet før den nye udgave"])?;
    save_something_of_films(&young)?;

    half_a_deploy(&mut world, &young, &before)?;

    let next = deploy(&mut world, NEXT, NEXT)?;
    // As when the app comes back from the background.
    young.browser.execute("window.stays = true; window.dispatchEvent(new Event('online'))", &[])?;
    young.browser.wait_for_text(OFFER)?;
    young.write_all("/plan/g_tegn", &["Skrevet, mens den ventede"])?;
    let stays = young.browser.execute("return window.stays === true", &[])?;
    ensure!(stays == true, "the new version took over by itself");

    young.browser.click_text("Hent den")?;
    young.browser.wait_until(
        "the page to be loaded again",
        "return window.stays === undefined && !document.getElementById('shell') && document.querySelector('main')",
    )?;
    // WebKit never tells “activated” of the worker here, so that it is in control has to do.
    young.browser.wait_until("the worker", "return navigator.serviceWorker.controller !== null")?;
    // A second reload would take this mark away.
    young.browser.execute("window.stays = true", &[])?;
    let gone = process::wait(crate::browser::TIMEOUT, || {
        let now = caches(&young)?;
        Ok(now.len() == 1 && now != before)
    })?;
    ensure!(gone, "the caches are {:?}", caches(&young)?);
    ensure!(has_something_of_films(&young)?, "the new version has taken what was saved of the films away");
    young.write_all("/plan/g_tegn", &["Skrevet efter den nye udgave"])?;
    let stays = young.browser.execute("return window.stays === true", &[])?;
    ensure!(stays == true, "the page was loaded more than once");
    ensure!(!young.browser.text()?.contains(OFFER), "the new version is still offered");
    young.browser.wait_for_text("Skrevet før den nye udgave")?;
    young.browser.wait_for_text("Skrevet, mens den ventede")?;
    young.tap("/mere")?;
    young.browser.wait_for_text("Udgave 0.1.1")?;

    // The new version, too, is there without a network.
    world.go_offline()?;
    leave_only_the_worker(&young.browser)?;
    young.browser.reload()?;
    young.browser.wait_for_text("Udgave 0.1.1")?;
    open_each_chunk(&young)?;
    drop(next);
    young.browser.close()
}

/// All of it, that is: a page of each chunk, what is folded away, what reads the disk, and the other language.
fn open_each_chunk(young: &Young) -> Result<()> {
    for (path, there) in PLACES.iter().chain(&BESIDE) {
        young.goto(path)?;
        young.browser.wait_for_text(there)?;
    }
    young.goto("/plan/g_tegn")?;
    young.wait_for_sheet()?;
    young.wait_for_entry("Skrevet efter den nye udgave")?;
    young.browser.find_text("Navn og visning")?;
    set_language(&young.browser, "en")?;
    young.browser.wait_for_text("How I am when I am well")
}

/// A worker of the new version over files of the old one is not taken in, and the old version goes on without a network.
fn half_a_deploy(world: &mut World, young: &Young, before: &[String]) -> Result<()> {
    let half = deploy(world, NOW, NEXT)?;
    world.proxy.take_recorded();
    let tried = "const done = arguments[arguments.length - 1];
        navigator.serviceWorker.getRegistration()
          .then((registration) => registration.update().catch(() => registration))
          .then((registration) => {
            const settled = () => !registration.installing || registration.installing.state === 'redundant';
            const look = () => settled() ? done(registration.waiting === null) : setTimeout(look, 20);
            look();
          });";
    // One file that does not fit ends it, and the requests for the others may be on their way still. A look for the update
    // that comes while the server starts anew finds nothing, so it is looked for again.
    let asked = process::wait(crate::browser::TIMEOUT, || {
        let waits = young.browser.execute_async(tried, &[])? != true;
        ensure!(!waits, "half a version is waiting to take over");
        Ok(world.proxy.recorded().iter().any(|request| request.path.ends_with(".wasm")))
    })?;
    ensure!(asked, "the new worker did not ask for its files");
    let now = caches(young)?;
    ensure!(now == before, "half a version was kept: {now:?}");
    ensure!(!young.browser.text()?.contains(OFFER), "half a version is offered");
    world.go_offline()?;
    young.browser.reload()?;
    young.browser.wait_for_text("Skrevet før den nye udgave")?;
    world.go_online()?;
    drop(half);
    Ok(())
}

/// The caches of the app itself.
fn caches(young: &Young) -> Result<Vec<String>> {
    let script = "const done = arguments[arguments.length - 1];
        const isOurs = (name) => name.startsWith('min-plan-') && name !== 'min-plan-films';
        caches.keys().then((names) => done(names.filter(isOurs)))";
    Ok(serde_json::from_value(young.browser.execute_async(script, &[])?)?)
}

/// As the app saves films.
fn save_something_of_films(young: &Young) -> Result<()> {
    let script = "const done = arguments[arguments.length - 1];
        caches.open('min-plan-films').then((cache) => cache.put('/films/a.vtt', new Response('saved'))).then(() => done(true))";
    young.browser.execute_async(script, &[]).map(drop)
}

fn has_something_of_films(young: &Young) -> Result<bool> {
    let script = "const done = arguments[arguments.length - 1];
        caches.match('/films/a.vtt', { cacheName: 'min-plan-films' }).then((found) => done(found !== undefined))";
    Ok(young.browser.execute_async(script, &[])? == true)
}
