//! Another language, chosen on the first screen, under Mere and in the staff app: at once, without loading anything again, and what
//! is being written stays.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::browser::Browser;
use crate::driver::Engine;
use crate::shots::set_language;
use crate::staff::Staff;
use crate::world::World;
use crate::young::Young;

/// What a section is called in a test.
const OWN_NAME: &str = "Når alt larmer";

pub fn play(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    first_screen(&young)?;
    plan(&young)?;
    two_tabs(&young)?;
    young.browser.close()?;
    staff(&mut world)
}

/// Marks the page, so that it is known whether it was loaded again.
fn mark(browser: &Browser) -> Result<()> {
    browser.execute("window.stays = true", &[]).map(drop)
}

fn check(browser: &Browser, language: &str) -> Result<()> {
    let said = browser.execute("return document.documentElement.lang", &[])?;
    ensure!(said == language, "the page says that it is in {said}, not {language}");
    let stays = browser.execute("return window.stays === true", &[])?;
    ensure!(stays == true, "the page was loaded again");
    Ok(())
}

fn first_screen(young: &Young) -> Result<()> {
    young.goto("/")?;
    young.browser.wait_for_text("Kom i gang")?;
    mark(&young.browser)?;
    check(&young.browser, "da")?;
    young.browser.click_text("English")?;
    young.browser.wait_for_text("Get started")?;
    check(&young.browser, "en")?;
    let focus = young.browser.execute("return document.activeElement.innerText.trim()", &[])?;
    ensure!(focus == "Dansk", "the focus is on {focus}");
    young.browser.click_text("Dansk")?;
    young.browser.wait_for_text("Kom i gang")?;
    young.browser.click_text("English")?;
    young.browser.click_text("Get started")?;
    young.browser.wait_for_text("Question 1 of 3")?;
    check(&young.browser, "en")?;
    for _ in 0..3 {
        young.browser.click_text("Skip")?;
    }
    young.browser.wait_for_text("When things are good")
}

/// The template is in the language, own words stay what they are, and the choice holds when the app is opened again.
fn plan(young: &Young) -> Result<()> {
    young.goto("/plan/r_nu")?;
    young.browser.wait_for_text("Do this now")?;
    young.browser.wait_for_text("Put on headphones")?;
    young.browser.click_text("Done")?;
    young.tap("/mere")?;
    mark(&young.browser)?;
    young.browser.wait_for_text("Language")?;
    young.browser.click_text("Dansk")?;
    young.browser.wait_for_text("Hvor ligger det?")?;
    check(&young.browser, "da")?;
    young.tap("/plan")?;
    young.browser.wait_for_text("Gør det her nu")?;
    young.write_all("/plan/r_nu", &["Gå en tur", "Go for a walk"])?;
    young.browser.wait_for_text("Go for a walk")?;
    check_lang_of_own_words(&young.browser, &["Gå en tur", "Go for a walk"])?;
    young.open_sheet("/plan/r_nu")?;
    young.browser.click_text("Navn og visning")?;
    young.set_field("dialog .fold textarea", OWN_NAME)?;
    young.leave_field()?;
    young.browser.wait_until(
        "the section's name",
        &format!("return document.querySelector('h2[lang]')?.innerText === '{OWN_NAME}'"),
    )?;
    check_lang_of_own_words(&young.browser, &[OWN_NAME, "Gå en tur"])?;
    young.close_sheet()?;
    check_lang_of_own_words(&young.browser, &[OWN_NAME, "Gå en tur"])?;
    young.goto("/svaert")?;
    young.browser.wait_for_text("Gå en tur")?;
    check_lang_of_own_words(&young.browser, &["Gå en tur", "Go for a walk"])?;
    young.goto("/plan/r_nu")?;
    young.browser.click_text("Navn og visning")?;
    young.set_field("dialog .fold textarea", "")?;
    young.leave_field()?;
    young.close_sheet()
}

/// What a young person has written is in whatever language they write, and no reading voice is told another one. Their words
/// stand where they are read, and where they are written.
fn check_lang_of_own_words(browser: &Browser, words: &[&str]) -> Result<()> {
    let script = "const own = arguments[0], found = [];
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
            if (own.includes(walk.currentNode.data.trim())) found.push(walk.currentNode.parentElement);
        }
        found.push(...document.querySelectorAll('textarea'));
        return [found.length, found.map((it) => it.closest('[lang]').getAttribute('lang'))];";
    let (count, languages): (usize, Vec<String>) = serde_json::from_value(browser.execute(script, &[json!(words)])?)?;
    ensure!(count >= words.len() && languages.iter().all(String::is_empty), "own words are in {languages:?}");
    Ok(())
}

