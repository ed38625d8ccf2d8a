//! Steps 1 to 4: everything the young person does before anybody else is there, without a network.

use anyhow::{Result, ensure};

use crate::scenarios::step;
use crate::world::World;
use crate::young::{SAVED, Young, wait_for_worker};

/// Words that were written and must not have left the phone before the yes.
pub const WORDS: &[&str] = &[
    "min hund Buster",
    "Mormor 12 34 56 78",
    "Griner højt",
    "Synger i badet",
    "Cykler hele vejen",
    "Flyttet bagefter",
    "Koldt vand på hænderne",
    "Kald mig Bo",
    "Jeg er mere end mine papirer",
    "Ny skole",
    "Lommepenge",
    "Det lille rum",
    "Det i april",
];

/// Pages, an action that the hard-times page shows, and everything by deep link.
const ROUTES: &[(&str, &str)] = &[
    ("/", "Min Plan"),
    ("/plan", "Min Plan"),
    ("/plan/r_nu", "Gør det her nu"),
    ("/om-mig", "Om mig"),
    ("/om-mig/navn", "Det vil jeg gerne kaldes"),
    ("/moede", "Mit Møde"),
    ("/moede/m_dagsorden", "Det vil jeg tale om"),
    ("/beskeder", "Beskeder"),
    ("/del", "Del"),
    ("/del/kode", "Jeg har en kode"),
    ("/mere", "Mere"),
    ("/mere/telefoner", "Mine telefoner"),
    ("/mere/moedet", "Det er dit møde."),
    ("/film", "Vi kan ikke hente filmene lige nu."),
    ("/film/hvad-er-mit-moede", "Alle film"),
    ("/svaert", "Lige nu"),
];
const ACTION: &str = "Koldt vand på hænderne";

pub fn write_without_network(world: &mut World) -> Result<Young> {
    step("1. first load, then the network goes away");
    let mut young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/")?;
    wait_for_worker(&young.browser)?;
    world.go_offline()?;
    young.browser.reload()?;
    young.browser.wait_for_text("Kom i gang")?;

    step("2. three questions, one of them skipped");
    young.answer_welcome(["min hund Buster", "", "Mormor 12 34 56 78"])?;
    young.open_sheet("/om-mig/vigtigt")?;
    young.wait_for_entries(&["min hund Buster"])?;
    young.close_sheet()?;
    young.open_sheet("/plan/r_tal")?;
    young.wait_for_entries(&["Mormor 12 34 56 78"])?;
    young.close_sheet()?;
    young.open_sheet("/plan/y_gor")?;
    ensure!(young.entries()?.is_empty(), "the question that was skipped has an answer");
    young.close_sheet()?;

    step("3. Min Plan, Om mig, Mit Møde");
    plan(&young)?;
    about(&young)?;
    meeting(&young)?;
    hard_from_everywhere(&young)?;

    step("3. everything is still there");
    young.goto("/plan")?;
    young.browser.reload()?;
    check(&young)?;
    if world.engine.keeps_its_profile() {
        young.browser.close()?;
        young = Young::new(world.open()?, &world.proxy.origin());
        young.goto("/")?;
        check(&young)?;
    }
    for (path, heading) in ROUTES {
        young.goto(path)?;
        young.browser.wait_for_text(heading)?;
    }
    step(&format!("3. {} routes by deep link, offline", ROUTES.len()));
    Ok(young)
}

fn plan(young: &Young) -> Result<()> {
    young.open_sheet("/plan/g_tegn")?;
    young.write("Griner højt")?;
    young.write("Synger i badet")?;
    young.write("Cykler til skole")?;
    young.wait_for_saved()?;
    young.edit("Cykler til skole", "Cykler hele vejen")?;
    young.press_at("Cykler hele vejen", "Flyt op")?;
    young.wait_for_entries(&["Griner højt", "Cykler hele vejen", "Synger i badet"])?;
    young.browser.click_text("Fortryd")?;
    young.wait_for_entries(&["Griner højt", "Synger i badet", "Cykler hele vejen"])?;
    young.press_at("Synger i badet", "Slet")?;
    young.wait_for_entries(&["Griner højt", "Cykler hele vejen"])?;
    young.browser.click_text("Fortryd")?;
    young.wait_for_entries(&["Griner højt", "Synger i badet", "Cykler hele vejen"])?;
    young.press_at("Synger i badet", "Slet")?;
    young.wait_for_entries(&["Griner højt", "Cykler hele vejen"])?;
    young.wait_for_saved()?;
    young.close_sheet()?;

    young.write_all("/plan/r_nu", &[ACTION])?;
    young.write_all("/plan/a_bagefter", &["Flyttet bagefter"])?;

    // A section gets another name, another one is hidden, and one is added.
    young.open_sheet("/plan/y_selv")?;
    young.browser.click_text("Navn og visning")?;
    young.set_field("dialog details textarea", "Sådan føles det")?;
    young.browser.wait_for_text("Sådan føles det")?;
    young.close_sheet()?;
    young.hide_section("/plan/y_sted")?;
    young.set_field("#add-green", "Mine sange")?;
    young.browser.execute("document.querySelector('#add-green').form.requestSubmit()", &[])?;
    young.browser.wait_for_text("Mine sange").map(drop)
}

