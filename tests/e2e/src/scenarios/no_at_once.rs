//! A no works at once, whatever the network does: nothing of what it takes back leaves any more, it waits behind nothing,
//! and the contact's screen is empty.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::client;
use crate::driver::Engine;
use crate::process;
use crate::proxy::{Network, Recorded};
use crate::staff::Staff;
use crate::world::World;
use crate::young::{No, Young};

const SYNC: &str = "/api/v1/sync";
const LOOKS: &str = "/api/v1/looks";
/// How much later everything reaches the server in a slow network.
const SLOW: Duration = Duration::from_secs(5);
/// A no that leaves later than this after the tap has waited for something.
const AT_ONCE: Duration = Duration::from_secs(1);
/// The contact's screen has none of the words this long after the tap.
const OFF_THE_SCREEN: Duration = Duration::from_secs(2);
/// How long the words are looked for after that, to say how bad it is.
const LONG: Duration = Duration::from_secs(15);

const RED: [&str; 2] = ["Koldt vand på hænderne", "Gå ud på trappen"];
const GREEN: [&str; 2] = ["Griner højt", "Synger i badet"];

/// Two noes close together on a slow network, with words of both parts on their way or waiting.
pub fn two_on_a_slow_network(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let (mut sara, mut jonas) = (client::contact(&world.server)?, client::other_contact(&world.server)?);
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan")?;
    young.write_all("/plan/r_nu", &RED[..1])?;
    young.write_all("/plan/g_tegn", &GREEN[..1])?;
    young.say_yes(&sara.invite("Bo")?, &["red"])?;
    young.say_yes(&jonas.invite("Bo")?, &["green"])?;
    sara.wait_for_words(RED[0])?;
    jonas.wait_for_words(GREEN[0])?;

    young.tap("/plan")?;
    world.proxy.disturb("/api/", Network::Slow(SLOW));
    young.write_all("/plan/r_nu", &RED[1..])?;
    world.proxy.wait_for("what was just written", |request| request.holds(RED[1]))?;
    young.write_all("/plan/g_tegn", &GREEN[1..])?;
    young.go_to_sharing()?;
    let first = young.say_no("Sara Holm")?;
    // The second comes while the first is on its way.
    find_withdrawal(&world, &first)?;
    let noes = [(first, RED), (young.say_no("Jonas Berg")?, GREEN)];

    let mut broken = Vec::new();
    for (no, _) in &noes {
        let withdrawal = find_withdrawal(&world, no)?;
        broken.extend(waited(no, &withdrawal));
        // Whatever was sent ahead of the last no has been sent when that has been heard.
        let heard = process::wait(4 * SLOW, || Ok(withdrawal.is_answered()))?;
        ensure!(heard, "the server never answered the no to {}", no.to);
    }
    for (no, words) in &noes {
        broken.extend(left_after(no, &words[..], &world.proxy.recorded()));
    }
    // A browser has six lines to one server, and what a page that is gone has asked for holds none of them.
    let last = noes[1].0.at;
    let asked = world.proxy.recorded().into_iter().filter(|request| request.path == LOOKS && request.at < last);
    if asked.filter(|request| !request.is_given_up()).count() > 0 {
        broken.push("a page that was left goes on asking who has looked".to_owned());
    }
    ensure!(broken.is_empty(), "{}", broken.join("\n  "));

    world.proxy.calm();
    for (name, contact) in [("Sara Holm", sara), ("Jonas Berg", jonas)] {
        let read = contact.read()?;
        ensure!(read.is_empty(), "{name} can still read {read:?} after the no");
    }
    young.browser.close()
}

/// A no while a synchronisation is under way that is never answered, with the contact reading at that moment.
pub fn beside_a_request_that_hangs(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let staff = Staff::new(world.open_other("staff")?, &world.server.origin());
    staff.sign_in(&world.server.trial)?;
    let code = staff.invite("Bo")?;
    staff.go_to_list()?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan")?;
    young.write_all("/plan/r_nu", &RED[..1])?;
    young.say_yes(&code, &["red"])?;
    young.wait_until_sent()?;
    staff.read()?;
    staff.wait_for_words(RED[0])?;

    young.tap("/plan")?;
    world.proxy.disturb(SYNC, Network::Hangs);
    young.write_all("/plan/r_nu", &RED[1..])?;
    world.proxy.wait_for("what was just written", |request| request.holds(RED[1]))?;
    young.go_to_sharing()?;
    let no = young.say_no("Sara Holm")?;

    let mut broken = Vec::new();
    broken.extend(stays_on_the_screen(&staff, &no)?);
    let withdrawal = world.proxy.recorded().into_iter().find(|request| no.is_told_by(request));
    match &withdrawal {
        Some(withdrawal) => broken.extend(waited(&no, withdrawal)),
        None => broken.push("the no waits behind a request that is never answered".to_owned()),
    }
    let hangs = |request: &Recorded| request.holds(RED[1]) && !request.is_given_up();
    let ended = process::wait(OFF_THE_SCREEN, || Ok(!world.proxy.recorded().iter().any(hangs)))?;
    if !ended {
        broken.push("the phone goes on sending words that were said no to, in the request that hangs".to_owned());
    }
    broken.extend(left_after(&no, &RED, &world.proxy.recorded()));
    ensure!(broken.is_empty(), "{}", broken.join("\n  "));

    world.proxy.calm();
    young.browser.close()?;
    staff.browser.close()
}

fn find_withdrawal(world: &World, no: &No) -> Result<Recorded> {
    world.proxy.wait_for(&format!("the no to {}", no.to), |request| no.is_told_by(request))
}

/// What to say when the no left late.
fn waited(no: &No, withdrawal: &Recorded) -> Option<String> {
    let late = withdrawal.at.saturating_duration_since(no.at);
    (late > AT_ONCE).then(|| format!("the no to {} left {:.1} s after the tap", no.to, late.as_secs_f32()))
}

/// What to say when words left that only the yes covered which had been taken back by then.
fn left_after(no: &No, words: &[&str], sent: &[Recorded]) -> Vec<String> {
    let after = sent.iter().filter(|request| request.at > no.at);
    let leaks =
        after.flat_map(|request| words.iter().filter(|word| request.holds(word)).map(move |word| (request, word)));
    let say = |(request, word): (&Recorded, &&str)| {
        let late = request.at.duration_since(no.at).as_secs_f32();
        format!("“{word}” left {late:.1} s after the no to {}, to {}", no.to, request.path)
    };
    leaks.map(say).collect()
}

/// Watches the contact's screen from the tap on; what to say when words stay on it.
fn stays_on_the_screen(staff: &Staff, no: &No) -> Result<Option<String>> {
    let mut off = None;
    process::wait(LONG, || {
        let text = staff.browser.text()?;
        let is_off = staff.words()?.is_empty() && !RED.iter().any(|word| text.contains(word));
        off = is_off.then(|| no.at.elapsed());
        Ok(is_off)
    })?;
    let Some(off) = off else {
        return Ok(Some(format!("{LONG:?} after the no to {} the contact can still read", no.to)));
    };
    println!("  the contact's screen was empty {:.1} s after the tap", off.as_secs_f32());
    Ok((off > OFF_THE_SCREEN).then(|| format!("the contact could read for {:.1} s after the no", off.as_secs_f32())))
}
