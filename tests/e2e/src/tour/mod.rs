//! Every screen of both apps, empty and full, one after the other, for whoever wants to look at them.

mod contact;
mod films;
mod missing;

use anyhow::Result;

use crate::browser::Browser;
use crate::content::CONTENT;
use crate::driver::Engine;
use crate::guests;
use crate::staff::Staff;
use crate::stand_in;
use crate::world::World;
use crate::young::{self, Age, Young};

/// Which app a screen belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum App {
    Young,
    Staff,
}

/// Looks at the screen that the browser shows; it may reload nothing.
pub type Look<'a> = dyn FnMut(&str, App, &Browser) -> Result<()> + 'a;

pub fn all(look: &mut Look) -> Result<()> {
    let mut world = World::new(Engine::Chromium)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    welcome(&young, look)?;
    for (name, path) in PAGES {
        visit(&young, &format!("empty-{name}"), path, look)?;
    }
    young.open_sheet("/plan/g_tegn")?;
    look("empty-sheet", App::Young, &young.browser)?;
    young.close_sheet()?;

    fill(&young)?;
    for (name, path) in PAGES {
        visit(&young, &format!("full-{name}"), path, look)?;
    }
    films::play(&young, look)?;
    missing::page(&world, look)?;
    sheets(&young, look)?;
    sharing(&mut world, &young, look)
}

/// The pages of the young person's app that an address alone leads to.
const PAGES: &[(&str, &str)] = &[
    ("plan", "/plan"),
    ("about", "/om-mig"),
    ("meeting", "/moede"),
    ("messages-none", "/beskeder"),
    ("share", "/del"),
    ("code", "/del/kode"),
    ("more", "/mere"),
    ("devices", "/mere/telefoner"),
    ("handout", "/mere/moedet"),
    ("hard", "/svaert"),
    ("missing", "/findes/ikke"),
];

fn visit(young: &Young, name: &str, path: &str, look: &mut Look) -> Result<()> {
    young.goto(path)?;
    young.browser.wait_until("the page's chunk", "return !document.querySelector('main .late')")?;
    look(name, App::Young, &young.browser)
}

fn welcome(young: &Young, look: &mut Look) -> Result<()> {
    visit(young, "welcome-0", "/", look)?;
    young.browser.click_text("Kom i gang")?;
    for step in 1..=3 {
        young.browser.wait_for_text(&format!("Spørgsmål {step} af 3"))?;
        look(&format!("welcome-{step}"), App::Young, &young.browser)?;
        young.browser.click_text("Spring over")?;
    }
    young.browser.wait_for_text("Når det går godt").map(drop)
}

/// Writes everything that a full plan has.
pub fn fill(young: &Young) -> Result<()> {
    young.goto("/plan")?;
    for (path, texts) in CONTENT {
        young.write_all(path, texts)?;
    }
    young.tap("/moede")?;
    young.set_field("input[name=date]", "2026-12-04")?;
    young.set_field("input[name=time]", "14:00")?;
    young.set_field(".when textarea", "Huset, det lille rum")?;
    young.open_sheet("/moede/m_hvem")?;
    young.invite_to_meeting("Mormor", "Familie")?;
    young.invite_to_meeting("Sara", "Min kontakt")?;
    young.close_sheet()?;
    young.browser.click_text("Jeg viser det på skærmen")?;
    young.browser.wait_for_text("Fortryd")
}

