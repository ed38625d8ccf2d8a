//! The whole of it in one story: a young person prepares their meeting, holds it and says what came of it, with their contact, a
//! guest, and a network that comes and goes; and says no.

mod after;
mod before;
mod during;

use anyhow::Result;

use super::both::sharing_of;
use crate::client;
use crate::driver::Engine;
use crate::guests::Guest;
use crate::proxy::Proxy;
use crate::world::World;

const CONTACT: &str = "Sara Holm, Bostedet Lindely";
/// A section of the plan, what stays in it, and what is taken to the meeting from it.
const SECTION: &str = "/plan/r_nu";
const STAYS: &str = "Koldt vand på hænderne";
const POINTS: [&str; 5] =
    ["At nogen sidder hos mig", "Jeg vil hjem i weekenden", "Min medicin", "Lommepenge", "En anden skole"];
const WHY: &str = "Alle skal vide, hvad jeg selv vil";
const PLACE: &str = "Det gule rum";
/// What the contact says to each point, and why.
const ANSWERS: [(&str, &str); 5] = [
    ("yes", "Om aftenen er der altid en af os."),
    ("later", "Vi spørger din mor på onsdag."),
    ("no", "Kun lægen må ændre den."),
    ("yes", "Du får dem hver fredag."),
    ("later", "Skolen svarer efter jul."),
];
/// What is agreed, who does it, and by when: the first by the young person, the others by the contact.
const AGREED: [[&str; 3]; 3] = [
    ["Jeg ringer til mor", "Mig", "2030-12-08"],
    ["Vi ringer til din skole", "Sara", "2030-12-20"],
    ["Vi spørger lægen", "Jonas", "2030-12-13"],
];
const HOW: &str = "Jeg fik sagt det hele";

pub fn play(engine: Engine) -> Result<()> {
    let mut world = World::new(engine)?;
    // The contact has a network of their own, and a host: whoever sits beside them in the same browser has no account.
    let desk = Proxy::start(world.server.port())?;
    let at_staff = desk.origin().replace("127.0.0.1", "localhost");
    let shared = (&["red", "meeting", "messages"][..], SECTION, &[STAYS, POINTS[0]][..]);
    let (staff, young) = sharing_of(&world, &at_staff, &world.proxy.origin(), shared)?;
    let guest = Guest::open(&staff.browser)?;
    let mut contact = client::contact(&world.server)?;

    before::prepare(&mut world, &young)?;
    let code = before::read(&mut world, &staff, &young, &guest)?;
    before::settle_on_a_day(&staff, &young)?;
    during::hold(&mut world, &staff, &young, &mut contact)?;
    after::tell_how_it_was(&staff, &young, &guest, &code)?;
    after::take_minutes(&young)?;
    after::tell_that_it_came_to_nothing(&mut world, &staff, &young)?;
    after::suggest(&staff, &young)?;
    after::say_no(&world, &desk, &staff, &young, &mut contact)?;
    young.browser.close()?;
    staff.browser.close()
}
