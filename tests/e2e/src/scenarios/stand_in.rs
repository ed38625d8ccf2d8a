//! A contact is away: who stands in reads and answers when the young person has said yes to that, and nobody otherwise.

use anyhow::{Result, ensure};

use crate::driver::Engine;
use crate::staff::Staff;
use crate::world::World;
use crate::young::Young;

const FIRST: &str = "Er du der i aften?";
const ANSWER: &str = "Sara er her igen på mandag. Jeg er her i aften";
const FIELD: &str = ".message-composer textarea";
const TICK: &str = "input[name=stand-in]";

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

    name(&staff, &young)?;
    staff.sign_out()?;
    staff.sign_in_as(&trial.colleague_login, &trial.colleague_password)?;
    ensure!(!staff.browser.text()?.contains("Du er vikar"), "nobody has said yes to who stands in");
    say_yes(&young)?;
    answer(&staff, &young)?;
    staff.sign_out()?;
    come_back(&staff, &young, &world)?;
    young.browser.close()?;
    staff.browser.close()
}

fn name(staff: &Staff, young: &Young) -> Result<()> {
    staff.goto("/personale/mig")?;
    staff.browser.click_text("Vælg som vikar")?;
    staff.browser.wait_for_text("Vælg en kollega og en dag.")?;
    let colleague =
        "[...document.querySelector('select[name=stand-in]').options].find((it) => it.text === 'Mette Lund')";
    let choose = format!(
        "const select = document.querySelector('select[name=stand-in]');
         select.value = {colleague}?.value ?? '';
         select.dispatchEvent(new Event('change', {{ bubbles: true }}));
         return select.value"
    );
    staff.browser.wait_until("the colleague in the list", &choose)?;
    let tomorrow = staff.browser.execute(
        "const day = new Date(Date.now() + 86400000);
         return new Date(day - day.getTimezoneOffset() * 60000).toISOString().slice(0, 10)",
        &[],
    )?;
    staff.set_field("input[name=stand-in-until]", tomorrow.as_str().unwrap_or_default())?;
    staff.browser.click_text("Vælg som vikar")?;
    staff.browser.wait_until("who stands in", "return document.querySelector('#stand-in-now')")?;
    // Told at once, with the way to decide.
    young.browser.wait_until("that the contact is away", "return document.querySelector('#away')")?;
    young.browser.wait_for_text("Mette Lund kan læse og svare imens. Det bestemmer du.")
}

fn say_yes(young: &Young) -> Result<()> {
    young.browser.click_text("Vælg, om Mette Lund må læse med")?;
    young.browser.find(TICK)?;
    // Without the messages there is nothing to stand in for.
    young.browser.click_css("input[name=messages]")?;
    young.browser.wait_until("it cannot be ticked", &format!("return document.querySelector('{TICK}').disabled"))?;
    young.browser.click_css("input[name=messages]")?;
    young.browser.click_css(TICK)?;
    young.browser.click_text("Gem det, jeg har valgt")?;
    young.browser.wait_until("the yes to be kept", &format!("return !document.querySelector('{TICK}')"))?;
    young.goto("/beskeder")?;
    young.browser.wait_for_text("Mette Lund læser og svarer imens.")
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
