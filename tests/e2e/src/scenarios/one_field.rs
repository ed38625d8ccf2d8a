//! Two write in the same words of the same entry. Whoever has not seen what the other wrote does not replace it: both are
//! there as two versions. Whoever has seen it does, and there is one.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::client;
use crate::driver::Engine;
use crate::proxy::Network;
use crate::webdriver::Element;
use crate::world::World;
use crate::young::{ENTRIES, Young};

const SECTION: &str = "/plan/r_nu";
const BEFORE: &str = "Koldt vand";
/// What one has handed on and goes on from, without leaving the field.
const HALF: &str = "Koldt vand på";
/// As far as one is when the other's words come in.
const FURTHER: &str = "Koldt vand på hæn";
const WHOLE: &str = "Koldt vand på hænderne";
const OTHER: &str = "Varmt vand i ansigtet";
/// Written after the other's words. Where this is seen, those have come in too.
const BESIDE: &str = "Ring til Mormor";

const REPLACED: &str = "words were replaced by somebody who never saw them";

/// Two tabs: while one is typing, the other writes in the same field and leaves it.
pub fn two_tabs(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto(SECTION)?;
    young.wait_for_sheet()?;
    young.write(BEFORE)?;
    young.wait_for_saved()?;
    let field = begin_to_type(&young)?;
    let listen = format!("{TYPE} {ENTRIES} {TYPE_ON_DEMAND}");
    young.browser.execute(&listen, &[field.to_json(), json!(FURTHER), json!(WHOLE), json!(BESIDE)])?;

    let first = young.browser.open_tab()?;
    young.goto(SECTION)?;
    young.wait_for_entry(HALF)?;
    let field = young.find_entry(HALF)?;
    young.browser.click(&field)?;
    let composer = young.browser.find("dialog .composer textarea")?;
    let args = [field.to_json(), json!(OTHER), composer.to_json(), json!(BESIDE)];
    let written = young.browser.execute_async(&format!("{TYPE} {WRITE_MEANWHILE}"), &args)?;
    ensure!(written == true, "the two tabs did not write: {written}");
    let second = young.browser.this_tab()?;
    young.browser.switch_to(&first)?;
    young.leave_field()?;
    wait_for_versions(&young).context("in the tab that was typed in")?;
    young.browser.switch_to(&second)?;
    wait_for_versions(&young).context("in the tab that wrote meanwhile")?;

    for tab in [&first, &second] {
        young.browser.switch_to(tab)?;
        young.wait_for_saved()?;
        young.browser.reload()?;
        young.wait_for_sheet()?;
        wait_for_versions(&young).context("after a reload")?;
    }
    young.browser.close()
}

/// Two tabs, one after the other: the second has seen what the first wrote, and writes over it.
pub fn in_turn(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto(SECTION)?;
    young.wait_for_sheet()?;
    young.write(BEFORE)?;
    young.wait_for_saved()?;
    let first = young.browser.open_tab()?;
    young.goto(SECTION)?;
    young.wait_for_entry(BEFORE)?;
    let second = young.browser.this_tab()?;

    young.browser.switch_to(&first)?;
    young.edit(BEFORE, WHOLE)?;
    young.browser.switch_to(&second)?;
    young.wait_for_entry(WHOLE)?;
    young.edit(WHOLE, OTHER)?;
    young.wait_for_saved()?;
    for tab in [&first, &second] {
        young.browser.switch_to(tab)?;
        for _ in 0..2 {
            young.wait_for_entries(&[OTHER])?;
            let versions = versions(&young)?;
            ensure!(versions.is_empty(), "two versions of what was written one after the other: {versions:?}");
            young.browser.reload()?;
            young.wait_for_sheet()?;
        }
    }
    young.browser.close()
}

