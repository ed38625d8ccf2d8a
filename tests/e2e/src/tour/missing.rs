//! What is said when something cannot be had.

use anyhow::Result;

use super::{App, Look};
use crate::chunks::{self, NOT_HERE};
use crate::proxy::Network;
use crate::world::World;

/// A page whose chunk does not come, on a phone that has nothing of the app yet.
pub fn page(world: &World, look: &mut Look) -> Result<()> {
    world.proxy.disturb("/sw.js", Network::Fails);
    world.proxy.disturb(&chunks::path_of("split_meeting")?, Network::Fails);
    let young = chunks::open(world, "without-a-chunk")?;
    young.tap("/moede")?;
    young.browser.wait_for_text(NOT_HERE)?;
    look("page-not-here", App::Young, &young.browser)?;
    world.proxy.calm();
    young.browser.close()
}
