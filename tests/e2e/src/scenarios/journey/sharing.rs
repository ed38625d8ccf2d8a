//! Steps 5, 6 and 8: the yes, what the contact sees, and the no.

use std::time::Instant;

use anyhow::{Result, ensure};

use super::alone;
use crate::browser::as_read;
use crate::scenarios::step;
use crate::staff::Staff;
use crate::world::World;
use crate::young::{Age, Young};

/// What the young person ticks, and what stands in it.
const PARTS: &[&str] = &["red", "meeting"];
const SHARED: &[&str] = &["Koldt vand på hænderne", "Mormor 12 34 56 78", "Ny skole", "Lommepenge", "Det lille rum"];
const KEPT: &[&str] = &[
    "min hund Buster",
    "Griner højt",
    "Cykler hele vejen",
    "Flyttet bagefter",
    "Kald mig Bo",
    "Jeg er mere end mine papirer",
];

pub fn share(world: &mut World, young: &Young) -> Result<Staff> {
    step("5. the server is back; the contact invites; the young person, 13 years, says yes to two parts");
    world.go_online()?;
    let staff = Staff::new(world.open_other("staff")?, &world.server.origin());
    staff.sign_in(&world.server.trial)?;
    let code = staff.invite("Bo, værelse 4")?;
    staff.go_to_list()?;

    young.enter_code(&code)?;
    young.browser.wait_for_text("Sara Holm")?;
    young.browser.wait_for_text("Bostedet Lindely")?;
    young.tick(PARTS, Age::Thirteen)?;
    young.browser.wait_for_text("Men en af dem, der har ansvar for dig")?;
    young.browser.click_text("Ja, del det")?;
    young.browser.wait_for_text("Vi sender ikke noget før")?;
    staff.browser.wait_for_text("Venter på forældremyndighedsindehaveren")?;
    let sent = syncs(world);
    ensure!(sent == 0, "{sent} exchanges before the custody holder's yes");
    no_words_sent(world, alone::WORDS)?;

    staff.record_custody("Mor, Anne")?;
    young.wait_until_sent()?;
    ensure!(syncs(world) > 0, "nothing was sent after the yes");
    no_words_sent(world, KEPT)?;

    step("6. the contact reads, and the young person sees it");
    let begun = Instant::now();
    staff.read()?;
    for text in SHARED {
        staff.wait_for_words(text)?;
    }
    step(&format!("6. read {:.1} s after it was sent", begun.elapsed().as_secs_f32()));
    let words = staff.words()?;
    let kept = KEPT.iter().find(|kept| words.iter().any(|word| word.contains(**kept)));
    ensure!(kept.is_none(), "the contact sees {kept:?}, which was not ticked");

    staff.go_to_list()?;
    young.goto("/plan")?;
    young.write_all("/plan/r_nu", &["Gå ud på trappen"])?;
    let begun = Instant::now();
    staff.browser.wait_for_text("Der er noget nyt")?;
    staff.read()?;
    staff.wait_for_words("Gå ud på trappen")?;
    step(&format!("6. something new was there after {:.1} s", begun.elapsed().as_secs_f32()));
    let new = staff.new_words()?;
    ensure!(new == ["Gå ud på trappen"], "marked as new: {new:?}");

    young.goto("/del")?;
    young.browser.wait_for_text("Sara Holm · Bostedet Lindely")?;
    let looked = "return [...document.querySelectorAll('.look-list li')].map((look) => look.innerText)";
    let looks: Vec<String> = serde_json::from_value(young.browser.execute(looked, &[])?)?;
    let today = young.browser.execute("return new Date().getDate() + '. '", &[])?;
    let today = today.as_str().unwrap_or_default();
    let is_dated = |look: &String| as_read(look).contains(today) && as_read(look).contains(" kl. ");
    ensure!(!looks.is_empty() && looks.iter().all(is_dated), "a look without a time of today: {looks:?}");

    step("6. more waits for the custody holder again, and that is said before");
    young.browser.click_text("Ret eller sig nej")?;
    let is_said = "return document.body.innerText.includes('Viser du mere')";
    for is_more in [true, false] {
        young.tick(&["about"], Age::Thirteen)?;
        young.browser.wait_until(
            if is_more { "that more waits" } else { "that nothing more waits" },
            &format!("{is_said} === {is_more}"),
        )?;
    }
    Ok(staff)
}

pub fn withdraw(world: &mut World, young: &Young, staff: &Staff) -> Result<()> {
    step("8. the no, offline");
    staff.go_to_list()?;
    staff.read()?;
    staff.wait_for_words("Koldt vand på hænderne")?;
    world.go_offline()?;
    young.goto("/del")?;
    young.browser.wait_for_text("Der er ikke net. Vi sender senere.")?;
    young.browser.wait_for_text("Prøv igen lidt senere.")?;
    if let Some(moved) = young.browser.list_moved()? {
        ensure!(moved.is_empty(), "what is said of the network has moved what one taps: {moved:?}");
    }
    young.browser.click_text("Ret eller sig nej")?;
    young.browser.click_text("Jeg siger nej nu")?;
    young.browser.wait_for_text("Dit nej er gemt. Vi sender ikke mere.")?;
    young.goto("/plan")?;
    young.write_all("/plan/r_nu", &["Skrevet efter nej"])?;
    world.proxy.take_recorded();
    world.go_online()?;
    young.browser.reload()?;
    staff.browser.wait_for_text("Den unge deler ikke med dig lige nu.")?;
    ensure!(staff.words()?.is_empty(), "the contact still sees words");
    ensure!(syncs(world) == 0, "there was an exchange after the no");
    no_words_sent(world, &["Skrevet efter nej"])?;

    young.goto("/del")?;
    young.browser.click_text("Slet det, der er sendt")?;
    young.browser.wait_for_text("Det, du har skrevet, er slettet hos os.")?;
    let erased = world.proxy.recorded().iter().any(|request| request.path == "/api/v1/erase");
    ensure!(erased, "the server was not asked to erase");
    staff.go_to_list()?;
    ensure!(!staff.browser.text()?.contains("Læs"), "the contact can still open it");
    // The young person's own words are where they were.
    young.goto("/plan")?;
    young.browser.wait_for_text("Skrevet efter nej")?;
    young.browser.wait_for_text("Griner højt")?;
    ensure!(syncs(world) == 0, "there was an exchange after the erasure");
    Ok(())
}

fn syncs(world: &World) -> usize {
    world.proxy.recorded().iter().filter(|request| request.path == "/api/v1/sync").count()
}

fn no_words_sent(world: &World, words: &[&str]) -> Result<()> {
    for request in world.proxy.recorded() {
        let found = words.iter().find(|word| request.holds(word));
        ensure!(found.is_none(), "{found:?} was sent to {}", request.path);
    }
    Ok(())
}
