//! A new build of the app takes over when the young person says so, and not before; nothing written is lost.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::offline::wait_for_worker;
use crate::driver::Engine;
use crate::process;
use crate::world::World;
use crate::young::Young;

const NEXT: &str = "0123456789abcdef";

pub fn play(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    let next = tempfile::Builder::new().prefix("min-plan-e2e-").tempdir()?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan")?;
    wait_for_worker(&young.browser)?;
    let before = caches(&young)?;
    ensure!(before.len() == 1, "one version, one cache: {before:?}");
    young.write_all("/plan/g_tegn", &["Skrevet før den nye udgave"])?;

    stage_next(next.path())?;
    world.server.apps = Some(next.path().to_owned());
    world.server.restart()?;
    // As when the app comes back from the background.
    young.browser.execute("window.stays = true; window.dispatchEvent(new Event('online'))", &[])?;
    young.browser.wait_for_text("Der er en ny udgave.")?;
    let stays = young.browser.execute("return window.stays === true", &[])?;
    ensure!(stays == true, "the new version took over by itself");
    world.proxy.take_recorded();

    young.browser.click_text("Hent den")?;
    young.browser.wait_until(
        "the page to be loaded again",
        "return window.stays === undefined && document.querySelector('main')",
    )?;
    // WebKit never tells “activated” of the worker here, so that it is in control has to do.
    young.browser.wait_until("the worker", "return navigator.serviceWorker.controller !== null")?;
    let wanted = format!("min-plan-{NEXT}");
    let only = "const done = arguments[arguments.length - 1]; caches.keys().then((names) => done(names))";
    let gone = process::wait(crate::browser::PATIENCE, || {
        Ok(young.browser.execute_async(only, &[])? == serde_json::json!([wanted]))
    })?;
    ensure!(gone, "the caches are {:?}", caches(&young)?);
    young.browser.wait_for_text("Skrevet før den nye udgave")?;
    // A second reload would take this mark away.
    young.browser.execute("window.stays = true", &[])?;
    young.browser.execute_async("const done = arguments[arguments.length - 1]; setTimeout(done, 1000)", &[])?;
    let stays = young.browser.execute("return window.stays === true", &[])?;
    ensure!(stays == true, "the page was loaded more than once");
    ensure!(!young.browser.text()?.contains("Der er en ny udgave."), "the new version is still offered");
    young.browser.close()
}

fn caches(young: &Young) -> Result<Vec<String>> {
    let script = "const done = arguments[arguments.length - 1]; caches.keys().then((names) => done(names))";
    Ok(serde_json::from_value(young.browser.execute_async(script, &[])?)?)
}

/// The build that the server has, under another build's name.
fn stage_next(to: &Path) -> Result<()> {
    copy(&process::root().join("dist"), to)?;
    let worker = to.join("ung/sw.js");
    let source = fs::read_to_string(&worker).context("the apps are not built: cargo xtask build")?;
    let line = source.lines().find(|line| line.starts_with("const BUILD = ")).context("sw.js names no build")?;
    fs::write(&worker, source.replace(line, &format!("const BUILD = \"{NEXT}\";")))?;
    for packed in ["ung/sw.js.br", "ung/sw.js.gz"] {
        fs::remove_file(to.join(packed))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let to = to.join(path.file_name().context("a file without a name")?);
        if path.is_dir() {
            copy(&path, &to)?;
        } else {
            fs::copy(&path, &to)?;
        }
    }
    Ok(())
}
