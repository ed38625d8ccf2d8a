//! Several tabs of one phone: each sees at once what another writes, and both are kept.

use anyhow::{Result, ensure};

use crate::driver::Engine;
use crate::world::World;
use crate::young::Young;

pub fn write_in_two(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan/g_tegn")?;
    young.wait_for_sheet()?;
    young.write("Fra den første")?;
    young.wait_for_saved()?;

    let first = young.browser.open_tab()?;
    young.goto("/plan/g_tegn")?;
    young.wait_for_entries(&["Fra den første"])?;
    young.write("Fra den anden")?;
    young.wait_for_saved()?;
    young.edit("Fra den første", "Rettet i den anden")?;
    young.wait_for_saved()?;

    let both = ["Rettet i den anden", "Fra den anden"];
    young.browser.switch_to(&first)?;
    young.wait_for_entries(&both)?;
    young.write("Igen fra den første")?;
    young.wait_for_saved()?;

    young.browser.reload()?;
    young.wait_for_sheet()?;
    young.wait_for_entries(&[both[0], both[1], "Igen fra den første"])?;
    young.browser.close()
}

/// What was refused in one tab stays that tab's for as long as it lives, also when the clock says that it was written long ago.
/// When it lives no more, another takes it up.
pub fn one_that_lives(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan/g_tegn")?;
    young.wait_for_sheet()?;
    young.set_field("dialog .composer textarea", &"å".repeat(4_001))?;
    young.browser.wait_for_text("Den har 4.001 tegn")?;

    let first = young.browser.open_tab()?;
    young.goto("/plan")?;
    young.browser.execute(LOOK_TOMORROW, &[])?;
    // Later than the journal could be looked at in the meantime.
    young.browser.wait_until("the app to ask twice which tabs live", "return window.looks >= 2")?;
    ensure!(!young.browser.has(NOTICE)?, "a tab took up what stands in another that lives");
    let second = young.browser.this_tab()?;
    young.browser.switch_to(&first)?;
    young.browser.close_tab()?;
    young.browser.switch_to(&second)?;
    young.browser.wait_for_text("Det her er ikke gemt endnu.")?;
    young.browser.close()
}

const NOTICE: &str = ".troubles textarea";

/// From now on the clock is a day ahead, and each time is counted that the app asks which tabs live.
const LOOK_TOMORROW: &str = "const now = Date.now.bind(Date);
  Date.now = () => now() + 86_400_000;
  const query = navigator.locks.query.bind(navigator.locks);
  window.looks = 0;
  navigator.locks.query = async () => {
    const living = await query();
    window.looks += 1;
    return living;
  };";
