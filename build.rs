//! Turns `locales/da.json` into constants, so that a missing text is a compile error and an unused one costs nothing.

use std::fmt::Write as _;
use std::{env, fs, path::Path};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=locales/da.json");
    let texts: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&fs::read_to_string("locales/da.json")?)?;
    let mut code = String::new();
    for (key, text) in &texts {
        let text = text.as_str().ok_or_else(|| format!("{key} is not a text"))?;
        let name = key.to_uppercase().replace(['.', '-'], "_");
        writeln!(code, "#[doc = {text:?}]\npub const {name}: &str = {text:?};")?;
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("texts.rs"), code)?;
    Ok(())
}
