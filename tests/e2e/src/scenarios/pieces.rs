//! What comes in chunks on the eager pages: what is folded away, and what reads the disk. Whatever becomes of these chunks, the
//! words on the phone can be read, new ones are kept, the hard-times page is there, and everything comes back.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::chunks::{AGAIN, Answer, LIST, open};
use crate::driver::Engine;
use crate::process;
use crate::proxy::Network;
use crate::world::World;
use crate::young::{Young, calm};

const DETAILS: &str = "split_details";
const EARLIER: &str = "Skrevet, da alt var her";
const MISSING: &str = "Ikke alt kom frem.";
const SECTION: &str = "/plan/g_tegn";
/// The hard-times page has to be there by then, whatever the network does.
const START_LIMIT: Duration = Duration::from_secs(10);

/// Without the chunk of what is folded away.
pub fn details(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    for answer in Answer::ALL {
        world.proxy.disturb("/sw.js", Network::Fails);
        let young = open(&world, &format!("{answer:?}"))?;
        young.write_all(SECTION, &[EARLIER])?;
        young.hide_section("/plan/y_sted")?;
        young.goto("/plan")?;
        let here = "return document.querySelector('.add-section')";
        young.browser.wait_until("what comes later", here)?;
        let whole = places(&young)?;
        let whole_sheet = places_in_sheet(&young)?;
        young.browser.devtools("Network.clearBrowserCache", &json!({}))?;
        let changed = answer.begin(&mut world, DETAILS)?;

        young.goto("/plan")?;
        if matches!(answer, Answer::Hangs) {
            // What comes later must not push away what somebody is about to tap.
            let at_first = places(&young)?;
            ensure!(at_first == whole, "{at_first} stands somewhere else afterwards: {whole}");
            let at_first = places_in_sheet(&young)?;
            ensure!(at_first == whole_sheet, "in the sheet {at_first} stands somewhere else afterwards: {whole_sheet}");
        }
        young.tap(SECTION)?;
        young.wait_for_sheet()?;
        let shown = "return [...document.querySelectorAll('dialog .entries li')].map((row) => row.innerText.trim())";
        let shown = young.browser.execute(shown, &[])?;
        ensure!(shown == json!([EARLIER]), "{answer:?}: in the sheet stands {shown}");
        // Room for more is there, and what is written in it is kept.
        let meanwhile = "Skrevet, mens noget manglede";
        let field = young.browser.find("dialog .composer textarea")?;
        young.browser.click(&field)?;
        young.browser.type_into(&field, meanwhile)?;
        young.leave_field()?;
        young.wait_for_saved()?;
        young.browser.wait_for_text(meanwhile)?;
        let said = process::wait(Duration::from_secs(30), || Ok(young.browser.text()?.contains(MISSING)))?;
        ensure!(said, "{answer:?}: nothing is said");

        young.browser.find_text(AGAIN)?;
        answer.end(&mut world)?;
        drop(changed);
        // It asks again by itself too, and may come first.
        young.browser.click_if_there(AGAIN)?;
        young.wait_for_entries(&[EARLIER, meanwhile])?;
        young.edit(meanwhile, "Rettet bagefter")?;
        ensure!(!young.browser.text()?.contains(MISSING), "{answer:?}: what has come is still said to be missing");
        calm(&young)?;
        young.browser.close()?;
        println!("  {answer:?}: the words could be read, written and changed afterwards");
    }
    Ok(())
}

/// Where everything stands that can be tapped on the page.
fn places(young: &Young) -> Result<Value> {
    let tops = "return [...document.querySelectorAll('.zone a')]
        .filter((link) => link.getClientRects().length)
        .map((link) => [link.getAttribute('href'), Math.round(link.getBoundingClientRect().top + scrollY)])";
    young.browser.execute(tops, &[])
}

/// The same in a sheet where nothing is written yet.
fn places_in_sheet(young: &Young) -> Result<Value> {
    young.open_sheet("/plan/g_hver")?;
    let tops = "return [...document.querySelectorAll('.composer textarea, .chip')]
        .map((it) => Math.round(it.getBoundingClientRect().top))";
    let tops = young.browser.execute(tops, &[])?;
    young.close_sheet()?;
    Ok(tops)
}

/// Without what reads the disk, which comes with the list of all chunks.
pub fn reading(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    for answer in Answer::ALL {
        world.proxy.disturb("/sw.js", Network::Fails);
        let young = open(&world, &format!("{answer:?}"))?;
        young.write_all(SECTION, &[EARLIER])?;
        young.browser.devtools("Network.clearBrowserCache", &json!({}))?;
        let changed = answer.begin(&mut world, LIST)?;

        let begun = Instant::now();
        young.goto("/svaert")?;
        young.browser.wait_for_text("116 111")?;
        ensure!(begun.elapsed() < START_LIMIT, "{answer:?}: the hard-times page took {:?}", begun.elapsed());
        // Nothing was read, and that is said rather than shown as an empty plan.
        young.goto("/plan")?;
        young.browser.wait_for_text("Vi kan ikke gemme lige nu.")?;
        let meanwhile = "Skrevet, før planen var læst";
        young.open_sheet(SECTION)?;
        young.write(meanwhile)?;

        answer.end(&mut world)?;
        drop(changed);
        for text in [EARLIER, meanwhile] {
            young.wait_for_entry(text)?;
        }
        young.wait_for_saved()?;
        young.goto("/plan")?;
        young.open_sheet(SECTION)?;
        for text in [EARLIER, meanwhile] {
            young.wait_for_entry(text)?;
        }
        calm(&young)?;
        young.browser.close()?;
        println!("  {answer:?}: nothing was lost");
    }
    Ok(())
}
