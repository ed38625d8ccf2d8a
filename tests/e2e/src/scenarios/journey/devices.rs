//! Step 7: two devices of the young person write the same thing at the same time, and nothing is lost.

use anyhow::{Result, ensure};

use crate::scenarios::step;
use crate::webdriver::Element;
use crate::world::World;
use crate::young::{self, Young};

const BEFORE: &str = "Koldt vand på hænderne";
const ONE: &str = "Koldt vand i ansigtet";
const OTHER: &str = "Varmt vand på hænderne";

pub fn write_at_once(world: &mut World, first: &Young) -> Result<()> {
    step("7. a second device, and both write at once");
    let second = first.add_phone(world)?;
    second.goto("/plan")?;
    second.browser.wait_for_text(BEFORE)?;
    ensure!(!second.browser.text()?.contains("Griner højt"), "the second device got what is not shared");

    let both = [(first, ONE), (&second, OTHER)];
    young::edit_apart(world, both, "/plan/r_nu", BEFORE)?;
    for (young, _) in both {
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
