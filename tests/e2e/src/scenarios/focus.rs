//! Where the focus is when a page or a sheet is opened, comes late, changes or goes: nobody who works with the keyboard, or listens,
//! is thrown out to the top, and nobody is taken from where they are.

use anyhow::{Result, ensure};
use serde_json::json;

use super::keyboard::{ENTER, go_to, go_where, press, stays_at};
use crate::chunks::{NOT_HERE, UNDER_WAY, open_at, path_of};
use crate::driver::Engine;
use crate::proxy::{Network, Recorded};
use crate::world::World;
use crate::young::Young;

/// Whoever opens a page goes on from it, and whoever closes a sheet from what led to it.
pub fn moves(engine: Engine) -> Result<()> {
    const SECTION: &str = "Sådan er jeg, når jeg har det godt";
    const LINK: &str = "a[href='/plan/g_tegn']";
    const FIND: &str = "/api/v1/invitations/find";
    let world = World::new(engine)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    let browser = &young.browser;
    browser.resize(420, 900)?;
    young.goto("/plan")?;
    let no_sheet = "return !document.querySelector('dialog')";
    press(browser, SECTION, ENTER)?;
    young.wait_for_sheet()?;
    press(browser, "Færdig", ENTER)?;
    browser.wait_until("the sheet to close", no_sheet)?;
    stays_at(browser, LINK)?;
    browser.keys(ENTER)?;
    young.wait_for_sheet()?;
    browser.execute("history.back()", &[])?;
    browser.wait_until("the sheet to close", no_sheet)?;
    stays_at(browser, LINK)?;

    for (pressed, path, there) in [
        ("Om mig", "/om-mig", "Vigtigt om mig"),
        ("Min Plan", "/plan", "Når det går godt"),
        ("Mit Møde", "/moede", "Hvem siger det?"),
        ("Efter", "/moede/efter", "Hvem kom?"),
        ("Mit Møde", "/moede", "Hvem siger det?"),
        ("Under", "/moede/under", "Del 1 af 5"),
        ("Videre", "/moede/under-2", "Del 2 af 5"),
        ("Videre", "/moede/under-3", "Del 3 af 5"),
        ("Tilbage", "/moede/under-2", "Del 2 af 5"),
        ("Tilbage", "/moede/under", "Del 1 af 5"),
        ("Luk", "/moede", "Hvem siger det?"),
        ("Mere", "/mere", "Udgave"),
    ] {
        press(browser, pressed, ENTER)?;
        browser.wait_until(path, &format!("return location.pathname === {}", json!(path)))?;
        browser.wait_for_text(there)?;
        stays_at(browser, "main")?;
    }

    // The way on is where it was when the pause began.
    young.goto("/moede/under")?;
    browser.wait_for_text("Del 1 af 5")?;
    press(browser, "Pause", ENTER)?;
    young.wait_for_sheet()?;
    press(browser, "Vi går videre", ENTER)?;
    browser.wait_until("the sheet to close", no_sheet)?;
    stays_at(browser, ".stage-foot button")?;

    // What is sent has nothing to do meanwhile, and is where it was afterwards.
    young.goto("/del/kode")?;
    browser.wait_for_text("Se, hvem den er fra")?;
    go_where(browser, "input[name=code]")?;
    browser.keys("ABCDE-12345")?;
    world.proxy.disturb(FIND, Network::Hangs);
    world.proxy.take_recorded();
    press(browser, "Se, hvem den er fra", ENTER)?;
    let is_it = |request: &Recorded| request.path == FIND;
    world.proxy.wait_for("the code", is_it)?;
    browser.keys(ENTER)?;
    browser.back_tab()?;
    stays_at(browser, "input[name=code]")?;
    browser.keys(ENTER)?;
    press(browser, "Se, hvem den er fra", ENTER)?;
    world.proxy.calm();
    browser.wait_for_text("Den kode kender vi ikke.")?;
    stays_at(browser, "button[type=submit]")?;
    let asked = world.proxy.recorded().into_iter().filter(is_it).count();
    ensure!(asked == 1, "pressed again while it was sent, it was sent {asked} times");

    young.goto("/mere/telefoner")?;
    browser.wait_for_text("Mine telefoner")?;
    press(browser, "Mere", ENTER)?;
    browser.wait_for_text("Udgave")?;
    stays_at(browser, "main")?;

    young.goto("/moede")?;
    browser.wait_for_text("Lav et møde mere")?;
    press(browser, "Lav et møde mere", ENTER)?;
    press(browser, "Hurtigt møde", ENTER)?;
    browser.wait_until("another meeting", "return location.pathname !== '/moede'")?;
    stays_at(browser, "main")?;
    young.browser.close()
}

/// Pages whose chunk comes when somebody is already on the way through them: nobody is taken from where they are.
pub fn late(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    world.proxy.disturb("/sw.js", Network::Fails);
    world.proxy.disturb(&path_of("split_meeting")?, Network::Hangs);
    world.proxy.disturb(&path_of("split_more")?, Network::Hangs);
    world.proxy.disturb(&path_of("split_sharing")?, Network::Fails);
    let young = open_at(&world, "tapping", "/moede/efter")?;
    let browser = &young.browser;
    browser.wait_for_text(UNDER_WAY)?;
    press(browser, "Beskeder", ENTER)?;
    browser.wait_for_text(NOT_HERE)?;
    stays_at(browser, "main")?;
    press(browser, "Mere", ENTER)?;
    browser.wait_for_text(UNDER_WAY)?;
    stays_at(browser, "main")?;
    go_to(browser, "Om mig", "Om mig")?;
    world.proxy.calm();
    browser.wait_for_text("Udgave")?;
    stays_at(browser, ".bar a[href='/om-mig']")?;
    press(browser, "Beskeder", ENTER)?;
    browser.wait_for_text("Kun I to kan læse det")?;
    stays_at(browser, "main")?;
    young.browser.close()?;

    // Opened by a link, it is the first page: it takes the focus from nobody, who may be in the bar by the time it comes.
    let stops = [("Mit Møde", ".bar a[href='/moede']"), ("Svært nu", "header a[href='/svaert']")];
    for (number, (place, stop)) in stops.into_iter().enumerate() {
        world.proxy.disturb("/sw.js", Network::Fails);
        world.proxy.disturb(&path_of("split_meeting")?, Network::Hangs);
        let young = open_at(&world, &format!("linked-{number}"), "/moede/efter")?;
        let browser = &young.browser;
        browser.wait_for_text(UNDER_WAY)?;
        stays_at(browser, "body")?;
        go_to(browser, place, place)?;
        world.proxy.calm();
        browser.wait_for_text("Hvem kom?")?;
        stays_at(browser, stop)?;
        young.browser.close()?;
    }
    Ok(())
}
