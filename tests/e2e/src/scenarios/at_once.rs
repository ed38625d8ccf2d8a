//! What one side writes the other sees at once, since the server says that there is something; and a line to it that is dead, or
//! cannot be had, costs some seconds and no words.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::both::sharing;
use crate::driver::Engine;
use crate::proxy::Network;
use crate::staff::Staff;
use crate::world::World;
use crate::young::Young;

const POINT: &str = "Jeg vil hjem i weekenden";
/// Each way, for a median.
const ROUNDS: usize = 5;
/// The phone asks by itself once a minute while there is a line. What is here before that came because of the line.
const BEFORE_IT_ASKS: Duration = Duration::from_secs(30);
const EVENTS: &str = "/api/v1/events";

pub fn play(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    let (staff, young) = sharing(&world, &world.server.origin(), &world.proxy.origin(), &[POINT])?;
    let first = |path: &str| world.proxy.recorded().iter().position(|request| request.path == path);
    let said_yes = first("/api/v1/consents");
    ensure!(
        first(EVENTS).is_none_or(|at| said_yes.is_some_and(|yes| at > yes)),
        "the phone listens before anybody was told yes"
    );
    young.goto("/moede")?;
    staff.read()?;
    staff.wait_for_words(POINT)?;
    world.wait_for_line()?;

    let (mut to_contact, mut to_young) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let words = format!("Hvorfor, gang {round}");
        young.open_sheet("/moede/m_hvorfor")?;
        let field = young.browser.find("dialog .composer textarea")?;
        young.browser.type_into(&field, &words)?;
        let begun = Instant::now();
        young.leave_field()?;
        staff.wait_for_words(&words)?;
        to_contact.push(begun.elapsed());
        young.close_sheet()?;
        world.wait_for_line()?;
        to_young.push(answer(&young, &staff, &format!("Fordi, gang {round}"))?);
    }
    println!(
        "  the contact saw a point after {}, the young person an answer after {}",
        median(&mut to_contact),
        median(&mut to_young)
    );
    ensure!(to_young.iter().all(|time| *time < BEFORE_IT_ASKS), "the phone came to know by asking: {to_young:?}");

    // The line breaks, and comes back by itself.
    let before = asked_for_events(&world);
    world.proxy.down();
    world.proxy.up()?;
    ensure!(
        crate::process::wait(crate::browser::TIMEOUT, || Ok(asked_for_events(&world) > before))?,
        "no line came back"
    );
    world.wait_for_line()?;
    let after = answer(&young, &staff, "Fordi linjen er tilbage")?;
    ensure!(after < BEFORE_IT_ASKS, "after a line that broke the phone came to know by asking: {after:?}");

    // There is none, and what is said comes all the same.
    for network in [Network::Fails, Network::Hangs] {
        world.proxy.disturb(EVENTS, network);
        young.goto("/moede")?;
        answer(&young, &staff, &format!("Fordi der ingen linje er: {network:?}"))?;
        world.proxy.calm();
    }
    young.browser.close()?;
    staff.browser.close()
}

/// The contact answers; how long until the young person's page shows it, untouched.
fn answer(young: &Young, staff: &Staff, reason: &str) -> Result<Duration> {
    let does = if staff.browser.text()?.contains("Ret svaret") { "Ret svaret" } else { "Svar" };
    staff.browser.click_text(does)?;
    staff.choose("later")?;
    let field = staff.browser.find("dialog textarea")?;
    staff.browser.clear(&field)?;
    staff.browser.type_into(&field, reason)?;
    let begun = Instant::now();
    staff.browser.click_text("Send svaret")?;
    young.browser.wait_for_text(reason)?;
    let took = begun.elapsed();
    staff.browser.wait_until("the sheet to go", "return !document.querySelector('dialog')")?;
    Ok(took)
}

fn asked_for_events(world: &World) -> usize {
    world.proxy.recorded().iter().filter(|request| request.path == EVENTS).count()
}

fn median(times: &mut [Duration]) -> String {
    times.sort();
    format!("{:.2} s", times[times.len() / 2].as_secs_f32())
}

impl World {
    /// Waits until the page that is open now has its line to the server.
    fn wait_for_line(&self) -> Result<()> {
        let is_open = || {
            let recorded = self.proxy.recorded();
            let last = recorded.iter().rfind(|request| request.path == EVENTS);
            Ok(last.is_some_and(|request| !request.is_given_up() && !request.is_answered()))
        };
        ensure!(crate::process::wait(crate::browser::TIMEOUT, is_open)?, "the phone does not listen");
        Ok(())
    }
}
