//! The list of a contact: found by name, put in order, left out by what is due, and a quiet line that moves on when the young
//! person writes. And what the contact tells about themselves, before a yes and after it.

use anyhow::{Result, ensure};
use serde_json::json;

use super::both::sharing;
use crate::client::{self, Device};
use crate::driver::Engine;
use crate::staff::Staff;
use crate::world::World;
use crate::young::{Age, Young};

const ABOUT: &str = "Jeg er den, der laver pandekager.";
const POINT: &str = "Jeg vil hjem i weekenden";

/// The names in the list, as they stand.
const NAMES: &str = "return [...document.querySelectorAll('.young h2')].map((it) => it.innerText)";

pub fn play(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let (staff, young) = sharing(&world, &world.server.origin(), &world.proxy.origin(), &[POINT])?;
    let mut contact = client::contact(&world.server)?;
    Device::invited(&world.server, &mut contact, 7)?;
    staff.browser.wait_for_text("Ung 7")?;

    // Who has written comes first, and what is typed finds the others.
    wait_for_names(&staff, &["Bo, værelse 4", "Ung 7"])?;
    let search = staff.browser.find("input[name=search]")?;
    staff.browser.type_into(&search, "ung")?;
    wait_for_names(&staff, &["Ung 7"])?;
    staff.browser.wait_for_text("Viser 1 af 2.")?;
    staff.browser.type_into(&search, "e")?;
    wait_for_names(&staff, &[])?;
    staff.browser.wait_for_text("Ingen passer til det, du har valgt.")?;
    staff.set_field("input[name=search]", "")?;
    staff.browser.click_text("Noget nyt: 1")?;
    wait_for_names(&staff, &["Bo, værelse 4"])?;
    staff.browser.click_text("Noget nyt: 1")?;
    wait_for_names(&staff, &["Bo, værelse 4", "Ung 7"])?;

    // The line says what was done last, and goes on by itself, open as it is.
    staff.browser.wait_for_text("Sidst: Møde forberedt")?;
    staff.browser.click_css(".young .course > summary")?;
    staff.browser.wait_for_text("Ikke delt med dig")?;
    set_day(&young, "2026-01-10")?;
    staff.browser.wait_for_text("Sidst: Første møde")?;
    staff.browser.wait_for_text("10. januar 2026")?;
    set_day(&young, "2090-01-10")?;
    staff.browser.wait_for_text("Sidst: Møde forberedt")?;
    staff.browser.wait_for_text("10. januar")?;
    staff.set_field("select[name=sort]", "meeting")?;
    wait_for_names(&staff, &["Bo, værelse 4", "Ung 7"])?;
    staff.set_field("select[name=sort]", "name")?;
    wait_for_names(&staff, &["Bo, værelse 4", "Ung 7"])?;
    about(&world, &staff)
}

/// The day of the meeting, which may have passed.
fn set_day(young: &Young, day: &str) -> Result<()> {
    young.goto("/moede")?;
    young.set_field("input[name=date]", day)?;
    let shown = "return !document.querySelector('main .card h2').innerText.includes('Hvornår')";
    young.browser.wait_until("the day of the meeting", shown)?;
    young.wait_until_sent()
}

fn wait_for_names(staff: &Staff, names: &[&str]) -> Result<()> {
    let script = format!("{NAMES}.join('|') === {}", json!(names.join("|")));
    staff.browser.wait_until(&format!("{names:?} in the list"), &script).map(drop)
}

/// The contact tells about themselves; somebody who is asked reads it before they answer, and on Del afterwards.
fn about(world: &World, staff: &Staff) -> Result<()> {
    staff.browser.click_text("Om mig")?;
    for (name, text) in [("about", ABOUT), ("hours", "Hverdage mellem 8 og 15")] {
        let field = staff.browser.find(&format!("textarea[name={name}]"))?;
        staff.browser.type_into(&field, text)?;
    }
    ensure!(!staff.browser.text()?.contains("Det er gemt."), "it is said to be kept before it is");
    staff.browser.click_text("Gem")?;
    staff.browser.wait_for_text("Det er gemt.")?;
    staff.go_to_list()?;
    let code = staff.invite("Mie")?;
    let other = Young::new(world.open_other("other")?, &world.proxy.origin());
    other.enter_code(&code)?;
    other.browser.wait_for_text("Sara om sig selv")?;
    other.browser.wait_for_text(ABOUT)?;
    other.tick(&["about"], Age::Sixteen)?;
    other.browser.click_text("Ja, del det")?;
    other.browser.wait_for_text("Du har sagt ja")?;
    other.goto("/del")?;
    other.browser.click_text("Sara om sig selv")?;
    other.browser.wait_for_text(ABOUT)
}
