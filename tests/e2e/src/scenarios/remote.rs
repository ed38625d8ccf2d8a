//! Without what speaks with the server: everything can be written and nothing is sent, and when it comes both are made up for.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
use tempfile::TempDir;

use crate::chunks::{Answer, NOT_HERE, open, path_of};
use crate::client::{self, Contact};
use crate::driver::Engine;
use crate::process;
use crate::world::World;
use crate::young::{Young, calm};

const REMOTE: &str = "split_remote";
/// A page that needs it says so as soon as any other whose chunk does not come.
const SAID_LIMIT: Duration = Duration::from_secs(28);
const EARLIER: &str = "Skrevet, før den gik";
const MEANWHILE: &str = "Skrevet, mens den var væk";

/// A phone that has shared something, and cannot have the chunk now.
pub struct Without {
    answer: Answer,
    world: World,
    changed: Option<TempDir>,
    sara: Contact,
    young: Young,
}

impl Without {
    pub fn begin(engine: Engine, answer: Answer) -> Result<Self> {
        let mut world = World::new(engine)?;
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
        let changed = answer.begin(&mut world, REMOTE)?;
        young.goto("/plan")?;
        world.proxy.take_recorded();
        young.write_all("/plan/r_nu", &[MEANWHILE])?;
        young.tap("/beskeder")?;
        Ok(Self { answer, world, changed, sara, young })
    }

    pub fn end(self) -> Result<()> {
        let Self { answer, mut world, changed, sara, young } = self;
        let said = process::wait(SAID_LIMIT, || Ok(young.browser.text()?.contains(NOT_HERE)))?;
        ensure!(said, "{answer:?}: nothing is said");
        // It is asked for again and again, without anybody's doing; what hangs is given up first.
        let chunk = path_of(REMOTE)?;
        let times = if answer == Answer::Hangs { 2 } else { 3 };
        let proxy = &world.proxy;
        let asked = || proxy.recorded().iter().filter(|request| request.path == chunk).count();
        let again = process::wait(Duration::from_secs(20), || Ok(asked() >= times))?;
        ensure!(again, "{answer:?}: the chunk was asked for {} times", asked());
        let sent = proxy.recorded().into_iter().find(|request| request.path.starts_with("/api/"));
        ensure!(sent.is_none(), "{answer:?}: something was sent: {:?}", sent.map(|request| request.path));

        answer.end(&mut world)?;
        drop(changed);
        sara.wait_for_words(MEANWHILE)?;
        // By itself, with what it had to do without.
        young.browser.wait_for_text("Sara Holm")?;
        calm(&young)?;
        println!("  {answer:?}: what was written meanwhile was sent afterwards");
        young.browser.close()
    }
}
