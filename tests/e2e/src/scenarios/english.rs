//! Without the template's words in English: whoever chooses the language has everything else in it, and the template in Danish until
//! they are here. Nobody waits for them, and what is being written stays.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::json;
use tempfile::TempDir;

use crate::chunks::{Answer, path_of};
use crate::driver::Engine;
use crate::process;
use crate::world::World;
use crate::young::{Young, calm};

const ENGLISH: &str = "split_english";
const NOT_ALL: &str = "Not everything loaded.";
const FIRST: &str = "Skrevet på første skærm";
const SECTION: &str = "/plan/g_tegn";
/// What the section is called in the template.
const IN_DANISH: &str = "Sådan er jeg, når jeg har det godt";
const IN_ENGLISH: &str = "How I am when I am well";
/// The hard-times page has to be there by then, whatever the network does.
const START_LIMIT: Duration = Duration::from_secs(10);

/// A phone in English that cannot have the chunk now, with a sheet open and a word half written.
pub struct Without {
    answer: Answer,
    world: World,
    changed: Option<TempDir>,
    young: Young,
}

impl Without {
    pub fn begin(engine: Engine, answer: Answer) -> Result<Self> {
        let mut world = World::new(engine)?;
        let changed = answer.begin(&mut world, ENGLISH)?;
        let young = Young::new(world.open()?, &world.proxy.origin());
        young.browser.resize(420, 900)?;
        young.goto("/")?;
        on_first_screen(&young)?;
        under_more(&young)?;

        world.proxy.take_recorded();
        let begun = Instant::now();
        young.goto("/svaert")?;
        young.browser.wait_for_text("116 111")?;
        ensure!(begun.elapsed() < START_LIMIT, "{answer:?}: the hard-times page took {:?}", begun.elapsed());
        young.browser.click_text("Hide")?;
        young.browser.wait_for_text("When things are good")?;
        young.open_sheet(SECTION)?;
        young.browser.execute("window.stays = true", &[])?;
        let field = young.browser.find("dialog .composer textarea")?;
        young.browser.click(&field)?;
        young.browser.type_into(&field, "Midt i en sætn")?;
        Ok(Self { answer, world, changed, young })
    }

    pub fn end(self) -> Result<()> {
        let Self { answer, mut world, changed, young } = self;
        // It is asked for again and again, without anybody's doing; what hangs is given up first.
        let chunk = path_of(ENGLISH)?;
        let proxy = &world.proxy;
        let asked = || proxy.recorded().iter().filter(|request| request.path == chunk).count();
        let again = process::wait(Duration::from_secs(30), || Ok(asked() >= 2))?;
        ensure!(again, "{answer:?}: the chunk was asked for {} times", asked());
        let shown = young.browser.wait_for_text(NOT_ALL).and_then(|()| young.browser.text())?;
        ensure!(shown.contains(IN_DANISH), "{answer:?}: the template is in no language: {shown}");

        answer.end(&mut world)?;
        drop(changed);
        young.browser.wait_for_text(IN_ENGLISH)?;
        ensure!(!young.browser.text()?.contains(NOT_ALL), "{answer:?}: it is said to be missing, and is here");
        let typed = young.browser.execute("return document.activeElement.value", &[])?;
        ensure!(typed == "Midt i en sætn", "{answer:?}: the field has {typed}");
        young.browser.keys("ing")?;
        young.browser.click_text("Done")?;
        young.browser.wait_for_text("Midt i en sætning")?;
        let stays = young.browser.execute("return window.stays", &[])?;
        ensure!(stays == json!(true), "{answer:?}: the page was loaded again");
        young.tap("/om-mig")?;
        young.browser.wait_for_text(FIRST)?;
        calm(&young)?;
        println!("  {answer:?}: the words of the template came, and what was being written stayed");
        young.browser.close()
    }
}

/// Chosen before anything is written: the questions are in the language, and an answer is kept.
fn on_first_screen(young: &Young) -> Result<()> {
    young.browser.click_text("English")?;
    young.browser.click_text("Get started")?;
    young.browser.wait_for_text("Question 1 of 3")?;
    let field = young.browser.find(".composer textarea")?;
    young.browser.click(&field)?;
    young.browser.type_into(&field, FIRST)?;
    young.browser.wait_for_text("Saved on your phone")?;
    for press in ["Next", "Skip", "Skip"] {
        young.browser.click_text(press)?;
    }
    young.browser.wait_for_text("When things are good")?;
    young.browser.wait_for_text(IN_DANISH)
}

/// Back to Danish, and chosen anew.
fn under_more(young: &Young) -> Result<()> {
    young.tap("/mere")?;
    young.browser.click_text("Dansk")?;
    young.browser.wait_for_text("Hvor ligger det?")?;
    young.browser.click_text("English")?;
    young.browser.wait_for_text("Where is it kept?")?;
    young.tap("/plan")?;
    young.browser.wait_for_text("When things are good")?;
    young.browser.wait_for_text(IN_DANISH)
}