/// Two phones with a network: while one is typing, what the other has written in the same field comes in.
pub fn two_phones(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let mut sara = client::contact(&world.server)?;
    let first = Young::new(world.open()?, &world.proxy.origin());
    first.browser.resize(420, 900)?;
    first.goto("/plan")?;
    first.write_all(SECTION, &[BEFORE])?;
    first.say_yes(&sara.invite("Bo")?, &["red"])?;
    // Past the proxy, so that what comes in at the first phone can be held up alone.
    let second = first.add_phone_at(&world, &world.server.origin())?;
    for young in [&first, &second] {
        young.goto(SECTION)?;
        young.wait_for_sheet()?;
        young.wait_for_entry(BEFORE)?;
    }

    let field = begin_to_type(&first)?;
    second.wait_for_entry(HALF)?;
    world.proxy.disturb("/api/v1/sync", Network::Hangs);
    second.edit(HALF, OTHER)?;
    second.write(BESIDE)?;
    sara.wait_for_words(BESIDE)?;

    type_more(&first, &field, FURTHER)?;
    world.proxy.calm();
    first.notice_network()?;
    let typing = format!(
        "{TYPE} const field = document.activeElement;
         const more = {};
         if (field.value.startsWith(more)) type(field, field.value === more ? more + 'd' : more);
         {ENTRIES} return entries().includes({})",
        json!(FURTHER),
        json!(BESIDE)
    );
    first.browser.wait_until("what the other phone wrote, while typing", &typing)?;
    type_more(&first, &field, WHOLE)?;
    first.leave_field()?;
    for (young, which) in [(&first, "first"), (&second, "second")] {
        wait_for_versions(young).with_context(|| format!("on the {which} phone"))?;
        young.wait_for_saved()?;
        young.browser.reload()?;
        young.wait_for_sheet()?;
        wait_for_versions(young).with_context(|| format!("on the {which} phone, after a reload"))?;
    }
    second.browser.close()?;
    first.browser.close()
}

/// Writes half of it where [`BEFORE`] stands, and stays in the field until that has been handed on.
fn begin_to_type(young: &Young) -> Result<Element> {
    let field = young.find_entry(BEFORE)?;
    young.browser.click(&field)?;
    type_more(young, &field, HALF)?;
    young.wait_for_saved()?;
    Ok(field)
}

/// What stands in the field is longer now, and the field is not left.
fn type_more(young: &Young, field: &Element, text: &str) -> Result<()> {
    let script = format!("{TYPE} type(arguments[0], arguments[1])");
    young.browser.execute(&script, &[field.to_json(), json!(text)]).map(drop)
}

fn versions(young: &Young) -> Result<Vec<String>> {
    let script = format!("{VERSIONS} return versions()");
    Ok(serde_json::from_value(young.browser.execute(&script, &[])?)?)
}

/// Both texts are there as two versions, and no third.
fn wait_for_versions(young: &Young) -> Result<()> {
    let mut both = [WHOLE, OTHER];
    both.sort_unstable();
    let same = format!("{VERSIONS} return JSON.stringify(versions()) === JSON.stringify({})", json!(both));
    let what = format!("the two versions {both:?}");
    young.browser.wait_until(&what, &same).map(drop).with_context(|| {
        let found = versions(young).unwrap_or_default();
        format!(
            "{REPLACED}: there are the versions {found:?}, and the entries {:?}",
            young.entries().unwrap_or_default()
        )
    })
}

const VERSIONS: &str = "const versions = () => [...document.querySelectorAll('dialog .versions .own')]
    .map((version) => version.innerText.trim()).sort();";
const TYPE: &str = "const type = (field, text) => {
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  };";

/// In the tab that is typed in: begins when it is told to, and types on when what the other tab has written is there.
const TYPE_ON_DEMAND: &str = "const [field, further, whole, beside] = arguments;
  const hand = new BroadcastChannel('test');
  const look = () => {
    if (!entries().includes(beside)) return setTimeout(look, 10);
    type(field, whole);
    hand.postMessage('typed');
  };
  hand.onmessage = ({ data }) => {
    if (data !== 'begin') return;
    type(field, further);
    hand.postMessage('typing');
    look();
  };";

/// In the other tab: has the first one type, and writes before that has been handed on.
const WRITE_MEANWHILE: &str = "const [field, words, composer, beside, done] = arguments;
  const hand = new BroadcastChannel('test');
  hand.onmessage = ({ data }) => {
    if (data === 'typed') return done(true);
    for (const [area, text] of [[field, words], [composer, beside]]) {
      area.focus();
      type(area, text);
      area.blur();
    }
  };
  hand.postMessage('begin');";
