//! The meeting, on the phone and on the contact's screen. In the middle of it the phone has no network.

use anyhow::{Result, ensure};
use protocol::ErrorCode;
use serde_json::json;

use super::{AGREED, ANSWERS, PLACE, POINTS, WHY};
use crate::client::Contact;
use crate::scenarios::step;
use crate::staff::Staff;
use crate::world::World;
use crate::young::Young;

pub fn hold(world: &mut World, staff: &Staff, young: &Young, contact: &mut Contact) -> Result<()> {
    step("the meeting is held from both sides");
    young.goto("/moede/under")?;
    young.wait_for_heading("Vi starter")?;
    staff.browser.click_text("Under mødet")?;
    staff.browser.wait_for_text("Del 1 af 5")?;
    staff.browser.wait_for_text(PLACE)?;
    young.go_on_to("Sådan er det nu")?;
    staff.browser.click_text("Videre")?;
    staff.browser.wait_for_text("Del 2 af 5")?;
    young.go_on_to("Det har jeg brug for")?;
    staff.browser.wait_for_text(WHY)?;
    staff.browser.click_text("Den unges punkter")?;
    staff.browser.wait_for_text("Del 3 af 5")?;
    for side in [&young.browser, &staff.browser] {
        side.wait_for_text(POINTS[0])?;
    }
    answer(staff, 0)?;
    young.browser.wait_for_text(ANSWERS[0].1)?;

    step("the phone loses its network, and goes on");
    world.proxy.down();
    young.browser.click_text("Næste punkt")?;
    young.browser.wait_for_text("Punkt 2 af 5")?;
    young.browser.wait_for_text(POINTS[1])?;
    young.browser.click_text("Pause")?;
    young.browser.wait_for_text("Nu holder vi pause.")?;
    refuse(staff, contact)?;
    for at in 1..POINTS.len() {
        answer(staff, at)?;
    }
    young.browser.click_text("Vi går videre")?;
    young.browser.wait_for_no_sheet()?;
    ensure!(!young.browser.text()?.contains(ANSWERS[1].1), "an answer came without a network");
    staff.agree(AGREED[1])?;
    young.go_on_to("Det har vi aftalt")?;
    young.agree("/moede/under-4", AGREED[0])?;
    staff.browser.click_text("Det har vi aftalt")?;
    staff.browser.wait_for_text("Del 4 af 5")?;
    staff.agree(AGREED[2])?;
    let text = staff.browser.text()?;
    ensure!(!text.contains(AGREED[0][0]), "an agreement has left without a network: {text}");

    step("the network is back, and each side has what the other wrote");
    world.proxy.up()?;
    young.notice_network()?;
    young.go_on_to("Vi slutter")?;
    young.browser.click_text("Færdig")?;
    for (point, (_, reason)) in POINTS.into_iter().zip(ANSWERS) {
        wait_for_row(young, [point, reason])?;
    }
    for [what, who, _] in AGREED {
        wait_for_row(young, [what, who])?;
        staff.browser.wait_for_text(what)?;
        staff.browser.wait_for_text(who)?;
    }
    for day in ["Senest søndag 8. december", "Senest fredag 20. december", "Senest fredag 13. december"] {
        young.browser.wait_for_text(day)?;
        staff.browser.wait_for_text(day)?;
    }
    Ok(())
}

/// Shows a point and answers it.
fn answer(staff: &Staff, at: usize) -> Result<()> {
    let (said, reason) = ANSWERS[at];
    staff.browser.click_text(&format!("Punkt {}", at + 1))?;
    staff.browser.wait_for_text(POINTS[at])?;
    staff.begin_answer(said, reason)?;
    staff.send_answer()
}

/// Nobody says later without a reason, here or past the app.
fn refuse(staff: &Staff, contact: &mut Contact) -> Result<()> {
    staff.browser.click_text("Punkt 2")?;
    staff.browser.wait_for_text(POINTS[1])?;
    staff.browser.click_text("Svar")?;
    staff.choose("later")?;
    staff.browser.click_text("Send svaret")?;
    staff.browser.wait_for_text("Skriv, hvorfor du siger nej eller senere.")?;
    staff.browser.click_text("Luk")?;
    staff.browser.wait_for_no_sheet()?;
    let refused = contact.answer(&contact.find_point(POINTS[1])?, "later", " ")?;
    ensure!(refused == Some(ErrorCode::NoReason), "without a reason the server says {refused:?}");
    Ok(())
}

/// A point or an agreement after the meeting, with what belongs to it.
fn wait_for_row(young: &Young, texts: [&str; 2]) -> Result<()> {
    let there = format!(
        "return [...document.querySelectorAll('main li.words')]
           .some((row) => {}.every((text) => row.innerText.includes(text)))",
        json!(texts)
    );
    young.browser.wait_until(&format!("{texts:?} in a row"), &there).map(drop)
}
