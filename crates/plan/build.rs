//! Turns the template content into constants, so that the app neither parses nor allocates it.

use serde_json::Value;
use std::fmt::Write as _;
use std::{env, fs, path::Path};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed=content/template.da.json");
    let content: Value = serde_json::from_str(&fs::read_to_string("content/template.da.json")?)?;
    let mut sections: Vec<(&str, &Value)> = Vec::new();
    sections.extend(list(&content["vigtigt_om_mig"])?.iter().map(|section| ("AboutMe", section)));
    for section in list(&content["min_plan"])? {
        let part = match section["zone"].as_str() {
            Some("green") => "PlanGreen",
            Some("yellow") => "PlanYellow",
            Some("red") => "PlanRed",
            Some("after") => "PlanAfter",
            _ => return Err("a section of the plan has no zone".into()),
        };
        sections.push((part, section));
    }
    sections.extend(list(&content["mit_moede"]["foer"])?.iter().map(|section| ("Meeting", section)));

    let mut code =
        format!("/// Every section of the template.\npub const SECTIONS: [Template; {}] = [\n", sections.len());
    for (part, section) in sections {
        let text = |name: &str| section[name].as_str().ok_or_else(|| format!("a section has no {name}"));
        let examples: Vec<&str> = section["examples"]
            .as_array()
            .map(|all| all.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        writeln!(
            code,
            "    Template {{ id: {:?}, part: Part::{part}, title: {:?}, help: {:?}, examples: &{examples:?} }},",
            text("id")?,
            text("title")?,
            text("help")?,
        )?;
    }
    code.push_str("];\n");
    let untitled =
        content["uden_navn"].as_str().ok_or("the template does not say what a section without a name is called")?;
    writeln!(
        code,
        "/// What a section is called that has no name of its own.\npub const UNTITLED: &str = {untitled:?};"
    )?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("template.rs"), code)?;
    Ok(())
}

fn list(value: &Value) -> Result<&Vec<Value>, Failure> {
    value.as_array().ok_or_else(|| "the template lacks a list of sections".into())
}
