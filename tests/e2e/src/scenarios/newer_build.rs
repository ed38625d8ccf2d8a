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
    choose(&young, "input[name=heard][value=partly]")?;
    young.browser.wait_for_text("Fortryd")?;
    young.take_back(&[Record::parse(NEWER)?])?;
    for (refused, held) in [
        ("input[name=came][value=contact]", None),
        ("input[name=heard][value=yes]", Some("input[name=heard][value=partly]")),
        ("input[name=safe][value=no]", None),
    ] {
        young.goto("/moede/efter")?;
        choose(&young, refused)?;
        young.browser.wait_for_text(REFUSED)?;
        ensure!(!is_chosen(&young, refused)?, "{refused} was refused and is shown as chosen");
        if let Some(held) = held {
            ensure!(is_chosen(&young, held)?, "{held} still holds and is not shown as chosen");
        }
    }
    young.browser.close()
}

/// By a tap on what it is called, as one does.
fn choose(young: &Young, css: &str) -> Result<()> {
    young.browser.find(css)?;
    young.browser.click_css(&format!("label:has({css})"))
}

fn is_chosen(young: &Young, css: &str) -> Result<bool> {
    Ok(young.browser.execute("return document.querySelector(arguments[0]).checked", &[json!(css)])? == true)
}
