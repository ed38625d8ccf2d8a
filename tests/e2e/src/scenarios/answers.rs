//! A contact answers a point of the agenda, and the young person sees it: with a reason where one is needed, not without a yes,
//! and theirs to take away.

use std::time::Instant;

use anyhow::{Result, ensure};

use super::both::sharing;
use crate::driver::Engine;
use crate::proxy::Network;
use crate::staff::Staff;
use crate::world::World;
use crate::young::Young;

const POINT: &str = "Jeg vil hjem i weekenden";
const REASON: &str = "Vi spørger din mor på mødet.";
const BOTH_READ: &str = "Vi taler om det på mødet.";

/// The answers on the page of the meeting: what is said and why, as it reads.
const SHOWN: &str = "return [...document.querySelectorAll('.point .answer')].map((it) => it.innerText)";

pub fn play(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    let (staff, young) = sharing(&world, &world.server.origin(), &world.proxy.origin(), &[POINT])?;
    young.goto("/moede")?;
    staff.read()?;
    staff.wait_for_words(POINT)?;

    // A no needs a reason, and what is being written stays while the page behind it changes.
    staff.browser.click_text("Svar")?;
    staff.choose("later")?;
    staff.browser.click_text("Send svaret")?;
    staff.browser.wait_for_text("Skriv, hvorfor du siger nej eller senere.")?;
    let field = staff.browser.find("dialog textarea")?;
    staff.browser.type_into(&field, REASON)?;
    young.write_all("/moede/m_hvorfor", &[BOTH_READ])?;
    staff.wait_for_words(BOTH_READ)?;
    let typed = staff.browser.execute("return document.querySelector('dialog textarea').value", &[])?;
    ensure!(typed == REASON, "what the contact was writing became {typed}");

    young.goto("/moede")?;
    let begun = Instant::now();
    staff.browser.click_text("Send svaret")?;
    staff.browser.find_text("Ret svaret")?;
    young.browser.wait_for_text(REASON)?;
    println!("  an answer was read {:.1} s after it was sent", begun.elapsed().as_secs_f32());
    let shown = shown(&young)?;
    ensure!(
        shown.len() == 1 && shown[0].starts_with("Senere") && shown[0].contains("Sara Holm, Bostedet Lindely"),
        "the answer reads {shown:?}"
    );

    // Changed, it is one answer; without a network it is still there.
    staff.browser.click_text("Ret svaret")?;
    staff.choose("yes")?;
    let field = staff.browser.find("dialog textarea")?;
    staff.browser.clear(&field)?;
    staff.browser.click_text("Send svaret")?;
    young.browser.wait_until("the other answer", &format!("{SHOWN}.some((it) => it.startsWith('Ja'))"))?;
    ensure!(self::shown(&young)?.len() == 1, "one contact has two answers");

    take_away(&mut world, &young, &staff)?;
    after_a_no(&young, &staff)?;
    young.browser.close()?;
    staff.browser.close()
}

/// The sheet is closed while the answer is on its way, and another point is answered meanwhile. What is written to it stays, and
/// both arrive.
pub fn closed_while_sending(engine: Engine) -> Result<()> {
    const OTHER: &str = "Jeg vil tale om skolen";
    const LATER: &str = "Det finder vi ud af bagefter.";
    let world = World::new(engine)?;
    let (staff, young) = sharing(&world, &world.proxy.origin(), &world.server.origin(), &[POINT, OTHER])?;
    young.goto("/moede")?;
    staff.read()?;
    staff.wait_for_words(OTHER)?;

    world.proxy.disturb("/api/v1/staff/young-people/", Network::Hangs);
    staff.browser.click_text(&format!("Svar: {POINT}"))?;
    staff.choose("no")?;
    let field = staff.browser.find("dialog textarea")?;
    staff.browser.type_into(&field, REASON)?;
    staff.browser.click_text("Send svaret")?;
    staff.browser.click_text("Luk")?;
    staff.browser.wait_until("the sheet to close", "return !document.querySelector('dialog')")?;
    staff.browser.click_text(&format!("Svar: {OTHER}"))?;
    staff.choose("later")?;
    let field = staff.browser.find("dialog textarea")?;
    staff.browser.type_into(&field, LATER)?;
    world.proxy.calm();
    young.browser.wait_for_text(REASON)?;
    staff.browser.find_text(&format!("Ret svaret: {POINT}"))?;
    let typed = staff.browser.execute("return document.querySelector('dialog[open] textarea')?.value", &[])?;
    ensure!(typed == LATER, "what the contact was writing to another point became {typed}");
    staff.browser.click_text("Send svaret")?;
    young.browser.wait_for_text(LATER)?;
    ensure!(self::shown(&young)?.len() == 2, "the answers read {:?}", self::shown(&young)?);
    young.browser.close()?;
    staff.browser.close()
}

fn shown(young: &Young) -> Result<Vec<String>> {
    Ok(serde_json::from_value(young.browser.execute(SHOWN, &[])?)?)
}

/// Where the point is written in, the answer can be taken away, and brought back by undoing; also without a network.
fn take_away(world: &mut World, young: &Young, staff: &Staff) -> Result<()> {
    world.proxy.down();
    young.open_sheet("/moede/m_dagsorden")?;
    young.browser.click_text("Fjern svaret")?;
    young.browser.wait_until("no answer", "return !document.querySelector('dialog .answer')")?;
    young.browser.click_text("Fortryd")?;
    young.browser.wait_until("the answer again", "return document.querySelector('dialog .answer')")?;
    young.browser.click_text("Fjern svaret")?;
    young.wait_for_saved()?;
    young.close_sheet()?;
    ensure!(shown(young)?.is_empty(), "what was taken away is shown");
    world.proxy.up()?;
    staff
        .browser
        .wait_until("no answer at the contact's", "return !document.querySelector('.review .answer')")
        .map(drop)
}

/// The no comes while the contact writes: nothing of that arrives.
fn after_a_no(young: &Young, staff: &Staff) -> Result<()> {
    staff.begin_answer("no", REASON)?;
    young.go_to_sharing()?;
    young.say_no("Sara Holm")?;
    staff.browser.wait_for_text("Den unge deler ikke med dig lige nu.")?;
    staff.browser.wait_until("the sheet to go", "return !document.querySelector('dialog')")?;
    ensure!(!staff.browser.text()?.contains(POINT), "the contact's screen shows the point after the no");
    young.goto("/moede")?;
    young.browser.wait_for_text(POINT)?;
    ensure!(shown(young)?.is_empty(), "an answer came after the no: {:?}", shown(young)?);
    Ok(())
}