/// It may be chosen in another tab while something is being written in this one: the field keeps its words and goes on.
fn two_tabs(young: &Young) -> Result<()> {
    young.open_sheet("/plan/g_tegn")?;
    let field = young.browser.find("dialog .composer textarea")?;
    young.browser.type_into(&field, "Midt i en sætn")?;
    mark(&young.browser)?;
    // As the browser tells it of another tab. Going there would take the focus from the field.
    set_language(&young.browser, "en")?;
    young.browser.wait_for_text("How I am when I am well")?;
    check(&young.browser, "en")?;
    let typed = young.browser.execute("return document.activeElement.value", &[])?;
    ensure!(typed == "Midt i en sætn", "the field has {typed}");
    young.browser.type_into(&field, "ing")?;
    young.browser.click_text("Done")?;
    young.browser.wait_for_text("Midt i en sætning")?;

    // A section's name is a field like any other.
    young.open_sheet("/plan/g_tegn")?;
    young.browser.click_text("Name and view")?;
    let field = young.browser.find_field("What should it be called?")?;
    young.browser.clear(&field)?;
    young.browser.type_into(&field, "Sådan ser jeg u")?;
    set_language(&young.browser, "da")?;
    young.browser.wait_for_text("Navn og visning")?;
    young.browser.type_into(&field, "d, når jeg er glad")?;
    set_language(&young.browser, "en")?;
    young.browser.click_text("Done")?;
    young.browser.wait_for_text("Sådan ser jeg ud, når jeg er glad")?;

    let first = young.browser.open_tab()?;
    young.goto("/mere")?;
    young.browser.click_text("Dansk")?;
    young.browser.wait_for_text("Gem en kopi")?;
    young.browser.switch_to(&first)?;
    young.browser.wait_for_text("Når det går godt")?;
    check(&young.browser, "da")?;
    young.browser.reload()?;
    young.browser.wait_for_text("Når det går godt")
}

fn staff(world: &mut World) -> Result<()> {
    let staff = Staff::new(world.open_as("staff")?, &world.proxy.origin());
    staff.sign_in(&world.server.trial)?;
    staff.browser.click_text("Inviter en ung")?;
    let field = staff.browser.find("input[name=label]")?;
    staff.browser.type_into(&field, "Bo, værelse 4")?;
    mark(&staff.browser)?;
    staff.browser.click_text("English")?;
    staff.browser.wait_for_text("Make the invitation")?;
    check(&staff.browser, "en")?;
    let typed = staff.browser.execute("return document.querySelector('input[name=label]').value", &[])?;
    ensure!(typed == "Bo, værelse 4", "the field has {typed}");
    staff.browser.click_text("Make the invitation")?;
    staff.browser.wait_for_text("Your code for Min Plan")?;
    let title = staff.browser.execute("return document.title", &[])?;
    ensure!(title == "Min Plan for staff", "the page is called {title}");
    staff.browser.click_text("Dansk")?;
    staff.browser.wait_for_text("Din kode til Min Plan")?;
    staff.go_to_list()?;
    review(world, &staff)?;
    staff.browser.close()
}

/// What a young person has written is read under headings in the language of the contact.
fn review(world: &mut World, staff: &Staff) -> Result<()> {
    let young = Young::new(world.open_as("sharing")?, &world.proxy.origin());
    young.goto("/")?;
    young.answer_welcome(["", "", ""])?;
    young.write_all("/plan/r_nu", &["Gå en tur"])?;
    let code = staff.invite("Kim, værelse 2")?;
    young.say_yes(&code, &["red"])?;
    staff.go_to_list()?;
    staff.read()?;
    staff.wait_for_words("Gå en tur")?;
    staff.browser.wait_for_text("Gør det her nu")?;
    staff.browser.click_text("English")?;
    staff.browser.wait_for_text("Do this now")?;
    staff.wait_for_words("Gå en tur")?;
    young.browser.close()
}
