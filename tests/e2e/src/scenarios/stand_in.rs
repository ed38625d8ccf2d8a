//! A contact is away: who stands in reads and answers when the young person has said yes to that, and nobody otherwise.

use anyhow::{Context, Result, ensure};

use crate::driver::Engine;
use crate::shots::set_language;
use crate::staff::Staff;
use crate::stand_in::{self, TICK};
use crate::world::World;
use crate::young::Young;

const FIRST: &str = "Er du der i aften?";
const ANSWER: &str = "Sara er her igen på mandag. Jeg er her i aften";
const FIELD: &str = ".message-composer textarea";

pub fn play(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let trial = &world.server.trial;
    let staff = Staff::new(world.open_other("staff")?, &world.server.origin());
    staff.sign_in(trial)?;
    let code = staff.invite("Bo, værelse 4")?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.say_yes(&code, &["messages"])?;
    young.goto("/beskeder")?;
    young.set_field(FIELD, FIRST)?;
    young.browser.click_text("Send")?;
    young.browser.wait_for_text("Sendt")?;
    ensure!(!young.browser.has("#away")?, "nobody is away");

    stand_in::name(&staff)?;
    // Told at once, with the way to decide.
    young.browser.wait_until("that the contact is away", "return document.querySelector('#away')")?;
    young.browser.wait_for_text("Mette Lund kan læse og svare imens. Det bestemmer du.")?;
    staff.sign_out()?;
    staff.sign_in_as(&trial.colleague_login, &trial.colleague_password)?;
    ensure!(!staff.browser.text()?.contains("Du er vikar"), "nobody has said yes to who stands in");
    let before = young.browser.execute("return document.querySelector('#away a').getAttribute('href')", &[])?;
    stand_in::say_yes(&young)?;
    shown_as_changed(&young, before.as_str().context("no address")?)?;
    answer(&staff, &young)?;
    staff.sign_out()?;
    come_back(&staff, &young, &world)?;
    ends_soon(&young)?;
    young.browser.close()?;
    staff.browser.close()
}

/// A year later: the yes is about to end, and how soon is said as each language counts.
fn ends_soon(young: &Young) -> Result<()> {
    for (days, danish, english) in [
        (362, "Dit ja slutter om 3 dage", "Your yes ends in 3 days"),
        (364, "Dit ja slutter om 1 dag.", "Your yes ends in 1 day."),
    ] {
        young.goto("/mere")?;
        let later = format!("const now = Date.now.bind(Date); Date.now = () => now() + {days}.5 * 86400000;");
        young.browser.execute(&later, &[])?;
        young.browser.click_text("Se, hvem der må se hvad")?;
        young.browser.wait_for_text(danish)?;
        set_language(&young.browser, "en")?;
        young.browser.wait_for_text(english)?;
        set_language(&young.browser, "da")?;
    }
    Ok(())
}

/// A yes that was changed is over, and the contact reads by the new one: nobody is told that they do not.
fn shown_as_changed(young: &Young, before: &str) -> Result<()> {
    young.goto("/del")?;
    young.browser.wait_for_text("En kollega må også læse beskederne")?;
    let cards = young.browser.execute("return document.querySelectorAll('.consent').length", &[])?;
    ensure!(cards == 1, "{cards} cards for one contact");
    ensure!(!young.browser.text()?.contains("De kan ikke se det mere"), "Del says that the contact does not read");
    young.goto(before)?;
    young.browser.wait_until("what it has become", &format!("return document.querySelector('{TICK}')?.checked"))?;
    ensure!(!young.browser.text()?.contains("De kan ikke se det mere"), "the page says that the contact does not read");
    young.goto("/beskeder")
}

fn answer(staff: &Staff, young: &Young) -> Result<()> {
    staff.browser.wait_for_text("Du er vikar")?;
    staff.browser.wait_for_text("Ny besked")?;
    staff.browser.click_text("Beskeder")?;
    staff.browser.wait_for_text(FIRST)?;
    staff.browser.wait_for_text("Du er vikar. Du kan læse og svare på beskederne her, men ikke se andet.")?;
    young.browser.wait_until("that it is read", "return document.body.innerText.includes('Læst')")?;
    staff.browser.click_text("Skriv en besked")?;
    let field = staff.browser.find("dialog textarea")?;
    staff.browser.type_into(&field, ANSWER)?;
    staff.browser.click_css("dialog .button.primary")?;
    for side in [&young.browser, &staff.browser] {
        side.wait_for_text(ANSWER)?;
        side.wait_for_text("Mette Lund, Bostedet Lindely")?;
    }
    Ok(())
}

/// The contact reads what was said meanwhile, and ends it.
fn come_back(staff: &Staff, young: &Young, world: &World) -> Result<()> {
    staff.sign_in(&world.server.trial)?;
    staff.browser.click_text("Beskeder")?;
    staff.browser.wait_for_text(ANSWER)?;
    staff.goto("/personale/mig")?;
    staff.browser.click_text("Jeg er tilbage")?;
    staff.browser.wait_until("nobody to stand in", "return !document.querySelector('#stand-in-now')")?;
    young.browser.wait_until("nobody to be away", "return !document.querySelector('#away')")?;
    young.browser.wait_for_text(ANSWER)
}
