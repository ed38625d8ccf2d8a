//! The main job: from an empty phone, offline, to a plan that a contact has read, and a no that works.

mod alone;
mod devices;
mod sharing;

use anyhow::{Result, ensure};

use crate::driver::Engine;
use crate::scenarios::step;
use crate::world::World;

pub fn play(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    let young = alone::write_without_network(&mut world)?;
    let before = nothing_was_sent(&world)?;
    step(&format!("4. requests before the code is typed: {before} in all, 0 to the API, 0 with a body"));
    let staff = sharing::share(&mut world, &young)?;
    devices::write_at_once(&mut world, &young)?;
    sharing::withdraw(&mut world, &young, &staff)?;
    young.browser.close()?;
    staff.browser.close()
}

/// What the recording proxy has seen holds no word and no call of the API. Gives the number of requests.
fn nothing_was_sent(world: &World) -> Result<usize> {
    let recorded = world.proxy.recorded();
    for request in &recorded {
        ensure!(!request.path.starts_with("/api"), "{} {} before the code", request.method, request.path);
        ensure!(request.body.is_empty(), "{} {} had a body before the code", request.method, request.path);
        for word in alone::WORDS {
            ensure!(!request.holds(word), "“{word}” was sent to {}", request.path);
        }
    }
    let lines = std::fs::read_to_string(crate::process::output_folder().join("server.log"))?;
    ensure!(!lines.contains("\"route\":\"/api/v1"), "the server has seen a request to the API");
    Ok(recorded.len())
}
