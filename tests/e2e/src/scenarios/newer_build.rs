//! A newer build has written here: this one shows everything and changes nothing. What cannot be chosen is not shown as chosen.

use anyhow::{Result, ensure};
use plan::Record;
use serde_json::json;

use crate::driver::Engine;
use crate::world::World;
use crate::young::Young;

const REFUSED: &str = "Det her er skrevet i en nyere udgave af appen. Hent den, før du retter.";
/// As a build would write it that this one does not know.
const NEWER: &str = r#"{"v":2,"id":"0123456789abcdef-1","at":"5.0","by":"young","on":"about/section/navn","f":"text","p":[],"c":1,"val":{"kind":"ny"}}"#;

pub fn play(engine: Engine) -> Result<()> {
    let world = World::new(engine)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/moede/efter")?;
    choose(&young, "main", "input[name=heard][value=partly]")?;
    young.browser.wait_for_text("Fortryd")?;
    young.take_back(&[Record::parse(NEWER)?])?;
    for (refused, held) in [
        ("input[name=came][value=contact]", None),
        ("input[name=heard][value=yes]", Some("input[name=heard][value=partly]")),
        ("input[name=safe][value=no]", None),
    ] {
        young.goto("/moede/efter")?;
        choose(&young, "main", refused)?;
        young.browser.wait_for_text(REFUSED)?;
        ensure!(!is_chosen(&young, refused)?, "{refused} was refused and is shown as chosen");
        if let Some(held) = held {
            ensure!(is_chosen(&young, held)?, "{held} still holds and is not shown as chosen");
        }
    }
    // In a sheet it is said there: nothing behind it is read.
    young.goto("/moede/m_stemme")?;
    young.wait_for_sheet()?;
    choose(&young, "dialog", "input[value=self]")?;
    let said = format!("return document.querySelector('dialog').innerText.includes({})", json!(REFUSED));
    young.browser.wait_until("the reason in the sheet", &said)?;
    ensure!(!is_chosen(&young, "dialog input[value=self]")?, "a refused voice is shown as chosen");

    young.goto("/moede")?;
    young.browser.find("input[name=date]")?;
    let day = "const field = document.querySelector('input[name=date]');
        field.value = '2031-01-02';
        field.dispatchEvent(new Event('change', { bubbles: true }));";
    young.browser.execute(day, &[])?;
    young.browser.wait_for_text(REFUSED)?;
    let day = young.browser.execute("return document.querySelector('input[name=date]').value", &[])?;
    ensure!(day == "", "a refused day is shown as if it held: {day}");
    young.browser.close()
}

/// By a tap on what it is called, as one does.
fn choose(young: &Young, within: &str, css: &str) -> Result<()> {
    let label = format!("{within} label:has({css})");
    young.browser.find(&label)?;
    young.browser.click_css(&label)
}

fn is_chosen(young: &Young, css: &str) -> Result<bool> {
    Ok(young.browser.execute("return document.querySelector(arguments[0]).checked", &[json!(css)])? == true)
}
