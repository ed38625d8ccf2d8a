//! Somebody stands in for a contact: how both sides come to it.

use anyhow::Result;

use crate::staff::Staff;
use crate::young::Young;

pub const TICK: &str = "input[name=stand-in]";

/// The contact names a colleague until tomorrow.
pub fn name(staff: &Staff) -> Result<()> {
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
    staff.browser.wait_until("who stands in", "return document.querySelector('#stand-in-now')").map(drop)
}

/// The young person lets them read.
pub fn say_yes(young: &Young) -> Result<()> {
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
