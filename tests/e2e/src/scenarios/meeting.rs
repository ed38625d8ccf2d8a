//! A meeting from both sides: a day that is proposed and taken, what was agreed and what came of it, how it was for each; also
//! while the phone has no network. And a meeting more.

use anyhow::{Result, ensure};

use super::both::sharing;
use crate::driver::Engine;
use crate::proxy::Network;
use crate::staff::Staff;
use crate::world::World;
use crate::young::{Young, wait_for_worker};

const POINT: &str = "Jeg vil hjem i weekenden";
const THEIRS: &str = "Vi ringer til din skole";
const OWN: &str = "Jeg ringer til mor";
const HOW: &str = "Jeg fik sagt det hele";

pub fn play(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    let (staff, young) = sharing(&world, &world.server.origin(), &world.proxy.origin(), &[POINT])?;
    young.goto("/moede")?;
    staff.read()?;
    staff.wait_for_words(POINT)?;
    propose_and_take(&staff, &young)?;
    agree(&staff, &young)?;
    hold_beside(&staff, &young)?;
    say_what_came_of_it(&mut world, &staff, &young)?;
    tell_how_it_was(&staff, &young)?;
    hold_another(&staff, &young)?;
    young.browser.close()?;
    staff.browser.close()
}

/// The contact proposes a day, and the young person takes it: then it is theirs.
fn propose_and_take(staff: &Staff, young: &Young) -> Result<()> {
    staff.browser.click_text("Foreslå dag og sted")?;
    staff.browser.click_text("Send forslaget")?;
    staff.browser.wait_for_text("Vælg en dag.")?;
    staff.browser.click_text("Luk")?;
    staff.propose("2030-12-06", "14:30", "Det gule rum")?;
    young.browser.wait_for_text("Sara Holm, Bostedet Lindely foreslår")?;
    let when = young.browser.execute("return document.querySelector('main .card h2').innerText.trim()", &[])?;
    ensure!(when == "Hvornår er mødet?", "a day that was proposed is the meeting's already: {when}");
    young.take_proposal()?;
    let taken =
        "return document.querySelector('main .card h2').innerText.trim() === 'Fredag 6.\u{a0}december kl.\u{a0}14.30'";
    young.browser.wait_until("the day that was taken", taken)?;
    staff.browser.wait_for_text("Den unge har sagt ja tak.")?;
    staff.wait_for_words("fredag 6. december")
}

/// Each side writes down what was agreed, and both read who did.
fn agree(staff: &Staff, young: &Young) -> Result<()> {
    young.browser.click_text("Efter")?;
    young.browser.wait_for_text("Ingen har svaret endnu.")?;
    staff.agree([THEIRS, "Sara", "2030-12-20"])?;
    for text in [THEIRS, "Senest fredag 20. december", "Sara Holm, Bostedet Lindely"] {
        young.browser.wait_for_text(text)?;
    }
    young.agree("/moede/efter", [OWN, "", "2030-12-08"])?;
    young.browser.wait_for_text("Senest søndag 8. december")?;
    staff.wait_for_words(OWN)?;
    // Written again, it is the same agreement.
    staff.browser.click_text(&format!("Ret aftalen: {THEIRS}"))?;
    staff.set_field("dialog input[name=who]", "Jonas")?;
    staff.browser.click_text("Gem aftalen")?;
    young.browser.wait_for_text("Jonas")?;
    let count =
        young.browser.execute("return document.querySelectorAll('input[value=partly][name^=outcome]').length", &[])?;
    ensure!(count == 2, "there are {count} agreements");
    Ok(())
}

/// The contact's side of the meeting: the same five parts, and beside a point what is agreed.
fn hold_beside(staff: &Staff, young: &Young) -> Result<()> {
    const DURING: &str = "Sara taler med skolen";
    staff.browser.click_text("Under mødet")?;
    staff.browser.wait_for_text("Del 1 af 5")?;
    staff.browser.wait_for_text("Det gule rum")?;
    staff.browser.click_text("Videre")?;
    staff.browser.wait_for_text("Del 2 af 5")?;
    staff.browser.click_text("Den unges punkter")?;
    staff.browser.wait_for_text("Del 3 af 5")?;
    for text in [POINT, THEIRS] {
        staff.browser.wait_for_text(text)?;
    }
    staff.begin_answer("yes", "Det gør vi.")?;
    staff.send_answer()?;
    young.browser.wait_for_text("Det gør vi.")?;
    staff.agree([DURING, "", ""])?;
    young.browser.wait_for_text(DURING)?;
    ensure!(staff.browser.text()?.contains("Del 3 af 5"), "an agreement leads to another part");
    staff.browser.click_text("Vi slutter")?;
    staff.browser.wait_for_text("Del 5 af 5")?;
    staff.browser.find_text("Svar på tre spørgsmål")?;
    staff.browser.click_text("Læs sammen")?;
    staff.wait_for_words(DURING)
}

