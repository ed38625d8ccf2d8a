//! The simulator. `SIM_SEEDS` sets the number of seeds, 400 by default; `SEED` plays one alone. Every seed is played twice: with
//! everybody writing everywhere at once, and with one person who goes from tab to tab and from phone to phone.

use crate::oracle::Reach;
use crate::seeds::{figure_from_env, for_each_seed, report};
use crate::server::{CONTACTS, Template};
use crate::world::{Check, Happening, World};
use session::Fault;
use std::sync::atomic::{AtomicU64, Ordering};

/// Steps of one world: some minutes of its time.
const STEPS: usize = 700;

fn begin(seed: u64, template: &Template, fault: Option<Fault>, is_alone: bool) -> World {
    let mut world = World::new(seed, template, fault);
    world.is_alone = is_alone;
    for _ in 0..1 + world.rng.below(3) {
        let phone = world.add_phone();
        for _ in 0..1 + world.rng.below(2) {
            world.open_tab(phone);
        }
    }
    world
}

/// Everybody writes everywhere at once.
fn together(seed: u64, template: &Template, fault: Option<Fault>) -> Check<World> {
    let mut world = begin(seed, template, fault, false);
    for round in 0..2 {
        for phone in 0..world.phones.len() {
            world.later(300, Happening::Act(phone));
        }
        for contact in 0..CONTACTS.len() {
            world.later(5_000, Happening::Contact(contact));
        }
        world.later(4_000, Happening::Guest);
        world.later(2_000, Happening::Trouble);
        for _ in 0..STEPS {
            world.step()?;
        }
        world.run_until_idle().map_err(|failure| format!("at rest, round {round}: {failure}"))?;
    }
    Ok(world)
}

/// One person goes from tab to tab and from phone to phone, and everything has come to rest before they do.
fn alone(seed: u64, template: &Template, fault: Option<Fault>) -> Check<World> {
    let mut world = begin(seed, template, fault, true);
    world.run_until_idle()?;
    // Everything is shared, and every phone is the young person's, before there is anything to know.
    for phone in 0..world.phones.len() {
        while !world.phones[phone].tabs[0].machine.sharing().connected {
            let tab = world.phones[phone].tabs[0].name;
            world.share(tab)?;
            world.run_until_idle()?;
        }
    }
    for _ in 0..4 {
        let phone = world.rng.below(world.phones.len());
        let place = world.rng.below(world.phones[phone].tabs.len());
        let tab = world.phones[phone].tabs[place].name;
        world.later(1_000, Happening::Guest);
        world.later(2_000, Happening::Trouble);
        for _ in 0..12 {
            world.act_in(tab)?;
            for _ in 0..4 {
                world.step()?;
            }
        }
        world.run_until_idle().map_err(|failure| format!("at rest: {failure}"))?;
    }
    Ok(world)
}

fn play(seed: u64, template: &Template, fault: Option<Fault>) -> Check<[World; 2]> {
    let together = together(seed, template, fault).map_err(|failure| format!("together: {failure}"))?;
    let alone = alone(seed, template, fault).map_err(|failure| format!("alone: {failure}"))?;
    let mut worlds = [together, alone];
    for world in &mut worlds {
        world.a_year_later().map_err(|failure| format!("a year later: {failure}"))?;
    }
    Ok(worlds)
}

#[test]
fn what_must_hold_holds_after_every_step() {
    let seeds = figure_from_env("SIM_SEEDS", 400);
    let template = Template::new();
    let [words, faults, noes, requests, told, letters, taken] = [const { AtomicU64::new(0) }; 7];
    let reached = [const { AtomicU64::new(0) }; Reach::ALL.len()];
    for_each_seed(seeds, |seed| {
        for world in play(seed, &template, None)? {
            words.fetch_add(world.words, Ordering::Relaxed);
            faults.fetch_add(world.faults, Ordering::Relaxed);
            noes.fetch_add(world.noes, Ordering::Relaxed);
            requests.fetch_add(world.server.requests, Ordering::Relaxed);
            told.fetch_add(world.oracle.told.len() as u64, Ordering::Relaxed);
            letters.fetch_add(world.oracle.letters.len() as u64, Ordering::Relaxed);
            taken.fetch_add(world.taken, Ordering::Relaxed);
            for (all, here) in reached.iter().zip(world.oracle.reached) {
                all.fetch_add(here, Ordering::Relaxed);
            }
        }
        Ok(())
    });
    let [words, faults, noes, requests] = [words, faults, noes, requests].map(AtomicU64::into_inner);
    let [told, letters, taken] = [told, letters, taken].map(AtomicU64::into_inner);
    report(&format!(
        "session simulator: {seeds} seeds, {words} texts, {told} of contacts, {letters} messages to them, {taken} suggestions \
         answered, {requests} requests, {noes} noes, {faults} faults, 0 broken checks"
    ));
    let reached = Reach::ALL.into_iter().zip(reached.map(AtomicU64::into_inner));
    report(&reached.clone().map(|(what, count)| format!("{what:?} {count}")).collect::<Vec<_>>().join(", "));
    // A few seeds need not come to everything.
    if seeds >= 100 && std::env::var_os("SEED").is_none() {
        let never: Vec<Reach> = reached.filter(|(_, count)| *count == 0).map(|(what, _)| what).collect();
        assert!(never.is_empty(), "no seed has come to {never:?}");
    }
}

/// Each of the faults that the machine once had, put back by itself.
#[test]
fn a_fault_that_is_put_back_is_found() {
    let template = Template::new();
    for fault in [Fault::StalePermit, Fault::NoWaits, Fault::UnseenReplaced, Fault::SavedOverRefused] {
        let found = (0..400).find_map(|seed| play(seed, &template, Some(fault)).err().map(|why| (seed, why)));
        let Some((seed, why)) = found else { panic!("{fault:?} is not found in 400 seeds") };
        report(&format!("{fault:?}: found by seed {seed}: {why}"));
    }
}
