//! A contact suggests beside what is written in the plan, and the young person takes it, changes it and takes it, or says no thanks;
//! never a word of it stands in the plan before.

use anyhow::{Result, ensure};
use serde_json::json;

use super::both::sharing_of;
use crate::driver::Engine;
use crate::staff::Staff;
use crate::world::World;
use crate::young::{Young, wait_for_worker};

const PATH: &str = "/plan/r_nu";
const FIRST: &str = "Gå ud på trappen";
const LAST: &str = "Ring til mormor";
const TAKEN: &str = "Tag din jakke på";
const CHANGED: &str = "Gå en tur om søen";
const OWN: &str = "Gå en tur, men ikke alene";
const DECLINED: &str = "Skriv til mig";
const LEFT: &str = "Tæl til hundrede";
const KEPT: &str = "Tæl til ti";

pub fn play(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    let part = (&["red"][..], PATH, &[FIRST, LAST][..]);
    let (staff, young) = sharing_of(&world, &world.server.origin(), &world.proxy.origin(), part)?;
    young.goto("/plan")?;
    wait_for_worker(&young.browser)?;
    staff.read()?;
    staff.wait_for_words(LAST)?;
    take(&staff, &young)?;
    change_and_take(&staff, &young)?;
    decline(&mut world, &staff, &young)?;
    close_in_the_middle(&staff, &young)?;
    five_and_no_more(&staff, &young)?;
    young.browser.close()?;
    staff.browser.close()
}

fn wait_for_no_suggestion(young: &Young) -> Result<()> {
    young.browser.wait_until("no suggestion", "return !document.querySelector('.suggestion')").map(drop)
}

/// With who and when; and taken back in one.
fn take(staff: &Staff, young: &Young) -> Result<()> {
    staff.browser.click_text(&format!("Foreslå: {FIRST}"))?;
    staff.browser.click_text("Send forslaget")?;
    staff.browser.wait_for_text("Skriv, hvad du foreslår.")?;
    staff.browser.click_text("Luk")?;
    young.open_sheet(PATH)?;
    staff.suggest(FIRST, TAKEN)?;
    young.browser.wait_for_text(TAKEN)?;
    young.browser.wait_for_text("Forslag fra Sara Holm, Bostedet Lindely")?;
    ensure!(young.entries()? == [FIRST, LAST], "a suggestion stands among the entries: {:?}", young.entries()?);
    young.close_sheet()?;
    young.browser.wait_for_text("Et forslag venter")?;
    young.open_sheet(PATH)?;
    young.browser.wait_for_text(TAKEN)?;
    young.browser.click_text("Tag med")?;
    young.wait_for_entries(&[FIRST, TAKEN, LAST])?;
    wait_for_no_suggestion(young)?;
    staff.wait_for_outcome(TAKEN, "Taget med")?;
    staff.wait_for_words(TAKEN)?;
    young.browser.click_text("Fortryd")?;
    young.wait_for_entries(&[FIRST, LAST])?;
    young.browser.wait_for_text(TAKEN)?;
    staff.wait_for_outcome(TAKEN, "Den unge har ikke svaret endnu.")?;
    // Written anew by the contact, it is the same one; what was taken before that is not changed by it.
    staff.browser.click_text(&format!("Ret forslaget: {TAKEN}"))?;
    let field = staff.browser.find("dialog textarea")?;
    staff.browser.type_into(&field, " først")?;
    staff.browser.click_text("Send forslaget")?;
    young.browser.wait_for_text(&format!("{TAKEN} først"))?;
    young.browser.click_text("Tag med")?;
    young.wait_for_entries(&[FIRST, &format!("{TAKEN} først"), LAST])?;
    wait_for_no_suggestion(young)?;
    young.edit(&format!("{TAKEN} først"), TAKEN)?;
    young.wait_for_saved()
}

fn change_and_take(staff: &Staff, young: &Young) -> Result<()> {
    staff.suggest(LAST, CHANGED)?;
    young.browser.wait_for_text(CHANGED)?;
    young.browser.click_text("Ret og tag med")?;
    young
        .browser
        .wait_until("the focus in the field", "return document.activeElement.matches('.suggestion textarea')")?;
    young.browser.click_text("Tilbage")?;
    young.browser.wait_until("no field", "return !document.querySelector('.suggestion textarea')")?;
    young.browser.click_text("Ret og tag med")?;
    type_instead(young, OWN)?;
    young.browser.click_text("Tag med")?;
    young.wait_for_entries(&[FIRST, TAKEN, LAST, OWN])?;
    wait_for_no_suggestion(young)?;
    young.wait_for_saved()?;
    staff.wait_for_words(OWN)?;
    staff.wait_for_outcome(CHANGED, "Taget med")
}

/// Writes other words in the field of the suggestion, and leaves it.
fn type_instead(young: &Young, text: &str) -> Result<()> {
    let field = young.browser.find(".suggestion textarea")?;
    young.browser.click(&field)?;
    young.browser.execute("arguments[0].select()", &[field.to_json()])?;
    young.browser.keys(text)?;
    let typed = format!("return document.querySelector('.suggestion textarea').value === {}", json!(text));
    young.browser.wait_until("the words in the field", &typed)?;
    young.leave_field()
}

/// Without a network too; on the hard-times page there is none.
fn decline(world: &mut World, staff: &Staff, young: &Young) -> Result<()> {
    staff.suggest(LAST, DECLINED)?;
    young.browser.wait_for_text(DECLINED)?;
    young.close_sheet()?;
    young.check_hard_page("/plan", FIRST)?;
    ensure!(!young.browser.text()?.contains(DECLINED), "the hard-times page shows a suggestion");
    world.proxy.down();
    young.browser.click_text("Skjul")?;
    young.open_sheet(PATH)?;
    young.browser.click_text("Nej tak")?;
    wait_for_no_suggestion(young)?;
    young.wait_for_saved()?;
    ensure!(young.entries()? == [FIRST, TAKEN, LAST, OWN], "a no has changed the plan: {:?}", young.entries()?);
    world.proxy.up()?;
    young.notice_network()?;
    staff.wait_for_outcome(DECLINED, "Nej tak")
}

/// Whoever closes the sheet with words of theirs in the field keeps them.
fn close_in_the_middle(staff: &Staff, young: &Young) -> Result<()> {
    staff.suggest(FIRST, LEFT)?;
    young.browser.wait_for_text(LEFT)?;
    young.browser.click_text("Ret og tag med")?;
    type_instead(young, KEPT)?;
    young.close_sheet()?;
    young.browser.wait_for_text(KEPT)?;
    young.open_sheet(PATH)?;
    young.wait_for_entries(&[FIRST, KEPT, TAKEN, LAST, OWN])?;
    wait_for_no_suggestion(young)
}

fn five_and_no_more(staff: &Staff, young: &Young) -> Result<()> {
    const FULL: &str = "Fem af dine forslag venter på svar.";
    for at in 1..=5 {
        ensure!(!staff.browser.text()?.contains(FULL), "full with {} that wait", at - 1);
        staff.suggest(if at % 2 == 0 { FIRST } else { LAST }, &format!("Forslag nummer {at}"))?;
    }
    staff.browser.wait_for_text(FULL)?;
    let offered = format!("return document.querySelector('[aria-label={}]')", json!(format!("Foreslå: {FIRST}")));
    ensure!(staff.browser.execute(&offered, &[])?.is_null(), "a sixth can be begun");
    young.browser.wait_for_text("Forslag nummer 5")?;
    young.browser.click_text("Nej tak")?;
    staff.browser.find_text(&format!("Foreslå: {FIRST}")).map(drop)
}
