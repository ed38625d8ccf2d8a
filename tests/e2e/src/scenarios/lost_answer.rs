//! The answer to the first yes gets lost. With it goes the cookie, and the code is used up: the app finds that yes by
//! itself, shows it, and can take it back.

use anyhow::{Context, Result, ensure};

use crate::client;
use crate::driver::Engine;
use crate::process;
use crate::proxy::Network;
use crate::world::World;
use crate::young::{Age, Young};

const YES: &str = "/api/v1/consents";
const WORDS: &str = "Koldt vand på hænderne";

pub fn play(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let mut sara = client::contact(&world.server)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan")?;
    young.write_all("/plan/r_nu", &[WORDS])?;

    young.enter_code(&sara.invite("Bo")?)?;
    young.tick(&["red"], Age::Sixteen)?;
    // Every time: a browser may ask again by itself, which the app must not rely on.
    world.proxy.disturb(YES, Network::LosesAnswers);
    young.browser.click_text("Ja, del det")?;
    let yes = world.proxy.wait_for("the yes", |request| request.path == YES)?;
    let known = process::wait(crate::browser::TIMEOUT, || Ok(sara.count_young_people()? == 1))?;
    ensure!(known, "the yes did not reach the server, so the trial shows nothing");
    ensure!(!yes.is_answered(), "the answer was not lost, so the trial shows nothing");

    // Nothing is tapped but what leads to the page where it has to stand.
    young.go_to_sharing()?;
    young
        .browser
        .wait_for_text("Sara Holm")
        .context("a yes whose answer got lost is nobody's: Del does not show it")?;
    sara.wait_for_words(WORDS)?;
    let no = young.say_no("Sara Holm")?;
    let withdraw = format!("{YES}/{}/withdraw", no.consent);
    let taken_back = world.proxy.wait_for("the no", |request| request.path == withdraw)?;
    process::wait(crate::browser::TIMEOUT, || Ok(taken_back.is_answered()))?;
    let read = sara.read()?;
    ensure!(read.is_empty(), "a yes whose answer got lost cannot be taken back: the contact reads {read:?}");
    young.browser.close()
}
