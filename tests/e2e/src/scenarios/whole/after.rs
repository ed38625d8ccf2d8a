//! After the meeting: how it was, the minutes, what came of it, what the contact suggests, and a no.

use anyhow::{Result, ensure};
use protocol::ErrorCode;

use super::{AGREED, ANSWERS, CONTACT, HOW, PLACE, POINTS, SECTION, STAYS, WHY};
use crate::browser::TIMEOUT;
use crate::client::Contact;
use crate::guests::{self, Guest, show_code};
use crate::process;
use crate::proxy::{Network, Proxy, Recorded};
use crate::scenarios::step;
use crate::staff::Staff;
use crate::world::World;
use crate::young::Young;

const TAKEN: &str = "Tag din jakke på";
const DECLINED: &str = "Skriv til mig";
const TOO_LATE: &str = "Vi har ombestemt os";

pub fn tell_how_it_was(staff: &Staff, young: &Young, guest: &Guest, code: &str) -> Result<()> {
    step("three people say how it was");
    young.reflect(["yes", "partly", "no"], HOW)?;
    staff.browser.click_text("Vi slutter")?;
    staff.browser.wait_for_text("Del 5 af 5")?;
    staff.reflect(["partly"; 3])?;
    guest.act(|browser| {
        // Nothing is kept at the guest's: they type the code again.
        browser.reload()?;
        show_code(browser, code)?;
        browser.wait_for_text(PLACE)?;
        guests::reflect(browser, ["yes", "partly", "yes"])
    })?;
    staff.browser.click_text("Læs sammen")?;
    staff.wait_for_words(HOW)?;
    staff.browser.wait_for_text("En gæst")?;
    young.browser.wait_for_text("Sådan var det for de voksne")?;
    young.browser.wait_for_text("En gæst")?;
    let both = "return document.querySelectorAll('main .card > .answer').length === 2";
    young.browser.wait_until("how it was for the two others", both).map(drop)
}

/// On paper, and as a file where there is a folder for it.
pub fn take_minutes(young: &Young) -> Result<()> {
    step("the minutes");
    let said: Vec<&str> = POINTS.into_iter().chain(ANSWERS.map(|(_, reason)| reason)).collect();
    let agreed: Vec<&str> = AGREED.iter().flat_map(|[what, who, _]| [*what, *who]).collect();
    young.browser.click_text("Referat")?;
    young.wait_for_paper("Referat: Mit Møde")?;
    let there = [&said[..], &agreed, &[PLACE, WHY, "Mormor", CONTACT, "20. december 2030"]].concat();
    young.check_paper(&there, &[STAYS, HOW])?;
    young.browser.click_css("input[name=reflections]")?;
    young.wait_for_paper(HOW)?;
    young.check_paper(&["Blev jeg hørt? Ja", "En gæst"], &[STAYS])?;
    if young.browser.engine.keeps_files() {
        young.browser.click_text("Gem som fil")?;
        let file = young.browser.wait_for_file()?;
        for text in there.iter().chain(&[HOW]) {
            ensure!(file.contains(text), "{text} is not in the file: {file}");
        }
    }
    young.browser.click_text("Tilbage")?;
    young.browser.wait_until("the page after the meeting", "return location.pathname === '/moede/efter'").map(drop)
}

/// Without a network the contact is written to that something came to nothing: it waits, is sent, and is read.
pub fn tell_that_it_came_to_nothing(world: &mut World, staff: &Staff, young: &Young) -> Result<()> {
    step("one agreement came to nothing");
    let [what, ..] = AGREED[1];
    world.proxy.down();
    young.say_outcome(what, "no")?;
    young.browser.click_text("Skriv til Sara Holm, at det ikke blev til noget")?;
    young.browser.wait_for_text("Skrevet til Sara Holm")?;
    young.tap("/beskeder")?;
    young.browser.wait_for_text("Det blev ikke til noget.")?;
    young.browser.wait_for_text("Venter på net")?;
    staff.go_to_list()?;
    world.proxy.up()?;
    young.notice_network()?;
    young.browser.wait_for_text("Sendt")?;
    staff.browser.wait_for_text("Ny besked")?;
    ensure!(!young.browser.text()?.contains("Læst af"), "a list is no reading");
    staff.browser.click_text("Beskeder")?;
    staff.browser.wait_for_text("Det blev ikke til noget.")?;
    staff.browser.wait_for_text(what)?;
    young.browser.wait_for_text("Læst af Sara Holm")
}

pub fn suggest(staff: &Staff, young: &Young) -> Result<()> {
    step("a suggestion is taken, and one declined");
    staff.go_to_list()?;
    staff.read()?;
    staff.browser.wait_for_text("Den unge siger, at det ikke blev til noget.")?;
    young.open_sheet(SECTION)?;
    for (text, press, outcome) in [(TAKEN, "Tag med", "Taget med"), (DECLINED, "Nej tak", "Nej tak")] {
        staff.suggest(STAYS, text)?;
        young.browser.wait_for_text(text)?;
        young.browser.click_text(press)?;
        young.browser.wait_until("no suggestion", "return !document.querySelector('.suggestion')")?;
        staff.wait_for_outcome(text, outcome)?;
    }
    young.wait_for_entries(&[STAYS, TAKEN, POINTS[0]])?;
    young.wait_for_saved()?;
    young.close_sheet()
}

/// The no comes while what the contact writes is on its way: that is refused, and nothing of it arrives.
pub fn say_no(world: &World, desk: &Proxy, staff: &Staff, young: &Young, contact: &mut Contact) -> Result<()> {
    step("a no in the middle of the contact's writing");
    let point = contact.find_point(POINTS[0])?;
    desk.disturb("/api/v1/staff/young-people/", Network::Hangs);
    staff.write_answer(&format!("Ret svaret: {}", POINTS[0]), "no", TOO_LATE)?;
    staff.browser.click_text("Send svaret")?;
    let written = |request: &Recorded| request.path.ends_with("/words") && request.holds(TOO_LATE);
    let written = desk.wait_for("what the contact writes", written)?;
    young.go_to_sharing()?;
    let no = young.say_no("Sara Holm")?;
    let told = world.proxy.wait_for("the no", |request| no.is_told_by(request))?;
    ensure!(process::wait(TIMEOUT, || Ok(told.is_answered()))?, "the server never answered the no");
    ensure!(!written.is_answered(), "what the contact writes was answered before the no");

    desk.calm();
    ensure!(process::wait(TIMEOUT, || Ok(written.is_answered()))?, "the server never answered the contact");
    staff.browser.wait_for_text("Den unge deler ikke med dig lige nu.")?;
    staff.browser.wait_for_no_sheet()?;
    let left = staff.words()?;
    ensure!(left.is_empty(), "the contact's screen shows {left:?} after the no");
    let refused = contact.answer(&point, "yes", TOO_LATE)?;
    ensure!(
        refused == Some(ErrorCode::NoConsent),
        "after the no the server says {refused:?} to what the contact writes"
    );

    // What was said before stays. With a yes again the rest would come, were it anywhere.
    young.say_yes(&contact.invite("Bo igen")?, &["meeting"])?;
    young.wait_until_sent()?;
    young.goto("/moede")?;
    for (_, reason) in ANSWERS {
        young.browser.wait_for_text(reason)?;
    }
    ensure!(!young.browser.text()?.contains(TOO_LATE), "what the contact wrote came after the no");
    Ok(())
}