fn sheets(young: &Young, look: &mut Look) -> Result<()> {
    young.goto("/plan")?;
    young.open_sheet("/plan/r_nu")?;
    look("sheet-list", App::Young, &young.browser)?;
    let open = "for (const fold of document.querySelectorAll('dialog details')) fold.open = true;";
    young.browser.execute(open, &[])?;
    look("sheet-folds", App::Young, &young.browser)?;
    young.write("Noget, der blev slettet igen")?;
    young.press_at("Noget, der blev slettet igen", "Slet")?;
    young.browser.wait_for_text("Slettet")?;
    young.edit("Ring til mormor", "Skriv til mormor")?;
    young.browser.execute(open, &[])?;
    look("sheet-deleted-and-earlier", App::Young, &young.browser)?;
    young.edit("Skriv til mormor", "Ring til mormor")?;
    young.close_sheet()?;
    for (name, path) in [
        ("sheet-people", "/moede/m_hvem"),
        ("sheet-agenda", "/moede/m_dagsorden"),
        ("sheet-about", "/om-mig/navn"),
        ("sheet-statements", "/om-mig/udsagn"),
    ] {
        young.open_sheet(path)?;
        look(name, App::Young, &young.browser)?;
        young.close_sheet()?;
    }
    young.open_sheet("/moede/m_ikke")?;
    young.set_field("dialog .composer textarea", &"Det er meget langt. ".repeat(201))?;
    young.browser.wait_for_text("Slet lidt, så gemmer vi.")?;
    look("sheet-too-long", App::Young, &young.browser)?;
    young.close_sheet()?;
    young.browser.wait_for_text("Det her er ikke gemt endnu.")?;
    look("unfinished", App::Young, &young.browser)?;
    young.browser.click_text("Smid det væk")?;
    young.browser.click_text("Ja, smid det væk")?;
    young.browser.wait_until("the notice to go", "return !document.querySelector('.troubles textarea')")?;
    visit(young, "sheet-voice", "/moede/m_stemme", look)?;
    visit(young, "sheet-gone", "/plan/findes-ikke", look)
}

/// What a contact suggests beside an entry, from both sides.
fn suggestion(young: &Young, staff: &Staff, look: &mut Look) -> Result<()> {
    const TEXT: &str = "Tag din jakke på, og gå en tur om søen med mig";
    staff.browser.click_text("Foreslå: Ring til mormor")?;
    let field = staff.browser.find("dialog textarea")?;
    staff.browser.type_into(&field, TEXT)?;
    look("staff-suggestion", App::Staff, &staff.browser)?;
    staff.browser.click_text("Send forslaget")?;
    staff.browser.wait_for_text(TEXT)?;
    look("staff-review-suggested", App::Staff, &staff.browser)?;
    young.goto("/plan")?;
    young.open_sheet("/plan/r_nu")?;
    young.browser.wait_for_text(TEXT)?;
    look("sheet-suggestion", App::Young, &young.browser)?;
    young.browser.click_text("Ret og tag med")?;
    young.browser.wait_until("the field", "return document.querySelector('.suggestion textarea')")?;
    look("sheet-suggestion-changed", App::Young, &young.browser)?;
    young.browser.click_text("Tilbage")?;
    young.browser.click_text("Nej tak")?;
    young.wait_for_saved()?;
    young.close_sheet()?;
    staff.browser.wait_for_text("Nej tak")?;
    look("staff-review-declined", App::Staff, &staff.browser)
}

