//! Messages: written without a network, delivered, read and answered; with words of the plan; and a no in the middle.

use anyhow::{Result, ensure};

use crate::driver::Engine;
use crate::staff::Staff;
use crate::world::World;
use crate::young::{Young, wait_for_worker};

const POINT: &str = "Jeg vil hjem i weekenden";
const FIRST: &str = "Kan vi tale sammen i morgen?";
const ANSWER: &str = "Ja, jeg er der fra klokken ni";
const AGREED: &str = "Vi ringer til skolen sammen";
const DRAFT: &str = "Det her er jeg ikke sikker på";
const FIELD: &str = ".message-composer textarea";

pub fn play(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    let staff = Staff::new(world.open_other("staff")?, &world.server.origin());
    staff.sign_in(&world.server.trial)?;
    let code = staff.invite("Bo, værelse 4")?;
    staff.go_to_list()?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/beskeder")?;
    young.browser.wait_for_text("Kun I to kan læse det")?;
    young.write_all("/moede/m_dagsorden", &[POINT])?;
    young.say_yes(&code, &["meeting", "messages"])?;
    young.wait_until_sent()?;
    write_offline(&mut world, &young)?;
    read_and_answer(&staff, &young)?;
    quote(&staff, &young)?;
    tell_that_it_came_to_nothing(&staff, &young)?;
    keep_a_draft(&staff, &young)?;
    say_no(&staff, &young)?;
    young.browser.close()?;
    staff.browser.close()
}

/// Written and sent without a network: it waits, is there after a new start, and goes when there is one.
fn write_offline(world: &mut World, young: &Young) -> Result<()> {
    wait_for_worker(&young.browser)?;
    world.proxy.down();
    young.goto("/beskeder")?;
    young.browser.wait_for_text("Godt at vide først")?;
    young.browser.wait_for_text("Beskeder er ikke til det, der haster.")?;
    young.set_field(FIELD, FIRST)?;
    young.browser.click_text("Send")?;
    young.browser.wait_for_text("Venter på net")?;
    young
        .browser
        .wait_until("the field to be empty", &format!("return document.querySelector('{FIELD}').value === ''"))?;
    young.goto("/beskeder")?;
    young.browser.wait_for_text(FIRST)?;
    young.browser.wait_for_text("Venter på net")?;
    world.proxy.up()?;
    young.notice_network()?;
    young.browser.wait_for_text("Sendt").map(drop)
}

fn read_and_answer(staff: &Staff, young: &Young) -> Result<()> {
    staff.browser.wait_for_text("Ny besked")?;
    ensure!(!young.browser.text()?.contains("Læst af"), "a list is no reading");
    staff.browser.click_text("Beskeder")?;
    staff.browser.wait_for_text(FIRST)?;
    young.browser.wait_for_text("Læst af Sara Holm")?;
    young.tap("/plan")?;
    ensure!(!young.browser.has(".bar .dot")?, "there is a sign of a message before there is one");
    staff.browser.click_text("Skriv en besked")?;
    staff.browser.click_css("dialog .button.primary")?;
    staff.browser.wait_for_text("Skriv noget først.")?;
    let field = staff.browser.find("dialog textarea")?;
    staff.browser.type_into(&field, ANSWER)?;
    staff.browser.click_css("dialog .button.primary")?;
    staff.browser.wait_for_no_sheet()?;
    young.browser.wait_until("the sign that there is one", "return document.querySelector('.bar .dot')")?;
    young.tap("/beskeder")?;
    young.browser.wait_until("the sign to go", "return !document.querySelector('.bar .dot')")?;
    for side in [&young.browser, &staff.browser] {
        side.wait_for_text(ANSWER)?;
        side.wait_for_text("Sara Holm, Bostedet Lindely")?;
    }
    Ok(())
}

/// A point of the meeting goes along, in its own words.
fn quote(staff: &Staff, young: &Young) -> Result<()> {
    young.browser.click_text("Tag noget med fra din plan")?;
    young.browser.click_text(POINT)?;
    young.browser.wait_until("the quote", "return document.querySelector('.message-composer .quote')")?;
    young.browser.click_text("Send")?;
    young.browser.wait_until("it to be sent", "return !document.querySelector('.message-composer .quote')")?;
    for side in [&young.browser, &staff.browser] {
        side.wait_until("the quote in a message", "return document.querySelector('.message .quote')")?;
        side.wait_for_text(POINT)?;
    }
    Ok(())
}

/// What was agreed came to nothing: that is written with one tap, and not twice.
fn tell_that_it_came_to_nothing(staff: &Staff, young: &Young) -> Result<()> {
    young.goto("/moede/efter")?;
    young.agree("/moede/efter", [AGREED, "", ""])?;
    young.say_outcome(AGREED, "no")?;
    young.browser.click_text("Skriv til Sara Holm, at det ikke blev til noget")?;
    young.browser.wait_for_text("Skrevet til Sara Holm")?;
    staff.browser.wait_for_text("Det blev ikke til noget.")?;
    staff.browser.wait_for_text(AGREED)?;
    young.goto("/moede/efter")?;
    young.browser.wait_for_text("Skrevet til Sara Holm")?;
    young.goto("/beskeder")
}

/// What is not sent stays where it was written, and nobody else has it.
fn keep_a_draft(staff: &Staff, young: &Young) -> Result<()> {
    young.set_field(FIELD, DRAFT)?;
    young.leave_field()?;
    young.goto("/plan")?;
    young.goto("/beskeder")?;
    let kept = format!("return document.querySelector('{FIELD}')?.value === '{DRAFT}'");
    young.browser.wait_until("the draft", &kept)?;
    young.browser.wait_until("the messages", "return document.querySelectorAll('.message').length === 4")?;
    ensure!(!staff.browser.text()?.contains(DRAFT), "the contact reads what was not sent");
    Ok(())
}

fn say_no(staff: &Staff, young: &Young) -> Result<()> {
    staff.browser.click_text("Skriv en besked")?;
    young.go_to_sharing()?;
    young.say_no("Sara Holm")?;
    staff.browser.wait_for_text("Den unge deler ikke med dig lige nu.")?;
    staff.browser.wait_until("the messages to go", "return !document.querySelector('.message, dialog')")?;
    young.goto("/beskeder")?;
    young.browser.wait_for_text("Kun I to kan læse det")?;
    ensure!(!young.browser.has(".message-composer")?, "there is a field to write to nobody");
    read_afterwards(young)
}

/// What was written stays with the young person, who can take it away: a contact's words too.
fn read_afterwards(young: &Young) -> Result<()> {
    young.browser.click_text("Sara Holm, Bostedet Lindely")?;
    young.browser.wait_for_text("Du og Sara Holm kan ikke skrive sammen nu.")?;
    young.browser.wait_for_text(ANSWER)?;
    ensure!(!young.browser.has(".message-composer")?, "there is a field to write after a no");
    for left in [3, 2, 1] {
        young.browser.click_css(".message .tool")?;
        let gone = format!("return document.querySelectorAll('.message').length === {left}");
        young.browser.wait_until("a message to go", &gone)?;
    }
    ensure!(!young.browser.text()?.contains(ANSWER), "the contact's words are there still");
    young.browser.click_css(".message .tool")?;
    young.browser.wait_for_text("Kun I to kan læse det")?;
    ensure!(!young.browser.text()?.contains("Sara Holm"), "a thread without messages is listed");
    Ok(())
}
