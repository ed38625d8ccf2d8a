//! Before the meeting: the agenda, who reads it, and a day.

use anyhow::{Context, Result, ensure};

use super::{CONTACT, PLACE, POINTS, SECTION, STAYS, WHY};
use crate::guests::{Guest, make_link, show_code};
use crate::scenarios::step;
use crate::staff::Staff;
use crate::world::World;
use crate::young::{Young, wait_for_worker};

pub fn prepare(world: &mut World, young: &Young) -> Result<()> {
    step("the agenda, without a network");
    wait_for_worker(&young.browser)?;
    world.proxy.down();
    young.open_sheet(SECTION)?;
    young.take_to_meeting()?;
    young.wait_for_saved()?;
    young.close_sheet()?;
    young.write_all("/moede/m_hvorfor", &[WHY])?;
    young.open_sheet("/moede/m_hvem")?;
    young.invite_to_meeting("Mormor", "Familie")?;
    young.invite_to_meeting("Sara", "Min kontakt")?;
    young.close_sheet()?;
    young.open_sheet("/moede/m_dagsorden")?;
    young.wait_for_entries(&POINTS[..1])?;
    for point in &POINTS[1..] {
        young.write(point)?;
    }
    young.browser.wait_for_text("Der er plads til fem punkter.")?;
    young.wait_for_saved()?;
    young.close_sheet()
}

/// By the contact, and by a guest who types the code that this gives.
pub fn read(world: &mut World, staff: &Staff, young: &Young, guest: &Guest) -> Result<String> {
    step("the contact and a guest read it");
    world.proxy.up()?;
    young.notice_network()?;
    staff.read()?;
    for text in POINTS.iter().chain(&[WHY, "Mormor"]) {
        staff.wait_for_words(text)?;
    }
    let [link, code] = make_link(young, "En fra skolen")?;
    guest.act(|browser| {
        browser.goto(&link)?;
        show_code(browser, &code)?;
        browser.wait_for_text(POINTS[4])?;
        let points = "return [...document.querySelectorAll('.guest-points li')].map((it) => it.innerText.trim())";
        let points: Vec<String> = serde_json::from_value(browser.execute(points, &[])?)?;
        ensure!(points == POINTS, "a guest reads {points:?}");
        let text = browser.text()?;
        ensure!(![STAYS, WHY].iter().any(|words| text.contains(words)), "a guest reads more than the agenda: {text}");
        Ok(())
    })?;
    Ok(code)
}

pub fn settle_on_a_day(staff: &Staff, young: &Young) -> Result<()> {
    step("a day is proposed and taken");
    // From its day on a guest can say how it was; days are those of UTC.
    let today = staff.browser.execute("return new Date().toISOString().slice(0, 10)", &[])?;
    staff.propose(today.as_str().context("no day")?, "14:30", PLACE)?;
    young.browser.wait_for_text(&format!("{CONTACT} foreslår"))?;
    young.take_proposal()?;
    let taken = "return document.querySelector('main .card h2').innerText.trim().endsWith(' kl.\u{a0}14.30')";
    young.browser.wait_until("the day that was taken", taken)?;
    staff.browser.wait_for_text("Den unge har sagt ja tak.")?;
    staff.wait_for_words(PLACE)
}
