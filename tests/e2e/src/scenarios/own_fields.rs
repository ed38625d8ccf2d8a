//! Fields of one's own words, wherever they stand: left by going back, with a word longer than the screen, and by two people at once.

use anyhow::{Result, ensure};
use plan::{Editor, Entity, OpSet, Part, ReplicaId, Seen};
use serde_json::json;

use crate::driver::Engine;
use crate::webdriver::Element;
use crate::world::World;
use crate::young::{Young, calm};

const SECTION: &str = "/plan/y_selv";
const LONG: &str = "Angstforstyrrelsesmestringsstrategier";
const NAME: &str = "Hvad skal det hedde?";

pub fn play(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan")?;
    go_back(&young)?;
    look_elsewhere(&young)?;
    one_line(&young)?;
    two_names(&young)?;
    // Only Chromium can be as narrow as this.
    if engine == Engine::Chromium {
        long_words(&young)?;
    }
    calm(&young)?;
    young.browser.close()
}

/// The phone's own way back takes the field away with somebody in it. What stands in it is kept.
fn go_back(young: &Young) -> Result<()> {
    young.open_sheet(SECTION)?;
    back(young)?;

    young.open_sheet(SECTION)?;
    let field = young.browser.find("dialog .composer textarea")?;
    young.browser.click(&field)?;
    young.browser.type_into(&field, "Jeg går, før den er gemt")?;
    back(young)?;
    young.browser.wait_for_text("Jeg går, før den er gemt")?;

    young.open_sheet(SECTION)?;
    let field = find_name(young)?;
    replace(young, &field, "Sådan føles det")?;
    back(young)?;
    young.browser.wait_for_text("Sådan føles det")?;

    young.tap("/moede")?;
    let field = young.browser.find_field("Sted")?;
    young.browser.type_into(&field, "Det lille rum")?;
    young.browser.execute("history.back()", &[])?;
    young.browser.wait_until("the plan", "return location.pathname === '/plan'")?;
    young.tap("/moede")?;
    young.browser.wait_for_text("Det lille rum")?;
    calm(young)
}

fn back(young: &Young) -> Result<()> {
    young.browser.execute("history.back()", &[])?;
    young.browser.wait_until("the sheet to go", "return !document.querySelector('dialog')").map(drop)
}

/// Whoever looks at something else in the middle of a word and comes back goes on in that word.
fn look_elsewhere(young: &Young) -> Result<()> {
    young.goto("/plan/g_hver")?;
    young.wait_for_sheet()?;
    let field = young.browser.find("dialog .composer textarea")?;
    young.browser.click(&field)?;
    young.browser.type_into(&field, "Midt i en sætn")?;
    let here = young.browser.open_tab()?;
    young.browser.close_tab()?;
    young.browser.switch_to(&here)?;
    young.browser.type_into(&field, "ing")?;
    young.leave_field()?;
    young.wait_for_entries(&["Midt i en sætning"])?;
    young.close_sheet()
}

fn find_name(young: &Young) -> Result<Element> {
    young.browser.click_text("Navn og visning")?;
    let field = young.browser.find_field(NAME)?;
    young.browser.click(&field)?;
    Ok(field)
}

fn replace(young: &Young, field: &Element, text: &str) -> Result<()> {
    young.browser.execute("arguments[0].select()", &[field.to_json()])?;
    young.browser.keys(text)
}

/// A name has no second line: Enter does nothing, and what comes with line breaks loses them.
fn one_line(young: &Young) -> Result<()> {
    young.goto(SECTION)?;
    young.wait_for_sheet()?;
    let field = find_name(young)?;
    replace(young, &field, "Sådan\u{e007} har jeg det")?;
    let value = young.browser.execute("return arguments[0].value", &[field.to_json()])?;
    ensure!(value == "Sådan har jeg det", "the name is {value}");
    let paste = "document.execCommand('insertText', false, '\\n\\n  nu ')";
    young.browser.execute(paste, &[])?;
    young.leave_field()?;
    let shown = "return document.querySelector('dialog details textarea').value === 'Sådan har jeg det nu'";
    young.browser.wait_until("the name on one line", shown)?;
    let field = young.browser.find_field(NAME)?;
    young.browser.click(&field)?;
    replace(young, &field, "   ")?;
    young.leave_field()?;
    let shown = "return document.querySelector('dialog details textarea').value === 'Det mærker jeg selv'";
    young.browser.wait_until("the template's name again", shown)?;
    young.close_sheet()
}

/// Two have given a section a name, and neither saw the other's: both are there until the young person chooses.
fn two_names(young: &Young) -> Result<()> {
    const ON: &str = "g_tegn";
    let other = |replica: u64, name: &str| {
        let mut editor = Editor::new(ReplicaId(replica));
        editor.set_time(1_795_305_600_000);
        editor.begin_change();
        let on = Entity::section(Part::PlanGreen, ON);
        editor.set_text(&OpSet::new(), &Seen::nothing(on), "title", name).map_err(|why| anyhow::anyhow!("{why:?}"))
    };
    let both = [other(7, "Når jeg er glad")?, other(8, "Når jeg er mig")?].concat();
    young.take_back(&both)?;
    young.tap("/plan")?;
    young.open_sheet(&format!("/plan/{ON}"))?;
    young.browser.click_text("Navn og visning")?;
    young.browser.wait_for_text("Der er to udgaver")?;
    for name in ["Når jeg er glad", "Når jeg er mig"] {
        let stands = format!(
            "return [...document.querySelectorAll('.versions .own')].some((own) => own.innerText === {})",
            json!(name)
        );
        young.browser.wait_until(name, &stands)?;
    }
    young.browser.click_text("Behold den her")?;
    young.browser.wait_until("one name", "return !document.querySelector('.versions')")?;
    young.close_sheet()
}

/// Nothing is wider than the smallest screen.
fn long_words(young: &Young) -> Result<()> {
    let size = json!({ "width": 320, "height": 568, "deviceScaleFactor": 2, "mobile": true });
    young.browser.devtools("Emulation.setDeviceMetricsOverride", &size)?;
    young.write_all(SECTION, &[LONG])?;
    young.goto(SECTION)?;
    young.wait_for_sheet()?;
    fits(young, "the sheet")?;
    let field = find_name(young)?;
    replace(young, &field, LONG)?;
    young.leave_field()?;
    let heading = format!("return document.querySelector('dialog h2').innerText === {}", json!(LONG));
    young.browser.wait_until("the name in the heading", &heading)?;
    fits(young, "the sheet with the name")?;
    young.close_sheet()?;
    fits(young, "the plan")?;
    young.write_all("/plan/r_nu", &[LONG])?;
    young.write_all("/plan/r_tal", &[LONG])?;
    young.goto("/svaert")?;
    young.browser.wait_for_text(LONG)?;
    fits(young, "the hard-times page")
}

fn fits(young: &Young, what: &str) -> Result<()> {
    let script = "return [document.documentElement, ...document.querySelectorAll('dialog')]
        .map((it) => it.scrollWidth - it.clientWidth)";
    let over: Vec<i64> = serde_json::from_value(young.browser.execute(script, &[])?)?;
    ensure!(over.iter().all(|over| *over <= 0), "{what} is wider than the screen: {over:?}");
    Ok(())
}
