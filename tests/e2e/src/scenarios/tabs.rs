//! Several tabs of one phone: each sees at once what another writes, and both are kept.

use anyhow::Result;

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