/// What both sides say about the meeting.
fn meeting(young: &Young, staff: &Staff, look: &mut Look) -> Result<()> {
    staff.browser.click_text("Foreslå dag og sted")?;
    staff.set_field("dialog input[name=date]", "2026-12-11")?;
    staff.set_field("dialog input[name=time]", "10:00")?;
    staff.set_field("dialog input[name=place]", "BUA, stuen")?;
    look("staff-proposal", App::Staff, &staff.browser)?;
    staff.browser.click_text("Send forslaget")?;
    staff.browser.wait_for_text("Den unge har ikke svaret endnu.")?;
    staff.browser.click_text("Foreslå, hvem der skal med")?;
    staff.browser.click_css("dialog input[name=actor][value=school]")?;
    look("staff-invitee", App::Staff, &staff.browser)?;
    staff.browser.click_text("Send forslaget")?;
    staff.browser.wait_for_no_sheet()?;
    staff.browser.click_text("Skriv en aftale")?;
    let field = staff.browser.find("dialog textarea")?;
    staff.browser.type_into(&field, "Vi ringer til din skole")?;
    staff.set_field("dialog input[name=who]", "Sara")?;
    staff.set_field("dialog input[name=due]", "2026-12-18")?;
    look("staff-agreement", App::Staff, &staff.browser)?;
    staff.browser.click_text("Gem aftalen")?;
    staff.wait_for_words("Vi ringer til din skole")?;
    staff.browser.click_text("Skriv, hvem der kom")?;
    staff.browser.click_css("dialog input[name=came][value=home]")?;
    look("staff-came", App::Staff, &staff.browser)?;
    staff.browser.click_text("Gem, hvem der kom")?;
    staff.browser.find_text("Bostedet")?;
    staff.browser.click_text("Svar på tre spørgsmål")?;
    for question in ["heard", "safe", "informed"] {
        staff.browser.click_css(&format!("dialog input[name={question}][value=yes]"))?;
    }
    look("staff-reflection", App::Staff, &staff.browser)?;
    staff.browser.click_text("Send")?;
    staff.browser.find_text("Ret dine svar")?;
    look("staff-review-meeting", App::Staff, &staff.browser)?;
    contact::held(staff, look)?;
    young.goto("/moede")?;
    young.browser.wait_for_text("foreslår")?;
    look("meeting-proposal", App::Young, &young.browser)?;
    young.browser.click_text("Godt at vide")?;
    look("meeting-expect", App::Young, &young.browser)?;
    young.browser.click_text("Hvem begynder?")?;
    young.browser.find_text("Jeg begynder selv")?;
    look("meeting-steps", App::Young, &young.browser)?;
    young.goto("/moede/efter")?;
    young.tap("/moede/efter:m_aftaler")?;
    young.wait_for_sheet()?;
    young.write("Jeg ringer til mor")?;
    young.wait_for_saved()?;
    look("sheet-agreements", App::Young, &young.browser)?;
    young.close_sheet()?;
    young.browser.wait_for_text("Sådan var det for de voksne")?;
    young.browser.click_css("input[name=heard][value=yes]")?;
    look("meeting-after", App::Young, &young.browser)?;
    papers(young, look)?;
    for (name, path, text) in [
        ("meeting-during", "/moede/under", "Vi starter"),
        ("meeting-during-points", "/moede/under-3", "Punkt 1 af"),
        ("meeting-during-agreements", "/moede/under-4", "Jeg ringer til mor"),
    ] {
        young.goto(path)?;
        young.browser.wait_for_text(text)?;
        look(name, App::Young, &young.browser)?;
    }
    young.browser.click_text("Pause")?;
    young.browser.wait_for_text("Nu holder vi pause.")?;
    look("meeting-pause", App::Young, &young.browser)?;
    young.browser.click_text("Vi går videre")?;
    young.goto("/moede")?;
    young.browser.click_text("Lav et møde mere")?;
    young.browser.click_text("Hurtigt møde")?;
    young.browser.wait_for_text("Slet det her møde")?;
    look("meeting-quick", App::Young, &young.browser)
}

/// What of a meeting can be printed.
fn papers(young: &Young, look: &mut Look) -> Result<()> {
    young.goto("/moede/dagsorden")?;
    young.browser.click_css("input[name=unspoken]")?;
    young.browser.wait_for_text("Det, der skete i april")?;
    look("meeting-agenda", App::Young, &young.browser)?;
    young.goto("/moede/referat")?;
    young.browser.click_css("input[name=reflections]")?;
    young.browser.wait_for_text("Blev jeg hørt?")?;
    look("meeting-minutes", App::Young, &young.browser)?;
    young.browser.click_text("Dem, de voksne bruger i deres planer")?;
    young.browser.wait_for_text("Deltagere")?;
    look("meeting-minutes-ordinary", App::Young, &young.browser)
}

