//! Both sides at once: a young person who shares something, and a contact.

use anyhow::Result;

use crate::staff::Staff;
use crate::world::World;
use crate::young::Young;

/// A contact who is signed in at one origin, and a young person at another whose points are on the agenda and with the contact.
pub fn sharing(world: &World, at_staff: &str, at_young: &str, points: &[&str]) -> Result<(Staff, Young)> {
    sharing_of(world, at_staff, at_young, (&["meeting"], "/moede/m_dagsorden", points))
}

/// The same of other parts: their names, and what is written in which section.
pub fn sharing_of(
    world: &World,
    at_staff: &str,
    at_young: &str,
    (parts, path, texts): (&[&str], &str, &[&str]),
) -> Result<(Staff, Young)> {
    let staff = Staff::new(world.open_other("staff")?, at_staff);
    staff.sign_in(&world.server.trial)?;
    let code = staff.invite("Bo, værelse 4")?;
    staff.go_to_list()?;
    let young = Young::new(world.open()?, at_young);
    young.browser.resize(420, 900)?;
    young.goto("/plan")?;
    young.write_all(path, texts)?;
    young.say_yes(&code, parts)?;
    young.wait_until_sent()?;
    Ok((staff, young))
}