/// The meeting itself, on a phone without a network: five parts, a point at a time, a pause, and one more agreement.
fn hold(young: &Young) -> Result<()> {
    const DURING: &str = "Jonas spørger lægen";
    young.goto("/moede/under")?;
    young.wait_for_heading("Vi starter")?;
    young.go_on_to("Sådan er det nu")?;
    young.go_on_to("Det har jeg brug for")?;
    young.browser.wait_for_text(POINT)?;
    young.browser.click_text("Pause")?;
    young.browser.wait_for_text("Nu holder vi pause.")?;
    young.browser.find("dialog[open] a[href='/svaert']")?;
    young.browser.click_text("Vi går videre")?;
    young.browser.wait_for_no_sheet()?;
    young.go_on_to("Det har vi aftalt")?;
    young.browser.wait_for_text(THEIRS)?;
    young.agree("/moede/under-4", [DURING, "", ""])?;
    young.go_on_to("Vi slutter")?;
    young.browser.click_text("Færdig")?;
    young.browser.wait_for_text(DURING).map(drop)
}

/// Without a network the young person says that it came to nothing; it is told when there is one.
fn say_what_came_of_it(world: &mut World, staff: &Staff, young: &Young) -> Result<()> {
    wait_for_worker(&young.browser)?;
    world.proxy.down();
    hold(young)?;
    young.browser.wait_for_text(THEIRS)?;
    young.say_outcome(THEIRS, "no")?;
    young.browser.wait_for_text("Din kontakt kan se det")?;
    young.reflect(["yes", "partly", "no"], HOW)?;
    young.goto("/moede/efter")?;
    let kept = "return ['heard', 'safe', 'informed'].map((name) => document.querySelector(`input[name=${name}]:checked`)?.value).join()";
    young.browser.wait_until("the answers again", &format!("{kept} === 'yes,partly,no'"))?;
    ensure!(!staff.browser.text()?.contains(HOW), "words have left without a network");
    world.proxy.up()?;
    young.notice_network()?;
    staff.browser.wait_for_text("Den unge siger, at det ikke blev til noget.")?;
    staff.wait_for_words(HOW)
}

fn tell_how_it_was(staff: &Staff, young: &Young) -> Result<()> {
    staff.browser.click_text("Svar på tre spørgsmål")?;
    staff.browser.click_text("Send")?;
    staff.browser.wait_for_text("Svar på alle tre.")?;
    staff.browser.click_text("Luk")?;
    staff.reflect(["partly"; 3])?;
    // Theirs to see, too.
    young.browser.wait_for_text("Sådan var det for de voksne")
}