fn about(young: &Young) -> Result<()> {
    young.write_all("/om-mig/navn", &["Kald mig Bo"])?;
    young.write_all("/om-mig/udsagn", &["Jeg er mere end mine papirer"])
}

fn meeting(young: &Young) -> Result<()> {
    young.tap("/moede")?;
    young.set_field("input[name=date]", "2026-12-04")?;
    young.browser.wait_for_text("Fredag 4. december")?;
    young.set_field("input[name=time]", "14:00")?;
    young.set_field(".when textarea", "Det lille rum")?;
    young.browser.wait_for_text("kl. 14.00")?;
    young.write_all("/moede/m_hvorfor", &["Ny skole"])?;
    young.open_sheet("/moede/m_hvem")?;
    young.invite_to_meeting("Mormor", "Familie")?;
    young.invite_to_meeting("Sara", "Min kontakt")?;
    young.close_sheet()?;

    young.open_sheet("/moede/m_dagsorden")?;
    for point in ["Ny skole", "Min medicin", "Lommepenge", "Besøg", "Ferie"] {
        young.write(point)?;
    }
    young.browser.wait_for_text("Der er plads til fem punkter.")?;
    ensure!(!young.browser.has("dialog .composer textarea")?, "a sixth point can be written");
    young.press_at("Lommepenge", "Flyt op")?;
    young.wait_for_entries(&["Ny skole", "Lommepenge", "Min medicin", "Besøg", "Ferie"])?;
    young.close_sheet()?;
    young.write_all("/moede/m_ikke", &["Det i april"])?;
    young.browser.click_text("Jeg viser det på skærmen")?;
    let screen = "return document.querySelector('input[name=voice][value=screen]')?.checked";
    young.browser.wait_until("the voice", screen)?;
    // The same question over the page takes nothing from it.
    young.goto("/moede/m_stemme")?;
    young.browser.wait_until("the voice in the sheet", "return document.querySelector('dialog input:checked')")?;
    young.close_sheet()?;
    young.browser.wait_until("the voice under it", screen).map(drop)
}

/// From each page one tap leads to something to do.
fn hard_from_everywhere(young: &Young) -> Result<()> {
    for path in ["/plan", "/om-mig", "/moede", "/beskeder", "/mere"] {
        if !young.browser.has("nav.bar")? {
            young.browser.click_text("Skjul")?;
        }
        young.tap(path)?;
        young.check_hard_page(path, ACTION)?;
    }
    young.browser.wait_for_text("Ring 12345678").map(drop)
}

/// All that was written, after a new start.
fn check(young: &Young) -> Result<()> {
    for text in ["Griner højt", "Cykler hele vejen", ACTION, "Flyttet bagefter", "Mormor 12 34 56 78"] {
        young.browser.wait_for_text(text)?;
    }
    ensure!(!young.browser.text()?.contains(SAVED), "saved is said before anything was written");
    young.browser.execute("for (const fold of document.querySelectorAll('details')) fold.open = true;", &[])?;
    for text in ["Mine sange", "Sådan føles det", "Vis igen"] {
        young.browser.wait_for_text(text)?;
    }
    young.open_sheet("/plan/g_tegn")?;
    young.wait_for_entries(&["Griner højt", "Cykler hele vejen"])?;
    young.close_sheet()?;
    young.tap("/om-mig")?;
    for text in ["min hund Buster", "Kald mig Bo", "Jeg er mere end mine papirer"] {
        young.browser.wait_for_text(text)?;
    }
    young.tap("/moede")?;
    for text in ["Fredag 4. december kl. 14.00", "Det lille rum", "Lommepenge", "Det i april", "Familie"] {
        young.browser.wait_for_text(text)?;
    }
    let voice = "return document.querySelector('input[name=voice][value=screen]')?.checked";
    young.browser.wait_until("the voice", voice).map(drop)
}
