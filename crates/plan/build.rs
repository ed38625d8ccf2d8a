//! Turns the template content into constants, so that the app neither parses nor allocates it.

use serde_json::Value;
use std::fmt::Write as _;
use std::{env, fs, path::Path};

type Failure = Box<dyn std::error::Error>;

/// What does not differ between languages stands in the first.
const LANGUAGES: [&str; 2] = ["da", "en"];
const NAMES: [&str; 2] = ["DANISH", "ENGLISH"];

fn main() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed=content");
    let [danish, english] = LANGUAGES.map(read);
    let contents = [danish?, english?];
    let sections = contents.iter().map(sections).collect::<Result<Vec<_>, _>>()?;
    if sections.iter().any(|other| other.len() != sections[0].len()) {
        return Err("a language has other sections than Danish".into());
    }
    let count = sections[0].len();
    let mut code = format!("/// Every section of the template.\npub const SECTIONS: [Template; {count}] = [\n");
    for (at, (part, section)) in sections[0].iter().enumerate() {
        writeln!(code, "    Template {{ id: {:?}, part: Part::{part}, at: {at} }},", text(section, "id")?)?;
    }
    code.push_str("];\n");
    for (name, (content, sections_of_it)) in NAMES.iter().zip(contents.iter().zip(&sections)) {
        writeln!(code, "pub static {name}: Content = Content {{")?;
        writeln!(code, "    untitled: {:?},\n    sections: [", text(content, "uden_navn")?)?;
        for ((_, first), (_, section)) in sections[0].iter().zip(sections_of_it) {
            code.push_str(&words(first, section)?);
        }
        code.push_str("    ],\n};\n");
    }
    writeln!(code, "const COUNT: usize = {count};")?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("template.rs"), code)?;
    Ok(())
}

/// The words of a section in one language; it has to be the same section as in Danish.
fn words(danish: &Value, section: &Value) -> Result<String, Failure> {
    let id = text(danish, "id")?;
    if text(section, "id")? != id {
        return Err(format!("{id} is missing in a language, or in another place").into());
    }
    let examples = section["examples"].as_array().map(Vec::as_slice).unwrap_or_default();
    if examples.len() != danish["examples"].as_array().map_or(0, Vec::len) {
        return Err(format!("{id} has other examples in another language").into());
    }
    let examples: Vec<&str> = examples.iter().filter_map(Value::as_str).collect();
    let (title, help) = (text(section, "title")?, text(section, "help")?);
    Ok(format!("        Words {{ title: {title:?}, help: {help:?}, examples: &{examples:?} }},\n"))
}

fn read(language: &str) -> Result<Value, Failure> {
    Ok(serde_json::from_str(&fs::read_to_string(format!("content/template.{language}.json"))?)?)
}

/// Every section with the part it is in, in the order in which they are shown.
fn sections(content: &Value) -> Result<Vec<(&'static str, &Value)>, Failure> {
    let mut sections = Vec::new();
    sections.extend(list(&content["vigtigt_om_mig"])?.iter().map(|section| ("AboutMe", section)));
    for section in list(&content["min_plan"])? {
        let part = match section["zone"].as_str() {
            Some("green") => "PlanGreen",
            Some("yellow") => "PlanYellow",
            Some("red") => "PlanRed",
            Some("after") => "PlanAfter",
            _ => return Err(format!("{section} of the plan has no zone").into()),
        };
        sections.push((part, section));
    }
    for list_of_meeting in ["foer", "aftaler"] {
        sections.extend(list(&content["mit_moede"][list_of_meeting])?.iter().map(|section| ("Meeting", section)));
    }
    Ok(sections)
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str, Failure> {
    value[name].as_str().ok_or_else(|| format!("the template has no {name} somewhere").into())
}

fn list(value: &Value) -> Result<&Vec<Value>, Failure> {
    value.as_array().ok_or_else(|| "the template lacks a list of sections".into())
}
