//! Step 7: two devices of the young person write the same thing at the same time, and nothing is lost.

use anyhow::{Result, ensure};

use super::step;
use crate::webdriver::Element;
use crate::world::World;
use crate::young::Young;

const BEFORE: &str = "Koldt vand på hænderne";
const ONE: &str = "Koldt vand i ansigtet";
const OTHER: &str = "Varmt vand på hænderne";

pub fn write_at_once(world: &mut World, first: &Young) -> Result<()> {
    step("7. a second device, and both write at once");
    first.goto("/mere/telefoner")?;
    first.browser.click_text("Lav en kode")?;
    let code = first.browser.wait_until("a code", "return document.querySelector('.big-code')?.innerText.trim()")?;
    let second = Young::new(world.open_other("second")?, &world.proxy.origin());
    second.enter_code(code.as_str().unwrap_or_default())?;
    second.browser.click_text("Brug den her telefon")?;
    second.browser.wait_for_text("Telefonen er med nu.")?;
    second.goto("/plan")?;
    second.browser.wait_for_text(BEFORE)?;
    ensure!(!second.browser.text()?.contains("Griner højt"), "the second device got what is not shared");

    world.go_offline()?;
    for (young, text) in [(first, ONE), (&second, OTHER)] {
        young.goto("/plan")?;
        young.open_sheet("/plan/r_nu")?;
        young.edit(BEFORE, text)?;
        young.wait_for_saved()?;
    }
    world.go_online()?;
    for young in [first, &second] {
        young.notice_network()?;
        young.browser.wait_for_text("Der er to udgaver")?;
        let versions = young.browser.text()?;
        ensure!(versions.contains(ONE) && versions.contains(OTHER), "a version is missing: {versions}");
    }
    choose(first, ONE)?;
    for young in [first, &second] {
        young.wait_for_entry(ONE)?;
        let one = "return !document.querySelector('dialog .versions')";
        young.browser.wait_until("one version", one)?;
    }
    ensure!(first.entries()? == second.entries()?, "the two devices do not agree");
    first.edit(ONE, BEFORE)?;
    second.wait_for_entry(BEFORE)?;
    first.close_sheet()?;
    second.browser.close()
}

/// Keeps the version with these words.
fn choose(young: &Young, text: &str) -> Result<()> {
    let script = format!(
        "return [...document.querySelectorAll('dialog .versions .version')]
           .find((version) => version.querySelector('.own').innerText.trim() === '{text}')?.querySelector('button')"
    );
    let found = young.browser.wait_until("the version", &script)?;
    young.browser.click(&Element::from_json(&found).ok_or_else(|| anyhow::anyhow!("not a button"))?)
}