/// What is prepared by taps, shown from Vigtigt om mig, and said of who came, from both sides.
pub fn beside(engine: Engine) -> Result<()> {
    const STATEMENT: &str = "Jeg er god til heste";
    const SEAT: &str = "Tæt på døren";
    let world = World::new(engine)?;
    let (staff, young) = sharing(&world, &world.server.origin(), &world.proxy.origin(), &[POINT])?;
    young.open_sheet("/om-mig/udsagn")?;
    young.write(STATEMENT)?;
    young.browser.click_text("Vis det på mødet")?;
    young.wait_for_saved()?;
    young.close_sheet()?;
    young.goto("/moede")?;
    young.browser.wait_for_text(STATEMENT)?;
    young.browser.click_text("Hvor vil du sidde?")?;
    young.browser.click_text(SEAT)?;
    young.browser.wait_until(
        "the example as an entry",
        &format!("return [...document.querySelectorAll('p.words.own')].some((it) => it.innerText.trim() === '{SEAT}')"),
    )?;
    young.goto("/moede/under")?;
    young.browser.click_css("input[name=came][value=relative]")?;
    young.goto("/moede/under-2")?;
    young.browser.wait_for_text(STATEMENT)?;

    staff.read()?;
    staff.browser.wait_for_text("Skrevet af den unge")?;
    staff.browser.click_text("Skriv, hvem der kom")?;
    staff.browser.click_css("dialog input[name=came][value=home]")?;
    staff.browser.click_text("Gem, hvem der kom")?;
    staff.browser.wait_for_no_sheet()?;
    // Whom the contact thinks of is on the list when the young person says so.
    staff.browser.click_text("Foreslå, hvem der skal med")?;
    staff.browser.click_css("dialog input[name=actor][value=school]")?;
    staff.browser.click_text("Send forslaget")?;
    staff.browser.wait_for_no_sheet()?;
    young.goto("/moede")?;
    young.browser.wait_for_text("Sara Holm, Bostedet Lindely foreslår, at du inviterer")?;
    young.browser.click_text("Inviter")?;
    young.browser.wait_until(
        "the school on the list",
        "return !document.querySelector('.proposal') && document.querySelector('.people')?.innerText.includes('skole')",
    )?;
    staff.browser.wait_for_text("Den unge har sagt ja tak.")?;
    // The yes is to the meeting, and what is shown at it is of another part.
    ensure!(!staff.browser.text()?.contains(STATEMENT), "a statement is read by who has no yes to it");

    young.goto("/moede/efter")?;
    young.browser.wait_for_text("Sara Holm, Bostedet Lindely")?;
    young.goto("/moede/referat")?;
    for text in ["Hvem kom?", "Familie", "Bostedet"] {
        young.browser.wait_for_text(text)?;
    }
    young.browser.close()?;
    staff.browser.close()
}

/// A meeting of another kind has points of its own; what was there stays.
fn hold_another(staff: &Staff, young: &Young) -> Result<()> {
    const WHY: &str = "Hvorfor er jeg her?";
    young.browser.click_text("Lav et møde mere")?;
    young.browser.click_text("Hurtigt møde")?;
    young
        .browser
        .wait_until("the quick meeting", "return document.querySelector('h1').innerText.trim() === 'Hurtigt møde'")?;
    ensure!(!young.browser.text()?.contains(POINT), "a meeting shows another's points");
    young.browser.click_text("Skriv et punkt")?;
    young.wait_for_sheet()?;
    young.write(WHY)?;
    young.wait_for_saved()?;
    young.close_sheet()?;
    young.browser.wait_for_text(WHY)?;
    staff.wait_for_words(WHY)?;
    young.goto("/moede")?;
    young.browser.wait_for_text(POINT)?;
    ensure!(!young.browser.text()?.contains(WHY), "the first meeting shows another's points");
    // Deleted, it is gone with its points, and undone it is there with them.
    young.browser.click_css("a.start[href^='/moede/']")?;
    young.browser.wait_for_text(WHY)?;
    young.browser.click_text("Slet det her møde")?;
    young.browser.wait_for_text(POINT)?;
    young.browser.wait_until("the meeting to go", "return !document.querySelector('a.start')")?;
    young.browser.click_text("Fortryd")?;
    young.browser.wait_until("the meeting again", "return document.querySelector('a.start')").map(drop)
}

/// What is changed while it is being sent is not taken for what was sent, and said again when it is asked for.
pub fn changed_while_sending(engine: Engine) -> Result<()> {
    const FIRST: &str = "Vi ringer i dag";
    const SECOND: &str = "Vi ringer i morgen";
    let world = World::new(engine)?;
    let (staff, young) = sharing(&world, &world.proxy.origin(), &world.server.origin(), &[POINT])?;
    young.goto("/moede/efter")?;
    staff.read()?;
    staff.wait_for_words(POINT)?;
    world.proxy.disturb("/api/v1/staff/young-people/", Network::Hangs);
    staff.browser.click_text("Skriv en aftale")?;
    let field = staff.browser.find("dialog textarea")?;
    staff.browser.type_into(&field, FIRST)?;
    staff.browser.click_text("Gem aftalen")?;
    staff.browser.clear(&field)?;
    staff.browser.type_into(&field, SECOND)?;
    staff.browser.click_text("Gem aftalen")?;
    world.proxy.calm();
    young.browser.wait_for_text(SECOND)?;
    staff.browser.wait_for_no_sheet()?;
    ensure!(!young.browser.text()?.contains(FIRST), "both are agreed");
    young.browser.close()?;
    staff.browser.close()
}
