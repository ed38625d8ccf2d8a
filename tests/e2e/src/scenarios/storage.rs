//! A phone that will not keep anything, and one that is full: the app starts, says so, and gives what was written as a file.

use anyhow::{Result, bail, ensure};
use serde_json::json;

use crate::driver::Engine;
use crate::world::World;
use crate::young::{Young, wait_for_worker};

const BLOCKED: &str = "Din browser vil ikke gemme noget her.";
pub(super) const FULL: &str = "Din telefon er fuld.";
/// More than this is not written before the storage is full.
const MOST: usize = 60;
const WORDS: &str = "Ring til Mormor";

/// The browser is set to keep nothing.
pub fn blocked(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let young = Young::new(world.open_blocked()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/")?;
    young.browser.wait_for_text(BLOCKED)?;
    young.goto("/plan")?;
    young.browser.wait_for_text(BLOCKED)?;
    young.open_sheet("/plan/g_tegn")?;
    young.write(WORDS)?;
    young.browser.wait_for_text("Ikke gemt endnu")?;
    young.close_sheet()?;
    young.browser.click_text("Gem som fil")?;
    let file = young.browser.wait_for_file()?;
    ensure!(file.contains(WORDS), "the file does not have what was written");
    young.browser.close()
}

/// There is no room for what is written; then there is again.
pub fn full(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let young = Young::new(world.open_small()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan")?;
    young.write_all("/plan/g_tegn", &["Skrevet før"])?;
    // One that is kept half gives its room back when there is none for the rest.
    wait_for_worker(&young.browser)?;
    // Chromium remembers for a while how much room there was when it last looked.
    young.browser.close()?;
    let young = Young::new(world.open_small()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan")?;
    fill(&world, &young)?;
    young.open_sheet("/plan/g_tegn")?;
    let written = write_until_full(&young)?;
    young.close_sheet()?;
    young.browser.wait_for_text(FULL)?;
    young.browser.click_text("Gem som fil")?;
    let file = young.browser.wait_for_file()?;
    let missing = written.iter().find(|text| !file.contains(*text));
    ensure!(missing.is_none(), "the file does not have {missing:?}");

    // The app is closed before there is room: the journal has what the store could not take, and goes on having it.
    let mut all = vec!["Skrevet før"];
    all.extend(written.iter().map(String::as_str));
    for _ in 0..2 {
        young.browser.reload()?;
        young.browser.wait_for_text(FULL)?;
        young.open_sheet("/plan/g_tegn")?;
        young.wait_for_entries(&all)?;
        young.close_sheet()?;
    }

    make_room(&world, &young)?;
    // It is tried again by itself.
    let gone = format!("return !document.body.innerText.includes({})", json!(FULL));
    young.browser.wait_until("the notice to go", &gone)?;
    young.browser.reload()?;
    young.open_sheet("/plan/g_tegn")?;
    young.wait_for_entries(&all)?;
    young.browser.close()
}

/// Writes until the app says that it is not saved. A database has some room of its own that nobody else can take.
fn write_until_full(young: &Young) -> Result<Vec<String>> {
    let mut written = Vec::new();
    while written.len() < MOST {
        let text = format!("{} {WORDS}", written.len() + 1).repeat(100);
        young.set_field("dialog .composer textarea", &text)?;
        young.wait_for_entry(&text)?;
        written.push(text);
        let said = "return /^(Ikke gemt endnu|Gemt på din telefon)$/.exec(
            document.querySelector('dialog .saved')?.innerText.trim())?.[0]";
        if young.browser.wait_until("how saving went", said)? == "Ikke gemt endnu" {
            return Ok(written);
        }
    }
    bail!("{MOST} texts were saved although there is no room")
}

/// Leaves no room for a single operation more.
pub(super) fn fill(world: &World, young: &Young) -> Result<()> {
    if world.engine == Engine::Chromium {
        return set_quota(world, young, &json!(1));
    }
    let filled = young.browser.execute_async(FILL, &[])?;
    ensure!(filled == true, "the storage could not be filled: {filled}");
    Ok(())
}

pub(super) fn make_room(world: &World, young: &Young) -> Result<()> {
    if world.engine == Engine::Chromium {
        return set_quota(world, young, &json!(100_000_000));
    }
    let script = "const done = arguments[arguments.length - 1];
        const request = indexedDB.deleteDatabase('filler');
        request.onsuccess = () => done(true);
        request.onerror = request.onblocked = (event) => done(event.type);";
    let emptied = young.browser.execute_async(script, &[])?;
    ensure!(emptied == true, "no room could be made: {emptied}");
    Ok(())
}

fn set_quota(world: &World, young: &Young, bytes: &serde_json::Value) -> Result<()> {
    let params = json!({ "origin": world.proxy.origin(), "quotaSize": bytes });
    young.browser.devtools("Storage.overrideQuotaForOrigin", &params).map(drop)
}

/// Fills a database of its own with what cannot be compressed, in smaller and smaller pieces, until nothing fits. Firefox
/// may close a database that could not grow, so each size begins with opening it.
const FILL: &str = "const done = arguments[arguments.length - 1];
    const open = () => new Promise((answer, refuse) => {
      const request = indexedDB.open('filler', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('pieces', { autoIncrement: true });
      request.onsuccess = () => answer(request.result);
      request.onerror = () => refuse(request.error);
    });
    const add = (db, size) => new Promise((answer) => {
      try {
        const transaction = db.transaction('pieces', 'readwrite');
        transaction.oncomplete = () => answer(true);
        transaction.onabort = () => answer(false);
        transaction.objectStore('pieces').add(crypto.getRandomValues(new Uint8Array(size)));
      } catch (error) { answer(false); }
    });
    const fill = async () => {
      for (const size of [65536, 8192, 1024]) {
        const db = await open();
        while (await add(db, size));
        db.close();
      }
    };
    fill().then(() => done(true), (error) => done(String(error)));";