fn sharing(world: &mut World, young: &Young, look: &mut Look) -> Result<()> {
    let staff = Staff::new(world.open_as("staff")?, &world.proxy.origin());
    staff.goto("/personale/")?;
    look("staff-sign-in", App::Staff, &staff.browser)?;
    staff.sign_in(&world.server.trial)?;
    look("staff-empty", App::Staff, &staff.browser)?;
    staff.browser.click_text("Om mig")?;
    for (name, text) in [("about", "Jeg er den, der laver pandekager."), ("hours", "Hverdage mellem 8 og 15")] {
        let field = staff.browser.find(&format!("textarea[name={name}]"))?;
        staff.browser.type_into(&field, text)?;
    }
    staff.browser.click_text("Gem")?;
    staff.browser.wait_for_text("Det er gemt.")?;
    look("staff-profile", App::Staff, &staff.browser)?;
    staff.go_to_list()?;
    contact::guides(&staff, look)?;
    let code = staff.invite("Bo, værelse 4")?;
    look("staff-invitation", App::Staff, &staff.browser)?;
    staff.go_to_list()?;
    look("staff-list-invited", App::Staff, &staff.browser)?;

    young.enter_code("0000000000")?;
    young.browser.wait_for_text("Den kode kender vi ikke")?;
    look("code-wrong", App::Young, &young.browser)?;
    young.enter_code(&code)?;
    young.browser.wait_for_text("Sara Holm")?;
    look("consent-asked", App::Young, &young.browser)?;
    young.tick(&["about", "red", "meeting", "messages", "stand-in"], Age::Thirteen)?;
    young.browser.wait_for_text("en af dem, der har ansvar for dig")?;
    look("consent-ticked", App::Young, &young.browser)?;
    young.browser.click_text("Ja, del det")?;
    young.browser.wait_for_text("Du har sagt ja")?;
    look("consent-given", App::Young, &young.browser)?;
    visit(young, "share-waiting", "/del", look)?;

    staff.browser.wait_for_text("Venter på forældremyndighedsindehaveren")?;
    look("staff-custody", App::Staff, &staff.browser)?;
    staff.record_custody("Mor, Anne")?;
    young.wait_until_sent()?;
    staff.browser.wait_for_text("Der er noget nyt")?;
    look("staff-list", App::Staff, &staff.browser)?;
    staff.browser.click_css(".young .course > summary")?;
    staff.browser.wait_for_text("Ikke endnu")?;
    look("staff-list-course", App::Staff, &staff.browser)?;
    staff.browser.click_text("Når det er svært")?;
    staff.browser.wait_for_text("Ring til mormor")?;
    look("staff-hard", App::Staff, &staff.browser)?;
    staff.go_to_list()?;
    staff.read()?;
    staff.wait_for_words("Kald mig Bo")?;
    look("staff-review", App::Staff, &staff.browser)?;
    contact::copies(&staff, look)?;
    staff.begin_answer("later", "Vi finder en dag sammen, når vi har talt med din mor.")?;
    look("staff-answer", App::Staff, &staff.browser)?;
    staff.browser.click_text("Send svaret")?;
    staff.browser.find_text("Ret svaret")?;
    look("staff-review-answered", App::Staff, &staff.browser)?;
    young.goto("/moede")?;
    young.browser.wait_for_text("Vi finder en dag sammen")?;
    look("meeting-answered", App::Young, &young.browser)?;
    young.open_sheet("/moede/m_dagsorden")?;
    young.browser.wait_for_text("Fjern svaret")?;
    look("sheet-agenda-answered", App::Young, &young.browser)?;
    young.close_sheet()?;
    suggestion(young, &staff, look)?;
    meeting(young, &staff, look)?;
    guests(world, young, look)?;

    messages(young, &staff, look)?;
    stand_in(world, young, &staff, look)?;
    staff.read()?;

    young.goto("/del")?;
    young.browser.wait_for_text("Sara Holm · Bostedet Lindely")?;
    young.browser.wait_for_text("Sara Holm har gemt en kopi som tekst")?;
    look("share-active", App::Young, &young.browser)?;
    young.browser.click_text("Sara om sig selv")?;
    look("share-about", App::Young, &young.browser)?;
    young.browser.click_text("Ret eller sig nej")?;
    young.browser.wait_for_text("Tag dit ja tilbage")?;
    look("consent-change", App::Young, &young.browser)?;
    let second = young.add_phone(world)?;
    look("devices-code", App::Young, &young.browser)?;
    look("device-added", App::Young, &second.browser)?;
    second.goto("/plan")?;
    second.browser.wait_for_text("Ring til mormor")?;
    let both = [(young, "Ring til mormor om aftenen"), (&second, "Skriv til mormor")];
    young::edit_apart(world, both, "/plan/r_nu", "Ring til mormor")?;
    look("sheet-two-versions", App::Young, &young.browser)?;
    second.browser.close()?;

    young.goto("/del")?;
    young.browser.click_text("Ret eller sig nej")?;
    young.browser.click_text("Jeg siger nej nu")?;
    young.browser.wait_for_text("Slet det, der er sendt")?;
    look("share-withdrawn", App::Young, &young.browser)?;
    young.browser.click_text("Slet det, der er sendt")?;
    young.browser.wait_for_text("Det, du har skrevet, er slettet hos os.")?;
    look("share-erased", App::Young, &young.browser)?;
    young.goto("/beskeder")?;
    young.browser.wait_for_text("Tidligere beskeder")?;
    look("messages-former", App::Young, &young.browser)?;
    young.browser.click_text("Sara Holm, Bostedet Lindely")?;
    young.browser.wait_for_text("kan ikke skrive sammen nu.")?;
    look("messages-over", App::Young, &young.browser)?;
    staff.browser.wait_for_text("Den unge deler ikke med dig lige nu.")?;
    look("staff-review-denied", App::Staff, &staff.browser)?;
    staff.go_to_list()?;
    look("staff-list-withdrawn", App::Staff, &staff.browser)
}

/// A link for a guest, and what they see.
fn guests(world: &World, young: &Young, look: &mut Look) -> Result<()> {
    young.goto("/moede")?;
    young.browser.click_text("Lav et link")?;
    look("meeting-guest-kinds", App::Young, &young.browser)?;
    young.browser.click_text("En fra skolen")?;
    let [link, code] = guests::made_link(young)?;
    look("meeting-guest-link", App::Young, &young.browser)?;
    let guest = world.open_other("guest")?;
    guest.goto(&link)?;
    guest.find_text("Vis dagsordenen")?;
    look("guest-door", App::Staff, &guest)?;
    guests::show_code(&guest, &code)?;
    guest.wait_for_text("Det skal vi tale om")?;
    look("guest-agenda", App::Staff, &guest)?;
    guest.close()
}

/// What is written between the two of them.
fn messages(young: &Young, staff: &Staff, look: &mut Look) -> Result<()> {
    visit(young, "messages-first", "/beskeder", look)?;
    young.set_field(".message-composer textarea", "Kan vi tale sammen i morgen? Jeg sover ikke så godt.")?;
    young.browser.click_text("Send")?;
    young.browser.wait_for_text("Sendt")?;
    young.browser.click_text("Tag noget med fra din plan")?;
    look("messages-quotes", App::Young, &young.browser)?;
    young.browser.click_text("Tag noget med fra din plan")?;
    staff.go_to_list()?;
    staff.browser.wait_for_text("Ny besked")?;
    look("staff-list-message", App::Staff, &staff.browser)?;
    staff.browser.click_text("Beskeder")?;
    staff.browser.wait_for_text("Kan vi tale sammen i morgen?")?;
    look("staff-messages", App::Staff, &staff.browser)?;
    staff.browser.click_text("Skriv en besked")?;
    let field = staff.browser.find("dialog textarea")?;
    staff.browser.type_into(&field, "Ja. Jeg er der fra klokken ni, og så går vi en tur.")?;
    look("staff-reply", App::Staff, &staff.browser)?;
    staff.browser.click_css("dialog .button.primary")?;
    young.browser.wait_for_text("Jeg er der fra klokken ni")?;
    look("messages", App::Young, &young.browser)
}

/// The contact is away for a while.
fn stand_in(world: &World, young: &Young, staff: &Staff, look: &mut Look) -> Result<()> {
    // Less is agreed to already; more waits for the custody holder again.
    young.goto("/del")?;
    young.browser.click_text("Ret eller sig nej")?;
    young.browser.click_css(stand_in::TICK)?;
    young.browser.click_text("Gem det, jeg har valgt")?;
    stand_in::name(staff)?;
    look("staff-profile-stand-in", App::Staff, &staff.browser)?;
    young.goto("/beskeder")?;
    young.browser.wait_for_text("Vælg, om Mette Lund må læse med")?;
    look("messages-away", App::Young, &young.browser)?;
    young.browser.click_text("Vælg, om Mette Lund må læse med")?;
    young.browser.click_css(stand_in::TICK)?;
    young.browser.wait_for_text("Viser du mere")?;
    look("consent-more", App::Young, &young.browser)?;
    young.browser.click_text("Gem det, jeg har valgt")?;
    staff.go_to_list()?;
    staff.record_custody("Mor, Anne")?;
    young.goto("/beskeder")?;
    young.browser.wait_for_text("Mette Lund læser og svarer imens.")?;
    look("messages-stand-in", App::Young, &young.browser)?;
    let trial = &world.server.trial;
    staff.sign_out()?;
    staff.sign_in_as(&trial.colleague_login, &trial.colleague_password)?;
    staff.browser.wait_for_text("Du er vikar")?;
    look("staff-list-stand-in", App::Staff, &staff.browser)?;
    staff.browser.click_text("Beskeder")?;
    staff.browser.wait_for_text("Kan vi tale sammen i morgen?")?;
    look("staff-messages-stand-in", App::Staff, &staff.browser)?;
    staff.sign_out()?;
    staff.sign_in(trial)
}
